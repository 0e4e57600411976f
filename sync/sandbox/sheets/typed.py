"""What a cell becomes when somebody types text into it (`USER_ENTERED`)."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sync.sandbox.sheets.cells import Formula, Value, number
from sync.sandbox.sheets.serials import date_serial

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.locales import Locale

_PIVOT = 30
_FOREIGN = "$€£¥₩₹"
_DATE = re.compile(r"(\d{1,4})([/\-. ])(\d{1,2})(?:\2(\d{1,4}))?")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})([ \-])([^\W\d_]+)\.?(?:(, ?|[ \-])(\d{4}))?")
_MONTH_DAY_YEAR = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:(,? )(\d{4}))?")
_MONTH_YEAR = re.compile(r"([^\W\d_]+)\.?([ \-])(\d{4})")
_TIME = re.compile(
    r"(\d{1,5})(?:([:.])([0-5]\d)(?:\2([0-5]\d)([.,]\d+)?)?)?(?: ?([ap])\.?m\.?)?", re.IGNORECASE
)
_NOON, _HOURS = 12, 24
_ABBREVIATED = 3
_SECONDS_A_DAY = 86_400

Typed = tuple[Value, "Json | None"]


def typed(text: str, *, locale: Locale, today: date) -> Typed:
    """
    Return the value that typing *text* gives, and the number format that it brings.

    Numbers, percentages, money, dates and times are read as *locale* writes them, and shown
    as they were typed; a leading apostrophe keeps text, a leading `=` makes a formula, and so
    does a `+` before what is no number: a telephone number with spaces is an error.
    """
    if text == "":
        return None, None
    if text.startswith("'"):
        return text[1:], None
    if text.startswith("=") and len(text) > 1:
        return Formula(text), None
    if text.upper() in {"TRUE", "FALSE"}:
        return text.upper() == "TRUE", None
    plain = text.strip()
    if found := _number(plain, locale) or _moment(plain, locale, today):
        return found
    return Formula(f"={plain}") if plain[:1] == "+" and len(plain) > 1 else text, None


def _number(text: str, locale: Locale) -> Typed | None:
    point, comma = re.escape(locale.decimal), re.escape(locale.grouping)
    money = rf"{re.escape(locale.currency)}|[{_FOREIGN}]"
    match = re.fullmatch(
        rf"([-+]?)({money})? ?(\d{{1,3}}(?:{comma}\d{{3}})+|\d*)({point}\d*)?(E[-+]?\d+)?(%)?",
        text,
        re.ASCII | re.IGNORECASE,
    )
    if match is None or not re.search(r"\d", (match[3] or "") + (match[4] or "")):
        return None
    whole = match[3].replace(locale.grouping, "")
    fraction = (match[4] or "").replace(locale.decimal, ".")
    try:
        value = float(f"{match[1]}{whole or '0'}{fraction}{match[5] or ''}")
    except OverflowError:
        return None
    if value in (float("inf"), float("-inf")):
        return None
    return number(float(f"{value / (100 if match[6] else 1):.15g}")), _number_format(match, locale)


def _number_format(match: re.Match[str], locale: Locale) -> Json | None:
    cents = len(match[4] or "") > 1
    if match[6]:
        return {"type": "PERCENT", "pattern": "0.00%" if cents else "0%"}
    if match[2]:
        own = match[2].casefold() == locale.currency.casefold()
        symbol = f'"{locale.currency}"' if own else f"[${match[2]}]"
        return {"type": "CURRENCY", "pattern": f"{symbol}#,##0" + (".00" if cents else "")}
    if locale.grouping in match[3]:
        return {"type": "NUMBER", "pattern": "#,##0.00" if cents else "#,##0"}
    if match[5]:
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    return None


def _moment(text: str, locale: Locale, today: date) -> Typed | None:
    if (found := _day(text, locale, today)) is not None:
        day, pattern = found
        return date_serial(day), {"type": "DATE", "pattern": pattern}
    if (clock := _time(text)) is not None:
        seconds, pattern = clock
        return number(seconds / _SECONDS_A_DAY), {"type": "TIME", "pattern": pattern}
    head, _, tail = text.rpartition(" ")
    if tail.lower() in {"am", "pm"}:
        head, _, hour = head.rpartition(" ")
        tail = f"{hour} {tail}"
    day_found, clock = _day(head.rstrip(","), locale, today), _time(tail)
    if day_found is None or clock is None or clock[0] >= _SECONDS_A_DAY:
        return None
    value = number((date_serial(day_found[0]) * _SECONDS_A_DAY + clock[0]) / _SECONDS_A_DAY)
    return value, {"type": "DATE_TIME", "pattern": f"{day_found[1]} {clock[1]}"}


def _day(text: str, locale: Locale, today: date) -> tuple[date, str] | None:
    """Return the day that *text* names, and the pattern that shows it as it was typed."""
    this_year = str(today.year)
    if match := _DATE.fullmatch(text):
        return _digit_day(match, locale, this_year)
    if match := _DAY_MONTH_YEAR.fullmatch(text):
        day = _date(match[5] or this_year, locale.month_number(match[3]), match[1])
        pattern = f"d{match[2]}{_month(match[3])}" + (f"{match[4]}yyyy" if match[5] else "")
    elif match := _MONTH_DAY_YEAR.fullmatch(text):
        day = _date(match[4] or this_year, locale.month_number(match[1]), match[2])
        pattern = f"{_month(match[1])} d" + (f"{match[3]}yyyy" if match[4] else "")
    elif match := _MONTH_YEAR.fullmatch(text):
        day = _date(match[3], locale.month_number(match[1]), "1")
        pattern = f"{_month(match[1])}{match[2]}yyyy"
    else:
        return None
    return (day, pattern) if day else None


def _month(name: str) -> str:
    return "mmm" if len(name) <= _ABBREVIATED else "mmmm"


def _digit_day(match: re.Match[str], locale: Locale, this_year: str) -> tuple[date, str] | None:
    first, mark, second, third = match.groups()
    if len(first) == len("2026"):
        day = third and _date(first, int(second), third)
        return (day, f"yyyy{mark}mm{mark}dd") if day else None
    if third is None and mark != "/":
        return None
    month, number_of_day = (second, first) if locale.day_first else (first, second)
    day = _date(third or this_year, int(month), number_of_day)
    pattern = locale.date_pattern if third else locale.date_pattern.removesuffix("/yyyy")
    return (day, pattern.replace("/", mark)) if day else None


def _date(year: str, month: int | None, day: str) -> date | None:
    if month is None or len(year) == len("202"):
        return None
    full = int(year)
    if len(year) < len("2026"):
        full += 2000 if full < _PIVOT else 1900
    try:
        found = date(full, month, int(day))
    except ValueError:
        return None
    return found if found.year >= 1900 else None  # noqa: PLR2004  # where serials begin


def _time(text: str) -> tuple[float, str] | None:
    """Return seconds and a pattern; more than a day's hours are a duration."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hours, mark, minutes, seconds, fraction, half = match.groups()
    if (minutes is None and half is None) or (mark == "." and seconds is None):
        return None
    hour = int(hours)
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half.lower() == "p" else 0)
    total = hour * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    exact = total + (float(fraction.replace(",", ".")) if fraction else 0)
    if hour >= _HOURS:
        return exact, "[h]:mm:ss"
    pattern = mark.join(["h", "mm", "ss"][: 3 if seconds else 2]) if mark else "h"
    return exact, pattern + (" am/pm" if half else "")
