"""Google's per-minute quotas of the Sheets API."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sync.sandbox.faults import rate_limited

if TYPE_CHECKING:
    from datetime import datetime

_PER_USER = 60
_PER_PROJECT = 300


class Quota:
    """Counts reads and writes in windows of one minute, by caller and for the project."""

    def __init__(self) -> None:
        self._minute = 0
        self._used: Counter[tuple[str, bool]] = Counter()

    def spend(self, email: str, *, write: bool, now: datetime) -> None:
        """Count one call; raises `Refused` (429) when the window is used up."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self._used.clear()
        if self._used[email, write] >= _PER_USER:
            raise rate_limited(write=write)
        if self._used["", write] >= _PER_PROJECT:
            raise rate_limited(write=write, scope="project")
        self._used[email, write] += 1
        self._used["", write] += 1
