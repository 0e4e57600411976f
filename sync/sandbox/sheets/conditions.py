"""Whether a cell meets a BooleanCondition of a filter or a conditional format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.sandbox.sheets.locales import locale
from sync.sandbox.sheets.reading import effective, shown
from sync.sandbox.sheets.serials import date_serial
from sync.sandbox.sheets.typed import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.cells import Result
    from sync.sandbox.sheets.sheet import Sheet

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")
_ADDRESS = re.compile(r"(?:https?|ftp)://\S+|www\.\S+\.\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The cell that is asked about: the text that it shows, and what it comes to."""

    text: str
    value: Result

    @property
    def number(self) -> float | None:
        """The number that the cell holds; None for text, truth or nothing."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            return None
        return self.value


def subject(book: Book, sheet: Sheet, row: int, column: int) -> Subject:
    """Return the cell as a condition sees it."""
    return Subject(text=shown(book, sheet, row, column), value=effective(book, sheet, row, column))


def holds(book: Book, condition: Json, cell: Subject) -> bool | None:
    """Return whether the cell meets *condition*; None for a kind that the sandbox cannot judge."""
    kind, values = condition.get("type", ""), condition.get("values", [])
    if kind in _TEXTS and values:
        given = str(values[0].get("userEnteredValue", ""))
        return _TEXTS[kind](cell.text.casefold(), given.casefold())
    if kind in _PLAIN:
        return _PLAIN[kind](cell)
    if kind in _NUMBERS:
        return _number_holds(book, kind, values, cell)
    return _date_holds(book, kind, values, cell) if kind in _DATES else None


def _number_holds(book: Book, kind: str, values: list[Json], cell: Subject) -> bool | None:
    given = [_given_number(book, one) for one in values]
    known = [number for number in given if number is not None]
    if len(known) != (2 if "BETWEEN" in kind else 1):
        return None
    return cell.number is not None and _NUMBERS[kind](cell.number, known)


def _date_holds(book: Book, kind: str, values: list[Json], cell: Subject) -> bool | None:
    given = [_given_days(book, one) for one in values]
    known = [days for days in given if days is not None]
    if len(known) != (2 if "BETWEEN" in kind else 1):
        return None
    day = None if cell.number is None else int(cell.number // 1)
    return day is not None and _DATES[kind](day, known[0][0], known[-1][1])


def _given_number(book: Book, given: Json) -> float | None:
    text = str(given.get("userEnteredValue", ""))
    value, _ = typed(text, locale=locale(book.locale), today=_today(book))
    return None if isinstance(value, bool) or not isinstance(value, int | float) else value


def _given_days(book: Book, given: Json) -> tuple[int, int] | None:
    """Return the first and the last day, as serials, that a condition's value means."""
    if "relativeDate" in given:
        first, last = _RELATIVE.get(given["relativeDate"], (0, 0))
        today = date_serial(_today(book))
        return today + first, today + last
    number = _given_number(book, given)
    return None if number is None else (int(number // 1), int(number // 1))


def _today(book: Book) -> date:
    day: date = book.calculated_at.astimezone(book.zone).date()
    return day


_YEAR, _MONTH, _WEEK = 365, 30, 7
_RELATIVE = {
    "PAST_YEAR": (-_YEAR, 0),
    "PAST_MONTH": (-_MONTH, 0),
    "PAST_WEEK": (-_WEEK, 0),
    "YESTERDAY": (-1, -1),
    "TODAY": (0, 0),
    "TOMORROW": (1, 1),
}
_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "TEXT_EQ": lambda text, given: text == given,
    "TEXT_NOT_EQ": lambda text, given: text != given,
    "TEXT_CONTAINS": lambda text, given: given in text,
    "TEXT_NOT_CONTAINS": lambda text, given: given not in text,
    "TEXT_STARTS_WITH": str.startswith,
    "TEXT_ENDS_WITH": str.endswith,
}
_PLAIN: Mapping[str, Callable[[Subject], bool]] = {
    "BLANK": lambda cell: not cell.text,
    "NOT_BLANK": lambda cell: bool(cell.text),
    "TEXT_IS_EMAIL": lambda cell: bool(_EMAIL.fullmatch(cell.text)),
    "TEXT_IS_URL": lambda cell: bool(_ADDRESS.fullmatch(cell.text)),
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
#: of a day and the first and the last day that are meant
_DATES: Mapping[str, Callable[[int, int, int], bool]] = {
    "DATE_EQ": lambda day, first, last: first <= day <= last,
    "DATE_NOT_EQ": lambda day, first, last: not first <= day <= last,
    "DATE_BEFORE": lambda day, first, _: day < first,
    "DATE_AFTER": lambda day, _, last: day > last,
    "DATE_ON_OR_BEFORE": lambda day, _, last: day <= last,
    "DATE_ON_OR_AFTER": lambda day, first, _: day >= first,
    "DATE_BETWEEN": lambda day, first, last: first <= day <= last,
    "DATE_NOT_BETWEEN": lambda day, first, last: not first <= day <= last,
}
