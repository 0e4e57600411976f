"""What the ledger promises about its SQLite file: private, strict, and loud when damaged."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ledgers import KEY, NOW, checked, entry, open_ledger, order, sql

from sync.errors import DiskError, SafetyStop, UserError
from sync.ledger.interface import Batch
from sync.ledger.schema import metadata
from sync.ledger.store import SqlLedger

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where a ledger may be made."""
    return tmp_path / "ledger.db"


@pytest.fixture
def everyone_may_read() -> Iterator[None]:
    """Make files as readable as the system lets them be."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("everyone_may_read")
def test_the_file_is_private_from_its_first_byte(file: Path) -> None:
    """Ledger and journal have mode 0600, whatever the umask says."""
    ledger = open_ledger(file)
    with ledger._database.write() as transaction:
        transaction.exec_driver_sql("PRAGMA cache_size = 1")
        transaction.exec_driver_sql("UPDATE meta SET value = hex(randomblob(100000))")
        modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.iterdir()}

    assert {"ledger.db": 0o600, "ledger.db-journal": 0o600} == modes
    ledger.close()


def test_a_file_that_others_may_read_is_refused(file: Path) -> None:
    """The remedy is in the message."""
    open_ledger(file).close()
    file.chmod(0o640)

    with pytest.raises(UserError, match=f"chmod 600 {file}"):
        open_ledger(file)


def test_every_commit_is_on_the_disk(file: Path) -> None:
    """The settings that outlive a power cut are on, on each connection."""
    ledger = open_ledger(file)
    with ledger._database.write() as transaction:
        settings = {
            name: transaction.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "trusted_schema",
                "secure_delete",
                "busy_timeout",
            )
        }

    assert {
        "journal_mode": "delete",
        "synchronous": 3,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
        "busy_timeout": 30_000,
    } == settings
    ledger.close()


def test_tables_are_strict(file: Path) -> None:
    """A text never slips into a column of numbers."""
    open_ledger(file).close()
    connection = sqlite3.connect(file)
    tables = connection.execute(
        "SELECT strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    connection.close()

    assert [(1,)] * len(metadata.tables) == tables


def test_a_writer_locks_before_it_reads(file: Path) -> None:
    """A transaction that writes begins as one: an upgraded read could fail at once."""
    ledger = open_ledger(file)
    with ledger._database.write():
        other = sqlite3.connect(file, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    ledger.close()


def test_a_reader_waits_for_nobody(file: Path) -> None:
    """`status` works while a run writes."""
    ledger, other = open_ledger(file), open_ledger(file)
    with ledger._database.write() as transaction:
        transaction.exec_driver_sql("UPDATE meta SET value = value")
        seen = other.entries("sku")

    assert () == seen
    other.close()
    ledger.close()


def test_an_empty_file_is_no_ledger(file: Path) -> None:
    """What a power cut left of a ledger that was never made counts as missing."""
    file.touch(0o600)

    assert None is SqlLedger.open(file, village="v", key=KEY, now=lambda: NOW, create=False)


def test_a_file_that_is_no_database_is_a_safety_stop(file: Path) -> None:
    """It is neither used nor made anew."""
    file.touch(0o600)
    file.write_bytes(b"no database " * 1000)

    with pytest.raises(SafetyStop) as stop:
        open_ledger(file)
    assert "ledger-corrupt" == stop.value.name


def test_a_damaged_file_is_a_safety_stop(file: Path) -> None:
    """SQLite's own check finds a page that is gone, even one that no run reads."""
    ledger = open_ledger(file)
    checked(ledger, *range(200))
    ledger.verify()
    ledger.close()
    [(page,)] = sql(file, "SELECT rootpage FROM sqlite_master WHERE name = 'events_of_submission'")
    with file.open("r+b") as content:
        content.seek((page - 1) * 4096)
        content.write(bytes(4096))

    ledger = open_ledger(file)
    with pytest.raises(SafetyStop) as stop:
        ledger.verify()
    assert "ledger-corrupt" == stop.value.name
    ledger.close()


def test_a_missing_folder_is_the_disks_trouble(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(DiskError, match="nowhere"):
        open_ledger(tmp_path / "nowhere" / "ledger.db")


def test_a_full_disk_takes_no_number(file: Path) -> None:
    """A number that cannot be written is not taken, and the ledger stays whole."""
    ledger = open_ledger(file)
    (ready,) = checked(ledger, 1)
    ledger.close()
    result = subprocess.run(
        [sys.executable, __file__, str(file)], capture_output=True, text=True, check=False
    )

    assert ("DiskError", 0) == (result.stdout.strip(), result.returncode), result.stderr
    ledger = open_ledger(file)
    assert (ready,) == ledger.entries("sku")
    ledger.verify()
    ledger.close()


def test_errors_name_no_value(file: Path) -> None:
    """What a statement was given may be a name; an error does not repeat it."""
    ledger = open_ledger(file)
    ledger.record(Batch(added=[entry(1, reason="Siti Contoh")]))

    with pytest.raises(Exception, match="another run") as caught:
        ledger.record(Batch(added=[entry(1, reason="Siti Contoh")]))
    assert "Siti" not in repr([caught.value, caught.value.__cause__])
    assert "Siti" not in str(caught.value.__cause__)
    ledger.close()


def _number_on_a_full_disk(file: Path) -> None:
    """Try to number when no file may grow beyond what the ledger has."""
    ledger = open_ledger(file)
    size = file.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    (ready,) = ledger.entries("sku")
    try:
        ledger.number(ready, replace(order(ready), summary="x" * 100_000))
    except DiskError as error:
        sys.stdout.write(type(error).__name__)


if __name__ == "__main__":
    _number_on_a_full_disk(Path(sys.argv[1]))
