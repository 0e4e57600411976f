"""Requests that insert and delete cells, not whole lines: those beside make room or close up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import clips, merges, ranges
from sync.sandbox.sheets.moves import Shift

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.ranges import Area


def insert_range(edit: Edit, request: Json) -> Json:
    """Insert empty cells; those that were there move down or right, and the grid grows for them."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    rows = _is_down(request)
    region = _region(area, rows=rows)
    moving, sheet = _filled(region), area.sheet
    if rows:
        sheet.row_count = max(sheet.row_count, moving.bottom + area.height)
    else:
        sheet.column_count = max(sheet.column_count, moving.right + area.width)
    edit.book.check_size()
    _displace(edit, region, moving, _shift(area, rows=rows, count=1))
    sheet.cut_parts()
    return {}


def delete_range(edit: Edit, request: Json) -> Json:
    """Delete cells; those below or to the right come in their place."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    rows = _is_down(request)
    region = _region(area, rows=rows)
    merges.inside(area, merges.SHIFT)
    rest = replace(region, top=area.bottom) if rows else replace(region, left=area.right)
    _displace(edit, region, _filled(rest), _shift(area, rows=rows, count=-1))
    return {}


def _is_down(request: Json) -> bool:
    dimension = request.get("shiftDimension")
    if dimension not in {"ROWS", "COLUMNS"}:
        raise bad_request("shiftDimension must be set.")
    return bool(dimension == "ROWS")


def _region(area: Area, *, rows: bool) -> Area:
    """Return the cells of *area* and all that lie behind them."""
    if rows:
        return replace(area, bottom=area.sheet.row_count)
    return replace(area, right=area.sheet.column_count)


def _filled(area: Area) -> Area:
    """Return *area* without what lies behind everything that it holds."""
    area = clips.filled(area)
    rows = area.sheet.rows[area.top : area.bottom]
    ends = (max(len(row.cells), *(column + 1 for column in row.extras), 0) for row in rows)
    return replace(area, right=max(area.left, min(area.right, max(ends, default=0))))


def _shift(area: Area, *, rows: bool, count: int) -> Shift:
    """Return what comes (count 1) or goes (-1) of the size of *area*."""
    return Shift(
        sheet_id=area.sheet.sheet_id,
        rows=rows,
        at=area.top if rows else area.left,
        count=count * (area.height if rows else area.width),
        across=(area.left, area.right) if rows else (area.top, area.bottom),
    )


def _displace(edit: Edit, region: Area, moving: Area, shift: Shift) -> None:
    """Move cells within *region*; everything that names them goes along."""
    edit.check(region)
    sheet = region.sheet
    merged = merges.take_out(region, merges.SHIFT)
    cells = clips.taken(moving)
    clips.emptied(region)
    down, right = (shift.count, 0) if shift.rows else (0, shift.count)
    clips.laid(sheet, moving.top + down, moving.left + right, cells)
    sheet.follow(shift)
    sheet.keep_merges([*sheet.parts.get("merges", ()), *shift.moved(merged)])
