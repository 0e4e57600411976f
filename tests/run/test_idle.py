"""A run with nothing to do is over after its reading, and only then."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from office import CLAIM, READ, SWAP

from sync.commands.run import run_from_file
from sync.errors import CabinetError, LedgerBusy, SafetyStop
from sync.platform import exclusive_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from office import Office

    from sync.run.report import Report


def run(office: Office) -> Report:
    return run_from_file(office.config_file)


def loads_the_ledger(office: Office) -> bool:
    """Tell whether a run in a process of its own loads the ledger's library."""
    code = (
        "import sys\nimport time_machine\n"
        f"time_machine.travel({time.time()!r}, tick=True).start()\n"
        "from sync.cli import main\n"
        "try: main(['run', '--quiet'])\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "print('sqlalchemy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=office.folder, capture_output=True, text=True, check=True
    )
    return done.stdout == "True\n"


@pytest.fixture
def settled(office: Office) -> Office:
    """Return an office in which everything is in its place."""
    office.submit("Siti Contoh", "Budi Contoh")
    office.submit("Ani Contoh", NIK="123")
    run(office)
    return office


def test_the_run_after_news_is_idle_already(settled: Office) -> None:
    """What the sheets will show is known when the run that wrote it ends."""
    before = settled.mark()

    report = run(settled)

    assert [READ] == settled.calls(before)
    assert (3, 3) == (report.counts["read"], report.counts["unchanged"])
    assert settled.calls(before) == [READ] * report.google_calls["sheets_read"]


def test_an_idle_run_tells_status_that_it_ran(settled: Office) -> None:
    """`status` must not call a quiet village stale."""
    last = settled.folder / "state" / "last-run.json"
    before = last.read_text()

    run(settled)

    assert before != last.read_text()


def sheet_edited(office: Office) -> None:
    office.edit("Ani Contoh", "NIK", "'3507320101629999")


def our_cell_typed_over(office: Office) -> None:
    office.edit("Siti Contoh", "Status", "beres")


def our_cell_emptied(office: Office) -> None:
    office.edit("Siti Contoh", "Nomor Surat", "")


def register_line_changed(office: Office) -> None:
    book = office.sandbox.world.state.book(office.sandbox.spreadsheet_id)
    gid = next(tab.sheet_id for tab in book.sheets if tab.title.startswith("Register "))
    office.sandbox.staff({"edit": {"sheet": gid, "row": 1, "column": 4, "value": "Orang Lain"}})


def action_asked(office: Office) -> None:
    office.ask("Siti Contoh", "Sudah Ditandatangani")


@pytest.mark.parametrize(
    "change",
    [sheet_edited, our_cell_typed_over, our_cell_emptied, register_line_changed, action_asked],
)
def test_whatever_changes_in_the_sheets_is_acted_on(
    settled: Office, change: Callable[[Office], None]
) -> None:
    """A cell that differs means the whole run, with no second reading before the claim."""
    change(settled)
    before = settled.mark()

    run(settled)

    claimed = [] if change is register_line_changed else [CLAIM, READ]
    assert [READ, *claimed, SWAP] == settled.calls(before)


def config_changed(office: Office) -> None:
    office.configure(village__office_hours="Senin-Kamis 08.00-14.00 WIB")


def ledger_touched(office: Office) -> None:
    with office.ledger() as books:
        books.ledger.remember({"anything": "new"})


def template_changed(office: Office) -> None:
    template = office.folder / "templates" / "letter_sku.docx"
    template.write_bytes(template.read_bytes())


def next_day(office: Office) -> None:
    office.pass_time(hours=20)


@pytest.mark.parametrize("change", [config_changed, ledger_touched, template_changed, next_day])
def test_whatever_else_changes_means_the_whole_run(
    settled: Office, change: Callable[[Office], None]
) -> None:
    """Config, ledger, template and day are part of what a decision depends on."""
    mark = settled.folder / "state" / "quiet.json"
    before = mark.read_bytes()
    change(settled)

    run(settled)

    assert before != mark.read_bytes()


def test_an_idle_run_does_not_load_the_ledger(settled: Office) -> None:
    """The mark is good in a process of its own, and spares it the database."""
    assert not loads_the_ledger(settled)
    ledger_touched(settled)
    assert loads_the_ledger(settled)


def test_an_old_ledger_is_found_out(settled: Office) -> None:
    """A ledger from a backup differs from the marked one, and may not give numbers."""
    ledger = settled.folder / "state" / "ledger.db"
    shutil.copy(ledger, settled.folder / "backup.db")
    settled.submit("Joko Contoh")
    run(settled)
    shutil.copy(settled.folder / "backup.db", ledger)

    report = run(settled)

    assert [SafetyStop] == [type(failure) for failure in report.failures]


def test_a_missing_letters_folder_is_told(settled: Office) -> None:
    """What would stop the next letter is told before a resident waits for it."""
    (settled.folder / "letters").rename(settled.folder / "elsewhere")

    with pytest.raises(CabinetError):
        run(settled)


def test_another_run_is_respected(settled: Office) -> None:
    """An idle run takes the lock like any other."""
    with exclusive_lock(settled.folder / "state" / "lock"), pytest.raises(LedgerBusy):
        run(settled)


def test_a_disturbed_claim_does_not_keep_runs_from_being_idle(office: Office) -> None:
    """Marks that are nowhere, and might still arrive, would be seen in the reading."""
    office.submit("Siti Contoh")
    office.sandbox.staff({"insert": {"sheet": office.sandbox.sheet_id, "row": 1}}, before=CLAIM)
    for _ in range(3):
        run(office)
    with office.ledger() as books:
        open_tokens = books.ledger.tokens("sku")

    assert open_tokens
    assert not loads_the_ledger(office)
