"""`surat-sync check`: look at everything that a run needs; changes nothing."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from sync import doctor
from sync.commands import backups, program
from sync.commands.idle import LOCK_FILE
from sync.commands.last_run import last_run
from sync.config import load_config
from sync.errors import LedgerBusy, PdfError, SyncError
from sync.google.credentials import FORMS_BODY, SPREADSHEETS
from sync.google.sheets import GspreadSheets
from sync.letter.pdf import answering_office
from sync.letter.signing import load_signing_key
from sync.platform import exclusive_lock, free_bytes, require_private, scheduled_runs
from sync.run.registers import Registers
from sync.run.remembered import sheet_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sync.clock import Clock
    from sync.commands.program import Books
    from sync.config import Config
    from sync.doctor import Finding
    from sync.google.interface import Grid, SpreadsheetInfo
    from sync.google.transport import Transport
    from sync.model import Service

_SIGNS = {"ok": "ok     ", "caution": "caution", "fail": "FAIL   "}


def look(path: Path, clock: Clock | None = None) -> list[Finding]:
    """Return what was found; what cannot be looked at is a failure among the findings."""
    try:
        config, clock = load_config(path), clock or program.system_clock()
    except SyncError as error:
        return list(doctor.failures("config", error))
    return [
        doctor.fine("config", f"{path} is sound"),
        *_computer(config, clock),
        *doctor.check_templates(program.open_templates(config)),
        *_cabinet(config, clock),
        *_pdf(config),
        *_through_google(config, clock),
    ]


def findings_as_json(findings: Sequence[Finding]) -> str:
    """Return the findings as one JSON object; the message ends with why it matters."""
    return json.dumps({"findings": [_fact(finding) for finding in findings]})


def findings_as_text(findings: Sequence[Finding]) -> str:
    """Return the findings a line each, with the remedy below what is wrong."""
    lines = []
    for finding in findings:
        lines.append(f"{_SIGNS[finding.level]}  {finding.code}: {finding.message}")
        if finding.why:
            lines.append(f"         {finding.why}")
        if finding.remedy:
            lines.append(f"         -> {finding.remedy}")
    return "\n".join(lines)


def _fact(finding: Finding) -> dict[str, str]:
    why = f" ({finding.why})" if finding.why else ""
    return asdict(finding) | {"message": finding.message + why}


def _computer(config: Config, clock: Clock) -> Iterator[Finding]:
    state = config.state_folder
    if state.is_dir():
        yield from _state(state)
        yield from _seal(config)
        yield from doctor.check_disk(free_bytes(state), str(state))
        yield from doctor.check_lock(held=_is_held(state / LOCK_FILE))
        yield from _backups(config, clock)
    stale = timedelta(minutes=config.monitor.stale_after_minutes)
    yield from doctor.check_last_run(last_run(state), now=clock.now(), stale_after=stale)
    yield from doctor.check_schedulers(scheduled_runs())


def _state(folder: Path) -> Iterator[Finding]:
    try:
        require_private(folder)
    except SyncError as error:
        yield from doctor.failures("state", error)
    else:
        yield doctor.fine("state", f"{folder} is private")


def _backups(config: Config, clock: Clock) -> Iterator[Finding]:
    folder, today = backups.second_folder(config), program.village_time(config, clock.now()).date()
    second = None
    if folder is not None:
        second = doctor.BackupPlace(
            folder=str(folder), is_there=folder.is_dir(), newest=backups.newest_day(folder)
        )
    newest = backups.newest_day(backups.backups_folder(config))
    yield from doctor.check_backups(newest, second, today)


def _seal(config: Config) -> Iterator[Finding]:
    try:
        signing_key = load_signing_key(config.state_folder)
    except SyncError as error:
        yield from doctor.failures("seal", error)
    else:
        yield from doctor.check_seal(
            signing_key.key_id if signing_key else None, config.verify.page_url
        )


def _is_held(lock: Path) -> bool:
    if not lock.exists():
        return False
    try:
        with exclusive_lock(lock):
            return False
    except LedgerBusy:
        return True
    except SyncError:
        return False


def _cabinet(config: Config, clock: Clock) -> Iterator[Finding]:
    try:
        cabinet = program.cabinet_of(config, clock=clock, rng=program.system_random())
    except SyncError as error:
        yield from doctor.failures("cabinet", error)
    else:
        yield from doctor.check_cabinet(cabinet)


def _pdf(config: Config) -> Iterator[Finding]:
    if not config.letters.pdf:
        return
    try:
        yield from doctor.check_pdf(answering_office(), None)
    except PdfError as error:
        yield from doctor.check_pdf("", error)


def _through_google(config: Config, clock: Clock) -> Iterator[Finding]:
    try:
        with _books(config, clock) as books:
            yield from doctor.check_ledger(books.ledger if books else None)
            yield from _online(config, books, clock)
    except SyncError as error:
        yield from doctor.failures("ledger", error)


@contextmanager
def _books(config: Config, clock: Clock) -> Iterator[Books | None]:
    books = program.open_books(config, clock)
    try:
        yield books
    finally:
        if books:
            books.ledger.close()


def _online(config: Config, books: Books | None, clock: Clock) -> Iterator[Finding]:
    asks_forms = any(service.form_id for service in config.services.values())
    scopes = (SPREADSHEETS, FORMS_BODY) if asks_forms else (SPREADSHEETS,)
    try:
        transport = program.connect(config, clock, rng=program.system_random(), scopes=scopes)
    except SyncError as error:
        yield from doctor.failures("credentials", error)
        return
    kind = "a service account" if transport.account.is_service else "a user's sign-in"
    yield doctor.fine("credentials", f"acting as {transport.account.name}, {kind}")
    sheets = GspreadSheets(transport)
    services = config.service_values()
    for spreadsheet in dict.fromkeys(service.spreadsheet for service in services):
        try:
            info = sheets.info(spreadsheet)
        except SyncError as error:
            yield from doctor.failures("spreadsheet", error)
            continue
        here = [service for service in services if service.spreadsheet == spreadsheet]
        yield from doctor.check_spreadsheet(info, config.village.timezone)
        yield from doctor.check_writing(sheets, spreadsheet)
        yield from _sheets(here, info, sheets, books)
        if books is not None:
            yield from _numbers(config, spreadsheet, books, sheets, clock)
    yield from _forms(config, transport)
    yield from doctor.check_clock(sheets.clock_skew())


def _sheets(
    services: Sequence[Service],
    info: SpreadsheetInfo,
    sheets: GspreadSheets,
    books: Books | None,
) -> Iterator[Finding]:
    for service in services:
        known = books.ledger.recall(sheet_key(service.key)) if books else None
        tab = doctor.find_tab(service, info.tabs, known)
        yield from doctor.check_sheet(service, info.tabs, tab)
        if tab is not None:
            try:
                grids = sheets.read(service.spreadsheet, [tab.gid])
            except SyncError as error:
                yield from doctor.failures("sheet", error)
            else:
                yield from _grid(service, grids[tab.gid], books)


def _grid(service: Service, grid: Grid, books: Books | None) -> Iterator[Finding]:
    yield from doctor.check_headers(service, grid)
    rows = doctor.rows_of(service, grid)
    yield from doctor.check_niks(service, rows)
    if books is not None and rows:
        entries = books.ledger.entries(service.key)
        yield from doctor.check_cells(service, rows, entries)
        yield from doctor.check_gone(service, entries)


def _numbers(
    config: Config, spreadsheet: str, books: Books, sheets: GspreadSheets, clock: Clock
) -> Iterator[Finding]:
    rng = program.system_random()
    tools = program.tools_of(config, books, sheets, clock=clock, rng=rng)
    registers = Registers(spreadsheet, program.settings_of(config), tools)
    yield from doctor.check_numbers(registers, tools, config.village.code)


def _forms(config: Config, transport: Transport) -> Iterator[Finding]:
    for service in config.service_values():
        form_id = config.services[service.key].form_id
        if not form_id:
            continue
        from sync.google.forms import GoogleForms  # noqa: PLC0415 - googleapiclient is slow to load

        try:
            questions = GoogleForms(transport).questions(form_id)
        except SyncError as error:
            yield from doctor.failures("form", error)
        else:
            yield from doctor.check_form(service, questions)
