"""Which version the tables of a database have, and how they come to be."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy.inspection import inspect
from sqlalchemy.sql import func, insert, select, update

from sync.errors import LedgerTooNew
from sync.ledger.schema import VERSION, meta, metadata

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LEDGER_UUID = "ledger_uuid"
_SCHEMA_VERSION = "schema_version"
_EVERYWHERE = ""
#: from each version to the next, the statements that lead there; of SQLite and PostgreSQL
_STEPS = {
    1: (
        "ALTER TABLE letters ADD COLUMN file_id TEXT",
        "CREATE UNIQUE INDEX letters_file_id ON letters (village, file_id)",
    ),
}
_CREATION_LOCK = 0x5375726174  #: any number that nothing else locks


def is_ready(transaction: Connection, village: str) -> bool:
    """
    Return whether the database holds a ledger of *village*.

    Raises `LedgerTooNew` when a newer surat-sync wrote it.
    """
    if not inspect(transaction).has_table(meta.name):
        return False
    found = {
        (owner, key): value
        for owner, key, value in transaction.execute(
            select(meta.c.village, meta.c.key, meta.c.value)
            .where(meta.c.village.in_([_EVERYWHERE, village]))
            .where(meta.c.key.in_([_SCHEMA_VERSION, LEDGER_UUID]))
        ).all()
    }
    written = int(found.get((_EVERYWHERE, _SCHEMA_VERSION), "0"))
    if written > VERSION:
        raise LedgerTooNew(
            f"The ledger has version {written}, written by a newer surat-sync; this one knows"
            f" versions up to {VERSION}. Install the newer surat-sync."
        )
    return (village, LEDGER_UUID) in found


def is_old(transaction: Connection) -> bool:
    """Return whether an older surat-sync made the tables; they are there."""
    return _written(transaction) < VERSION


def migrate(transaction: Connection) -> None:
    """Bring the tables of an older ledger to ours; the data stay, for every village in it."""
    if transaction.dialect.name == "postgresql":
        transaction.execute(select(func.pg_advisory_xact_lock(_CREATION_LOCK)))
    for version in range(_written(transaction), VERSION):
        for statement in _STEPS[version]:
            transaction.exec_driver_sql(statement)
    transaction.execute(
        update(meta)
        .where(meta.c.village == _EVERYWHERE, meta.c.key == _SCHEMA_VERSION)
        .values(value=str(VERSION))
    )


def _written(transaction: Connection) -> int:
    wanted = select(meta.c.value).where(
        meta.c.village == _EVERYWHERE, meta.c.key == _SCHEMA_VERSION
    )
    return int(transaction.execute(wanted).scalar_one())


def create_ledger(transaction: Connection, village: str) -> None:
    """Make the tables where they are missing, and a ledger of *village* with its own uuid."""
    if transaction.dialect.name == "postgresql":
        transaction.execute(select(func.pg_advisory_xact_lock(_CREATION_LOCK)))
    if is_ready(transaction, village):
        return
    if not inspect(transaction).has_table(meta.name):
        metadata.create_all(transaction)
        _insert(transaction, _EVERYWHERE, _SCHEMA_VERSION, str(VERSION))
    _insert(transaction, village, LEDGER_UUID, str(uuid.uuid4()))


def _insert(transaction: Connection, village: str, key: str, value: str) -> None:
    transaction.execute(insert(meta).values(village=village, key=key, value=value))
