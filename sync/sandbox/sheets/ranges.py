"""Areas of a sheet: A1 notation and GridRange."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.sandbox.reply import bad_request

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.sheet import Sheet

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,17})?")
_ROW_COLUMN = re.compile(r"[Rr]([1-9]\d{0,7})[Cc]([1-9]\d{0,4})")
_PLAIN_TITLE = re.compile(r"[^\W\d]\w*")
_LETTERS = 26
_GRID_KEYS = frozenset(
    ("sheetId", "startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")
)
_LINE_KEYS = frozenset(("sheetId", "dimension", "startIndex", "endIndex"))
_CELL_KEYS = frozenset(("sheetId", "rowIndex", "columnIndex"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Rows top..bottom-1 and columns left..right-1 of a sheet, inside its grid."""

    sheet: Sheet
    top: int
    bottom: int
    left: int
    right: int
    open_ended: bool = False  #: a single cell: what is written may be larger

    @property
    def a1(self) -> str:
        """The area as Google echoes it."""
        return a1(self.sheet, self.top, self.bottom, self.left, self.right)

    @property
    def height(self) -> int:
        """How many rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """How many columns."""
        return self.right - self.left


def a1(sheet: Sheet, top: int, bottom: int, left: int, right: int) -> str:
    """Return `Title!A1:B2`; one cell is `Title!A1`; the title is quoted if it must be."""
    first, last = f"{column_letters(left)}{top + 1}", f"{column_letters(right - 1)}{bottom}"
    return f"{quoted(sheet.title)}!{first}" + (f":{last}" if last != first else "")


def quoted(title: str) -> str:
    """Return a tab title as formulas and ranges spell it."""
    if _PLAIN_TITLE.fullmatch(title) and not _looks_like_cell(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def column_letters(column: int) -> str:
    """Return the letters of a column that counts from 0: 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the column, from 0, that *letters* name."""
    index = 0
    for letter in letters.upper():
        index = index * _LETTERS + ord(letter) - ord("A") + 1
    return index - 1


def parsed(book: Book, text: str) -> Area:
    """
    Return the area that A1 or R1C1 notation *text* names, clamped to the grid.

    Raises `Refused` (400): `Unable to parse range`, or the start is off the grid.
    """
    title, cells = _split(text)
    if title is None and _is_cell(cells):  # of two meanings Google takes the cell
        return _cells_area(book.first_sheet(), cells, text)
    if title is None:
        if (sheet := book.sheet_titled(cells)) is not None and sheet.is_grid:
            return whole(sheet)
        if (named := book.named_range(cells)) is not None:
            return from_grid_range(book, named)
        sheet = book.first_sheet()
    else:
        sheet = book.sheet_titled(title)
    if sheet is None or not sheet.is_grid:
        raise bad_request(f"Unable to parse range: {text}")
    named = book.named_range(cells)
    if named is not None and named.get("sheetId", 0) == sheet.sheet_id:
        return from_grid_range(book, named)
    return _cells_area(sheet, cells, text) if cells else whole(sheet)


def whole(sheet: Sheet) -> Area:
    """Return all of *sheet*."""
    return Area(sheet=sheet, top=0, bottom=sheet.row_count, left=0, right=sheet.column_count)


def cell(sheet: Sheet, row: int, column: int) -> Area:
    """Return the area of one cell."""
    return Area(sheet=sheet, top=row, bottom=row + 1, left=column, right=column + 1)


def from_grid_range(book: Book, grid_range: Json) -> Area:
    """Return the area of a GridRange; absent ends are open, ends past the grid are cut."""
    sheet = book.sheet(grid_range.get("sheetId", 0))
    top, left = grid_range.get("startRowIndex", 0), grid_range.get("startColumnIndex", 0)
    bottom = grid_range.get("endRowIndex", max(sheet.row_count, top + 1))
    right = grid_range.get("endColumnIndex", max(sheet.column_count, left + 1))
    _check_order(top, bottom, "Row")
    _check_order(left, right, "Column")
    if top >= sheet.row_count or left >= sheet.column_count:
        raise off_grid(sheet, top, bottom, left, right)
    return Area(
        sheet=sheet,
        top=top,
        bottom=min(bottom, sheet.row_count),
        left=left,
        right=min(right, sheet.column_count),
    )


def off_grid(sheet: Sheet, top: int, bottom: int, left: int, right: int) -> Exception:
    """Return Google's complaint about cells that are not there."""
    top, left = max(top, 0), max(left, 0)
    shown = a1(sheet, top, max(bottom, top + 1), left, max(right, left + 1))
    return bad_request(
        f"Range ({shown}) exceeds grid limits. "
        f"Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    )


def echoed(area: Area) -> Json:
    """Return *area* as a GridRange, the way Google answers it."""
    grid: Json = {"sheetId": area.sheet.sheet_id} if area.sheet.sheet_id else {}
    return grid | {
        "startRowIndex": area.top,
        "endRowIndex": area.bottom,
        "startColumnIndex": area.left,
        "endColumnIndex": area.right,
    }


def cut(grid_range: Json, area: Area) -> Json:
    """Return *grid_range*, which *area* was made of, with no end past the grid."""
    ends = {"endRowIndex": area.bottom, "endColumnIndex": area.right}
    return grid_range | {name: end for name, end in ends.items() if name in grid_range}


def overlap(grid_range: Json, area: Area) -> bool:
    """Return whether a GridRange on the area's tab has a cell of *area*."""
    return bool(
        grid_range.get("startRowIndex", 0) < area.bottom
        and area.top < grid_range.get("endRowIndex", area.bottom)
        and grid_range.get("startColumnIndex", 0) < area.right
        and area.left < grid_range.get("endColumnIndex", area.right)
    )


def normal(part: Any) -> Any:  # noqa: ANN401  # JSON in, JSON out
    """Return *part* with each place as Google gives it back: no `sheetId` of 0."""
    if isinstance(part, list):
        return [normal(item) for item in part]
    if not isinstance(part, dict):
        return part
    if is_place(part):
        return {key: value for key, value in part.items() if value or key != "sheetId"}
    return {key: normal(inner) for key, inner in part.items()}


def on_sheet(part: Any, old_id: int, new_id: int) -> Any:  # noqa: ANN401  # JSON in, JSON out
    """Return *part* with each place that is on the tab *old_id* on the tab *new_id*."""
    if isinstance(part, list):
        return [on_sheet(item, old_id, new_id) for item in part]
    if not isinstance(part, dict):
        return part
    if is_place(part):
        own = part.get("sheetId", 0) == old_id
        return normal(part | {"sheetId": new_id}) if own else part
    return {key: on_sheet(inner, old_id, new_id) for key, inner in part.items()}


def is_place(part: Json) -> bool:
    """Return whether *part* is a GridRange, a DimensionRange or a GridCoordinate."""
    keys = part.keys()
    if not keys:
        return False
    return keys <= _GRID_KEYS or keys <= _CELL_KEYS or ("dimension" in keys and keys <= _LINE_KEYS)


def _split(text: str) -> tuple[str | None, str]:
    if text.startswith("'"):
        match = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
        if match is None:
            raise bad_request(f"Unable to parse range: {text}")
        return match[1].replace("''", "'"), match[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, cells)


def _cells_area(sheet: Sheet, cells: str, text: str) -> Area:
    first, colon, last = cells.partition(":")
    one, two = _corner(first), _corner(last if colon else first)
    if one is None or two is None or (not colon and None in one):
        raise bad_request(f"Unable to parse range: {text}")
    top, bottom = _span(one[0], two[0], sheet.row_count)
    left, right = _span(one[1], two[1], sheet.column_count)
    if top >= sheet.row_count or left >= sheet.column_count:
        raise off_grid(sheet, top, bottom, left, right)
    return Area(
        sheet=sheet,
        top=top,
        bottom=min(bottom, sheet.row_count),
        left=left,
        right=min(right, sheet.column_count),
        open_ended=not colon,
    )


def _is_cell(text: str) -> bool:
    corner = _corner(text)
    return corner is not None and None not in corner


def _corner(text: str) -> tuple[int | None, int | None] | None:
    if match := _ROW_COLUMN.fullmatch(text):
        return int(match[1]) - 1, int(match[2]) - 1
    match = _CELL.fullmatch(text)
    if match is None or not text:
        return None
    letters, digits = match.groups()
    return (
        int(digits) - 1 if digits else None,
        column_index(letters) if letters else None,
    )


def _span(one: int | None, two: int | None, count: int) -> tuple[int, int]:
    if one is None and two is None:
        return 0, count
    if one is None or two is None:
        start = one if one is not None else two
        return start or 0, max(count, (start or 0) + 1)
    return min(one, two), max(one, two) + 1


def _check_order(start: int, end: int, axis: str) -> None:
    if start < 0:
        raise bad_request(f"start{axis}Index[{start}] must not be negative")
    if end <= start:
        raise bad_request(f"end{axis}Index[{end}] must be greater than start{axis}Index[{start}]")


def _looks_like_cell(title: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]{1,3}[0-9]+|[Rr]\d*[Cc]\d*|[A-Za-z]{1,3}", title)) and (
        any(map(str.isdigit, title))
    )
