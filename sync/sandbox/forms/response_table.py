"""
The form's rows as a Sheets table, as Google makes them in new tabs.

Sorting such a table moves only its own columns. The switch `response_table` says whether
the sandbox's forms have one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets import tables

if TYPE_CHECKING:
    from random import Random

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.state import State

_NAME = "Form_Responses"


def follow_switch(state: State, random: Random) -> None:
    """Make the response sheets' tables, or take them away and leave their cells."""
    for form in state.forms.values():
        if form.spreadsheet_id not in state.spreadsheets:
            continue
        book = state.book(form.spreadsheet_id).draft()
        for sheet in book.sheets:
            if sheet.sheet_id == form.sheet_id:
                _set_table(sheet, random, wanted=state.switches["response_table"] == "table")
        state.spreadsheets[book.spreadsheet_id] = book


def grow_response_table(sheet: Sheet, row: int) -> None:
    """Let the form's table reach to *row*, and to the form's last column."""
    table = _table(sheet)
    if table is not None:
        tables.stretch(sheet, table, bottom=row + 1, right=max(_columns(sheet)) + 1)


def _set_table(sheet: Sheet, random: Random, *, wanted: bool) -> None:
    table, columns = _table(sheet), _columns(sheet)
    if table is not None and not wanted:
        sheet.part("tables").remove(table)
    elif table is None and wanted and columns:
        bottom = max((at for at, row in enumerate(sheet.rows) if row.from_form), default=0) + 1
        sheet.part("tables").append(_new_table(sheet, columns, bottom, random))


def _new_table(sheet: Sheet, columns: list[int], bottom: int, random: Random) -> Json:
    covered: Json = {"sheetId": sheet.sheet_id} if sheet.sheet_id else {}
    covered |= {"startRowIndex": 0, "endRowIndex": bottom}
    covered |= {"startColumnIndex": min(columns), "endColumnIndex": max(columns) + 1}
    table_id = str(random.randrange(1, 2**31))
    return {"tableId": table_id, "name": _NAME, "range": covered, "columnProperties": []}


def _table(sheet: Sheet) -> Json | None:
    found = (tables.table_around(sheet, 0, column) for column in _columns(sheet))
    return next((table for table in found if table is not None), None)


def _columns(sheet: Sheet) -> list[int]:
    return [at for at, properties in enumerate(sheet.columns) if "question" in properties]
