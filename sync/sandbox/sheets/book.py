"""
A spreadsheet and its tabs.

Every change happens on a draft: a copy that shares each row with its origin until the
row is written. A request that fails throws its draft away, so a batch is all or nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sync.sandbox.reply import Refused, bad_request
from sync.sandbox.sheets.formulas.rewriting import followed, orphaned, renamed
from sync.sandbox.sheets.moves import Loss
from sync.sandbox.sheets.ranges import overlap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.formulas.calculation import Calculator
    from sync.sandbox.sheets.moves import Carry
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.sheets.tags import Tag

MAX_CELLS = 10_000_000
MAX_TITLE = 100
MAX_COLUMNS = 18_278  #: A to ZZZ


class Book:
    """
    One spreadsheet: its properties, its tabs in order.

    metadata:      developer metadata of the spreadsheet as a whole
    calculated_at: what NOW and TODAY in its formulas mean by now
    calculator:    the results of its formulas, and the `version` that they are of
    """

    def __init__(self, spreadsheet_id: str, properties: Json) -> None:
        self.spreadsheet_id = spreadsheet_id
        self.properties = properties
        self.sheets: list[Sheet] = []
        self.metadata: list[Tag] = []
        self.calculated_at = datetime.fromtimestamp(0, UTC)
        self.calculator: tuple[object, Calculator] | None = None

    def draft(self) -> Book:
        """Return a copy that may be changed without this one noticing."""
        twin = Book(self.spreadsheet_id, self.properties)
        twin.metadata = self.metadata.copy()
        twin.calculated_at = self.calculated_at
        twin.sheets = [sheet.draft() for sheet in self.sheets]
        for sheet in twin.sheets:
            sheet.join(twin)
        return twin

    @property
    def version(self) -> object:
        """What changes whenever a formula might show something else, but for the time."""
        sheets = [(sheet.sheet_id, sheet.title, sheet.changes) for sheet in self.sheets]
        sizes = [(sheet.row_count, sheet.column_count) for sheet in self.sheets]
        return sheets, sizes, self.named_ranges, self.properties

    @property
    def named_ranges(self) -> list[Json]:
        """The API's NamedRanges of all tabs."""
        return [named for sheet in self.sheets for named in sheet.named_ranges]

    @property
    def locale(self) -> str:
        """Google's name of the locale, such as `in_ID`."""
        return str(self.properties.get("locale", "en_US"))

    @property
    def zone(self) -> ZoneInfo:
        """The zone that dates in the sheet are in."""
        return ZoneInfo(self.properties.get("timeZone", "Etc/GMT"))

    def first_sheet(self) -> Sheet:
        """Return the first visible tab."""
        grids = [sheet for sheet in self.sheets if sheet.is_grid]
        visible = (sheet for sheet in grids if not sheet.properties.get("hidden"))
        return next(visible, grids[0])

    def sheet(self, sheet_id: int) -> Sheet:
        """Return the tab with that gid; raises `Refused` (400) without one."""
        for sheet in self.sheets:
            if sheet.sheet_id == sheet_id and sheet.is_grid:
                return sheet
        raise bad_request(f"No grid with id: {sheet_id}")

    def sheet_titled(self, title: str) -> Sheet | None:
        """Return the tab with that title; letters' case does not count."""
        exact = [sheet for sheet in self.sheets if sheet.title == title]
        folded = [sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()]
        return next(iter(exact + folded), None)

    def named_range(self, name: str) -> Json | None:
        """Return the GridRange of that name."""
        for named in self.named_ranges:
            if named["name"].casefold() == name.casefold():
                found: Json = named["range"]
                return found
        return None

    def add_sheet(self, sheet: Sheet, index: int | None = None) -> None:
        """Put a new tab at *index*, by default last; raises `Refused` when it cannot be."""
        self.check_title(sheet.title)
        if sheet.sheet_id < 0:
            raise bad_request(f"Invalid sheetId: {sheet.sheet_id}. It must not be negative.")
        if any(other.sheet_id == sheet.sheet_id for other in self.sheets):
            raise bad_request(
                f"A sheet with the ID {sheet.sheet_id} already exists. Please enter another ID."
            )
        self.sheets.insert(len(self.sheets) if index is None else index, sheet)
        sheet.join(self)
        self.check_size()

    def rename_sheet(self, sheet: Sheet, title: str) -> None:
        """Give a tab another title, in formulas too; raises `Refused` for one in use."""
        self.check_title(title, sheet)
        old, sheet.title = sheet.title, title
        for one in self.sheets:
            one.rewrite_formulas(lambda formula: renamed(formula, old, title))

    def carry(self, change: Carry) -> None:
        """Let names, charts, colour rules and formulas follow cells that were cut and pasted."""
        named = change.moved(self.named_ranges)
        for sheet in self.sheets:
            own = (one for one in named if one["range"].get("sheetId", 0) == sheet.sheet_id)
            sheet.named_ranges = list(own)
            for name in ("charts", "conditionalFormats"):
                if name in sheet.parts:
                    sheet.parts[name] = change.moved(sheet.parts[name])
            sheet.rewrite_formulas(
                lambda formula, home=sheet: followed(formula, change, self, home)  # type: ignore[misc]
            )

    def remove_sheet(self, sheet: Sheet) -> None:
        """Take a tab away; formulas and charts that name it find it no more."""
        self.sheets.remove(sheet)
        loss = Loss(kept=frozenset(one.sheet_id for one in self.sheets))
        for one in self.sheets:
            if "charts" in one.parts:
                one.parts["charts"] = loss.moved(one.parts["charts"])
        folded = sheet.title.casefold()
        for one in self.sheets:
            one.rewrite_formulas(
                lambda formula: orphaned(formula, lambda title: title.casefold() == folded)
            )

    def check_title(self, title: str, own: Sheet | None = None) -> None:
        """Raise `Refused` when another tab than *own* has that title, or it is too long."""
        if len(title) > MAX_TITLE:
            raise bad_request(f"The sheet name cannot be greater than {MAX_TITLE} characters.")
        other = self.sheet_titled(title)
        if other is not None and other is not own:
            raise bad_request(
                f'A sheet with the name "{title}" already exists. Please enter another name.'
            )

    def check_size(self) -> None:
        """Raise `Refused` when the grids are larger than Google allows."""
        if any(sheet.column_count > MAX_COLUMNS for sheet in self.sheets):
            raise bad_request(
                "This action would increase the number of columns in the sheet above the limit of"
                f" {MAX_COLUMNS} columns."
            )
        if sum(sheet.row_count * sheet.column_count for sheet in self.sheets) > MAX_CELLS:
            raise bad_request(
                "This action would increase the number of cells in the workbook above the "
                f"limit of {MAX_CELLS} cells."
            )

    def free_title(self, word: str = "Sheet") -> str:
        """Return the title of a new tab that was given none: *word* and the next number."""
        named = re.compile(rf"{word}(\d{{1,9}})", re.ASCII | re.IGNORECASE)
        found = (named.fullmatch(sheet.title) for sheet in self.sheets)
        return f"{word}{max((int(match[1]) for match in found if match), default=0) + 1}"

    def protections(self, area: Area) -> Iterator[Json]:
        """Yield the hard protections that cover a cell of *area*."""
        for protection in area.sheet.parts.get("protectedRanges", ()):
            if not protection.get("warningOnly") and _overlaps(protection, area):
                yield protection

    def check_editable(self, area: Area, email: str, owner: str) -> None:
        """Raise `Refused` when *email* may not edit a cell of *area*."""
        for protection in self.protections(area):
            editors = protection.get("editors", {})
            if email != owner and email not in editors.get("users", ()):
                raise Refused(
                    HTTPStatus.BAD_REQUEST,
                    "You are trying to edit a protected cell or object. Please contact the "
                    "spreadsheet owner to remove protection if you need to edit.",
                )


def _overlaps(protection: Json, area: Area) -> bool:
    covered = protection.get("range", {})
    if covered.get("sheetId", 0) != area.sheet.sheet_id or _excepted(protection, area):
        return False
    return overlap(covered, area)


def _excepted(protection: Json, area: Area) -> bool:
    return any(
        open_range.get("startRowIndex", 0) <= area.top
        and area.bottom <= open_range.get("endRowIndex", area.bottom)
        and open_range.get("startColumnIndex", 0) <= area.left
        and area.right <= open_range.get("endColumnIndex", area.right)
        for open_range in protection.get("unprotectedRanges", ())
    )
