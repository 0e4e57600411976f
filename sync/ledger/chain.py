"""
The chain that joins the lines of a register: a changed, lost or slipped-in number shows.

Each line's code is an HMAC over what of the line never changes and the code of the line
before it in the same register and year. SQLite's own check does not see a flipped digit.
"""

from __future__ import annotations

import hmac
import json
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy.sql import select

from sync.ledger.schema import counters, register_lines
from sync.model import LineState, RegisterLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import Connection

LINE = tuple(
    column for column in register_lines.c if column.name in RegisterLine.__dataclass_fields__
)
_NAMES = tuple(column.name for column in LINE)
_HEX_DIGITS = 32


def line_hash(key: bytes, line: RegisterLine, previous: str) -> str:
    """
    Return a line's code, 32 hexadecimal digits.

    previous: the code of the line before it; "" for the year's first line

    The applicant's name is not in it, so that a purge leaves the chain whole; nor is what
    may still change: state, reason, revision.
    """
    text = json.dumps(
        [
            line.register,
            line.year,
            line.sequence,
            line.letter_number,
            line.issued_on.isoformat(),
            line.title,
            line.submission_id or "",
            previous,
        ]
    )
    return hmac.digest(key, text.encode(), "sha256").hex()[:_HEX_DIGITS]


def register_line(row: Sequence[Any]) -> RegisterLine:
    """Return a row of `register_lines`, as `LINE` selects it, in our words."""
    fields = dict(zip(_NAMES, row, strict=True))
    fields["issued_on"] = date.fromisoformat(fields["issued_on"])
    fields["state"] = LineState(fields["state"])
    return RegisterLine(**fields)


def broken_registers(transaction: Connection, village: str, key: bytes) -> list[str]:
    """Return a sentence for each register and year whose lines or counter are not right."""
    counted = {
        (register, year): (first, last)
        for register, year, first, last in _counters(transaction, village)
    }
    problems = []
    try:
        lines_in_order = _lines(transaction, village)
    except ValueError:
        return ["a register line holds an impossible date or state"]
    for (register, year), lines in groupby(lines_in_order, key=attrgetter("register", "year")):
        first, last = counted.pop((register, year), (1, 0))
        problem = _problem(key, list(lines), first, last)
        if problem:
            problems.append(f"register {register} {year}: {problem}")
    problems += [f"register {register} {year}: its lines are gone" for register, year in counted]
    return problems


def _problem(key: bytes, lines: Sequence[RegisterLine], first: int, last: int) -> str:
    previous = ""
    for expected, line in enumerate(lines, first):
        if line.sequence != expected:
            return f"number {expected} is missing"
        previous = line_hash(key, line, previous)
        if not hmac.compare_digest(previous, line.line_hash):
            return f"the code of number {line.sequence} does not fit"
    if lines[-1].sequence != last:
        return f"the counter says {last}, the last line {lines[-1].sequence}"
    return ""


def _counters(transaction: Connection, village: str) -> Iterable[Sequence[Any]]:
    return transaction.execute(
        select(counters.c.register, counters.c.year, counters.c.first, counters.c.last).where(
            counters.c.village == village
        )
    ).all()


def _lines(transaction: Connection, village: str) -> list[RegisterLine]:
    found = transaction.execute(
        select(*LINE)
        .where(register_lines.c.village == village)
        .order_by(register_lines.c.register, register_lines.c.year, register_lines.c.sequence)
    )
    return [register_line(row) for row in found.all()]
