"""The ledger in a database: SQLite for one village, PostgreSQL for many, with the same code."""

from __future__ import annotations

import contextlib
import hashlib
import json
from typing import TYPE_CHECKING, Self

from sqlalchemy.sql import bindparam, delete, insert, select

from sync.errors import LedgerBusy, SafetyStop
from sync.ledger import handwritten, numbers, rebuild
from sync.ledger.chain import broken_registers
from sync.ledger.database import open_database
from sync.ledger.entries import all_entries
from sync.ledger.recording import write_batch, write_events
from sync.ledger.schema import events, letters, meta
from sync.ledger.tokens import open_tokens
from sync.ledger.versions import create_ledger, is_old, is_ready, migrate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sync.ledger.database import Database
    from sync.ledger.interface import Batch, Composed, NumberOrder, Recovered, Reservation
    from sync.model import Entry, RegisterLine, SubmissionId, Token

_RECALL = select(meta.c.value).where(
    meta.c.village == bindparam("of_village"), meta.c.key == bindparam("of_key")
)


class SqlLedger:
    """Implements `sync.ledger.interface.Ledger` for one village."""

    def __init__(
        self, database: Database, *, village: str, key: bytes, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._village = village
        self._key = key
        self._now = now

    @classmethod
    def open(
        cls,
        target: Path | str,
        *,
        village: str,
        key: bytes,
        now: Callable[[], datetime],
        create: bool,
    ) -> Self | None:
        """
        Open the ledger of *village*; None where there is none, unless *create* makes one.

        target:  a SQLite file's path, `postgresql://…`, or `:memory:`
        village: its code; one database may hold many
        key:     for the codes of register lines, `Keys.derive("register-line")`

        Raises `LedgerTooNew`, `SafetyStop("ledger-corrupt")` when the file is no database,
        `UserError` when other accounts may read it, `LedgerBusy`, `DiskError`, `TryLater`.
        """
        database = open_database(target, create=create)
        if database is None:
            return None
        try:
            with database.read() as transaction:
                ready = is_ready(transaction, village)
            if create and not ready:
                with database.write() as transaction:
                    create_ledger(transaction, village)
                ready = True
            if ready:
                _bring_up_to_date(database)
        except BaseException:
            database.close()
            raise
        if not ready:
            database.close()
            return None
        return cls(database, village=village, key=key, now=now)

    def entries(self, service: str) -> tuple[Entry, ...]:
        """Return the service's entries in the order in which they were made."""
        with self._database.read() as transaction:
            return all_entries(transaction, self._village, service)

    def tokens(self, service: str) -> tuple[Token, ...]:
        """Return the tokens that may still stand in the service's sheet."""
        with self._database.read() as transaction:
            return open_tokens(transaction, self._village, service)

    def record(self, batch: Batch) -> Mapping[SubmissionId, Entry]:
        """Write *batch* whole; return the added and changed entries as they stand now."""
        with self._database.write() as transaction:
            return write_batch(transaction, self._village, self._at(), batch)

    def number(self, entry: Entry, order: NumberOrder) -> Entry | None:
        """Take the next number for *entry*; None, and no number, when another run moved it."""
        with self._database.write() as transaction:
            numbered = numbers.take_number(transaction, self._village, self._key, entry, order)
            if numbered is not None:
                write_events(transaction, self._village, self._at(), [(numbered, "numbered")])
            return numbered

    def revise(self, entry: Entry, composed: Composed, remark: str = "") -> Entry | None:
        """Write the next revision of *entry*'s letter; None when another run moved it."""
        with self._database.write() as transaction:
            revised = numbers.write_revision(transaction, self._village, entry, composed, remark)
            if revised is not None:
                write_events(transaction, self._village, self._at(), [(revised, "revised")])
            return revised

    def reserve(self, order: Reservation, count: int) -> tuple[RegisterLine, ...]:
        """Take the next *count* numbers, each with a line that has no submission."""
        with self._database.write() as transaction:
            lines = handwritten.reserve(transaction, self._village, self._key, order, count)
            transaction.execute(insert(events), [self._event(f"reserved {count}")])
            return lines

    def void_reserved(self, line: RegisterLine, reason: str) -> bool:
        """Mark a reserved line void, for good; False when it is not reserved any more."""
        with self._database.write() as transaction:
            voided = handwritten.void_reserved(transaction, self._village, line, reason)
            if voided:
                transaction.execute(insert(events), [self._event("reserved number voided")])
            return voided

    def import_lines(self, lines: Sequence[RegisterLine]) -> None:
        """Begin a register with lines given elsewhere; `UserError` when it has begun."""
        with self._database.write() as transaction:
            handwritten.import_lines(transaction, self._village, self._key, lines)
            transaction.execute(insert(events), [self._event(f"imported {len(lines)}")])

    def take_over(self, recovered: Recovered) -> None:
        """Add what was found outside, whole or not at all; nothing that is known goes."""
        with self._database.write() as transaction:
            rebuild.take_over(transaction, self._village, self._key, recovered)
            problems = broken_registers(transaction, self._village, self._key)
            if problems:
                raise SafetyStop("ledger-corrupt", "The rebuilt register is not whole", problems)
            written = [*recovered.added, *recovered.changed]
            write_events(transaction, self._village, self._at(), [(e, "rebuilt") for e in written])
            transaction.execute(
                insert(events), [self._event(f"rebuilt {len(recovered.lines)} numbers")]
            )

    def letter_values(self, submission_id: SubmissionId, revision: int) -> Mapping[str, str]:
        """Return the values that this revision prints; empty after a purge."""
        wanted = select(letters.c["values"]).where(
            letters.c.village == self._village,
            letters.c.submission_id == submission_id,
            letters.c.revision == revision,
        )
        with self._database.read() as transaction:
            values: dict[str, str] = json.loads(transaction.execute(wanted).scalar_one())
        return values

    def register_lines(self, register: str, year: int | None = None) -> tuple[RegisterLine, ...]:
        """Return the register's lines by year and sequence; one year's, or all."""
        with self._database.read() as transaction:
            return numbers.lines(transaction, self._village, register, year)

    def last_sequence(self, register: str, year: int) -> int:
        """Return the last number that was taken in that year; 0 when none."""
        with self._database.read() as transaction:
            return numbers.last_sequence(transaction, self._village, register, year)

    def first_sequence(self, register: str, year: int, start: int) -> int:
        """Return the sequence that the year's register begins with: *start* in its first year."""
        with self._database.read() as transaction:
            return numbers.first_sequence(transaction, self._village, register, year, start)

    def recall(self, key: str) -> str | None:
        """Return what was remembered under *key*, such as a sheet's gid."""
        place = {"of_village": self._village, "of_key": key}
        with self._database.read() as transaction:
            return transaction.execute(_RECALL, place).scalar_one_or_none()

    def remember(self, values: Mapping[str, str], *, event: str = "") -> None:
        """Remember each value under its key; a non-empty *event* goes into the history."""
        rows = [
            {"village": self._village, "key": key, "value": values[key]} for key in sorted(values)
        ]
        with self._database.write() as transaction:
            transaction.execute(
                delete(meta).where(meta.c.village == self._village, meta.c.key.in_(list(values)))
            )
            if rows:
                transaction.execute(insert(meta), rows)
            if event:
                transaction.execute(insert(events), [self._event(event)])

    def verify(self) -> None:
        """Raise `SafetyStop("ledger-corrupt")` when the file or the register's chain is broken."""
        with self._database.read() as transaction:
            problems = self._database.damage(transaction) or broken_registers(
                transaction, self._village, self._key
            )
        if problems:
            raise SafetyStop("ledger-corrupt", f"{self._database.place} is damaged", problems)

    @contextlib.contextmanager
    def run_lock(self) -> Iterator[None]:
        """
        Keep runs on other computers away: an advisory lock of PostgreSQL.

        A SQLite file is on this computer, where the lock file does that. Raises `LedgerBusy`.
        """
        number = int.from_bytes(hashlib.sha256(self._village.encode()).digest()[:8], signed=True)
        with self._database.advisory_lock(number) as taken:
            if not taken:
                raise LedgerBusy("another run is at work")
            yield

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _at(self) -> str:
        return self._now().isoformat()

    def _event(self, event: str) -> dict[str, object]:
        return {
            "village": self._village,
            "at": self._at(),
            "submission_id": "",
            "event": event,
            "status": "",
            "step": "",
            "rev": 0,
        }


def _bring_up_to_date(database: Database) -> None:
    """Migrate an older ledger, after a copy of its file was made beside it."""
    with database.read() as transaction:
        old = is_old(transaction)
    if old:
        with database.write() as transaction:
            database.copy_aside("before-upgrade")
            migrate(transaction)
