"""What is private stays so: whatever the umask, and whatever somebody has put in our way."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest
from command_line import command

from sync.cabinet.folder import FolderCabinet
from sync.cabinet.spool import Spool
from sync.commands import demo
from sync.errors import CabinetError, DiskError, UserError
from sync.letter import Template
from sync.model import SubmissionId
from sync.platform import exclusive_lock, write_new, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from office import Office

TICKET = SubmissionId("SKU-2V4K-8H3D-X")
LETTER = f"surat-keterangan/2026/0001_{TICKET}_r1.docx"


@pytest.fixture(params=[0, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(folder: Path) -> dict[str, str]:
    """Return what in *folder*, itself included, group or others may touch; name to mode."""
    found = [folder, *folder.rglob("*")]
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.lstat().st_mode))
        for path in found
        if path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    }


@pytest.mark.usefixtures("umask")
def test_state_is_private_after_every_command(
    bare_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set up, run, checked, bundled, backed up, exported, and after a crash."""
    office = bare_office
    state = office.folder / "state"
    agenda = office.folder / "agenda.csv"
    for arguments in (
        ("setup",), ("run",), ("check",), ("check", "--bundle", str(office.folder / "x.zip")),
        ("register", "reserve"), ("register", "export", "--agenda", "--out", str(agenda)),
        ("ledger", "backup"), ("run",), ("status",),
    ):  # fmt: skip
        office.submit("Siti Contoh")
        assert command(office, *arguments).code in {0, 2}, arguments
        assert {} == open_to_others(state), arguments
    assert office.letters()
    assert {} == open_to_others(office.folder / "secrets")
    assert 0o600 == stat.S_IMODE(agenda.stat().st_mode), "the agenda holds names"
    monkeypatch.setattr(Template, "fill", _crash)
    office.submit("Budi Contoh")

    assert 70 == command(office, "run").code
    assert {} == open_to_others(state)


def _crash(*_: Any, **__: Any) -> None:
    raise RuntimeError


@pytest.mark.parametrize("name", ["secrets/service-account.json", "state/secret.key"])
def test_a_secret_that_others_may_touch_is_refused(office: Office, name: str) -> None:
    """Exit 2, the file and what mends it; nothing is read or written."""
    for mode in (0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o777):
        (office.folder / name).chmod(mode)
        mark = office.mark()
        outcome = command(office, "run")

        assert 2 == outcome.code
        assert "chmod 600" in outcome.err
        assert name.rpartition("/")[2] in outcome.err
        assert [] == [call for call in office.calls(mark) if "atch" in call], oct(mode)


def test_an_open_state_folder_is_refused(office: Office) -> None:
    """Whoever may list it, or enter, could wait for what is written."""
    state = office.folder / "state"
    for mode in (0o750, 0o705, 0o711, 0o777):
        state.chmod(mode)
        outcome = command(office, "run")

        assert 2 == outcome.code
        assert f"chmod 700 {state}" in outcome.err


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Return another person's file, which no write of ours may reach."""
    path = tmp_path / "theirs"
    path.write_text("theirs")
    return path


def test_a_link_in_place_of_a_state_file_is_replaced(tmp_path: Path, outside: Path) -> None:
    """What the link leads to stays."""
    link = tmp_path / "high-water.json"
    link.symlink_to(outside)
    write_private(link, b"ours")

    assert ("theirs", b"ours") == (outside.read_text(), link.read_bytes())
    assert not link.is_symlink()


def test_a_link_in_place_of_a_new_file_is_refused(tmp_path: Path, outside: Path) -> None:
    """Leading somewhere or nowhere."""
    for target in (outside, tmp_path / "nowhere"):
        link = tmp_path / f"link to {target.name}"
        link.symlink_to(target)
        with pytest.raises(FileExistsError):
            write_new(link, b"ours")

    assert "theirs" == outside.read_text()
    assert not (tmp_path / "nowhere").exists()


def test_a_link_in_place_of_the_lock_is_refused(tmp_path: Path) -> None:
    """It would make, and keep open, a file anywhere."""
    link = tmp_path / "lock"
    link.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(DiskError, match="lock"), exclusive_lock(link):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_link_in_place_of_the_spool_is_not_followed(tmp_path: Path, outside: Path) -> None:
    """Neither for a letter in it nor for the folder, when others may look into its target."""
    spool = tmp_path / "spool"
    spool.mkdir(mode=0o700)
    (spool / f"{TICKET}_r1.docx").symlink_to(outside)
    Spool(spool).put(TICKET, 1, b"letter")
    public = tmp_path / "public"
    public.mkdir()
    public.chmod(0o755)
    (tmp_path / "link").symlink_to(public)
    with pytest.raises(UserError, match="chmod 700"):
        Spool(tmp_path / "link").put(TICKET, 1, b"letter")

    assert "theirs" == outside.read_text()
    assert [] == list(public.iterdir())


def test_an_earlier_demo_takes_away_only_its_own(tmp_path: Path, outside: Path) -> None:
    """Its list of letters may lie in a folder that somebody else filled."""
    keep = tmp_path / "surat-demo"
    keep.mkdir()
    (keep / "0001.docx").write_text("made up")
    (keep / demo._MANIFEST).write_text(json.dumps(["0001.docx", "../theirs", str(outside)]))
    demo._clear(keep)

    assert "theirs" == outside.read_text()
    assert not (keep / "0001.docx").exists()


@pytest.mark.parametrize("place", ["surat-keterangan", "surat-keterangan/2026", LETTER])
def test_a_link_among_the_letters_is_not_followed(
    tmp_path: Path, outside: Path, place: str
) -> None:
    """Register, year or letter: what leads out of the folder is refused, and nothing is there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = tmp_path / "letters"
    path = folder / place
    path.parent.mkdir(parents=True)
    path.symlink_to(outside if place == LETTER else elsewhere)

    with pytest.raises(CabinetError):
        FolderCabinet(folder).store(LETTER, b"letter")
    assert "theirs" == outside.read_text()
    assert [] == [one for one in elsewhere.rglob("*") if one.is_file()]


@pytest.mark.parametrize(
    "name",
    [
        "../x/2026/0001_SKU-1_r1.docx", "/etc/2026/0001_SKU-1_r1.docx", "a/2026/../../x_r1.docx",
        "a/2026/0001_Siti Contoh_r1.docx", "a/2026/0001_SKU-1_r1.docx/../x", "",
        "a\\2026\\0001_S_r1.docx", "a/2026/0001_SKU-1_r1.exe", "a/2026/0001_SKU-1\0_r1.docx",
        "a/2026/0001_SKU-1_r1.docx\n", ".ssh/2026/0001_SKU-1_r1.docx",
        "a/20266/0001_SKU-1_r1.docx", "a/2026/1_SKU-1_r1.docx",
    ],
)  # fmt: skip
def test_a_letters_name_has_number_ticket_and_revision_only(tmp_path: Path, name: str) -> None:
    """Anything else is refused, so that no name can lead out or tell of a person."""
    with pytest.raises(CabinetError, match="not a letter's name"):
        FolderCabinet(tmp_path).store(name, b"x")
