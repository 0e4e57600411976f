"""The autoFill request: a series that goes on."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.cells import Formula, Value, number
from sync.sandbox.sheets.formats import is_date
from sync.sandbox.sheets.formulas.rewriting import copied
from sync.sandbox.sheets.reading import number_format

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.ranges import Area

_NUMBERED = re.compile(r"(.*?)(\d{1,15})", re.DOTALL)


def auto_fill(edit: Edit, request: Json) -> Json:
    """
    Go on with what cells begin: numbers in even steps, dates, numbered texts, formulas.

    A single number is repeated, with `useAlternateSeries` counted on (and then what would
    be counted on is repeated). Anything else is repeated in turn.
    """
    source, block = _areas(edit, request)
    edit.check(block)
    down = source.left == block.left and source.width == block.width
    other = bool(request.get("useAlternateSeries"))
    lines = range(source.left, source.right) if down else range(source.top, source.bottom)
    for line in lines:
        _fill(source, block, line, down=down, other=other)
    return {}


def _areas(edit: Edit, request: Json) -> tuple[Area, Area]:
    """Return where a series begins, and the block that holds all of it afterwards."""
    if "sourceAndDestination" in request:
        wanted = request["sourceAndDestination"]
        source = ranges.from_grid_range(edit.book, wanted.get("source", {}))
        return source, _stretched(source, wanted.get("dimension"), wanted.get("fillLength", 0))
    block = ranges.from_grid_range(edit.book, request.get("range", {}))
    return _begun(block), block


def _stretched(source: Area, dimension: str | None, length: int) -> Area:
    if dimension not in {"ROWS", "COLUMNS"}:
        raise bad_request("dimension must be set.")
    before, after = max(-length, 0), max(length, 0)
    block = replace(source, left=source.left - before, right=source.right + after)
    if dimension == "ROWS":
        block = replace(source, top=source.top - before, bottom=source.bottom + after)
    sheet = source.sheet
    outside = block.bottom > sheet.row_count or block.right > sheet.column_count
    if outside or block.top < 0 or block.left < 0:
        raise ranges.off_grid(sheet, block.top, block.bottom, block.left, block.right)
    return block


def _begun(block: Area) -> Area:
    """Return the rows at the top of *block* that hold something, else its left columns."""
    sheet = block.sheet
    rows = [row.filled(block.left, block.right) for row in sheet.rows[block.top : block.bottom]]
    height = (*rows, False).index(False)
    if 0 < height < block.height:
        return replace(block, bottom=block.top + height)
    span = range(block.top, block.bottom)
    columns = range(block.left, block.right)
    filled = [any(sheet.value(row, column) is not None for row in span) for column in columns]
    width = (*filled, False).index(False)
    return replace(block, right=block.left + width) if width else block


def _fill(source: Area, block: Area, line: int, *, down: bool, other: bool) -> None:
    sheet = source.sheet
    start, end = (source.top, source.bottom) if down else (source.left, source.right)
    first, last = (block.top, block.bottom) if down else (block.left, block.right)
    places = [(at, line) if down else (line, at) for at in range(start, end)]
    values = [sheet.value(*place) for place in places]
    dates = is_date(number_format(sheet.attached(*places[0])))
    for at in range(first, last):
        if start <= at < end:
            continue
        model = (at - start) % len(places)
        value = _continued(values, at - start, dates=dates, other=other)
        by = at - start - model
        if isinstance(value, Formula):
            value = copied(value, by if down else 0, 0 if down else by)
        place = (at, line) if down else (line, at)
        sheet.put(*place, value)
        sheet.put_extra(*place, sheet.attached(*places[model]))


def _continued(values: Sequence[Value], at: int, *, dates: bool, other: bool) -> Value:
    """Return the value of a series at *at*, counted from its beginning."""
    numbers = [one for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) == len(values):
        counts = len(numbers) > 1 or dates
        if counts == other:
            return numbers[at % len(numbers)]
        step = (numbers[-1] - numbers[0]) / (len(numbers) - 1) if len(numbers) > 1 else 1
        following = float(numbers[0] + step * at)
        return number(following) if isfinite(following) else numbers[-1]
    model = values[at % len(values)]
    match = _NUMBERED.fullmatch(model) if isinstance(model, str) else None
    if match is None or other:
        return model
    return f"{match[1]}{max(int(match[2]) + at // len(values), 0):0{len(match[2])}}"
