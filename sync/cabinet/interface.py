"""Where finished letters are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLetter:
    """A letter that lies in the cabinet."""

    name: str  #: as given to `store`
    location: str  #: as `store` returned it
    sha256: str  #: of its content, hexadecimal
    file_id: str = ""  #: Drive's id for it


class Cabinet(Protocol):
    """A place that keeps each file once under its name."""

    def create(self) -> None:
        """Make the place ready at the first setup; raises `CabinetError` where it cannot be."""
        ...

    def check(self) -> None:
        """Raise `CabinetError` when a letter could not be stored now; leaves nothing behind."""
        ...

    def tidy(self) -> None:
        """Take away what runs that were killed left half done; raises `CabinetError`."""
        ...

    def probe(self) -> None:
        """Store something and take it away again, for `check`; raises `CabinetError`."""
        ...

    def new_ids(self, count: int) -> Sequence[str]:
        """
        Return ids for new files, to be written down before `store` uses them.

        "" where files need none. Raises `SyncError` when none can be had.
        """
        ...

    def store(self, name: str, content: bytes, file_id: str) -> str:
        """
        Keep *content* under *name* and return its location, as shown to staff.

        name:    a relative path with `/`, of numbers, ids and revisions only
        file_id: one of `new_ids`, each for one name

        The same bytes already there are success; other bytes there, or a failure, raise
        `CabinetError`; Google's refusals and silences raise their own errors.
        """
        ...

    def keep_copy(self, name: str, content: bytes, file_id: str) -> str:
        """
        Keep a copy of a letter in another format, as `store` keeps a letter.

        Made twice it has other bytes, and is as good: one that is there already stays.
        """
        ...

    def is_gone(self, location: str) -> bool:
        """
        Tell whether a stored letter is known to be there no more.

        False also where looking would cost a request to Google.
        """
        ...

    def where(self, location: str) -> str:
        """Return the absolute path or link of a stored *location*."""
        ...

    def stored(self) -> Sequence[StoredLetter]:
        """Return every letter that lies here; a lost ledger is rebuilt from them."""
        ...

    def content(self, letter: StoredLetter) -> bytes:
        """Return a stored letter's bytes; raises `CabinetError` when it cannot be read."""
        ...
