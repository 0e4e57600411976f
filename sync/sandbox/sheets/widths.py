"""
How wide and high cells must be to show their text.

Measured are one recorded column (1,024 times `A` in Arial 10: 9,483 pixels) and the widths of
the letters of Arial, which are those of Helvetica in thousandths of the font's size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets.reading import shown

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.sheet import Sheet

_PIXELS = 0.0013868  #: per thousandth and point
_SIDES = 11
_LINE, _ABOVE = 17, 4
_SIZE = 10
_WIDE = 1000
_WIDTHS = {
    222: "ijl",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    389: "*",
    500: "Jckvxyzs",
    584: "+<=>~",
    556: "#$0123456789?L_abdeghnopqu",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
_THOUSANDTHS = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER = 556
_FIRST_WIDE = 0x2E80  # Chinese, Japanese and Korean


def column_pixels(book: Book, sheet: Sheet, column: int) -> int:
    """Return the width that shows the widest text of the column whole; 0 for an empty one."""
    found = [_text_pixels(book, sheet, row, column) for row in range(len(sheet.rows))]
    return round(max(found, default=0))


def row_pixels(book: Book, sheet: Sheet, row: int) -> int:
    """Return the height that shows every line of the row's texts; 0 for an empty row."""
    cells = range(sheet.rows[row].filled_width()) if row < len(sheet.rows) else ()
    found = [_lines_pixels(book, sheet, row, column) for column in cells]
    return round(max(found, default=0))


def _text_pixels(book: Book, sheet: Sheet, row: int, column: int) -> float:
    if sheet.value(row, column) is None:
        return 0
    lines = shown(book, sheet, row, column).split("\n")
    widest = max(sum(map(_letter, line)) for line in lines)
    return widest * _PIXELS * _font_size(sheet, row, column) + _SIDES if widest else 0


def _lines_pixels(book: Book, sheet: Sheet, row: int, column: int) -> float:
    lines = shown(book, sheet, row, column).count("\n") + 1
    return lines * _LINE * _font_size(sheet, row, column) / _SIZE + _ABOVE


def _font_size(sheet: Sheet, row: int, column: int) -> int:
    look: Json = sheet.attached(row, column).get("userEnteredFormat", {})
    size: int = look.get("textFormat", {}).get("fontSize", _SIZE)
    return size


def _letter(letter: str) -> int:
    if ord(letter) >= _FIRST_WIDE:
        return _WIDE
    return _THOUSANDTHS.get(letter, _OTHER)
