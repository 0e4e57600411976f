"""What a run finds on Google's side: spreadsheet, sheet, columns, cells, form, register tab."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.doctor.finding import Finding, caution, fail, failures, fine
from sync.errors import LayoutError, SyncError
from sync.identity import cell_text
from sync.layout import fold_header, missing_columns, missing_optional, read_layout, read_rows
from sync.model import WORKER_COLUMNS, Column, Kind, Status
from sync.run.safety import check_register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.google.interface import FormQuestion, Grid, SpreadsheetInfo, Spreadsheets, Tab
    from sync.model import Entry, Row, Service
    from sync.run.registers import Registers
    from sync.run.tools import Tools

_DAY_FIRST = ("in", "id")  #: Google's names of the Indonesian locale
_MOST_SHOWN = 5
_CLOSED = {Status.COLLECTED, Status.REFUSED, Status.REPLACED, Status.VOID, Status.ARCHIVED}


def check_numbers(registers: Registers, tools: Tools, village_code: str) -> Iterator[Finding]:
    """Compare the register tabs, and the largest numbers ever given, with the ledger."""
    try:
        gids = registers.gids()
        registers.take(tools.sheets.read(registers.spreadsheet, gids) if gids else {})
        check_register(
            registers.tabs(),
            (),
            tools.high_water.read(),
            ledger=tools.ledger,
            digest=tools.digest,
            village_code=village_code,
        )
    except SyncError as error:
        yield from failures("register", error)
    else:
        yield fine("register", "the ledger knows every number in the register")


def check_spreadsheet(info: SpreadsheetInfo, time_zone: str) -> Iterator[Finding]:
    """Look at a spreadsheet's own settings."""
    yield fine("spreadsheet", f"spreadsheet {info.title!r} can be read")
    if info.time_zone != time_zone:
        yield caution(
            "time_zone",
            f"spreadsheet {info.title!r} runs on {info.time_zone}, the village on {time_zone}",
            "in Google Sheets: File > Settings > Time zone",
        )
    if not info.locale.startswith(_DAY_FIRST):
        yield caution(
            "locale",
            f"spreadsheet {info.title!r} reads dates and numbers as {info.locale} does",
            "in Google Sheets: File > Settings > Locale: Indonesia",
        )


def check_writing(sheets: Spreadsheets, spreadsheet: str) -> Iterator[Finding]:
    """Look whether we may write; nothing is written."""
    try:
        sheets.check_writing(spreadsheet)
    except SyncError as error:
        yield from failures("write", error)
    else:
        yield fine("write", "the account may write to the spreadsheet")


def find_tab(service: Service, tabs: Sequence[Tab], known_gid: str | None) -> Tab | None:
    """Return the service's sheet: by the gid that setup remembered, else as configured."""
    if known_gid is not None:
        return next((tab for tab in tabs if str(tab.gid) == known_gid), None)
    return next((tab for tab in tabs if service.sheet in {tab.title, tab.gid}), None)


def check_sheet(service: Service, tabs: Sequence[Tab], found: Tab | None) -> Iterator[Finding]:
    """Look whether the service's sheet is there."""
    if found is None:
        titles = ", ".join(tab.title for tab in tabs)
        yield fail(
            "sheet",
            f"service {service.key}: no sheet {service.sheet!r}; there are: {titles}",
            "mend `sheet` in the config; if the form has a new sheet, run `setup` again",
        )
        return
    yield fine("sheet", f"service {service.key}: sheet {found.title!r}")
    if found.merged:
        yield caution(
            "merged",
            f"{found.title!r} has merged cells",
            "in Google Sheets: mark all of it, then Format > Merge cells > Unmerge",
        )


def check_headers(service: Service, grid: Grid) -> Iterator[Finding]:
    """Look at the columns: the form's, ours and the staff's."""
    header = grid.rows[0] if grid.rows else ()
    missing = missing_columns(header, service)
    present = {c: title for c, title in service.columns.items() if c not in missing}
    if missing:
        titles = ", ".join(service.columns[column] for column in missing)
        yield fail(
            "columns",
            f"service {service.key}: columns of surat-sync are missing: {titles}",
            "run `surat-sync setup`; if somebody renamed a header, give it its name back",
        )
    try:
        layout = read_layout(header, replace(service, columns=present))
    except LayoutError as error:
        yield from failures("headers", error)
        return
    for field in missing_optional(layout, service):
        yield caution(
            "headers",
            f"service {service.key}: no question {field.question[0]!r}; {field.name} stays empty",
            "add the question to the form, or take the field out of the config",
        )
    if not missing:
        yield fine("headers", f"service {service.key}: every needed column is there once")


def check_niks(service: Service, rows: Sequence[Row]) -> Iterator[Finding]:
    """Look for national ids that the sheet keeps as numbers."""
    for field in service.fields:
        if field.kind is not Kind.NIK:
            continue
        where = [row.row_number for row in rows if isinstance(row.answers.get(field.name), float)]
        if where:
            yield caution(
                "nik_number",
                f"service {service.key}: {field.question[0]!r} is a number in rows {_some(where)}",
                "mark the column, choose Format > Number > Plain text, and type those ids again",
            )


def check_cells(
    service: Service, rows: Sequence[Row], entries: Sequence[Entry]
) -> Iterator[Finding]:
    """Look whether somebody typed over our cells since the last run."""
    known: Mapping[str, Entry] = {entry.submission_id: entry for entry in entries}
    typed = []
    for row in rows:
        entry = known.get(cell_text(row.cells.get(Column.SUBMISSION_ID)))
        if entry is not None and any(
            (row.cells.get(column) or "") != cell.wanted
            for column, cell in entry.cells.items()
            if column in WORKER_COLUMNS
        ):
            typed.append(row.row_number)
    if typed:
        yield caution(
            "cells",
            f"service {service.key}: our cells hold something else in rows {_some(typed)}",
            "the next run puts them right; staff type in the form's and their own columns only",
        )
    else:
        yield fine("cells", f"service {service.key}: our cells show what the ledger knows")


def check_gone(service: Service, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Look whether the row of an open request went away."""
    gone = [e.submission_id for e in entries if e.row_missing_since and e.status not in _CLOSED]
    if gone:
        listed = ", ".join(gone[:_MOST_SHOWN]) + (" …" if len(gone) > _MOST_SHOWN else "")
        yield caution(
            "rows",
            f"service {service.key}: the rows of open requests are gone: {listed}",
            "if nobody meant it: File > Version history in Google Sheets brings them back",
        )
    else:
        yield fine("rows", f"service {service.key}: every open request has its row")


def rows_of(service: Service, grid: Grid) -> tuple[Row, ...]:
    """Return the sheet's rows; none where its columns are not all there."""
    try:
        return read_rows(grid.rows, read_layout(grid.rows[0] if grid.rows else (), service))
    except LayoutError:
        return ()


def check_form(service: Service, questions: Sequence[FormQuestion]) -> Iterator[Finding]:
    """Compare the form's questions with the config's fields."""
    asked = {fold_header(question.title): question for question in questions}
    for field in service.fields:
        found = next((q for t in field.question if (q := asked.get(fold_header(t)))), None)
        if found is None and field.required:
            yield caution(
                "form",
                f"service {service.key}: the form does not ask {field.question[0]!r}",
                "add the question, or mend `question` in the config",
            )
        elif found is not None and field.required and not found.required:
            yield caution(
                "form",
                f"service {service.key}: {found.title!r} may be left empty in the form",
                "switch on Required for the question, to spare corrections",
            )
    yield fine("form", f"service {service.key}: the form's {len(questions)} questions were read")


def _some(rows: Sequence[int]) -> str:
    more = f" and {len(rows) - _MOST_SHOWN} more" if len(rows) > _MOST_SHOWN else ""
    return ", ".join(map(str, rows[:_MOST_SHOWN])) + more
