"""The register tabs of one spreadsheet during a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.google.interface import NEW_TAB_ROWS, Line, NewTab
from sync.run.publish import RegisterNews
from sync.run.register import RegisterTab, due_lines
from sync.run.remembered import register_key
from sync.text import REGISTER_HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sync.google.interface import Grid
    from sync.model import RegisterLine, Service
    from sync.run.tools import Settings, Tools

_SPARE_ROWS = 200


def homes(services: Sequence[Service]) -> dict[str, str]:
    """Return each register's spreadsheet: that of the first service which names it."""
    found: dict[str, str] = {}
    for service in services:
        found.setdefault(service.number.register, service.spreadsheet)
    return found


def start_of(register: str, settings: Settings) -> int:
    """Return the sequence that the register's first year begins with."""
    numbers = (service.number for service in settings.services)
    return next(number.start for number in numbers if number.register == register)


class Registers:
    """Knows which tabs of one spreadsheet are registers, and what they do not show yet."""

    def __init__(self, spreadsheet: str, settings: Settings, tools: Tools) -> None:
        self.spreadsheet = spreadsheet
        self._settings, self._tools = settings, tools
        self._names = [
            name for name, home in homes(settings.services).items() if home == spreadsheet
        ]
        self._grids: Mapping[int, Grid] = {}
        self._lines = self._read_lines()
        self._places: dict[tuple[str, int], tuple[int, int]] = {}  #: gid and first sequence

    def gids(self) -> list[int]:
        """Return the gids of the tabs that were made."""
        ledger = self._tools.ledger
        found = (ledger.recall(register_key(name, year)) for name, year in self._years())
        return [int(gid) for gid in found if gid]

    def take(self, grids: Mapping[int, Grid]) -> None:
        """Remember what the tabs show now."""
        self._grids = grids

    def tabs(self) -> list[RegisterTab]:
        """Return each year of each register that has or needs a tab."""
        return [self._tab(name, year) for name, year in self._years()]

    def news(self) -> RegisterNews:
        """Return what the tabs do not show yet, as the ledger is now."""
        self._lines = self._read_lines()
        self._places.clear()  # the first number settles what a year begins with
        lines: list[Line] = []
        new_tabs = []
        row_counts, column_counts = {}, {}
        for tab in self.tabs():
            of_year = (line for line in self._lines[tab.register] if line.year == tab.year)
            due = due_lines(tab, of_year, self._tools.digest)
            lines += due
            last = max((line.row_number for line in due), default=0)
            if tab.missing and (due or self._was_made(tab)):
                new_tabs.append(NewTab(gid=tab.gid, title=tab.title, header=REGISTER_HEADER))
            if last > (tab.row_count or NEW_TAB_ROWS):
                row_counts[tab.gid] = last + _SPARE_ROWS
            if due and tab.too_narrow:
                column_counts[tab.gid] = len(REGISTER_HEADER)
        return RegisterNews(
            lines=lines, new_tabs=new_tabs, row_counts=row_counts, column_counts=column_counts
        )

    def remember(self, news: RegisterNews) -> None:
        """Remember the tabs that were just made."""
        made = {tab.gid for tab in news.new_tabs}
        tabs = [tab for tab in self.tabs() if tab.gid in made]
        if tabs:
            self._tools.ledger.remember(
                {register_key(tab.register, tab.year): str(tab.gid) for tab in tabs},
                event="register-tab-made",
            )
            self._places.clear()

    def marks(self) -> dict[str, int]:
        """Return the last number of each year that has one, as the high-water file keeps it."""
        return {
            f"{line.register}/{line.year}": line.sequence
            for lines in self._lines.values()
            for line in lines
        }

    def last_date(self) -> date | None:
        """Return the date of the latest numbered letter."""
        lasts = (lines[-1].issued_on for lines in self._lines.values() if lines)
        return max(lasts, default=None)

    def _read_lines(self) -> dict[str, tuple[RegisterLine, ...]]:
        """Return each register's lines, by year and sequence."""
        return {name: self._tools.ledger.register_lines(name) for name in self._names}

    def _years(self) -> list[tuple[str, int]]:
        this_year = self._tools.local(self._tools.clock.now()).year
        return [
            (name, year)
            for name, lines in self._lines.items()
            for year in sorted({this_year, *(line.year for line in lines)})
        ]

    def _was_made(self, tab: RegisterTab) -> bool:
        return self._tools.ledger.recall(register_key(tab.register, tab.year)) is not None

    def _place(self, register: str, year: int) -> tuple[int, int]:
        """Return the gid of a year's tab, and the sequence that the year begins with."""
        if (register, year) not in self._places:
            ledger = self._tools.ledger
            known = ledger.recall(register_key(register, year))
            gid = int(known) if known else self._tools.register_gid(register, year)
            start = start_of(register, self._settings)
            self._places[register, year] = gid, ledger.first_sequence(register, year, start)
        return self._places[register, year]

    def _tab(self, register: str, year: int) -> RegisterTab:
        gid, first = self._place(register, year)
        grid = self._grids.get(gid)
        return RegisterTab(
            register=register,
            year=year,
            gid=gid,
            first=first,
            row_count=grid.row_count if grid else 0,
            rows=grid.rows if grid else (),
            column_count=grid.column_count if grid else 0,
        )
