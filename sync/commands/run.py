"""`surat-sync run`: one run, then exit."""

from __future__ import annotations

import random
from functools import partial
from typing import TYPE_CHECKING

from sync.clock import SystemClock
from sync.commands import idle
from sync.commands.last_run import remember_run
from sync.errors import TryLater
from sync.run.quiet import sheets_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sync.clock import Clock
    from sync.commands.program import Books
    from sync.config import Config
    from sync.google.interface import Grid
    from sync.google.sheets import GspreadSheets
    from sync.run.report import Report
    from sync.run.tools import Progress, Tools


def run_from_file(
    config_file: Path,
    *,
    dry_run: bool = False,
    accept: Sequence[str] = (),
    progress: Progress | None = None,
) -> Report:
    """
    Do one run as the config file says; over after one reading when nothing changed.

    Raises what keeps the whole run from starting; what stops a part is in the report.
    """
    clock = SystemClock()
    watch = idle.Watch(config_file, clock)
    first = idle.Glance()
    if not dry_run and not accept:
        first = idle.glance(config_file, clock=clock, rng=random.SystemRandom())
    if first.report is not None:
        return first.report
    from sync.config import load_config  # noqa: PLC0415 - an idle run needs none of it

    return run_once(
        load_config(config_file),
        dry_run=dry_run,
        accept=accept,
        progress=progress,
        clock=clock,
        first=first,
        watch=watch,
    )


def run_once(
    config: Config,
    *,
    dry_run: bool = False,
    accept: Sequence[str] = (),
    progress: Progress | None = None,
    clock: Clock | None = None,
    rng: random.Random | None = None,
    first: idle.Glance | None = None,
    watch: idle.Watch | None = None,
) -> Report:
    """
    Read the sheets once, do what is due, and return what was done.

    rng:   where marks and pauses come from; without it nobody can repeat them
    first: what was read a moment ago, and the connection for it
    watch: watches the config's file; without it no mark for idle runs is left
    """
    from sync.commands import program  # noqa: PLC0415 - an idle run needs none of it
    from sync.commands.backups import daily_backup  # noqa: PLC0415
    from sync.run.run import Run  # noqa: PLC0415

    clock, first = clock or SystemClock(), first or idle.Glance()
    rng = rng or program.system_random()
    sheets = first.sheets or program.sheets_of(config, clock, rng=rng)
    with program.run_lock(config):
        books = _required_books(config, sheets, clock)
        if watch is not None:
            watch.begin(program.files_read(config), config.village.timezone)
        try:
            books.ledger.verify()
            tools = program.tools_of(
                config,
                books,
                sheets,
                clock=clock,
                rng=rng,
                progress=progress or program.silent,
                first_reading=first.reading_now(),
            )
            run = Run(program.settings_of(config, accept=accept), tools)
            if dry_run:
                return run.plan()
            program.tidy(config, tools)
            for name in accept:
                books.ledger.remember({}, event=f"accepted {name}")
            report = run.run()
            pdfs_left = _make_pdfs(config, tools, report) if config.letters.pdf else 0
            over = report.exit_code == 0 and not pdfs_left
            quiet = run.quiet_grids() if watch is not None and over else None
        finally:
            books.ledger.close()
        if not report.failures:
            report.cautions += daily_backup(config, clock=clock)
        remember_run(config.state_folder, report, clock)
        if quiet is not None and watch is not None:
            digest = sheets_digest(quiet, books.keys.digest)
            _leave_mark(config, watch, quiet, digest=digest, rows=report.counts["read"])
        return report


def _make_pdfs(config: Config, tools: Tools, report: Report) -> int:
    """Put PDFs beside the letters that have none; return how many the next run must make."""
    if any(isinstance(failure, TryLater) for failure in report.failures):
        return 0  # the letters come first, and this run has waited for Google long enough
    from sync.letter.pdf import to_pdf  # noqa: PLC0415
    from sync.run.paper import make_pdfs  # noqa: PLC0415

    convert = partial(to_pdf, state=config.state_folder)
    news = make_pdfs(tools.ledger, tools.cabinet, config.services, convert)
    report.cautions += news.cautions
    report.google_calls = tools.sheets.calls()
    return news.left


def _required_books(config: Config, sheets: GspreadSheets, clock: Clock) -> Books:
    """Return keys and ledger; without them, say whether they are new here or lost."""
    from sync.commands import program  # noqa: PLC0415
    from sync.commands.setup import survey_of  # noqa: PLC0415
    from sync.errors import LayoutError  # noqa: PLC0415
    from sync.setup import refuse_used  # noqa: PLC0415

    books = program.open_books(config, clock)
    if books is None:
        refuse_used(survey_of(config, sheets, None, clock))
        raise LayoutError("This village is not set up yet: run `surat-sync setup` first.")
    return books


def _leave_mark(
    config: Config,
    watch: idle.Watch,
    quiet: Mapping[str, Mapping[int, Grid]],
    *,
    digest: str,
    rows: int,
) -> None:
    from sync.commands.program import files_read, files_written  # noqa: PLC0415

    if config.ledger_url():
        return  # whether a database server's ledger changed cannot be seen from outside
    files = [*files_read(config), *files_written(config)]
    stamps = watch.end(files, config.village.timezone)
    if stamps is None:
        return
    mark = idle.Mark(
        stamps=stamps,
        watched=[str(path) for path in files],
        sheets={spreadsheet: sorted(grids) for spreadsheet, grids in quiet.items()},
        digest=digest,
        rows=rows,
        time_zone=config.village.timezone,
        credentials=str(config.credentials_file),
        base_url=config.google.base_url,
        letters=str(config.letters_folder) if config.letters.cabinet == "folder" else "",
    )
    idle.leave_mark(config.state_folder, mark)
