"""Dates as Indonesian letters and notes write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.text.words import words

if TYPE_CHECKING:
    from datetime import date, datetime

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ZONE_WORDS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura": "WIT",
}


def long_date(on: date) -> str:
    """Return "7 Maret 2026": no zero before the day."""
    return f"{on.day} {month_name(on.month)} {on.year}"


def month_name(month: int) -> str:
    """Return the Indonesian name of a month, 1 to 12."""
    name: str = words()["months"][month - 1]
    return name


def month_roman(month: int) -> str:
    """Return a month, 1 to 12, as letter numbers write it: I to XII."""
    return _ROMAN[month - 1]


def zone_word(timezone: str) -> str:
    """Return WIB, WITA or WIT for an Indonesian zone name; another name as it is."""
    return _ZONE_WORDS.get(timezone, timezone)


def updated_text(now_local: datetime, zone: str) -> str:
    """Return what `Diperbarui` shows: "diperbarui 24 November 2026 pukul 10.15 WIB"."""
    sentence: str = words()["updated"]
    return sentence.format(
        date=long_date(now_local), hour=now_local.hour, minute=now_local.minute, zone=zone
    )
