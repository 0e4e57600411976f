"""The examples: each pasted into the config as it stands, beside the SKU, in one office."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from command_line import command
from office import ROOT, TODAY, Office, resident
from ruamel.yaml import YAML
from walkthrough import Operator, steps

from sync.letter import letter_text
from sync.sandbox import Sandbox
from sync.sandbox.sheets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sync.run.report import Report
    from sync.sandbox.sheets.book import Book

EXAMPLES = sorted(path.parent.name for path in ROOT.glob("examples/*/service.yaml"))
ANSWERS = {
    "skd": {"Alamat menurut KTP": "Jalan Contoh 1, Kota Contoh", "Tinggal Sejak": "Maret 2024"},
    "sktm": {"Penghasilan Sebulan": "750000", "Jumlah Tanggungan": "4", "Nama Anak": "Ani Contoh"},
    "skubank": {"Luas Sawah (m2)": "2500", "Status Sawah": "Sewa"},
    "nomor": {
        "Nama di Surat": "Joko Contoh",
        "Jenis dan Isi Surat": "Izin keramaian",
        "Petugas": "Rina",
    },
}
SERIAL = 46_350.0  #: days since 1899-12-30: a form time before today's


class Counter:
    """An office that has tabs of several forms, besides the SKU's."""

    def __init__(self, office: Office) -> None:
        self.office = office
        shutil.copytree(ROOT / "examples", office.folder / "examples")
        for template in office.folder.glob("examples/*/*.docx"):
            shutil.copy(template, office.folder / "templates")

    def open_all(self) -> None:
        """Paste every example into the config; let one resident fill in each form."""
        for key in EXAMPLES:
            self._paste(key)
            self.add_tab(key)
        self.office.set_up()
        for at, key in enumerate(EXAMPLES):
            self.ask(key, number=at + 1)
        self.report: Report = self.office.run()

    def _paste(self, key: str) -> None:
        spreadsheet = f"spreadsheet: {self.office.sandbox.spreadsheet_id}"
        with self.office.config_file.open("a", encoding="utf-8") as file:
            file.write("\n" + _example(key).replace('spreadsheet: ""', spreadsheet))

    def add_tab(self, key: str) -> None:
        """Link another form to the spreadsheet: its tab has the form's questions."""
        service = YAML(typ="safe").load(_example(key))[key]
        sheet = Sheet(_gid(key), service["sheet"], 100, 40)
        self.book.add_sheet(sheet)
        questions = [field["question"] for field in service["fields"].values()]
        for column, header in enumerate(["Timestamp", *questions]):
            sheet.put(0, column, header)

    @property
    def book(self) -> Book:
        return self.office.sandbox.world.state.book(self.office.sandbox.spreadsheet_id)

    def rows(self, key: str) -> list[list[Any]]:
        return self.office.sandbox.rows(_gid(key))

    def ask(self, key: str, *, number: int, **answers: str) -> None:
        """Put a resident's answers into the tab of *key*, as its form does."""
        given: Mapping[str, Any] = {
            **resident("Siti Contoh", number),
            **ANSWERS[key],
            "Timestamp": SERIAL + number / 100,
            **answers,
        }
        rows, sheet = self.rows(key), self.book.sheet(_gid(key))
        for column, header in enumerate(rows[0]):
            if header in given:
                sheet.put(len(rows), column, given[header])

    def record(self, key: str, row: int = 0) -> dict[str, Any]:
        return self.office.sandbox.records(_gid(key))[row]

    def choose(self, key: str, header: str, value: str, row: int = 1) -> None:
        column = self.rows(key)[0].index(header)
        edit = {"sheet": _gid(key), "row": row, "column": column, "value": value}
        self.office.sandbox.staff({"edit": edit})

    def letter(self, key: str) -> list[str]:
        path = self.office.folder / "letters" / self.record(key)["Surat"]
        return letter_text(path.read_bytes())


def _example(key: str) -> str:
    return (ROOT / "examples" / key / "service.yaml").read_text("utf-8")


def _gid(key: str) -> int:
    return 1000 + EXAMPLES.index(key)


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with time_machine.travel(TODAY, tick=True) as clock, Sandbox(seed=1) as sandbox:
        made = Counter(Office(tmp_path_factory.mktemp("office"), sandbox, clock))
        made.open_all()
        yield made


def test_there_are_the_promised_ones() -> None:
    """Three letters, and numbers for letters written by hand."""
    assert ["nomor", "skd", "sktm", "skubank"] == EXAMPLES


def test_one_book_numbers_them_all(counter: Counter) -> None:
    """In the order of the answers, each by its own code; what staff must see first waits."""
    numbers = [counter.record(key)["Nomor Surat"] for key in EXAMPLES]

    assert 0 == counter.report.exit_code
    assert [
        "400/1/35.07.32.2004/2026",
        "400.12/2/35.07.32.2004/2026",
        "",
        "500.3/3/35.07.32.2004/2026",
    ] == numbers
    assert "Menunggu Persetujuan" == counter.record("sktm")["Status"]


@pytest.mark.parametrize(
    "key, lines",
    [
        (
            "skd",
            [
                "Surat Keterangan Domisili",
                "Alamat menurut KTP\t:\tJalan Contoh 1, Kota Contoh",
                "Dusun\t:\tKebobang, RT 003 RW 005",
                "Sejak\t:\tMaret 2024",
            ],
        ),
        (
            "skubank",
            [
                "Surat Keterangan Usaha",
                "Sawah\t:\t2.500 m² sewa",
                "Hasil Pemeriksaan Mantri (diisi oleh petugas bank)",
                "Nama dan paraf petugas\t",
            ],
        ),
    ],
)
def test_letter_says_what_was_answered(counter: Counter, key: str, lines: list[str]) -> None:
    """Each in its own words; a line whose answer is empty is left out."""
    letter = counter.letter(key)

    assert [] == [line for line in lines if line not in letter]
    assert "{{" not in "".join(letter)
    assert not [line for line in letter if line.startswith("Tegal")]


def test_handwritten_letter_gets_a_number_alone(counter: Counter) -> None:
    """The row says what to do with the number; the register, for whom and what it is."""
    record = counter.record("nomor")

    assert ("Siap Ditandatangani", "") == (record["Status"], record["Surat"])
    assert record["Catatan"].startswith("Nomor sudah diberikan. Tulis nomor ini di surat")
    assert [
        "1", "400/1/35.07.32.2004/2026", "24 November 2026", "Surat tulis tangan", "Joko Contoh",
        "Izin keramaian", record["ID Permohonan"], "1", "",
    ] == counter.office.register_tab()[1][:9]  # fmt: skip
    assert not list((counter.office.folder / "letters").rglob("*NOMOR*"))


def test_what_staff_decide_goes_on_from_there(counter: Counter) -> None:
    """A letter that waited comes with its approval; a handwritten one is handed over."""
    counter.choose("sktm", "Tindakan", "Setujui")
    counter.choose("nomor", "Tindakan", "Sudah Diambil")
    counter.office.run()

    assert "400.9/4/35.07.32.2004/2026" == counter.record("sktm")["Nomor Surat"]
    assert "Penghasilan sebulan\t:\tRp750.000" in counter.letter("sktm")
    assert "Surat ini untuk anak\t:\tAni Contoh" in counter.letter("sktm")
    assert "Selesai" == counter.record("nomor")["Status"]
    assert 0 == counter.office.run().counts["delayed"]


def test_doctor_finds_them_all_in_order(counter: Counter) -> None:
    """Whoever pasted an example is told of nothing to mend."""
    outcome = command(counter.office, "check")

    assert 0 == outcome.code, outcome.out
    assert "fail " not in outcome.out
    assert "ok       headers: service nomor" in outcome.out


def test_new_letter_is_made_as_the_document_says(
    bare_office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docs/new-letter.md, step by step: from a copied form to the first numbered letter."""
    monkeypatch.chdir(bare_office.folder)
    bare_office.set_up()
    counter = Counter(bare_office)
    (bare_office.folder / "templates" / "letter_skd.docx").unlink()
    operator = Operator(
        office=bare_office,
        home=tmp_path,
        values={"services.skd.spreadsheet": lambda _: bare_office.sandbox.spreadsheet_id},
        before=[
            ("surat-sync setup", lambda _: counter.add_tab("skd")),
            ("surat-sync run", lambda _: counter.ask("skd", number=9)),
        ],
    )
    operator.walk(steps(ROOT / "docs" / "new-letter.md"))

    assert [] == operator.before
    assert "400.12/1/35.07.32.2004/2026" == counter.record("skd")["Nomor Surat"]
    assert "Surat Keterangan Domisili" in counter.letter("skd")
