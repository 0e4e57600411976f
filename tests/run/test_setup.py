"""`surat-sync setup`: once, twice, on a sheet in use, and where it must not work."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from command_line import command
from history import applied_writes, quiet
from office import OUR_HEADERS, SWAP
from village_user import VillageUser, people, spread

if TYPE_CHECKING:
    from office import Office

_STAFF = ["Tindakan", "Alasan Petugas"]


def test_setup_prepares_the_sheet(bare_office: Office) -> None:
    """Our columns stand right of the form's, the register tab has its header, rows are archived."""
    office = bare_office
    form = office.header()
    office.submit("Siti Contoh")
    before = office.people()
    outcome = command(office, "setup")

    assert (0, "") == (outcome.code, outcome.err)
    assert [*form, *OUR_HEADERS, *_STAFF] == office.header()
    assert "Kode Baris" == office.register_tab()[0][-1]
    assert {"Siti Contoh": "Arsip"} == office.statuses()
    assert "archived 1 rows that were there before" in outcome.out
    assert [row[: len(form)] for row in before] == [row[: len(form)] for row in office.people()]
    assert ((), []) == (office.register(), office.letters())
    assert quiet(office)


def test_setup_twice_writes_nothing_the_second_time(bare_office: Office) -> None:
    """It is safe to repeat, also when letters were issued in between."""
    office = bare_office
    office.submit("Siti Contoh")
    command(office, "setup")
    office.submit("Budi Contoh")
    command(office, "run")
    before, rows = office.mark(), office.sandbox.rows()
    outcome = command(office, "setup")

    assert (0, "everything was there already\n", "") == (outcome.code, outcome.out, outcome.err)
    assert ([], rows) == (applied_writes(office, before), office.sandbox.rows())
    assert quiet(office)


def test_old_rows_can_be_processed(bare_office: Office) -> None:
    """With `--existing process` the rows that are there get letters in the next run."""
    office = bare_office
    office.submit("Siti Contoh", "Budi Contoh")
    assert 0 == command(office, "setup", "--existing", "process").code
    assert 0 == command(office, "run").code

    assert {"Siap Ditandatangani"} == set(office.statuses().values())
    assert 0 == command(office, "setup").code
    assert {"Siap Ditandatangani"} == set(office.statuses().values())


def test_many_old_rows_are_all_archived(bare_office: Office) -> None:
    """Also more than one run may take, and as a flood."""
    office = bare_office
    office.configure(limits__rows_per_run=10, limits__new_rows_per_hour=5)
    VillageUser(office.sandbox).write_rows(people(120, spread(120, minutes=1)))
    assert 0 == command(office, "setup").code

    assert {"Arsip"} == {record["Status"] for record in office.sandbox.records()}
    assert quiet(office)


def test_a_missing_column_of_ours_comes_back(office: Office) -> None:
    """Staff deleted a column; `run` says so, `setup` adds it, `run` fills it again."""
    office.submit("Siti Contoh")
    office.run()
    before = office.record("Siti Contoh")
    place = {"sheetId": office.sandbox.sheet_id, "dimension": "COLUMNS"}
    at = office.column_index("Catatan")
    place |= {"startIndex": at, "endIndex": at + 1}
    VillageUser(office.sandbox).change({"deleteDimension": {"range": place}})
    assert 2 == command(office, "run").code

    assert 0 == command(office, "setup").code
    assert 0 == command(office, "run").code
    assert before == office.record("Siti Contoh")
    assert quiet(office)


@pytest.mark.parametrize("kind", ["503-after", "close-after", "503", "429"])
def test_a_setup_whose_answer_was_lost_is_repeated_safely(bare_office: Office, kind: str) -> None:
    """No header stands there twice, whatever happened to the first try."""
    office = bare_office
    form = office.header()
    office.sandbox.fault(SWAP, kind=kind)
    command(office, "setup")
    assert 0 == command(office, "setup").code

    assert [*form, *OUR_HEADERS, *_STAFF] == office.header()
    office.submit("Siti Contoh")
    assert 0 == command(office, "run").code
    assert {"Siti Contoh": "Siap Ditandatangani"} == office.statuses()


@pytest.mark.parametrize("letters", [True, False], ids=["after letters", "after archiving"])
def test_a_used_sheet_needs_its_ledger(bare_office: Office, *, letters: bool) -> None:
    """Tickets stand there, but the state folder is new: numbers could be given twice."""
    office = bare_office
    if letters:
        office.set_up()
    office.submit("Siti Contoh")
    if letters:
        office.run()
    else:
        office.set_up()
    shutil.rmtree(office.folder / "state")
    before = office.mark()

    for arguments in (("setup",), ("setup", "--existing", "process"), ("run",)):
        outcome = command(office, *arguments)
        assert (3, "") == (outcome.code, outcome.out)
        assert "newest backup" in outcome.err
    assert [] == applied_writes(office, before)
    assert not (office.folder / "state" / "ledger.db").exists()


def test_setup_without_the_questions_writes_nothing(bare_office: Office) -> None:
    """A form that is not the config's: every missing question is named at once."""
    office = bare_office
    for column, title in ((2, "Nomor KTP"), (9, "Kampung")):
        place = {"sheet": office.sandbox.sheet_id, "column": column, "value": title}
        office.sandbox.staff({"rename_header": place})
    before = office.mark()
    outcome = command(office, "setup")

    assert 2 == outcome.code
    assert "'NIK'" in outcome.err
    assert "'Dusun'" in outcome.err
    assert [] == applied_writes(office, before)


def test_a_wrong_tab_is_named_with_those_that_are_there(bare_office: Office) -> None:
    """The title in the config may be another language's."""
    office = bare_office
    office.configure(services__sku__sheet="Form Respons 1")
    before = office.mark()
    outcome = command(office, "setup")

    assert (2, []) == (outcome.code, applied_writes(office, before))
    assert "did you mean 'Form Responses 1'?" in outcome.err


def test_run_before_setup_says_so(bare_office: Office) -> None:
    """Nothing is prepared by the way."""
    bare_office.submit("Siti Contoh")
    outcome = command(bare_office, "run")

    assert (2, "") == (outcome.code, outcome.out)
    assert "run `surat-sync setup` first" in outcome.err
    assert [] == applied_writes(bare_office)
    assert not (bare_office.folder / "letters").exists()


def test_an_unknown_choice_is_refused(bare_office: Office) -> None:
    """`--existing` knows two words."""
    assert 2 == command(bare_office, "setup", "--existing", "delete").code
