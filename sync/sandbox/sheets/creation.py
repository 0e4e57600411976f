"""What a new spreadsheet is to hold from its first moment on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.sheet import Sheet

#: part of the API's Sheet to the request that adds one, and the field of it that takes it
_PARTS = {
    "merges": ("mergeCells", "range"),
    "conditionalFormats": ("addConditionalFormatRule", "rule"),
    "protectedRanges": ("addProtectedRange", "protectedRange"),
    "filterViews": ("addFilterView", "filter"),
    "bandedRanges": ("addBanding", "bandedRange"),
    "charts": ("addChart", "chart"),
    "tables": ("addTable", "table"),
    "developerMetadata": ("createDeveloperMetadata", "developerMetadata"),
}
_BESIDES = {
    "mergeCells": {"mergeType": "MERGE_ALL"},
}


def first_requests(book: Book, body: Json) -> Iterator[tuple[str, Json]]:
    """
    Yield the requests, each with its kind, that make the tabs of *book* as *body* says.

    body: the API's Spreadsheet; its properties and those of its tabs are there already
    """
    for sheet, wanted in zip(book.sheets, body.get("sheets", ()), strict=False):
        for data in wanted.get("data", ()):
            yield from _cells(sheet, data)
        for name, (kind, field) in _PARTS.items():
            for part in wanted.get(name, ()):
                yield kind, {field: part} | _BESIDES.get(kind, {})
        if "basicFilter" in wanted:
            yield "setBasicFilter", {"filter": wanted["basicFilter"]}
        for group in (*wanted.get("rowGroups", ()), *wanted.get("columnGroups", ())):
            yield "addDimensionGroup", {"range": group.get("range", {})}
    for named in body.get("namedRanges", ()):
        yield "addNamedRange", {"namedRange": named}


def _cells(sheet: Sheet, data: Json) -> Iterator[tuple[str, Json]]:
    top, left = data.get("startRow", 0), data.get("startColumn", 0)
    if rows := data.get("rowData"):
        start = {"sheetId": sheet.sheet_id, "rowIndex": top, "columnIndex": left}
        yield "updateCells", {"start": start, "rows": rows, "fields": "*"}
    for dimension, name, first in (
        ("ROWS", "rowMetadata", top),
        ("COLUMNS", "columnMetadata", left),
    ):
        for at, properties in enumerate(data.get(name, ()), first):
            lines = {"sheetId": sheet.sheet_id, "dimension": dimension}
            lines |= {"startIndex": at, "endIndex": at + 1}
            if properties:
                request = {"range": lines, "properties": properties, "fields": "*"}
                yield "updateDimensionProperties", request
