"""What a cell becomes when somebody types text into it (`USER_ENTERED`)."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING

from sync.sandbox.sheets.cells import Formula, Value, number
from sync.sandbox.sheets.serials import date_serial

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.locales import Locale

_CENTURY = 100
_PIVOT = 30
_DATE = re.compile(r"(\d{1,4})([/\-. ])(\d{1,2})(?:\2(\d{1,4}))?")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[ \-]([^\W\d_]+)\.?(?:[ ,\-]+(\d{4}))?")
_MONTH_DAY_YEAR = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:,? (\d{4}))?")
_MONTH_YEAR = re.compile(r"([^\W\d_]+)\.?[ \-](\d{4})")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}(?:\.\d+)?))?(?: ?([ap]m))?", re.IGNORECASE)

Typed = tuple[Value, "Json | None"]


def typed(text: str, *, locale: Locale, today: date) -> Typed:
    """
    Return the value that typing *text* gives, and the number format that it brings.

    Numbers, percentages, money, dates and times are read as *locale* writes them; a
    leading apostrophe keeps text, a leading `=` makes a formula.
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
    return _number(plain, locale) or _moment(plain, locale, today) or (text, None)


def _number(text: str, locale: Locale) -> Typed | None:
    point, comma = re.escape(locale.decimal), re.escape(locale.grouping)
    money = re.escape(locale.currency)
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
        pattern = f'"{locale.currency}"#,##0' + (".00" if cents else "")
        return {"type": "CURRENCY", "pattern": pattern}
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
        return number(clock), {"type": "TIME", "pattern": locale.time_pattern}
    head, _, tail = text.rpartition(" ")
    if tail.lower() in {"am", "pm"}:
        head, _, hour = head.rpartition(" ")
        tail = f"{hour} {tail}"
    day_found, clock = _day(head.rstrip(","), locale, today), _time(tail)
    if day_found is None or clock is None:
        return None
    pattern = f"{day_found[1]} {locale.time_pattern}"
    value = number((date_serial(day_found[0]) * 86_400 + round(clock * 86_400)) / 86_400)
    return value, {"type": "DATE_TIME", "pattern": pattern}


def _day(text: str, locale: Locale, today: date) -> tuple[date, str] | None:
    if match := _DATE.fullmatch(text):
        return _digit_day(match, locale, today)
    if match := _DAY_MONTH_YEAR.fullmatch(text):
        day = _date(match[3] or str(today.year), locale.month_number(match[2]), match[1])
        return (day, "d mmmm yyyy") if day else None
    if match := _MONTH_DAY_YEAR.fullmatch(text):
        day = _date(match[3] or str(today.year), locale.month_number(match[1]), match[2])
        return (day, "mmmm d, yyyy") if day else None
    if match := _MONTH_YEAR.fullmatch(text):
        day = _date(match[2], locale.month_number(match[1]), "1")
        return (day, "mmmm yyyy") if day else None
    return None


def _digit_day(match: re.Match[str], locale: Locale, today: date) -> tuple[date, str] | None:
    first, mark, second, third = match.groups()
    if len(first) == len("2026"):
        day = third and _date(first, int(second), third)
        return (day, f"yyyy{mark}mm{mark}dd") if day else None
    if third is None and mark != "/":
        return None
    month, number_of_day = (second, first) if locale.day_first else (first, second)
    day = _date(third or str(today.year), int(month), number_of_day)
    pattern = locale.date_pattern if mark == "/" else locale.date_pattern.replace("/", mark)
    return (day, pattern) if day else None


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


def _time(text: str) -> float | None:
    match = _TIME.fullmatch(text)
    if match is None or (":" not in text and match[3] is None):
        return None
    hour, second = int(match[1]), float(match[3] or 0)
    if match[4]:
        hour = hour % 12 + (12 if match[4].lower() == "pm" else 0)
    try:
        clock = time(hour, int(match[2]), int(second))
    except ValueError:
        return None
    return (clock.hour * 3600 + clock.minute * 60 + second) / 86_400
