"""When going on could lose or repeat letters: exit 3, nothing written, and what mends it."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from command_line import command
from history import applied_writes, quiet
from office import names
from village_user import VillageUser, people, spread

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from office import Office


@pytest.fixture
def busy(office: Office) -> Office:
    """Return an office with ten letters that wait for a signature, quiet."""
    VillageUser(office.sandbox).write_rows(people(10, spread(10)))
    office.run()
    assert quiet(office)
    return office


def _stops(office: Office, name: str, *, code: int = 3, told: str = "") -> None:
    """Run, and hold the program to stopping: one message, nothing written, no number."""
    before, rows = office.mark(), office.sandbox.rows()
    outcome = command(office, "run", "--json")

    assert code == outcome.code, outcome.err
    assert 1 == outcome.err.count("surat-sync: "), outcome.err
    assert told in outcome.err
    if name:
        assert f"--accept {name}" in outcome.err
    assert ([], rows) == (applied_writes(office, before), office.sandbox.rows())
    assert "Traceback" not in outcome.err


def _delete_rows(office: Office, count: int) -> None:
    for _ in range(count):
        office.sandbox.staff({"delete": {"sheet": office.sandbox.sheet_id, "row": 2}})


def test_vanished_rows_stop_the_run(busy: Office) -> None:
    """Half of the open requests are gone: stop, until somebody says that it is meant so."""
    _delete_rows(busy, 5)
    busy.submit("Siti Contoh")
    _stops(busy, "rows-vanished", told="5 of 10 rows")
    _stops(busy, "rows-vanished")

    assert 0 == command(busy, "run", "--accept", "rows-vanished").code
    assert "500.3/11/35.07.32.2004/2026" == busy.record("Siti Contoh")["Nomor Surat"]
    assert quiet(busy)


def test_the_acceptance_of_vanished_rows_holds_once(busy: Office) -> None:
    """The next time that rows vanish it stops again."""
    _delete_rows(busy, 5)
    command(busy, "run", "--accept", "rows-vanished")
    _delete_rows(busy, 4)
    assert 0 == command(busy, "run").code
    busy.submit(*names(5))
    busy.run()
    _delete_rows(busy, 5)

    _stops(busy, "rows-vanished", told="5 of 6 rows")


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_few_deleted_rows_are_staffs_business(busy: Office, count: int) -> None:
    """Below five, or up to a fifth, the run goes on."""
    _delete_rows(busy, count)

    assert 0 == command(busy, "run").code


def _sort_a_part(office: Office, first: str, last: str) -> None:
    """Sort the columns *first* to *last* by NIK, and leave the others: the classic accident."""
    area = {
        "sheetId": office.sandbox.sheet_id,
        "startRowIndex": 1,
        "endRowIndex": 11,
        "startColumnIndex": office.column_index(first),
        "endColumnIndex": office.column_index(last) + 1,
    }
    order = [{"dimensionIndex": office.column_index("NIK"), "sortOrder": "DESCENDING"}]
    VillageUser(office.sandbox).change({"sortRange": {"range": area, "sortSpecs": order}})


def test_answers_sorted_away_from_their_times_are_held(busy: Office) -> None:
    """Nobody knows any more whose row it is: stop; accepted, those rows wait for staff."""
    before = {one["Timestamp"]: one["NIK"] for one in busy.sandbox.records()}
    _sort_a_part(busy, "Nama Lengkap", "Pernyataan")
    _stops(busy, "rows-shuffled", told="tickets stand beside other people's answers")

    outcome = command(busy, "run", "--accept", "rows-shuffled")
    assert 0 == outcome.code, outcome.err
    records = busy.sandbox.records()
    mixed_up = [one for one in records if before[one["Timestamp"]] != one["NIK"]]
    shown = [(one["Status"], one["Nomor Surat"], one["Surat"]) for one in mixed_up]
    assert [("Ditahan", "", "")] * 8 == shown
    assert (10, 10) == (len(busy.register()), len(busy.letters()))
    assert quiet(busy)


def test_our_columns_are_put_back_beside_their_people(busy: Office) -> None:
    """The form's columns were sorted as one: accepted, each number is beside its own person."""
    before = {one["NIK"]: (one["ID Permohonan"], one["Surat"]) for one in busy.sandbox.records()}
    _sort_a_part(busy, "Timestamp", "Pernyataan")
    _stops(busy, "rows-shuffled")

    assert 0 == command(busy, "run", "--accept", "rows-shuffled").code
    after = {one["NIK"]: (one["ID Permohonan"], one["Surat"]) for one in busy.sandbox.records()}
    assert before == after
    assert quiet(busy)


def test_an_undone_sort_needs_no_acceptance(busy: Office) -> None:
    """Undo is the remedy: then everything is as it was."""
    before = busy.sandbox.rows()
    _sort_a_part(busy, "Nama Lengkap", "Pernyataan")
    _stops(busy, "rows-shuffled")
    VillageUser(busy.sandbox).write_cells(before)

    assert quiet(busy)
    assert before == busy.sandbox.rows()


def _shift_googles_clock(office: Office, minutes: int) -> None:
    clock = office.sandbox.world.clock
    office.sandbox.world.clock = lambda: clock() + timedelta(minutes=minutes)


def test_a_slow_clock_stops_the_run(office: Office) -> None:
    """More than five minutes behind Google's clock: the date on the letter could be wrong."""
    office.submit("Siti Contoh")
    _shift_googles_clock(office, 6)
    _stops(office, "clock-skew", told="clock is 6 minutes behind")

    assert 0 == command(office, "run", "--accept", "clock-skew").code
    assert [1] == [line.sequence for line in office.register()]


def test_a_fast_clock_stops_the_run(office: Office) -> None:
    """Google gives no token to a clock that is ahead of its own; no override helps there."""
    office.submit("Siti Contoh")
    _shift_googles_clock(office, -6)

    _stops(office, "", told="this computer's clock is 6 minutes fast\n  - set the clock")


def test_a_date_before_the_last_letter_stops_the_run(busy: Office) -> None:
    """The register's dates never go back."""
    busy.pass_time(days=-1)
    busy.submit("Siti Contoh")

    _stops(busy, "clock-skew", told="the register's last letter is dated 2026-11-24")


def _lose_ledger(office: Office) -> None:
    (office.folder / "state" / "ledger.db").unlink()


def _lose_key(office: Office) -> None:
    (office.folder / "state" / "secret.key").unlink()


def _lose_state(office: Office) -> None:
    shutil.rmtree(office.folder / "state")


def _damage(office: Office) -> None:
    path = office.folder / "state" / "ledger.db"
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content) - 64, 4096):
        content[start : start + 64] = b"\xff" * 64
    path.write_bytes(content)


def _truncate(office: Office) -> None:
    (office.folder / "state" / "ledger.db").write_bytes(b"this is no database")


def _forge(office: Office) -> None:
    """Change a number in the register by hand: the chain breaks, the file does not."""
    with sqlite3.connect(office.folder / "state" / "ledger.db") as database:
        changed = database.execute(
            "UPDATE register_lines SET letter_number='500.3/99/35.07.32.2004/2026' WHERE sequence=3"
        )
        assert 1 == changed.rowcount
    database.close()


def _from_the_future(office: Office) -> None:
    with sqlite3.connect(office.folder / "state" / "ledger.db") as database:
        changed = database.execute("UPDATE meta SET value='99' WHERE key='schema_version'")
        assert 1 == changed.rowcount
    database.close()


_LOST: dict[str, tuple[Callable[[Office], None], int, str]] = {
    "ledger lost": (_lose_ledger, 3, "surat-sync ledger rebuild"),
    "key lost": (_lose_key, 3, "surat-sync ledger restore FILE"),
    "state lost": (_lose_state, 3, "surat-sync ledger restore FILE"),
    "ledger damaged": (_damage, 3, "surat-sync ledger restore FILE"),
    "ledger is no database": (_truncate, 3, "surat-sync ledger restore FILE"),
    "register line forged": (_forge, 3, "surat-sync ledger restore FILE"),
    "ledger of a newer version": (_from_the_future, 2, "version 99"),
}


@pytest.mark.parametrize("lost", _LOST)
def test_a_ledger_that_cannot_be_trusted_stops_the_run(lost: str, busy: Office) -> None:
    """No ledger is made anew and no number given; `setup` does not help over it either."""
    lose, code, told = _LOST[lost]
    busy.submit("Siti Contoh")
    lose(busy)
    _stops(busy, "", code=code, told=told)

    before = busy.mark()
    outcome = command(busy, "setup")
    assert (code, []) == (outcome.code, applied_writes(busy, before)), outcome.err
    assert 10 == len(busy.letters())


def _keep(office: Office, to: Path) -> None:
    shutil.copy2(office.folder / "state" / "ledger.db", to)


@pytest.mark.parametrize("forget", [(), ("high-water.json",)], ids=["plain", "no high water"])
def test_an_old_ledger_gives_no_number(forget: tuple[str, ...], busy: Office) -> None:
    """A restored backup does not know the newest letters: it would give their numbers again."""
    _keep(busy, busy.folder / "old.db")
    busy.submit("Siti Contoh")
    busy.run()
    shutil.copy2(busy.folder / "old.db", busy.folder / "state" / "ledger.db")
    for name in forget:
        (busy.folder / "state" / name).unlink()
    busy.submit("Budi Contoh")

    _stops(busy, "", told="has reached number 11, but the ledger knows only 10")


def test_an_old_ledger_is_found_out_by_the_sheet_alone(busy: Office) -> None:
    """High-water file and register tab gone: the numbers beside the rows tell."""
    _keep(busy, busy.folder / "old.db")
    busy.submit("Siti Contoh")
    busy.run()
    shutil.copy2(busy.folder / "old.db", busy.folder / "state" / "ledger.db")
    (busy.folder / "state" / "high-water.json").unlink()
    book = busy.sandbox.world.state.book(busy.sandbox.spreadsheet_id)
    gid = next(one.sheet_id for one in book.sheets if one.title.startswith("Register "))
    VillageUser(busy.sandbox).change({"deleteSheet": {"sheetId": gid}})

    _stops(busy, "", told="has reached number 11, but the ledger knows only 10")


def test_check_finds_a_ledger_that_is_behind(busy: Office) -> None:
    """The doctor says it before a run has to stop."""
    good = command(busy, "check", "--json")
    shutil.copytree(busy.folder / "state", busy.folder / "backup")
    busy.submit("Joko Lagi")
    busy.run()
    shutil.rmtree(busy.folder / "state")
    (busy.folder / "backup").rename(busy.folder / "state")

    bad = command(busy, "check", "--json")

    assert (0, 2) == (good.code, bad.code)
    assert ["register"] == [f["code"] for f in bad.json["findings"] if f["level"] == "fail"]
