"""Spreadsheets made of CSV, turned into CSV, and copied."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from sync.sandbox.reply import Refused
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.book import Book
from sync.sandbox.sheets.locales import locale
from sync.sandbox.sheets.look import new_file_properties
from sync.sandbox.sheets.reading import Rendering, grid_values
from sync.sandbox.sheets.sheet import Sheet
from sync.sandbox.sheets.typed import typed

if TYPE_CHECKING:
    from datetime import date

    from sync.sandbox.reply import Call, Media

_ROWS, _COLUMNS = 1000, 26
_TABLES = {"text/csv": ",", "text/tab-separated-values": "\t", "text/plain": ","}


def imported(spreadsheet_id: str, title: str, call: Call) -> Book:
    """
    Return a new spreadsheet, of one tab with the table that came along, read as if typed.

    What Google makes of a table lies in California, and its tab is called like the file
    (recorded: gspread's `import_csv`).
    """
    book, media = Book(spreadsheet_id, new_file_properties(title)), call.media
    if media is None:
        book.add_sheet(Sheet(0, "Sheet1", _ROWS, _COLUMNS))
        return book
    divider = _TABLES.get(media.mime_type.partition(";")[0].strip().lower())
    if divider is None:
        raise Refused(501, f"The sandbox does not convert {media.mime_type} into a spreadsheet.")
    book.properties |= {"timeZone": "America/Los_Angeles"}
    lines = list(csv.reader(io.StringIO(_text(media), newline=""), delimiter=divider))
    width = max((len(line) for line in lines), default=0)
    sheet_id = call.random.randrange(1, 2**31)
    sheet = Sheet(sheet_id, title, max(len(lines), _ROWS), max(width, _COLUMNS))
    book.add_sheet(sheet)
    _fill(book, sheet, lines, call.now.astimezone(book.zone).date())
    return book


def unsupported() -> Refused:
    """Return Drive's refusal to make one kind of file of another."""
    message = "The requested conversion is not supported."
    return Refused(400, message, reason="badRequest", location="convertTo")


def exported(book: Book, sheet: Sheet, *, divider: str) -> bytes:
    """Return a tab as people see it, in UTF-8; without a line end after the last row."""
    rows = grid_values(book, ranges.whole(sheet), Rendering("FORMATTED_VALUE"))
    out = io.StringIO()
    width = max((len(row) for row in rows), default=0)
    lines = ([*row, *[""] * (width - len(row))] for row in rows)
    csv.writer(out, delimiter=divider, lineterminator="\r\n").writerows(lines)
    return out.getvalue().removesuffix("\r\n").encode()


def copied(book: Book, spreadsheet_id: str, title: str) -> Book:
    """Return a spreadsheet of its own that is like *book*."""
    twin = book.draft()
    twin.spreadsheet_id = spreadsheet_id
    twin.properties = book.properties | {"title": title}
    for sheet in twin.sheets:
        sheet.unlink()
    return twin


def _fill(book: Book, sheet: Sheet, lines: list[list[str]], today: date) -> None:
    spelled = locale(book.locale)
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            if not text:
                continue
            value, pattern = typed(text, locale=spelled, today=today)
            sheet.put(row, column, value)
            if pattern is not None:
                sheet.put_extra(row, column, {"userEnteredFormat": {"numberFormat": pattern}})


def _text(media: Media) -> str:
    try:
        return media.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return media.content.decode("cp1252", "replace")
