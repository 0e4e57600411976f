"""
Requests about groups: rows or columns that fold away together.

A line has a depth, and a group of depth d is a longest run of lines at least d deep.
That is all there is to Google's rules about supersets, subsets and overlaps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets.kinds.lines import existing_lines, set_hidden
from sync.sandbox.sheets.kinds.tabs import required_mask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.kinds.lines import Lines

_DEEPEST = 8


def add_dimension_group(edit: Edit, request: Json) -> Json:
    """Make the lines one deeper; their toggle stands after the group from now on."""
    lines = existing_lines(edit.book, request.get("range", {}))
    depths = _depths(lines)
    if max(depths[lines.start : lines.end]) >= _DEEPEST:
        raise bad_request(f"You can't have more than {_DEEPEST} levels of groups.")
    lines.sheet.grid = lines.sheet.grid | {f"{lines.noun}GroupControlAfter": True}
    return {"addDimensionGroup": _changed(lines, depths, by=1)}


def delete_dimension_group(edit: Edit, request: Json) -> Json:
    """Make the lines one shallower; rows that a group hid stay hidden."""
    lines = existing_lines(edit.book, request.get("range", {}))
    depths = _depths(lines)
    if not any(depths[lines.start : lines.end]):
        raise bad_request("Cannot delete a group that doesn't exist.")
    return {"deleteDimensionGroup": _changed(lines, depths, by=-1)}


def update_dimension_group(edit: Edit, request: Json) -> Json:
    """Fold a group up, hiding its lines, or open it, showing them."""
    wanted = request.get("dimensionGroup", {})
    mask = required_mask(request)
    lines = existing_lines(edit.book, wanted.get("range", {}))
    found = lines.sheet.part(_part(lines))
    identity = (lines.json, wanted.get("depth", 0))
    at = next(
        (at for at, one in enumerate(found) if (one["range"], one["depth"]) == identity), None
    )
    if at is None:
        raise bad_request("There is no group with the specified range and depth.")
    if "collapsed" in mask or "*" in mask:
        found[at] = _group(lines.json, wanted["depth"], collapsed=bool(wanted.get("collapsed")))
        set_hidden(lines, hidden=bool(wanted.get("collapsed")))
    return {}


def _part(lines: Lines) -> str:
    return f"{lines.noun}Groups"


def _group(lines: Json, depth: int, *, collapsed: bool) -> Json:
    return {"range": lines, "depth": depth} | ({"collapsed": True} if collapsed else {})


def _depths(lines: Lines) -> list[int]:
    """Return how deep each line of the tab is in groups."""
    depths = [0] * lines.limit
    for group in lines.sheet.parts.get(_part(lines), ()):
        for line in range(group["range"]["startIndex"], group["range"]["endIndex"]):
            depths[line] += 1
    return depths


def _changed(lines: Lines, depths: list[int], *, by: int) -> Json:
    """Move the depth of *lines*, and return all groups of the dimension for the reply."""
    for line in range(lines.start, lines.end):
        depths[line] = max(depths[line] + by, 0)
    old = lines.sheet.parts.get(_part(lines), [])
    groups = []
    for depth in range(1, max(depths) + 1):
        for start, end in _runs(depths, depth):
            span = lines.spanning(start, end)
            groups.append(_group(span, depth, collapsed=_was_collapsed(old, span, depth)))
    groups.sort(key=lambda group: (group["range"]["startIndex"], group["depth"]))
    lines.sheet.parts[_part(lines)] = groups
    return {"dimensionGroups": groups} if groups else {}


def _runs(depths: Sequence[int], depth: int) -> Iterator[tuple[int, int]]:
    start = None
    for line, own in enumerate([*depths, 0]):
        if own >= depth and start is None:
            start = line
        elif own < depth and start is not None:
            yield start, line
            start = None


def _was_collapsed(old: Sequence[Json], span: Json, depth: int) -> bool:
    """Return whether the group was folded before, perhaps at another depth or size."""
    for group in old:
        same_lines = group["range"] == span
        inside = (
            span["startIndex"] <= group["range"]["startIndex"]
            and group["range"]["endIndex"] <= span["endIndex"]
        )
        if group.get("collapsed") and (same_lines or (inside and group["depth"] == depth)):
            return True
    return False
