"""Requests that tidy cells up: duplicates, white space, order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import clips, merges, ranges
from sync.sandbox.sheets.reading import effective

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.cells import Result
    from sync.sandbox.sheets.clips import Clip
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.ranges import Area


def delete_duplicates(edit: Edit, request: Json) -> Json:
    """
    Take out rows that are like an earlier one in the columns to compare; later ones move up.

    Letters' case, formats and formulas make no difference.
    """
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    columns = _compared(area, request.get("comparisonColumns", ()))
    edit.check(area)
    merges.inside(area, merges.SHIFT)
    filled = clips.filled(area)
    seen: set[tuple[Result, ...]] = set()
    kept: list[list[Clip]] = []
    for row, line in enumerate(clips.taken(filled), filled.top):
        key = tuple(_folded(effective(edit.book, area.sheet, row, one)) for one in columns)
        is_empty = all(value is None for value, _ in line)
        if is_empty or key not in seen:
            seen.add(key)
            kept.append(clips.lowered(line, filled.top + len(kept) - row))
    removed = filled.height - len(kept)
    if removed:
        clips.emptied(filled)
        clips.laid(area.sheet, area.top, area.left, kept)
    return {"deleteDuplicates": {"duplicatesRemovedCount": removed} if removed else {}}


def trim_whitespace(edit: Edit, request: Json) -> Json:
    """Cut white space off around texts, and leave one blank of each inside."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    edit.check(area)
    changed = 0
    for row in range(area.top, clips.filled(area).bottom):
        for column in range(area.left, area.right):
            value = area.sheet.value(row, column)
            if isinstance(value, str) and (text := " ".join(value.split())) != value:
                area.sheet.put(row, column, text or None)
                changed += 1
    return {"trimWhitespace": {"cellsChangedCount": changed} if changed else {}}


def randomize_range(edit: Edit, request: Json) -> Json:
    """Put the rows of a range into an order of chance."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    edit.check(area)
    if merges.touching(area):
        raise bad_request(merges.SORT)
    filled = clips.filled(area)
    lines = clips.taken(filled)
    order = list(range(len(lines)))
    edit.random.shuffle(order)
    shuffled = [clips.lowered(lines[old], new - old) for new, old in enumerate(order)]
    clips.laid(area.sheet, filled.top, filled.left, shuffled)
    return {}


def _compared(area: Area, wanted: Sequence[Json]) -> list[int]:
    """Return the columns that make two rows duplicates; none named: all of them."""
    if not wanted:
        return list(range(area.left, area.right))
    columns: list[int] = []
    for one in wanted:
        start, end = one.get("startIndex", area.left), one.get("endIndex", area.right)
        inside = area.left <= start < end <= area.right
        if one.get("dimension") != "COLUMNS" or not inside:
            raise bad_request("comparisonColumns must be columns within the range.")
        columns += range(start, end)
    return columns


def _folded(value: Result) -> Result:
    return value.casefold() if isinstance(value, str) else value
