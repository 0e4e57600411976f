"""A ledger that an earlier surat-sync made goes on, and nothing in it is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from ledgers import checked, numbered, open_ledger, sql

from sync.errors import DiskError, LedgerTooNew
from sync.ledger.schema import VERSION, metadata
from sync.model import LineState, Status, SubmissionId

_RELEASED = sorted((Path(__file__).parent / "released").glob("ledger_v*.sql"))


@pytest.fixture(params=_RELEASED, ids=lambda path: path.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a ledger file as an earlier version left it."""
    file = tmp_path / "ledger.db"
    file.touch(0o600)
    connection = sqlite3.connect(file)
    connection.executescript(request.param.read_text("utf-8"))
    connection.close()
    return file


def test_every_older_version_has_a_ledger_here() -> None:
    """None is forgotten when the version goes up."""
    assert [f"ledger_v{number}" for number in range(1, VERSION)] == [p.stem for p in _RELEASED]


def test_entries_numbers_and_chain_are_kept(old: Path) -> None:
    """What stood there stands there; the chain holds; the next number follows."""
    ledger = open_ledger(old)
    ledger.verify()
    first, second, third = ledger.entries("sku")

    assert [Status.ISSUED, Status.VOID] == [first.status, second.status]
    assert first.letter is not None
    assert "surat-keterangan/2026/0001_SKU-00000001-0_r1.docx" == first.letter.location
    assert {"nama": "Siti Contoh", "nomor_surat": "1"} == ledger.letter_values(
        SubmissionId("SKU-00000001-0"), 1
    )
    states = [line.state for line in ledger.register_lines("surat-keterangan")]
    assert [LineState.ISSUED, LineState.VOID] == states
    assert "7" == ledger.recall("gid:sku")
    assert third.letter is None
    assert 3 == numbered(ledger, 4).letter.sequence  # type: ignore[union-attr]
    ledger.close()


def test_its_tables_are_those_of_a_new_ledger(old: Path, tmp_path: Path) -> None:
    """Columns and indexes are the same, whichever way they came to be."""
    open_ledger(old).close()
    new = tmp_path / "new.db"
    open_ledger(new).close()
    for table in metadata.tables:
        columns = f"SELECT name, type, \"notnull\" FROM pragma_table_info('{table}') ORDER BY name"
        indexes = f"SELECT name FROM pragma_index_list('{table}') WHERE origin = 'c' ORDER BY name"
        assert sql(new, columns) == sql(old, columns)
        assert sql(new, indexes) == sql(old, indexes)


def test_the_old_file_is_kept_beside(old: Path) -> None:
    """A private copy from before the upgrade, made once."""
    before = old.read_bytes()
    open_ledger(old).close()
    copy = old.with_suffix(".before-upgrade.db")
    opened = open_ledger(old)
    checked(opened, 9)
    opened.close()

    assert before == copy.read_bytes()
    assert 0o600 == copy.stat().st_mode & 0o777


def test_without_a_copy_nothing_is_upgraded(old: Path) -> None:
    """Where the copy cannot be made, the ledger stays as it was."""
    copy = old.with_suffix(".before-upgrade.db")
    copy.mkdir()
    before = old.read_bytes()

    with pytest.raises(DiskError):
        open_ledger(old)
    assert before == old.read_bytes()


def test_a_newer_ledger_is_refused(tmp_path: Path) -> None:
    """An older program does not touch it."""
    file = tmp_path / "ledger.db"
    open_ledger(file).close()
    sql(file, "UPDATE meta SET value = '99' WHERE key = 'schema_version'")

    with pytest.raises(LedgerTooNew, match="version 99"):
        open_ledger(file)
