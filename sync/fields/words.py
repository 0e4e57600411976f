"""Kinds `name`, `text` and `long_text`: printed as typed, never re-cased."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from sync.fields.dates import day_in_text
from sync.fields.parsed import Parsed
from sync.model import Caution, CautionCode, Kind, Problem, ProblemCode

if TYPE_CHECKING:
    from sync.fields.answer import Answer
    from sync.model import FieldSpec

_NAME_MARKS = frozenset(" .,'’-")
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)  #: letters and marks that show nothing (Unicode: Default_Ignorable_Code_Point)
_LEAST_LETTERS = 2
_PLACE_AND_DATE = re.compile(r"[^0-9,]+,.*[0-9].*")


def parse_name(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """Return a person's name, its titles and case kept."""
    kinds = [unicodedata.category(c)[0] for c in answer.text if c not in _NAME_MARKS]
    if set(kinds) - {"L", "M"} or _UNSEEN.search(answer.text):
        return Problem(ProblemCode.NAME_CHARACTERS, spec.name)
    if kinds.count("L") < _LEAST_LETTERS:
        return Problem(ProblemCode.NAME_SHORT, spec.name)
    lower = (Caution(CautionCode.NAME_CASE, spec.name),) if answer.text.islower() else ()
    return Parsed(answer.text, lower)


def parse_text(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:
    """Return the text; a `text` that is "place, date" as a whole gets a caution."""
    looks_dated = spec.kind is Kind.TEXT and _PLACE_AND_DATE.fullmatch(answer.text)
    if looks_dated and isinstance(day_in_text(answer.text, today=today), date):
        return Parsed(answer.text, (Caution(CautionCode.TEXT_DATE, spec.name),))
    return Parsed(answer.text)
