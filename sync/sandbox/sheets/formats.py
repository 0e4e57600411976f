"""How a value is shown: number formats, in the spreadsheet's locale."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sync.sandbox.sheets.cells import CellError, Result
from sync.sandbox.sheets.serials import moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.locales import Locale

DATE_TYPES = frozenset(("DATE", "TIME", "DATE_TIME"))

_DATE_TOKEN = re.compile(
    r"\"[^\"]*\"|\\.|am/pm|a/p|y+|m+|d+|h+|s+|\.?0+|.", re.IGNORECASE | re.DOTALL
)
_NUMBER = re.compile(r"[#0?,.]+(?:E[+-]0+)?%?")
_SMALL, _LARGE = 1e-5, 1e15
_LAST_DAY = 2_958_466  # 31 December 9999 and one


def formatted(value: Result, number_format: Json, locale: Locale) -> str:
    """Return the text that a person sees in the cell."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, CellError):
        return value.code
    return _formatted_number(value, number_format, locale)


def is_date(number_format: Json) -> bool:
    """Return whether the format shows a serial as a date or a time."""
    return number_format.get("type") in DATE_TYPES


def _formatted_number(value: float, number_format: Json, locale: Locale) -> str:
    kind = number_format.get("type")
    if kind in DATE_TYPES and 0 <= value < _LAST_DAY:
        return _moment_text(value, number_format.get("pattern") or _default(kind, locale), locale)
    pattern = number_format.get("pattern") or _NUMBER_PATTERNS.get(kind or "", "")
    if kind == "TEXT" or pattern in {"", "@", "General"}:
        return general(value, locale)
    return _patterned(value, pattern, locale)


_NUMBER_PATTERNS = {
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "CURRENCY": '"$"#,##0.00',
    "SCIENTIFIC": "0.00E+00",
}


def _default(kind: str | None, locale: Locale) -> str:
    if kind == "DATE":
        return locale.date_pattern
    if kind == "TIME":
        return locale.time_pattern
    return f"{locale.date_pattern} {locale.time_pattern}"


def general(value: float, locale: Locale) -> str:
    """Return a number without a format: plain up to 15 digits, else 3.50732E+15."""
    if value == 0:
        return "0"
    if abs(value) >= _LARGE or abs(value) < _SMALL:
        mantissa, _, exponent = f"{value:.5e}".partition("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}E{exponent}"
    else:
        text = format(Decimal(f"{value:.10g}" if value % 1 else f"{value:.15g}"), "f")
    return text.replace(".", locale.decimal)


def _moment_text(value: float, pattern: str, locale: Locale) -> str:
    when = moment(value)
    tokens = _DATE_TOKEN.findall(pattern)
    twelve = any(token.lower() in {"am/pm", "a/p"} for token in tokens)
    return "".join(
        _date_part(token, when, minutes=minutes, twelve=twelve, locale=locale)
        for token, minutes in _with_minutes(tokens)
    )


def _with_minutes(tokens: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield each token, and whether an `m` means minutes: next to hours or seconds."""
    letters = [token[0].lower() for token in tokens]
    for at, token in enumerate(tokens):
        before = [letter for letter in letters[:at] if letter in "ymdhs"]
        after = [letter for letter in letters[at + 1 :] if letter in "ymdhs"]
        yield token, before[-1:] == ["h"] or after[:1] == ["s"]


def _date_part(token: str, when: datetime, *, minutes: bool, twelve: bool, locale: Locale) -> str:
    lower, size = token.lower(), len(token)
    if token.startswith(('"', "\\")):
        return token[1:].rstrip('"')
    if lower == "am/pm":
        return "PM" if when.hour >= 12 else "AM"  # noqa: PLR2004  # noon
    match lower[0]:
        case "y":
            return f"{when.year % 100:02}" if size <= 2 else str(when.year)  # noqa: PLR2004
        case "m":
            return f"{when.minute:0{size}}" if minutes else _month(when, size, locale)
        case "d":
            return _day(when, size, locale)
        case "h":
            return f"{(when.hour % 12 or 12) if twelve else when.hour:0{size}}"
        case "s":
            return f"{when.second:0{size}}"
    if re.fullmatch(r"\.0+", token):
        return locale.decimal + f"{when.microsecond:06}"[: size - 1]
    return token


def _month(when: datetime, size: int, locale: Locale) -> str:
    name = locale.months[when.month - 1]
    return {1: str(when.month), 2: f"{when.month:02}", 3: name[:3], 5: name[0]}.get(size, name)


def _day(when: datetime, size: int, locale: Locale) -> str:
    name = locale.weekdays[when.weekday()]
    return {1: str(when.day), 2: f"{when.day:02}", 3: name[:3]}.get(size, name)


def _patterned(value: float, pattern: str, locale: Locale) -> str:
    sections = re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", pattern)
    negative = value < 0 and len(sections) > 1
    section = sections[1] if negative else sections[0]
    shown = abs(value) if negative else value
    unquoted = re.split(r"(\"[^\"]*\"|\\.)", section)
    for at in range(0, len(unquoted), 2):
        if match := _NUMBER.search(unquoted[at]):
            text = _digits(shown, match[0], locale)
            unquoted[at] = unquoted[at][: match.start()] + text + unquoted[at][match.end() :]
            break
    sign = "-" if value < 0 and not negative else ""
    return sign + "".join(
        part[1:].rstrip('"') if at % 2 else part for at, part in enumerate(unquoted)
    )


def _digits(value: float, pattern: str, locale: Locale) -> str:
    amount = abs(Decimal(repr(value)))
    if pattern.endswith("%"):
        return _digits(float(amount * 100), pattern[:-1], locale) + "%"
    if "E" in pattern:
        return _scientific(float(amount), pattern, locale)
    whole, _, fraction = pattern.partition(".")
    rounded = amount.quantize(Decimal(1).scaleb(-len(fraction)), rounding=ROUND_HALF_UP)
    integer, _, decimals = format(rounded, "f").partition(".")
    while len(decimals) > fraction.rstrip("#").count("0") and decimals.endswith("0"):
        decimals = decimals[:-1]
    integer = integer.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole:
        integer = re.sub(r"(?<=\d)(?=(\d{3})+$)", locale.grouping, integer)
    return integer + (locale.decimal + decimals if decimals else "")


def _scientific(amount: float, pattern: str, locale: Locale) -> str:
    digits = pattern.partition("E")[0].partition(".")[2]
    mantissa, _, exponent = f"{amount:.{len(digits)}e}".partition("e")
    return f"{mantissa.replace('.', locale.decimal)}E{exponent}"
