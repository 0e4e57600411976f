"""Kind `date`: a day, written in any of the ways of the village. Day first, always."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sync.fields.months import month_of
from sync.fields.parsed import Parsed
from sync.model import Problem, ProblemCode

if TYPE_CHECKING:
    from sync.fields.answer import Answer
    from sync.model import FieldSpec

_SERIAL_0 = date(1899, 12, 30).toordinal()  #: Sheets counts days from here
_LAST_SERIAL = date.max.toordinal() - _SERIAL_0
YEARS = range(1900, 2101)  #: a number cell in here is a year, not a serial

_WORDS_BEFORE = re.compile(r"^(?:[^0-9,]+,\s*)+")
_TIME_AFTER = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$")
_GAP = r"\s*[-/. ]\s*"
_DAY_MONTH_YEAR = re.compile(rf"([0-9]{{1,2}}){_GAP}([0-9]{{1,2}}){_GAP}([0-9]{{4}}|[0-9]{{2}})")
_YEAR_MONTH_DAY = re.compile(rf"([0-9]{{4}}){_GAP}([0-9]{{1,2}}){_GAP}([0-9]{{1,2}})")
_EIGHT_DIGITS = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_MONTH_WORD = re.compile(r"([0-9]{1,2})[-/. ]*([^\W\d_]+)[-/., ]*([0-9]{4}|[0-9]{2})")


def parse_date(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:
    """Return the day, printed 15-08-1985."""
    on = read_day(answer, today=today)
    if isinstance(on, ProblemCode):
        return Problem(on, spec.name)
    if on > today:
        return Problem(ProblemCode.DATE_FUTURE, spec.name)
    return Parsed(f"{on.day:02}-{on.month:02}-{on.year:04}", on=on)


def read_day(answer: Answer, *, today: date) -> date | ProblemCode:
    """Return the day that a cell holds: a serial number, or text."""
    if answer.number is None:
        return day_in_text(answer.text, today=today)
    if answer.number > _LAST_SERIAL and answer.number == int(answer.number):
        return day_in_text(answer.text, today=today)
    if answer.number in YEARS:
        return ProblemCode.DATE_UNREADABLE
    return day_of_serial(answer.number) or ProblemCode.DATE_UNREADABLE


def day_of_serial(number: float) -> date | None:
    """Return the day of a Sheets serial number (days since 1899-12-30), its time dropped."""
    ordinal = _SERIAL_0 + number // 1
    if not date.min.toordinal() <= ordinal <= date.max.toordinal():
        return None
    return date.fromordinal(int(ordinal))


def day_in_text(text: str, *, today: date) -> date | ProblemCode:
    """
    Return the day that *text* tells, or why not (unreadable, impossible).

    A year of two digits is the latest that does not lie after *today*.
    """
    text = _TIME_AFTER.sub("", _WORDS_BEFORE.sub("", text))
    if found := _YEAR_MONTH_DAY.fullmatch(text):
        year, month, day = found.groups()
        return _day(day, int(month), year, today=today)
    if found := _DAY_MONTH_YEAR.fullmatch(text) or _EIGHT_DIGITS.fullmatch(text):
        day, month, year = found.groups()
        return _day(day, int(month), year, today=today)
    if found := _MONTH_WORD.fullmatch(text):
        day, name, year = found.groups()
        if named := month_of(name):
            return _day(day, named, year, today=today)
    return ProblemCode.DATE_UNREADABLE


def years_before(today: date, years: int) -> date:
    """Return the same day *years* earlier; for 29 February else the 28th."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)


def _day(day: str, month: int, year: str, *, today: date) -> date | ProblemCode:
    if len(year) > 2:  # noqa: PLR2004  # digits of a short year
        return _existing(int(year), month, int(day)) or ProblemCode.DATE_IMPOSSIBLE
    this_century = today.year - today.year % 100 + int(year)
    days = (_existing(this_century - back, month, int(day)) for back in (0, 100))
    return next((d for d in days if d and d <= today), ProblemCode.DATE_IMPOSSIBLE)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
