"""The only reader of wall time; everything else is given a `Clock`."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

MOST_SKEW = timedelta(minutes=5)  #: that our clock and Google's may differ


class Clock(Protocol):
    """Tells the time, and waits."""

    def now(self) -> datetime:
        """Return this moment, aware."""
        ...

    def monotonic(self) -> float:
        """Return seconds from any start; never goes back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Return this moment in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the system's monotonic seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        time.sleep(seconds)
