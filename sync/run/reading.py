"""One reading of a service's sheet: where the columns are, and whose each row is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.identity import know, pair, split_rows
from sync.layout import read_layout, read_rows
from sync.model import WORKER_COLUMNS
from sync.run.token import is_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sync.google.interface import Grid
    from sync.identity import Digest, Pairing
    from sync.layout import Layout
    from sync.model import Cell, Column, Entry, Service, SubmissionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a text stood when the sheet was read."""

    row_number: int
    column: int  #: from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A service's sheet at one moment."""

    service: Service
    grid: Grid
    layout: Layout
    pairing: Pairing
    owners: Mapping[int, SubmissionId]  #: row number to whose row it is
    numbered: frozenset[SubmissionId]  #: whose letters the ledger knew
    covered: Mapping[str, Cell]  #: mark of ours over a person's answer, to that answer

    def tokens(self) -> dict[str, list[Place]]:
        """Return every text that is spelled like a token of ours, wherever it stands."""
        found: dict[str, list[Place]] = defaultdict(list)
        for place, cell in self._cells():
            if is_token(cell):
                found[str(cell)].append(place)
        return found

    def places(self, among: frozenset[str]) -> dict[str, list[Place]]:
        """Return where the texts *among* stand, in any column."""
        found: dict[str, list[Place]] = defaultdict(list)
        for place, cell in self._cells():
            if isinstance(cell, str) and cell in among:
                found[cell].append(place)
        return found

    def shows(self, submission_id: SubmissionId, column: Column, text: str) -> bool:
        """Tell whether *text* stands in the submission's cell."""
        known = self.pairing.pairs.get(submission_id)
        return known is not None and (known.row.cells.get(column) or "") == text

    def _cells(self) -> Iterator[tuple[Place, Cell]]:
        for row_number, line in enumerate(self.grid.rows[1:], start=2):
            for column, cell in enumerate(line):
                yield Place(row_number=row_number, column=column), cell


def read_sheet(  # noqa: PLR0917
    service: Service,
    grid: Grid,
    entries: Sequence[Entry],
    digest: Digest,
    today: date,
    covered: Mapping[str, Cell],
) -> Reading:
    """
    Return the reading; raises `LayoutError` when a needed column is not there once.

    covered: marks that stand over people's answers, to those answers
    """
    layout = read_layout(grid.rows[0] if grid.rows else (), service)
    rows = _uncovered(grid.rows, layout, covered) if covered else grid.rows
    asked, empty = split_rows(read_rows(rows, layout))
    known = [know(row, service, digest, today) for row in asked]
    pairing = pair(known, entries, empty)
    return Reading(
        service=service,
        grid=grid,
        layout=layout,
        pairing=pairing,
        owners={known.row.row_number: owner for owner, known in pairing.pairs.items()},
        numbered=frozenset(e.submission_id for e in entries if e.letter is not None),
        covered=covered,
    )


def _uncovered(
    rows: Sequence[Sequence[Cell]], layout: Layout, covered: Mapping[str, Cell]
) -> list[list[Cell]]:
    ours = {layout.columns[column] for column in WORKER_COLUMNS}
    return [
        [
            covered[cell] if isinstance(cell, str) and cell in covered and at not in ours else cell
            for at, cell in enumerate(line)
        ]
        for line in rows
    ]
