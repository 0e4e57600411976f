"""Where finished letters are kept."""

from __future__ import annotations

from typing import Protocol


class Cabinet(Protocol):
    """A place that keeps each file once under its name."""

    def check(self) -> None:
        """Raise `CabinetError` when a letter could not be stored now; leaves nothing behind."""
        ...

    def store(self, name: str, content: bytes) -> str:
        """
        Keep *content* under *name* and return its location, as shown to staff.

        name: a relative path with `/`, of numbers, ids and revisions only. The same bytes
        already there are success; other bytes there, or a failure, raise `CabinetError`.
        """
        ...

    def where(self, location: str) -> str:
        """Return the absolute path or link of a stored *location*."""
        ...
