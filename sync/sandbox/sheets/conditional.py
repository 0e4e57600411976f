"""What conditional formats make of a cell; the sandbox does not paint gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.conditions import holds, subject
from sync.sandbox.sheets.look import merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.sheet import Sheet


def conditional_format(book: Book, sheet: Sheet, row: int, column: int) -> Json:
    """Return the CellFormat of all rules that hold for the cell; an earlier rule goes first."""
    rules: Sequence[Json] = sheet.parts.get("conditionalFormats", ())
    found: Json = {}
    for rule in rules:
        if "booleanRule" in rule and _covers(rule, sheet, row, column):
            condition = rule["booleanRule"].get("condition", {})
            if holds(book, condition, subject(book, sheet, row, column)):
                found = merged(rule["booleanRule"].get("format", {}), found)
    return found


def _covers(rule: Json, sheet: Sheet, row: int, column: int) -> bool:
    place = ranges.cell(sheet, row, column)
    return any(ranges.overlap(one, place) for one in rule["ranges"])
