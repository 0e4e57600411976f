"""`surat-sync ledger restore`: put a backup in the state folder's place; nothing is destroyed."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sync.commands import program
from sync.commands.idle import MARK_FILE
from sync.errors import SafetyStop, UserError
from sync.keys import KEY_FILE, PUBLIC_FILE, SIGNING_FILE, Keys, submission_id
from sync.ledger import backup
from sync.ledger.high_water import HighWaterFile
from sync.ledger.store import SqlLedger
from sync.platform import (
    keep_beside,
    move_aside,
    private_folder,
    put_in_place,
    write_private,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.clock import Clock
    from sync.config import Config
    from sync.ledger.backup import Backup

_JOURNAL = "-journal"
_CHECKED = ".restore-"


def restore(config: Config, file: Path, *, clock: Clock | None = None) -> Path:
    """
    Put ledger and keys of the backup *file* in place; return the folder of what was there.

    The largest numbers ever given stay remembered: after an old backup a run stops as
    `ledger-behind`, and `ledger rebuild` adds what is missing.

    Raises `UserError` for a file that is damaged, another village's, or whose keys and ledger
    do not belong together, `LedgerTooNew`, `SafetyStop("ledger-corrupt")`; `LedgerBusy` while
    a run is at work. Then nothing was changed.
    """
    clock = clock or program.system_clock()
    found = backup.unpacked(file)
    _check_village(config, found, file)
    with program.run_lock(config):
        state = config.state_folder
        for left in state.glob(f"{_CHECKED}*"):  # by a restore that was killed
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(dir=state, prefix=_CHECKED) as checked:
            files = _checked(config, found, Path(checked), clock)
            aside = aside_folder(config, "before-restore", clock)
            _put(state, files, aside)
        return aside


def aside_folder(config: Config, why: str, clock: Clock) -> Path:
    """Make a private folder in the state folder for what is there now."""
    now = program.village_time(config, clock.now())
    folder = config.state_folder / f"{why}-{now:%Y%m%d-%H%M%S}"
    while folder.exists():
        folder = folder.with_name(f"{folder.name}x")
    private_folder(folder)
    return folder


def replace_ledger(new: Path, ledger: Path, aside: Path) -> None:
    """
    Let *new* take the place of *ledger*, of which a copy stays in *aside*.

    A journal belongs to the old file and would spoil the new one: where there is one, the old
    ledger goes first, and a crash leaves the safety stop `ledger-missing`.
    """
    journal = ledger.with_name(f"{ledger.name}{_JOURNAL}")
    if journal.exists():
        remove_ledger(ledger, aside)
    elif ledger.exists():
        keep_beside(ledger, aside)
    put_in_place(new, ledger)


def remove_ledger(ledger: Path, aside: Path) -> None:
    """Move *ledger*, and a journal that a killed run left, into *aside*."""
    move_aside(ledger, aside)
    move_aside(ledger.with_name(f"{ledger.name}{_JOURNAL}"), aside)


def _check_village(config: Config, found: Backup, file: Path) -> None:
    if found.village != config.village.code:
        raise UserError(f"{file} is of village {found.village}, the config of another.")
    if KEY_FILE not in found.files:
        raise UserError(f"{file} holds no keys.")
    if bool(config.ledger_url()) == (backup.LEDGER in found.files):
        raise UserError(
            f"{file} holds only keys: its ledger is in PostgreSQL, which has pg_dump and"
            " pg_restore; name it as `ledger` in the config."
            if backup.LEDGER not in found.files
            else f"{file} holds a SQLite ledger, but the config names a database server."
        )


def _checked(config: Config, found: Backup, folder: Path, clock: Clock) -> dict[str, bytes]:
    """Return the files to put in place, the ledger in our version; all of it was looked at."""
    files = _without_signing_keys_that_are_here(found.files, config.state_folder)
    write_private(folder / KEY_FILE, files[KEY_FILE])
    keys = Keys.load(folder)
    _marks(files.get(backup.HIGH_WATER))
    if backup.LEDGER in files and keys is not None:
        write_private(folder / backup.LEDGER, files[backup.LEDGER])
        _check_ledger(config, folder / backup.LEDGER, keys, clock)
        files[backup.LEDGER] = backup.snapshot(folder / backup.LEDGER)
    return files


def _without_signing_keys_that_are_here(
    files: Mapping[str, bytes], state: Path
) -> dict[str, bytes]:
    """
    Return *files* without signing keys, where the village's own are whole in the state folder.

    They may be newer than the backup; an old one must not sign, nor be trusted, again.
    """
    here = backup.keys_in(state)
    whole = here.get(KEY_FILE) == files[KEY_FILE]
    kept = {SIGNING_FILE, PUBLIC_FILE} if {SIGNING_FILE, PUBLIC_FILE} <= here.keys() else set()
    return {name: files[name] for name in files if not (whole and name in kept)}


def _check_ledger(config: Config, path: Path, keys: Keys, clock: Clock) -> None:
    ledger = SqlLedger.open(
        path,
        village=config.village.code,
        key=keys.derive(program.REGISTER_LINE_KEY),
        now=clock.now,
        create=False,
    )
    if ledger is None:
        raise UserError("The backup's ledger is of another village. Nothing was changed.")
    try:
        ledger.verify()
        if not all(_fits(config, ledger, keys)):
            raise UserError("The backup's keys do not belong to its ledger. Nothing was changed.")
    finally:
        ledger.close()


def _fits(config: Config, ledger: SqlLedger, keys: Keys) -> Iterator[bool]:
    """Tell for each service whether the keys have made one of its tickets; true without any."""
    for service in config.services:
        timed = [e for e in ledger.entries(service) if e.serial is not None]
        made = (
            submission_id(
                keys,
                prefix=e.service,
                spreadsheet=e.spreadsheet,
                gid=e.gid,
                serial=e.serial,
                occurrence=e.occurrence,
            )
            == e.submission_id
            for e in timed
        )
        yield not timed or any(made)


def _marks(content: bytes | None) -> dict[str, int]:
    try:
        found = json.loads(content or b"{}")
        return {str(mark): int(sequence) for mark, sequence in found.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise UserError("The backup's high-water.json is damaged. Nothing was changed.") from error


def _put(state: Path, files: dict[str, bytes], aside: Path) -> None:
    """
    Put *files* in place, the ledger last.

    In between there is no ledger, so that a crash leaves a safety stop; what was there is whole
    in *aside*.
    """
    _raise_marks(state / backup.HIGH_WATER, _marks(files.get(backup.HIGH_WATER)), aside)
    if backup.LEDGER in files:
        remove_ledger(state / backup.LEDGER, aside)
    apart = {backup.LEDGER, backup.HIGH_WATER}
    for path in (*(state / program.CLAIMED).glob("*.json"), state / MARK_FILE):
        move_aside(path, aside)
    for name in sorted(files.keys() - apart):
        if (state / name).exists():
            keep_beside(state / name, aside)
        write_private(state / name, files[name])
    if backup.LEDGER in files:
        write_private(state / backup.LEDGER, files[backup.LEDGER])


def _raise_marks(path: Path, marks: dict[str, int], aside: Path) -> None:
    """Keep the larger of each mark; a file of them that is damaged goes aside."""
    if path.exists():
        keep_beside(path, aside)
    try:
        HighWaterFile(path).raise_to(marks)
    except SafetyStop:
        path.unlink()
        HighWaterFile(path).raise_to(marks)
