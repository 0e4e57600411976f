"""Kind `nik`: the 16 digits of an identity number; only the impossible is an error."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sync.fields.parsed import Parsed
from sync.model import Caution, CautionCode, Problem, ProblemCode

if TYPE_CHECKING:
    from sync.fields.answer import Answer
    from sync.model import FieldSpec

LENGTH = 16
WOMEN_ADD = 40  #: to the day of birth

#: 38 and 65 (Kalimantan Utara), 93-96 (new provinces of Papua) included.
_PROVINCES = frozenset(
    [
        *range(11, 20),
        21,
        *range(31, 37),
        51,
        52,
        53,
        *range(61, 66),
        *range(71, 77),
        81,
        82,
        *range(91, 97),
    ]
)
_WAS_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+|[0-9]{10,}[.,]0+")
_LABEL = re.compile(r"^(?:['’‘]\s*)?(?:nik\s*[:.]?\s*)?(?:['’‘]\s*)?", re.IGNORECASE)  # noqa: RUF001
_SEPARATORS = re.compile(r"[\s.\-]")


def parse_nik(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """
    Return the 16 digits; a leading ' or "NIK:", spaces, dots, dashes are dropped.

    Nothing else is repaired: an O stays a letter. The first problem that holds is told.
    Format: PPRRKK DDMMYY SSSS, day + 40 for women (Dukcapil); Sheets keeps 15 digits of
    a number, so a number cell is never trusted.
    """
    if answer.number is not None or _WAS_NUMBER.fullmatch(answer.text):
        return Problem(ProblemCode.NIK_NUMBER_CELL, spec.name)
    digits = _SEPARATORS.sub("", _LABEL.sub("", answer.text))
    if not re.fullmatch(r"[0-9]*", digits):
        return Problem(ProblemCode.NIK_LETTERS, spec.name)
    if len(digits) != LENGTH:
        return Problem(ProblemCode.NIK_LENGTH, spec.name, {"count": len(digits)})
    if code := _impossible_part(digits):
        return Problem(code, spec.name)
    local = digits.startswith(spec.region)
    elsewhere = () if local else (Caution(CautionCode.NIK_OTHER_REGION, spec.name),)
    return Parsed(digits, elsewhere)


def birth_part(digits: str) -> tuple[int, int, int]:
    """Return day (women's + 40), month and year of two digits, as the NIK holds them."""
    return int(digits[6:8]), int(digits[8:10]), int(digits[10:12])


def _impossible_part(digits: str) -> ProblemCode | None:
    if digits[0] == "0":
        return ProblemCode.NIK_TEMPORARY
    if int(digits[:2]) not in _PROVINCES or "00" in (digits[2:4], digits[4:6]):
        return ProblemCode.NIK_REGION
    day, month, year = birth_part(digits)
    day -= WOMEN_ADD if day > WOMEN_ADD else 0
    if not any(exists(century + year, month, day) for century in (1900, 2000)):
        return ProblemCode.NIK_BIRTH_DATE
    return ProblemCode.NIK_SERIAL if digits.endswith("0000") else None


def exists(year: int, month: int, day: int) -> bool:
    """Whether the calendar has that day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
