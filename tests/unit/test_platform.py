"""What state files and the lock can be trusted for."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.errors import DiskError, LedgerBusy, UserError
from sync.platform import (
    create_empty,
    disk_errors,
    exclusive_lock,
    free_bytes,
    is_private,
    private_folder,
    require_private,
    write_new,
    write_private,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def everyone_may_read() -> Iterator[None]:
    """Make files as readable as the system lets them be."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    """It is made once, 0700, also when the folder above is missing."""
    folder = tmp_path / "deep" / "state"
    private_folder(folder)
    private_folder(folder)

    assert 0o700 == _mode(folder)


def test_an_open_folder_is_refused_and_not_changed(tmp_path: Path) -> None:
    """It may be somebody's home: the owner decides."""
    tmp_path.chmod(0o755)

    with pytest.raises(UserError, match=f"chmod 700 {tmp_path}"):
        private_folder(tmp_path)
    assert 0o755 == _mode(tmp_path)


def test_a_file_in_the_folders_place_is_the_users_mistake(tmp_path: Path) -> None:
    """The message says what is there."""
    (tmp_path / "state").write_bytes(b"")

    with pytest.raises(UserError, match="no folder"):
        private_folder(tmp_path / "state")


@pytest.mark.parametrize("mode, private", [(0o600, True), (0o640, False), (0o602, False)])
def test_private_means_the_owner_alone(tmp_path: Path, mode: int, *, private: bool) -> None:
    """Any right of the group or of others makes a file open."""
    file = tmp_path / "secret"
    file.touch()
    file.chmod(mode)

    assert private == is_private(file)
    if not private:
        with pytest.raises(UserError, match=f"chmod 600 {file}"):
            require_private(file)


def test_a_state_file_is_replaced_whole(tmp_path: Path) -> None:
    """It is 0600, holds the last content, and nothing stays beside it."""
    file = tmp_path / "mark"
    write_private(file, b"one")
    write_private(file, b"two")

    assert b"two" == file.read_bytes()
    assert 0o600 == _mode(file)
    assert [file] == list(tmp_path.iterdir())


def test_a_failed_write_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is named, and the file stays what it was."""
    file = tmp_path / "mark"
    write_private(file, b"one")
    monkeypatch.setattr(os, "fsync", _no_space)

    with pytest.raises(DiskError, match=f"{file}: No space left"):
        write_private(file, b"two")
    assert b"one" == file.read_bytes()
    assert [file] == list(tmp_path.iterdir())


def test_a_file_that_went_away_is_the_disks_trouble(tmp_path: Path) -> None:
    """Another run may have taken it; that is no bug."""
    with pytest.raises(DiskError, match="gone: No such file"):
        require_private(tmp_path / "gone")


def test_content_is_on_the_disk_before_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File, rename, folder: a power cut leaves the old content or the new, never a part."""
    file = tmp_path / "mark"
    seen: list[tuple[bool, bool]] = []
    real = os.fsync

    def watch(descriptor: int) -> None:
        seen.append((os.path.isdir(f"/proc/self/fd/{descriptor}"), file.exists()))  # noqa: PTH112
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    write_private(file, b"one")

    assert [(False, False), (True, True)] == seen


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    """The next write of the same file sweeps, and leaves other files alone."""
    for name in (".mark.x1.part", ".other.x1.part", "mark.part"):
        (tmp_path / name).write_bytes(b"x")
    write_private(tmp_path / "mark", b"one")

    assert {"mark", ".other.x1.part", "mark.part"} == {path.name for path in tmp_path.iterdir()}


@given(st.binary(max_size=100))
def test_new_files_hold_what_was_given(content: bytes) -> None:
    """Whatever the bytes are."""
    import tempfile  # noqa: PLC0415  Hypothesis wants a new folder for each example
    from pathlib import Path  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        write_new(Path(folder) / "x", content, mode=0o640)

        assert content == (Path(folder) / "x").read_bytes()
        assert 0o640 == _mode(Path(folder) / "x")


def test_a_new_file_never_replaces_one(tmp_path: Path) -> None:
    """What is there stays."""
    file = tmp_path / "letter"
    write_new(file, b"one")

    with pytest.raises(FileExistsError):
        write_new(file, b"two")
    assert b"one" == file.read_bytes()
    assert [file] == list(tmp_path.iterdir())


def test_an_empty_file_is_made_private_and_once(tmp_path: Path) -> None:
    """A file that is there keeps its content."""
    file = tmp_path / "ledger"
    create_empty(file)
    file.write_bytes(b"x")
    create_empty(file)

    assert b"x" == file.read_bytes()
    assert 0o600 == _mode(file)


def test_the_lock_is_held_by_one(tmp_path: Path) -> None:
    """A second process is sent away at once; afterwards the file stays, private and free."""
    file = tmp_path / "lock"
    with exclusive_lock(file):
        inside = _lock_elsewhere(file)
        with pytest.raises(LedgerBusy, match="another run is at work"), exclusive_lock(file):
            pass
    outside = _lock_elsewhere(file)

    assert ["LedgerBusy", "held"] == [inside, outside]
    assert 0o600 == _mode(file)


def test_the_lock_is_not_inherited(tmp_path: Path) -> None:
    """A program that a run starts and leaves behind does not hold the lock on."""
    file = tmp_path / "lock"
    with exclusive_lock(file):
        child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        assert "held" == _lock_elsewhere(file)
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
def test_the_disks_trouble_names_the_file(tmp_path: Path, number: int) -> None:
    """What a person must mend is told with its place."""
    with pytest.raises(DiskError, match=str(tmp_path)), disk_errors(tmp_path):
        raise OSError(number, os.strerror(number))


def test_other_trouble_stays_what_it_is(tmp_path: Path) -> None:
    """A bug is not taken for a broken disk."""
    with pytest.raises(OSError, match="Bad file"), disk_errors(tmp_path):
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def test_free_space_is_told_in_bytes(tmp_path: Path) -> None:
    """It is what an ordinary account may still use."""
    status = os.statvfs(tmp_path)

    assert abs(free_bytes(tmp_path) - status.f_bavail * status.f_frsize) < 1e9


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _no_space(_: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _lock_elsewhere(file: Path) -> str:
    script = (
        "import sys, pathlib; from sync.platform import exclusive_lock\n"
        "try:\n"
        "    with exclusive_lock(pathlib.Path(sys.argv[1])): print('held')\n"
        "except Exception as error: print(type(error).__name__)"
    )
    return subprocess.check_output([sys.executable, "-c", script, str(file)], text=True).strip()
