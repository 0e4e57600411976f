"""Kind `rt_rw`: the number of a neighbourhood, three digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.fields.parsed import Parsed
from sync.model import Problem, ProblemCode

if TYPE_CHECKING:
    from datetime import date

    from sync.fields.answer import Answer
    from sync.model import FieldSpec

_NUMBER = re.compile(
    r"(?:R[TW]\b|R[TW](?=[0-9]))?[ .:-]*0*([1-9][0-9]{0,2}) ?([A-Z]?)", re.IGNORECASE | re.ASCII
)


def parse_rt_rw(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """Return 1 to 999 as 003, with a letter as 003A."""
    found = _NUMBER.fullmatch(answer.text)
    if not found:
        return Problem(ProblemCode.RT_RW_INVALID, spec.name)
    return Parsed(f"{int(found[1]):03}{found[2].upper()}")
