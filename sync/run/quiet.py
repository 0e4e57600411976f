"""
What the sheets show when nothing is left to do.

A run that ends with everything in its place knows what the next reading will show if nobody
touches the sheets. While that is what is read, and everything else that decisions depend on
is the same too, a run is over after the reading: it need not even open the ledger.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.google.interface import NEW_TAB_ROWS, Grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.identity import Digest
    from sync.model import Cell
    from sync.run.publish import Published, RegisterNews, SheetNews

    Rows = tuple[tuple[Cell, ...], ...]


def expected_grids(
    register_grids: Mapping[int, Grid],
    news: Sequence[SheetNews],
    published: Published,
    register: RegisterNews,
) -> dict[int, Grid] | None:
    """
    Return what the next reading shows if nobody touches anything; None when that is unknown.

    register_grids: the register tabs as read at the start of the run
    """
    tokens = {cell.token for sheet in news for cell in sheet.cells}
    if tokens != published.visible or any(sheet.strays for sheet in news):
        return None
    expected = {sheet.reading.grid.gid: _with_texts(sheet) for sheet in news}
    for gid, grid in register_grids.items():
        expected.setdefault(gid, grid)
    for tab in register.new_tabs:
        expected[tab.gid] = Grid(
            gid=tab.gid, title=tab.title, row_count=NEW_TAB_ROWS, rows=(tab.header,)
        )
    for line in register.lines:
        grid = expected[line.gid]
        rows = _with_row(grid.rows, line.row_number, line.texts)
        expected[line.gid] = replace(grid, rows=rows)
    return expected


def sheets_digest(grids: Mapping[str, Mapping[int, Grid]], digest: Digest) -> str:
    """
    Return a keyed digest of what the sheets show, by spreadsheet and gid.

    Titles do not count, and an empty cell is an empty text.
    """
    shown = {
        spreadsheet: {str(gid): _trimmed(grid.rows) for gid, grid in sorted(tabs.items())}
        for spreadsheet, tabs in sorted(grids.items())
    }
    return digest("quiet-sheets", json.dumps(shown, ensure_ascii=False))


def _with_texts(sheet: SheetNews) -> Grid:
    """Return the sheet as read back, with the final texts where the marks stand."""
    grid, columns = sheet.reading.grid, sheet.reading.layout.columns
    rows = [list(row) for row in grid.rows]
    for cell in sheet.cells:
        row_number = sheet.reading.pairing.pairs[cell.submission_id].row.row_number
        rows[row_number - 1][columns[cell.column]] = cell.text
    return replace(grid, rows=tuple(map(tuple, rows)))


def _with_row(rows: Rows, row_number: int, texts: tuple[str, ...]) -> Rows:
    padding: Rows = ((),) * (row_number - 1 - len(rows))
    return (*rows[: row_number - 1], *padding, texts, *rows[row_number:])


def _trimmed(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Return the rows without the empty cells and rows at their ends, which Google leaves out."""
    trimmed: list[list[Cell]] = []
    for row in rows:
        cells: list[Cell] = ["" if cell is None else cell for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        trimmed.append(cells)
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed
