"""`surat-sync ledger backup`, and the copy that each day's first good run makes."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from typing import TYPE_CHECKING

from sync.commands import program
from sync.errors import DiskError, SyncError, UserError
from sync.keys import KEY_FILE, Keys
from sync.ledger import backup
from sync.platform import (
    disk_errors,
    private_folder,
    sweep_folder,
    write_elsewhere,
    write_private,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from sync.clock import Clock
    from sync.config import Config

_NAME = re.compile(r"surat-sync-([0-9]{8})-[0-9]{6}\.zip")
_START = "surat-sync-"
_MOST_DAYS = 14


def back_up(config: Config, *, out: Path | None = None, clock: Clock | None = None) -> Path:
    """
    Write a backup of ledger and keys, mode 0600, and return where it lies.

    out: another place than `backups` of the state folder; a file that is there is kept

    A run may be at work meanwhile. Raises `UserError` when there are no keys, `DiskError`,
    `LedgerBusy`, `SafetyStop("ledger-corrupt")`.
    """
    now = _now(config, clock)
    content = _content(config, now)
    if out is not None:
        _write_new(out, content)
        return out
    folder = backups_folder(config)
    private_folder(folder)
    path = folder / _name(now)
    write_private(path, content)
    _forget_old(folder)
    return path


def daily_backup(config: Config, *, clock: Clock | None = None) -> list[str]:
    """
    Make today's backups where there are none yet; return what kept one from being made.

    Never raises: a stick that is not plugged in must not keep letters from being written.
    """
    now = _now(config, clock)
    cautions, content = [], b""
    for folder in _places(config):
        try:
            if _has_one(folder, now):
                continue
            content = content or _content(config, now)
            if folder == backups_folder(config):
                private_folder(folder)
                write_private(folder / _name(now), content)
            else:
                _require_folder(folder)
                sweep_folder(folder, _START)  # other people's files lie there, too
                write_elsewhere(folder / _name(now), content)
            _forget_old(folder)
        except (SyncError, OSError) as error:
            cautions.append(f"no backup in {folder} today: {error}")
    return cautions


def backups_folder(config: Config) -> Path:
    """Return the folder of the daily backups."""
    return config.state_folder / program.BACKUPS


def second_folder(config: Config) -> Path | None:
    """Return the other place that the config names for them; None for none."""
    return config.path(config.backup_to) if config.backup_to else None


def newest_day(folder: Path) -> date | None:
    """Return the day of the newest backup there; None when there is none."""
    return max((day for day, _ in _backups(folder)), default=None)


def _places(config: Config) -> Iterator[Path]:
    yield backups_folder(config)
    second = second_folder(config)
    if second is not None:
        yield second


def _content(config: Config, now: datetime) -> bytes:
    """Return the backup; what is older than the ledger in it does no harm, so it is read first."""
    state = config.state_folder
    files = backup.keys_in(state)
    if Keys.load(state) is None:
        raise UserError(f"{state / KEY_FILE} is gone: without the keys a backup is worthless.")
    marks = state / backup.HIGH_WATER
    with disk_errors(marks):
        if marks.is_file():
            files[backup.HIGH_WATER] = marks.read_bytes()
    if not config.ledger_url():
        ledger = state / program.LEDGER_FILE
        if not ledger.is_file():
            raise UserError(f"{ledger} is not there: nothing to back up.")
        files[backup.LEDGER] = backup.snapshot(ledger)
    return backup.packed(files, village=config.village.code, now=now)


def _write_new(path: Path, content: bytes) -> None:
    if path.exists():
        raise UserError(f"{path} is there already; a backup never replaces a file.")
    _require_folder(path.parent)
    write_elsewhere(path, content)


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise DiskError(f"{folder} is no folder, or not plugged in")


def _has_one(folder: Path, now: datetime) -> bool:
    newest = newest_day(folder)
    return newest is not None and newest >= now.date()


def _forget_old(folder: Path) -> None:
    """Keep the last fortnight that has backups, of each day the first and the last."""
    by_day: dict[date, list[Path]] = {}
    for day, path in _backups(folder):
        by_day.setdefault(day, []).append(path)
    days = sorted(by_day)
    with disk_errors(folder):
        for day in days:
            kept = {by_day[day][0], by_day[day][-1]} if day in days[-_MOST_DAYS:] else set()
            for path in by_day[day]:
                if path not in kept:
                    path.unlink(missing_ok=True)


def _backups(folder: Path) -> list[tuple[date, Path]]:
    """Return the backups there with their days, the oldest first."""
    found = []
    for path in sorted(folder.glob("*.zip")):
        name = _NAME.fullmatch(path.name)
        with contextlib.suppress(ValueError):  # a name with a day that cannot be is not ours
            if name:
                found.append((date.fromisoformat(name[1]), path))
    return found


def _name(now: datetime) -> str:
    return f"{_START}{now:%Y%m%d-%H%M%S}.zip"


def _now(config: Config, clock: Clock | None) -> datetime:
    return program.village_time(config, (clock or program.system_clock()).now())
