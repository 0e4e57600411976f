"""One change to a spreadsheet: the draft, and what its writers need to know."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets.cells import Value, number
from sync.sandbox.sheets.locales import locale
from sync.sandbox.sheets.reading import number_format
from sync.sandbox.sheets.typed import typed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from random import Random

    from sync.sandbox.reply import Call, Json, Refused
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.find_replace import Finder
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.state import State

MAX_CHARACTERS = 50_000


@dataclass(slots=True, kw_only=True)
class Edit:
    """
    A draft of a spreadsheet and who changes it.

    email, owner: who writes, and whose file it is: protected ranges ask
    finder:       the index of whole cells, made by the first findReplace of a batch
    """

    book: Book
    email: str
    owner: str
    now: datetime
    random: Random
    switches: Mapping[str, str]
    finder: Finder | None = None

    def check(self, area: Area) -> None:
        """Raise `Refused` where a protection keeps the caller out."""
        self.book.check_editable(area, self.email, self.owner)

    def type_in(self, sheet: Sheet, row: int, column: int, text: str) -> None:
        """Set the cell as if somebody typed *text*: a date typed becomes a date."""
        old = number_format(sheet.attached(row, column))
        if old.get("type") == "TEXT":
            sheet.put(row, column, text or None)
            return
        today = self.now.astimezone(self.book.zone).date()
        value, pattern = typed(text, locale=locale(self.book.locale), today=today)
        sheet.put(row, column, value)
        if pattern is not None and not old:
            extra = sheet.attached(row, column)
            look = extra.get("userEnteredFormat", {}) | {"numberFormat": pattern}
            sheet.put_extra(row, column, extra | {"userEnteredFormat": look})

    def write(self, sheet: Sheet, row: int, column: int, cell: Any, *, raw: bool) -> None:  # noqa: ANN401
        """Set the cell to a JSON value: text is kept as it is, or read as if typed."""
        if isinstance(cell, str) and len(cell) > MAX_CHARACTERS:
            raise too_long()
        if isinstance(cell, str) and not raw:
            self.type_in(sheet, row, column, cell)
        else:
            sheet.put(row, column, stored(cell))

    def write_line(self, sheet: Sheet, row: int, left: int, line: list[Any], *, raw: bool) -> None:
        """Set the cells of a row from column *left* on; null leaves a cell as it is."""
        if raw and None not in line:
            values = [cell or None if cell.__class__ is str else stored(cell) for cell in line]
            if any(cell.__class__ is str and len(cell) > MAX_CHARACTERS for cell in line):
                raise too_long()
            if "merges" in sheet.parts:
                for column in range(left, left + len(values)):
                    if sheet.covers(row, column):
                        values[column - left] = None
            sheet.row_to_change(row).put_line(left, values)
            sheet.forget_runs(row, left, left + len(values))
            return
        for column, cell in enumerate(line, left):
            if cell is not None:
                self.write(sheet, row, column, cell, raw=raw)

    def new_id(self) -> int:
        """Return an id for a new part of the spreadsheet."""
        return self.random.randrange(1, 2**31)


def too_long() -> Refused:
    """Return Google's complaint about a text that no cell can hold."""
    return bad_request(
        f"Your input contains more than the maximum of {MAX_CHARACTERS} characters in a single "
        "cell."
    )


def stored(cell: Any) -> Value:  # noqa: ANN401  # JSON
    """Return a JSON value as a cell keeps it; "" is an empty cell."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        if not isfinite(cell):
            raise bad_request(f"Invalid number: {cell}")
        return number(cell)
    return cell or None


def opened(call: Call, state: State) -> Book:
    """Return the spreadsheet that *call* names, to be read: NOW is the time of the call."""
    book = state.book(call.path["spreadsheetId"])
    book.calculated_at = call.now
    return book


def begun(call: Call, state: State, spreadsheet_id: str = "") -> Edit:
    """Return an edit of a spreadsheet, by default of the one that *call* names."""
    book = state.book(spreadsheet_id or call.path["spreadsheetId"])
    draft = book.draft()
    draft.calculated_at = call.now
    return Edit(
        book=draft,
        email=call.principal.email,
        owner=state.files[book.spreadsheet_id].owner,
        now=call.now,
        random=call.random,
        switches=state.switches,
    )


def kept(edit: Edit, state: State, body: Json) -> Json:
    """Make the draft the spreadsheet, and return the answer."""
    book = edit.book
    state.spreadsheets[book.spreadsheet_id] = book
    file = state.files[book.spreadsheet_id]
    file.name = book.properties["title"]
    file.edited(edit.now, by=edit.email)
    state.changed(book.spreadsheet_id, edit.now)
    return body
