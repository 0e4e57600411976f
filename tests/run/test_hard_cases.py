"""What an office can come to without doing anything wrong, and must get out of by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from command_line import command
from office import READ, ROOT
from ruamel.yaml import YAML

from sync.errors import ConfigError, LayoutError

if TYPE_CHECKING:
    from office import Office


def test_a_setup_that_was_cut_off_is_finished_before_any_run(bare_office: Office) -> None:
    """Old rows are not taken for new ones because archiving them failed."""
    bare_office.submit("Siti Contoh")
    bare_office.sandbox.fault(READ, kind="404", after=1)
    cut_off = bare_office.set_up()

    refused = bare_office.run()
    again = bare_office.set_up()
    done = bare_office.run()

    assert 1 == len(cut_off.failures)
    assert (2, 0) == (refused.exit_code, done.exit_code)
    assert ["Service 'sku' was not set up to the end: run `surat-sync setup`."] == [
        str(failure) for failure in refused.failures
    ]
    assert () == again.failures
    assert "Arsip" == bare_office.record("Siti Contoh")["Status"]
    assert [] == bare_office.letters()


def test_who_asks_while_setup_works_is_no_old_row(bare_office: Office) -> None:
    """Only rows that were there when setup began are archived."""
    bare_office.submit("Siti Contoh")
    bare_office.sandbox.staff(
        {"insert": {"sheet": bare_office.sandbox.sheet_id, "row": 1}},
        before="sheets.spreadsheets.batchUpdate",
    )
    late: dict[str, Any] = {}

    def submit_late(method: str, *_: object) -> None:
        if method.endswith("batchUpdate") and not late:
            late["yes"] = True
            bare_office.submit("Budi Contoh")

    bare_office.sandbox.on_exchange.append(submit_late)
    bare_office.set_up()
    bare_office.run()

    statuses = bare_office.statuses()
    assert ("Arsip", "Siap Ditandatangani") == (statuses["Siti Contoh"], statuses["Budi Contoh"])


def test_a_question_with_the_name_of_our_column_is_not_taken_over(bare_office: Office) -> None:
    """Answers stand there; the operator gives our column another name."""
    bare_office.submit("Siti Contoh")
    book = bare_office.sandbox.world.state.book(bare_office.sandbox.spreadsheet_id)
    sheet = book.first_sheet()
    sheet.column_count += 1
    for row, text in enumerate(("Catatan", "Rumah pagar hijau")):
        sheet.put(row, sheet.column_count - 1, text)

    with pytest.raises(LayoutError) as refused:
        bare_office.set_up()
    bare_office.configure(services__sku__columns={"note": "Catatan Petugas"})
    bare_office.set_up()

    assert ("'Catatan' is a question of the form: name ours otherwise",) == refused.value.problems
    assert "Rumah pagar hijau" == bare_office.record("Siti Contoh")["Catatan"]


def test_what_people_type_is_no_token(office: Office) -> None:
    """Only texts spelled exactly like ours are taken away."""
    office.submit("Siti Contoh")
    office.edit("Siti Contoh", "Alasan Petugas", "Diproses · berkas sedang dicek")

    office.settle()

    assert "Diproses · berkas sedang dicek" == office.record("Siti Contoh")["Alasan Petugas"]


def test_a_remark_beside_the_register_is_nobodys_business(office: Office) -> None:
    """Staff may write to the right of our columns; the tab is still as it should be."""
    office.submit("Siti Contoh")
    office.run()
    book = office.sandbox.world.state.book(office.sandbox.spreadsheet_id)
    register = next(tab for tab in book.sheets if tab.title.startswith("Register "))
    register.column_count += 1
    book.sheet(register.sheet_id).put(1, 10, "diambil anaknya")
    before = office.mark()

    office.run()

    assert [READ] == office.calls(before)
    assert "diambil anaknya" == office.register_tab()[1][10]


def test_an_empty_register_tab_that_was_deleted_comes_back(office: Office) -> None:
    """And then a run without news is one call again."""
    book = office.sandbox.world.state.book(office.sandbox.spreadsheet_id)
    book.sheets.remove(next(tab for tab in book.sheets if tab.title.startswith("Register ")))

    office.run()
    before = office.mark()
    office.run()

    assert [READ] == office.calls(before)
    assert "No. Urut" == office.register_tab()[0][0]


def test_a_config_that_went_away_is_said_to_be_missing(office: Office) -> None:
    """Also while a mark of idle runs holds."""
    command(office, "run")
    command(office, "run")
    office.config_file.unlink()

    outcome = command(office, "run")

    assert 2 == outcome.code
    assert "cannot be read" in outcome.err


def test_two_services_cannot_have_one_sheet(bare_office: Office) -> None:
    """Their tickets would be at odds; told before anything is written."""
    before = bare_office.mark()
    bare_office.configure(services__skd=second_service(bare_office))

    with pytest.raises(ConfigError) as refused:
        bare_office.set_up()

    assert "belongs to service 'sku'" in str(refused.value)
    assert [] == [call for call in bare_office.calls(before) if call.endswith("pdate")]


def second_service(office: Office) -> dict[str, Any]:
    """Return the sample service again, with its sheet named by its gid."""
    example = YAML(typ="safe").load((ROOT / "config.example.yaml").read_text("utf-8"))
    whole: dict[str, Any] = example["services"]["sku"]
    return whole | {
        "spreadsheet": office.sandbox.spreadsheet_id,
        "sheet": office.sandbox.sheet_id,
    }


def test_a_ticket_that_a_script_overwrites_does_not_stop_its_row(office: Office) -> None:
    """The ticket is left alone in the end; the status goes on."""
    office.submit("Siti Contoh")
    office.run()
    for _ in range(3):
        office.edit("Siti Contoh", "ID Permohonan", "LUNAS")
        office.run()
    office.ask("Siti Contoh", "Sudah Ditandatangani")

    office.run()
    before = office.mark()
    office.run()

    assert "Siap Diambil" == office.record("Siti Contoh")["Status"]
    assert [READ] == office.calls(before)


def test_a_change_of_the_config_during_a_run_is_not_hidden(office: Office) -> None:
    """The mark for idle runs tells of the config that the run has read."""
    office.submit("Siti Contoh")
    changed: list[str] = []

    def change(method: str, *_: object) -> None:
        if method.endswith("values.batchUpdate") and not changed:
            changed.append(method)
            office.configure(village__office_hours="Senin-Kamis 08.00-14.00 WIB")

    office.sandbox.on_exchange.append(change)
    command(office, "run")
    mark = office.folder / "state" / "quiet.json"

    assert changed
    assert not mark.exists()
