"""A backup is looked at before anything is touched, and what was there is kept."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import stat
import warnings
import zipfile
from collections import Counter
from itertools import count
from typing import TYPE_CHECKING

import pytest
import time_machine
from command_line import command
from history import quiet
from office import TODAY, Office
from undertaker import hired

from sync.commands import program
from sync.commands.backups import back_up
from sync.commands.register import reserve_numbers
from sync.commands.restore import restore
from sync.errors import SafetyStop
from sync.ledger import backup
from sync.platform import exclusive_lock
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

STRIDE = 3 if os.environ.get("SURAT_SYNC_TESTS", "push") == "push" else 1  #: among kill points


@pytest.fixture
def saved(office: Office) -> Office:
    """Return an office with two letters, and a backup of it as `copy.zip`."""
    return _save(office)


@pytest.fixture(scope="module")
def saved_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Return such an office, with a third letter since, for tests that leave it as it is."""
    with time_machine.travel(TODAY, tick=True) as clock, Sandbox(seed=1) as box:
        office = Office(tmp_path_factory.mktemp("restore"), box, clock)
        office.set_up()
        _save(office)
        office.submit("Joko Contoh")
        office.run()
        yield office


def _save(office: Office) -> Office:
    office.submit("Siti Contoh", "Budi Contoh")
    office.run()
    back_up(office.config, out=office.folder / "copy.zip")
    return office


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder* by its name, but the lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def test_a_lost_state_folder_comes_back(saved: Office) -> None:
    """With ledger and keys the next run goes on as if nothing had happened."""
    lines, entries = saved.register(), saved.entries()
    shutil.rmtree(saved.folder / "state")
    outcome = command(saved, "ledger", "restore", str(saved.folder / "copy.zip"))
    state = saved.folder / "state"

    assert 0 == outcome.code, outcome.err
    assert (lines, entries) == (saved.register(), saved.entries())
    modes = {stat.S_IMODE(p.stat().st_mode) for p in state.iterdir() if p.is_file()}
    assert ({0o600}, 0o700) == (modes, stat.S_IMODE(state.stat().st_mode))
    assert quiet(saved)
    saved.submit("Joko Contoh")
    assert [3] == [letter_number(one.letter_number) for one in saved.run().letters]


def letter_number(text: str) -> int:
    return int(text.split("/")[1])


def test_what_was_there_is_kept_aside(saved: Office) -> None:
    """Nothing is destroyed: the folder is named, private, and holds every replaced file."""
    saved.submit("Joko Contoh")
    saved.run()
    state = saved.folder / "state"
    before = contents(state)
    aside = restore(saved.config, saved.folder / "copy.zip")

    kept = {path.name: path.read_bytes() for path in aside.iterdir()}
    assert (state, 0o700) == (aside.parent, stat.S_IMODE(aside.stat().st_mode))
    assert aside.name.startswith("before-restore-20261124-1015")
    assert {"ledger.db", "secret.key", "high-water.json"} <= kept.keys()
    assert {name: before[name] for name in kept} == kept


def test_an_old_backup_gives_no_number(saved: Office) -> None:
    """The largest number stays remembered, so a run stops; `ledger rebuild` mends it."""
    saved.submit("Joko Contoh")
    saved.run()
    lines = saved.register()
    restore(saved.config, saved.folder / "copy.zip")
    saved.submit("Rina Contoh")
    stopped = command(saved, "run")

    assert 3 == stopped.code
    assert "safety stop ledger-behind" in stopped.err
    assert "surat-sync ledger rebuild" in stopped.err
    assert (
        3
        == json.loads((saved.folder / "state" / "high-water.json").read_text())[
            "surat-keterangan/2026"
        ]
    )
    rebuilt = command(saved, "ledger", "rebuild")
    assert 0 == rebuilt.code, rebuilt.err
    assert [one.letter_number for one in lines] == [one.letter_number for one in saved.register()]
    assert [4] == [letter_number(one.letter_number) for one in saved.run().letters]
    assert quiet(saved)


def test_an_old_backup_that_went_on_is_found_out(saved: Office) -> None:
    """On another computer it gave a number again: the register tab's own line contradicts."""
    saved.submit("Joko Contoh")
    saved.run()
    shutil.rmtree(saved.folder / "state")
    restore(saved.config, saved.folder / "copy.zip")
    (line,) = reserve_numbers(saved.config)
    stopped = command(saved, "run")

    assert (3, 3) == (letter_number(line.letter_number), stopped.code)
    assert "has number 3 for SKU-" in stopped.err
    assert 3 == command(saved, "ledger", "rebuild").code


def test_newer_signing_keys_stay(saved: Office) -> None:
    """A key that signs since then is not given up for the one in the backup."""
    before = backup.keys_in(saved.folder / "state")
    newer = before | {"signing.key": b"a" * 64, "public-keys.json": b"{}"}
    for name, content in newer.items():
        (saved.folder / "state" / name).write_bytes(content)
    restore(saved.config, saved.folder / "copy.zip")

    assert newer == backup.keys_in(saved.folder / "state")


def test_a_run_at_work_is_not_disturbed(saved: Office) -> None:
    """While a run holds the lock, nothing is restored."""
    before = contents(saved.folder / "state")
    with exclusive_lock(saved.folder / "state" / "lock"):
        outcome = command(saved, "ledger", "restore", str(saved.folder / "copy.zip"))

    assert (75, before) == (outcome.code, contents(saved.folder / "state"))


# -- what is refused, with nothing touched


def archive(members: list[tuple[str, bytes]], *, mode: int = 0o600) -> bytes:
    """Return any archive, each member with *mode*."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a name that is there twice is the point
                made.writestr(info, content)
    return target.getvalue()


def remade(files: Mapping[str, bytes], *, village: str = "35.07.32.2004") -> bytes:
    """Return a backup of *files* with a true manifest."""
    return backup.packed(files, village=village, now=TODAY)


def changed_ledger(files: Mapping[str, bytes], statement: str) -> bytes:
    """Return the backup with a ledger in which somebody was at work."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.deserialize(files["ledger.db"])
    database.executescript(statement)
    ledger = database.serialize()
    database.close()
    return remade({**files, "ledger.db": ledger})


def members(files: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    """Return what a true backup holds, its manifest first."""
    with zipfile.ZipFile(io.BytesIO(remade(files))) as made:
        return [(name, made.read(name)) for name in made.namelist()]


_REFUSED: dict[str, tuple[Callable[[Mapping[str, bytes]], bytes], int, str]] = {
    "no archive": (lambda _: b"PK nothing", 2, "it is damaged, or no backup"),
    "cut off": (lambda files: remade(files)[:-100], 2, "it is damaged, or no backup"),
    "no manifest": (lambda files: archive(members(files)[1:]), 2, "it has no manifest"),
    "odd manifest": (
        lambda files: archive([("manifest.json", b"[1]"), *members(files)[1:]]),
        2,
        "it has no manifest",
    ),
    "newer form": (
        lambda files: archive(
            [
                ("manifest.json", members(files)[0][1].replace(b'"format": 1', b'"format": 2')),
                *members(files)[1:],
            ]
        ),
        2,
        "a newer surat-sync made it",
    ),
    "another hash": (
        lambda files: archive([*members(files)[:-1], (members(files)[-1][0], b"x")]),
        2,
        "its files are not those that its manifest names",
    ),
    "one file more": (
        lambda files: archive([*members(files), ("other.key", b"x")]),
        2,
        "its files are not those that its manifest names",
    ),
    "a way out": (
        lambda files: archive([*members(files), ("../../evil.key", b"x")]),
        2,
        "it holds other files than a backup does",
    ),
    "an absolute name": (
        lambda files: archive([*members(files), ("/tmp/evil.key", b"x")]),
        2,
        "it holds other files than a backup does",
    ),
    "a name twice": (
        lambda files: archive([*members(files), ("secret.key", b"x")]),
        2,
        "it holds other files than a backup does",
    ),
    "many files": (
        lambda files: archive([*members(files), *((f"k{n}.key", b"") for n in range(99))]),
        2,
        "it holds other files than a backup does",
    ),
    "a link": (lambda files: archive(members(files), mode=0o120777), 2, "it holds a link"),
    "a bomb": (
        lambda files: archive([*members(files), ("big.key", bytes(30_000_000))]),
        2,
        "it would grow too large",
    ),
    "another village": (
        lambda files: remade(files, village="11.01.01.2001"),
        2,
        "is of village 11.01.01.2001",
    ),
    "another village's ledger": (
        lambda files: changed_ledger(files, "UPDATE meta SET village = 'x' WHERE village <> ''"),
        2,
        "ledger is of another village",
    ),
    "no keys": (
        lambda files: remade({n: c for n, c in files.items() if n != "secret.key"}),
        2,
        "holds no keys",
    ),
    "no ledger": (
        lambda files: remade({n: c for n, c in files.items() if n != "ledger.db"}),
        2,
        "holds only keys",
    ),
    "no key inside": (
        lambda files: remade({**files, "secret.key": b"nothing"}),
        2,
        "does not hold a key",
    ),
    "another key": (
        lambda files: remade({**files, "secret.key": b"ab" * 32}),
        3,
        "does not fit",
    ),
    "another key, no numbers": (
        lambda files: changed_ledger(
            {**files, "secret.key": b"ab" * 32},
            "DELETE FROM register_lines; DELETE FROM counters",
        ),
        2,
        "keys do not belong to its ledger",
    ),
    "a forged number": (
        lambda files: changed_ledger(files, "UPDATE register_lines SET letter_number = 'x'"),
        3,
        "does not fit",
    ),
    "a newer ledger": (
        lambda files: changed_ledger(
            files, "UPDATE meta SET value = '99' WHERE key = 'schema_version'"
        ),
        2,
        "version 99",
    ),
    "no database": (lambda files: remade({**files, "ledger.db": b"no"}), 3, "ledger-corrupt"),
    "odd marks": (
        lambda files: remade({**files, "high-water.json": b"[]"}),
        2,
        "high-water.json is damaged",
    ),
}


@pytest.mark.parametrize("case", _REFUSED)
def test_a_backup_that_cannot_be_trusted_is_refused(saved_once: Office, case: str) -> None:
    """Hostile, damaged or another village's: told why, and not one byte of the state changed."""
    make, code, told = _REFUSED[case]
    hostile = saved_once.folder / "hostile.zip"
    hostile.write_bytes(make(backup.unpacked(saved_once.folder / "copy.zip").files))
    before = contents(saved_once.folder)
    outcome = command(saved_once, "ledger", "restore", str(hostile))

    assert (code, before) == (outcome.code, contents(saved_once.folder)), outcome.err
    assert told in outcome.err
    assert "Traceback" not in outcome.err
    assert [] == [*(saved_once.folder / "state").glob("*restore*")]


@pytest.mark.parametrize("name", ["missing.zip", "state"])
def test_a_file_that_cannot_be_read_is_told(saved_once: Office, name: str) -> None:
    """No traceback for a mistyped name."""
    outcome = command(saved_once, "ledger", "restore", str(saved_once.folder / name))

    assert 2 == outcome.code
    assert "Traceback" not in outcome.err


def test_a_restore_that_is_killed_leaves_a_stop_or_a_whole_ledger(saved_once: Office) -> None:
    """After any of its effects: what was there, what shall be there, or a stop that tells."""
    office, state = saved_once, saved_once.folder / "state"
    command_line = ("ledger", "restore", str(office.folder / "copy.zip"))
    shutil.copytree(state, office.folder / "kept")
    both = {_ledger(office), _ledger_in(office.folder / "copy.zip")}
    found = Counter[str]()
    with hired(office) as undertaker:
        for after in count(1, STRIDE):
            shutil.rmtree(state)
            shutil.copytree(office.folder / "kept", state)
            code = undertaker.run(after, command_line)
            found[_ending(office, both)] += 1
            if code == 0:
                break
            assert -signal.SIGKILL == code
    shutil.rmtree(office.folder / "kept")

    assert {"whole", "ledger-missing"} == found.keys()
    assert sum(found.values()) > 20 // STRIDE, "the hooks have come loose"


def _ending(office: Office, both: set[str]) -> str:
    """Tell what a run would find now."""
    try:
        books = program.open_books(office.config, program.system_clock())
    except SafetyStop as stop:
        return stop.name
    if books is None:
        return "nothing"
    books.ledger.verify()
    books.ledger.close()
    return "whole" if _ledger(office) in both else "something else"


def _ledger(office: Office) -> str:
    return _digest(backup.snapshot(office.folder / "state" / "ledger.db"))


def _ledger_in(path: Path) -> str:
    return _digest(backup.unpacked(path).files["ledger.db"])


def _digest(ledger: bytes) -> str:
    database = sqlite3.connect(":memory:")
    database.deserialize(ledger)
    text = "\n".join(database.iterdump())
    database.close()
    return hashlib.sha256(text.encode()).hexdigest()
