"""Numbers without a submission: for letters written by hand, and from an earlier paper register."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from sqlalchemy.sql import insert, select, update

from sync.errors import UserError
from sync.ledger.numbers import add_line, take_sequences
from sync.ledger.schema import counters, register_lines
from sync.model import LineState, RegisterLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from sync.ledger.interface import Reservation


def reserve(
    transaction: Connection, village: str, key: bytes, order: Reservation, count: int
) -> tuple[RegisterLine, ...]:
    """Take the next *count* numbers; return their lines."""
    sequences = take_sequences(transaction, village, order, count)
    return tuple(add_line(transaction, village, key, _reserved(order, one)) for one in sequences)


def void_reserved(transaction: Connection, village: str, line: RegisterLine, reason: str) -> bool:
    """Mark a reserved line void; False when it is not reserved."""
    change = (
        update(register_lines)
        .where(register_lines.c.village == village, register_lines.c.register == line.register)
        .where(register_lines.c.year == line.year, register_lines.c.sequence == line.sequence)
        .where(register_lines.c.state == LineState.RESERVED.value)
        .values(state=LineState.VOID.value, reason=reason)
    )
    return transaction.execute(change).rowcount == 1


def import_lines(
    transaction: Connection, village: str, key: bytes, lines: Sequence[RegisterLine]
) -> None:
    """Begin a register with *lines*; raises `UserError` when it has begun."""
    register = lines[0].register
    begun = select(counters.c.last).where(
        counters.c.village == village, counters.c.register == register
    )
    if transaction.execute(begun).first():
        raise UserError(
            f"The register {register!r} has begun here: earlier numbers can come in only before"
            " its first one."
        )
    for year, of_year in groupby(lines, attrgetter("year")):
        numbers = [add_line(transaction, village, key, line).sequence for line in of_year]
        place = {"village": village, "register": register, "year": year}
        transaction.execute(insert(counters).values(**place, first=numbers[0], last=numbers[-1]))


def _reserved(order: Reservation, sequence: int) -> RegisterLine:
    return RegisterLine(
        register=order.register,
        year=order.issued_on.year,
        sequence=sequence,
        letter_number=order.letter_number(sequence),
        issued_on=order.issued_on,
        state=LineState.RESERVED,
        title=order.title,
        submission_id=None,
        applicant="",
        summary="",
        revision=0,
        reason=order.reason,
        line_hash="",
    )
