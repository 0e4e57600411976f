"""Requests about filters: the one that a tab has for everybody, and each person's views."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.sandbox import masks
from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import filtering, merges, ranges
from sync.sandbox.sheets.kinds.lines import sort_order, sort_rows
from sync.sandbox.sheets.kinds.parts import free_id, part_with_id
from sync.sandbox.sheets.kinds.tabs import required_mask
from sync.sandbox.sheets.look import twinned, with_colours
from sync.sandbox.sheets.ranges import Area

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit

_CRITERIA = frozenset(("criteria", "filterSpecs"))


def set_basic_filter(edit: Edit, request: Json) -> Json:
    """Set the tab's filter, and sort as it says; a bare sheetId means the whole grid."""
    wanted = request.get("filter", {})
    area = ranges.from_grid_range(edit.book, wanted.get("range", {}))
    _check_columns(area, wanted)
    if any(one["endRowIndex"] - one["startRowIndex"] > 1 for one in merges.touching(area)):
        raise bad_request("You can't create a filter over a range containing vertical merges.")
    area.sheet.parts["basicFilter"] = filtering.kept(with_colours(wanted), area)
    by = sort_order(area, wanted.get("sortSpecs", ()))
    if by and area.height > 1:
        body = Area(
            sheet=area.sheet,
            top=area.top + 1,
            bottom=area.bottom,
            left=area.left,
            right=area.right,
        )
        edit.check(body)
        sort_rows(edit, body, by)
    return {}


def clear_basic_filter(edit: Edit, request: Json) -> Json:
    """Take the tab's filter away."""
    edit.book.sheet(request.get("sheetId", 0)).parts.pop("basicFilter", None)
    return {}


def add_filter_view(edit: Edit, request: Json) -> Json:
    """Add a filter that each person turns on for themselves."""
    wanted = request.get("filter", {})
    kept = {"filterViewId": free_id(edit, "filterViews", wanted)} | _filter(edit, wanted)
    return _added(edit, "addFilterView", kept)


def update_filter_view(edit: Edit, request: Json) -> Json:
    """Change a filter view's fields."""
    wanted = request.get("filter", {})
    mask = required_mask(request)
    view_id = wanted.get("filterViewId", 0)
    sheet, at = part_with_id(edit.book, "filterViews", "filterViewId", view_id)
    old = filtering.shown(sheet.part("filterViews").pop(at))
    if mask.keys() & _CRITERIA:  # two ways to say one thing: the new one counts
        old = {name: value for name, value in old.items() if name not in _CRITERIA}
    new = masks.updated(old, ranges.normal(with_colours(wanted)), twinned(mask))
    kept = {"filterViewId": view_id} | _filter(edit, {"range": old["range"]} | new)
    edit.book.sheet(kept["range"].get("sheetId", 0)).part("filterViews").insert(at, kept)
    return {}


def duplicate_filter_view(edit: Edit, request: Json) -> Json:
    """Add a filter view that is like another one."""
    wanted = request.get("filterId", 0)
    sheet, at = part_with_id(edit.book, "filterViews", "filterViewId", wanted)
    model = sheet.part("filterViews")[at]
    twin = model | {"filterViewId": edit.new_id(), "title": f"Copy of {model['title']}"}
    return _added(edit, "duplicateFilterView", twin)


def delete_filter_view(edit: Edit, request: Json) -> Json:
    """Delete a filter view."""
    wanted = request.get("filterId", 0)
    sheet, at = part_with_id(edit.book, "filterViews", "filterViewId", wanted)
    del sheet.part("filterViews")[at]
    return {}


def _check_columns(area: Area, wanted: Json) -> None:
    """Raise `Refused` for criteria, or an order, by no column of the filter."""
    sort_order(area, wanted.get("sortSpecs", ()))
    columns = [one.get("columnIndex", 0) for one in wanted.get("filterSpecs", ())]
    for key in wanted.get("criteria", {}):
        if not re.fullmatch("[0-9]{1,9}", key):
            raise bad_request(f"Invalid value at 'filter.criteria.key' (TYPE_INT32), \"{key}\"")
        columns.append(int(key))
    for column in columns:
        if not area.left <= column < area.right:
            raise bad_request(f"Filter column {column} is not within the filter's range.")


def _filter(edit: Edit, wanted: Json) -> Json:
    """Return a filter view as it is kept, its range as Google echoes it."""
    kept: Json = ranges.normal(with_colours(wanted))
    area = ranges.from_grid_range(edit.book, wanted.get("range", {}))
    _check_columns(area, wanted)
    number = len(area.sheet.part("filterViews")) + 1
    return {"title": f"Filter {number}"} | filtering.kept(kept, area)


def _added(edit: Edit, kind: str, kept: Json) -> Json:
    edit.book.sheet(kept["range"].get("sheetId", 0)).part("filterViews").append(kept)
    return {kind: {"filter": filtering.shown(kept)}}
