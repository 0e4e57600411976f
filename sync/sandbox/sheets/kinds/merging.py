"""Requests that merge cells and take merges apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import merges, ranges

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.ranges import Area

# Google's words, as Apps Script prints them.
_ACROSS = "You can't merge horizontally across an existing vertically merged section."
_DOWN = "You can't merge vertically across an existing horizontally merged section."
_FROZEN = "You can't merge frozen and non-frozen {}s."


def merge_cells(edit: Edit, request: Json) -> Json:
    """Merge all cells of a range, or those of each of its rows or columns; inner merges go."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    edit.check(area)
    areas = _parts(area, request.get("mergeType", "MERGE_ALL"))
    _check_frozen(area)
    for old in merges.inside(area, merges.ALL_CELLS):
        _check_direction(old, areas)
    merges.take_out(area, merges.ALL_CELLS)
    merges.add(areas)
    return {}


def unmerge_cells(edit: Edit, request: Json) -> Json:
    """Take apart every merge in a range; where there is none, nothing happens."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    edit.check(area)
    merges.take_out(area, merges.ALL_CELLS)
    return {}


def _parts(area: Area, kind: str) -> list[Area]:
    if kind == "MERGE_ROWS":
        rows = range(area.top, area.bottom) if area.width > 1 else ()
        return [replace(area, top=row, bottom=row + 1) for row in rows]
    if kind == "MERGE_COLUMNS":
        columns = range(area.left, area.right) if area.height > 1 else ()
        return [replace(area, left=column, right=column + 1) for column in columns]
    return [area]


def _check_direction(old: Json, areas: list[Area]) -> None:
    """Raise `Refused` where a merge that is there reaches into several new ones."""
    if sum(ranges.overlap(old, area) for area in areas) > 1:
        raise bad_request(_ACROSS if areas[0].height == 1 else _DOWN)


def _check_frozen(area: Area) -> None:
    grid = area.sheet.grid
    if area.top < grid.get("frozenRowCount", 0) < area.bottom:
        raise bad_request(_FROZEN.format("row"))
    if area.left < grid.get("frozenColumnCount", 0) < area.right:
        raise bad_request(_FROZEN.format("column"))
