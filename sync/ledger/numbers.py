"""
Numbers and the register: each is taken once, in order, and stays for good.

Every transaction changes the entry before the counter: one lock order, so two runs never
wait for each other.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import bindparam, case, insert, select, update

from sync.ledger.chain import LINE, line_hash, register_line
from sync.ledger.entries import letter_row, move
from sync.ledger.schema import counters, letters, register_lines
from sync.model import LineState, RegisterLine, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection
    from sqlalchemy.sql import ColumnElement

    from sync.ledger.interface import Composed, NumberOrder, Reservation
    from sync.model import Entry, Letter

_COUNT = (
    update(counters)
    .where(counters.c.village == bindparam("of_village"))
    .where(counters.c.register == bindparam("of_register"))
    .where(counters.c.year == bindparam("of_year"))
    .values(last=counters.c.last + bindparam("more"))
    .returning(counters.c.last)
)
_PREVIOUS_HASH = (
    select(register_lines.c.line_hash)
    .where(register_lines.c.village == bindparam("of_village"))
    .where(register_lines.c.register == bindparam("of_register"))
    .where(register_lines.c.year == bindparam("of_year"))
    .where(register_lines.c.sequence == bindparam("before"))
)

# Statements are made once: to make one anew takes as long as to carry it out.
_ADD_LINE = insert(register_lines)
_ADD_LETTER = insert(letters)

_FIRSTS = (
    select(counters.c.year, counters.c.first)
    .where(counters.c.village == bindparam("of_village"))
    .where(counters.c.register == bindparam("of_register"))
)
_LINES = (
    select(*LINE)
    .where(register_lines.c.village == bindparam("of_village"))
    .where(register_lines.c.register == bindparam("of_register"))
    .order_by(register_lines.c.year, register_lines.c.sequence)
)
_LINES_OF_YEAR = _LINES.where(register_lines.c.year == bindparam("of_year"))


def take_number(
    transaction: Connection, village: str, key: bytes, entry: Entry, order: NumberOrder
) -> Entry | None:
    """Give *entry* the register's next number; None, and none is taken, when it moved."""
    if entry.step is not Step.CHECKED or entry.letter is not None:
        raise ValueError(f"{entry.submission_id} is not ready for a number")
    numbered = move(transaction, village, entry, replace(entry, step=Step.NUMBERED))
    if numbered is None:
        return None
    sequence = take_sequences(transaction, village, order).start
    composed = order.compose(sequence)
    _require_place(composed.letter, order, sequence)
    add_line(transaction, village, key, _line(numbered, order, composed.letter))
    _insert_letter(transaction, village, numbered, composed)
    return replace(numbered, letter=composed.letter)


def write_revision(
    transaction: Connection, village: str, entry: Entry, composed: Composed, remark: str = ""
) -> Entry | None:
    """Write the next revision of a letter that is not void; None when the entry moved."""
    if entry.letter is None or not _follows(composed.letter, entry.letter):
        raise ValueError(f"{entry.submission_id}: not the next revision of its letter")
    numbered = move(transaction, village, entry, replace(entry, step=Step.NUMBERED))
    if numbered is None:
        return None
    change = (
        update(register_lines)
        .where(register_lines.c.village == village)
        .where(register_lines.c.submission_id == entry.submission_id)
        .where(register_lines.c.state == LineState.ISSUED.value)
        .values(revision=composed.letter.revision, reason=_with_remark(remark))
    )
    if transaction.execute(change).rowcount != 1:
        raise ValueError(f"{entry.submission_id}: a void number never revives")
    _insert_letter(transaction, village, numbered, composed)
    return replace(numbered, letter=composed.letter)


def _with_remark(remark: str) -> ColumnElement[str]:
    """Return what the register says of a number, with *remark* at its end."""
    said = register_lines.c.reason
    if not remark:
        return said
    return case((said == "", remark), else_=said + f"; {remark}")


def void_numbers(transaction: Connection, village: str, voided: Sequence[Entry]) -> None:
    """Mark the numbers of *voided* void, each with its entry's reason; they stay taken."""
    for entry in voided:
        transaction.execute(
            update(register_lines)
            .where(register_lines.c.village == village)
            .where(register_lines.c.submission_id == entry.submission_id)
            .where(register_lines.c.state == LineState.ISSUED.value)
            .values(state=LineState.VOID.value, reason=entry.reason)
        )


def take_sequences(
    transaction: Connection, village: str, order: NumberOrder | Reservation, count: int = 1
) -> range:
    """Move the year's counter on by *count*; return the sequences that it passed."""
    taken = _count(transaction, village, order, count)
    if taken is None:
        _begin_year(transaction, village, order)
        taken = _count(transaction, village, order, count)
    if taken is None:
        raise RuntimeError("the register's counter was not made")
    return range(taken - count + 1, taken + 1)


def add_line(transaction: Connection, village: str, key: bytes, line: RegisterLine) -> RegisterLine:
    """Write *line*, chained to the one before it; return it with its code."""
    place = {
        "of_village": village,
        "of_register": line.register,
        "of_year": line.year,
        "before": line.sequence - 1,
    }
    previous = transaction.execute(_PREVIOUS_HASH, place).scalar_one_or_none() or ""
    chained = replace(line, line_hash=line_hash(key, line, previous))
    row = {column.name: getattr(chained, column.name) for column in LINE} | {
        "village": village,
        "issued_on": line.issued_on.isoformat(),
        "state": line.state.value,
    }
    transaction.execute(_ADD_LINE, row)
    return chained


def first_sequence(
    transaction: Connection, village: str, register: str, year: int, start: int
) -> int:
    """Return the first sequence of that year: kept, or *start* in a new register, else 1."""
    found = transaction.execute(_FIRSTS, {"of_village": village, "of_register": register})
    known = {row[0]: row[1] for row in found}
    return int(known.get(year, 1 if known else start))


def last_sequence(transaction: Connection, village: str, register: str, year: int) -> int:
    """Return the last number taken in that year, or 0."""
    return (
        transaction.execute(
            select(counters.c.last).where(
                counters.c.village == village,
                counters.c.register == register,
                counters.c.year == year,
            )
        ).scalar_one_or_none()
        or 0
    )


def lines(
    transaction: Connection, village: str, register: str, year: int | None
) -> tuple[RegisterLine, ...]:
    """Return the register's lines by year and sequence."""
    place: dict[str, object] = {"of_village": village, "of_register": register}
    if year is None:
        found = transaction.execute(_LINES, place)
    else:
        found = transaction.execute(_LINES_OF_YEAR, place | {"of_year": year})
    return tuple(register_line(row) for row in found.all())


def _count(
    transaction: Connection, village: str, order: NumberOrder | Reservation, more: int
) -> int | None:
    place = {"of_village": village, "of_register": order.register, "of_year": order.issued_on.year}
    return transaction.execute(_COUNT, place | {"more": more}).scalar_one_or_none()


def _begin_year(transaction: Connection, village: str, order: NumberOrder | Reservation) -> None:
    year = order.issued_on.year
    first = first_sequence(transaction, village, order.register, year, order.start)
    # On PostgreSQL two runs may begin the year at once: the later one finds it begun.
    with contextlib.suppress(IntegrityError), transaction.begin_nested():
        transaction.execute(
            insert(counters).values(
                village=village, register=order.register, year=year, first=first, last=first - 1
            )
        )


def _require_place(letter: Letter, order: NumberOrder, sequence: int) -> None:
    place = (letter.register, letter.year, letter.sequence, letter.issued_on, letter.revision)
    if place != (order.register, order.issued_on.year, sequence, order.issued_on, 1):
        raise ValueError("the letter does not carry the number that was taken")


def _follows(letter: Letter, last: Letter) -> bool:
    """Return whether *letter* is the next revision under the number of *last*."""
    return (letter.letter_number, letter.register, letter.year, letter.sequence) == (
        last.letter_number,
        last.register,
        last.year,
        last.sequence,
    ) and letter.revision == last.revision + 1


def _line(entry: Entry, order: NumberOrder, letter: Letter) -> RegisterLine:
    return RegisterLine(
        register=letter.register,
        year=letter.year,
        sequence=letter.sequence,
        letter_number=letter.letter_number,
        issued_on=letter.issued_on,
        state=LineState.ISSUED,
        title=order.title,
        submission_id=entry.submission_id,
        applicant=order.applicant,
        summary=order.summary,
        revision=letter.revision,
        reason="",
        line_hash="",
    )


def _insert_letter(transaction: Connection, village: str, entry: Entry, composed: Composed) -> None:
    key = {"village": village, "submission_id": entry.submission_id}
    transaction.execute(_ADD_LETTER, key | letter_row(composed.letter, composed.values))
