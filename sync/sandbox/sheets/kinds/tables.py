"""Requests about tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox import masks
from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges, tables
from sync.sandbox.sheets.kinds.banding import check_unbanded
from sync.sandbox.sheets.kinds.parts import part_with_id
from sync.sandbox.sheets.kinds.tabs import required_mask
from sync.sandbox.sheets.look import with_colours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet


def add_table(edit: Edit, request: Json) -> Json:
    """
    Make a table of a range; its first row is the header.

    A column that is sent with a type and without a name is called `Column 1`, `Column 2`, …
    in the order they are sent, over whatever the header cell held.
    """
    wanted = request.get("table", {})
    area = ranges.from_grid_range(edit.book, wanted.get("range", {}))
    edit.check(tables.header_area(area))
    check_unbanded(area)
    _check_free(area, own=None)
    sent = _columns(area, wanted.get("columnProperties", ()))
    table_id = wanted.get("tableId") or str(edit.new_id())
    name = wanted.get("name") or _free_name(edit.book)
    _check_identity(edit.book, name, table_id)
    table = {"tableId": table_id, "name": name, "range": ranges.echoed(area)}
    if "rowsProperties" in wanted:
        table["rowsProperties"] = _rows_properties(wanted)
    unnamed = [index for index, one in sent.items() if not one.get("columnName")]
    for number, index in enumerate(unnamed, 1):
        sent[index] = sent[index] | {"columnName": f"Column {number}"}
    _set_columns(edit, area, table, sent)
    area.sheet.part("tables").append(table)
    return {"addTable": {"table": tables.table_json(edit.book, table)}}


def update_table(edit: Edit, request: Json) -> Json:
    """
    Change a table's name, range, rows' colours or columns.

    A new list of columns replaces all of the old one: a column that it leaves out loses
    its type and keeps its header.
    """
    wanted = request.get("table", {})
    mask = required_mask(request)
    sheet, at = part_with_id(edit.book, "tables", "tableId", wanted.get("tableId", ""))
    old = sheet.part("tables").pop(at)
    coloured = wanted | {"rowsProperties": _rows_properties(wanted)}
    plain = _plain_fields(mask)
    table = masks.updated(old, coloured, plain) if plain else dict(old)
    _check_identity(edit.book, table.get("name", ""), old["tableId"])
    changed = wanted.get("range") if _named(mask, "range") else None
    area = ranges.from_grid_range(edit.book, changed or old["range"])
    if area.sheet is not sheet:
        raise bad_request("A table cannot be moved to another sheet.")
    edit.check(tables.header_area(area))
    _check_free(area, own=old["tableId"])
    table |= {"tableId": old["tableId"], "range": ranges.echoed(area)}
    table["columnProperties"] = _inside(old["columnProperties"], area)
    if _named(mask, "columnProperties"):
        _replace_columns(edit, area, table, wanted.get("columnProperties", ()))
    tables.name_header(edit.book, area)
    sheet.part("tables").insert(at, table)
    return {}


def delete_table(edit: Edit, request: Json) -> Json:
    """Delete a table and what is in its cells."""
    wanted = request.get("tableId", "")
    sheet, at = part_with_id(edit.book, "tables", "tableId", wanted)
    table = sheet.part("tables").pop(at)
    area = ranges.from_grid_range(edit.book, table["range"])
    edit.check(area)
    for row in range(area.top, min(area.bottom, len(sheet.rows))):
        for column in range(area.left, area.right):
            sheet.put(row, column, None)
            sheet.put_extra(row, column, {})
    return {}


def _plain_fields(mask: masks.Mask) -> masks.Mask:
    """Return what of *mask* needs no care: all but the range and the columns."""
    names = ("name", "rowsProperties")
    if "*" in mask:
        return {name: {} for name in names}
    return {name: mask[name] for name in names if name in mask}


def _rows_properties(wanted: Json) -> Json:
    """Return the colours of a table's rows; here alone no plain `…Color` stands beside."""
    coloured = with_colours(wanted.get("rowsProperties", {}))
    return {name: value for name, value in coloured.items() if name.endswith("Style")}


def _named(mask: masks.Mask, name: str) -> bool:
    return name in mask or "*" in mask


def _columns(area: Area, sent: Iterable[Json]) -> dict[int, Json]:
    """Return the columns of a request by index; raises `Refused` for what cannot be."""
    found: dict[int, Json] = {}
    for one in sent:
        index = one.get("columnIndex", 0)
        if not 0 <= index < area.width or index in found:
            raise bad_request(f"Invalid column index: {index}.")
        is_dropdown = one.get("columnType") == "DROPDOWN"
        has_rule = "condition" in one.get("dataValidationRule", {})
        if is_dropdown and not has_rule:
            raise bad_request("Condition must be set for dropdown column type.")
        if has_rule and not is_dropdown:
            raise bad_request("Cannot set condition for non-dropdown column type.")
        found[index] = one
    return found


def _replace_columns(edit: Edit, area: Area, table: Json, sent: Iterable[Json]) -> None:
    columns = _columns(area, sent)
    if not all(one.get("columnName") for one in columns.values()):
        raise bad_request("Table header row cell must have a value.")
    _set_columns(edit, area, table, columns)


def _set_columns(edit: Edit, area: Area, table: Json, sent: Mapping[int, Json]) -> None:
    """Write the names of *sent* into the header, and keep its types in *table*."""
    table["columnProperties"] = []
    for index, one in sorted(sent.items()):
        column = area.left + index
        at = _one_column(area.sheet, column)
        details = {key: one[key] for key in ("columnType", "dataValidationRule") if key in one}
        table["columnProperties"].append({"at": at} | details)
        area.sheet.put(area.top, column, one["columnName"])
        if one.get("columnType") == "BOOLEAN":
            _untick(area, column)
    tables.name_header(edit.book, area)


def _untick(area: Area, column: int) -> None:
    """Make the column checkboxes: texts and empty cells become FALSE."""
    for row in range(area.top + 1, area.bottom):
        value = area.sheet.value(row, column)
        if value is None or isinstance(value, str):
            area.sheet.put(row, column, value=False)


def _inside(columns: list[Json], area: Area) -> list[Json]:
    return [one for one in columns if area.left <= one["at"]["startColumnIndex"] < area.right]


def _one_column(sheet: Sheet, column: int) -> Json:
    head: Json = {"sheetId": sheet.sheet_id} if sheet.sheet_id else {}
    return head | {"startColumnIndex": column, "endColumnIndex": column + 1}


def _check_free(area: Area, *, own: str | None) -> None:
    for table in area.sheet.parts.get("tables", ()):
        if table["tableId"] != own and ranges.overlap(table["range"], area):
            raise bad_request("A table can't overlap another table.")


def _check_identity(book: Book, name: str, table_id: str) -> None:
    if not name:
        raise bad_request("The table name cannot be empty.")
    for sheet in book.sheets:
        for table in sheet.parts.get("tables", ()):
            if table["tableId"] == table_id:
                raise bad_request(f"There is already a table with id: {table_id}")
            if table["name"].casefold() == name.casefold():
                raise bad_request(f"There is already a table with the name: {name}")


def _free_name(book: Book) -> str:
    names = {one["name"] for sheet in book.sheets for one in sheet.parts.get("tables", ())}
    number = 1
    while f"Table{number}" in names:
        number += 1
    return f"Table{number}"
