"""`run --dry-run`, `run --json` and `status`: what they print, and that they change nothing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from command_line import command
from history import applied_writes, counted

if TYPE_CHECKING:
    from office import Office

_COUNTS = (
    "read", "new", "issued", "reissued", "needs_correction", "awaiting_approval", "held",
    "refused", "replaced", "void", "ready", "collected", "delayed", "unchanged",
)  # fmt: skip
_KEYS = ["run_id", "dry_run", *_COUNTS, "google_calls", "seconds", "letters"]
_TICKET = r"SKU-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]"


@pytest.fixture
def mixed(office: Office) -> Office:
    """Return an office with something of everything to do."""
    office.submit("Siti Contoh", "Budi Contoh", "Ani Contoh", "Joko Contoh")
    office.submit("Sri Contoh", Mulai_Usaha="dulu")
    office.run()
    office.run()
    office.ask("Siti Contoh", "Sudah Ditandatangani")
    office.ask("Budi Contoh", "Sudah Diambil")
    office.ask("Ani Contoh", "Terbitkan Ulang")
    office.ask("Joko Contoh", "Batalkan")
    office.ask("Sri Contoh", "Tolak")
    office.submit("Dewi Contoh", "Agus Contoh")
    office.submit("Rina Contoh", RT="entah")
    return office


def _files(office: Office) -> dict[str, str]:
    """Return every file that holds something lasting, with its content's hash."""
    paths = [*(office.folder / "state").rglob("*"), *(office.folder / "letters").rglob("*")]
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file() and path.name != "lock"
    }


def test_a_run_sweeps_what_killed_ones_left(mixed: Office) -> None:
    """Half-written letters are people's data; a dry run only looks."""
    year = next((mixed.folder / "letters").glob("*/2026"))
    spool = mixed.folder / "state" / "spool"
    left = [folder / ".0001_SKU.docx.ab12.part" for folder in (year, spool, spool.parent)]
    for path in left:
        path.write_bytes(b"half")
    mixed.run(dry_run=True)
    assert [True] * len(left) == [path.exists() for path in left]
    mixed.run()
    assert [False] * len(left) == [path.exists() for path in left]


def test_a_dry_run_changes_nothing(mixed: Office) -> None:
    """No write, no number, no file; the ledger's file is the same to the byte."""
    before, files, rows = mixed.mark(), _files(mixed), mixed.sandbox.rows()
    outcome = command(mixed, "run", "--dry-run", "--json")

    assert (0, "") == (outcome.code, outcome.err)
    assert ([], rows) == (applied_writes(mixed, before), mixed.sandbox.rows())
    assert files == _files(mixed)
    calls = counted(mixed, before)
    assert (1, 0) == (calls["sheets_read"], calls["sheets_write"])


def test_the_run_does_what_the_dry_run_said(mixed: Office) -> None:
    """Every count is the same, and each kind of work is among them."""
    said = command(mixed, "run", "--dry-run", "--json").json
    done = command(mixed, "run", "--json").json

    assert (True, False) == (said["dry_run"], done["dry_run"])
    assert {name: said[name] for name in _COUNTS} == {name: done[name] for name in _COUNTS}
    expected = {
        "read": 8, "new": 3, "issued": 2, "reissued": 1, "needs_correction": 1, "refused": 1,
        "void": 1, "ready": 1, "collected": 1, "unchanged": 0,
    }  # fmt: skip
    assert expected == {name: done[name] for name in expected}


def test_a_dry_run_tells_people_what_it_would_do(mixed: Office) -> None:
    """The table's heading says that nothing was done."""
    outcome = command(mixed, "run", "--dry-run")

    assert 0 == outcome.code
    assert "This is what a run would do" in outcome.out


def test_the_report_has_the_agreed_shape(mixed: Office) -> None:
    """One JSON object: the counts, the calls as the history has them, the letters."""
    before = mixed.mark()
    outcome = command(mixed, "run", "--json")
    report = outcome.json

    assert 1 == outcome.out.count("\n")
    assert _KEYS == list(report)
    assert ["sheets_read", "sheets_write", "drive", "forms", "token"] == list(
        report["google_calls"]
    )
    assert counted(mixed, before) == report["google_calls"]
    assert isinstance(report["seconds"], float)
    assert report["issued"] + report["reissued"] == len(report["letters"])
    for letter in report["letters"]:
        assert ["submission_id", "letter_number", "revision", "location"] == list(letter)
    ani = mixed.record("Ani Contoh")
    assert {
        "submission_id": ani["ID Permohonan"],
        "letter_number": ani["Nomor Surat"],
        "revision": 2,
        "location": str(mixed.folder / "letters" / ani["Surat"]),
    } in report["letters"]


def test_an_idle_report_has_the_same_shape(mixed: Office) -> None:
    """Also the run that finds nothing to do prints every key."""
    command(mixed, "run")
    command(mixed, "run")
    report = command(mixed, "run", "--json").json

    assert _KEYS == list(report)
    assert (8, 8, []) == (report["read"], report["unchanged"], report["letters"])


def test_quiet_prints_nothing(mixed: Office) -> None:
    """Cron sends mail only when something is wrong."""
    outcome = command(mixed, "run", "--quiet")

    assert (0, "", "") == (outcome.code, outcome.out, outcome.err)


def test_an_unknown_acceptance_is_refused(office: Office) -> None:
    """A typing mistake must not pass for an override."""
    before = office.mark()
    outcome = command(office, "run", "--accept", "row-vanished")

    assert (2, []) == (outcome.code, office.calls(before))
    assert "rows-vanished" in outcome.err


def test_status_tells_backlog_and_next_number(mixed: Office) -> None:
    """From the ledger alone: nothing is asked of Google."""
    command(mixed, "run")
    before = mixed.mark()
    outcome = command(mixed, "status", "--json")
    facts: dict[str, Any] = outcome.json

    assert (0, []) == (outcome.code, mixed.calls(before))
    keys = ["last_run", "finished_at", "exit", "backlog", "next_numbers", "stale"]
    assert keys == list(facts)
    assert (0, False) == (facts["exit"], facts["stale"])
    assert {
        "COLLECTED": 1, "ISSUED": 3, "NEEDS_CORRECTION": 1, "READY": 1, "REFUSED": 1, "VOID": 1,
    } == facts["backlog"]  # fmt: skip
    assert {"sku": "500.3/7/35.07.32.2004/2026"} == facts["next_numbers"]
    shown = command(mixed, "status").out
    assert "500.3/7/35.07.32.2004/2026" in shown
    assert "3   ISSUED (Siap Ditandatangani)" in shown
    assert "finished   2026-11-24 10:1" in shown


def test_status_is_stale_when_no_run_came(mixed: Office) -> None:
    """After `monitor.stale_after_minutes` the exit code says so."""
    command(mixed, "run")
    mixed.pass_time(minutes=61)
    outcome = command(mixed, "status", "--json")

    assert (1, True) == (outcome.code, outcome.json["stale"])


def test_status_of_one_submission(mixed: Office) -> None:
    """A ticket, in either case, gives status and number, and nothing personal."""
    command(mixed, "run")
    record = mixed.record("Siti Contoh")
    ticket = record["ID Permohonan"]
    outcome = command(mixed, "status", ticket.lower(), "--json")

    assert 0 == outcome.code
    assert {
        "submission_id": ticket,
        "status": "READY",
        "letter_number": record["Nomor Surat"],
    } == outcome.json
    wrong = command(mixed, "status", "SKU-0000-0000-0", "--json")
    assert (2, "") == (wrong.code, wrong.out)


def test_nothing_personal_is_printed_or_named(mixed: Office) -> None:
    """No NIK, name or phone number in what any command prints, or in a file's name."""
    ticket = mixed.record("Siti Contoh")["ID Permohonan"]
    obstacle = mixed.folder / "letters" / "surat-keterangan" / "2026"
    everything = [
        command(mixed, *arguments.split())
        for arguments in (
            "run --dry-run", "run --dry-run --json", "run", "run --json", "run --accept flood",
            "status", "status --json", f"status {ticket}", f"status {ticket} --json",
            "setup", "check", "check --json",
        )
    ]  # fmt: skip
    mixed.submit("Wati Contoh", "Slamet Contoh")
    obstacle.rename(obstacle.with_name("kept"))
    obstacle.write_text("")
    everything.append(command(mixed, "run"))
    mixed.edit("Wati Contoh", "NIK", "3507321801609901")
    mixed.sandbox.staff({"delete": {"sheet": mixed.sandbox.sheet_id, "row": 1}})
    everything.append(command(mixed, "run", "--json"))
    place = {"sheet": mixed.sandbox.sheet_id, "column": 2, "value": "Nomor"}
    mixed.sandbox.staff({"rename_header": place})
    everything.append(command(mixed, "run"))
    printed = "\n".join(one.out + one.err for one in everything)
    named = "\n".join(str(path) for path in mixed.folder.rglob("*"))

    assert [0] * 12 == [one.code for one in everything[:12]], printed
    assert [2, 2, 2] == [one.code for one in everything[12:]], printed
    people = [record for record in mixed.sandbox.records() if record["Nama Lengkap"]]
    secrets = {"Siti", "Budi", "Wati", "Slamet", "Contoh", "3507321801609901", "81200000001"}
    secrets |= {str(record["Nomor"]) for record in people}
    assert [] == [secret for secret in sorted(secrets) if secret in printed + named]


def test_a_dry_run_says_what_would_stop_the_real_one(office: Office) -> None:
    """A letters folder that is gone is told before anybody waits for a letter."""
    office.submit("Siti Contoh")
    (office.folder / "letters").rename(office.folder / "elsewhere")

    outcome = command(office, "run", "--dry-run")

    assert 2 == outcome.code
    assert "letters is missing" in outcome.err
