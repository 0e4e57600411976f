"""Requests that copy, cut and paste."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import clips, merges, ranges
from sync.sandbox.sheets.cells import CellError, Formula, Value
from sync.sandbox.sheets.formulas.rewriting import copied, followed
from sync.sandbox.sheets.moves import Carry
from sync.sandbox.sheets.ranges import Area
from sync.sandbox.sheets.reading import effective

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.clips import Clip
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.sheet import Sheet

_NORMAL, _BORDERLESS = "PASTE_NORMAL", "PASTE_NO_BORDERS"
_VALUES, _FORMULAS, _RULES = "PASTE_VALUES", "PASTE_FORMULA", "PASTE_CONDITIONAL_FORMATTING"
_WHOLE = {_NORMAL, _BORDERLESS}
_PASTES_VALUES = _WHOLE | {_VALUES, _FORMULAS}
#: which parts of CellData a paste brings along; what is not here brings none
_PARTS = {
    "PASTE_FORMAT": ("userEnteredFormat", "dataValidation"),
    "PASTE_DATA_VALIDATION": ("dataValidation",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """
    Cells on their way from one area to a block of tiles.

    rows:  where each cell of a tile comes from
    block: all tiles together
    """

    source: Area
    rows: Sequence[Sequence[tuple[int, int]]]
    block: Area

    @property
    def height(self) -> int:
        """Rows of a tile."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Columns of a tile."""
        return len(self.rows[0])

    @property
    def tiles(self) -> Iterator[tuple[int, int]]:
        """The top left cell of each tile."""
        for top in range(self.block.top, self.block.bottom, self.height):
            for left in range(self.block.left, self.block.right, self.width):
                yield top, left


def copy_paste(edit: Edit, request: Json) -> Json:
    """
    Copy cells; a destination of several times the source's size is filled with copies.

    Relative references in formulas move along, `$` holds them.
    """
    copy = _copy(edit, request)
    kind = request.get("pasteType", _NORMAL)
    edit.check(copy.block)
    clipped = _clipped(edit, copy, kind)
    merged = merges.inside(copy.source, merges.PASTE) if kind in _WHOLE else []
    if kind in _WHOLE:
        merges.take_out(copy.block, merges.PASTE)
    for top, left in copy.tiles:
        for down, line in enumerate(clipped):
            for right, (value, extra) in enumerate(line):
                moved = _moved(value, copy, (down, right), (top, left))
                _put(copy.block.sheet, (top + down, left + right), (moved, extra), kind)
    _copy_merges(copy, merged, transposed=_is_transposed(request))
    if kind in _WHOLE or kind == _RULES:
        _copy_rules(copy, transposed=_is_transposed(request))
    return {}


def cut_paste(edit: Edit, request: Json) -> Json:
    """Move cells; formulas, names and charts that meant the cells mean them at their new place."""
    source = ranges.from_grid_range(edit.book, request.get("source", {}))
    block = _landing(edit, request.get("destination", {}), source.height, source.width)
    kind = request.get("pasteType", _NORMAL)
    edit.check(source)
    edit.check(block)
    if kind in _WHOLE:
        _move(edit, source, block, kind)
        return {}
    copy = _Copy(source=source, rows=_places(source), block=block)
    clipped = _clipped(edit, copy, kind)
    for place in _cells(source):
        _put(source.sheet, place, (None, {}), kind)
    for down, line in enumerate(clipped):
        for right, clip in enumerate(line):
            _put(block.sheet, (block.top + down, block.left + right), clip, kind)
    return {}


def _copy(edit: Edit, request: Json) -> _Copy:
    source = ranges.from_grid_range(edit.book, request.get("source", {}))
    wanted = ranges.from_grid_range(edit.book, request.get("destination", {}))
    rows = _places(source)
    if _is_transposed(request):
        rows = list(zip(*rows, strict=True))
    height, width = len(rows), len(rows[0])
    block = replace(
        wanted,
        bottom=wanted.top + (height if wanted.height % height else wanted.height),
        right=wanted.left + (width if wanted.width % width else wanted.width),
    )
    _check_in_grid(block)
    return _Copy(source=source, rows=rows, block=block)


def _is_transposed(request: Json) -> bool:
    return bool(request.get("pasteOrientation") == "TRANSPOSE")


def _landing(edit: Edit, start: Json, height: int, width: int) -> Area:
    sheet = edit.book.sheet(start.get("sheetId", 0))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    if top < 0 or left < 0:
        raise bad_request("The destination must not be negative.")
    block = Area(sheet=sheet, top=top, bottom=top + height, left=left, right=left + width)
    _check_in_grid(block)
    return block


def _check_in_grid(block: Area) -> None:
    sheet = block.sheet
    if block.bottom > sheet.row_count or block.right > sheet.column_count:
        raise ranges.off_grid(sheet, block.top, block.bottom, block.left, block.right)


def _places(area: Area) -> list[tuple[tuple[int, int], ...]]:
    columns = range(area.left, area.right)
    return [tuple((row, column) for column in columns) for row in range(area.top, area.bottom)]


def _cells(area: Area) -> Iterator[tuple[int, int]]:
    return (place for line in _places(area) for place in line)


def _clipped(edit: Edit, copy: _Copy, kind: str) -> list[list[Clip]]:
    """Return what one tile is filled with, as far as *kind* needs it."""
    sheet = copy.source.sheet
    return [
        [
            (
                _result(edit, sheet, place) if kind == _VALUES else sheet.value(*place),
                _brought(sheet.attached(*place), kind),
            )
            for place in line
        ]
        for line in copy.rows
    ]


def _result(edit: Edit, sheet: Sheet, place: tuple[int, int]) -> Value:
    result = effective(edit.book, sheet, *place)
    return result.code if isinstance(result, CellError) else result


def _brought(extra: Json, kind: str) -> Json:
    look = extra.get("userEnteredFormat", {})
    if kind != _BORDERLESS or "borders" not in look:
        return extra
    rest = {name: part for name, part in look.items() if name != "borders"}
    kept = {name: part for name, part in extra.items() if name != "userEnteredFormat"}
    return kept | ({"userEnteredFormat": rest} if rest else {})


def _moved(value: Value, copy: _Copy, at: tuple[int, int], tile: tuple[int, int]) -> Value:
    if not isinstance(value, Formula):
        return value
    row, column = copy.rows[at[0]][at[1]]
    return copied(value, tile[0] + at[0] - row, tile[1] + at[1] - column)


def _put(sheet: Sheet, place: tuple[int, int], clip: Clip, kind: str) -> None:
    value, extra = clip
    if kind in _PASTES_VALUES:
        sheet.put(*place, value)
    if kind in _WHOLE:
        sheet.put_extra(*place, extra)
    elif kind in _PARTS:
        names = _PARTS[kind]
        old = sheet.attached(*place)
        kept = {name: part for name, part in old.items() if name not in names}
        brought = {name: part for name, part in extra.items() if name in names}
        sheet.put_extra(*place, kept | brought)


def _copy_merges(copy: _Copy, merged: Sequence[Json], *, transposed: bool) -> None:
    for top, left in copy.tiles:
        merges.add(_shifted(copy, merge, (top, left), transposed=transposed) for merge in merged)


def _shifted(copy: _Copy, place: Json, tile: tuple[int, int], *, transposed: bool) -> Area:
    """Return where a place inside the source comes to lie in a tile."""
    down = place["startRowIndex"] - copy.source.top
    right = place["startColumnIndex"] - copy.source.left
    height = place["endRowIndex"] - place["startRowIndex"]
    width = place["endColumnIndex"] - place["startColumnIndex"]
    if transposed:
        down, right, height, width = right, down, width, height
    top, left = tile[0] + down, tile[1] + right
    return replace(copy.block, top=top, bottom=top + height, left=left, right=left + width)


def _copy_rules(copy: _Copy, *, transposed: bool) -> None:
    """Let colour rules of the source hold for its copies, too."""
    source, there = copy.source, copy.block.sheet
    rules = source.sheet.parts.get("conditionalFormats", ())
    for at, rule in enumerate(list(rules)):
        parts = [one for own in rule["ranges"] if (one := _common(own, source)) is not None]
        new = [
            ranges.echoed(_shifted(copy, part, tile, transposed=transposed))
            for tile in copy.tiles
            for part in parts
        ]
        if new and there is source.sheet:
            source.sheet.part("conditionalFormats")[at] = rule | {"ranges": rule["ranges"] + new}
        elif new:
            there.part("conditionalFormats").append(rule | {"ranges": new})


def _common(place: Json, area: Area) -> Json | None:
    """Return what a GridRange on the area's tab shares with it."""
    if not ranges.overlap(place, area):
        return None
    return {
        "startRowIndex": max(place.get("startRowIndex", 0), area.top),
        "endRowIndex": min(place.get("endRowIndex", area.bottom), area.bottom),
        "startColumnIndex": max(place.get("startColumnIndex", 0), area.left),
        "endColumnIndex": min(place.get("endColumnIndex", area.right), area.right),
    }


def _move(edit: Edit, source: Area, block: Area, kind: str) -> None:
    merged = merges.take_out(source, merges.CUT)
    merges.take_out(block, merges.PASTE)
    change = Carry(
        source=ranges.echoed(source),
        sheet_id=block.sheet.sheet_id,
        down=block.top - source.top,
        right=block.left - source.left,
    )
    rows = [
        [
            (_carried(edit, value, change, source, block), _brought(extra, kind))
            for value, extra in line
        ]
        for line in clips.taken(source)
    ]
    clips.emptied(source)
    edit.book.carry(change)
    clips.laid(block.sheet, block.top, block.left, rows)
    merges.add(ranges.from_grid_range(edit.book, change.moved(merge)) for merge in merged)


def _carried(edit: Edit, value: Value, change: Carry, source: Area, block: Area) -> Value:
    if not isinstance(value, Formula):
        return value
    return followed(value, change, edit.book, source.sheet, block.sheet)
