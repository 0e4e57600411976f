"""
Answers that came to lie under our marks, and how to give them back.

When a column moves in the moment between reading and claiming, marks land on what people
typed. What stood there is found again by the rest of its row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sync.google.interface import Grid
from sync.identity import cell_text
from sync.layout import fold_header
from sync.model import WORKER_COLUMNS, Column

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sync.model import Cell, Service

    Line = Sequence[Cell]
    Columns = Mapping[tuple[str, int], int]  #: header and which of its kind, to the column

_MOST_EDITS = 2  #: cells of a row without time and ticket that may have changed meanwhile


@dataclass(frozen=True, slots=True)
class Spelling:
    """A person's cell as text, to be read as if typed, or to be taken as it is."""

    typed: str
    literal: str


@dataclass(frozen=True, slots=True)
class ClaimedTab:
    """The rows of a tab that a claim was about to write to, as they were read."""

    marks: Mapping[str, int]  #: each text of the claim, to the row that it was meant for
    before: Grid

    def as_json(self) -> dict[str, object]:
        """Return what is kept of it: the header and the claimed rows."""
        numbers = sorted({1, *self.marks.values()})
        rows = [[number, list(self.before.rows[number - 1])] for number in numbers]
        return {"gid": self.before.gid, "marks": dict(self.marks), "rows": rows}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ClaimedTab:
        """Return what `as_json` gave; rows that were not kept are empty."""
        rows: dict[int, Line] = {number: tuple(cells) for number, cells in kept["rows"]}
        lines = tuple(tuple(rows.get(number, ())) for number in range(1, max(rows) + 1))
        grid = Grid(gid=kept["gid"], title="", row_count=len(lines), rows=lines)
        return cls(kept["marks"], grid)


def covered_answers(claimed: ClaimedTab, now: Grid, service: Service) -> dict[str, Cell]:
    """Return what stood in people's cells where marks of *claimed* stand now, by mark."""
    marks, before = claimed.marks, claimed.before
    old, new = _people(before, service), _people(now, service)
    keys = {fold_header(title) for title in service.timestamp}
    times = {key for key in old if key[0] in keys}
    origins = _Origins(before.rows, old, times, _ticket_column(before, service))
    ticket_at = _ticket_column(now, service)
    found: dict[str, Cell] = {}
    for line in now.rows[1:]:
        under = {key: text for key, text in _texts(line, new) if text in marks}
        if under:
            rest = {key: _at(line, at) for key, at in new.items() if key not in under}
            meant = marks[next(iter(under.values()))]
            origin = origins.of(rest, meant, _at(line, ticket_at))
            answers = {text: _at(origin, old.get(key, -1)) for key, text in under.items()}
            # A copy that staff made another person's has no origin, and hides no answer.
            found = found | answers if origin else answers | found
    return found


def spelled(cell: Cell) -> Spelling:
    """
    Return how to write *cell* so that it comes back as it was.

    Read as typed, text needs an apostrophe where it could become a number or a date, and a
    number is written without a decimal sign, which differs from country to country. Taken
    literally, a number can only come back as text.
    """
    if cell is None or isinstance(cell, bool):
        text = "" if cell is None else str(cell).upper()
        return Spelling(text, text)
    if isinstance(cell, str):
        return Spelling(f"'{cell}" if _looks_typed(cell) else cell, cell)
    text = cell_text(cell)
    if float(cell).is_integer():
        return Spelling(text, text)
    _, digits, exponent = Decimal(text).as_tuple()
    sign = "-" if cell < 0 else ""
    return Spelling(f"{sign}{''.join(map(str, digits))}E{exponent}", text)


def _looks_typed(text: str) -> bool:
    has_digit = any(character.isdigit() for character in text)
    is_word = text.casefold() in {"true", "false", "benar", "salah"}
    return bool(text) and (has_digit or is_word or not text[0].isalpha())


def _people(grid: Grid, service: Service) -> Columns:
    """Return the columns that are not ours, by what is over them: they may have moved."""
    ours = {fold_header(service.columns[column]) for column in WORKER_COLUMNS}
    seen: Counter[str] = Counter()
    found = {}
    for at, cell in enumerate(grid.rows[0] if grid.rows else ()):
        title = fold_header(cell_text(cell))
        if title not in ours:
            found[title, seen[title]] = at
            seen[title] += 1
    return found


def _ticket_column(grid: Grid, service: Service) -> int:
    """Return where the tickets are; -1 when the column is gone."""
    ours = fold_header(service.columns[Column.SUBMISSION_ID])
    header = grid.rows[0] if grid.rows else ()
    return next((at for at, cell in enumerate(header) if fold_header(cell_text(cell)) == ours), -1)


def _texts(line: Line, columns: Columns) -> Iterator[tuple[tuple[str, int], str]]:
    for key, at in columns.items():
        cell = _at(line, at)
        if isinstance(cell, str):
            yield key, cell


def _at(line: Line, at: int) -> Cell:
    return line[at] if 0 <= at < len(line) else None


class _Origins:
    """Finds a row of the earlier reading by what its people's cells hold."""

    def __init__(
        self,
        rows: Sequence[Line],
        columns: Columns,
        times: Collection[tuple[str, int]],
        ticket_at: int,
    ) -> None:
        self._rows, self._columns, self._times = rows, columns, times
        self._ticket_at = ticket_at
        self._indexes: dict[tuple[tuple[str, int], ...], dict[tuple[Cell, ...], list[int]]] = {}

    def of(self, cells: Mapping[tuple[str, int], Cell], meant: int, ticket: Cell) -> Line:
        """Return the row that holds *cells*; of several that differ, that at *meant*, or none."""
        known = {key: cell for key, cell in cells.items() if key in self._columns}
        keys = tuple(sorted(known))
        texts = tuple(_comparable(known[key]) for key in keys)
        found = self._index(keys).get(texts) or self._nearest(keys, texts, ticket)
        if len({self._key(at, self._columns) for at in found}) == 1:
            return self._rows[found[0]]
        return self._rows[meant - 1] if meant - 1 in found else ()

    def _index(self, keys: tuple[tuple[str, int], ...]) -> dict[tuple[Cell, ...], list[int]]:
        if keys not in self._indexes:
            index = defaultdict(list)
            for at in range(1, len(self._rows)):
                index[self._key(at, keys)].append(at)
            self._indexes[keys] = index
        return self._indexes[keys]

    def _nearest(
        self, keys: tuple[tuple[str, int], ...], texts: tuple[Cell, ...], ticket: Cell
    ) -> list[int]:
        """
        Return the rows that differ least: somebody edited cells in the same moment.

        More than a few may differ where the time or the ticket is the same.
        """
        times = {key for key, text in zip(keys, texts, strict=True) if text and key in self._times}
        edits: dict[int, list[int]] = defaultdict(list)
        for at in range(1, len(self._rows)):
            pairs = zip(keys, self._key(at, keys), texts, strict=True)
            changed = {key for key, one, other in pairs if one != other}
            same_time = times and changed.isdisjoint(times)
            same_ticket = ticket and ticket == _at(self._rows[at], self._ticket_at)
            if len(changed) <= _MOST_EDITS or same_time or same_ticket:
                edits[len(changed)].append(at)
        return edits[min(edits)] if edits else []

    def _key(self, at: int, keys: Collection[tuple[str, int]]) -> tuple[Cell, ...]:
        return tuple(_comparable(_at(self._rows[at], self._columns[key])) for key in keys)


def _comparable(cell: Cell) -> Cell:
    return "" if cell is None else cell
