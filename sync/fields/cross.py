"""Checks between answers that are valid by themselves (domain: NIK, birth date, sex)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.fields.dates import years_before
from sync.fields.nik import WOMEN_ADD, birth_part, exists
from sync.fields.parsed import Parsed
from sync.model import Caution, CautionCode, Kind, Problem, ProblemCode
from sync.text.fold import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sync.model import FieldSpec

_OLDEST_YEARS = 120
_ADULT_YEARS = 17
_FIRST_KK_YEAR = 2004  #: family cards have been numbered like this since then
_WOMAN = frozenset({"perempuan", "wanita", "p"})
_MAN = frozenset({"lakilaki", "pria", "l"})


def too_old(
    fields: Sequence[FieldSpec], outcomes: Mapping[str, Parsed | Problem], *, today: date
) -> dict[str, Problem]:
    """Return the birth dates that lie more than 120 years back, as problems by field."""
    first = years_before(today, _OLDEST_YEARS)
    return {
        name: Problem(ProblemCode.DATE_TOO_OLD, name)
        for name in _birth_date_fields(fields)
        if (on := _day(outcomes, name)) and on < first
    }


def cross_cautions(
    fields: Sequence[FieldSpec], parsed: Mapping[str, Parsed], *, today: date
) -> list[Caution]:
    """Return what two valid answers together make doubtful; *parsed* holds only valid ones."""
    cautions: list[Caution] = []
    for name in _birth_date_fields(fields):
        cautions += _under_age(name, _day(parsed, name), today)
    for spec in fields:
        if spec.kind is Kind.NIK:
            cautions += _nik_cautions(spec, parsed, today)
        elif spec.kind is Kind.MONTH_YEAR:
            cautions += _before_birth(spec, fields, parsed)
    return cautions


def _birth_date_fields(fields: Sequence[FieldSpec]) -> list[str]:
    return list(dict.fromkeys(f.birth_date for f in fields if f.kind is Kind.NIK and f.birth_date))


def _day(outcomes: Mapping[str, Parsed] | Mapping[str, Parsed | Problem], name: str) -> date | None:
    outcome = outcomes.get(name)
    return outcome.on if isinstance(outcome, Parsed) else None


def _under_age(name: str, born: date | None, today: date) -> Iterator[Caution]:
    if born and born > years_before(today, _ADULT_YEARS):
        yield Caution(CautionCode.DATE_UNDER_17, name)


def _before_birth(
    spec: FieldSpec, fields: Sequence[FieldSpec], parsed: Mapping[str, Parsed]
) -> Iterator[Caution]:
    start = _day(parsed, spec.name)
    births = [born for name in _birth_date_fields(fields) if (born := _day(parsed, name))]
    if start and any(start < born.replace(day=1) for born in births):
        yield Caution(CautionCode.MONTH_YEAR_BEFORE_BIRTH, spec.name)


def _nik_cautions(spec: FieldSpec, parsed: Mapping[str, Parsed], today: date) -> Iterator[Caution]:
    nik = parsed[spec.name].value if spec.name in parsed else ""
    if not nik:
        return
    born = _day(parsed, spec.birth_date)
    if born and _maybe_family_card(nik, born, today):
        yield Caution(CautionCode.NIK_MAYBE_KK, spec.name)
        return
    if born and (code := _birth_doubt(nik, born)):
        yield Caution(code, spec.name)
    sex = parsed[spec.sex].value if spec.sex in parsed else ""
    if _is_woman(sex) not in {None, birth_part(nik)[0] > WOMEN_ADD}:
        yield Caution(CautionCode.NIK_SEX_MISMATCH, spec.name)


def _maybe_family_card(nik: str, born: date, today: date) -> bool:
    """Tell a family card's number: 16 digits too, with the day of its recording (no + 40)."""
    day, month, short_year = birth_part(nik)
    year = 2000 + short_year
    if short_year == born.year % 100 or not exists(year, month, day):
        return False
    return year >= _FIRST_KK_YEAR and (year, month, day) <= (today.year, today.month, today.day)


def _birth_doubt(nik: str, born: date) -> CautionCode | None:
    day, month, year = birth_part(nik)
    told = (day - WOMEN_ADD if day > WOMEN_ADD else day, month, year)
    if told == (born.day, born.month, born.year % 100):
        return None
    if told == (born.month, born.day, born.year % 100):
        return CautionCode.NIK_BIRTH_SWAPPED
    return CautionCode.NIK_BIRTH_MISMATCH


def _is_woman(sex: str) -> bool | None:
    word = folded(sex)
    if word in _WOMAN:
        return True
    return False if word in _MAN else None
