"""A backup holds ledger and keys as they are at one moment; each day's first good run makes one."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
import stat
import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import command

from sync.commands.backups import back_up
from sync.ledger import backup
from sync.platform import exclusive_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from office import Office


@pytest.fixture
def issued(office: Office) -> Office:
    """Return an office with two letters, and so with today's backup."""
    office.submit("Siti Contoh", "Budi Contoh")
    office.run()
    return office


def backups(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*"))


def daily(office: Office) -> list[str]:
    return backups(office.folder / "state" / "backups")


def rows_in(ledger: bytes, table: str) -> list[object]:
    database = sqlite3.connect(":memory:")
    database.deserialize(ledger)
    try:
        return database.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()
    finally:
        database.close()


def test_a_backup_holds_ledger_keys_and_marks(issued: Office) -> None:
    """Everything that is needed to go on, each file with its hash in the manifest."""
    outcome = command(issued, "ledger", "backup", "--out", str(issued.folder / "copy.zip"))
    state = issued.folder / "state"
    with zipfile.ZipFile(issued.folder / "copy.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        files = {name: archive.read(name) for name in archive.namelist() if name != "manifest.json"}

    assert 0 == outcome.code, outcome.err
    assert "holds the keys" in outcome.out
    assert ("35.07.32.2004", 2) == (manifest["village"], manifest["ledger_version"])
    assert "2026-11-24T10:15" == manifest["made_at"][:16]
    assert manifest["files"] == {n: hashlib.sha256(c).hexdigest() for n, c in files.items()}
    kept = {"secret.key", "signing.key", "public-keys.json", "high-water.json"}
    assert {*kept, "ledger.db"} == files.keys()
    assert {name: (state / name).read_bytes() for name in kept} == {n: files[n] for n in kept}
    now = (state / "ledger.db").read_bytes()
    for table in ("entries", "register_lines", "letters", "counters"):
        assert rows_in(now, table) == rows_in(files["ledger.db"], table)


def test_a_backup_is_private(issued: Office) -> None:
    """It holds the keys: only its owner reads it, wherever it lies."""
    out = back_up(issued.config, out=issued.folder / "copy.zip")
    own = back_up(issued.config)

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (out, own, own.parent)]
    assert [0o600, 0o600, 0o700] == modes


def test_a_backup_never_replaces_a_file(issued: Office) -> None:
    """A name that is taken is refused."""
    (issued.folder / "copy.zip").write_text("theirs")

    outcome = command(issued, "ledger", "backup", "--out", str(issued.folder / "copy.zip"))

    assert (2, "theirs") == (outcome.code, (issued.folder / "copy.zip").read_text())


def test_a_backup_needs_keys(issued: Office) -> None:
    """Without them it would be worthless, and says so."""
    (issued.folder / "state" / "secret.key").unlink()

    outcome = command(issued, "ledger", "backup")

    assert 2 == outcome.code
    assert "without the keys a backup is worthless" in outcome.err


def test_a_backup_may_be_made_while_a_run_is_at_work(issued: Office) -> None:
    """It shows the ledger before or after each transaction, and waits for no lock of ours."""
    state = issued.folder / "state"
    writer = sqlite3.connect(state / "ledger.db", isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE counters SET last = last + 1")
    writer.execute("DELETE FROM register_lines")
    finish = threading.Timer(0.2, writer.execute, ["ROLLBACK"])
    finish.start()
    with exclusive_lock(state / "lock"):
        path = back_up(issued.config)
    finish.join()
    writer.close()

    found = backup.unpacked(path)
    assert 2 == len(rows_in(found.files["ledger.db"], "register_lines"))
    assert [2] == [row[-1] for row in rows_in(found.files["ledger.db"], "counters")]  # type: ignore[index]


def test_the_first_good_run_of_a_day_makes_a_backup(issued: Office) -> None:
    """One a day, and none by a run that failed."""
    first = daily(issued)
    issued.submit("Ani Contoh")
    issued.run()
    same_day = daily(issued)
    issued.pass_time(days=1)
    issued.submit("Joko Contoh")
    issued.run()

    assert ["surat-sync-20261124-1015"] == [name[:24] for name in first]
    assert first == same_day
    assert ["20261124", "20261125"] == [name[11:19] for name in daily(issued)]


def test_a_dry_run_makes_no_backup(office: Office) -> None:
    """It writes nothing."""
    office.run(dry_run=True)

    assert [] == daily(office)


def test_a_fortnight_of_backups_is_kept(issued: Office) -> None:
    """Of each day the first and the last; what else lies there is left alone."""
    folder = issued.folder / "state" / "backups"
    for day in range(1, 25):
        for hour in (8, 9, 10):
            (folder / f"surat-sync-202611{day:02d}-{hour:02d}0000.zip").write_bytes(b"")
    (folder / "surat-sync-20269999-000000.zip").write_bytes(b"")
    back_up(issued.config)

    days = [name[17:22] for name in daily(issued)]
    wanted = [f"{day:02d}-{hour:02d}" for day in range(11, 24) for hour in (8, 10)]
    assert [*wanted, "24-08", "24-10", "99-00"] == days


def test_a_second_place_gets_a_copy(issued: Office) -> None:
    """A stick or a network folder, named in the config; `check` tells that all is well."""
    (issued.folder / "usb").mkdir()
    issued.configure(backup_to="usb")
    issued.run()

    (name,) = backups(issued.folder / "usb")
    assert backup.unpacked(issued.folder / "usb" / name).village == "35.07.32.2004"
    told = [line for line in command(issued, "check").out.splitlines() if "backup:" in line]
    assert ["ok", "ok"] == [line.split()[0] for line in told]


def test_a_stick_without_modes_will_do(issued: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAT knows no modes and no hard links, and some shares flush no folders."""
    (issued.folder / "usb").mkdir()
    issued.configure(backup_to="usb")
    calls = {name: getattr(os, name) for name in ("fchmod", "fsync")}

    def refusing(name: str) -> Callable[..., object]:
        def call(descriptor: int, *more: int) -> object:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if "usb" in path.parts and (name == "fchmod" or path.is_dir()):
                raise OSError(errno.EPERM, "Operation not permitted")
            return calls[name](descriptor, *more)

        return call

    for name in calls:
        monkeypatch.setattr(os, name, refusing(name))
    report = issued.run()

    assert ([], 1) == (report.cautions, len(backups(issued.folder / "usb")))


def test_what_a_killed_backup_left_on_the_stick_goes(issued: Office) -> None:
    """It holds keys; what others are writing there stays."""
    stick = issued.folder / "usb"
    stick.mkdir()
    left, others = stick / ".surat-sync-20261101-080000.zip.ab12.part", stick / ".foto.part"
    left.write_bytes(b"half")
    others.write_bytes(b"half")
    issued.configure(backup_to="usb")
    issued.run()

    assert (False, True) == (left.exists(), others.exists())


def test_a_missing_stick_is_told_and_stops_nothing(issued: Office) -> None:
    """The letter is written, the log says what is missing, `check` has a caution."""
    issued.configure(backup_to="usb")
    issued.submit("Joko Contoh")
    outcome = command(issued, "run", "--quiet")
    checked = command(issued, "check")

    assert 0 == outcome.code
    assert "usb is no folder, or not plugged in" in outcome.err
    assert "Siap Ditandatangani" == issued.statuses()["Joko Contoh"]
    assert 0 == checked.code
    assert "caution  backup: " in checked.out
    (issued.folder / "usb").mkdir()
    issued.submit("Rina Contoh")
    assert [] == issued.run().cautions
    assert 1 == len(backups(issued.folder / "usb"))


def test_a_backup_that_cannot_be_written_is_only_told(issued: Office) -> None:
    """The run has ended well; the caution says where no backup is."""
    issued.pass_time(days=1)
    folder = issued.folder / "state" / "backups"
    folder.rename(folder.with_name("old"))
    folder.write_text("in the way")

    report = issued.run()

    assert (0, "in the way") == (report.exit_code, folder.read_text())
    assert "state/backups is no folder" in report.cautions[0]


def test_check_tells_that_backups_stopped(issued: Office) -> None:
    """Four days without one, while the village believes to be safe."""
    issued.pass_time(days=4)

    assert "caution  backup: the newest backup in the state folder is of 2026-11-24" in (
        command(issued, "check").out
    )
