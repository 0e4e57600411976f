"""
Sheets tables: named blocks of rows under a header row, with typed columns.

A table is kept as the API's Table, but each of its `columnProperties` has a one-column
GridRange `at` in place of index and name: so it moves along with its column, and the name
is always what the header cell shows, as at Google.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.reading import shown

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet


def table_json(book: Book, table: Json) -> Json:
    """Return the API's Table."""
    area = ranges.from_grid_range(book, table["range"])
    own = {one["at"]["startColumnIndex"]: one for one in table["columnProperties"]}
    columns = [_column_json(book, area, column, own.get(column, {})) for column in _span(area)]
    return table | {"columnProperties": columns}


def header_area(area: Area) -> Area:
    """Return the header row of a table's area."""
    return replace(area, bottom=area.top + 1)


def body_area(area: Area) -> Area:
    """Return a table's area without its header row."""
    return replace(area, top=area.top + 1)


def table_around(sheet: Sheet, row: int, column: int) -> Json | None:
    """Return the table that the cell lies in."""
    place = ranges.cell(sheet, row, column)
    for table in sheet.parts.get("tables", ()):
        if ranges.overlap(table["range"], place):
            found: Json = table
            return found
    return None


def stretch(sheet: Sheet, table: Json, *, bottom: int, right: int) -> None:
    """Let *table* reach down to row bottom-1 and right to column right-1, if it does not."""
    old = table["range"]
    new = old | {
        "endRowIndex": max(old["endRowIndex"], bottom),
        "endColumnIndex": max(old["endColumnIndex"], right),
    }
    tables = sheet.part("tables")
    tables[tables.index(table)] = table | {"range": new}


def name_header(book: Book, area: Area) -> None:
    """Give each empty header cell of a table's area a name: `Column 3` is its third."""
    for column in _span(area):
        if not shown(book, area.sheet, area.top, column):
            area.sheet.put(area.top, column, _default_name(area, column))


def _column_json(book: Book, area: Area, column: int, own: Json) -> Json:
    index = column - area.left
    name = shown(book, area.sheet, area.top, column) or _default_name(area, column)
    kept = {key: value for key, value in own.items() if key != "at"}
    return ({"columnIndex": index} if index else {}) | {"columnName": name} | kept


def _default_name(area: Area, column: int) -> str:
    return f"Column {column - area.left + 1}"


def _span(area: Area) -> range:
    return range(area.left, area.right)
