"""What was asked, what was really applied, and whether the caller was told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sync.sandbox.reply import Json


@dataclass(slots=True, kw_only=True)
class Entry:
    """
    One call.

    method:  discovery id, or `token`
    status:  what went over the wire, None where nothing did
    applied: the call did what it asked for (a read: it was answered)
    told:    a whole and true answer went out
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
