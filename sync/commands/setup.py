"""`surat-sync setup`: prepare the spreadsheets; safe to repeat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync import removal
from sync import setup as preparing
from sync.commands import program
from sync.google.sheets import GspreadSheets
from sync.keys import register_gid
from sync.run.run import Run

if TYPE_CHECKING:
    import random

    from sync.clock import Clock
    from sync.commands.program import Books
    from sync.config import Config
    from sync.errors import SyncError
    from sync.run.tools import Progress, Settings, Tools

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What `setup` did."""

    lines: tuple[str, ...]
    failures: tuple[SyncError, ...] = ()


def set_up(
    config: Config,
    *,
    archive: bool = True,
    progress: Progress = program.silent,
    clock: Clock | None = None,
    rng: random.Random | None = None,
) -> Prepared:
    """
    Add our columns and the register tab; archive the rows that are there already.

    archive: False takes those rows up as new ones in the next run

    Raises what is wrong before the first write, `SafetyStop("ledger-missing")` among it.
    """
    clock = clock or program.system_clock()
    rng = rng or program.system_random()
    sheets = GspreadSheets(program.connect(config, clock, rng=rng))
    program.require_templates(config)
    with program.run_lock(config):
        books = program.open_books(config, clock)
        found = survey_of(config, sheets, books, clock)
        if books is None:
            preparing.refuse_used(found)
            books = program.new_books(config, clock)
        try:
            books.ledger.verify()
            program.cabinet_of(config, sheets.transport, clock=clock, rng=rng).create()
            lines = preparing.prepare(found, sheets, books.ledger)
            lines += program.provide_signing_key(config)
            return _settle_old_rows(
                config, found, books, sheets,
                lines=lines, archive=archive, progress=progress, clock=clock, rng=rng,
            )  # fmt: skip
        finally:
            books.ledger.close()


def take_away(config: Config, *, clock: Clock | None = None) -> list[str]:
    """Delete our columns and register tabs from the spreadsheets; return what was done."""
    clock = clock or program.system_clock()
    sheets = program.sheets_of(config, clock, rng=program.system_random())
    year = program.village_time(config, clock.now()).year
    with program.run_lock(config), program.opened_books(config, clock) as books:
        return removal.remove(config.service_values(), sheets, books.ledger, year=year)


def survey_of(
    config: Config, sheets: GspreadSheets, books: Books | None, clock: Clock
) -> preparing.Found:
    """Read what the spreadsheets hold; nothing is written."""
    return preparing.survey(
        config.service_values(),
        sheets,
        year=program.village_time(config, clock.now()).year,
        known_gid=books.ledger.recall if books else lambda _: None,
        register_gid=register_gid,
    )


def _settle_old_rows(
    config: Config,
    found: preparing.Found,
    books: Books,
    sheets: GspreadSheets,
    *,
    lines: list[str],
    archive: bool,
    progress: Progress,
    clock: Clock,
    rng: random.Random,
) -> Prepared:
    failures: list[SyncError] = []
    waiting = [s for s in preparing.unsettled(found, books.ledger) if preparing.has_old_rows(s)]
    if archive and waiting:
        tools = program.tools_of(config, books, sheets, clock=clock, rng=rng, progress=progress)
        old = {sheet.service.key: sheet.latest_form_time() for sheet in waiting}
        wanted = program.settings_of(config)
        settings = replace(wanted, archive=old, rows_per_run=_ROWS_AT_ONCE)
        archived, failures = _archive(settings, tools)
        lines.append(f"archived {archived} rows that were there before")
    if not failures:
        preparing.mark_settled(found, books.ledger)
    return Prepared(lines=tuple(lines), failures=tuple(failures))


def _archive(settings: Settings, tools: Tools) -> tuple[int, list[SyncError]]:
    """Archive in portions until no row is left."""
    total = 0
    while True:
        report = Run(settings, tools).run()
        total += report.counts["new"]
        if report.failures or not report.counts["new"]:
            return total, report.failures
