"""What was asked, what was really applied, and whether the caller was told."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sync.sandbox.reply import Json

_MOST_CALLS = 100_000
_MOST_BYTES = 64_000_000


@dataclass(slots=True, kw_only=True)
class Entry:
    """
    One call.

    method:  discovery id, or `token`
    status:  what went over the wire, None where nothing did
    applied: the call did what it asked for (a read: it was answered)
    told:    a whole and true answer went out
    body:    as it was sent; None without one, and when it was let go, see `History`
    """

    at: datetime
    method: str
    principal: str | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Json | None = None
    status: int | None = None
    applied: bool = False
    told: bool = False

    def json(self) -> Json:
        """Return the line of `GET /_sandbox/history`."""
        return {
            "at": self.at.isoformat(),
            "principal": self.principal,
            "method": self.method,
            "status": self.status,
            "applied": self.applied,
            "told": self.told,
            "body": self.body,
            "path": dict(self.path),
            "query": dict(self.query),
        }


class History:
    """
    The calls so far, bounded, so that a sandbox may run for months.

    most_calls: the oldest lines beyond it go
    most_bytes: of request bodies; beyond it the oldest become None
    """

    def __init__(self, most_calls: int = _MOST_CALLS, most_bytes: int = _MOST_BYTES) -> None:
        self._most_calls, self._most_bytes = most_calls, most_bytes
        self._calls: deque[tuple[Entry, int]] = deque()
        self._with_body: deque[tuple[Entry, int]] = deque()
        self._bytes = 0

    def __iter__(self) -> Iterator[Entry]:
        """Yield the calls, the oldest first."""
        return (entry for entry, _ in self._calls)

    def add(self, entry: Entry, size: int = 0) -> None:
        """Keep a call; *size* is that of its body as it was sent."""
        call = (entry, size)
        self._calls.append(call)
        self._with_body.append(call)
        self._bytes += size
        if len(self._calls) > self._most_calls:
            oldest = self._calls.popleft()
            if self._with_body[0] is oldest:
                self._let_go()
        while self._bytes > self._most_bytes and len(self._with_body) > 1:
            self._let_go()

    def clear(self) -> None:
        """Forget every call."""
        self._calls.clear()
        self._with_body.clear()
        self._bytes = 0

    def _let_go(self) -> None:
        entry, size = self._with_body.popleft()
        entry.body = None
        self._bytes -= size
