"""Office staff at work in sheets and forms: at once, before a certain call, or at random."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sync.sandbox.discovery import methods
from sync.sandbox.forms import author
from sync.sandbox.reply import Refused, bad_request
from sync.sandbox.sheets import clips
from sync.sandbox.sheets.edit import Edit
from sync.sandbox.sheets.kinds.lines import sort_rows
from sync.sandbox.sheets.ranges import Area, from_grid_range
from sync.sandbox.sheets.tables import body_area, table_around

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from random import Random

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.state import State

_RANDOM = (
    ("sort", 4),
    ("move_row", 3),
    ("insert", 2),
    ("edit", 2),
    ("copy", 1),
    ("delete", 1),
    ("hide", 1),
    ("move_column", 1),
)


@dataclass(slots=True, kw_only=True)
class Script:
    """
    What staff will do.

    do:     actions in order, each `{name: {"sheet": gid, …}}`
    method: they wait for its `nth` call; empty: any call
    rate:   at random before calls, this often
    """

    do: list[Json]
    method: str = ""
    nth: int = 1
    rate: float = 0.0
    random: Random
    failed: list[str] = field(default_factory=list)

    def json(self) -> Json:
        """Return what is still to happen."""
        if self.rate:
            return {"do": "random", "rate": self.rate, "failed": self.failed}
        before = {"method": self.method, "nth": self.nth}
        return {"do": self.do, "before": before, "failed": self.failed}


class Staff:
    """The scripts that wait."""

    def __init__(self) -> None:
        self.waiting: list[Script] = []

    def due(self, method: str, state: State) -> Iterator[tuple[Script, Json]]:
        """Yield the actions that happen before this call of *method*."""
        for script in list(self.waiting):
            if script.rate:
                if script.random.random() < script.rate:
                    yield script, _random_action(state, script.random)
            elif script.method == method:
                script.nth -= 1
                if not script.nth:
                    self.waiting.remove(script)
                    for action in script.do:
                        yield script, action


def script(wanted: Mapping[str, Any]) -> Script:
    """Return the script that a request describes; raises `Refused` (400)."""
    dice = random.Random(wanted.get("seed"))  # noqa: S311  # repeatable on purpose
    do, before = wanted.get("do"), wanted.get("before")
    if do == "random":
        rate = wanted.get("rate", 0.3)
        if not isinstance(rate, int | float) or not 0 < rate <= 1:
            raise bad_request("rate is a number above 0, at most 1")
        return Script(do=[], rate=rate, random=dice)
    if not isinstance(do, list) or not do:
        raise bad_request('do is a list of actions, or "random"')
    for action in do:
        _check(action)
    if before is None:
        return Script(do=do, random=dice)
    method, nth = before.get("method"), before.get("nth", 1)
    if method not in methods() and method != "token":
        raise bad_request(f"Unknown method {method!r}; use a discovery id, or token")
    if not isinstance(nth, int) or nth < 1:
        raise bad_request("nth counts from 1")
    return Script(do=do, method=method, nth=nth, random=dice)


def act(state: State, action: Json, *, now: datetime, random: Random, email: str) -> None:
    """Do one action; raises `Refused` (400) where it makes no sense."""
    name, details = _check(action)
    if name in author.ACTIONS:
        author.act(state, name, details, now=now, random=random)
        return
    book = _book(state, details)
    edit = Edit(
        book=book.draft(),
        email=email,
        owner=email,
        now=now,
        random=random,
        switches=state.switches,
    )
    ACTIONS[name](edit, _sheet(edit.book, details), details)
    state.spreadsheets[book.spreadsheet_id] = edit.book


def _check(action: object) -> tuple[str, Json]:
    if not isinstance(action, dict) or len(action) != 1:
        raise bad_request('an action is {"name": {…}}')
    name, details = next(iter(action.items()))
    known = ACTIONS.keys() | author.ACTIONS.keys()
    if name not in known or not isinstance(details, dict):
        raise bad_request(f"Unknown action {name!r}; there are {', '.join(sorted(known))}")
    missing = (_NEEDS | author.NEEDS)[name] - details.keys()
    if missing:
        raise bad_request(f"{name} needs {', '.join(sorted(missing))}")
    for key in ("row", "to", "column", "sheet"):
        if not isinstance(details.get(key, 0), int) or details.get(key, 0) < 0:
            raise bad_request(f"{key} is a number from 0")
    value = details.get("value", "")
    if not isinstance(value, str) and (name.startswith("rename") or isinstance(value, list | dict)):
        raise bad_request("value is a text; of a cell it may be a number, true or false")
    return name, details


def _book(state: State, details: Json) -> Book:
    if "spreadsheet" in details:
        return state.book(details["spreadsheet"])
    gid = details.get("sheet", 0)
    for book in state.spreadsheets.values():
        if any(sheet.sheet_id == gid for sheet in book.sheets):
            return book
    if gid == 0 and state.spreadsheets:
        return next(iter(state.spreadsheets.values()))
    raise bad_request(f"No sheet with id: {gid}")


def _sheet(book: Book, details: Json) -> Sheet:
    """Return the tab; a gid of 0 that no tab has means the first one."""
    gid = details.get("sheet", 0)
    for sheet in book.sheets:
        if sheet.sheet_id == gid:
            return sheet
    return book.first_sheet()


def _sort(edit: Edit, sheet: Sheet, details: Json) -> None:
    """Sort all rows below the header; in a table, only what lies inside the table."""
    column = details["column"]
    bottom = sheet.last_filled_row() + 1
    area = Area(sheet=sheet, top=min(1, bottom), bottom=bottom, left=0, right=sheet.column_count)
    table = table_around(sheet, 0, column)
    if table is not None:
        area = body_area(from_grid_range(edit.book, table["range"]))
    sort_rows(edit, area, [(column, bool(details.get("descending")))])


def _insert(_edit: Edit, sheet: Sheet, details: Json) -> None:
    row = _row(sheet, details["row"])
    sheet.insert_rows(row, 1, inherit=row if row < len(sheet.rows) else None)


def _delete(_edit: Edit, sheet: Sheet, details: Json) -> None:
    sheet.delete_rows(_row(sheet, details["row"]), 1)


def _hide(_edit: Edit, sheet: Sheet, details: Json) -> None:
    sheet.row_to_change(_row(sheet, details["row"])).hidden = True


def _copy(_edit: Edit, sheet: Sheet, details: Json) -> None:
    """Insert a copy of a row: staff copy a line and paste it as a new one."""
    row, to = _row(sheet, details["row"]), _row(sheet, details["to"])
    sheet.row_to_change(row)
    sheet.insert_rows(to, 1)
    model = row if row < to else row + 1
    line = Area(sheet=sheet, top=model, bottom=model + 1, left=0, right=sheet.column_count)
    clips.laid(sheet, to, 0, [clips.lowered(clips.taken(line)[0], to - model)])


def _move_row(_edit: Edit, sheet: Sheet, details: Json) -> None:
    row, to = _row(sheet, details["row"]), _row(sheet, details["to"])
    if row != to:
        sheet.move_rows(row, row + 1, to + 1 if to > row else to)


def _move_column(_edit: Edit, sheet: Sheet, details: Json) -> None:
    column, to = _column(sheet, details["column"]), _column(sheet, details["to"])
    if column != to:
        sheet.move_columns(column, column + 1, to + 1 if to > column else to)


def _edit_cell(edit: Edit, sheet: Sheet, details: Json) -> None:
    row, column = _row(sheet, details["row"]), _column(sheet, details["column"])
    edit.write(sheet, row, column, details["value"], raw=False)


def _rename_header(edit: Edit, sheet: Sheet, details: Json) -> None:
    _edit_cell(edit, sheet, details | {"row": 0})


def _rename_sheet(edit: Edit, sheet: Sheet, details: Json) -> None:
    edit.book.rename_sheet(sheet, details["value"])


def _row(sheet: Sheet, row: int) -> int:
    if row >= sheet.row_count:
        raise bad_request(f"No row {row}: there are {sheet.row_count}")
    return row


def _column(sheet: Sheet, column: int) -> int:
    if column >= sheet.column_count:
        raise bad_request(f"No column {column}: there are {sheet.column_count}")
    return column


ACTIONS: Mapping[str, Callable[[Edit, Sheet, Json], None]] = {
    "sort": _sort,
    "insert": _insert,
    "delete": _delete,
    "hide": _hide,
    "copy": _copy,
    "move_row": _move_row,
    "move_column": _move_column,
    "edit": _edit_cell,
    "rename_header": _rename_header,
    "rename_sheet": _rename_sheet,
}
_NEEDS = {
    "sort": {"column"},
    "insert": {"row"},
    "delete": {"row"},
    "hide": {"row"},
    "copy": {"row", "to"},
    "move_row": {"row", "to"},
    "move_column": {"column", "to"},
    "edit": {"row", "column", "value"},
    "rename_header": {"column", "value"},
    "rename_sheet": {"value"},
}


def _random_action(state: State, dice: Random) -> Json:
    """Return something that staff might do in a form's response sheet."""
    form = next(iter(state.forms.values()), None)
    if form is None:
        raise Refused(400, "There is no form whose sheet staff could work in.")
    sheet = state.book(form.spreadsheet_id).sheet(form.sheet_id)
    rows, columns = max(sheet.last_filled_row(), 1), max(sheet.filled_width(), 1)
    names, weights = zip(*_RANDOM, strict=True)
    name = dice.choices(names, weights)[0]
    found = {
        "row": dice.randint(1, rows),
        "column": dice.randrange(columns),
        "to": dice.randrange(columns) if name == "move_column" else dice.randint(1, rows),
        "value": f"diubah {dice.randrange(1000)}",
    }
    needs = _NEEDS[name]
    details = {key: value for key, value in found.items() if key in needs}
    return {name: {"sheet": form.sheet_id} | details}
