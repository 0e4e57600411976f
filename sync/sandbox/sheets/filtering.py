"""Which rows a tab's basic filter hides; simple conditions only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.reading import effective, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book, Sheet
    from sync.sandbox.sheets.cells import Result


def hidden_rows(book: Book, sheet: Sheet, rows: Iterable[int]) -> set[int]:
    """Return those of *rows* that the basic filter hides; its first row is a header."""
    basic: Json = sheet.parts.get("basicFilter", {})
    criteria = _criteria(basic)
    if not criteria:
        return set()
    area = ranges.from_grid_range(book, basic["range"])
    body = range(area.top + 1, area.bottom)
    return {row for row in rows if row in body and _is_hidden(book, sheet, row, criteria)}


def _criteria(basic: Json) -> dict[int, Json]:
    """Return the criteria by column; `filterSpecs` take precedence (Google, BasicFilter)."""
    specs = basic.get("filterSpecs")
    if specs:
        return {one.get("columnIndex", 0): one.get("filterCriteria", {}) for one in specs}
    return {int(column): one for column, one in basic.get("criteria", {}).items()}


def _is_hidden(book: Book, sheet: Sheet, row: int, criteria: Mapping[int, Json]) -> bool:
    for column, one in criteria.items():
        text = shown(book, sheet, row, column)
        value = effective(book, sheet, row, column)
        if text in one.get("hiddenValues", ()) or not _holds(one.get("condition"), text, value):
            return True
    return False


def _holds(condition: Json | None, text: str, value: Result) -> bool:
    if condition is None:
        return True
    kind = condition.get("type", "")
    given = [one.get("userEnteredValue", "") for one in condition.get("values", ())]
    if kind in _TEXTS and given:
        return _TEXTS[kind](text.casefold(), given[0].casefold())
    if kind in {"BLANK", "NOT_BLANK"}:
        return (not text) is (kind == "BLANK")
    numbers = [number for number in map(_number, given) if number is not None]
    if kind in _NUMBERS and len(numbers) == _OPERANDS.get(kind, 1):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return _NUMBERS[kind](value, numbers)
    return True


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


_OPERANDS = {"NUMBER_BETWEEN": 2, "NUMBER_NOT_BETWEEN": 2}
_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "TEXT_EQ": lambda text, given: text == given,
    "TEXT_NOT_EQ": lambda text, given: text != given,
    "TEXT_CONTAINS": lambda text, given: given in text,
    "TEXT_NOT_CONTAINS": lambda text, given: given not in text,
    "TEXT_STARTS_WITH": str.startswith,
    "TEXT_ENDS_WITH": str.endswith,
}
_NUMBERS: Mapping[str, Callable[[float, list[float]], bool]] = {
    "NUMBER_EQ": lambda value, given: value == given[0],
    "NUMBER_NOT_EQ": lambda value, given: value != given[0],
    "NUMBER_GREATER": lambda value, given: value > given[0],
    "NUMBER_GREATER_THAN_EQ": lambda value, given: value >= given[0],
    "NUMBER_LESS": lambda value, given: value < given[0],
    "NUMBER_LESS_THAN_EQ": lambda value, given: value <= given[0],
    "NUMBER_BETWEEN": lambda value, given: given[0] <= value <= given[1],
    "NUMBER_NOT_BETWEEN": lambda value, given: not given[0] <= value <= given[1],
}
