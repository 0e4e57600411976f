"""
Field kinds: a cell in, the text that the letter prints or a `Problem` out.

To add a kind: a member of `model.Kind`, a parser here, its words in text/id.toml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.fields.agreement import parse_agreement
from sync.fields.amounts import parse_money, parse_number
from sync.fields.answer import Answer, raw_text, read_answer, unfit
from sync.fields.choice import chosen, parse_choice
from sync.fields.contact import parse_email, parse_phone
from sync.fields.dates import parse_date
from sync.fields.files import parse_files
from sync.fields.month_year import parse_month_year
from sync.fields.nik import parse_nik
from sync.fields.parsed import Parsed
from sync.fields.rt_rw import parse_rt_rw
from sync.fields.words import parse_name, parse_text
from sync.model import Caution, CautionCode, Kind, Problem, ProblemCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sync.model import Cell, FieldSpec

__all__ = ["Answer", "Parsed", "parse", "raw_text", "read_answer"]

_PARSERS: Mapping[Kind, Callable[[FieldSpec, Answer, date], Parsed | Problem]] = {
    Kind.NAME: parse_name,
    Kind.NIK: parse_nik,
    Kind.TEXT: parse_text,
    Kind.LONG_TEXT: parse_text,
    Kind.DATE: parse_date,
    Kind.MONTH_YEAR: parse_month_year,
    Kind.CHOICE: parse_choice,
    Kind.RT_RW: parse_rt_rw,
    Kind.PHONE: parse_phone,
    Kind.EMAIL: parse_email,
    Kind.NUMBER: parse_number,
    Kind.MONEY: parse_money,
    Kind.AGREEMENT: parse_agreement,
    Kind.FILES: parse_files,
}
_FORGIVEN = {Kind.PHONE: CautionCode.PHONE_INVALID, Kind.EMAIL: CautionCode.EMAIL_INVALID}


def parse(spec: FieldSpec, cell: Cell, *, today: date) -> Parsed | Problem:
    """
    Return what one answer says, or what is wrong with it.

    An optional phone or e-mail that fails is a caution and counts as empty. Rules that
    need a second answer are in `fields/cross.py`.
    """
    outcome = _outcome(spec, cell, today)
    if isinstance(outcome, Problem) and not spec.required and spec.kind in _FORGIVEN:
        return Parsed("", (Caution(_FORGIVEN[spec.kind], spec.name),))
    return outcome


def _outcome(spec: FieldSpec, cell: Cell, today: date) -> Parsed | Problem:
    answer = read_answer(spec, cell)
    if problem := unfit(spec, answer):
        return problem
    if _is_missing(spec, answer):
        return Problem(ProblemCode.MISSING, spec.name) if spec.required else Parsed("")
    return _PARSERS[spec.kind](spec, answer, today)


def _is_missing(spec: FieldSpec, answer: Answer) -> bool:
    """Tell emptiness; an option may itself read "Tidak ada", an agreement has its own words."""
    if spec.kind is Kind.AGREEMENT or not answer.is_empty:
        return False
    return spec.kind is not Kind.CHOICE or chosen(spec, answer.text) is None
