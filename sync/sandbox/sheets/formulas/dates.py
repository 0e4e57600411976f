"""Functions of dates and times, which are serials."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sync.sandbox.sheets.formulas.values import failed, number_of, parsed_number, text_of
from sync.sandbox.sheets.serials import date_serial, moment, serial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sync.sandbox.sheets.cells import Result
    from sync.sandbox.sheets.formulas.values import OfValues, Setting

_LAST = 2_958_466  #: the day after 31 December 9999
_FIRST_YEAR = 1900
_MONTHS = 12


def _today(_values: Sequence[Result], setting: Setting, _name: str) -> Result:
    return date_serial(setting.now.date())


def _now(_values: Sequence[Result], setting: Setting, _name: str) -> Result:
    return serial(setting.now)


def _date(values: Sequence[Result], setting: Setting, name: str) -> Result:
    year, month, day = (
        int(number_of(value, setting, name, at)) for at, value in enumerate(values, 1)
    )
    if 0 <= year < _FIRST_YEAR:
        year += _FIRST_YEAR
    return _serial(year, month, day, name)


def _time(values: Sequence[Result], setting: Setting, name: str) -> Result:
    hour, minute, second = (
        int(number_of(value, setting, name, at)) for at, value in enumerate(values, 1)
    )
    return ((hour * 60 + minute) * 60 + second) / 86_400 % 1


def _months_later(values: Sequence[Result], setting: Setting, name: str) -> Result:
    day = _moment(values[0], setting, name)
    months = day.month - 1 + int(number_of(values[1], setting, name, 2))
    first = _serial(day.year, months + 1, 1, name)
    after = _serial(day.year, months + 2, 1, name)
    return min(first + day.day - 1, after - 1)


def _part(values: Sequence[Result], setting: Setting, name: str) -> Result:
    when = _moment(values[0], setting, name)
    found: int = getattr(when, name.lower())
    return found


def _weekday(values: Sequence[Result], setting: Setting, name: str) -> Result:
    from_monday = _moment(values[0], setting, name).weekday()
    kind = int(number_of(values[1], setting, name, 2)) if len(values) > 1 else 1
    starts = {1: (from_monday + 1) % 7 + 1, 2: from_monday + 1, 3: from_monday}
    if kind not in starts:
        raise failed("#NUM!", f"Function {name} parameter 2 value is {kind}. It should be 1 to 3.")
    return starts[kind]


def _date_value(values: Sequence[Result], setting: Setting, name: str) -> Result:
    text = text_of(values[0], setting)
    found = parsed_number(text, setting) if text else None
    if found is None:
        message = f"{name} parameter '{text}' cannot be parsed to date/time."
        raise failed("#VALUE!", message)
    return int(found)


def _serial(year: int, month: int, day: int, name: str) -> int:
    """Return the serial of a day; months and days may be more or fewer than there are."""
    years, month_index = divmod(month - 1, _MONTHS)
    try:
        first = date(year + years, month_index + 1, 1)
        found = date_serial(first + timedelta(days=day - 1))
    except (ValueError, OverflowError):
        raise _outside(name) from None
    if found < 0:
        raise _outside(name)
    return found


def _moment(value: Result, setting: Setting, name: str) -> datetime:
    number = number_of(value, setting, name)
    if not 0 <= number < _LAST:
        raise _outside(name)
    return moment(number)


def _outside(name: str) -> Exception:
    return failed("#NUM!", f"Function {name} parameter 1 value is not a date that there is.")


OF_VALUES: Mapping[str, OfValues] = {
    "DATE": (3, 3, _date),
    "DATEVALUE": (1, 1, _date_value),
    "DAY": (1, 1, _part),
    "EDATE": (2, 2, _months_later),
    "HOUR": (1, 1, _part),
    "MINUTE": (1, 1, _part),
    "MONTH": (1, 1, _part),
    "NOW": (0, 0, _now),
    "SECOND": (1, 1, _part),
    "TIME": (3, 3, _time),
    "TODAY": (0, 0, _today),
    "WEEKDAY": (1, 2, _weekday),
    "YEAR": (1, 1, _part),
}
