"""The two locales that villages meet: how they write numbers and dates."""

from __future__ import annotations

from dataclasses import dataclass

_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTHS_ID = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_DAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DAYS_ID = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
_SHORT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Locale:
    """How one locale writes numbers and dates."""

    decimal: str
    grouping: str
    day_first: bool
    date_pattern: str
    time_pattern: str
    moment_pattern: str
    currency: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]

    def month_number(self, name: str) -> int | None:
        """Return 1..12 for a month's name or its first letters; English is read everywhere."""
        folded = name.casefold().rstrip(".")
        for months in (self.months, _MONTHS_EN):
            for number, month in enumerate(months, 1):
                if len(folded) >= _SHORT and month.casefold().startswith(folded):
                    return number
        return None


ENGLISH = Locale(
    decimal=".",
    grouping=",",
    day_first=False,
    date_pattern="M/d/yyyy",
    time_pattern="h:mm:ss am/pm",
    moment_pattern="M/d/yyyy H:mm:ss",
    currency="$",
    months=tuple(_MONTHS_EN),
    weekdays=tuple(_DAYS_EN),
)
INDONESIAN = Locale(
    decimal=",",
    grouping=".",
    day_first=True,
    date_pattern="dd/MM/yyyy",
    time_pattern="H.mm.ss",
    moment_pattern="dd/MM/yyyy H:mm:ss",
    currency="Rp",
    months=tuple(_MONTHS_ID),
    weekdays=tuple(_DAYS_ID),
)
_INDONESIAN_NAMES = {"in_ID", "id_ID", "in", "id"}


def locale(name: str) -> Locale:
    """Return the locale that Google calls *name*; any but Indonesian writes as en_US."""
    return INDONESIAN if name in _INDONESIAN_NAMES else ENGLISH
