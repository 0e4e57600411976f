"""Kind `agreement`: the statement that the applicant has to confirm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.fields.parsed import Parsed
from sync.model import Problem, ProblemCode

if TYPE_CHECKING:
    from datetime import date

    from sync.fields.answer import Answer
    from sync.model import FieldSpec

_REFUSED = re.compile(
    r"(?:saya )?(?:tidak|tdk|tak|belum)(?:[.,!].*| ?\(?(?:setuju|bersedia|menyetujui)\b.*)?|false",
    re.IGNORECASE,
)


def parse_agreement(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """Return "true" for a ticked box or any text that is no refusal; "" if it need not be."""
    if answer.number is None and not answer.is_empty and not _REFUSED.fullmatch(answer.text):
        return Parsed("true")
    return Problem(ProblemCode.AGREEMENT_MISSING, spec.name) if spec.required else Parsed("")
