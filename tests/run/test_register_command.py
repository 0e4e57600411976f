"""`surat-sync register`: numbers for handwritten letters, and a paper register's past."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from command_line import command
from history import quiet
from hypothesis import given
from hypothesis import strategies as st
from office import TODAY, Office

from sync.commands import register_csv
from sync.platform import exclusive_lock
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from pathlib import Path

    import time_machine

_NUMBER = "500.3/{}/35.07.32.2004/2026"
_PAPER = """\
No. Urut;Nomor Surat;Tanggal Surat;Jenis Surat;Nama Pemohon;Isi Singkat;Keterangan
8;500/8/XI/2026;2-11-2026;Surat Keterangan Usaha;Contoh Satu;Pinjaman;
9;500/9/XI/2026;3 November 2026;Surat Pengantar;Contoh Dua;Nikah;Batal: salah nama
10;500/10/XI/2026;2026-11-04;Surat Pengantar;Contoh Tiga;=1+1;Surat tulis tangan
"""


def _listed(office: Office, *options: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = command(office, "register", "list", "--json", *options).json[
        "lines"
    ]
    return lines


def _brief(office: Office) -> list[tuple[int, str, str]]:
    return [(line["sequence"], line["state"], line["reason"]) for line in _listed(office)]


def _write(office: Office, text: str, name: str = "buku.csv") -> str:
    path = office.folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_list_tells_every_number_but_no_name(office: Office) -> None:
    """One object on stdout, a line for each number, with the words of the contract."""
    office.submit("Siti Contoh")
    office.run()

    assert [
        {
            "register": "surat-keterangan",
            "year": 2026,
            "sequence": 1,
            "letter_number": _NUMBER.format(1),
            "date": "2026-11-24",
            "state": "issued",
            "submission_id": office.record("Siti Contoh")["ID Permohonan"],
            "revision": 1,
            "reason": "",
        }
    ] == _listed(office)
    assert "Siti" not in command(office, "register", "list").out
    assert [] == _listed(office, "--year", "2025")


def test_reserved_numbers_need_no_internet_and_reach_the_tab(office: Office) -> None:
    """Five numbers for a day without internet; the next letter is the sixth, the tab has all."""
    asked = len(office.sandbox.history())
    outcome = command(office, "register", "reserve", "--count", "5", "--note", "Internet mati")

    assert (0, [_NUMBER.format(n) for n in range(1, 6)]) == (outcome.code, outcome.out.split())
    assert asked == len(office.sandbox.history())
    office.submit("Siti Contoh")
    assert 0 == office.run().exit_code
    assert _NUMBER.format(6) == office.record("Siti Contoh")["Nomor Surat"]
    assert [str(n) for n in range(1, 7)] == [str(row[0]) for row in office.register_tab()[1:]]
    assert ["Internet mati", ""] == [row[8] for row in office.register_tab()[5:]]
    assert quiet(office)


def test_handwritten_lines_say_so_in_the_tab(office: Office) -> None:
    """Without a note the register tells that the letter was written by hand."""
    command(office, "register", "reserve")
    office.run()

    assert "Surat tulis tangan" == office.register_tab()[1][8]


def test_void_withdraws_a_reserved_number_for_good(office: Office) -> None:
    """A spoilt handwritten letter's number stays, and is never given again."""
    command(office, "register", "reserve", "--count", "2")
    outcome = command(office, "register", "void", _NUMBER.format(2), "--reason", "salah tulis")
    again = command(office, "register", "void", _NUMBER.format(2), "--reason", "lagi")
    office.run()

    assert 0 == outcome.code
    assert (2, True) == (again.code, "is void already: salah tulis" in again.err)
    assert [(1, "reserved", ""), (2, "void", "salah tulis")] == _brief(office)
    assert "Batal: salah tulis" == office.register_tab()[2][8]
    assert [_NUMBER.format(3)] == command(office, "register", "reserve").out.split()


def test_void_of_an_issued_number_is_a_batalkan(office: Office) -> None:
    """Row, register tab and ledger all say so after the next run, and it stays so."""
    office.submit("Siti Contoh")
    office.run()
    outcome = command(office, "register", "void", f" {_NUMBER.format(1)} ", "--reason", "pindah")
    office.run()

    assert 0 == outcome.code
    record = office.record("Siti Contoh")
    assert ("Dibatalkan", _NUMBER.format(1)) == (record["Status"], record["Nomor Surat"])
    assert "pindah" in record["Catatan"]
    assert "Batal: pindah" == office.register_tab()[1][8]
    assert quiet(office)


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["void", "500.3/77/35.07.32.2004/2026", "--reason", "x"], "No number"),
        (["void", "500.3/1/35.07.32.2004/2026", "--reason", " "], "needs a reason"),
        (["reserve", "--service", "skd"], "--service sku: Surat Keterangan Usaha"),
        (["list", "--register", "agenda"], "--register surat-keterangan"),
        (["import", "tidak-ada.csv"], "cannot be read"),
        (["export", "--out", "tidak/ada.csv"], "cannot be written"),
    ],
)
def test_mistakes_are_met_with_what_there_is(
    office: Office, arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, a sentence, and nothing changed."""
    monkeypatch.chdir(office.folder)
    outcome = command(office, "register", *arguments)

    assert 2 == outcome.code
    assert said in outcome.err
    assert [] == _listed(office)


def test_before_setup_there_is_no_register(bare_office: Office) -> None:
    """The operator is told to set up first."""
    outcome = command(bare_office, "register", "list")

    assert 2 == outcome.code
    assert "run `surat-sync setup` first" in outcome.err


def test_no_number_is_reserved_during_a_run(office: Office) -> None:
    """The lock of the runs holds for numbers, too."""
    with exclusive_lock(office.config.state_folder / "lock"):
        assert 75 == command(office, "register", "reserve").code
    assert [] == _listed(office)


def test_an_older_ledger_reserves_nothing(office: Office) -> None:
    """A ledger from a backup, behind the numbers already given, is a safety stop."""
    ledger = office.config.state_folder / "ledger.db"
    before = ledger.read_bytes()
    command(office, "register", "reserve", "--count", "3")
    ledger.write_bytes(before)

    outcome = command(office, "register", "reserve")
    assert 3 == outcome.code
    assert "ledger-behind" in outcome.err
    assert [] == _listed(office)


def test_an_older_ledger_takes_nothing_over(office: Office) -> None:
    """A ledger from before the register began must not let it begin once more."""
    ledger = office.config.state_folder / "ledger.db"
    before = ledger.read_bytes()
    command(office, "register", "reserve", "--count", "3")
    ledger.write_bytes(before)

    outcome = command(office, "register", "import", _write(office, _PAPER))
    assert 3 == outcome.code
    assert "ledger-behind" in outcome.err
    assert [] == _listed(office)


def test_a_clock_gone_back_reserves_nothing(office: Office) -> None:
    """Dates follow numbers."""
    command(office, "register", "reserve")
    office.pass_time(days=-2)

    assert 3 == command(office, "register", "reserve").code


def test_a_paper_register_is_carried_on(office: Office) -> None:
    """The village's own table: semicolons, Indonesian headers, dates as people write them."""
    outcome = command(office, "register", "import", _write(office, _PAPER))
    office.submit("Siti Contoh")
    office.run()

    assert (0, "3 numbers, 500/8/XI/2026 to 500/10/XI/2026\n") == (outcome.code, outcome.out)
    assert [
        (8, "reserved", ""),
        (9, "void", "salah nama"),
        (10, "reserved", "Surat tulis tangan"),
        (11, "issued", ""),
    ] == _brief(office)
    tab = office.register_tab()
    assert ["8", "9", "10", "11"] == [str(row[0]) for row in tab[1:]]
    assert ["Contoh Tiga", "=1+1"] == tab[3][4:6]
    assert _NUMBER.format(11) == office.record("Siti Contoh")["Nomor Surat"]
    assert quiet(office)


def test_a_register_that_has_begun_takes_nothing_over(office: Office) -> None:
    """Also not a second time: nothing is given twice."""
    command(office, "register", "import", _write(office, _PAPER))
    before = _listed(office)
    outcome = command(office, "register", "import", _write(office, _PAPER))

    assert 2 == outcome.code
    assert "has begun" in outcome.err
    assert before == _listed(office)


@pytest.mark.parametrize(
    "table, problem",
    [
        ("", "line 1: no column sequence"),
        ("No. Urut,Nomor Surat\n1,x\n", "line 1: no column date"),
        ("No. Urut,Nomor Surat,Tanggal\n", "it holds no number"),
        ("No. Urut,Nomor Surat,Tanggal\n1,a,31-02-2026\n", "line 2: '31-02-2026' is no date"),
        ("No. Urut,Nomor Surat,Tanggal\n1,a,25-11-2026\n", "line 2: 25-11-2026 is not yet"),
        ("No. Urut,Nomor Surat,Tanggal\nsatu,a,1-11-2026\n", "line 2: sequence 'satu'"),
        ("No. Urut,Nomor Surat,Tanggal\n1,,1-11-2026\n", "line 2: no letter number"),
        (
            "No. Urut,Nomor Surat,Tanggal\n1,a,1-11-2026\n2,a,1-11-2026\n",
            "line 3: a stands in line 2 already",
        ),
        (
            "No. Urut,Nomor Surat,Tanggal\n1,a,1-11-2026\n3,b,1-11-2026\n",
            "2026: 1 is followed by 3",
        ),
        (
            "No. Urut,Nomor Surat,Tanggal\n1,a,1-11-2026\n1,b,1-11-2026\n",
            "2026: number 1 stands there twice",
        ),
        (
            "No. Urut,Nomor Surat,Tanggal\n1,a,1-11-2025\n2,b,1-11-2026\n",
            "2026 begins with 2, not with 1",
        ),
        ("No. Urut,Nomor Surat,Tanggal,Tahun\n1,a,1-11-2025,2026\n", "line 2: year 2026"),
        ("sequence,letter_number,date,state\n1,a,2026-11-01,issued\n", "must be reserved or void"),
        (
            "sequence,letter_number,date,submission_id\n1,a,2026-11-01,SKU-1\n",
            "line 2: a is a letter of surat-sync",
        ),
        ("register,sequence,letter_number,date\nlain,1,a,2026-11-01\n", "line 2: a is of register"),
    ],
)
def test_a_table_with_a_mistake_is_refused_whole(office: Office, table: str, problem: str) -> None:
    """The sentence says which line, and nothing is taken over."""
    outcome = command(office, "register", "import", _write(office, table))

    assert 2 == outcome.code
    assert problem in outcome.err
    assert [] == _listed(office)


def test_a_file_that_is_no_text_is_refused(office: Office) -> None:
    """An Excel file instead of a CSV one."""
    path = office.folder / "buku.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe")

    assert "save the table as CSV" in command(office, "register", "import", str(path)).err


def test_register_comes_back_equal_through_csv(
    office: Office, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    """Import, reserve, void, export; another village that imports this exports the same."""
    command(office, "register", "import", _write(office, _PAPER))
    command(office, "register", "reserve", "--count", "3", "--note", "=SUM(A1), \"petik\"; 'baris'")
    command(office, "register", "void", _NUMBER.format(12), "--reason", "-salah")
    first = command(office, "register", "export").out
    out = office.folder / "keluar.csv"
    command(office, "register", "export", "--out", str(out))
    (tmp_path / "lain").mkdir()
    with Sandbox(seed=2) as box:
        other = Office(tmp_path / "lain", box, clock)
        other.set_up()
        outcome = command(other, "register", "import", str(out))
        second = command(other, "register", "export").out

    assert 0 == outcome.code, outcome.err
    assert first == second
    assert [line["sequence"] for line in _listed(office)] == list(range(8, 14))
    assert "'=SUM(A1)" in first


def test_agenda_is_the_villages_book(office: Office) -> None:
    """Outgoing letters, with addressee and summary; formulas of residents stay text."""
    command(office, "register", "import", _write(office, _PAPER))
    header, *rows = csv.reader(io.StringIO(command(office, "register", "export", "--agenda").out))

    assert 11 == len(header)
    assert [
        *("9", "03-11-2026", "", "", "", ""),
        *("500/9/XI/2026", "03-11-2026", "Contoh Dua", "Nikah", "Batal: salah nama"),
    ] == rows[1]
    assert "'=1+1" == rows[2][9]


@given(st.lists(st.text("ab '=+-@;,\"\t", min_size=1).map(str.strip), min_size=1, max_size=5))
def test_reasons_of_any_kind_come_back(reasons: list[str]) -> None:
    """What a cell begins with, quotes, commas: a table read again holds the same words."""
    facts = [
        {
            "register": "r",
            "year": 2026,
            "sequence": at,
            "letter_number": f"{at}/2026",
            "date": "2026-11-24",
            "state": "void",
            "submission_id": "",
            "revision": 0,
            "reason": reason,
        }
        for at, reason in enumerate(reasons, 1)
    ]
    text = register_csv.written(facts)
    lines = register_csv.parsed(text, register="r", today=TODAY.date())

    assert [" ".join(reason.split()) for reason in reasons] == [line.reason for line in lines]


def test_json_is_one_object(office: Office) -> None:
    """Nothing else stands on stdout."""
    assert {"lines": []} == json.loads(command(office, "register", "list", "--json").out)
