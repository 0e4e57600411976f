"""Taking over what register tabs, sheets and cabinet know, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from sqlalchemy.sql import delete, insert, select, update

from sync.ledger.entries import add, letter_row, move
from sync.ledger.numbers import add_line
from sync.ledger.schema import counters, entries, letters, meta, register_lines, tokens
from sync.ledger.tokens import add_tokens
from sync.model import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from sync.ledger.interface import Composed, Recovered
    from sync.model import RegisterLine, SubmissionId, Token


def take_over(transaction: Connection, village: str, key: bytes, recovered: Recovered) -> None:
    """Add and change what *recovered* tells; entries first, because lines and letters name them."""
    add(transaction, village, recovered.added)
    steps = _steps(transaction, village)
    for entry in recovered.changed:
        before = replace(entry, step=steps[entry.submission_id])
        if move(transaction, village, before, entry) is None:
            raise RuntimeError(f"{entry.submission_id} was moved by another run")
    for line in recovered.lines:
        add_line(transaction, village, key, line)
    _count(transaction, village, recovered)
    for line in recovered.changed_lines:
        _change_line(transaction, village, line)
    _write_letters(transaction, village, recovered.letters)
    _add_tokens(transaction, village, recovered.tokens)
    _remember(transaction, village, recovered.remembered)


def _steps(transaction: Connection, village: str) -> dict[str, Step]:
    """Return where each entry stands, which may be behind what was found of it outside."""
    wanted = select(entries.c.submission_id, entries.c.step).where(entries.c.village == village)
    return {owner: Step(step) for owner, step in transaction.execute(wanted).all()}


def _count(transaction: Connection, village: str, recovered: Recovered) -> None:
    """Set each year's counter to its last line."""
    for (register, year), lines in groupby(recovered.lines, attrgetter("register", "year")):
        place = {"village": village, "register": register, "year": year}
        last = max(line.sequence for line in lines)
        known = (
            update(counters)
            .where(counters.c.village == village)
            .where(counters.c.register == register, counters.c.year == year)
            .values(last=last)
        )
        if not transaction.execute(known).rowcount:
            first = recovered.firsts[register, year]
            transaction.execute(insert(counters).values(**place, first=first, last=last))


def _change_line(transaction: Connection, village: str, line: RegisterLine) -> None:
    transaction.execute(
        update(register_lines)
        .where(register_lines.c.village == village, register_lines.c.register == line.register)
        .where(register_lines.c.year == line.year, register_lines.c.sequence == line.sequence)
        .values(state=line.state.value, reason=line.reason, revision=line.revision)
    )


def _write_letters(
    transaction: Connection, village: str, found: Sequence[tuple[SubmissionId, Composed]]
) -> None:
    """Write each revision; one that is known keeps its values and is told where it lies."""
    found_before = transaction.execute(
        select(letters.c.submission_id, letters.c.revision).where(letters.c.village == village)
    )
    known = {(submission_id, revision) for submission_id, revision in found_before.all()}
    new = []
    for submission_id, composed in found:
        row = letter_row(composed.letter, composed.values)
        if (submission_id, composed.letter.revision) in known:
            transaction.execute(
                update(letters)
                .where(letters.c.village == village, letters.c.submission_id == submission_id)
                .where(letters.c.revision == composed.letter.revision)
                .values({name: row[name] for name in ("sha256", "location", "file_id")})
            )
        else:
            new.append({"village": village, "submission_id": submission_id, **row})
    if new:
        transaction.execute(insert(letters), new)


def _add_tokens(transaction: Connection, village: str, found: Iterable[Token]) -> None:
    known = set(
        transaction.execute(select(tokens.c.text).where(tokens.c.village == village)).scalars()
    )
    add_tokens(transaction, village, [token for token in found if token.text not in known])


def _remember(transaction: Connection, village: str, values: Mapping[str, str]) -> None:
    transaction.execute(delete(meta).where(meta.c.village == village, meta.c.key.in_(list(values))))
    rows = [{"village": village, "key": key, "value": value} for key, value in values.items()]
    if rows:
        transaction.execute(insert(meta), rows)
