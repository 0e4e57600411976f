"""On whose row numbers and letters stand, seen from Google's side."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scene import sheet_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from office import Office
    from people import People

_NUMBER, _STATUS, _LINK = "Nomor Surat", "Status", "Surat"
_SIGNED = {"Siap Diambil", "Selesai"}
_ALIVE = {"Siap Ditandatangani", *_SIGNED}
_VOID = "Dibatalkan"


class Sightings:
    """
    Remembers what stood on whose row, and tells in the end what should not have.

    by_position: final texts are written by position: only after a good run may one look
    """

    def __init__(self, office: Office, people: People, *, by_position: bool = False) -> None:
        self._office, self._people, self._by_position = office, people, by_position
        self.broken: list[str] = []
        self.seen: dict[str, set[str]] = defaultdict(set)  #: number to whose rows it stood on
        self._links: dict[str, set[str]] = defaultdict(set)  #: letter to whose rows it stood on
        self._status: dict[str, str] = {}  #: number to what is shown beside it
        self._void: set[str] = set()  #: numbers that were ever shown as withdrawn

    def look(self) -> None:
        """Note on whose row each number stands; where writing goes by position, after each run."""
        header = sheet_of(self._office).rows[0]
        columns = {title: at for at, title in enumerate(header.cells)}
        at, status_at = columns.get(_NUMBER), columns.get(_STATUS)
        if at is None or status_at is None:
            return
        for owner, line in self._people.rows():
            self._look_for_link(owner, line.value(columns.get(_LINK, at)))
            number = line.value(at)
            if not isinstance(number, str) or not number.startswith("500.3/"):
                continue
            if (number, owner) in self._people.typed or owner in self._people.copied:
                continue  # staff put it there
            status = str(line.value(status_at))
            if not self._by_position and (status, owner) not in self._people.typed:
                self._note(number, status)
            self.seen[number].add(owner)

    def _look_for_link(self, owner: str, link: object) -> None:
        is_ours = isinstance(link, str) and (link.endswith(".docx") or link.startswith("https:"))
        if is_ours and (link, owner) not in self._people.typed and owner not in self._people.copied:
            self._links[str(link)].add(owner)

    def _note(self, number: str, status: str) -> None:
        if number not in self.seen and status in _SIGNED:
            self.broken.append(f"{number} counts as signed before anybody could print it")
        if status == _VOID:
            self._void.add(number)
        self._status[number] = status

    def in_the_end(self) -> Iterator[str]:
        """Tell the void numbers that live, those on two people's rows, and who had two."""
        yield from self.broken
        self._status.clear()
        self.look()
        for number in sorted(self._void & self._status.keys()):
            if self._status[number] in _ALIVE:
                yield f"{number} was withdrawn, and is {self._status[number]!r} again"
        for link, owners in sorted(self._links.items()):
            if len(owners) > 1:
                yield f"I6: the letter {link} stood on the rows of {sorted(owners)}"
        numbers: dict[str, set[str]] = defaultdict(set)
        for number, owners in sorted(self.seen.items()):
            if len(owners) > 1:
                yield f"I6: {number} stood on the rows of {sorted(owners)}"
            for owner in owners:
                numbers[owner].add(number)
        for owner, found in sorted(numbers.items()):
            if owner and len(found) > 1 + self._people.more_requests(owner):
                yield f"I1: {owner} had the numbers {sorted(found)}"
