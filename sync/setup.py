"""
Preparing a village's spreadsheets: our columns, the register tab, the rows that were there.

Everything is looked at before the first write, and what is there already is left alone, so
repeating it is safe.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.errors import ConfigError, LayoutError
from sync.google.interface import NewColumn, NewTab
from sync.identity import cell_text
from sync.layout import missing_columns, read_layout, serial_of
from sync.model import WORKER_COLUMNS, Column, Status
from sync.run.register import RegisterTab
from sync.run.registers import homes
from sync.run.remembered import register_key, served_key, settled_key, sheet_key
from sync.run.safety import holds_tickets, refuse_used_register, refuse_used_sheet
from sync.text import ACTION_WORDS, COLUMN_HELP, REGISTER_HEADER, status_word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.google.interface import Grid, Spreadsheets, Tab
    from sync.ledger.interface import Ledger
    from sync.model import Cell, Service

_WIDTHS = {
    Column.SUBMISSION_ID: 150,
    Column.NOTE: 420,
    Column.LETTER_NUMBER: 190,
    Column.LETTER: 330,
    Column.UPDATED: 260,
    Column.REASON: 240,
}
_USUAL_WIDTH = 160
_GREEN, _BLUE, _YELLOW, _ORANGE, _RED, _GREY = (
    "#d9ead3", "#cfe2f3", "#fff2cc", "#fce5cd", "#f4cccc", "#eeeeee",
)  # fmt: skip
_COLOURS = {
    Status.RECEIVED: _GREY,
    Status.NEEDS_CORRECTION: _ORANGE,
    Status.AWAITING_APPROVAL: _YELLOW,
    Status.HELD: _YELLOW,
    Status.ISSUED: _BLUE,
    Status.READY: _BLUE,
    Status.COLLECTED: _GREEN,
    Status.REFUSED: _RED,
    Status.REPLACED: _GREY,
    Status.VOID: _RED,
    Status.DELAYED: _ORANGE,
    Status.ARCHIVED: _GREY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSheet:
    """A service's sheet as it was found."""

    service: Service
    tab: Tab
    grid: Grid

    @property
    def header(self) -> Sequence[Cell]:
        """The sheet's first row."""
        return self.grid.rows[0] if self.grid.rows else ()

    @property
    def missing(self) -> tuple[Column, ...]:
        """The columns that must be added."""
        return missing_columns(self.header, self.service)

    @property
    def present(self) -> Service:
        """The service with only those of our columns that are there already."""
        missing = self.missing
        columns = {c: title for c, title in self.service.columns.items() if c not in missing}
        return replace(self.service, columns=columns)

    def latest_form_time(self) -> int:
        """Return when the last of the rows that are there was sent; 0 when none was."""
        at = read_layout(self.header, self.present).timestamp
        stamps = (serial_of(row[at]) for row in self.grid.rows[1:] if at < len(row))
        return max(filter(None, stamps), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the spreadsheets hold before anything is written."""

    sheets: Sequence[ServiceSheet]
    registers: Mapping[str, Sequence[RegisterTab]]  #: this year's, by spreadsheet


def survey(
    services: Sequence[Service],
    sheets: Spreadsheets,
    *,
    year: int,
    known_gid: Callable[[str], str | None],
    register_gid: Callable[[str, int], int],
) -> Found:
    """
    Read what is there; nothing is written.

    known_gid: what the ledger remembers under a key

    Raises `LayoutError` when a sheet, or a question of the form, is not there, or a column
    that would be ours is the form's; `ConfigError` when two services share a sheet.
    """
    found: list[ServiceSheet] = []
    registers: dict[str, list[RegisterTab]] = {}
    at_home = homes(services)
    for spreadsheet in dict.fromkeys(service.spreadsheet for service in services):
        info = sheets.info(spreadsheet)
        here = [service for service in services if service.spreadsheet == spreadsheet]
        tabs = [tab_of(service, info.tabs, known_gid(sheet_key(service.key))) for service in here]
        _check_alone(here, tabs, known_gid)
        names = [name for name, home in at_home.items() if home == spreadsheet]
        books = {name: _book(name, year, info.tabs, known_gid) for name in names}
        gids = [tab.gid for tab in (*tabs, *books.values()) if tab is not None]
        grids = sheets.read(spreadsheet, gids)
        found += [
            ServiceSheet(service=service, tab=tab, grid=grids[tab.gid])
            for service, tab in zip(here, tabs, strict=True)
        ]
        registers[spreadsheet] = [
            _register_tab(name, year, tab, grids, register_gid) for name, tab in books.items()
        ]
    _check_questions(found)
    _check_columns([one for one in found if known_gid(sheet_key(one.service.key)) is None])
    return Found(sheets=found, registers=registers)


def refuse_used(found: Found) -> None:
    """Raise the stop `ledger-missing` when an earlier surat-sync has been at work here."""
    for sheet in found.sheets:
        refuse_used_sheet(sheet.grid.rows, sheet.grid.title)
    for tabs in found.registers.values():
        for tab in tabs:
            refuse_used_register(tab)


def prepare(found: Found, sheets: Spreadsheets, ledger: Ledger) -> list[str]:
    """
    Add what is missing and return what was done, a line each.

    Raises `SafetyStop("ledger-missing")` when a tab with a register's title has lines that
    are not known here.
    """
    for tab in (tab for tabs in found.registers.values() for tab in tabs):
        if ledger.recall(register_key(tab.register, tab.year)) is None:
            refuse_used_register(tab)
    done = []
    for sheet in found.sheets:
        if sheet.missing:
            _add_columns(sheet, sheets)
            names = ", ".join(sheet.service.columns[column] for column in sheet.missing)
            done.append(f"{sheet.grid.title}: added the columns {names}")
    for spreadsheet, tabs in found.registers.items():
        new = [tab for tab in tabs if tab.missing]
        if new:
            sheets.swap(spreadsheet, replacements=(), new_tabs=[_new_tab(tab) for tab in new])
            done += [f"added the tab {tab.title}" for tab in new]
    _remember(found, ledger)
    return done


def unsettled(found: Found, ledger: Ledger) -> list[ServiceSheet]:
    """Return the sheets of whose old rows nobody has said yet what is to become of them."""
    return [sheet for sheet in found.sheets if ledger.recall(_settled_key(sheet)) is None]


def mark_settled(found: Found, ledger: Ledger) -> None:
    """Remember that rows which come from now on are new."""
    new = {_settled_key(sheet): "yes" for sheet in unsettled(found, ledger)}
    if new:
        ledger.remember(new, event="old-rows-settled")


def tab_of(service: Service, tabs: Sequence[Tab], known: str | None) -> Tab:
    """Return the sheet that the config names; else the one known from before, if renamed."""
    named = (tab for tab in tabs if service.sheet in {tab.gid, tab.title})
    before = (tab for tab in tabs if str(tab.gid) == known)
    tab = next(named, None) or next(before, None)
    if tab is None:
        titles = [tab.title for tab in tabs]
        near = difflib.get_close_matches(str(service.sheet), titles, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(titles)}"
        raise LayoutError(
            f"Service {service.key!r}: the spreadsheet has no sheet {service.sheet!r}",
            [hint, "mend `sheet` in the config"],
        )
    return tab


def _book(
    name: str, year: int, tabs: Sequence[Tab], known_gid: Callable[[str], str | None]
) -> Tab | None:
    known = known_gid(register_key(name, year))
    ours = (tab for tab in tabs if str(tab.gid) == known)
    titled = (tab for tab in tabs if tab.title == f"Register {name} {year}")
    return next(ours, None) or next(titled, None)


def _register_tab(
    name: str,
    year: int,
    tab: Tab | None,
    grids: Mapping[int, Grid],
    register_gid: Callable[[str, int], int],
) -> RegisterTab:
    grid = grids[tab.gid] if tab else None
    return RegisterTab(
        register=name,
        year=year,
        gid=tab.gid if tab else register_gid(name, year),
        first=1,
        row_count=grid.row_count if grid else 0,
        rows=grid.rows if grid else (),
    )


def _check_questions(found: Sequence[ServiceSheet]) -> None:
    problems: list[str] = []
    for sheet in found:
        try:
            read_layout(sheet.header, sheet.present)
        except LayoutError as error:
            problems += error.problems
    if problems:
        raise LayoutError(
            "The sheet does not have the questions that the config names; nothing was written.",
            problems,
        )


def _check_alone(
    services: Sequence[Service], tabs: Sequence[Tab], known_gid: Callable[[str], str | None]
) -> None:
    """Refuse a sheet that another service has; its tickets and ours would be at odds."""
    seen: dict[int, str] = {}
    for service, tab in zip(services, tabs, strict=True):
        other = seen.get(tab.gid) or known_gid(served_key(service.spreadsheet, tab.gid))
        if other not in {None, service.key}:
            raise ConfigError(
                f"The sheet {tab.title!r} belongs to service {other!r}; {service.key!r} needs one"
                " of its own.",
                ["a service whose key was changed must get it back: tickets begin with it"],
            )
        seen[tab.gid] = service.key


def _check_columns(found: Sequence[ServiceSheet]) -> None:
    """Refuse to take over a column in which people's answers stand."""
    problems = []
    for sheet in found:
        if holds_tickets(sheet.grid.rows):
            continue  # these columns are ours: another check asks where the ledger is
        service = sheet.present
        columns = read_layout(sheet.header, service).columns
        for column, at in columns.items():
            cells = (row[at] for row in sheet.grid.rows[1:] if at < len(row))
            if any(map(cell_text, cells)):
                title = service.columns[column]
                problems.append(f"{title!r} is a question of the form: name ours otherwise")
    if problems:
        raise LayoutError(
            "Columns of the form have the names of ours; nothing was written. Give ours other"
            " names, in the service's `columns`.",
            problems,
        )


def _add_columns(sheet: ServiceSheet, sheets: Spreadsheets) -> None:
    width = max((len(row) for row in sheet.grid.rows), default=0)
    columns = [_new_column(column, sheet.service) for column in sheet.missing]
    sheets.add_columns(sheet.service.spreadsheet, sheet.tab, columns, at=width)


def _new_column(column: Column, service: Service) -> NewColumn:
    options: tuple[str, ...] = ()
    if column is Column.ACTION:
        options = tuple(ACTION_WORDS.values())
    elif column is Column.SIGNER:
        options = tuple(signer.name for signer in service.signers)
    shown = {status_word(status): colour for status, colour in _COLOURS.items()}
    return NewColumn(
        header=service.columns[column],
        help=COLUMN_HELP[column],
        options=options,
        worker_owned=column in WORKER_COLUMNS,
        width=_WIDTHS.get(column, _USUAL_WIDTH),
        colours=shown if column is Column.STATUS else None,
    )


def _new_tab(tab: RegisterTab) -> NewTab:
    return NewTab(gid=tab.gid, title=tab.title, header=REGISTER_HEADER)


def _remember(found: Found, ledger: Ledger) -> None:
    gids = {sheet_key(sheet.service.key): str(sheet.tab.gid) for sheet in found.sheets}
    gids |= {
        served_key(sheet.service.spreadsheet, sheet.tab.gid): sheet.service.key
        for sheet in found.sheets
    }
    gids |= {
        register_key(tab.register, tab.year): str(tab.gid)
        for tabs in found.registers.values()
        for tab in tabs
    }
    new = {key: gid for key, gid in gids.items() if ledger.recall(key) != gid}
    if new:
        ledger.remember(new, event="set-up")


def _settled_key(sheet: ServiceSheet) -> str:
    return settled_key(sheet.service.key, sheet.tab.gid)


def has_old_rows(sheet: ServiceSheet) -> bool:
    """Tell whether somebody asked for something before we came."""
    return any(cell_text(cell) for row in sheet.grid.rows[1:] for cell in row)
