"""`surat-sync run`: one run, then exit."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from sync.clock import SystemClock
from sync.commands import idle
from sync.commands.last_run import remember_run
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
    from sync.run.tools import Progress


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
    clock, rng = SystemClock(), random.SystemRandom()
    first = idle.Glance()
    if not dry_run and not accept:
        first = idle.glance(config_file, clock=clock, rng=rng)
    if first.report is not None:
        return first.report
    from sync.config import load_config  # noqa: PLC0415 - an idle run needs none of it

    return run_once(
        load_config(config_file),
        config_file=config_file,
        dry_run=dry_run,
        accept=accept,
        progress=progress,
        clock=clock,
        sheets=first.sheets,
        first_reading=first.first_reading,
    )


def run_once(
    config: Config,
    *,
    config_file: Path | None = None,
    dry_run: bool = False,
    accept: Sequence[str] = (),
    progress: Progress | None = None,
    clock: Clock | None = None,
    sheets: GspreadSheets | None = None,
    first_reading: Mapping[str, Mapping[int, Grid]] | None = None,
) -> Report:
    """
    Read the sheets once, do what is due, and return what was done.

    config_file:   where *config* came from; the mark for idle runs is left only if known
    sheets:        a connection that was made already
    first_reading: what was read through it a moment ago
    """
    from sync.commands import program  # noqa: PLC0415 - an idle run needs none of it
    from sync.run.run import Run  # noqa: PLC0415

    clock, rng = clock or SystemClock(), random.SystemRandom()
    sheets = sheets or program.sheets_of(config, clock, rng=rng)
    with program.run_lock(config):
        books = _required_books(config, sheets, clock)
        try:
            books.ledger.verify()
            tools = program.tools_of(
                config,
                books,
                sheets,
                clock=clock,
                rng=rng,
                progress=progress or program.silent,
                first_reading=first_reading or {},
            )
            run = Run(program.settings_of(config, accept=accept), tools)
            if dry_run:
                return run.plan()
            for name in accept:
                books.ledger.remember({}, event=f"accepted {name}")
            report = run.run()
            quiet = run.quiet_grids() if report.exit_code == 0 else None
        finally:
            books.ledger.close()
        remember_run(config.state_folder, report, clock)
        if quiet is not None and config_file is not None:
            _leave_mark(
                config,
                config_file,
                quiet,
                digest=sheets_digest(quiet, books.keys.digest),
                rows=report.counts["read"],
                clock=clock,
            )
        return report


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
    config_file: Path,
    quiet: Mapping[str, Mapping[int, Grid]],
    *,
    digest: str,
    rows: int,
    clock: Clock,
) -> None:
    from sync.commands.program import files_of  # noqa: PLC0415

    if config.ledger_url():
        return  # whether a database server's ledger changed cannot be seen from outside
    watched = [str(path) for path in files_of(config)]
    zone = config.village.timezone
    mark = idle.Mark(
        stamps=idle.stamps(config_file, watched, zone, clock),
        watched=watched,
        sheets={spreadsheet: sorted(grids) for spreadsheet, grids in quiet.items()},
        digest=digest,
        rows=rows,
        time_zone=zone,
        credentials=str(config.credentials_file),
        base_url=config.google.base_url,
        letters=str(config.letters_folder),
    )
    idle.leave_mark(config.state_folder, mark)
