"""The spreadsheet, to look at."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sync.sandbox.pages.frame import page
from sync.sandbox.reply import Reply, html
from sync.sandbox.sheets.grid_data import cell_data
from sync.sandbox.sheets.ranges import column_letters

if TYPE_CHECKING:
    from sync.sandbox.sheets.book import Book, Sheet
    from sync.sandbox.world import World

_MOST_ROWS = 2000


def view(world: World, path: dict[str, str], query: str, _body: bytes) -> Reply:
    """Show one tab as a table, and links to the others; `?gid=` chooses."""
    book = world.state.book(path["spreadsheet"])
    gid = parse_qs(query).get("gid", [""])[0]
    chosen = [sheet for sheet in book.sheets if str(sheet.sheet_id) == gid]
    sheet = chosen[0] if chosen else book.first_sheet()
    title = str(book.properties["title"])
    body = f"<h1>{escape(title)}</h1>{_tabs(book, sheet)}{_table(book, sheet)}"
    return html(page(title, body, wide=True))


def _tabs(book: Book, current: Sheet) -> str:
    links = "".join(
        f'<a href="?gid={sheet.sheet_id}"{" aria-current=page" if sheet is current else ""}>'
        f"{escape(sheet.title)}</a>"
        for sheet in book.sheets
        if not sheet.properties.get("hidden")
    )
    return f"<nav>{links}</nav>"


def _table(book: Book, sheet: Sheet) -> str:
    width, rows = sheet.filled_width(), min(sheet.last_filled_row() + 1, _MOST_ROWS)
    head = "".join(f"<th>{column_letters(column)}</th>" for column in range(width))
    lines = "".join(_line(book, sheet, row, width) for row in range(rows))
    return (
        f'<div class="scroll"><table><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _line(book: Book, sheet: Sheet, row: int, width: int) -> str:
    cells = "".join(f"<td>{_cell(book, sheet, row, column)}</td>" for column in range(width))
    hidden = ' class="hidden"' if sheet.rows[row].hidden else ""
    return f"<tr{hidden}><th>{row + 1}</th>{cells}</tr>"


def _cell(book: Book, sheet: Sheet, row: int, column: int) -> str:
    data = cell_data(book, sheet, row, column)
    text = escape(data.get("formattedValue", ""))
    link = data.get("hyperlink", "")
    if link.startswith(("http://", "https://")):
        text = f'<a href="{escape(link)}" rel="noopener noreferrer">{text}</a>'
    note = data.get("note")
    return f'<span title="{escape(note)}">{text} ✎</span>' if note else text
