"""What went over the wire: how many requests of each kind, and what Google's clock says."""

from __future__ import annotations

import threading
from collections import Counter
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from sync.clock import Clock

_READING_POSTS = (":getByDataFilter", ":batchGetByDataFilter", "/developerMetadata:search")
_COUNTED = ("sheets_read", "sheets_write", "drive", "forms", "token")


class Traffic:
    """Counts requests, and compares Google's clock with ours; for several threads."""

    def __init__(self, clock: Clock) -> None:
        self.clock_skew: timedelta | None = None  #: how far Google is ahead of us
        self._clock = clock
        self._sent: Counter[str] = Counter()
        self._lock = threading.Lock()

    def sent(self, kind: str) -> None:
        """Count a request."""
        with self._lock:
            self._sent[kind] += 1

    def answered(self, headers: Mapping[str, str]) -> None:
        """Take an answer's `Date`."""
        try:
            theirs = parsedate_to_datetime(headers["Date"])
            self.clock_skew = theirs - self._clock.now()
        except (KeyError, ValueError, TypeError):
            return  # a proxy's answer may have no date, or one without a zone

    def calls(self) -> Mapping[str, int]:
        """Return the counts, zeros too."""
        with self._lock:
            return {kind: self._sent[kind] for kind in _COUNTED}


def kind_of(method: str, url: str) -> str:
    """Return what a request counts as in `google_calls`."""
    path = urlsplit(url).path
    if path.startswith("/v1/forms"):
        return "forms"
    if not path.startswith("/v4/"):
        return "drive"
    reads = method == "GET" or path.endswith(_READING_POSTS)
    return "sheets_read" if reads else "sheets_write"
