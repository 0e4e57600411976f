"""`includeGridData`: cells with everything about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets.cells import CellError, Formula, Result, Value
from sync.sandbox.sheets.conditional import conditional_format
from sync.sandbox.sheets.filtering import hidden_rows
from sync.sandbox.sheets.formats import formatted
from sync.sandbox.sheets.formulas.calculation import link
from sync.sandbox.sheets.locales import locale
from sync.sandbox.sheets.look import effective_format
from sync.sandbox.sheets.reading import effective, effective_number_format

if TYPE_CHECKING:
    from sync.sandbox.masks import Mask
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.sheets.viewer import Viewer

ROW_PIXELS = 21
COLUMN_PIXELS = 100


def grid_data(book: Book, area: Area, mask: Mask, looks: Viewer) -> Json:
    """Return the API's GridData of *area*; *mask* tells which parts to bother with."""
    body: Json = {}
    if area.top:
        body["startRow"] = area.top
    if area.left:
        body["startColumn"] = area.left
    if _wanted(mask, "rowData") and (rows := _rows(book, area)):
        body["rowData"] = rows
    if _wanted(mask, "rowMetadata"):
        body["rowMetadata"] = _row_metadata(book, area, looks)
    if _wanted(mask, "columnMetadata"):
        body["columnMetadata"] = _column_metadata(area, looks)
    return body


def cell_data(book: Book, sheet: Sheet, row: int, column: int) -> Json:
    """Return the API's CellData; an empty cell without a format is `{}`."""
    value, extra = sheet.value(row, column), sheet.attached(row, column)
    body: Json = {}
    entered: Json = extra.get("userEnteredFormat", {})
    shown, result = entered, None
    if value is not None:
        result = effective(book, sheet, row, column)
        pattern = effective_number_format(book, sheet, row, column)
        body["userEnteredValue"] = _extended(value)
        if result not in (None, ""):
            body["effectiveValue"] = _effective(result)
        if text := formatted(result, pattern, locale(book.locale)):
            body["formattedValue"] = text
        shown = entered | ({"numberFormat": pattern} if pattern else {})
    body |= {name: part for name, part in extra.items() if name != "userEnteredFormat"}
    if entered:
        body["userEnteredFormat"] = entered
    ruled, address = conditional_format(book, sheet, row, column), _link(book, sheet, row, column)
    if value is not None or entered or ruled:
        body["effectiveFormat"] = effective_format(result, shown, ruled, address)
    if address is not None:
        body["hyperlink"] = address
    return body


def _wanted(mask: Mask, name: str) -> bool:
    return not mask or "*" in mask or name in mask


def _span(area: Area) -> range:
    return range(area.top, area.bottom)


def _rows(book: Book, area: Area) -> list[Json]:
    rows = [
        _row(book, area, row) for row in range(area.top, min(area.bottom, len(area.sheet.rows)))
    ]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _row(book: Book, area: Area, row: int) -> Json:
    cells = [cell_data(book, area.sheet, row, column) for column in range(area.left, area.right)]
    while cells and not cells[-1]:
        cells.pop()
    return {"values": cells} if cells else {}


def _extended(value: Value) -> Json:
    if isinstance(value, Formula):
        return {"formulaValue": value.text}
    return _effective(value)


def _effective(value: Result) -> Json:
    if isinstance(value, CellError):
        told = {"message": value.message} if value.message else {}
        return {"errorValue": {"type": value.kind} | told}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    return {"numberValue": value if value is not None else 0}


def _link(book: Book, sheet: Sheet, row: int, column: int) -> str | None:
    value, extra = sheet.value(row, column), sheet.attached(row, column)
    if isinstance(value, Formula):
        return link(book, sheet, row, column)
    entered: Json = extra.get("userEnteredFormat", {}).get("textFormat", {})
    uris = [entered.get("link", {}).get("uri")]
    uris += [run.get("format", {}).get("link", {}).get("uri") for run in _runs(extra)]
    found = [uri for uri in uris if uri]
    if not found and isinstance(value, str) and _is_address(value):
        return value
    return found[0] if found else None


def _runs(extra: Json) -> list[Json]:
    found: list[Json] = extra.get("textFormatRuns", [])
    return found


def _is_address(value: str) -> bool:
    return value.startswith(("http://", "https://")) and not any(map(str.isspace, value))


def _row_metadata(book: Book, area: Area, looks: Viewer) -> list[Json]:
    filtered = hidden_rows(book, area.sheet, _span(area))
    tags = _line_tags(area.sheet, looks, rows=True)
    found = []
    for row in _span(area):
        body = _row_properties(area.sheet, row)
        if row in filtered:
            body = {"hiddenByFilter": True} | body
        found.append(body | tags.get(row, {}))
    return found


def _row_properties(sheet: Sheet, row: int) -> Json:
    if row >= len(sheet.rows):
        return {"pixelSize": ROW_PIXELS}
    line = sheet.rows[row]
    hidden: Json = {"hiddenByUser": True} if line.hidden else {}
    return hidden | {"pixelSize": line.height or ROW_PIXELS}


def _column_metadata(area: Area, looks: Viewer) -> list[Json]:
    tags = _line_tags(area.sheet, looks, rows=False)
    columns = range(area.left, area.right)
    return [_column_properties(area.sheet, column) | tags.get(column, {}) for column in columns]


def _column_properties(sheet: Sheet, column: int) -> Json:
    own = sheet.column_properties(column)
    shown = {name: value for name, value in own.items() if name != "question"}
    return {"pixelSize": COLUMN_PIXELS} | shown


def _line_tags(sheet: Sheet, looks: Viewer, *, rows: bool) -> dict[int, Json]:
    """Return the metadata on rows, or on columns, by line."""
    wanted = "ROWS" if rows else "COLUMNS"
    found: dict[int, Json] = {}
    for body in looks.metadata(sheet.metadata):
        lines = body["location"].get("dimensionRange", {})
        if lines.get("dimension") == wanted:
            line = found.setdefault(lines["startIndex"], {"developerMetadata": []})
            line["developerMetadata"].append(body)
    return found
