"""Services in two spreadsheets that share one register, in the first one's spreadsheet."""

from __future__ import annotations

import copy
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from office import OUR_HEADERS, ROOT, Office, resident
from ruamel.yaml import YAML

from sync.commands.run import run_from_file
from sync.errors import SafetyStop
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.reading import Rendering, grid_values

if TYPE_CHECKING:
    from sync.sandbox.sheets.book import Book

SECOND = "1SandboxSecond00000000000000000000000000000002"


class TwoSheets:
    """An office whose second service has a spreadsheet of its own."""

    def __init__(self, office: Office) -> None:
        self.office = office
        state = office.sandbox.world.state
        book = copy.deepcopy(state.book(office.sandbox.spreadsheet_id))
        book.spreadsheet_id = SECOND
        state.spreadsheets[SECOND] = book
        file = copy.deepcopy(state.files[office.sandbox.spreadsheet_id])
        file.file_id = SECOND
        state.files[SECOND] = file
        example = YAML(typ="safe").load((ROOT / "config.example.yaml").read_text("utf-8"))
        self.service = example["services"]["sku"] | {"spreadsheet": SECOND}

    @property
    def book(self) -> Book:
        """The second spreadsheet as it is now."""
        return self.office.sandbox.world.state.book(SECOND)

    def add_service(self) -> None:
        self.office.configure(services__skd=self.service)

    def ask(self, name: str, number: int, stamp: float = 46_350.0) -> None:
        """Put a resident's row into the second sheet."""
        sheet = self.book.first_sheet()
        header = [str(cell) for cell in self.rows()[0]]
        answers: dict[str, Any] = {**resident(name, number), "Timestamp": stamp + number / 100}
        row = len(self.rows())
        for column, title in enumerate(header):
            if title in answers:
                sheet.put(row, column, answers[title])

    def rows(self) -> list[list[Any]]:
        area = ranges.whole(self.book.first_sheet())
        return grid_values(self.book, area, Rendering("FORMULA"))

    def record(self, name: str) -> dict[str, Any]:
        header, *lines = self.rows()
        found = [dict(zip(header, line, strict=False)) for line in lines if name in line]
        assert 1 == len(found)
        return {title: found[0].get(title, "") for title in ("Nama Lengkap", *OUR_HEADERS)}


@pytest.fixture
def both(bare_office: Office) -> TwoSheets:
    """Return an office with both services set up and one letter each."""
    sheets = TwoSheets(bare_office)
    sheets.add_service()
    bare_office.set_up()
    bare_office.submit("Siti Contoh")
    sheets.ask("Budi Contoh", 20)
    bare_office.run()
    return sheets


def test_they_share_one_sequence_and_one_tab(both: TwoSheets) -> None:
    """The register stands in the first spreadsheet, with the letters of both."""
    office = both.office

    assert [1, 2] == [line.sequence for line in office.register()]
    assert ["Siti Contoh", "Budi Contoh"] == [row[4] for row in office.register_tab()[1:]]
    assert office.register_tab()[2][1] == both.record("Budi Contoh")["Nomor Surat"]
    assert ["Form Responses 1"] == [sheet.title for sheet in both.book.sheets]


def test_an_old_ledger_gives_no_number_in_either(both: TwoSheets) -> None:
    """What the first spreadsheet's register tells holds for the second's letters too."""
    office = both.office
    shutil.copytree(office.folder / "state", office.folder / "backup")
    office.submit("Joko Contoh")
    office.run()
    shutil.rmtree(office.folder / "state")
    (office.folder / "backup").rename(office.folder / "state")
    both.ask("Ani Contoh", 30)
    tab = office.register_tab()

    report = office.run()

    assert [SafetyStop, SafetyStop] == [type(failure) for failure in report.failures]
    assert "" == both.record("Ani Contoh")["Nomor Surat"]
    assert tab == office.register_tab()


def test_setting_up_the_second_leaves_the_register_where_it_is(bare_office: Office) -> None:
    """The names in the register are not written into another spreadsheet."""
    bare_office.set_up()
    bare_office.submit("Siti Contoh")
    bare_office.run()
    sheets = TwoSheets(bare_office)
    for sheet in list(sheets.book.sheets):
        if sheet.title.startswith("Register"):
            sheets.book.sheets.remove(sheet)
    for column, header in enumerate(sheets.rows()[0]):
        if header in {*OUR_HEADERS, "Tindakan", "Alasan Petugas"}:
            for row in range(len(sheets.rows())):
                sheets.book.first_sheet().put(row, column, None)
    sheets.add_service()

    bare_office.set_up()

    assert ["Form Responses 1"] == [sheet.title for sheet in sheets.book.sheets]
    assert "Arsip" == sheets.record("Siti Contoh")["Status"]


def test_one_that_cannot_be_read_does_not_stop_the_other(both: TwoSheets) -> None:
    """Also while a mark of idle runs holds."""
    office = both.office
    run_from_file(office.config_file)
    run_from_file(office.config_file)
    del office.sandbox.world.state.files[SECOND]
    office.submit("Joko Contoh")

    report = run_from_file(office.config_file)

    assert 2 == report.exit_code
    assert "Siap Ditandatangani" == office.record("Joko Contoh")["Status"]
