"""Requests about texts that hold several cells: pasted from elsewhere, or in one column."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.kinds.markup import table_rows
from sync.sandbox.sheets.ranges import Area

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.sheet import Sheet

_VALUES = "PASTE_VALUES"
_TYPED = {"PASTE_NORMAL", "PASTE_NO_BORDERS", "PASTE_FORMULA", _VALUES}
_DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


def paste_data(edit: Edit, request: Json) -> Json:
    """Write a text with a delimiter, or the table in a page, as if typed; the grid grows."""
    lines = _pasted_lines(request)
    start = request.get("coordinate", {})
    sheet = edit.book.sheet(start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    if top < 0 or left < 0:
        raise bad_request("The coordinate must not be negative.")
    height, width = len(lines), max(map(len, lines), default=0)
    if not width or request.get("type", "PASTE_NORMAL") not in _TYPED:
        return {}
    sheet.row_count = max(sheet.row_count, top + height)
    sheet.column_count = max(sheet.column_count, left + width)
    edit.book.check_size()
    edit.check(Area(sheet=sheet, top=top, bottom=top + height, left=left, right=left + width))
    for row, line in enumerate(lines, top):
        for column, text in enumerate(line, left):
            extra = sheet.attached(row, column)
            edit.write(sheet, row, column, text, raw=False)
            if request.get("type") == _VALUES:
                sheet.put_extra(row, column, extra)
    return {}


def text_to_columns(edit: Edit, request: Json) -> Json:
    """Split the texts of one column over it and the columns to its right, read as if typed."""
    area = ranges.from_grid_range(edit.book, request.get("source", {}))
    if area.width != 1:
        raise bad_request("The source of textToColumns must span exactly one column.")
    sheet, rows = area.sheet, range(area.top, min(area.bottom, len(area.sheet.rows)))
    texts = {row: value for row in rows if isinstance(value := sheet.value(row, area.left), str)}
    delimiter = _delimiter(request, texts.values())
    parts = {row: text.split(delimiter) for row, text in texts.items()}
    width = max(map(len, parts.values()), default=1)
    _make_wide(edit, sheet, area.left + width)
    edit.check(
        Area(sheet=sheet, top=area.top, bottom=area.bottom, left=area.left, right=area.left + width)
    )
    for row, cells in parts.items():
        for column, text in enumerate(cells, area.left):
            edit.write(sheet, row, column, text.strip(), raw=False)
    return {}


def _make_wide(edit: Edit, sheet: Sheet, columns: int) -> None:
    sheet.column_count = max(sheet.column_count, columns)
    edit.book.check_size()


def _delimiter(request: Json, texts: Iterable[str]) -> str:
    kind = request.get("delimiterType", "DELIMITER_TYPE_UNSPECIFIED")
    if kind == "CUSTOM":
        if not request.get("delimiter"):
            raise bad_request("A custom delimiter must be set.")
        return str(request["delimiter"])
    if kind == "AUTODETECT":
        first = next(iter(texts), "")
        return max(_DELIMITERS.values(), key=first.count)
    if kind not in _DELIMITERS:
        raise bad_request("delimiterType must be set.")
    return _DELIMITERS[kind]


def _pasted_lines(request: Json) -> list[list[str]]:
    text = request.get("data", "")
    if request.get("html"):
        return table_rows(text)
    delimiter = request.get("delimiter", "")
    if not delimiter:
        raise bad_request("One of delimiter or html must be set.")
    if len(delimiter) == 1 and delimiter not in '\r\n"':
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return [line.split(delimiter) for line in text.splitlines()]
