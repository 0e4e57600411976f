"""
The operating system: private files, locks, free space; nothing else knows it.

Rules: docs/how-it-works.md. On Windows files have no modes, so there nothing is refused for
being open to others, and a folder cannot be flushed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sync.errors import DiskError, LedgerBusy, UserError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DISK_TROUBLE = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
_CRON_SECONDS = 5
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)  # Windows has none
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK}


def private_folder(path: Path) -> None:
    """
    Make *path* with mode 0700, if it is not there.

    Raises `UserError` when it is there and others may look into it, `DiskError` when it
    cannot be made.
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.mkdir(mode=0o700, exist_ok=True)
        except FileExistsError as error:
            raise UserError(f"{path} is no folder") from error
    require_private(path)


def require_private(path: Path) -> None:
    """Raise `UserError` when group or others may do anything with *path*; `DiskError`."""
    with disk_errors(path):
        private = is_private(path)
    if not private:
        mode = "700" if path.is_dir() else "600"
        raise UserError(f"{path} is open to other accounts: chmod {mode} {path}")


def is_private(path: Path) -> bool:
    """Return whether only the owner may read, write or enter *path*."""
    modes = sys.platform != "win32"
    return not (modes and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def write_private(path: Path, content: bytes) -> None:
    """
    Put *content* at *path*, mode 0600; after a crash the old content stands there or the new.

    The one writer of state files. Raises `DiskError`.
    """
    with disk_errors(path):
        temporary = _write_beside(path, content)
        temporary.replace(path)
        sweep(path)
        sync_folder(path.parent)


def write_new(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """
    Put *content* at *path* and never over another file: the whole content, or nothing.

    Raises `FileExistsError` when something stands there, and any other `OSError`.
    """
    temporary = _write_beside(path, content, mode=mode)
    try:
        _rename_to_new(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sweep(path)
    sync_folder(path.parent)


def write_elsewhere(path: Path, content: bytes) -> None:
    """
    Put *content* at *path* of another disk or a share: the whole content, or what was there.

    Private where the place knows modes; sticks and shares may know none, and flush no folders.
    Raises `DiskError`.
    """
    with disk_errors(path):
        temporary = _write_beside(path, content, mode=None)
        try:
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        sweep(path)
        with contextlib.suppress(OSError):
            sync_folder(path.parent)


def keep_beside(path: Path, folder: Path) -> None:
    """Give *path* a second name in *folder*; it stays where it is. Raises `DiskError`."""
    kept = folder / path.name
    with disk_errors(path):
        try:
            os.link(path, kept, follow_symlinks=False)
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            write_private(kept, path.read_bytes())
        sync_folder(folder)


def move_aside(path: Path, folder: Path) -> None:
    """Move *path* into *folder* of the same disk; what is not there is fine. `DiskError`."""
    with disk_errors(path):
        try:
            path.rename(folder / path.name)
        except FileNotFoundError:
            return
        sync_folder(folder)
        sync_folder(path.parent)


def put_in_place(new: Path, path: Path) -> None:
    """Let *new*, of the same folder and whole, take the name *path*; raises `DiskError`."""
    with disk_errors(path):
        new.replace(path)
        sync_folder(path.parent)


def create_empty(path: Path) -> None:
    """Make an empty file with mode 0600 unless *path* exists; raises `DiskError`."""
    with disk_errors(path), contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        sync_folder(path.parent)


def sweep(path: Path) -> None:
    """Remove what runs that were killed while they wrote *path* left beside it."""
    for other in path.parent.iterdir():
        if other.name.startswith(_prefix(path)) and other.name.endswith(".part"):
            other.unlink(missing_ok=True)


def sweep_folder(folder: Path, start: str = "") -> None:
    """
    Remove what runs that were killed left unfinished in a folder, of files so called.

    Only under the run's lock: another run's file that is being written would go, too.
    """
    with disk_errors(folder):
        for left_over in folder.glob(f".{start}*.part"):
            left_over.unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    if sys.platform != "win32":
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def free_bytes(path: Path) -> int:
    """Return how much the disk that holds *path* has left for us."""
    with disk_errors(path):
        return shutil.disk_usage(path).free


@contextlib.contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """
    Hold the lock file at *path*; its mode is 0600, and it is never deleted.

    The operating system lets go of the lock when the process ends, however it ends. Raises
    `LedgerBusy` at once when another holds it, `DiskError` when it cannot be made or is a
    link. Not for network drives.
    """
    with disk_errors(path):
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | _NO_LINKS, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def remove_folder(path: Path) -> None:
    """Remove a folder with all that is in it; what is not there is fine. Raises `DiskError`."""
    with disk_errors(path):
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.exists():
            shutil.rmtree(path)


def run_within(command: Sequence[str], *, seconds: float, folder: Path) -> int | None:
    """
    Run a program in *folder* and return its exit code; None when it took longer than *seconds*.

    What it writes is private, its temporary files too; what it says is lost. It ends here in any
    case, with everything that it has started. Raises `DiskError` when it cannot be started.
    """
    with disk_errors(Path(command[0])):
        started = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            umask=-1 if sys.platform == "win32" else 0o077,
        )
    try:
        return started.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end_with_all(started)


@contextlib.contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn what a full, broken or read-only disk answers into a `DiskError` naming *path*."""
    try:
        yield
    except OSError as error:
        if error.errno not in _DISK_TROUBLE:
            raise
        raise DiskError(f"{path}: {error.strerror}") from error


def scheduled_runs() -> list[str]:
    """Return what starts surat-sync by itself, as this account can see: cron lines and timers."""
    if sys.platform == "win32":
        return []
    lines = [f"cron: {line}" for line in _crontab() if "surat-sync" in line and " run" in line]
    homes = (Path("/etc/systemd/system"), Path.home() / ".config/systemd/user")
    timers = (
        timer.name
        for home in homes
        for timer in sorted(home.glob("timers.target.wants/surat-sync*.timer"))
    )
    return [*lines, *(f"systemd: {name}" for name in timers)]


def _crontab() -> list[str]:
    """Return this account's cron lines; none where there is no cron."""
    try:
        found = subprocess.run(
            ["crontab", "-l"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_CRON_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [line.strip() for line in found.stdout.splitlines() if not line.startswith("#")]


def _end_with_all(started: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        started.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(started.pid, signal.SIGKILL)  # it leads the group of those it started
    started.wait()


def _write_beside(path: Path, content: bytes, *, mode: int | None = 0o600) -> Path:
    """Write a file that may take *path*'s name; without *mode* as the place makes files."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=".part")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if mode is not None and sys.platform != "win32":
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _prefix(path: Path) -> str:
    return f".{path.name}."


def _rename_to_new(temporary: Path, path: Path) -> None:
    if sys.platform == "win32":
        temporary.rename(path)  # Windows never renames over a file
    else:
        _link_to_new(temporary, path)


def _link_to_new(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        # USB sticks and some shares know no hard links; the run's lock keeps others away.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from error
        temporary.rename(path)


def _lock(descriptor: int) -> None:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise LedgerBusy("another run is at work") from error
