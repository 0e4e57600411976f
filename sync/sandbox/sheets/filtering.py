"""Filters: how Google gives them back, and which rows a tab's basic filter hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.conditions import holds, subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book, Sheet


def echoed(wanted: Json) -> Json:
    """
    Return a BasicFilter or FilterView with its criteria said in both of the API's ways.

    Whichever was given, Google answers `criteria` and `filterSpecs`; where both were, the
    specs count. A column of 0 is shown.
    """
    criteria = _criteria(wanted)
    kept = {name: value for name, value in wanted.items() if value or name != "sortSpecs"}
    kept.pop("criteria", None)
    kept.pop("filterSpecs", None)
    if "sortSpecs" in kept:
        kept["sortSpecs"] = [{"dimensionIndex": 0} | one for one in kept["sortSpecs"]]
    if criteria:
        kept["criteria"] = {str(column): one for column, one in criteria.items()}
        kept["filterSpecs"] = [
            {"filterCriteria": one, "columnIndex": column} for column, one in criteria.items()
        ]
    return kept


def hidden_rows(book: Book, sheet: Sheet, rows: Iterable[int]) -> set[int]:
    """Return those of *rows* that the basic filter hides; its first row is a header."""
    basic: Json = sheet.parts.get("basicFilter", {})
    criteria = _criteria(basic)
    if not criteria:
        return set()
    area = ranges.from_grid_range(book, basic["range"])
    body = range(area.top + 1, area.bottom)
    return {row for row in rows if row in body and _is_hidden(book, sheet, row, criteria)}


def _criteria(wanted: Json) -> dict[int, Json]:
    """Return the criteria by column; `filterSpecs` take precedence (Google, BasicFilter)."""
    specs = wanted.get("filterSpecs")
    if specs:
        return {one.get("columnIndex", 0): one.get("filterCriteria", {}) for one in specs}
    return {int(column): one for column, one in wanted.get("criteria", {}).items()}


def _is_hidden(book: Book, sheet: Sheet, row: int, criteria: Mapping[int, Json]) -> bool:
    for column, one in criteria.items():
        cell = subject(book, sheet, row, column)
        if cell.text in one.get("hiddenValues", ()):
            return True
        if "condition" in one and holds(book, one["condition"], cell) is False:
            return True
    return False
