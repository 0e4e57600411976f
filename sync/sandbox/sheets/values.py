"""The `spreadsheets.values` methods."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sync.sandbox.reply import Refused, bad_request
from sync.sandbox.sheets import data_filters, ranges
from sync.sandbox.sheets import edit as edits
from sync.sandbox.sheets.ranges import Area
from sync.sandbox.sheets.reading import Rendering, rendering, value_range
from sync.sandbox.sheets.table import table_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sync.sandbox.reply import Call, Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.state import State

_INPUT_OPTIONS = {"RAW": True, "USER_ENTERED": False}


def get(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.values.get."""
    book = edits.opened(call, state)
    area = ranges.parsed(book, call.path["range"])
    return value_range(book, area, rendering(call.query), call.query.get("majorDimension"))


def batch_get(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.values.batchGet; one bad range fails all."""
    book = edits.opened(call, state)
    how, dimension = rendering(call.query), call.query.get("majorDimension")
    areas = [ranges.parsed(book, text) for text in call.query.get("ranges", ())]
    found = [value_range(book, area, how, dimension) for area in areas]
    return _named(book, {"valueRanges": found} if found else {})


def batch_get_by_data_filter(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.values.batchGetByDataFilter."""
    book = edits.opened(call, state)
    how, dimension = rendering(call.body), call.body.get("majorDimension")
    found = [
        {"valueRange": value_range(book, area, how, dimension), "dataFilters": matching}
        for area, matching in _matched(book, call)
    ]
    return _named(book, {"valueRanges": found} if found else {})


def update(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.values.update."""
    edit = edits.begun(call, state)
    area = ranges.parsed(edit.book, call.path["range"])
    _check_same_range(edit, area, call)
    written = _written(edit, area, call.body, raw=_raw(call.query))
    answer = written.json(edit.book, _echo(call.query), edit.switches)
    return edits.kept(edit, state, answer)


def _check_same_range(edit: Edit, area: Area, call: Call) -> None:
    """Raise `Refused` where the body names another range than the address."""
    own = call.body.get("range", "")
    if not own or own == call.path["range"]:
        return
    try:
        same = ranges.parsed(edit.book, own) == area
    except Refused:
        same = False
    if not same:
        raise bad_request(
            f"Request range[{call.path['range']}] does not match value's range[{own}]"
        )


def batch_update(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.values.batchUpdate: all ranges or none."""
    edit = edits.begun(call, state)
    raw = _raw(call.body)
    blocks = []
    for at, one in enumerate(call.body.get("data", ())):
        with _place_named(at):
            area = ranges.parsed(edit.book, one.get("range", ""))
            blocks.append(_written(edit, area, one, raw=raw))
    return edits.kept(edit, state, _totals(edit, blocks, call.body))


def batch_update_by_data_filter(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.values.batchUpdateByDataFilter: all or none."""
    edit = edits.begun(call, state)
    raw = _raw(call.body)
    blocks, filters = [], []
    for at, one in enumerate(call.body.get("data", ())):
        with _place_named(at):
            for area in data_filters.areas(edit.book, one.get("dataFilter", {}), edit.email):
                blocks.append(_written(edit, area, one, raw=raw))
                filters.append(one["dataFilter"])
    answer = _totals(edit, blocks, call.body)
    for response, matched in zip(answer.get("responses", ()), filters, strict=True):
        del response["spreadsheetId"]
        response["dataFilter"] = matched
    return edits.kept(edit, state, answer)


def append(call: Call, state: State) -> Json:
    """
    Answer sheets.spreadsheets.values.append.

    The table is the block around the lowest filled cell of the range; the lines go
    below it, at its left edge. The grid grows when it must.
    """
    edit = edits.begun(call, state)
    area = ranges.parsed(edit.book, call.path["range"])
    _check_same_range(edit, area, call)
    lines = _lines(call.body)
    table = table_at(area)
    top, left = (table.bottom, table.left) if table else (area.top, area.left)
    _make_room(edit, area, top, left, lines, insert=_inserts(call))
    block = Area(sheet=area.sheet, top=top, bottom=top + 1, left=left, right=left + 1)
    written = _put_block(edit, block, lines, raw=_raw(call.query))
    updates = written.json(edit.book, _echo(call.query), edit.switches)
    answer = {"tableRange": table.a1} if table else {}
    return edits.kept(edit, state, _named(edit.book, answer | {"updates": updates}))


def clear(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.values.clear; formats stay."""
    edit = edits.begun(call, state)
    area = ranges.parsed(edit.book, call.path["range"])
    _emptied(edit, area)
    return edits.kept(edit, state, _named(edit.book, {"clearedRange": area.a1}))


def batch_clear(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.values.batchClear."""
    edit = edits.begun(call, state)
    areas = [ranges.parsed(edit.book, text) for text in call.body.get("ranges", ())]
    return edits.kept(edit, state, _cleared(edit, areas))


def batch_clear_by_data_filter(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.values.batchClearByDataFilter."""
    edit = edits.begun(call, state)
    areas = [area for area, _ in _matched(edit.book, call)]
    return edits.kept(edit, state, _cleared(edit, areas))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What a block write did; only cells with a value that was not null count."""

    area: Area
    lines: list[list[Any]]
    rows: set[int]
    columns: set[int]
    cells: int

    def json(self, book: Book, echo: Echo | None, switches: Mapping[str, str]) -> Json:
        counts = {
            "updatedRows": len(self.rows),
            "updatedColumns": len(self.columns),
            "updatedCells": self.cells,
        }
        answer: Json = {"spreadsheetId": book.spreadsheet_id, "updatedRange": self.area.a1}
        answer |= {name: count for name, count in counts.items() if count}
        if echo is not None:
            answer["updatedData"] = self._echoed(book, echo, switches)
        return answer

    def _echoed(self, book: Book, echo: Echo, switches: Mapping[str, str]) -> Json:
        found = value_range(book, self.area, echo.how, None)
        if switches["null_echo"] == "touched" and "values" in found:
            found["values"] = [
                [cell if sent is not None else "" for cell, sent in zip(line, given, strict=False)]
                for line, given in zip(found["values"], self.lines, strict=False)
            ]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """How written values are asked back."""

    how: Rendering


def _echo(asked: Mapping[str, Any]) -> Echo | None:
    if not asked.get("includeValuesInResponse"):
        return None
    return Echo(how=rendering(asked, response=True))


def _raw(asked: Mapping[str, Any]) -> bool:
    option = asked.get("valueInputOption")
    if option not in _INPUT_OPTIONS:
        raise bad_request("'valueInputOption' is required but not specified")
    return _INPUT_OPTIONS[option]


def _lines(body: Json) -> list[list[Any]]:
    lines: list[list[Any]] = body.get("values", [])
    if body.get("majorDimension") == "COLUMNS":
        return [list(line) for line in zip_longest(*lines)]
    return lines


def _written(edit: Edit, area: Area, body: Json, *, raw: bool) -> _Written:
    lines = _lines(body)
    height, width = len(lines), max(map(len, lines), default=0)
    if not area.open_ended:
        if height > area.height:
            raise _outside(area, f"row [{area.top + area.height + 1}]")
        if width > area.width:
            letters = ranges.column_letters(area.left + area.width)
            raise _outside(area, f"column [{letters}]")
    bottom, right = area.top + max(height, 1), area.left + max(width, 1)
    if bottom > area.sheet.row_count or right > area.sheet.column_count:
        raise ranges.off_grid(area.sheet, area.top, bottom, area.left, right)
    return _put_block(edit, area, lines, raw=raw)


@contextmanager
def _place_named(at: int) -> Iterator[None]:
    """Tell which item of a batch is wrong, as Google does."""
    try:
        yield
    except Refused as refused:
        raise Refused(refused.status, f"Invalid data[{at}]: {refused.message}") from None


def _outside(area: Area, where: str) -> Refused:
    return bad_request(f"Requested writing within range [{area.a1}], but tried writing to {where}")


def _put_block(edit: Edit, area: Area, lines: list[list[Any]], *, raw: bool) -> _Written:
    bottom = area.top + max(len(lines), 1)
    right = area.left + max(max(map(len, lines), default=0), 1)
    block = Area(sheet=area.sheet, top=area.top, bottom=bottom, left=area.left, right=right)
    for row, line in enumerate(lines, block.top):
        edit.write_line(block.sheet, row, block.left, line, raw=raw)
    _check_protections(edit, block, lines)
    return _Written(
        area=block,
        lines=lines,
        rows={row for row, line in enumerate(lines, block.top) if any(_sent(line))},
        columns=_sent_columns(lines, block.left),
        cells=sum(len(line) - line.count(None) for line in lines),
    )


def _sent(line: list[Any]) -> Iterator[bool]:
    return (cell is not None for cell in line)


def _sent_columns(lines: list[list[Any]], left: int) -> set[int]:
    columns: set[int] = set()
    for line in lines:
        if None not in line:
            columns.update(range(left, left + len(line)))
        else:
            columns.update(at for at, sent in enumerate(_sent(line), left) if sent)
    return columns


def _check_protections(edit: Edit, block: Area, lines: list[list[Any]]) -> None:
    if not any(edit.book.protections(block)):
        return
    for row, line in enumerate(lines, block.top):
        for column, sent in enumerate(_sent(line), block.left):
            if sent:
                edit.check(ranges.cell(block.sheet, row, column))


def _totals(edit: Edit, blocks: list[_Written], body: Json) -> Json:
    echo = _echo(body)
    rows = {(id(block.area.sheet), row) for block in blocks for row in block.rows}
    columns = {(id(block.area.sheet), column) for block in blocks for column in block.columns}
    counts = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(block.cells for block in blocks),
        "totalUpdatedSheets": len({sheet for sheet, _ in rows}),
    }
    answer: Json = {name: count for name, count in counts.items() if count}
    if blocks:
        answer["responses"] = [block.json(edit.book, echo, edit.switches) for block in blocks]
    return _named(edit.book, answer)


def _inserts(call: Call) -> bool:
    return bool(call.query.get("insertDataOption") == "INSERT_ROWS")


def _make_room(
    edit: Edit, area: Area, top: int, left: int, lines: list[list[Any]], *, insert: bool
) -> None:
    sheet = area.sheet
    bottom = top + max(len(lines), 1)
    if insert and top < sheet.row_count:
        sheet.insert_rows(top, len(lines), inherit=top - 1 if top else None)
    sheet.row_count = max(sheet.row_count, bottom)
    width = max(map(len, lines), default=0)
    sheet.column_count = max(sheet.column_count, left + width)
    edit.book.check_size()


def _emptied(edit: Edit, area: Area) -> None:
    edit.check(area)
    for row in range(area.top, min(area.bottom, len(area.sheet.rows))):
        line = area.sheet.rows[row]
        if line.filled(area.left, area.right):
            for column in range(area.left, min(area.right, len(line.cells))):
                area.sheet.put(row, column, None)


def _cleared(edit: Edit, areas: Iterable[Area]) -> Json:
    cleared = []
    for area in areas:
        _emptied(edit, area)
        cleared.append(area.a1)
    return _named(edit.book, {"clearedRanges": cleared} if cleared else {})


def _matched(book: Book, call: Call) -> list[tuple[Area, list[Json]]]:
    """Return each area that the body's filters select, once, with all filters that do."""
    found: dict[str, tuple[Area, list[Json]]] = {}
    for one in data_filters.filters(call.body):
        for area in data_filters.areas(book, one, call.principal.email):
            found.setdefault(area.a1, (area, []))[1].append(one)
    return list(found.values())


def _named(book: Book, rest: Mapping[str, Any]) -> Json:
    return {"spreadsheetId": book.spreadsheet_id, **rest}
