"""
Taking our columns and register tabs out of a village's spreadsheets again.

The ledger stays as it is, so that the numbers are known and `setup` can put everything back.
What the office added to a register tab by hand is not ours to delete: that tab stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.errors import LayoutError
from sync.identity import cell_text
from sync.layout import fold_header
from sync.run.registers import homes
from sync.run.remembered import register_key, sheet_key
from sync.text import REGISTER_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.google.interface import Grid, Spreadsheets
    from sync.ledger.interface import Ledger
    from sync.model import Service

_RESTORE = "File > Version history in Google Sheets brings back what stood there before"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ours:
    """What is ours in one spreadsheet at this moment."""

    grids: Mapping[int, Grid]
    columns: Mapping[int, Sequence[int]]  #: gid to columns, counted from 0
    tabs: Sequence[int]  #: gids of register tabs that hold nothing else
    kept: Sequence[str]  #: titles of register tabs that do

    def header_after(self, gid: int) -> list[str]:
        """Return the header as it must be when our columns are gone."""
        ours = set(self.columns[gid])
        return _trimmed(text for at, text in enumerate(_header(self.grids[gid])) if at not in ours)


def remove(
    services: Sequence[Service], sheets: Spreadsheets, ledger: Ledger, *, year: int
) -> list[str]:
    """
    Delete our columns and register tabs; return what was done, a line each.

    Nobody should work in the sheet meanwhile: a deletion goes by position. Raises
    `LayoutError` when the read-back shows that it hit another column.
    """
    done = []
    for spreadsheet in dict.fromkeys(service.spreadsheet for service in services):
        ours = _find(spreadsheet, services, sheets, ledger, year)
        if any(ours.columns.values()) or ours.tabs:
            sheets.remove(spreadsheet, columns=ours.columns, tabs=ours.tabs)
            _check_gone(spreadsheet, sheets, ours)
        done += _told(ours)
    return done


def _find(
    spreadsheet: str,
    services: Sequence[Service],
    sheets: Spreadsheets,
    ledger: Ledger,
    year: int,
) -> _Ours:
    here = [service for service in services if service.spreadsheet == spreadsheet]
    there = {tab.gid for tab in sheets.info(spreadsheet).tabs}
    served = {int(gid): one for one in here if (gid := ledger.recall(sheet_key(one.key)))}
    books = _books(spreadsheet, services, ledger, year)
    grids = sheets.read(spreadsheet, [gid for gid in (*served, *books) if gid in there])
    full = [gid for gid in books if gid in grids and _holds_others_words(grids[gid])]
    return _Ours(
        grids=grids,
        columns={gid: _columns(grids[gid], one) for gid, one in served.items() if gid in grids},
        tabs=[gid for gid in books if gid in grids and gid not in full],
        kept=[grids[gid].title for gid in full],
    )


def _books(spreadsheet: str, services: Sequence[Service], ledger: Ledger, year: int) -> list[int]:
    """Return the gids of a spreadsheet's register tabs, of every year."""
    found: list[int] = []
    for register, home in homes(services).items():
        if home == spreadsheet:
            years = {year, *(line.year for line in ledger.register_lines(register))}
            gids = (ledger.recall(register_key(register, one)) for one in sorted(years))
            found += [int(gid) for gid in gids if gid]
    return found


def _columns(grid: Grid, service: Service) -> list[int]:
    titles = {fold_header(title) for title in service.columns.values()}
    return [at for at, text in enumerate(_header(grid)) if fold_header(text) in titles]


def _holds_others_words(grid: Grid) -> bool:
    """Tell whether somebody wrote beside our lines in a register tab."""
    width = len(REGISTER_HEADER)
    return any(
        any(map(cell_text, row[width:]))
        or (any(map(cell_text, row)) and not cell_text(row[width - 1] if len(row) >= width else ""))
        for row in grid.rows[1:]
    )


def _check_gone(spreadsheet: str, sheets: Spreadsheets, ours: _Ours) -> None:
    after = sheets.read(spreadsheet, list(ours.columns))
    for gid, grid in after.items():
        if _trimmed(_header(grid)) != ours.header_after(gid):
            raise LayoutError(
                f"Somebody changed the columns of {grid.title!r} at this moment, and another"
                " column than ours may be gone.",
                [_RESTORE, "then run `surat-sync setup --remove` again while nobody works there"],
            )


def _told(ours: _Ours) -> list[str]:
    lines = []
    for gid, columns in ours.columns.items():
        if columns:
            names = ", ".join(_header(ours.grids[gid])[at] for at in columns)
            lines.append(f"{ours.grids[gid].title}: took away the columns {names}")
    lines += [f"took away the tab {ours.grids[gid].title}" for gid in ours.tabs]
    lines += [f"left the tab {title}: the office wrote in it, too" for title in ours.kept]
    return lines


def _header(grid: Grid) -> list[str]:
    return [cell_text(cell) for cell in grid.rows[0]] if grid.rows else []


def _trimmed(texts: Iterable[str]) -> list[str]:
    """Return *texts* without the empty ones at the end, which Google leaves out."""
    kept = list(texts)
    while kept and not kept[-1]:
        kept.pop()
    return kept
