"""
What `surat-sync check` looks at: everything a run needs, each with what mends it.

A finding that is fine is told too, so that the list shows what was looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sync.clock import MOST_SKEW
from sync.errors import (
    CredentialsError,
    GoogleRefused,
    LayoutError,
    SafetyStop,
    SyncError,
    TemplateError,
    TryLater,
)
from sync.layout import fold_header, missing_columns, missing_optional, read_layout
from sync.run.safety import check_register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import timedelta

    from sync.cabinet.interface import Cabinet
    from sync.google.interface import FormQuestion, Grid, SpreadsheetInfo, Tab
    from sync.ledger.interface import Ledger
    from sync.letter import Template
    from sync.model import Service
    from sync.run.registers import Registers
    from sync.run.tools import Tools

    Level = Literal["ok", "caution", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    code: str
    level: Level
    message: str
    remedy: str = ""


def fine(code: str, message: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(code=code, level="ok", message=message)


def caution(code: str, message: str, remedy: str) -> Finding:
    """Return a finding that someone should look at; runs go on."""
    return Finding(code=code, level="caution", message=message, remedy=remedy)


def failures(code: str, error: SyncError) -> Iterator[Finding]:
    """Return what an error means for the operator, one finding a problem."""
    remedy = _remedy(error)
    said = str(error)
    for problem in error.problems:
        message = said if problem in said else f"{said}: {problem}"
        yield Finding(code=code, level="fail", message=message, remedy=remedy)
    if not error.problems:
        yield Finding(code=code, level="fail", message=said, remedy=remedy)


def check_templates(templates: Mapping[str, Template | TemplateError]) -> Iterator[Finding]:
    """Look at each service's template."""
    for service, template in templates.items():
        if isinstance(template, TemplateError):
            yield from failures("template", template)
        else:
            count = len(template.names)
            yield fine("template", f"the template of {service} is sound, {count} placeholders")


def check_cabinet(cabinet: Cabinet) -> Iterator[Finding]:
    """Store something and take it away again; leaves nothing behind."""
    try:
        cabinet.probe()
    except SyncError as error:
        yield from failures("cabinet", error)
    else:
        yield fine("cabinet", "letters can be stored")


def check_ledger(ledger: Ledger | None) -> Iterator[Finding]:
    """Look whether the ledger is whole."""
    if ledger is None:
        yield Finding(
            code="ledger",
            level="fail",
            message="this village is not set up yet",
            remedy="run `surat-sync setup`; if it was set up before, put the state folder back"
            " from a backup",
        )
        return
    try:
        ledger.verify()
    except SyncError as error:
        yield from failures("ledger", error)
    else:
        yield fine("ledger", "the ledger is whole, the register's chain holds")


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


def find_tab(service: Service, tabs: Sequence[Tab], known_gid: str | None) -> Tab | None:
    """Return the service's sheet: by the gid that setup remembered, else as configured."""
    if known_gid is not None:
        return next((tab for tab in tabs if str(tab.gid) == known_gid), None)
    return next((tab for tab in tabs if service.sheet in {tab.title, tab.gid}), None)


def check_sheet(service: Service, tabs: Sequence[Tab], found: Tab | None) -> Iterator[Finding]:
    """Look whether the service's sheet is there."""
    if found is None:
        titles = ", ".join(tab.title for tab in tabs)
        yield Finding(
            code="sheet",
            level="fail",
            message=f"service {service.key}: no sheet {service.sheet!r}; there are: {titles}",
            remedy="mend `sheet` in the config; if the form has a new sheet, run `setup` again",
        )
    else:
        yield fine("sheet", f"service {service.key}: sheet {found.title!r}")


def check_headers(service: Service, grid: Grid) -> Iterator[Finding]:
    """Look at the columns: the form's, ours and the staff's."""
    header = grid.rows[0] if grid.rows else ()
    missing = missing_columns(header, service)
    present = {c: title for c, title in service.columns.items() if c not in missing}
    if missing:
        titles = ", ".join(service.columns[column] for column in missing)
        yield Finding(
            code="columns",
            level="fail",
            message=f"service {service.key}: columns of surat-sync are missing: {titles}",
            remedy="run `surat-sync setup`; if somebody renamed a header, give it its name back",
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


def check_clock(skew: timedelta | None) -> Iterator[Finding]:
    """Compare this computer's clock with Google's."""
    if skew is None:
        return
    seconds = round(skew.total_seconds())
    if abs(skew) > MOST_SKEW:
        yield Finding(
            code="clock",
            level="fail",
            message=f"this computer's clock is {abs(seconds)} seconds off",
            remedy="set the clock and switch on automatic time",
        )
    else:
        yield fine("clock", "this computer's clock agrees with Google's")


def _remedy(error: SyncError) -> str:
    match error:
        case CredentialsError():
            return "see README, “For your village”"
        case GoogleRefused():
            return "share the spreadsheet with the named account as Editor"
        case TemplateError():
            return "mend the template in Word or LibreOffice"
        case LayoutError():
            return "give the header its name back, or name it in the config"
        case SafetyStop() if error.name == "clock-skew":
            return "set the clock and switch on automatic time"
        case SafetyStop():
            return "put the state folder back from a backup"
        case TryLater():
            return "look at the internet connection, then try again"
        case _:
            return "mend it, then run `surat-sync check` again"
