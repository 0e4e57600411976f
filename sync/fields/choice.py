"""Kind `choice`: one of the config's options, or one of their aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.fields.parsed import Parsed
from sync.model import Problem, ProblemCode
from sync.text.fold import folded

if TYPE_CHECKING:
    from datetime import date

    from sync.fields.answer import Answer
    from sync.model import FieldSpec


def parse_choice(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """Return the option that was meant, as the config writes it."""
    option = chosen(spec, answer.text)
    if option is None:
        options = ", ".join(spec.options)
        return Problem(ProblemCode.CHOICE_UNKNOWN, spec.name, {"options": options})
    return Parsed(option)


def chosen(spec: FieldSpec, text: str) -> str | None:
    """Return the option that *text* names, case, spaces and punctuation aside."""
    wanted = folded(text)
    for option, aliases in spec.options.items():
        if wanted and wanted in {folded(name) for name in (option, *aliases)}:
            return option
    return None
