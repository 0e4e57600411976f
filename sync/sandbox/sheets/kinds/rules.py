"""Requests about what lies over cells: rules, protections, names."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from sync.sandbox import masks
from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.kinds.parts import free_id, part_with_id
from sync.sandbox.sheets.kinds.tabs import required_mask
from sync.sandbox.sheets.look import with_colours

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.sheet import Sheet


# Google (Apps Script, Spreadsheet.setNamedRange): letters, digits and underscores, at most
# 250, no digit first; not true or false, and nothing that could be a cell in A1 or R1C1.
_NAME = re.compile(r"[^\W\d]\w{0,249}")
_LIKE_A_CELL = re.compile(r"(?i)[a-z]{1,3}[0-9]+|r[0-9]*c[0-9]*|true|false")


def add_conditional_format_rule(edit: Edit, request: Json) -> Json:
    """Add a colour rule at `index`."""
    sheet, rule = _rule(edit.book, request)
    found = sheet.part("conditionalFormats")
    found.insert(_checked_index(request.get("index", 0), len(found)), rule)
    return {}


def update_conditional_format_rule(edit: Edit, request: Json) -> Json:
    """Replace the colour rule at `index`, or move it to `newIndex`."""
    index = request.get("index", 0)
    if "rule" in request:
        sheet, rule = _rule(edit.book, request)
        found = sheet.part("conditionalFormats")
        old = found[_checked_index(index, len(found) - 1)]
        found[index] = rule
        reply = {"newRule": rule, "oldRule": old, "newIndex": index, "oldIndex": index}
    else:
        found = edit.book.sheet(request.get("sheetId", 0)).part("conditionalFormats")
        rule = found.pop(_checked_index(index, len(found) - 1))
        new_index = _checked_index(request.get("newIndex", 0), len(found))
        found.insert(new_index, rule)
        reply = {"newRule": rule, "newIndex": new_index, "oldIndex": index}
    shown = {name: value for name, value in reply.items() if value}
    return {"updateConditionalFormatRule": shown}


def delete_conditional_format_rule(edit: Edit, request: Json) -> Json:
    """Delete the colour rule at `index`; later ones move up."""
    found = edit.book.sheet(request.get("sheetId", 0)).part("conditionalFormats")
    rule = found.pop(_checked_index(request.get("index", 0), len(found) - 1))
    return {"deleteConditionalFormatRule": {"rule": rule}}


def add_protected_range(edit: Edit, request: Json) -> Json:
    """Protect cells; the caller may always edit them."""
    wanted = _protection(request)
    if "namedRangeId" in wanted and "range" not in wanted:
        named_sheet, at = _named_at(edit.book, wanted["namedRangeId"])
        wanted["range"] = named_sheet.named_ranges[at]["range"]
    protected_id = free_id(edit, "protectedRanges", wanted)
    sheet, places = _protected_places(edit.book, wanted)
    kept = wanted | places | {"protectedRangeId": protected_id, "requestingUserCanEdit": True}
    if not kept.get("warningOnly"):
        kept["editors"] = _with_user(kept.get("editors", {}), edit.email)
    sheet.part("protectedRanges").append(kept)
    told = kept | ({} if kept.get("warningOnly") else {"editors": wanted.get("editors", {})})
    return {"addProtectedRange": {"protectedRange": told}}


def update_protected_range(edit: Edit, request: Json) -> Json:
    """Change a protection's fields."""
    wanted = _protection(request)
    mask = required_mask(request)
    sheet, at = part_with_id(
        edit.book, "protectedRanges", "protectedRangeId", wanted.get("protectedRangeId")
    )
    edit.check(ranges.from_grid_range(edit.book, sheet.part("protectedRanges")[at]["range"]))
    old = sheet.part("protectedRanges").pop(at)
    new = {"range": old["range"]} | masks.updated(old, wanted, mask)
    new_sheet, places = _protected_places(edit.book, new)
    identity = {"protectedRangeId": old["protectedRangeId"], "requestingUserCanEdit": True}
    new_sheet.part("protectedRanges").insert(at, new | places | identity)
    return {}


def delete_protected_range(edit: Edit, request: Json) -> Json:
    """Lift a protection."""
    wanted = request.get("protectedRangeId", 0)
    sheet, at = part_with_id(edit.book, "protectedRanges", "protectedRangeId", wanted)
    edit.check(ranges.from_grid_range(edit.book, sheet.part("protectedRanges")[at]["range"]))
    del sheet.part("protectedRanges")[at]
    return {}


def add_named_range(edit: Edit, request: Json) -> Json:
    """Give a range a name."""
    wanted = ranges.normal(request.get("namedRange", {}))
    area = ranges.from_grid_range(edit.book, wanted.get("range", {}))
    _check_name(edit.book, wanted.get("name", ""))
    named_id = wanted.get("namedRangeId") or _new_named_id(edit)
    if any(one["namedRangeId"] == named_id for one in edit.book.named_ranges):
        raise bad_request(f"There is already a named range with ID: {named_id}")
    kept = (
        {"namedRangeId": named_id} | wanted | {"range": ranges.cut(wanted.get("range", {}), area)}
    )
    area.sheet.named_ranges.append(kept)
    return {"addNamedRange": {"namedRange": kept}}


def update_named_range(edit: Edit, request: Json) -> Json:
    """Rename a named range, or move it."""
    wanted = ranges.normal(request.get("namedRange", {}))
    sheet, at = _named_at(edit.book, wanted.get("namedRangeId", ""))
    old = sheet.named_ranges.pop(at)
    new = masks.updated(old, wanted, required_mask(request))
    _check_name(edit.book, new.get("name", ""))
    area = ranges.from_grid_range(edit.book, new.get("range", {}))
    place = ranges.cut(new.get("range", {}), area)
    kept: Json = new | {"namedRangeId": old["namedRangeId"], "range": place}
    area.sheet.named_ranges.append(kept)
    return {}


def delete_named_range(edit: Edit, request: Json) -> Json:
    """Forget a name; its cells stay."""
    sheet, at = _named_at(edit.book, request.get("namedRangeId", ""))
    del sheet.named_ranges[at]
    return {}


def _rule(book: Book, request: Json) -> tuple[Sheet, Json]:
    """Return the tab of a rule, and the rule as it is kept."""
    rule: Json = ranges.normal(with_colours(request.get("rule", {})))
    if not rule.get("ranges"):
        raise bad_request("ConditionalFormatRule.ranges must not be empty.")
    sheet_ids = [one.get("sheetId", 0) for one in rule["ranges"]]
    if len(set(sheet_ids)) > 1:
        raise bad_request("All ranges of a conditional format must be on the same sheet.")
    places = [_rule_place(book, one) for one in rule["ranges"]]
    return book.sheet(sheet_ids[0]), rule | {"ranges": places}


def _rule_place(book: Book, place: Json) -> Json:
    """Return a rule's range without what is off the grid; Google takes one without a cell."""
    for axis in ("Row", "Column"):
        end = place.get(f"end{axis}Index")
        if end is not None and end == place.get(f"start{axis}Index", 0):
            return place
    return ranges.cut(place, ranges.from_grid_range(book, place))


def _protection(request: Json) -> Json:
    """Return the ProtectedRange of a request; false and empty lists are not kept."""
    wanted: Json = ranges.normal(request.get("protectedRange", {}))
    kept = {name: part for name, part in wanted.items() if part or isinstance(part, dict)}
    if "editors" in kept:
        kept["editors"] = {name: part for name, part in kept["editors"].items() if part}
    return kept


def _protected_places(book: Book, wanted: Json) -> tuple[Sheet, Json]:
    """Return the tab of a protection, and its ranges without what is off the grid."""
    area = ranges.from_grid_range(book, wanted.get("range", {}))
    places: Json = {"range": ranges.cut(wanted.get("range", {}), area)}
    if "unprotectedRanges" in wanted:
        places["unprotectedRanges"] = [
            _open_place(book, one, area.sheet) for one in wanted["unprotectedRanges"]
        ]
    return area.sheet, places


def _open_place(book: Book, place: Json, sheet: Sheet) -> Json:
    """Return an unprotected range as it is kept; raises `Refused` for one on another tab."""
    area = ranges.from_grid_range(book, place)
    if area.sheet is not sheet:
        raise bad_request("unprotectedRanges must be on the protected sheet.")
    return ranges.cut(place, area)


def _checked_index(index: int, limit: int) -> int:
    if not 0 <= index <= limit:
        raise bad_request(f"No conditional format on sheet at index: {index}")
    return index


def _with_user(editors: Json, email: str) -> Json:
    users = editors.get("users", [])
    return editors | {"users": users if email in users else [*users, email]}


def _check_name(book: Book, name: str) -> None:
    if not _NAME.fullmatch(name) or _LIKE_A_CELL.fullmatch(name):
        raise bad_request(f"The name '{name}' is not a valid name for a named range.")
    if book.named_range(name) is not None:
        raise bad_request(
            f"Cannot add named range with name {name}, a named range with that name already exists."
        )


def _new_named_id(edit: Edit) -> str:
    return base64.urlsafe_b64encode(edit.random.randbytes(9)).decode()


def _named_at(book: Book, named_id: str) -> tuple[Sheet, int]:
    for sheet in book.sheets:
        for at, named in enumerate(sheet.named_ranges):
            if named["namedRangeId"] == named_id:
                return sheet, at
    raise bad_request(f"No named range with ID: {named_id}")
