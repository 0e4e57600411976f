"""A row's answers → `Accepted | Rejected`, and the normal forms that answers are compared by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sync.fields import Parsed, parse, raw_text, read_answer
from sync.fields.cross import cross_cautions, too_old
from sync.fields.dates import read_day
from sync.model import Accepted, Kind, Problem, ProblemCode, Rejected
from sync.text.dates import long_date
from sync.text.fold import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sync.model import Caution, Cell, FieldSpec


def validate(
    answers: Mapping[str, Cell], fields: Sequence[FieldSpec], *, today: date
) -> Accepted | Rejected:
    """
    Return what a letter can be written from, or what must be corrected first.

    Problems and cautions are in the order of *fields*; a field without an answer is empty.
    `values` also holds `<field>_panjang` (17 Agustus 1985) for every date field.
    """
    outcomes = {f.name: parse(f, answers.get(f.name), today=today) for f in fields}
    outcomes |= too_old(fields, outcomes, today=today)
    parsed = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Parsed)}
    problems = tuple(outcome for outcome in outcomes.values() if isinstance(outcome, Problem))
    own = [caution for outcome in parsed.values() for caution in outcome.cautions]
    cautions = _in_order([*own, *cross_cautions(fields, parsed, today=today)], fields)
    values = _values(fields, parsed)
    if problems:
        return Rejected(problems=problems, cautions=cautions, values=values)
    return Accepted(values=values, cautions=cautions)


def evidence_text(spec: FieldSpec, cell: Cell, *, today: date) -> str:
    """
    Return a normal form of one answer, by which rows and entries are told apart.

    The value when it can be read (ISO for a date, also for one in the future), else the
    letters and digits of what stands there; case folded; "" when empty.
    """
    answer = read_answer(spec, cell)
    if answer.is_empty:
        return ""
    if spec.kind is Kind.DATE:
        on = read_day(answer, today=today)
        return folded(raw_text(cell)) if isinstance(on, ProblemCode) else on.isoformat()
    outcome = parse(spec, cell, today=today)
    value = outcome.value if isinstance(outcome, Parsed) else ""
    return value.casefold() or folded(raw_text(cell))


def duplicate_text(duplicate_of: Sequence[str], values: Mapping[str, str]) -> str | None:
    """
    Return what two duplicates have in common, as canonical JSON.

    values: of the valid fields; None when one of *duplicate_of* is not among them, or all
    of them are empty: then nothing is known to be a duplicate.
    """
    if not all(name in values for name in duplicate_of):
        return None
    same = {name: values[name].casefold() for name in duplicate_of}
    if not any(same.values()):
        return None
    return json.dumps(same, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _in_order(cautions: Iterable[Caution], fields: Sequence[FieldSpec]) -> tuple[Caution, ...]:
    place = {spec.name: index for index, spec in enumerate(fields)}
    return tuple(sorted(cautions, key=lambda caution: place[caution.field]))


def _values(fields: Sequence[FieldSpec], parsed: Mapping[str, Parsed]) -> dict[str, str]:
    values: dict[str, str] = {}
    for spec in fields:
        outcome = parsed.get(spec.name)
        if outcome is None:
            continue
        values[spec.name] = outcome.value
        if spec.kind is Kind.DATE:
            values[f"{spec.name}_panjang"] = long_date(outcome.on) if outcome.on else ""
    return values
