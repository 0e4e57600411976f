"""
The two databases behind the ledger: how each is opened, begun, and its trouble named.

SQLite: https://www.sqlite.org/pragma.html and docs/how-it-works.md (what survives a power cut).
PostgreSQL: READ COMMITTED, with every commit on the disk before it is told.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.sql import func, select

from sync.errors import DiskError, LedgerBusy, SafetyStop, TryLater, UserError
from sync.platform import create_empty, disk_errors, require_private, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

MEMORY = ":memory:"
BUSY_SECONDS = 30
_PRAGMAS = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA secure_delete = ON",
)
_POSTGRES_OPTIONS = f"-c lock_timeout={BUSY_SECONDS}s -c synchronous_commit=on"
_REPEATED = "another run wrote the same entries or numbers first"
_SQLITE_REPEATED = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_SQLITE_DISK = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}
_POSTGRES_REPEATED = "23505"
_POSTGRES_BUSY = {"55P03", "40P01", "40001", "57014"}
_POSTGRES_DISK = {"53100", "58030"}


class Database:
    """One open database; every use of it is a transaction."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self.place = place  #: for messages; without a password
        self.is_sqlite = engine.dialect.name == "sqlite"

    def write(self) -> contextlib.AbstractContextManager[Connection]:
        """Begin a transaction that writes; it commits when the block ends without an error."""
        # A read that is upgraded to a write can fail at once, whatever the busy timeout.
        return self._begin("BEGIN IMMEDIATE")

    def read(self) -> contextlib.AbstractContextManager[Connection]:
        """Begin a transaction that only reads: one view of everything, and nobody waits for it."""
        return self._begin("BEGIN")

    @contextlib.contextmanager
    def _begin(self, sqlite_begin: str) -> Iterator[Connection]:
        try:
            with self._engine.begin() as transaction:
                if self.is_sqlite:
                    transaction.exec_driver_sql(sqlite_begin)
                yield transaction
        except DBAPIError as error:
            raise _named(error, self.place) from error
        except sqlite3.Error as error:  # while the connection was opened
            raise _named_by_sqlite(error, self.place) from error

    def damage(self, transaction: Connection) -> list[str]:
        """Return what SQLite's own quick check finds wrong with the file."""
        if not self.is_sqlite:
            return []
        found = transaction.exec_driver_sql("PRAGMA quick_check").scalars().all()
        return [line for line in found if line != "ok"]

    def copy_aside(self, name: str) -> None:
        """
        Copy a SQLite file to one beside it, `ledger.before-upgrade.db`, mode 0600.

        Within a transaction that has written nothing yet: nobody else can write meanwhile.
        Raises `DiskError`.
        """
        if not self.is_sqlite or self.place == MEMORY:
            return
        file = Path(self.place)
        with disk_errors(file):
            write_private(file.with_suffix(f".{name}{file.suffix}"), file.read_bytes())

    @contextlib.contextmanager
    def advisory_lock(self, number: int) -> Iterator[bool]:
        """Hold PostgreSQL's lock *number* on a connection of its own; false when it is held."""
        if self.is_sqlite:
            yield True
            return
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            taken = connection.execute(select(func.pg_try_advisory_lock(number))).scalar_one()
            yield bool(taken)
            if taken:
                connection.execute(select(func.pg_advisory_unlock(number)))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(target: Path | str, *, create: bool) -> Database | None:
    """
    Open *target*; None where there is no SQLite file, unless *create* makes one, mode 0600.

    target: the path of a SQLite file, `postgresql://…`, or `:memory:`

    Raises `UserError` for another URL, or when other accounts may read the file.
    """
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)  # or rows could stand in a log
    if target == MEMORY:
        return Database(_sqlite(MEMORY), MEMORY)
    if isinstance(target, str):
        return _postgres(target)
    if create:
        create_empty(target)
    elif not target.exists():
        return None
    require_private(target)
    return Database(_sqlite(str(target)), str(target))


def _sqlite(path: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: DBAPIConnection, _: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _postgres(address: str) -> Database:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise UserError("ledger: not a database URL") from error
    if url.get_backend_name() != "postgresql":
        raise UserError("ledger: only a path or a postgresql:// URL will do")
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={"options": _POSTGRES_OPTIONS},
            isolation_level="READ COMMITTED",
            hide_parameters=True,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError as error:
        raise UserError("a PostgreSQL ledger needs the package psycopg") from error
    return Database(engine, url.render_as_string(hide_password=True))


def _named(error: DBAPIError, place: str) -> Exception:
    """Return *error* in our terms; without the statement, which may hold personal data."""
    if isinstance(error.orig, sqlite3.Error):
        return _named_by_sqlite(error.orig, place)
    return _named_by_postgres(error.orig, place)


def _named_by_sqlite(error: sqlite3.Error, place: str) -> Exception:
    extended = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if extended in _SQLITE_REPEATED:
        return LedgerBusy(_REPEATED)
    code = extended & 0xFF
    if code in _SQLITE_BUSY:
        return LedgerBusy(f"{place}: another process held it for {BUSY_SECONDS} s")
    if code in _SQLITE_DISK:
        return DiskError(f"{place}: {error}")
    if code in _SQLITE_CORRUPT:
        return SafetyStop("ledger-corrupt", f"{place}: {error}")
    return RuntimeError(f"{place}: {type(error).__name__} {extended}")


def _named_by_postgres(error: Any, place: str) -> Exception:  # noqa: ANN401  psycopg is optional
    state = getattr(error, "sqlstate", None)
    if state == _POSTGRES_REPEATED:
        return LedgerBusy(_REPEATED)
    if state in _POSTGRES_BUSY:
        return LedgerBusy(f"{place}: another process held it for {BUSY_SECONDS} s")
    if state in _POSTGRES_DISK:
        return DiskError(f"{place}: the database server's disk is full or broken")
    if state is None or state.startswith(("08", "53", "57")):
        return TryLater(f"{place}: cannot be reached")
    return RuntimeError(f"{place}: {type(error).__name__} {state}")
