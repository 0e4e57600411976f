"""Requests about tabs, and about the file itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync.sandbox import masks
from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.kinds.parts import copied_parts
from sync.sandbox.sheets.look import twinned, with_colours
from sync.sandbox.sheets.sheet import Sheet

if TYPE_CHECKING:
    from sync.sandbox.masks import Mask
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.edit import Edit

_ROWS, _COLUMNS = 1000, 26
_OWN = ("sheetId", "title", "index", "sheetType", "gridProperties")
_LOCALES = {"id_ID": "in_ID"}
_LOCALE = re.compile("[a-z]{2,3}(_[A-Z]{2})?")
_UNSUPPORTED = {"en_IN"}
_NEVER_EMPTY = ("title", "locale", "timeZone")
_READ_ONLY = ("defaultFormat",)


def new_sheet(book: Book, wanted: Json, sheet_id: int) -> Sheet:
    """Return a tab as *wanted* (SheetProperties) says; it is not in the book yet."""
    grid = wanted.get("gridProperties", {})
    rows, columns = grid.get("rowCount", _ROWS), grid.get("columnCount", _COLUMNS)
    sheet = Sheet(sheet_id, wanted.get("title") or book.free_title(), rows, columns)
    _set_grid(sheet, grid)
    sheet.properties = _other_properties(wanted)
    return sheet


def add_sheet(edit: Edit, request: Json) -> Json:
    """Add a tab, by default the last, with an id of Google's choice."""
    wanted = request.get("properties", {})
    sheet = new_sheet(edit.book, wanted, wanted.get("sheetId", edit.new_id()))
    edit.book.add_sheet(sheet, _index(edit.book, wanted.get("index")))
    return {"addSheet": {"properties": _properties(edit.book, sheet)}}


def delete_sheet(edit: Edit, request: Json) -> Json:
    """Delete a tab; one that is visible must stay."""
    sheet = _sheet(edit.book, request.get("sheetId", 0))
    edit.check(ranges.whole(sheet))
    edit.book.remove_sheet(sheet)
    if not any(other.is_grid and not other.properties.get("hidden") for other in edit.book.sheets):
        which = "visible sheets" if edit.book.sheets else "sheets"
        raise bad_request(f"You can't remove all the {which} in a document.")
    return {}


def duplicate_sheet(edit: Edit, request: Json) -> Json:
    """Copy a tab inside the file."""
    source = _sheet(edit.book, request.get("sourceSheetId", 0))
    if not source.is_grid:
        raise bad_request("Only sheets with cells can be duplicated.")
    twin = copied_tab(edit, source, request.get("newSheetId", edit.new_id()))
    twin.title = request.get("newSheetName") or twin.title
    edit.book.add_sheet(twin, _index(edit.book, request.get("insertSheetIndex", 0)))
    return {"duplicateSheet": {"properties": _properties(edit.book, twin)}}


def copied_tab(edit: Edit, source: Sheet, sheet_id: int) -> Sheet:
    """Return a tab like *source*, called `Copy of …`; it is not in the book of *edit* yet."""
    twin = source.draft()
    # Both tabs share their rows now: the source, too, may no longer change them in place.
    source.owner = object()
    twin.sheet_id = sheet_id
    twin.title = _copy_title(edit.book, source.title)
    twin.parts = copied_parts(edit, source, sheet_id)
    twin.named_ranges, twin.metadata = [], []
    twin.unlink()
    return twin


def update_sheet_properties(edit: Edit, request: Json) -> Json:
    """Change title, place, grid size, frozen rows, colour and the like of a tab."""
    wanted = request.get("properties", {})
    mask = required_mask(request)
    sheet = _sheet(edit.book, wanted.get("sheetId", 0))
    if _named(mask, "title"):
        _rename(edit.book, sheet, wanted.get("title", ""))
    if sheet.is_grid and _named(mask, "gridProperties"):
        _update_grid(edit, sheet, wanted.get("gridProperties", {}), mask.get("gridProperties", {}))
    others = {name: inner for name, inner in mask.items() if name not in _OWN}
    if others:
        changed = masks.updated(sheet.properties, with_colours(wanted), twinned(others))
        sheet.properties = _other_properties(changed)
    check_visible(edit.book)
    if "index" in mask:
        _move(edit.book, sheet, wanted.get("index", 0))
    return {}


def update_spreadsheet_properties(edit: Edit, request: Json) -> Json:
    """Change title, locale or time zone of the file, or how it calculates."""
    wanted = file_properties(request.get("properties", {}))
    mask = required_mask(request)
    chosen = {name: {} for name in wanted} if "*" in mask else mask
    for name in _NEVER_EMPTY:
        if name in chosen and not wanted.get(name):
            raise bad_request(f"Spreadsheet {name} must not be empty.")
    writable = {name: inner for name, inner in chosen.items() if name not in _READ_ONLY}
    if writable:
        edit.book.properties = masks.updated(edit.book.properties, wanted, writable)
    return {}


def file_properties(wanted: Json) -> Json:
    """Return SpreadsheetProperties as Google keeps them; raises `Refused` for wrong ones."""
    kept: Json = with_colours(wanted)
    if "locale" in kept:
        kept["locale"] = _LOCALES.get(kept["locale"], kept["locale"])
        if kept["locale"] in _UNSUPPORTED or not _LOCALE.fullmatch(kept["locale"]):
            raise bad_request(f"Unsupported locale: {wanted['locale']}")
    if "timeZone" in kept:
        _check_zone(kept["timeZone"])
    return kept


def check_visible(book: Book) -> None:
    """Raise `Refused` where no tab with cells would be left to be seen."""
    if all(sheet.properties.get("hidden") or not sheet.is_grid for sheet in book.sheets):
        raise bad_request("You can't hide all the sheets in a document.")


def required_mask(request: Json) -> Mask:
    """Return the mask in `fields`; raises `Refused` when there is none."""
    if not request.get("fields"):
        raise bad_request(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    return masks.parsed(request["fields"])


def _sheet(book: Book, sheet_id: int) -> Sheet:
    for sheet in book.sheets:
        if sheet.sheet_id == sheet_id:
            return sheet
    raise bad_request(f"No sheet with id: {sheet_id}")


def _properties(book: Book, sheet: Sheet) -> Json:
    return sheet.properties_json(book.sheets.index(sheet))


def _index(book: Book, index: int | None) -> int | None:
    if index is not None and not 0 <= index <= len(book.sheets):
        raise bad_request(f"Sheet index {index} is out of range.")
    return index


def _named(mask: Mask, name: str) -> bool:
    return name in mask or "*" in mask


def _other_properties(wanted: Json) -> Json:
    coloured = with_colours(wanted)
    return {name: value for name, value in coloured.items() if value and name not in _OWN}


def _rename(book: Book, sheet: Sheet, title: str) -> None:
    if not title:
        raise bad_request("The sheet name cannot be empty.")
    book.rename_sheet(sheet, title)


def _update_grid(edit: Edit, sheet: Sheet, wanted: Json, mask: Mask) -> None:
    everything = not mask or "*" in mask
    chosen = wanted if everything else {name: wanted.get(name) for name in mask}
    rows = chosen.get("rowCount", sheet.row_count)
    columns = chosen.get("columnCount", sheet.column_count)
    if not rows or not columns or rows < 0 or columns < 0:
        raise bad_request("gridProperties: rowCount and columnCount must be at least 1.")
    if rows < sheet.row_count or columns < sheet.column_count:
        edit.check(ranges.whole(sheet))
    sheet.cut_to(rows, sheet.column_count)
    edit.book.check_size()  # Google counts the cells before it looks at the columns
    sheet.cut_to(rows, columns)
    _set_grid(sheet, (wanted if everything else sheet.grid | chosen))
    edit.book.check_size()


def _set_grid(sheet: Sheet, grid: Json) -> None:
    kept = {name: value for name, value in grid.items() if not name.endswith(("wCount", "nCount"))}
    frozen = {name: grid[name] for name in ("frozenRowCount", "frozenColumnCount") if name in grid}
    sheet.grid = {name: value for name, value in (kept | frozen).items() if value}
    if sheet.grid.get("frozenRowCount", 0) >= sheet.row_count:
        raise bad_request("You can't freeze all visible rows on the sheet.")
    if sheet.grid.get("frozenColumnCount", 0) >= sheet.column_count:
        raise bad_request("You can't freeze all visible columns on the sheet.")
    _check_frozen_merges(sheet)


def _check_frozen_merges(sheet: Sheet) -> None:
    """Raise `Refused` where the frozen part would end inside of a merge."""
    for axis, noun in (("Row", "rows"), ("Column", "columns")):
        frozen = sheet.grid.get(f"frozen{axis}Count", 0)
        for merge in sheet.parts.get("merges", ()):
            if merge[f"start{axis}Index"] < frozen < merge[f"end{axis}Index"]:
                raise bad_request(
                    f"You can't freeze {noun} which contain only part of a merged cell."
                )


def _move(book: Book, sheet: Sheet, index: int) -> None:
    """Move a tab; Google counts the place before the tab is taken out."""
    old = book.sheets.index(sheet)
    book.sheets.insert(_index(book, index) or 0, sheet)
    del book.sheets[old if index > old else old + 1]


def _copy_title(book: Book, title: str) -> str:
    name, number = f"Copy of {title}", 1
    while book.sheet_titled(name) is not None:
        number += 1
        name = f"Copy {number} of {title}"
    return name


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise bad_request(f"Invalid time zone: {name}") from None
