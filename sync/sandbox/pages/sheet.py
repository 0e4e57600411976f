"""The spreadsheet, to look at."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sync.sandbox.pages.frame import page
from sync.sandbox.reply import Reply, html
from sync.sandbox.sheets.grid_data import cell_data
from sync.sandbox.sheets.ranges import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.sandbox.pages.visit import Visit
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.world import World

_MOST_ROWS = 2000


def view(world: World, visit: Visit) -> Reply:
    """Show one tab as a table, and links to the others; `?gid=` chooses."""
    book = world.state.book(visit.path["spreadsheet"])
    gid = visit.asked.get("gid", [""])[0]
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
    head = "".join(
        f'<th style="min-width:{_pixels(sheet, column)}px">{column_letters(column)}</th>'
        for column in range(width)
    )
    colours = list(_colour_rules(sheet))
    lines = "".join(_line(book, sheet, row, width, colours) for row in range(rows))
    return (
        f'<div class="scroll"><table><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _pixels(sheet: Sheet, column: int) -> int:
    """Return the column's width; one that nobody set is as wide as it needs."""
    known = sheet.columns[column] if column < len(sheet.columns) else {}
    return int(known.get("pixelSize", 0))


def _colour_rules(sheet: Sheet) -> Iterator[tuple[Json, str, str]]:
    """Yield the range, text and background of each conditional format on an equal text."""
    for rule in sheet.parts.get("conditionalFormats", []):
        condition = rule.get("booleanRule", {}).get("condition", {})
        colour = rule.get("booleanRule", {}).get("format", {}).get("backgroundColor", {})
        if condition.get("type") == "TEXT_EQ":
            parts = (round(255 * colour.get(part, 0)) for part in ("red", "green", "blue"))
            text = condition["values"][0].get("userEnteredValue", "")
            for area in rule.get("ranges", []):
                yield area, text, f"rgb({','.join(map(str, parts))})"


def _line(
    book: Book, sheet: Sheet, row: int, width: int, colours: list[tuple[Json, str, str]]
) -> str:
    cells = "".join(_cell(book, sheet, row, column, colours) for column in range(width))
    hidden = ' class="hidden"' if sheet.rows[row].hidden else ""
    return f"<tr{hidden}><th>{row + 1}</th>{cells}</tr>"


def _cell(
    book: Book, sheet: Sheet, row: int, column: int, colours: list[tuple[Json, str, str]]
) -> str:
    data = cell_data(book, sheet, row, column)
    shown = data.get("formattedValue", "")
    text = escape(shown)
    link = data.get("hyperlink", "")
    if link.startswith(("http://", "https://")):
        text = f'<a class="clipped" href="{escape(link)}" rel="noopener noreferrer">{text}</a>'
    if note := data.get("note"):
        text = f'<span title="{escape(note)}">{text} ✎</span>'
    return f"<td{_style(shown, row, column, colours)}>{text}</td>"


def _style(shown: str, row: int, column: int, colours: list[tuple[Json, str, str]]) -> str:
    for area, text, colour in colours:
        in_columns = area.get("startColumnIndex", 0) <= column < area.get("endColumnIndex", 1e9)
        if shown == text and in_columns and row >= area.get("startRowIndex", 0):
            return f' style="background:{colour}"'
    return ""
