"""Finished letters in a folder of this computer, or of a share that it mounts."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import tempfile
from typing import TYPE_CHECKING

from sync.cabinet.interface import StoredLetter
from sync.errors import CabinetError, DiskError
from sync.platform import free_bytes, sweep, sweep_folder, sync_folder, write_new

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FREE_BYTES_NEEDED = 50_000_000
_PROBE = ".check."
_NAME = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"  # register
    r"/[0-9]{4}"  # year
    r"/[0-9]{4,}_[A-Z0-9][A-Z0-9_-]{0,63}_r[0-9]+\.(docx|pdf)"  # sequence, ticket, revision
)
_READ_AND_WRITE = 0o666


class FolderCabinet:
    """
    Implements `sync.cabinet.interface.Cabinet`.

    The folder keeps the mode and the group that it has; what is made in it takes them over,
    so that another account can print.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def create(self) -> None:
        """Make the folder, with the computer's usual mode; one that is there stays as it is."""
        with _cabinet_errors(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)

    def check(self) -> None:
        """Raise `CabinetError` when a letter could not be stored now; leaves nothing behind."""
        self._require_folder()
        with _cabinet_errors(self._folder):
            descriptor, _ = tempfile.mkstemp(dir=self._folder, prefix=_PROBE)
            os.close(descriptor)
            for probe in self._folder.glob(f"{_PROBE}*"):  # also those of runs that were killed
                probe.unlink(missing_ok=True)
            free = free_bytes(self._folder)
        if free < FREE_BYTES_NEEDED:
            raise CabinetError(f"{self._folder}: the disk is nearly full, {free} bytes are left")

    def tidy(self) -> None:
        """Remove the unfinished files of runs that were killed; only under the run's lock."""
        with _cabinet_errors(self._folder):
            for folder in self._folder.glob("*/*/"):
                sweep_folder(folder)

    def probe(self) -> None:
        """Store something and take it away again: what `check` does."""
        self.check()

    def new_ids(self, count: int) -> Sequence[str]:
        """Return no ids: a file is known by its name."""
        return [""] * count

    def store(self, name: str, content: bytes, file_id: str = "") -> str:
        """
        Keep *content* under *name*, `<register>/<year>/<sequence>_<ticket>_r<revision>.docx`.

        Nothing is ever replaced: the same bytes already there are success, other bytes, a
        link that leads out of the folder, or a failure raise `CabinetError`. A folder that
        is missing is not made anew: it may be a disk that is not mounted.
        """
        del file_id
        path = self._path(name)
        self._require_folder()
        with _cabinet_errors(path):
            self._make_folders(path.parent)
            if _holds(path, content):
                sweep(path)
            else:
                _write(path, content)
            _take_group(path, path.parent.stat().st_gid)
        return name

    def keep_copy(self, name: str, content: bytes, file_id: str = "") -> str:
        """Keep a PDF beside its letter; one that is there already stays."""
        path = self._path(name)
        return name if path.is_file() else self.store(name, content, file_id)

    def is_gone(self, location: str) -> bool:
        """Tell whether a letter that was stored here is not in the folder any more."""
        return bool(_NAME.fullmatch(location)) and not self._path(location).exists()

    def where(self, location: str) -> str:
        """Return the absolute path of a stored letter."""
        return str(self._path(location))

    def stored(self) -> list[StoredLetter]:
        """Return every letter in the folder; links and other files are none."""
        found = []
        with _cabinet_errors(self._folder):
            for path in sorted(self._folder.glob("*/*/*.docx")):
                name = path.relative_to(self._folder).as_posix()
                if _NAME.fullmatch(name) and path.is_file() and not path.is_symlink():
                    with path.open("rb") as file:
                        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                    found.append(StoredLetter(name=name, location=name, sha256=sha256))
        return found

    def content(self, letter: StoredLetter) -> bytes:
        """Return a stored letter's bytes."""
        path = self._path(letter.name)
        with _cabinet_errors(path):
            return path.read_bytes()

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise CabinetError(f"not a letter's name: {name!r}")
        return self._folder / name

    def _require_folder(self) -> None:
        if not self._folder.is_dir():
            raise CabinetError(f"{self._folder} is missing, or no folder")

    def _make_folders(self, folder: Path) -> None:
        root = os.path.realpath(self._folder)
        for each in (folder.parent, folder):
            _make_folder(each)
            if os.path.commonpath([root, os.path.realpath(each)]) != root:
                raise CabinetError(f"{each} leads out of the letters folder")


@contextlib.contextmanager
def _cabinet_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except DiskError as error:
        raise CabinetError(str(error)) from error
    except OSError as error:
        raise CabinetError(f"{path}: {error.strerror}") from error


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    parent = folder.parent.stat()
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
        _take_group(folder, parent.st_gid)
        folder.chmod(stat.S_IMODE(parent.st_mode))
        sync_folder(folder.parent)


def _write(path: Path, content: bytes) -> None:
    mode = stat.S_IMODE(path.parent.stat().st_mode) & _READ_AND_WRITE
    try:
        write_new(path, content, mode=mode)
    except (FileExistsError, FileNotFoundError):
        # A run on another computer that stores the same letter was first, and swept ours.
        if not _holds(path, content):
            raise


def _holds(path: Path, content: bytes) -> bool:
    """Return whether *content* stands at *path*, False when nothing does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _no_surprise())
    except FileNotFoundError:
        return False
    with os.fdopen(descriptor, "rb") as file:
        if file.read(len(content) + 1) != content:
            raise CabinetError(f"{path}: another file has that name")
    return True


def _no_surprise() -> int:
    """Return the flags that follow no link and wait for no pipe."""
    if sys.platform == "win32":
        return os.O_BINARY
    else:  # noqa: RET505  mypy tells the platforms apart by the branch
        return os.O_NOFOLLOW | os.O_NONBLOCK


def _take_group(path: Path, group: int) -> None:
    if sys.platform != "win32" and path.stat().st_gid != group:
        # Only a member may give a file to a group; for others the letter is still stored.
        with contextlib.suppress(PermissionError):
            os.chown(path, -1, group)
