"""The request that draws lines around and between cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.look import border

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.ranges import Area


def update_borders(edit: Edit, request: Json) -> Json:
    """Draw the lines that are named; `NONE` wipes one off, one not named stays."""
    area = ranges.from_grid_range(edit.book, request.get("range", {}))
    edit.check(area)
    lines = {name: border(line) for name, line in request.items() if name != "range"}
    for row in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            names = _sides(area, row, column)
            sides = {side: lines[name] for side, name in names.items() if name in lines}
            _draw(area, row, column, sides)
    return {}


def _sides(area: Area, row: int, column: int) -> dict[str, str]:
    """Return which line of the request each side of a cell is."""
    return {
        "top": "top" if row == area.top else "innerHorizontal",
        "bottom": "bottom" if row == area.bottom - 1 else "innerHorizontal",
        "left": "left" if column == area.left else "innerVertical",
        "right": "right" if column == area.right - 1 else "innerVertical",
    }


def _draw(area: Area, row: int, column: int, sides: dict[str, Json | None]) -> None:
    extra = area.sheet.attached(row, column)
    look = extra.get("userEnteredFormat", {})
    borders = look.get("borders", {}) | sides
    drawn = {side: line for side, line in borders.items() if line is not None}
    rest = {name: part for name, part in look.items() if name != "borders"}
    look = rest | ({"borders": drawn} if drawn else {})
    kept = {name: part for name, part in extra.items() if name != "userEnteredFormat"}
    area.sheet.put_extra(row, column, kept | ({"userEnteredFormat": look} if look else {}))
