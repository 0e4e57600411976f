"""What a cabinet promises, over a folder; and what only a folder can get wrong."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.cabinet.folder import FolderCabinet
from sync.errors import CabinetError

NAME = "surat-keterangan/2026/0001_SKU-0000-0000-0_r1.docx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a letters folder that a group may read."""
    made = tmp_path / "letters"
    made.mkdir()
    made.chmod(0o2750)
    return made


@pytest.fixture
def cabinet(folder: Path) -> FolderCabinet:
    """Return the cabinet in that folder."""
    return FolderCabinet(folder)


def test_a_letter_lies_under_its_name(cabinet: FolderCabinet, folder: Path) -> None:
    """Its location is what staff see, and leads to the file."""
    location = cabinet.store(NAME, b"letter")

    assert NAME == location
    assert str(folder / NAME) == cabinet.where(location)
    assert b"letter" == (folder / NAME).read_bytes()


def test_storing_again_is_success(cabinet: FolderCabinet, folder: Path) -> None:
    """The same bytes under the same name are one file."""
    cabinet.store(NAME, b"letter")
    cabinet.store(NAME, b"letter")

    assert [folder / NAME] == _files(folder)


@pytest.mark.parametrize("other", [b"letteR", b"lette", b"letter!", b""])
def test_nothing_is_replaced(cabinet: FolderCabinet, folder: Path, other: bytes) -> None:
    """Other bytes that lie there stay, and are an error."""
    cabinet.store(NAME, other)

    with pytest.raises(CabinetError, match="another file"):
        cabinet.store(NAME, b"letter")
    assert other == (folder / NAME).read_bytes()
    assert [folder / NAME] == _files(folder)


def test_what_is_made_takes_over_mode_and_group(cabinet: FolderCabinet, folder: Path) -> None:
    """Another account can print: folders and files are as open as the letters folder, no more."""
    if os.getuid() == 0:
        os.chown(folder, -1, 12345)
        folder.chmod(0o2750)
    cabinet.store(NAME, b"letter")
    path = folder / NAME

    assert [0o2750, 0o2750, 0o640] == [
        each.stat().st_mode & 0o7777 for each in (path.parent.parent, path.parent, path)
    ]
    assert {folder.stat().st_gid} == {each.stat().st_gid for each in folder.rglob("*")}
    assert 0o2750 == folder.stat().st_mode & 0o7777


def test_a_killed_runs_unfinished_file_goes(cabinet: FolderCabinet, folder: Path) -> None:
    """Storing the letter again removes what the killed run left beside it."""
    unfinished = (folder / NAME).with_name(f".{(folder / NAME).name}.x1.part")
    unfinished.parent.mkdir(parents=True)
    unfinished.write_bytes(b"let")
    cabinet.store(NAME, b"letter")

    assert [folder / NAME] == _files(folder)


def test_a_share_without_hard_links_will_do(
    cabinet: FolderCabinet, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A USB stick knows no links; still nothing is replaced."""
    monkeypatch.setattr(os, "link", _refuse_link)
    cabinet.store(NAME, b"letter")

    with pytest.raises(CabinetError, match="another file"):
        cabinet.store(NAME, b"other")
    assert [folder / NAME] == _files(folder)
    assert b"letter" == (folder / NAME).read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "0001_SKU-0000-0000-0_r1.docx",
        "/surat-keterangan/2026/0001_SKU-0000-0000-0_r1.docx",
        "surat-keterangan/../0001_SKU-0000-0000-0_r1.docx",
        "../2026/0001_SKU-0000-0000-0_r1.docx",
        "surat-keterangan/2026/0001_SKU-0000-0000-0_r1.exe",
        "surat-keterangan/2026/0001_Siti Contoh_r1.docx",
        "surat-keterangan/2026/0001_SKU-0000-0000-0_r1.docx\n",
        "surat-keterangan/2026/٠٠٠١_SKU-0000-0000-0_r1.docx",
    ],
)
def test_only_numbers_ids_and_revisions_make_a_name(cabinet: FolderCabinet, name: str) -> None:
    """Any other name is refused, for storing and for looking."""
    with pytest.raises(CabinetError, match="name"):
        cabinet.store(name, b"letter")
    with pytest.raises(CabinetError, match="name"):
        cabinet.where(name)


@given(st.text(max_size=60) | st.from_regex(r"[a-z./-]{0,9}/20[0-9]{2}/[0-9]{4}_[A-Z./]+_r1.docx"))
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    """Whatever is asked for is refused or lies inside."""
    root = Path("/letters")
    try:
        where = Path(FolderCabinet(root).where(name))
    except CabinetError:
        return
    assert where.resolve() == where
    assert where.is_relative_to(root)


def test_a_link_that_leads_out_is_refused(
    cabinet: FolderCabinet, folder: Path, tmp_path: Path
) -> None:
    """Neither a linked folder nor a linked file is written through."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder / "surat-keterangan").symlink_to(outside)
    with pytest.raises(CabinetError, match="leads out"):
        cabinet.store(NAME, b"letter")

    (folder / "surat-keterangan").unlink()
    (folder / NAME).parent.mkdir(parents=True)
    (folder / NAME).symlink_to(outside / "file")
    with pytest.raises(CabinetError):
        cabinet.store(NAME, b"letter")
    assert [] == list(outside.iterdir())


def test_a_pipe_in_a_letters_place_is_an_error(cabinet: FolderCabinet, folder: Path) -> None:
    """The run does not wait for whoever made it."""
    (folder / NAME).parent.mkdir(parents=True)
    os.mkfifo(folder / NAME)

    with pytest.raises(CabinetError):
        cabinet.store(NAME, b"letter")


def test_a_good_folder_passes_the_check(cabinet: FolderCabinet, folder: Path) -> None:
    """The check leaves nothing behind."""
    cabinet.check()

    assert [] == list(folder.iterdir())


def test_a_missing_folder_is_told_and_not_made(cabinet: FolderCabinet, folder: Path) -> None:
    """It may be a disk that is not mounted: nothing is written elsewhere."""
    folder.rmdir()

    with pytest.raises(CabinetError, match="missing"):
        cabinet.check()
    with pytest.raises(CabinetError, match="missing"):
        cabinet.store(NAME, b"letter")
    assert not folder.exists()


def test_setup_makes_the_folder(tmp_path: Path) -> None:
    """Once it is made, a second time changes nothing."""
    cabinet = FolderCabinet(tmp_path / "deep" / "letters")
    cabinet.create()
    cabinet.create()

    cabinet.check()


def test_a_nearly_full_disk_fails_the_check(
    cabinet: FolderCabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Less than 50 MB are too little."""
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=49_999_999))

    with pytest.raises(CabinetError, match="nearly full"):
        cabinet.check()


def test_a_folder_that_cannot_be_written_fails_the_check(
    cabinet: FolderCabinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check really writes: a permission alone says too little on a share."""
    monkeypatch.setattr("tempfile.mkstemp", _refuse_file)

    with pytest.raises(CabinetError, match="Read-only"):
        cabinet.check()
    with pytest.raises(CabinetError, match="Read-only"):
        cabinet.store(NAME, b"letter")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if not path.is_dir()]


def _refuse_link(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def _refuse_file(*_: object, **__: object) -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))
