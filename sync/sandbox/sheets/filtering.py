"""
Filters: how they are kept, how Google gives them back, which rows a tab's basic filter hides.

A filter is kept as the API's BasicFilter or FilterView, but each of its `filterSpecs` and
`sortSpecs` has a one-column GridRange `at` in place of its column: so it moves along with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.conditions import holds, subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet

_BY_COLUMN = frozenset(("criteria", "filterSpecs", "sortSpecs"))


def kept(wanted: Json, area: Area) -> Json:
    """Return the API's filter of *area* as it is kept; of two ways to say criteria specs count."""
    specs = wanted.get("filterSpecs") or [
        {"columnIndex": int(column), "filterCriteria": one}
        for column, one in wanted.get("criteria", {}).items()
    ]
    body = {name: value for name, value in wanted.items() if name not in _BY_COLUMN}
    body["range"] = ranges.echoed(area)
    for name, key, given in (
        ("filterSpecs", "columnIndex", specs),
        ("sortSpecs", "dimensionIndex", wanted.get("sortSpecs")),
    ):
        if given:
            body[name] = [_placed(one, key, area.sheet) for one in given]
    return body


def shown(filter_: Json) -> Json:
    """
    Return a kept filter as the API's.

    Whichever way the criteria were given, Google answers `criteria` and `filterSpecs`, and
    shows a column of 0.
    """
    body = dict(filter_)
    if "sortSpecs" in body:
        body["sortSpecs"] = [_indexed(one, "dimensionIndex") for one in body["sortSpecs"]]
    if "filterSpecs" in body:
        body["filterSpecs"] = [_indexed(one, "columnIndex") for one in body["filterSpecs"]]
        body["criteria"] = {
            str(one["columnIndex"]): one.get("filterCriteria", {}) for one in body["filterSpecs"]
        }
    return body


def _placed(spec: Json, key: str, sheet: Sheet) -> Json:
    column = spec.get(key, 0)
    rest = {name: value for name, value in spec.items() if name != key}
    home: Json = {"sheetId": sheet.sheet_id} if sheet.sheet_id else {}
    return rest | {"at": home | {"startColumnIndex": column, "endColumnIndex": column + 1}}


def _indexed(spec: Json, key: str) -> Json:
    rest = {name: value for name, value in spec.items() if name != "at"}
    return {key: spec["at"]["startColumnIndex"]} | rest


def hidden_rows(book: Book, sheet: Sheet, rows: Iterable[int]) -> set[int]:
    """Return those of *rows* that the basic filter hides; its first row is a header."""
    basic: Json = sheet.parts.get("basicFilter", {})
    specs = basic.get("filterSpecs", ())
    criteria = {one["at"]["startColumnIndex"]: one.get("filterCriteria", {}) for one in specs}
    if not criteria:
        return set()
    area = ranges.from_grid_range(book, basic["range"])
    body = range(area.top + 1, area.bottom)
    return {row for row in rows if row in body and _is_hidden(book, sheet, row, criteria)}


def _is_hidden(book: Book, sheet: Sheet, row: int, criteria: Mapping[int, Json]) -> bool:
    for column, one in criteria.items():
        cell = subject(book, sheet, row, column)
        if cell.text in one.get("hiddenValues", ()):
            return True
        if "condition" in one and holds(book, one["condition"], cell) is False:
            return True
    return False
