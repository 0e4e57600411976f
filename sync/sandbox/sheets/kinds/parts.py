"""What all parts of a tab that have an id share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.sheet import Sheet

_ID_KEYS = {
    "protectedRanges": "protectedRangeId",
    "filterViews": "filterViewId",
    "bandedRanges": "bandedRangeId",
    "charts": "chartId",
}
_WORDS = {"protectedRangeId": "protected range", "filterViewId": "filter view"}
_WORDS |= {"bandedRangeId": "banded range", "chartId": "chart", "tableId": "table"}


def part_with_id(book: Book, part: str, key: str, wanted: object) -> tuple[Sheet, int]:
    """Return where the part with that id is; raises `Refused` (400) without one."""
    for sheet in book.sheets:
        for at, item in enumerate(sheet.parts.get(part, ())):
            if item[key] == wanted:
                return sheet, at
    raise bad_request(f"No {_WORDS[key]} with id: {wanted}")


def free_id(edit: Edit, part: str, wanted: Json) -> int:
    """Return the id that *wanted* asks for, or a new one; raises `Refused` for one in use."""
    key = _ID_KEYS[part]
    asked: int = wanted.get(key, 0)
    if not asked:
        return edit.new_id()
    for sheet in edit.book.sheets:
        if any(item[key] == asked for item in sheet.parts.get(part, ())):
            raise bad_request(f"There is already a {_WORDS[key]} with id: {asked}")
    return asked


def copied_parts(edit: Edit, source: Sheet, sheet_id: int) -> Json:
    """Return the parts of *source* for its copy with that gid: own places, new ids."""
    parts: Json = ranges.on_sheet(source.parts, source.sheet_id, sheet_id)
    for part, key in _ID_KEYS.items():
        if part in parts:
            parts[part] = [item | {key: edit.new_id()} for item in parts[part]]
    for chart in parts.get("charts", ()):
        anchor = chart["position"]["overlayPosition"]["anchorCell"]
        anchor["sheetId"] = sheet_id  # A1 of a tab with gid 0 is `{}`
    if "tables" in parts:
        parts["tables"] = [_copied_table(edit, table) for table in parts["tables"]]
    return parts


def _copied_table(edit: Edit, table: Json) -> Json:
    names = {one["name"] for sheet in edit.book.sheets for one in sheet.parts.get("tables", ())}
    number = 1
    while f"{table['name']}_{number}" in names:
        number += 1
    return table | {"tableId": str(edit.new_id()), "name": f"{table['name']}_{number}"}
