"""References to cells in formulas: `A1`, `$B$2:C`, `2:2`, `'RT 01'!A:A`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.sandbox.sheets.ranges import column_index, column_letters, quoted

if TYPE_CHECKING:
    from sync.sandbox.reply import Json

_TITLE = r"(?:'(?:[^']|'')*'|[^\W\d][\w.]*)!"
_CORNER = r"\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}"
_COLUMN, _ROW = r"\$?[A-Za-z]{1,3}", r"\$?[1-9]\d{0,6}"

#: what a reference looks like inside of a formula
PATTERN = (
    rf"(?:{_TITLE})?(?:{_CORNER}(?::(?:{_CORNER}|{_COLUMN}|{_ROW}))?"
    rf"|{_COLUMN}:(?:{_CORNER}|{_COLUMN})|{_ROW}:(?:{_CORNER}|{_ROW}))(?![\w(.!])"
)
_PARTS = re.compile(rf"({_TITLE})?([^:!]*)(?::([^:!]*))?")
_CORNER_PARTS = re.compile(r"(\$?)([A-Za-z]*)(\$?)(\d*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """One end of a reference; what is None is open, what is fixed has a `$`."""

    column: int | None
    row: int | None
    fixed_column: bool = False
    fixed_row: bool = False

    @property
    def text(self) -> str:
        """The corner as formulas spell it."""
        letters = "" if self.column is None else column_letters(self.column)
        digits = "" if self.row is None else str(self.row + 1)
        marks = "$" * self.fixed_column, "$" * self.fixed_row
        return f"{marks[0]}{letters}{marks[1]}{digits}"

    def copied(self, down: int, right: int) -> Corner:
        """Return the corner that a copy of its formula names; `$` holds it."""
        row, column = self.row, self.column
        return replace(
            self,
            row=row if row is None or self.fixed_row else row + down,
            column=column if column is None or self.fixed_column else column + right,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """
    Cells that a formula names.

    title: the tab's, None for the formula's own
    last:  None for a single cell
    """

    title: str | None
    first: Corner
    last: Corner | None

    @property
    def text(self) -> str:
        """The reference as formulas spell it."""
        tab = "" if self.title is None else f"{quoted(self.title)}!"
        return tab + self.first.text + (f":{self.last.text}" if self.last is not None else "")

    @property
    def place(self) -> Json:
        """The reference as a GridRange without its tab; an open end is absent."""
        last = self.last or self.first
        rows = _span("Row", self.first.row, last.row)
        return rows | _span("Column", self.first.column, last.column)

    def moved(self, place: Json) -> Reference:
        """Return the same reference, `$` and direction kept, to another GridRange."""
        last = self.last or self.first
        rows = _ends(self.first.row, last.row, place, "Row")
        columns = _ends(self.first.column, last.column, place, "Column")
        first = replace(self.first, row=rows[0], column=columns[0])
        if self.last is None:
            return replace(self, first=first)
        return replace(self, first=first, last=replace(last, row=rows[1], column=columns[1]))

    def copied(self, down: int, right: int) -> Reference | None:
        """Return what a copy of the formula names; None where that is off the grid."""
        first = self.first.copied(down, right)
        last = None if self.last is None else self.last.copied(down, right)
        lines = [first.row, first.column] + ([] if last is None else [last.row, last.column])
        if any(line is not None and line < 0 for line in lines):
            return None
        return replace(self, first=first, last=last)


def reference(text: str) -> Reference:
    """Return what *text*, which matches `PATTERN`, refers to."""
    match = _PARTS.fullmatch(text)
    assert match is not None, text  # noqa: S101  # the pattern's promise
    title, first, last = match.groups()
    return Reference(
        title=None if title is None else _plain(title[:-1]),
        first=_corner(first),
        last=None if last is None else _corner(last),
    )


def _plain(title: str) -> str:
    return title[1:-1].replace("''", "'") if title.startswith("'") else title


def _corner(text: str) -> Corner:
    match = _CORNER_PARTS.fullmatch(text)
    assert match is not None, text  # noqa: S101  # the pattern's promise
    first_mark, letters, second_mark, digits = match.groups()
    if not letters:
        return Corner(column=None, row=int(digits) - 1, fixed_row=bool(first_mark))
    return Corner(
        column=column_index(letters),
        row=int(digits) - 1 if digits else None,
        fixed_column=bool(first_mark),
        fixed_row=bool(second_mark),
    )


def _span(axis: str, one: int | None, two: int | None) -> Json:
    given = [end for end in (one, two) if end is not None]
    span = {f"start{axis}Index": min(given)} if given else {}
    return span | ({f"end{axis}Index": max(given) + 1} if len(given) > 1 else {})


def _ends(
    one: int | None, two: int | None, place: Json, axis: str
) -> tuple[int | None, int | None]:
    start, end = place.get(f"start{axis}Index"), place.get(f"end{axis}Index")
    if one is None or two is None or end is None:
        return (None if one is None else start), (None if two is None else start)
    return (start, end - 1) if one <= two else (end - 1, start)
