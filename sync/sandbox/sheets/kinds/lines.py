"""Requests about rows and columns: insert, delete, move, sort, size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.sandbox import masks
from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import merges, ranges
from sync.sandbox.sheets.cells import CellError, Formula, Result, Row, Value
from sync.sandbox.sheets.formulas.rewriting import copied
from sync.sandbox.sheets.kinds.tabs import required_mask
from sync.sandbox.sheets.ranges import Area
from sync.sandbox.sheets.reading import effective
from sync.sandbox.sheets.widths import column_pixels, row_pixels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.sandbox.masks import Mask
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.sheet import Sheet

_NUMBERS, _TEXTS, _TRUTHS, _ERRORS, _EMPTY = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A DimensionRange: lines start..end-1 of a tab."""

    sheet: Sheet
    rows: bool
    start: int
    end: int

    @property
    def count(self) -> int:
        """How many lines."""
        return self.end - self.start

    @property
    def limit(self) -> int:
        """How many such lines the tab has."""
        return self.sheet.row_count if self.rows else self.sheet.column_count

    @property
    def noun(self) -> str:
        """What one line is called."""
        return "row" if self.rows else "column"

    @property
    def frozen(self) -> int:
        """How many such lines at the beginning never scroll away."""
        return int(self.sheet.grid.get(f"frozen{self.noun.capitalize()}Count", 0))

    @property
    def json(self) -> Json:
        """The DimensionRange as Google answers it."""
        return self.spanning(self.start, self.end)

    def spanning(self, start: int, end: int) -> Json:
        """Return the DimensionRange of lines start..end-1 along the same dimension."""
        sheet_id = self.sheet.sheet_id
        head: Json = {"sheetId": sheet_id} if sheet_id else {}
        dimension = "ROWS" if self.rows else "COLUMNS"
        return head | {"dimension": dimension, "startIndex": start, "endIndex": end}

    @property
    def area(self) -> Area:
        """The cells of these lines."""
        everything = ranges.whole(self.sheet)
        if self.rows:
            return Area(
                sheet=self.sheet, top=self.start, bottom=self.end, left=0, right=everything.right
            )
        return Area(
            sheet=self.sheet, top=0, bottom=everything.bottom, left=self.start, right=self.end
        )


def append_dimension(edit: Edit, request: Json) -> Json:
    """Add rows or columns at the end of the grid."""
    sheet = edit.book.sheet(request.get("sheetId", 0))
    length = request.get("length", 0)
    if length < 1:
        raise bad_request("length must be greater than zero.")
    if _is_rows(request):
        sheet.row_count += length
    else:
        sheet.column_count += length
    edit.book.check_size()
    return {}


def insert_dimension(edit: Edit, request: Json) -> Json:
    """Insert empty rows or columns; formats as before or after them."""
    lines = _lines(edit.book, request.get("range", {}))
    if lines.start > lines.limit:
        raise bad_request(
            f"range.startIndex[{lines.start}] must be less than or equal to the grid size"
            f"[{lines.limit}]."
        )
    before = bool(request.get("inheritFromBefore"))
    if before and lines.start == 0:
        raise bad_request("inheritFromBefore cannot be true if inserting at the first index.")
    if lines.rows:
        model = lines.start - 1 if before else lines.start
        inherit = model if model < len(lines.sheet.rows) else None
        lines.sheet.insert_rows(lines.start, lines.count, inherit=inherit)
    else:
        lines.sheet.insert_columns(lines.start, lines.count)
    edit.book.check_size()
    return {}


def delete_dimension(edit: Edit, request: Json) -> Json:
    """Delete rows or columns; one must stay."""
    lines = _lines(edit.book, request.get("range", {}))
    if lines.end > lines.limit:
        raise bad_request(
            f"Cannot delete a {lines.noun} that doesn't exist. Tried to delete {lines.noun} "
            f"index {lines.end - 1} but there are only {lines.limit} {lines.noun}s."
        )
    edit.check(lines.area)
    if lines.count >= lines.limit:
        raise bad_request(f"You can't delete all the {lines.noun}s on the sheet.")
    if lines.end == lines.limit and lines.start <= lines.frozen:
        raise bad_request(f"Sorry, it is not possible to delete all non-frozen {lines.noun}s.")
    if lines.rows and not lines.start and lines.sheet.is_linked:
        raise bad_request("Cannot delete row with form questions.")
    if lines.rows:
        lines.sheet.delete_rows(lines.start, lines.count)
    else:
        lines.sheet.delete_columns(lines.start, lines.count)
    return {}


def move_dimension(edit: Edit, request: Json) -> Json:
    """Move rows or columns before `destinationIndex`, counted before the move."""
    lines = existing_lines(edit.book, request.get("source", {}))
    to = request.get("destinationIndex", 0)
    edit.check(lines.area)
    if not 0 <= to <= lines.limit:
        raise bad_request(f"destinationIndex[{to}] is not within the grid.")
    if lines.start <= to <= lines.end:
        return {}
    merges.inside(
        lines.area,
        f"Sorry, it is not possible to move a {lines.noun} that contains only part of a merged "
        "cell. Please unmerge and try again.",
    )
    if lines.rows:
        lines.sheet.move_rows(lines.start, lines.end, to)
    else:
        lines.sheet.move_columns(lines.start, lines.end, to)
    return {}


def update_dimension_properties(edit: Edit, request: Json) -> Json:
    """Hide or size rows or columns."""
    lines = existing_lines(edit.book, request.get("range", {}))
    mask = required_mask(request)
    wanted = request.get("properties", {})
    for line in range(lines.start, lines.end):
        if lines.rows:
            _set_row(lines.sheet.row_to_change(line), wanted, mask)
        else:
            _set_column(lines.sheet, line, wanted, mask)
    return {}


def set_hidden(lines: Lines, *, hidden: bool) -> None:
    """Hide or show the lines."""
    for line in range(lines.start, lines.end):
        if lines.rows:
            lines.sheet.row_to_change(line).hidden = hidden
        else:
            _set_column(lines.sheet, line, {"hiddenByUser": hidden}, {"hiddenByUser": {}})


def auto_resize_dimensions(edit: Edit, request: Json) -> Json:
    """Make rows or columns as large as their text; empty ones stay as they are."""
    lines = existing_lines(edit.book, request.get("dimensions", {}))
    for line in range(lines.start, lines.end):
        if lines.rows and line < len(lines.sheet.rows):
            height = row_pixels(edit.book, lines.sheet, line)
            lines.sheet.row_to_change(line).height = height
        elif not lines.rows and (width := column_pixels(edit.book, lines.sheet, line)):
            _set_column(lines.sheet, line, {"pixelSize": width}, {"pixelSize": {}})
    return {}


def sort_range(edit: Edit, request: Json) -> Json:
    """Sort rows by the values of one or more columns."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    specs = request.get("sortSpecs", [])
    if not specs:
        raise bad_request("Must specify at least one sort spec.")
    edit.check(area)
    sort_rows(
        edit,
        area,
        sort_order(area, specs),
    )
    return {}


def sort_order(area: Area, specs: Sequence[Json]) -> list[tuple[int, bool]]:
    """Return what `sort_rows` sorts by; the sandbox does not sort by colour."""
    for spec in specs:
        column = spec.get("dimensionIndex", 0)
        if not area.left <= column < area.right:
            raise bad_request(f"dimensionIndex[{column}] is not within the range to sort.")
    return [
        (spec.get("dimensionIndex", 0), spec.get("sortOrder") == "DESCENDING")
        for spec in specs
        if not any("Color" in name for name in spec)
    ]


def sort_rows(edit: Edit, area: Area, by: Sequence[tuple[int, bool]]) -> None:
    """
    Sort the rows of *area* by columns, each `(column, descending)`.

    Numbers come before texts, texts before true and false, empty cells always last.
    Formats and notes travel with their cells, and formulas go on meaning cells of their own
    row; hidden rows stay where they are, and by the switch `metadata_on_sort` so does metadata.
    """
    book, sheet = edit.book, area.sheet
    merged = merges.touching(area)
    if any(merge["endRowIndex"] - merge["startRowIndex"] > 1 for merge in merged):
        raise bad_request(merges.SORT)
    bottom = min(area.bottom, len(sheet.rows))
    order = list(range(area.top, bottom))
    for column, descending in reversed(by):
        _sort(order, book, sheet, column, descending=descending)
    parts = [_part(sheet.rows[row], area, at - row) for at, row in enumerate(order, area.top)]
    for row, part in zip(range(area.top, bottom), parts, strict=True):
        _put_part(sheet.row_to_change(row), area, part)
    if edit.switches["edited_after_sort"] == "found" and _has_timestamps(area):
        response_ids = [sheet.rows[row].response_id for row in order]
        for row, response_id in zip(range(area.top, bottom), response_ids, strict=True):
            sheet.rows[row].response_id = response_id
    _sort_merges(sheet, merged, {old: new for new, old in enumerate(order, area.top)})
    if edit.switches["metadata_on_sort"] == "moves":
        sheet.carry_metadata({old: new for new, old in enumerate(order, area.top)}, rows=True)
    sheet.layout_version += 1


def _has_timestamps(area: Area) -> bool:
    """Return whether the column by which a form's responses are known lies in the area."""
    columns = range(area.left, area.right)
    return any(area.sheet.column_properties(at).get("question") == "timestamp" for at in columns)


def _sort_merges(sheet: Sheet, merged: Sequence[Json], places: Mapping[int, int]) -> None:
    """Let merges within one row go where their row went, old to new."""
    if not merged:
        return
    kept = [merge for merge in sheet.part("merges") if merge not in merged]
    for merge in merged:
        row = places.get(merge["startRowIndex"], merge["startRowIndex"])
        kept.append(merge | {"startRowIndex": row, "endRowIndex": row + 1})
    sheet.keep_merges(kept)


def _sort(order: list[int], book: Book, sheet: Sheet, column: int, *, descending: bool) -> None:
    keys = {row: _key(effective(book, sheet, row, column)) for row in order}
    filled = [row for row in order if keys[row][0] != _EMPTY]
    empty = [row for row in order if keys[row][0] == _EMPTY]
    filled.sort(key=keys.__getitem__, reverse=descending)
    order[:] = filled + empty


def _key(value: Result) -> tuple[int, Any]:
    if value is None:
        return _EMPTY, 0
    if isinstance(value, bool):
        return _TRUTHS, value
    if isinstance(value, str):
        return _TEXTS, value.casefold()
    if isinstance(value, CellError):
        return _ERRORS, value.code
    return _NUMBERS, value


def _part(row: Row, area: Area, down: int) -> tuple[list[Value], dict[int, Json]]:
    cells = [row.value(column) for column in range(area.left, min(area.right, len(row.cells)))]
    if area.sheet.has_formulas and down:
        cells = [copied(cell, down, 0) if isinstance(cell, Formula) else cell for cell in cells]
    extras = {
        column: extra for column, extra in row.extras.items() if area.left <= column < area.right
    }
    return cells, extras


def _put_part(row: Row, area: Area, part: tuple[list[Value], dict[int, Json]]) -> None:
    cells, extras = part
    kept = {
        column: extra
        for column, extra in row.extras.items()
        if not area.left <= column < area.right
    }
    row.extras = kept | extras
    for column in range(area.left, min(area.right, max(len(row.cells), area.left + len(cells)))):
        at = column - area.left
        row.put(column, cells[at] if at < len(cells) else None)


def _is_rows(request: Json) -> bool:
    dimension = request.get("dimension")
    if dimension not in {"ROWS", "COLUMNS"}:
        raise bad_request("dimension must be set.")
    return bool(dimension == "ROWS")


def _lines(book: Book, wanted: Json) -> Lines:
    sheet = book.sheet(wanted.get("sheetId", 0))
    rows = _is_rows(wanted)
    limit = sheet.row_count if rows else sheet.column_count
    start, end = wanted.get("startIndex", 0), wanted.get("endIndex", limit)
    if start < 0 or end <= start:
        raise bad_request(f"endIndex[{end}] must be greater than startIndex[{start}].")
    return Lines(sheet=sheet, rows=rows, start=start, end=end)


def existing_lines(book: Book, wanted: Json) -> Lines:
    """Return the lines of a DimensionRange; raises `Refused` for lines that are not there."""
    lines = _lines(book, wanted)
    if lines.end > lines.limit:
        raise bad_request(
            f"Cannot reach {lines.noun} index {lines.end - 1}: there are only "
            f"{lines.limit} {lines.noun}s."
        )
    return lines


def _set_column(sheet: Sheet, column: int, wanted: Json, mask: Mask) -> None:
    names = ("hiddenByUser", "pixelSize")
    everything: Mask = {name: {} for name in names}
    chosen = everything if "*" in mask else mask
    old = sheet.column_properties(column)
    sheet.set_column_properties(column, masks.updated(old, wanted, chosen))


def _set_row(row: Row, wanted: Json, mask: Mask) -> None:
    if "hiddenByUser" in mask or "*" in mask:
        row.hidden = bool(wanted.get("hiddenByUser"))
    if "pixelSize" in mask or "*" in mask:
        row.height = wanted.get("pixelSize", 0)
