"""One batch of changes, written whole; what another run has moved is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.sql import bindparam, insert, update

from sync.ledger.cells import write_cells
from sync.ledger.entries import add, move
from sync.ledger.numbers import void_numbers
from sync.ledger.schema import events, letters
from sync.ledger.tokens import add_tokens, end_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from sync.ledger.interface import Batch, Change
    from sync.model import Column, Entry, OwnCell, SubmissionId

_ADD_EVENT = insert(events)  #: made once: to make it anew takes as long as to carry it out


def write_batch(
    transaction: Connection, village: str, at: str, batch: Batch
) -> dict[SubmissionId, Entry]:
    """Write *batch*; return the added and the changed entries as they stand now."""
    add(transaction, village, batch.added)
    done = _move_all(transaction, village, batch.changes)
    lost = {change.before.submission_id for change in batch.changes} - done.keys()
    cells = write_cells(transaction, village, _cells(batch, lost))
    _update_letters(transaction, village, batch.changes, done)
    void_numbers(
        transaction,
        village,
        [
            done[change.before.submission_id]
            for change in batch.changes
            if change.voids_number and change.before.submission_id in done
        ],
    )
    add_tokens(transaction, village, batch.tokens)
    end_tokens(transaction, village, batch.ended_tokens, at=at)
    write_events(
        transaction,
        village,
        at,
        [(entry, "seen") for entry in batch.added]
        + [
            (done[change.before.submission_id], change.event)
            for change in batch.changes
            if change.before.submission_id in done
        ],
    )
    now = {entry.submission_id: entry for entry in batch.added} | done
    return {key: replace(entry, cells=cells.get(key, entry.cells)) for key, entry in now.items()}


def write_events(
    transaction: Connection, village: str, at: str, happened: Sequence[tuple[Entry, str]]
) -> None:
    """Append what happened to entries to the history."""
    rows = [
        {
            "village": village,
            "at": at,
            "submission_id": entry.submission_id,
            "event": event,
            "status": entry.status.value,
            "step": entry.step.value,
            "rev": entry.rev,
        }
        for entry, event in happened
    ]
    if rows:
        transaction.execute(_ADD_EVENT, rows)


def _move_all(
    transaction: Connection, village: str, changes: Iterable[Change]
) -> dict[SubmissionId, Entry]:
    """Move entries in the order of their ids, so that two runs never wait for each other."""
    done = {}
    for change in sorted(changes, key=lambda change: change.before.submission_id):
        moved = move(transaction, village, change.before, change.after)
        if moved is not None:
            done[moved.submission_id] = moved
    return done


def _cells(batch: Batch, lost: set[SubmissionId]) -> dict[SubmissionId, Mapping[Column, OwnCell]]:
    wanted = {
        change.before.submission_id: {
            column: cell
            for column, cell in change.after.cells.items()
            if cell != change.before.cells.get(column)
        }
        for change in batch.changes
    }
    for submission_id, cells in (batch.cells or {}).items():
        wanted[submission_id] = wanted.get(submission_id, {}) | dict(cells)
    return {key: cells for key, cells in wanted.items() if cells and key not in lost}


def _update_letters(
    transaction: Connection,
    village: str,
    changes: Iterable[Change],
    done: Mapping[SubmissionId, Entry],
) -> None:
    """Write down where a letter's file lies and what it hashes to; the rest never changes."""
    rows = [
        {
            "owner": change.before.submission_id,
            "number": change.after.letter.revision,
            "sha256": change.after.letter.sha256,
            "location": change.after.letter.location or None,
            "file_id": change.after.letter.file_id or None,
        }
        for change in changes
        if change.after.letter is not None
        and change.after.letter != change.before.letter
        and change.before.submission_id in done
    ]
    if rows:
        transaction.execute(
            update(letters)
            .where(letters.c.village == village)
            .where(letters.c.submission_id == bindparam("owner"))
            .where(letters.c.revision == bindparam("number"))
            .values(
                sha256=bindparam("sha256"),
                location=bindparam("location"),
                file_id=bindparam("file_id"),
            ),
            rows,
        )
