"""
A backup: one private file with ledger, keys and marks, and a manifest that proves it whole.

An archive (ZIP) that holds only names that are known, directly; nothing of it is ever unpacked
by name, and nothing is read that claims to be larger than a ledger can be.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sqlite3
import stat
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.errors import DiskError, LedgerBusy, SafetyStop, UserError
from sync.keys import PUBLIC_FILE
from sync.ledger.database import BUSY_SECONDS
from sync.ledger.schema import VERSION
from sync.platform import disk_errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

LEDGER = "ledger.db"
HIGH_WATER = "high-water.json"
_MANIFEST = "manifest.json"
_NAMES = re.compile(
    rf"{re.escape(LEDGER)}|{HIGH_WATER}|{PUBLIC_FILE}|[a-z0-9][a-z0-9-]{{0,40}}\.key"
)
_FORMAT = 1
_MOST_FILES = 40
_MOST_BYTES = 1 << 30  #: of everything in it, unpacked
_MOST_RATIO = 500  #: an empty page of SQLite is all zeros


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds."""

    village: str
    made_at: str  #: ISO 8601
    files: Mapping[str, bytes]


def snapshot(ledger: Path) -> bytes:
    """
    Return a SQLite ledger as it is at one moment, also while a run is at work.

    Through SQLite's own backup: a plain copy of a file in use may be torn. Raises
    `LedgerBusy`, `SafetyStop("ledger-corrupt")`, `DiskError`.
    """
    try:
        source = sqlite3.connect(
            f"{ledger.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS
        )
        copy = sqlite3.connect(":memory:")
        try:
            source.backup(copy)
            return copy.serialize()
        finally:
            copy.close()
            source.close()
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise LedgerBusy(f"{ledger}: another process held it for {BUSY_SECONDS} s") from error
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise SafetyStop("ledger-corrupt", f"{ledger}: {error}") from error
        raise DiskError(f"{ledger}: {error}") from error


def keys_in(state: Path) -> dict[str, bytes]:
    """Return the village's keys by file name, the public ones too."""
    found = {}
    for path in sorted([*state.glob("*.key"), state / PUBLIC_FILE]):
        with disk_errors(path):
            if path.is_file() and _NAMES.fullmatch(path.name):
                found[path.name] = path.read_bytes()
    return found


def packed(files: Mapping[str, bytes], *, village: str, now: datetime) -> bytes:
    """Return a backup of *files*: the same as bytes."""
    manifest = {
        "format": _FORMAT,
        "village": village,
        "made_at": now.isoformat(),
        "ledger_version": VERSION,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def unpacked(path: Path) -> Backup:
    """
    Return what the backup at *path* holds; every file has the hash that the manifest names.

    Raises `UserError` when it is none of ours, or damaged, and `DiskError`.
    """
    try:
        with disk_errors(path), zipfile.ZipFile(path) as archive:
            contents = {
                one.filename: _content(archive, one, path) for one in _members(archive, path)
            }
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _refused(path, "it is damaged, or no backup") from error
    manifest = _manifest(contents.pop(_MANIFEST, b""), path)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    if hashes != manifest["files"]:
        raise _refused(path, "its files are not those that its manifest names")
    return Backup(
        village=str(manifest["village"]), made_at=str(manifest["made_at"]), files=contents
    )


def _members(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    names = [member.filename for member in members]
    wrong = [n for n in names if n != _MANIFEST and not _NAMES.fullmatch(n)]
    if wrong or len(set(names)) != len(names) or len(names) > _MOST_FILES:
        raise _refused(path, "it holds other files than a backup does")
    if any(stat.S_ISLNK(member.external_attr >> 16) for member in members):
        raise _refused(path, "it holds a link")
    if sum(member.file_size for member in members) > _MOST_BYTES or any(
        member.file_size > _MOST_RATIO * max(member.compress_size, 1) for member in members
    ):
        raise _refused(path, "it would grow too large")
    return members


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> bytes:
    with archive.open(member) as file:
        content = file.read(member.file_size + 1)
    if len(content) != member.file_size:
        raise _refused(path, "it would grow too large")
    return content


def _manifest(content: bytes, path: Path) -> dict[str, object]:
    try:
        manifest: dict[str, object] = json.loads(content)
        texts = (manifest["village"], manifest["made_at"])
        sound = isinstance(manifest["files"], dict) and all(isinstance(t, str) for t in texts)
    except (ValueError, KeyError, TypeError) as error:
        raise _refused(path, "it has no manifest") from error
    if not sound or manifest.get("format") != _FORMAT:
        raise _refused(path, "a newer surat-sync made it, or it has no manifest")
    return manifest


def _refused(path: Path, why: str) -> UserError:
    return UserError(f"{path} cannot be restored: {why}. Nothing was changed.")
