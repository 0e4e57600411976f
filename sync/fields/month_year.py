"""Kind `month_year`: since when; a month or only a year. How long is asked back."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sync.fields.dates import YEARS, day_in_text, day_of_serial
from sync.fields.months import month_of
from sync.fields.parsed import Parsed
from sync.model import Caution, CautionCode, Problem, ProblemCode
from sync.text.dates import month_name

if TYPE_CHECKING:
    from sync.fields.answer import Answer
    from sync.model import FieldSpec

_UNIT = r"(?:tahun|thn|th|bulan|bln|minggu|hari)(?:an|nan)?\b"
_COUNT = (
    r"(?:(?<![0-9])[0-9]{1,3}(?:[.,][0-9]+)?|\b(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan"
    r"|sembilan|sepuluh|sebelas|belas|puluh|puluhan|belasan|beberapa)\b)"
)
_DURATION = re.compile(
    rf"{_COUNT}\s*{_UNIT}|\bse(?:tahun|bulan|minggu)|\bber(?:tahun|bulan)|\blama\b"
)
_FILLER = re.compile(r"\b(?:sejak|mulai|bulan|bln|tahun|thn|th)\b[.:]?")
_WORD_YEAR = re.compile(r"([^\W\d_]+)[-/., ]*([0-9]{4})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})\s*[-/. ]\s*([0-9]{1,2})")
_YEAR = re.compile(r"[0-9]{4}")
_DECEMBER = 12


def parse_month_year(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:
    """Return "Januari 2019" or "2019"; `on` is the month's first day, a bare year's December."""
    read = _month_and_year(answer, today=today)
    if isinstance(read, ProblemCode):
        return Problem(read, spec.name)
    month, year = read
    if (year, month or 0) > (today.year, today.month):
        return Problem(ProblemCode.MONTH_YEAR_FUTURE, spec.name)
    latest = date(year, month or _DECEMBER, 1)
    value = f"{month_name(month)} {year}" if month else f"{year}"
    return Parsed(value, _recent(spec, latest, today), on=latest)


def _recent(spec: FieldSpec, latest: date, today: date) -> tuple[Caution, ...]:
    months = spec.warn_if_newer_than_months
    years, month = divmod(latest.month - 1 + months, 12)
    if not months or date(latest.year + years, month + 1, 1) <= today:
        return ()
    return (Caution(CautionCode.MONTH_YEAR_RECENT, spec.name, {"months": months}),)


def _month_and_year(answer: Answer, *, today: date) -> tuple[int, int] | ProblemCode:
    """Return month and year; month 0 when only the year is told."""
    number = answer.number
    if number is None:
        return _in_text(answer.text, today=today)
    if number in YEARS:
        return 0, int(number)
    on = day_of_serial(number) if number > YEARS[-1] else None
    return (on.month, on.year) if on else ProblemCode.MONTH_YEAR_UNREADABLE


def _in_text(text: str, *, today: date) -> tuple[int, int] | ProblemCode:
    lower = text.casefold()
    if _DURATION.search(lower):
        return ProblemCode.MONTH_YEAR_DURATION
    plain = " ".join(_FILLER.sub(" ", lower).split())
    read = _month_word(plain) or _digits(plain)
    if read is None:
        on = day_in_text(plain, today=today)
        read = None if isinstance(on, ProblemCode) else (on.month, on.year)
    if read is None or read[1] not in YEARS:
        return ProblemCode.MONTH_YEAR_UNREADABLE
    return read


def _month_word(text: str) -> tuple[int, int] | None:
    found = _WORD_YEAR.fullmatch(text)
    month = month_of(found[1]) if found else None
    return (month, int(found[2])) if found and month else None


def _digits(text: str) -> tuple[int, int] | None:
    if _YEAR.fullmatch(text):
        return 0, int(text)
    if found := _MONTH_YEAR.fullmatch(text):
        month, year = int(found[1]), int(found[2])
    elif found := _YEAR_MONTH.fullmatch(text):
        month, year = int(found[2]), int(found[1])
    else:
        return None
    return (month, year) if 1 <= month <= _DECEMBER else None
