"""Merged cells: which there are, and what may not happen to a part of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.ranges import Area

# Google's words, as Apps Script and the API print them.
ALL_CELLS = "You must select all cells in a merged range to merge or unmerge them."
CUT = (
    "You can't perform a cut/paste from a range that partially intersects a merge. Consider "
    "unmerging or selecting a larger range that includes the entire merge."
)
PASTE = "You can't perform a paste that partially intersects a merge."
SHIFT = "You can't insert or delete cells that would break a merged cell apart."
SORT = "You can't sort a range containing vertical merges."


def touching(area: Area) -> list[Json]:
    """Return the merges that have a cell of *area*."""
    merges: Iterable[Json] = area.sheet.parts.get("merges", ())
    return [merge for merge in merges if ranges.overlap(merge, area)]


def inside(area: Area, refusal: str) -> list[Json]:
    """Return the merges in *area*; raises `Refused` with *refusal* where it cuts one."""
    found = touching(area)
    for merge in found:
        whole = (
            area.top <= merge["startRowIndex"]
            and merge["endRowIndex"] <= area.bottom
            and area.left <= merge["startColumnIndex"]
            and merge["endColumnIndex"] <= area.right
        )
        if not whole:
            raise bad_request(refusal)
    return found


def take_out(area: Area, refusal: str) -> list[Json]:
    """Unmerge what lies in *area*, and return it; raises `Refused` where it cuts a merge."""
    found = inside(area, refusal)
    merges = area.sheet.parts.get("merges", ())
    area.sheet.keep_merges([merge for merge in merges if merge not in found])
    return found


def add(areas: Iterable[Area]) -> None:
    """Merge each area's cells into one that keeps the first value there is."""
    for area in areas:
        _keep_first_value(area)
        merges = area.sheet.parts.get("merges", [])
        area.sheet.keep_merges([*merges, ranges.echoed(area)])


def _keep_first_value(area: Area) -> None:
    cells = [
        (row, column)
        for row in range(area.top, min(area.bottom, len(area.sheet.rows)))
        for column in range(area.left, area.right)
        if area.sheet.value(row, column) is not None
    ]
    if not cells:
        return
    first = area.sheet.value(*cells[0])
    for row, column in cells:
        area.sheet.put(row, column, None)
    area.sheet.put(area.top, area.left, first)
