"""`surat-sync run`: one run, then exit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.commands import program
from sync.commands.setup import survey_of
from sync.errors import LayoutError
from sync.google.sheets import GspreadSheets
from sync.run import Report, Run
from sync.setup import refuse_used

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.clock import Clock
    from sync.config import Config
    from sync.run.tools import Progress


def run_once(
    config: Config,
    *,
    dry_run: bool = False,
    accept: Sequence[str] = (),
    progress: Progress = program.silent,
    clock: Clock | None = None,
) -> Report:
    """
    Read the sheets once, do what is due, and return what was done.

    Raises what keeps the whole run from starting; what stops a part is in the report.
    """
    clock = clock or program.system_clock()
    rng = program.system_random()
    sheets = GspreadSheets(program.connect(config, clock, rng=rng))
    books = program.open_books(config, clock)
    if books is None:
        refuse_used(survey_of(config, sheets, None, clock))
        raise LayoutError("This village is not set up yet: run `surat-sync setup` first.")
    with program.run_lock(config):
        try:
            settings = program.settings_of(config, accept=accept)
            tools = program.tools_of(config, books, sheets, clock=clock, rng=rng, progress=progress)
            run = Run(settings, tools)
            if dry_run:
                return run.plan()
            report = run.run()
            program.remember_run(books.ledger, report, clock)
            return report
        finally:
            books.ledger.close()
