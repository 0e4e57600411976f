"""Cells taken out of a sheet to be put down elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from sync.sandbox.sheets.cells import Formula
from sync.sandbox.sheets.formulas.rewriting import copied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.cells import Value
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet

#: what a cell holds, and the rest of its CellData
Clip: TypeAlias = "tuple[Value, Json]"


def filled(area: Area) -> Area:
    """Return *area* without the rows below everything that the tab holds."""
    return replace(area, bottom=max(area.top, min(area.bottom, len(area.sheet.rows))))


def taken(area: Area) -> list[list[Clip]]:
    """Return a copy of the cells, row by row."""
    sheet, columns = area.sheet, range(area.left, area.right)
    return [
        [(sheet.value(row, column), sheet.attached(row, column)) for column in columns]
        for row in range(area.top, area.bottom)
    ]


def lowered(line: Sequence[Clip], down: int) -> list[Clip]:
    """Return a row's cells as they read so many rows below: formulas mean their own row."""
    return [
        (copied(value, down, 0) if isinstance(value, Formula) else value, extra)
        for value, extra in line
    ]


def emptied(area: Area) -> None:
    """Take values, formats and all else out of the cells."""
    everything = filled(area)
    for row in range(everything.top, everything.bottom):
        for column in range(area.left, area.right):
            area.sheet.put(row, column, None)
            area.sheet.put_extra(row, column, {})


def laid(sheet: Sheet, top: int, left: int, rows: Sequence[Sequence[Clip]]) -> None:
    """Put cells down, in place of all that was there."""
    for row, line in enumerate(rows, top):
        for column, (value, extra) in enumerate(line, left):
            sheet.put(row, column, value)
            sheet.put_extra(row, column, extra)
