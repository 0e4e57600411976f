"""Kinds `number` and `money`: amounts as Indonesians write them, 1.250 and 1,5."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from sync.fields.parsed import Parsed
from sync.model import Problem, ProblemCode

if TYPE_CHECKING:
    from datetime import date

    from sync.fields.answer import Answer
    from sync.model import FieldSpec

_GROUPED = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]+))?")
_POINT_FOR_COMMA = re.compile(r"([0-9]+)\.([0-9]{1,2})")
_COULD_BE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_MONEY = re.compile(
    r"(?:rp|idr)?[. ]*(?P<amount>[0-9.,]*[0-9])\s*(?P<unit>rb|ribu|k|jt|juta|miliar|milyar)?"
    r"(?:,-)?\s*(?:rupiah)?[.]?",
    re.IGNORECASE,
)
_UNITS = {"rb": 10**3, "ribu": 10**3, "k": 10**3, "jt": 10**6, "juta": 10**6}
_UNITS |= {"miliar": 10**9, "milyar": 10**9}
_LIMIT = 10**15  #: Sheets keeps 15 digits of a number


def parse_number(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """Return one amount, printed 1.250 or 1,5."""
    amount = _amount(answer)
    if amount is None:
        return Problem(ProblemCode.NUMBER_INVALID, spec.name)
    return Parsed(_printed(amount))


def parse_money(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """Return whole rupiah, printed Rp1.500.000."""
    rupiah = _amount(answer) if answer.number is not None else _money(answer.text)
    if rupiah is None or rupiah != int(rupiah):
        return Problem(ProblemCode.MONEY_INVALID, spec.name)
    return Parsed(f"Rp{_printed(Decimal(int(rupiah)))}")


def _money(text: str) -> Decimal | None:
    found = _MONEY.fullmatch(text)
    amount = _in_text(found["amount"]) if found else None
    if found is None or amount is None:
        return None
    rupiah = amount * _UNITS.get((found["unit"] or "").casefold(), 1)
    return rupiah if rupiah < _LIMIT else None


def _amount(answer: Answer) -> Decimal | None:
    amount = _in_text(answer.text) if answer.number is None else Decimal(answer.text)
    return amount if amount is not None and 0 <= amount < _LIMIT else None


def _in_text(text: str) -> Decimal | None:
    """Return the amount; None also for 1,250, which some mean as thousands."""
    if _COULD_BE_THOUSANDS.fullmatch(text):
        return None
    found = _GROUPED.fullmatch(text) or _POINT_FOR_COMMA.fullmatch(text)
    if not found:
        return None
    return Decimal(f"{found[1].replace('.', '')}.{found[2] or 0}")


def _printed(amount: Decimal) -> str:
    whole, _, fraction = f"{amount:f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    fraction = fraction.rstrip("0")
    return f"{grouped},{fraction}" if fraction else grouped
