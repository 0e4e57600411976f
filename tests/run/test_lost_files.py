"""Files that somebody took away: a letter, or what the program keeps beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command_line import command
from history import applied_writes, quiet

if TYPE_CHECKING:
    from office import Office

_GONE = "Berkas surat tidak ada lagi di tempatnya."


@pytest.fixture
def issued(office: Office) -> Office:
    """Return an office with two letters, quiet, with the mark that idle runs go by."""
    office.submit("Siti Contoh", "Budi Contoh")
    command(office, "run")
    command(office, "run")
    return office


def _letter(office: Office, name: str) -> bytes:
    """Take away the letter of *name*; return what it held."""
    path = office.folder / "letters" / str(office.record(name)["Surat"])
    content = path.read_bytes()
    path.unlink()
    return content


def test_a_lost_letter_is_noted_and_not_made_again(issued: Office) -> None:
    """The next run says so beside the row; *Terbitkan Ulang* makes it, under the same number."""
    office = issued
    number = office.record("Siti Contoh")["Nomor Surat"]
    _letter(office, "Siti Contoh")

    assert 0 == command(office, "run").code
    assert _GONE in office.record("Siti Contoh")["Catatan"]
    assert _GONE not in office.record("Budi Contoh")["Catatan"]
    assert 1 == len(office.letters())
    assert quiet(office)

    office.ask("Siti Contoh", "Terbitkan Ulang")
    assert 0 == command(office, "run").code
    record = office.record("Siti Contoh")
    assert (number, True) == (record["Nomor Surat"], record["Surat"].endswith("_r2.docx"))
    assert _GONE not in record["Catatan"]
    assert quiet(office)


def test_a_letter_that_comes_back_is_noted_no_more(issued: Office) -> None:
    """Somebody found it in the bin."""
    office = issued
    content = _letter(office, "Siti Contoh")
    command(office, "run")
    (office.folder / "letters" / office.record("Siti Contoh")["Surat"]).write_bytes(content)
    command(office, "run")

    assert _GONE not in office.record("Siti Contoh")["Catatan"]
    assert quiet(office)


def test_a_letter_that_was_handed_over_may_go(issued: Office) -> None:
    """Its file is nobody's work any more."""
    office = issued
    office.ask("Siti Contoh", "Sudah Diambil")
    command(office, "run")
    _letter(office, "Siti Contoh")
    before = office.mark()
    command(office, "run")

    assert [] == applied_writes(office, before)


@pytest.mark.parametrize("name", ["lock", "quiet.json", "high-water.json", "ledger.db"])
def test_a_folder_in_a_files_place_is_no_bug(issued: Office, name: str) -> None:
    """Exit 2 or a safety stop, or nothing at all, but never a traceback; nothing is written."""
    office = issued
    path = office.folder / "state" / name
    path.unlink(missing_ok=True)
    path.mkdir(mode=0o700)
    before = office.mark()

    outcome = command(office, "run")

    assert outcome.code in {0, 2, 3}, outcome.err
    assert "Traceback" not in outcome.err
    assert [] == applied_writes(office, before)
