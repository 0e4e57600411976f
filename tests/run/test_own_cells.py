"""Staff type, sort, move and delete; our cells stay right, and on their own row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from history import quiet, written_headers
from office import OUR_HEADERS
from village_user import VillageUser

if TYPE_CHECKING:
    from office import Office


@pytest.fixture
def issued(office: Office) -> Office:
    """Return an office with three letters."""
    office.submit("Siti Contoh", "Budi Contoh", "Ani Contoh")
    office.run()
    office.run()
    return office


@pytest.mark.parametrize("header", OUR_HEADERS)
def test_a_cell_typed_over_is_put_right(issued: Office, header: str) -> None:
    """In our columns the ledger wins."""
    office = issued
    before = office.record("Budi Contoh")
    office.edit("Budi Contoh", header, "sudah selesai")
    mark = office.mark()
    office.run()

    assert before == office.record("Budi Contoh")
    assert {header} == written_headers(office, mark)
    assert quiet(office)


def test_an_emptied_row_of_ours_comes_back(issued: Office) -> None:
    """Deleting all our cells of a row brings ticket, number and note back."""
    office = issued
    before = office.record("Budi Contoh")
    for header in OUR_HEADERS:
        office.edit("Budi Contoh", header, "")
    office.run()

    assert before == office.record("Budi Contoh")
    assert 3 == len(office.register())
    assert quiet(office)


def test_a_script_that_fights_us_is_left_alone(issued: Office) -> None:
    """What is typed over in three runs in a row stays until it changes; the note says so."""
    office = issued
    for _ in range(2):
        office.edit("Budi Contoh", "Status", "beres")
        office.run()
        assert "Siap Ditandatangani" == office.record("Budi Contoh")["Status"]
    office.edit("Budi Contoh", "Status", "beres")
    office.run()
    record = office.record("Budi Contoh")
    assert "beres" == record["Status"]
    assert "Kolom Status terus ditimpa" in record["Catatan"]
    assert quiet(office)

    office.edit("Budi Contoh", "Status", "lain lagi")
    office.run()
    record = office.record("Budi Contoh")
    assert "Siap Ditandatangani" == record["Status"]
    office.run()
    assert "terus ditimpa" not in office.record("Budi Contoh")["Catatan"]


def test_a_deleted_row_keeps_its_number_and_may_return(issued: Office) -> None:
    """The register line stays; the row that comes back is known again."""
    office = issued
    row = office.row_index("Budi Contoh")
    cells = office.sandbox.rows()[row]
    office.sandbox.staff({"delete": {"sheet": office.sandbox.sheet_id, "row": row}})
    assert 0 == office.run().exit_code
    assert quiet(office)
    assert [1, 2, 3] == [line.sequence for line in office.register()]

    VillageUser(office.sandbox).write_cells([cells], first_row=5)
    office.run()
    assert cells == office.sandbox.rows()[4]
    assert (3, 3) == (len(office.register()), len(office.letters()))
    assert [False] * 3 == [bool(entry.row_missing_since) for entry in office.entries()]
    assert quiet(office)


def test_a_renamed_tab_goes_on(issued: Office) -> None:
    """After `setup` the gid counts, not the title."""
    office = issued
    gid = office.sandbox.sheet_id
    office.sandbox.staff({"rename_sheet": {"sheet": gid, "value": "Jawaban 'SKU' 2026"}})
    office.submit("Joko Contoh")

    assert (0, 1) == ((report := office.run()).exit_code, report.counts["issued"])
    assert quiet(office)


def test_moved_columns_are_found_by_their_headers(issued: Office) -> None:
    """Staff rearrange the sheet; nothing is issued again and the next request works."""
    office = issued
    gid = office.sandbox.sheet_id
    for header, to in (("Status", 0), ("NIK", 24), ("Tindakan", 3), ("ID Permohonan", 9)):
        move = {"sheet": gid, "column": office.column_index(header), "to": to}
        office.sandbox.staff({"move_column": move})
    before = office.sandbox.records()
    assert quiet(office)
    assert before == office.sandbox.records()

    office.submit("Joko Contoh")
    office.ask("Siti Contoh", "Sudah Ditandatangani")
    mark = office.mark()
    office.run()
    assert "500.3/4/35.07.32.2004/2026" == office.record("Joko Contoh")["Nomor Surat"]
    assert "Siap Diambil" == office.record("Siti Contoh")["Status"]
    assert set(OUR_HEADERS) == written_headers(office, mark)


def test_a_sorted_sheet_is_quiet(issued: Office) -> None:
    """Sorting moves rows; nothing is issued or written again."""
    office = issued
    column = office.column_index("Nama Lengkap")
    office.sandbox.staff({"sort": {"sheet": office.sandbox.sheet_id, "column": column}})

    assert quiet(office)


def test_tickets_pasted_onto_other_rows_are_put_right(issued: Office) -> None:
    """Our cells of one row copied over another's: each person keeps ticket, number and letter."""
    office = issued
    before = office.sandbox.records()
    theirs = office.record("Siti Contoh")
    for header in OUR_HEADERS:
        office.edit("Budi Contoh", header, theirs[header])
    office.run()

    assert before == office.sandbox.records()
    assert quiet(office)
    ours = [office.record(name)["ID Permohonan"] for name in ("Siti Contoh", "Ani Contoh")]
    for name, ticket in zip(("Ani Contoh", "Siti Contoh"), ours, strict=True):
        office.edit(name, "ID Permohonan", ticket)
    office.run()
    assert before == office.sandbox.records()
    assert 3 == len(office.register())


def test_putting_a_cell_right_is_no_news_for_diperbarui(office: Office) -> None:
    """The time says when something about the request changed, not when a cell was mended."""
    office.submit("Siti Contoh")
    office.run()
    before = office.record("Siti Contoh")
    office.pass_time(minutes=30)
    office.edit("Siti Contoh", "Status", "beres")

    office.run()

    assert before == office.record("Siti Contoh")
