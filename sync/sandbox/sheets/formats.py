"""How a value is shown: number formats, in the spreadsheet's locale."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sync.sandbox.sheets.cells import CellError, Result
from sync.sandbox.sheets.date_patterns import moment_text
from sync.sandbox.sheets.number_patterns import number_text, text_text

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.locales import Locale

DATE_TYPES = frozenset(("DATE", "TIME", "DATE_TIME"))

_SMALL, _LARGE = 1e-5, 1e15
_FIRST_DAY = -693_593  # 1 January of the year 1
_LAST_DAY = 2_958_466  # 31 December 9999 and one


def formatted(value: Result, number_format: Json, locale: Locale) -> str:
    """Return the text that a person sees in the cell."""
    if isinstance(value, str):
        pattern = number_format.get("pattern", "") if number_format else ""
        return text_text(value, pattern) if "@" in pattern else value
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
    if kind in DATE_TYPES:
        if not _FIRST_DAY <= value < _LAST_DAY:
            return general(value, locale)
        return moment_text(value, number_format.get("pattern") or _default(kind, locale), locale)
    pattern = number_format.get("pattern") or _default(kind, locale)
    if kind == "TEXT" or pattern in {"", "@", "General"}:
        return general(value, locale)
    return number_text(value, pattern, locale)


def _default(kind: str | None, locale: Locale) -> str:
    """Return the pattern of a format that names none (Google, NumberFormatType)."""
    match kind:
        case "NUMBER":
            return "#,##0.00"
        case "PERCENT":
            return "0.00%"
        case "CURRENCY":
            return f'"{locale.currency}"#,##0.00'
        case "SCIENTIFIC":
            return "0.00E+00"
        case "DATE":
            return locale.date_pattern
        case "TIME":
            return locale.time_pattern
        case "DATE_TIME":
            return locale.moment_pattern
    return ""


def general(value: float, locale: Locale) -> str:
    """
    Return a number without a format: plain up to 15 digits, else 3.50732E+15.

    Decimals are dropped where there is no room for them, digits before the point never are.
    """
    if value == 0:
        return "0"
    if abs(value) >= _LARGE or abs(value) < _SMALL:
        mantissa, _, exponent = f"{value:.5e}".partition("e")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}E{exponent}"
    else:
        whole = len(str(int(abs(value))))
        text = format(Decimal(f"{value:.{max(whole, 10)}g}" if value % 1 else f"{value:.15g}"), "f")
    return text.replace(".", locale.decimal)
