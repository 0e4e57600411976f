"""What the rest of the house may ask of Google Sheets, in our words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sync.errors import LayoutError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from sync.model import Cell


NEW_TAB_ROWS = 1000  #: of a tab that we add, unless it must have more


class TabMissing(LayoutError):
    """A tab that we know by its gid is not in the spreadsheet any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One sheet of a spreadsheet."""

    gid: int
    title: str
    row_count: int
    column_count: int
    merged: bool = False  #: has merged cells


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadsheetInfo:
    """What a spreadsheet says about itself."""

    title: str
    time_zone: str
    locale: str
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A tab's cells as they are now: unformatted, dates as serials, rows trimmed at the right."""

    gid: int
    title: str
    row_count: int  #: of the tab, filled or not
    rows: tuple[tuple[Cell, ...], ...]  #: row 1 of the tab first
    column_count: int = 0  #: of the tab, filled or not; 0: not read from Google


@dataclass(frozen=True, slots=True, kw_only=True)
class CellText:
    """A text for one cell, by its position at this moment."""

    tab: str  #: title of the tab, as last read
    row_number: int  #: from 1
    column: int  #: from 0
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A final text for one cell, by its position at this moment."""

    gid: int
    row_number: int  #: from 1
    column: int  #: from 0
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A whole-cell text in one column, and what it becomes wherever it stands."""

    gid: int
    column: int  #: from 0
    find: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of texts at a fixed place of one of our own tabs, from column A."""

    gid: int
    row_number: int  #: from 1
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTab:
    """A tab of ours to be added, with its header in row 1."""

    gid: int
    title: str
    header: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewColumn:
    """A column of ours to be added to the response sheet."""

    header: str
    help: str  #: shown as a note on the header
    options: tuple[str, ...] = ()  #: a drop-down of these
    worker_owned: bool = True  #: then staff are warned before they type in it
    width: int = 160  #: pixels
    colours: Mapping[str, str] | None = None  #: cell text to background, as `#rrggbb`


class Spreadsheets(Protocol):
    """
    Google Sheets as one account sees it.

    Raises `GoogleUnavailable` (not applied), `GoogleUnknown` (perhaps applied),
    `GoogleRefused`, `CredentialsError`, `GoogleSurprise`.
    """

    def info(self, spreadsheet: str) -> SpreadsheetInfo:
        """Return title, zone, locale and tabs."""
        ...

    def read(self, spreadsheet: str, gids: Sequence[int]) -> Mapping[int, Grid]:
        """Return these tabs in one call; `TabMissing` when one is gone."""
        ...

    def check_writing(self, spreadsheet: str) -> None:
        """Raise `GoogleRefused` when we may not write; nothing is written."""
        ...

    def claim(self, spreadsheet: str, cells: Sequence[CellText]) -> None:
        """Write by position, RAW, nothing but these cells; sent once, whatever the answer."""
        ...

    def swap(
        self,
        spreadsheet: str,
        *,
        replacements: Sequence[Replacement],
        lines: Sequence[Line] = (),
        new_tabs: Sequence[NewTab] = (),
        row_counts: Mapping[int, int] | None = None,
        column_counts: Mapping[int, int] | None = None,
    ) -> tuple[int, ...]:
        """
        Send one atomic batch; return how many cells each replacement changed.

        row_counts, column_counts: tabs of ours to grow first, gid to number of rows or
        columns. Repeated by itself when the answer is lost, so 0 may also mean that the
        first try did it.
        """
        ...

    def place(
        self,
        spreadsheet: str,
        *,
        placements: Sequence[Placement],
        lines: Sequence[Line] = (),
        new_tabs: Sequence[NewTab] = (),
        row_counts: Mapping[int, int] | None = None,
        column_counts: Mapping[int, int] | None = None,
    ) -> None:
        """Write final texts by position, as one atomic batch; sent once, whatever the answer."""
        ...

    def add_columns(
        self, spreadsheet: str, tab: Tab, columns: Sequence[NewColumn], *, at: int
    ) -> None:
        """Add headers, drop-downs, notes and colours from column *at* on, as one batch."""
        ...

    def remove(
        self, spreadsheet: str, *, columns: Mapping[int, Sequence[int]], tabs: Sequence[int]
    ) -> None:
        """
        Delete columns and whole tabs, as one batch; sent once, whatever the answer.

        columns: gid to columns, counted from 0, as they stand at this moment
        """
        ...

    def calls(self) -> Mapping[str, int]:
        """Return the requests sent so far: sheets_read, sheets_write, drive, forms, token."""
        ...

    def clock_skew(self) -> timedelta | None:
        """Return how far Google's clock is ahead of ours, by its last answer; None before one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FormQuestion:
    """One question of the form."""

    title: str  #: the header of its column in the response sheet
    required: bool
    kind: str  #: text, paragraph, radio, checkbox, drop_down, date, time, scale, fileUpload, row…


class Forms(Protocol):
    """Google Forms as one account sees it; raises as `Spreadsheets` does."""

    def questions(self, form_id: str) -> tuple[FormQuestion, ...]:
        """Return the form's questions in its order."""
        ...
