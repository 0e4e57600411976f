"""Ledgers for the contract tests, and what is written into them."""

from __future__ import annotations

import contextlib
import os
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sync.ledger.interface import Batch, Change, Composed, NumberOrder
from sync.ledger.store import SqlLedger
from sync.model import Entry, Fingerprint, Letter, Signer, Step, SubmissionId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POSTGRES = os.environ.get("SURAT_SYNC_TEST_POSTGRES", "")
ENGINES = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]
KEY = b"k" * 32
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
SIGNER = Signer(key="kades", name="Contoh Wibowo", title="Kepala Desa Kebobang")


@contextlib.contextmanager
def fresh_target(engine: str, folder: Path) -> Iterator[Path | str]:
    """Yield a place of that kind where no ledger is yet."""
    if engine == "sqlite":
        yield folder / "ledger.db"
        return
    name = f"ledger_{uuid.uuid4().hex}"
    _administer(f"CREATE DATABASE {name}")
    yield POSTGRES.rpartition("/")[0] + "/" + name
    _administer(f"DROP DATABASE {name} WITH (FORCE)")


def open_ledger(target: Path | str, *, village: str = "35.07.32.2004") -> SqlLedger:
    """Open or make the ledger there."""
    opened = SqlLedger.open(target, village=village, key=KEY, now=lambda: NOW, create=True)
    assert opened is not None
    return opened


def sql(target: Path | str, statement: str, **values: object) -> list[Any]:
    """Do to the database what no code of ours does."""
    from sqlalchemy import create_engine, text  # noqa: PLC0415  only some tests damage ledgers

    url = f"sqlite:///{target}"
    if isinstance(target, str):
        url = target.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url)
    with engine.begin() as connection:
        result = connection.execute(text(statement), values)
        rows = list(result.all()) if result.returns_rows else []
    engine.dispose()
    return rows


def entry(number: int, **changes: Any) -> Entry:
    """Return the entry of an invented submission."""
    made = Entry(
        submission_id=SubmissionId(f"SKU-{number:08d}-0"),
        service="sku",
        spreadsheet="sheet-one",
        gid=1,
        serial=4_000_000_000_000 + number,
        occurrence=1,
        identity={"nama": "aa", "nik": "bb"},
        fingerprint=Fingerprint("f1"),
    )
    return replace(made, **changes)


def checked(ledger: SqlLedger, *numbers: int, **changes: Any) -> list[Entry]:
    """Add entries that are ready for a number."""
    added = [entry(number, step=Step.CHECKED, **changes) for number in numbers]
    ledger.record(Batch(added=added))
    return added


def letter(entry: Entry, sequence: int, *, issued_on: date = TODAY, revision: int = 1) -> Letter:
    """Return the letter that `order` composes."""
    return Letter(
        letter_number=f"500.3/{sequence}/35.07.32.2004/{issued_on.year}",
        register="surat-keterangan",
        year=issued_on.year,
        sequence=sequence,
        revision=revision,
        issued_on=issued_on,
        valid_until=None,
        signer=SIGNER,
        fingerprint=entry.fingerprint,
        identity=entry.identity,
        template_hash="t1",
    )


def order(entry: Entry, *, issued_on: date = TODAY, start: int = 1) -> NumberOrder:
    """Ask for a number of the register `surat-keterangan`."""
    return NumberOrder(
        register="surat-keterangan",
        start=start,
        issued_on=issued_on,
        title="Surat Keterangan Usaha",
        applicant="Siti Contoh",
        summary="modal usaha",
        compose=lambda sequence: Composed(
            letter=letter(entry, sequence, issued_on=issued_on),
            values={"nama": "Siti Contoh", "nomor_surat": str(sequence)},
        ),
    )


def numbered(ledger: SqlLedger, number: int, **options: Any) -> Entry:
    """Add an entry and give it its number."""
    (ready,) = checked(ledger, number)
    done = ledger.number(ready, order(ready, **options))
    assert done is not None
    return done


def changed(ledger: SqlLedger, before: Entry, **changes: Any) -> Entry:
    """Change one entry."""
    after = replace(before, **changes)
    answer = ledger.record(Batch(changes=[Change(before=before, after=after, event="changed")]))
    return answer[before.submission_id]


def sequences(ledger: SqlLedger, year: int | None = None) -> list[int]:
    """Return the sequences of the register."""
    return [line.sequence for line in ledger.register_lines("surat-keterangan", year)]


def _administer(statement: str) -> None:
    import psycopg  # noqa: PLC0415  only where a PostgreSQL is there

    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(statement.encode())
