"""What must be true at every moment, seen from Google's side: each call, and the sheet after it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from house import VERIFY
from office import CLAIM, OUR_HEADERS, READ, SWAP
from sightings import Sightings

from sync.keys import is_submission_id
from sync.text import TOKEN_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from effects import Gate
    from house import House
    from people import People

_FIRST_CHARACTERS = ("=", "+", "-", "@")
_PLACE = re.compile(r"!([A-Z]+)(\d+):([A-Z]+)\2$")


class Watch(Sightings):
    """Observes a house's Google during a schedule, and keeps what is wrong."""

    def __init__(self, house: House, people: People, gate: Gate) -> None:
        super().__init__(house, people, by_position=house.name == VERIFY)
        self._gate = gate
        self._marks: set[str] = set()  #: that a claim has brought
        self._columns: dict[int, set[int]] = {}  #: ours, as each worker last read them

    def __call__(
        self,
        method: str,
        body: Any,
        query: Mapping[str, Any],
        status: int,
        answer: Any,
    ) -> None:
        """Look at one call of the worker, and at the sheet after it."""
        del query
        if status == 200 and method == READ:
            self._remember_columns(answer)
        elif method == CLAIM:
            self.broken += self._wrong_claim(body)
        elif method == SWAP:
            self.broken += self._wrong_batch(body)
        if not self._by_position:
            self.look()

    def _remember_columns(self, answer: Any) -> None:
        for matched in answer.get("valueRanges", ()):
            wanted = matched["dataFilters"][0]["gridRange"].get("sheetId", 0)
            rows = matched["valueRange"].get("values", [[]])
            if wanted == self._office.sandbox.sheet_id:
                ours = {at for at, title in enumerate(rows[0]) if title in OUR_HEADERS}
                self._columns[id(self._gate.worker)] = ours

    @property
    def _ours(self) -> set[int]:
        return self._columns.get(id(self._gate.worker), set())

    def _wrong_claim(self, body: Any) -> Iterator[str]:
        if body.get("valueInputOption") != "RAW":
            yield f"I13: values are written {body.get('valueInputOption')}"
        for area in body["data"]:
            place = _PLACE.search(area["range"])
            if place is None:
                yield f"I7: {area['range']} is written"
                continue
            for row in area["values"]:
                for column, text in enumerate(row, _index(place[1])):
                    if text is not None and column not in self._ours:
                        yield f"I7: column {column} is written"
                    if text is not None and _is_odd(text):
                        yield f"I13: {text!r} is written"
                    if text in self._marks:
                        yield f"the mark {text!r} is sent a second time"
                    elif text is not None and text.startswith(TOKEN_PREFIX):
                        self._marks.add(text)

    def _wrong_batch(self, body: Any) -> Iterator[str]:
        for request in body["requests"]:
            ((kind, details),) = request.items()
            if kind == "findReplace":
                yield from self._wrong_replacement(details)
            elif kind == "updateCells":
                yield from self._wrong_cells(details)

    def _wrong_replacement(self, details: Any) -> Iterator[str]:
        place = details.get("range", {})
        columns = range(place.get("startColumnIndex", 0), place.get("endColumnIndex", 99))
        if not (details.get("matchEntireCell") and details.get("matchCase")) or len(columns) != 1:
            yield f"I7: a replacement may hit other cells: {details}"
        is_ours = set(columns) <= self._ours
        is_mark = details["find"].startswith(TOKEN_PREFIX) or is_submission_id(details["find"])
        if not is_ours and not is_mark:
            yield f"I7: {details['find']!r} is replaced in people's column {columns.start}"
        if is_ours and _is_odd(details.get("replacement", "")):
            yield f"I13: {details['replacement']!r} is written"

    def _wrong_cells(self, details: Any) -> Iterator[str]:
        place = details.get("range") or details.get("start") or {}
        in_answers = place.get("sheetId", 0) == self._office.sandbox.sheet_id
        for row in details.get("rows", ()):
            for column, cell in enumerate(
                row.get("values", ()),
                place.get("columnIndex", place.get("startColumnIndex", 0)),
            ):
                value = cell.get("userEnteredValue", {})
                if set(value) - {"stringValue"}:
                    yield f"I13: {value} is written"
                if in_answers and column not in self._ours:
                    yield f"I7: column {column} is written"


def _is_odd(text: str) -> bool:
    return text.startswith(_FIRST_CHARACTERS)


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
