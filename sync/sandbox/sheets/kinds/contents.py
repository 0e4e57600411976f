"""Requests that change what cells hold and how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox import masks
from sync.sandbox.reply import Refused, bad_request
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.cells import Formula, Value
from sync.sandbox.sheets.edit import MAX_CHARACTERS, stored, too_long
from sync.sandbox.sheets.kinds.parts import part_with_id
from sync.sandbox.sheets.kinds.tabs import required_mask
from sync.sandbox.sheets.look import border, twinned, with_colours
from sync.sandbox.sheets.ranges import Area
from sync.sandbox.sheets.tables import stretch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.sandbox.masks import Mask
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.sheet import Sheet

_WRITABLE = frozenset(
    (
        "userEnteredValue",
        "userEnteredFormat",
        "note",
        "dataValidation",
        "textFormatRuns",
        "chipRuns",
        "pivotTable",
    )
)


def update_cells(edit: Edit, request: Json) -> Json:
    """
    Write rows of CellData from `start`, or into `range`.

    What of `range` the rows do not cover loses the fields that `fields` names.
    """
    pen = _Pen(_cell_mask(request))
    rows = request.get("rows", [])
    area = _target(edit, request, rows)
    edit.check(area)
    for row, column in _cells(area):
        values = _at(rows, row - area.top).get("values", [])
        if "range" in request or column - area.left < len(values):
            pen.write(area.sheet, row, column, _settled(_at(values, column - area.left)))
    return {}


def repeat_cell(edit: Edit, request: Json) -> Json:
    """Give every cell of a range the same fields."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    pen, cell = _Pen(_cell_mask(request)), _settled(request.get("cell", {}))
    edit.check(area)
    for row, column in _cells(area):
        pen.write(area.sheet, row, column, cell)
    return {}


def append_cells(edit: Edit, request: Json) -> Json:
    """
    Write rows of CellData below the last row that holds a value.

    With `tableId` the rows go into that table, which grows when it must.
    """
    pen = _Pen(_cell_mask(request))
    rows = request.get("rows", [])
    if request.get("tableId"):
        sheet, top, left = _below_table_rows(edit, request["tableId"], len(rows))
    else:
        sheet = edit.book.sheet(request.get("sheetId", 0))
        top, left = sheet.last_filled_row() + 1, 0
        sheet.row_count = max(sheet.row_count, top + len(rows))
        edit.book.check_size()
    start = {"sheetId": sheet.sheet_id, "rowIndex": top, "columnIndex": left}
    edit.check(_target(edit, {"start": start}, rows))
    for row, line in enumerate(rows, top):
        for column, cell in enumerate(line.get("values", []), left):
            pen.write(sheet, row, column, _settled(cell))
    return {}


def set_data_validation(edit: Edit, request: Json) -> Json:
    """Set the rule of every cell in a range; no rule takes it away."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    edit.check(area)
    rule = masks.without_zeros(request.get("rule"))
    for row, column in _cells(area):
        extra = dict(area.sheet.attached(row, column))
        if rule is None:
            extra.pop("dataValidation", None)
        else:
            extra["dataValidation"] = rule
        area.sheet.put_extra(row, column, extra)
    return {}


def _below_table_rows(edit: Edit, table_id: str, count: int) -> tuple[Sheet, int, int]:
    """Make room for *count* rows in a table; return its tab, and where they begin."""
    sheet, at = part_with_id(edit.book, "tables", "tableId", table_id)
    table = sheet.part("tables")[at]
    area = ranges.from_grid_range(edit.book, table["range"])
    top = area.top + 1
    for row in range(top, min(area.bottom, len(sheet.rows))):
        if sheet.rows[row].filled(area.left, area.right):
            top = row + 1
    missing = top + count - area.bottom
    if missing > 0:
        sheet.insert_rows(area.bottom, missing)
        edit.book.check_size()
        stretch(sheet, table, bottom=top + count, right=area.right)
    return sheet, top, area.left


def _cell_mask(request: Json) -> Mask:
    mask = required_mask(request)
    if "*" in mask:
        return {name: {} for name in _WRITABLE}
    unknown = mask.keys() - _WRITABLE
    if unknown:
        name = min(unknown)
        raise bad_request(f"Field '{name}' in the field mask cannot be written.")
    return mask


def _target(edit: Edit, request: Json, rows: list[Json]) -> Area:
    if "range" in request:
        area = ranges.from_grid_range(edit.book, request["range"])
        top, left = area.top, area.left
    elif "start" in request:
        start = request["start"]
        sheet = edit.book.sheet(start.get("sheetId", 0))
        top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
        if top < 0 or left < 0:
            raise bad_request("rowIndex and columnIndex must not be negative.")
        area = Area(sheet=sheet, top=top, bottom=top + 1, left=left, right=left + 1)
    else:
        raise bad_request("Must specify either a start or a range.")
    bottom = top + max(len(rows), 1)
    right = left + max((len(row.get("values", ())) for row in rows), default=1)
    sheet = area.sheet
    if "range" in request:
        if bottom > max(area.bottom, top + 1) or right > max(area.right, left + 1):
            raise bad_request(
                "Attempting to write outside of range: tried to write "
                f"{ranges.a1(sheet, top, bottom, left, right)}."
            )
        return area
    if bottom > sheet.row_count or right > sheet.column_count:
        raise _off_grid(sheet, top, bottom, left, right)
    return Area(sheet=sheet, top=top, bottom=bottom, left=left, right=max(right, left + 1))


def _off_grid(sheet: Sheet, top: int, bottom: int, left: int, right: int) -> Refused:
    if bottom > sheet.row_count:
        where = f"row: {max(top, sheet.row_count)}, last row in grid: {sheet.row_count - 1}"
        return bad_request(f"Attempting to write {where}. Use appendDimension or appendCells.")
    where = f"column: {max(left, sheet.column_count)}, last column: {sheet.column_count - 1}"
    return bad_request(f"Attempting to write {where} of {right}.")


def _cells(area: Area) -> Iterator[tuple[int, int]]:
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            yield row, column


def _at(items: list[Json], at: int) -> Json:
    return items[at] if at < len(items) else {}


class _Pen:
    """Writes the fields of a cell that a mask names."""

    def __init__(self, mask: Mask) -> None:
        self.values = "userEnteredValue" in mask
        rest = {name: inner for name, inner in mask.items() if name != "userEnteredValue"}
        self.rest = twinned(rest)

    def write(self, sheet: Sheet, row: int, column: int, cell: Json) -> None:
        if self.values:
            sheet.put(row, column, _value(cell.get("userEnteredValue", {})))
        if self.rest:
            old = sheet.attached(row, column)
            sheet.put_extra(row, column, masks.updated(old, cell, self.rest))


def _settled(cell: Json) -> Json:
    """Return CellData as Google keeps it: colours, borders, no zeros in a rule."""
    kept: Json = with_colours(cell)
    look = kept.get("userEnteredFormat", {})
    if "borders" in look:
        drawn = {side: border(line) for side, line in look["borders"].items()}
        shown = {side: line for side, line in drawn.items() if line is not None}
        kept["userEnteredFormat"] = look | {"borders": shown}
    if "textFormatRuns" in kept:
        kept["textFormatRuns"] = [_run(run) for run in kept["textFormatRuns"]]
    if "dataValidation" in kept:
        kept["dataValidation"] = masks.without_zeros(kept["dataValidation"])
    return kept


def _run(run: Json) -> Json:
    """Return a TextFormatRun; one at the beginning does not say where it is."""
    kept = {name: part for name, part in run.items() if part or name != "startIndex"}
    return {"format": {}} | kept


def _value(entered: Json) -> Value:
    for kind, value in entered.items():
        if kind == "formulaValue":
            return Formula(value) if value.startswith("=") else stored(value)
        if kind == "errorValue":
            raise bad_request("errorValue cannot be set.")
        if isinstance(value, str) and len(value) > MAX_CHARACTERS:
            raise too_long()
        return stored(value)
    return None
