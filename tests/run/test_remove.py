"""`surat-sync setup --remove`: all of ours goes, nothing of the village's, and it comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command_line import command
from history import applied_writes, quiet
from office import OUR_HEADERS

if TYPE_CHECKING:
    from office import Office

_OURS = (*OUR_HEADERS, "Tindakan", "Alasan Petugas")


def _titles(office: Office) -> list[str]:
    book = office.sandbox.world.state.book(office.sandbox.spreadsheet_id)
    return [sheet.title for sheet in book.sheets]


def test_remove_leaves_the_sheet_as_it_was(bare_office: Office) -> None:
    """Answers, their order, and staff's own columns and tabs stay; the ledger keeps the number."""
    office = bare_office
    before = office.header(), _titles(office)
    command(office, "setup")
    office.submit("Siti Contoh", "Budi Contoh")
    office.run()
    answers = [row[: len(before[0])] for row in office.sandbox.rows()]
    outcome = command(office, "setup", "--remove")

    assert (0, "") == (outcome.code, outcome.err)
    assert before == (office.header(), _titles(office))
    assert answers == office.sandbox.rows()
    assert "took away the columns ID Permohonan, Status" in outcome.out
    assert "took away the tab Register surat-keterangan 2026" in outcome.out
    assert [1, 2] == [line.sequence for line in office.register()]


def test_columns_that_were_moved_and_renamed_tabs_are_found(office: Office) -> None:
    """Ours are known by their headers, and the tab by its gid."""
    sheet = office.sandbox.sheet_id
    form = office.header()[: -len(_OURS)]
    office.sandbox.staff(
        {"move_column": {"sheet": sheet, "column": len(form) + 1, "to": 2}},
        {"rename_sheet": {"sheet": sheet, "value": "Jawaban"}},
    )
    command(office, "setup", "--remove")

    assert form == office.header()


def test_remove_twice_writes_nothing_the_second_time(office: Office) -> None:
    """It is safe to repeat."""
    command(office, "setup", "--remove")
    before = office.mark()
    outcome = command(office, "setup", "--remove")

    assert (0, "nothing of surat-sync was there\n") == (outcome.code, outcome.out)
    assert [] == applied_writes(office, before)


def test_runs_wait_until_setup_brings_everything_back(office: Office) -> None:
    """In between a run says what to do; afterwards every number stands where it stood."""
    office.submit("Siti Contoh")
    office.run()
    record = office.record("Siti Contoh")
    command(office, "setup", "--remove")
    stopped = command(office, "run")
    command(office, "setup")
    office.settle()

    assert (2, True) == (stopped.code, "surat-sync setup" in stopped.err)
    again = office.record("Siti Contoh")
    ours = ("ID Permohonan", "Status", "Nomor Surat", "Surat")
    assert [record[name] for name in ours] == [again[name] for name in ours]
    assert record["Nomor Surat"] == office.register_tab()[1][1]
    assert quiet(office)


def test_a_register_tab_with_the_offices_own_words_stays(office: Office) -> None:
    """What was typed beside or below our lines is not ours to delete."""
    office.submit("Siti Contoh")
    office.run()
    gid = next(
        sheet.sheet_id
        for sheet in office.sandbox.world.state.book(office.sandbox.spreadsheet_id).sheets
        if sheet.title.startswith("Register")
    )
    office.sandbox.staff({"edit": {"sheet": gid, "row": 7, "column": 1, "value": "milik kantor"}})
    outcome = command(office, "setup", "--remove")

    assert "left the tab Register surat-keterangan 2026" in outcome.out
    assert "milik kantor" == office.register_tab()[7][1]


@pytest.mark.parametrize("kind", ["403", "close-after", "503"])
def test_trouble_in_the_middle_harms_nobodys_answers(office: Office, kind: str) -> None:
    """Refused, lost or broken: answers stay, and a second try finishes."""
    office.submit("Siti Contoh")
    office.run()
    name = office.record("Siti Contoh")["Nama Lengkap"]
    office.sandbox.fault("sheets.spreadsheets.batchUpdate", kind=kind)
    assert 0 != command(office, "setup", "--remove").code
    assert 0 == command(office, "setup", "--remove").code

    assert name == office.record("Siti Contoh")["Nama Lengkap"]
    assert "Status" not in office.header()


def test_a_column_moved_at_that_moment_is_told(office: Office) -> None:
    """A deletion goes by position: the read-back sees it, and says how to get the column back."""
    office.submit("Siti Contoh")
    office.run()
    sheet, width = office.sandbox.sheet_id, len(office.header())
    office.sandbox.staff(
        {"move_column": {"sheet": sheet, "column": 1, "to": width - 1}},
        before="sheets.spreadsheets.batchUpdate",
    )
    outcome = command(office, "setup", "--remove")

    assert 2 == outcome.code
    assert "Version history" in outcome.err


def test_before_setup_there_is_nothing_to_remove(bare_office: Office) -> None:
    """And nothing is asked of the sheet."""
    assert 2 == command(bare_office, "setup", "--remove").code
