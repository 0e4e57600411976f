"""A lost or old ledger is rebuilt from register tabs, sheet and cabinet: the same numbers."""

from __future__ import annotations

import os
import shutil
import signal
from itertools import count
from typing import TYPE_CHECKING

import pytest
import time_machine
from command_line import command
from office import READ, SWAP, TODAY, Office, names
from oracle import settle
from scene import Scene
from undertaker import hired
from village_user import VillageUser

from sync.commands.backups import back_up
from sync.commands.rebuild import rebuild_ledger
from sync.commands.register import reserve_numbers, void_number
from sync.commands.restore import restore
from sync.errors import DiskError
from sync.keys import register_gid
from sync.model import Status
from sync.platform import exclusive_lock
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sync.model import Entry, RegisterLine

STRIDE = 4 if os.environ.get("SURAT_SYNC_TESTS", "push") == "push" else 1  #: among kill points
NEW_YEAR = TODAY.replace(year=2027, month=1, day=5)
PEOPLE = [*names(60)]
COPIED, GONE = PEOPLE[30], PEOPLE[7]


class Years(Scene):
    """
    An office of two years, with 61 letters and 5 numbers reserved.

    Letters are void, revised, signed, collected, with answers changed since; a row with a
    letter is gone, one was copied; some wait. `old.zip` is a backup of the old year.
    """

    def restore(self) -> Office:
        """Put everything back; it is January."""
        office = super().restore()
        assert office.clock
        office.clock.move_to(NEW_YEAR)
        return office

    def _prepare(self) -> None:
        office = self.office
        office.submit(*PEOPLE[:20])
        office.submit("Cici Contoh", NIK="123")
        office.run()
        reserve_numbers(office.config, count=5, note="Internet mati")
        office.ask(PEOPLE[0], "Terbitkan Ulang")
        office.ask(PEOPLE[1], "Batalkan", "salah kirim")
        office.ask(PEOPLE[2], "Sudah Diambil")
        office.ask(PEOPLE[3], "Sudah Ditandatangani")
        assert [] == settle(office)
        void_number(office.config, number=office.register()[22].letter_number, reason="rusak")
        back_up(office.config, out=office.folder / "old.zip")
        assert office.clock
        office.clock.move_to(NEW_YEAR.replace(day=4))
        office.submit(*PEOPLE[20:], "Dewi Contoh")
        office.run()
        office.edit(PEOPLE[4], "Jenis Usaha", "Bengkel")
        office.edit(PEOPLE[21], "Jenis Usaha", "Bengkel")
        office.ask(PEOPLE[22], "Terbitkan Ulang")
        office.ask("Dewi Contoh", "Batalkan", "salah")
        row, sheet = office.row_index(COPIED), office.sandbox.sheet_id
        office.sandbox.staff({"copy": {"sheet": sheet, "row": row, "to": row + 1}})
        assert [] == settle(office)
        office.sandbox.staff({"delete": {"sheet": sheet, "row": office.row_index(GONE)}})
        assert [] == settle(office)


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with time_machine.travel(TODAY, tick=True) as clock, Sandbox(seed=1) as box:
        yield Years(Office(tmp_path_factory.mktemp("rebuild"), box, clock))


@pytest.fixture
def busy(years: Scene) -> Office:
    """Return the office of two years as it was; for each test anew."""
    return years.restore()


def ledger_of(office: Office) -> Path:
    return office.folder / "state" / "ledger.db"


def lines_of(office: Office) -> list[RegisterLine]:
    return [*office.register(2026), *office.register(2027)]


def known(office: Office) -> dict[str, tuple[object, ...]]:
    """Return what counts of each submission."""
    return {
        e.submission_id: (e.status, e.step, e.hold, e.reason, _letter(e)) for e in office.entries()
    }


def _letter(entry: Entry) -> tuple[object, ...]:
    letter = entry.letter
    if letter is None:
        return ()
    names = ("letter_number", "year", "sequence", "revision", "issued_on", "location", "sha256")
    return tuple(getattr(letter, name) for name in names)


def goes_on(office: Office) -> None:
    """Hold the office to going on: nothing anew for anybody, and the next number is the next."""
    letters, people = office.letters(), office.people()
    assert [] == settle(office)
    assert (letters, people) == (office.letters(), office.people())
    last = lines_of(office)[-1].sequence
    office.submit("Orang Baru")
    assert [last + 1] == [int(one.letter_number.split("/")[1]) for one in office.run().letters]
    assert [] == settle(office, runs=0)


def test_a_lost_ledger_is_rebuilt_with_the_same_numbers(busy: Office) -> None:
    """Void, revised, reserved, held, gone, over two years: what counts is as it was."""
    lines, entries = lines_of(busy), known(busy)
    ledger_of(busy).unlink()
    before = busy.mark()
    outcome = command(busy, "ledger", "rebuild")

    assert 0 == outcome.code, outcome.err
    assert "66 numbers, 63 requests" in outcome.out
    assert ["sheets.spreadsheets.get", READ] == busy.calls(before)
    assert lines == lines_of(busy)
    assert entries == known(busy)
    goes_on(busy)


def test_a_rebuild_knows_rows_without_their_tickets(busy: Office) -> None:
    """Our columns were emptied after the loss: the keys still tell whose row it is."""
    lines = lines_of(busy)
    for name in PEOPLE[10:15]:
        for header in ("ID Permohonan", "Status", "Nomor Surat"):
            busy.edit(name, header, "")
    busy.sandbox.staff({"sort": {"sheet": busy.sandbox.sheet_id, "column": 2}})
    ledger_of(busy).unlink()
    rebuild_ledger(busy.config)

    assert lines == lines_of(busy)
    goes_on(busy)
    assert "500.3/11/35.07.32.2004/2026" == busy.record(PEOPLE[10])["Nomor Surat"]


def test_an_old_ledger_is_brought_up_to_date(busy: Office) -> None:
    """After an old backup no number is given before `rebuild`; what the ledger knew stays."""
    lines, entries = lines_of(busy), known(busy)
    restore(busy.config, busy.folder / "old.zip")
    old = known(busy)
    stopped = command(busy, "run")
    reserved = command(busy, "register", "reserve")
    outcome = command(busy, "ledger", "rebuild")

    assert (3, 3, 0) == (stopped.code, reserved.code, outcome.code), outcome.err
    assert "surat-sync ledger rebuild" in stopped.err
    assert old.keys() <= known(busy).keys()
    assert lines == lines_of(busy)
    assert entries == known(busy)
    goes_on(busy)


def test_what_is_up_to_date_is_left_alone(busy: Office) -> None:
    """Nothing is written, and it says so."""
    before = ledger_of(busy).read_bytes()
    outcome = command(busy, "ledger", "rebuild")

    assert "the ledger knows every number" in outcome.out
    assert before == ledger_of(busy).read_bytes()
    assert [] == [*(busy.folder / "state").glob("before-*")]


def test_a_dry_run_tells_and_writes_nothing(busy: Office) -> None:
    """The same words, no ledger."""
    ledger_of(busy).unlink()
    outcome = command(busy, "ledger", "rebuild", "--dry-run")

    assert (0, False) == (outcome.code, ledger_of(busy).exists())
    assert "66 numbers" in outcome.out


def test_a_broken_ledger_is_kept_aside(busy: Office) -> None:
    """Without a backup a broken ledger is rebuilt as a lost one; its file is kept."""
    lines = lines_of(busy)
    ledger_of(busy).write_bytes(b"this is no database")
    done = rebuild_ledger(busy.config)

    assert done.aside
    assert b"this is no database" == (done.aside / "ledger.db").read_bytes()
    assert lines == lines_of(busy)
    assert [] == settle(busy, runs=0)


def test_lost_keys_come_back_with_a_backup_only(busy: Office) -> None:
    """Nothing proves a line without the keys: said, and nothing made anew."""
    shutil.rmtree(busy.folder / "state")
    outcome = command(busy, "ledger", "rebuild")
    made = [path.name for path in (busy.folder / "state").iterdir()]

    assert (3, ["lock"]) == (outcome.code, made)
    assert "the keys come back only with a backup: surat-sync ledger restore FILE" in outcome.err
    restore(busy.config, busy.folder / "old.zip")
    rebuild_ledger(busy.config)
    goes_on(busy)


def test_other_keys_prove_nothing(busy: Office) -> None:
    """With somebody else's key no line is ours."""
    ledger_of(busy).unlink()
    (busy.folder / "state" / "secret.key").write_text("ab" * 32)
    outcome = command(busy, "ledger", "rebuild")

    assert (3, False) == (outcome.code, ledger_of(busy).exists())
    assert "the line is not as surat-sync wrote it" in outcome.err


def _edit_tab(office: Office, row: int, column: int, value: str) -> None:
    office.sandbox.staff(
        {
            "edit": {
                "sheet": register_gid("surat-keterangan", 2026),
                "row": row,
                "column": column,
                "value": value,
            }
        }
    )


def _another_number(office: Office) -> None:
    _edit_tab(office, 4, 1, "500.3/99/35.07.32.2004/2026")


def _another_ticket(office: Office) -> None:
    _edit_tab(office, 4, 6, str(office.record(PEOPLE[9])["ID Permohonan"]))


def _a_void_mark_taken_away(office: Office) -> None:
    _edit_tab(office, 2, 8, "")


def _a_line_deleted(office: Office) -> None:
    office.sandbox.staff({"delete": {"sheet": register_gid("surat-keterangan", 2026), "row": 22}})


def _a_line_copied(office: Office) -> None:
    gid = register_gid("surat-keterangan", 2026)
    office.sandbox.staff({"copy": {"sheet": gid, "row": 22, "to": 23}})


def _the_first_line_deleted(office: Office) -> None:
    office.sandbox.staff({"delete": {"sheet": register_gid("surat-keterangan", 2026), "row": 1}})


def _the_tab_deleted(office: Office) -> None:
    gid = register_gid("surat-keterangan", 2027)
    VillageUser(office.sandbox).change({"deleteSheet": {"sheetId": gid}})


def _a_number_beside_another(office: Office) -> None:
    office.edit(PEOPLE[5], "Nomor Surat", "500.3/8/35.07.32.2004/2026")
    office.edit(PEOPLE[5], "Surat", "")


def _anothers_file(office: Office) -> None:
    path = next((office.folder / "letters").rglob("0004_*_r1.docx"))
    path.rename(path.with_name(path.name.replace("0004_", "0006_")))


_TAMPERED: dict[Callable[[Office], None], str] = {
    _another_number: "row 5: the line is not as surat-sync wrote it",
    _another_ticket: "row 5: the line is not as surat-sync wrote it",
    _a_void_mark_taken_away: "row 3: the line is not as surat-sync wrote it",
    _a_line_deleted: "no line for 22",
    _a_line_copied: "number 22 stands there twice",
    _the_first_line_deleted: "0001_",
    _the_tab_deleted: "has reached number 41, but there is no line of it",
    _a_number_beside_another: "shows number 500.3/8/35.07.32.2004/2026, which the register has for",
    _anothers_file: "but there is another ticket there",
}


@pytest.mark.parametrize("tamper", _TAMPERED, ids=lambda tamper: tamper.__name__.strip("_"))
def test_what_contradicts_is_listed_and_refused(
    busy: Office, tamper: Callable[[Office], None]
) -> None:
    """A register that was changed by hand is not believed: nothing is written."""
    ledger_of(busy).unlink()
    tamper(busy)
    state = {path.name for path in (busy.folder / "state").iterdir()}
    outcome = command(busy, "ledger", "rebuild")

    assert (3, state) == (outcome.code, {path.name for path in (busy.folder / "state").iterdir()})
    assert _TAMPERED[tamper] in outcome.err, outcome.err
    assert "Traceback" not in outcome.err


def test_numbers_that_only_our_mark_knows_stay_taken(busy: Office) -> None:
    """Reserved without internet, then the ledger was lost: they are not given again."""
    reserve_numbers(busy.config, count=3)
    ledger_of(busy).unlink()
    outcome = command(busy, "ledger", "rebuild")
    last = lines_of(busy)[-3:]

    assert 3 == outcome.out.count("nothing tells to whom: it stays reserved")
    assert [(42, "reserved"), (43, "reserved"), (44, "reserved")] == [
        (line.sequence, line.state.value) for line in last
    ]
    goes_on(busy)


def test_letters_that_nobody_was_told_of_are_found(busy: Office) -> None:
    """A run died after it stored them: number and file stay, the next run tells."""
    busy.submit("Orang Lain", "Orang Ketiga")
    busy.sandbox.fault(SWAP, kind="403", times=1)
    busy.run()
    lines, letters = lines_of(busy), busy.letters()
    shutil.rmtree(busy.folder / "state" / "spool", ignore_errors=True)
    ledger_of(busy).unlink()
    rebuild_ledger(busy.config)

    assert lines == lines_of(busy)
    assert [] == settle(busy)
    assert letters == busy.letters()
    shown = [busy.record(name)["Nomor Surat"] for name in ("Orang Lain", "Orang Ketiga")]
    assert [line.letter_number for line in lines[-2:]] == shown


def test_a_letter_that_was_not_stored_yet_is_made(busy: Office) -> None:
    """Numbered, and the letters folder was full: the same number, printed from the answers."""
    busy.submit("Orang Lain")
    blocked = busy.folder / "letters" / "surat-keterangan" / "2027"
    busy.configure(letters__folder="elsewhere")
    (busy.folder / "elsewhere").mkdir()
    (busy.folder / "elsewhere" / "surat-keterangan").write_text("in the way")
    assert 2 == busy.run().exit_code
    assert "Tertunda" == busy.statuses()["Orang Lain"]
    busy.configure()
    ledger_of(busy).unlink()
    rebuild_ledger(busy.config)

    assert [] == settle(busy)
    line = lines_of(busy)[-1]
    assert line.letter_number == busy.record("Orang Lain")["Nomor Surat"]
    assert any(line.letter_number in text for text in busy.letter("Orang Lain"))
    assert 1 == len(list(blocked.glob("0042_*")))


def test_a_row_that_comes_back_takes_no_second_number(busy: Office) -> None:
    """Deleted before the loss, back from the version history after it."""
    gone = next(line for line in lines_of(busy) if line.applicant == GONE)
    ledger_of(busy).unlink()
    rebuild_ledger(busy.config)
    lines = lines_of(busy)
    busy.submit(GONE)
    busy.edit(GONE, "ID Permohonan", str(gone.submission_id))
    busy.settle()

    assert lines == lines_of(busy)
    assert "Ditahan" == busy.statuses()[GONE]


def test_a_run_at_work_is_waited_for(busy: Office) -> None:
    """One of the two works; the other says so."""
    with exclusive_lock(busy.folder / "state" / "lock"):
        assert 75 == command(busy, "ledger", "rebuild").code


def test_a_rebuild_that_is_killed_leaves_the_old_ledger(busy: Office) -> None:
    """After any of its effects the old ledger stands there, or the new one, whole."""
    restore(busy.config, busy.folder / "old.zip")
    kept, state = busy.folder / "kept", busy.folder / "state"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(state, kept)
    old, found = lines_of(busy), list[int]()
    with hired(busy) as undertaker:
        for after in count(1, STRIDE):
            shutil.rmtree(state)
            shutil.copytree(kept, state)
            code = undertaker.run(after, ("ledger", "rebuild"))
            with busy.ledger() as books:
                books.ledger.verify()
            found.append(len(lines_of(busy)))
            if code == 0:
                break
            assert -signal.SIGKILL == code
    shutil.rmtree(kept)

    assert {len(old), 66} == set(found)
    assert len(found) > 12 // STRIDE, "the hooks have come loose"


def test_a_ledger_without_numbers_is_rebuilt(office: Office) -> None:
    """Set up, nobody has asked for anything, or only what must be corrected."""
    ledger_of(office).unlink()
    rebuild_ledger(office.config)
    office.submit("Cici Contoh", NIK="123")
    office.run()
    ledger_of(office).unlink()
    assert 3 == command(office, "run").code
    rebuild_ledger(office.config)
    assert [Status.NEEDS_CORRECTION] == [entry.status for entry in office.entries()]
    assert [] == settle(office, runs=0)


def test_other_keys_have_made_no_ticket(office: Office) -> None:
    """Also where no number was given yet."""
    office.submit("Cici Contoh", NIK="123")
    office.run()
    ledger_of(office).unlink()
    (office.folder / "state" / "secret.key").write_text("ab" * 32)
    outcome = command(office, "ledger", "rebuild")

    assert (3, False) == (outcome.code, ledger_of(office).exists())
    assert "these keys have made none of them" in outcome.err


def test_a_letter_that_the_ledger_did_not_hear_of_is_taken_up(office: Office) -> None:
    """A ledger that stayed behind its own cabinet is rebuilt, and the letter goes out once."""
    obstacle = office.folder / "letters" / "surat-keterangan"
    obstacle.write_text("")
    office.submit("Siti Contoh")
    office.run()
    (spooled,) = (office.folder / "state" / "spool").glob("*.docx")
    content = spooled.read_bytes()
    obstacle.unlink()
    (obstacle / "2026").mkdir(parents=True)
    (obstacle / "2026" / f"0001_{spooled.name}").write_bytes(content)

    rebuild_ledger(office.config)
    assert [] == settle(office)
    assert ["Siap Ditandatangani"] == [*office.statuses().values()]
    assert [content] == [path.read_bytes() for path in office.letters()]
    assert [1] == [line.sequence for line in office.register()]


def test_a_revision_that_nobody_was_told_of_is_known(office: Office) -> None:
    """A run died after it stored the second revision: the rebuilt ledger has both."""
    office.submit("Siti Contoh")
    office.settle()
    office.edit("Siti Contoh", "Nama Usaha", "Toko Baru")
    office.sandbox.fault(SWAP, kind="403", times=1)
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.run()
    ledger_of(office).unlink()
    rebuild_ledger(office.config)

    (line,), (entry,) = office.register(), office.entries()
    assert entry.letter
    assert (2, 2) == (line.revision, entry.letter.revision)
    assert [] == settle(office)
    assert 2 == len(office.letters())
    assert "_r2.docx" in office.record("Siti Contoh")["Surat"]


def test_a_row_whose_form_was_sent_again_keeps_its_number(office: Office) -> None:
    """It has another time, by which no key proves its ticket; the letter names the same person."""
    office.submit("Siti Contoh", "Budi Contoh")
    office.settle()
    office.edit("Siti Contoh", "Timestamp", "2026-11-24 13:00:00")
    office.settle()
    before = office.statuses()
    ledger_of(office).unlink()

    rebuild_ledger(office.config)

    assert [] == settle(office)
    assert {"Siti Contoh": "Siap Ditandatangani", "Budi Contoh": "Siap Ditandatangani"} == before
    assert before == office.statuses()
    assert 2 == len(office.register())


def test_what_lies_in_the_way_is_named(office: Office) -> None:
    """A half-made ledger that cannot be removed is the disk's trouble, and nothing was changed."""
    office.submit("Siti Contoh")
    office.settle()
    ledger_of(office).unlink()
    (office.folder / "state" / "ledger.rebuilt.db").mkdir()

    with pytest.raises(DiskError, match=r"ledger\.rebuilt\.db"):
        rebuild_ledger(office.config)


def test_keys_are_known_by_the_tickets_of_the_ledger(office: Office) -> None:
    """A row became another's in every answer; the ledger that is there has given its ticket."""
    office.submit("Siti Contoh")
    office.edit("Siti Contoh", "NIK", "12")
    office.run()
    office.edit("Siti Contoh", "Timestamp", "2026-11-24 13:00:00")
    office.edit("Siti Contoh", "Tanggal Lahir", "1-1-1970")
    office.edit("Siti Contoh", "NIK", "13")
    office.edit("Siti Contoh", "Nama Lengkap", "Budi Contoh")

    rebuild_ledger(office.config)

    assert [] == settle(office)


def test_nobody_collected_a_letter_that_no_row_has_shown(office: Office) -> None:
    """What staff typed beside it before they could print it does not mean this letter."""
    office.submit("Siti Contoh")
    office.settle()
    for header in ("Status", "Nomor Surat", "Surat"):
        office.edit("Siti Contoh", header, "")
    office.ask("Siti Contoh", "Sudah Diambil")
    ledger_of(office).unlink()
    rebuild_ledger(office.config)

    office.run()

    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]


def test_a_copy_waits_although_it_was_only_received(office: Office) -> None:
    """Where writing goes by position, a copied row is first received, and then held."""
    office.configure(sheet_writes="verify")
    office.submit("Siti Contoh")
    office.settle()
    office.sandbox.staff({"copy": {"sheet": office.sandbox.sheet_id, "row": 1, "to": 1}})
    office.edit("Siti Contoh", "NIK", "'3507321801609904")
    office.edit("Siti Contoh", "Tanggal Lahir", "'18-01-1960")
    office.edit("Siti Contoh", "Nama Lengkap", "Budi Contoh")
    office.run()
    office.edit("Siti Contoh", "Timestamp", "2026-11-24 13:00:00")  # of the first: sent again
    ledger_of(office).unlink()
    rebuild_ledger(office.config)

    assert [] == settle(office)
    assert {"Siti Contoh": "Siap Ditandatangani", "Budi Contoh": "Ditahan"} == office.statuses()


def test_a_hold_outlives_the_rebuilding_of_an_old_ledger(office: Office) -> None:
    """The copied row was received, and was to be held; the ledger lacks another's revision."""
    office.configure(sheet_writes="verify")
    office.submit("Siti Contoh")
    office.run()
    office.sandbox.staff({"copy": {"sheet": office.sandbox.sheet_id, "row": 1, "to": 1}})
    office.edit("Siti Contoh", "NIK", "'3507321801609904")
    office.edit("Siti Contoh", "Tanggal Lahir", "'18-01-1960")
    office.edit("Siti Contoh", "Nama Lengkap", "Budi Contoh")
    office.run()
    old = ledger_of(office).read_bytes()
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.sandbox.fault(SWAP, kind="403", times=1)
    office.run()
    ledger_of(office).write_bytes(old)

    rebuild_ledger(office.config)

    assert [] == settle(office)
    assert {"Siti Contoh": "Siap Ditandatangani", "Budi Contoh": "Ditahan"} == office.statuses()
