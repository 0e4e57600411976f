"""Everything that can be read of a sandbox, read through its API."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import quote

from sync.sandbox.sample import USER
from sync.sandbox.sheets.ranges import quoted

if TYPE_CHECKING:
    from fuzz.session import Session
    from sync.sandbox.sheets.book import Book

_RENDERINGS = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
_DATES = ("SERIAL_NUMBER", "FORMATTED_STRING")
_MOST_LINES = 3000  #: rows and columns of a file, each with a line of its own in grid data


def read_everything(session: Session) -> None:
    """Read whatever the village's user may read; each answer is checked on the way."""
    state = session.world.state
    session.read("/drive/v3/files", fields="*", supportsAllDrives="true")
    session.read("/drive/v3/changes", fields="*", pageToken="1")
    session.read("/drive/v3/drives")
    session.read("/drive/v3/about", fields="*")
    for file in list(state.files.values()):
        if file.parent and state.role(file, USER) is not None:
            session.read(f"/drive/v3/files/{file.file_id}", fields="*", supportsAllDrives="true")
            session.read(
                f"/drive/v3/files/{file.file_id}/comments", fields="*", includeDeleted="true"
            )
    for book in list(state.spreadsheets.values()):
        if state.role(state.files[book.spreadsheet_id], USER) is not None:
            _read_book(session, book)
    for form in list(state.forms):
        if state.role(state.files[form], USER) is not None:
            session.read(f"/v1/forms/{form}")


def _read_book(session: Session, book: Book) -> None:
    address = f"/v4/spreadsheets/{book.spreadsheet_id}"
    lines = sum(sheet.row_count + sheet.column_count for sheet in book.sheets)
    session.read(address, includeGridData="true" if lines < _MOST_LINES else "false")
    for sheet in [sheet for sheet in book.sheets if sheet.is_grid]:
        area = quote(quoted(sheet.title), safe="", errors="replace")
        for values, dates in product(_RENDERINGS, _DATES):
            session.read(
                f"{address}/values/{area}", valueRenderOption=values, dateTimeRenderOption=dates
            )
