"""
The requests of a `spreadsheets.batchUpdate`, as plain dictionaries.

Format: https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/request
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.google.interface import NEW_TAB_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.google.interface import Line, NewColumn, NewTab, Placement, Replacement, Tab

Request = dict[str, Any]


def growth(
    new_tabs: Sequence[NewTab], row_counts: Mapping[int, int], column_counts: Mapping[int, int]
) -> Iterator[Request]:
    """Yield the new sizes of tabs that are there; unlike appending, it may be repeated."""
    added = {tab.gid for tab in new_tabs}
    for gid, count in row_counts.items():
        if gid not in added:
            yield _grid_properties(gid, rowCount=count)
    for gid, count in column_counts.items():
        yield _grid_properties(gid, columnCount=count)


def tabs(new_tabs: Sequence[NewTab], row_counts: Mapping[int, int]) -> Iterator[Request]:
    """Yield the new tabs with their headers in a frozen first row."""
    for tab in new_tabs:
        yield {
            "addSheet": {
                "properties": {
                    "sheetId": tab.gid,
                    "title": tab.title,
                    "gridProperties": {
                        "rowCount": row_counts.get(tab.gid, NEW_TAB_ROWS),
                        "columnCount": max(len(tab.header), 1),
                        "frozenRowCount": 1,
                    },
                }
            }
        }
        yield _texts(tab.gid, 1, tab.header)


def replacement(wanted: Replacement) -> Request:
    """Return a swap of whole cells in one column, below the header."""
    return {
        "findReplace": {
            "find": wanted.find,
            "replacement": wanted.text,
            "matchCase": True,
            "matchEntireCell": True,
            "range": _below_header(wanted.gid, wanted.column),
        }
    }


def placement(wanted: Placement) -> Request:
    """Return a text at a place of this moment; an empty one empties the cell."""
    value = {"userEnteredValue": {"stringValue": wanted.text}} if wanted.text else {}
    return {
        "updateCells": {
            "rows": [{"values": [value]}],
            "fields": "userEnteredValue",
            "start": {
                "sheetId": wanted.gid,
                "rowIndex": wanted.row_number - 1,
                "columnIndex": wanted.column,
            },
        }
    }


def line(wanted: Line) -> Request:
    """Return a row of texts at its fixed place."""
    return _texts(wanted.gid, wanted.row_number, wanted.texts)


def columns(tab: Tab, new: Sequence[NewColumn], *, at: int) -> list[Request]:
    """Return what adds *new* to a tab, from column *at* on."""
    requests = [_grid_properties(tab.gid, frozenRowCount=1)]
    if tab.column_count < at + len(new):
        requests.append(_grid_properties(tab.gid, columnCount=at + len(new)))
    for column, wanted in enumerate(new, start=at):
        requests += _column(tab.gid, column, wanted)
    return requests


def removals(columns: Mapping[int, Sequence[int]], tabs: Sequence[int]) -> list[Request]:
    """Return what deletes columns, from the right so that the others keep their place, and tabs."""
    places = [(gid, at) for gid, own in columns.items() for at in sorted(own, reverse=True)]
    return [
        *({"deleteDimension": {"range": _dimension(gid, at)}} for gid, at in places),
        *({"deleteSheet": {"sheetId": gid}} for gid in tabs),
    ]


def _column(gid: int, column: int, wanted: NewColumn) -> Iterator[Request]:
    yield _header(gid, column, wanted)
    yield _plain_text(gid, column)
    yield _width(gid, column, wanted.width)
    if wanted.options:
        yield _drop_down(gid, column, wanted)
    for text, colour in (wanted.colours or {}).items():
        yield _colour(gid, column, text, colour)
    if wanted.worker_owned:
        yield _warning(gid, column, wanted.help)


def _header(gid: int, column: int, wanted: NewColumn) -> Request:
    cell = {"userEnteredValue": {"stringValue": wanted.header}, "note": wanted.help}
    return {
        "updateCells": {
            "rows": [{"values": [cell]}],
            "fields": "userEnteredValue,note",
            "start": {"sheetId": gid, "rowIndex": 0, "columnIndex": column},
        }
    }


def _plain_text(gid: int, column: int) -> Request:
    """Keep what people type, or Google might make a number or a date of it."""
    return {
        "repeatCell": {
            "range": _column_range(gid, column),
            "cell": {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}},
            "fields": "userEnteredFormat.numberFormat",
        }
    }


def _width(gid: int, column: int, pixels: int) -> Request:
    return {
        "updateDimensionProperties": {
            "range": _dimension(gid, column),
            "properties": {"pixelSize": pixels},
            "fields": "pixelSize",
        }
    }


def _drop_down(gid: int, column: int, wanted: NewColumn) -> Request:
    """Offer the options; not strict, so that pasting a row is never refused."""
    options = [{"userEnteredValue": option} for option in wanted.options]
    return {
        "setDataValidation": {
            "range": _column_range(gid, column),
            "rule": {
                "condition": {"type": "ONE_OF_LIST", "values": options},
                "inputMessage": wanted.help,
                "strict": False,
                "showCustomUi": True,
            },
        }
    }


def _colour(gid: int, column: int, text: str, colour: str) -> Request:
    rule = {
        "ranges": [_column_range(gid, column)],
        "booleanRule": {
            "condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": text}]},
            "format": {"backgroundColor": _rgb(colour)},
        },
    }
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}


def _warning(gid: int, column: int, description: str) -> Request:
    """Warn before typing; a hard protection may keep staff from sorting."""
    return {
        "addProtectedRange": {
            "protectedRange": {
                "range": _column_range(gid, column),
                "description": description,
                "warningOnly": True,
            }
        }
    }


def _texts(gid: int, row_number: int, texts: Sequence[str]) -> Request:
    """Return a row of literal texts from column A on, never parsed as typed."""
    values = [{"userEnteredValue": {"stringValue": text}} for text in texts]
    return {
        "updateCells": {
            "rows": [{"values": values}],
            "fields": "userEnteredValue",
            "start": {"sheetId": gid, "rowIndex": row_number - 1, "columnIndex": 0},
        }
    }


def _grid_properties(gid: int, **properties: int) -> Request:
    """Return a change of a tab's size; it may be repeated, appendDimension may not."""
    return {
        "updateSheetProperties": {
            "properties": {"sheetId": gid, "gridProperties": properties},
            "fields": ",".join(f"gridProperties.{name}" for name in properties),
        }
    }


def _dimension(gid: int, column: int) -> Request:
    return {
        "sheetId": gid,
        "dimension": "COLUMNS",
        "startIndex": column,
        "endIndex": column + 1,
    }


def _column_range(gid: int, column: int) -> Request:
    """
    Return a whole column, header included.

    Form rows are inserted right below the header, and only what covers the header too grows
    with them.
    """
    return {"sheetId": gid, "startColumnIndex": column, "endColumnIndex": column + 1}


def _below_header(gid: int, column: int) -> Request:
    return {
        "sheetId": gid,
        "startRowIndex": 1,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }


def _rgb(colour: str) -> dict[str, float]:
    """Return `#rrggbb` as Google's fractions."""
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return dict(zip(("red", "green", "blue"), parts, strict=True))
