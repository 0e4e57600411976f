"""Where `append` finds a table."""

from __future__ import annotations

from sync.sandbox.sheets.ranges import Area


def table_at(area: Area) -> Area | None:
    """
    Return the table in *area*, None where every cell is empty.

    It is the block of touching cells around the lowest filled cell (the rightmost of
    that row); neighbours touch across corners, too.
    """
    start = _lowest(area)
    if start is None:
        return None
    top, left = start
    bottom, right = top + 1, left + 1
    while True:
        grown = _grown(area, top, bottom, left, right)
        if grown == (top, bottom, left, right):
            return Area(sheet=area.sheet, top=top, bottom=bottom, left=left, right=right)
        top, bottom, left, right = grown


def _lowest(area: Area) -> tuple[int, int] | None:
    rows = area.sheet.rows
    for row in range(min(area.bottom, len(rows)) - 1, area.top - 1, -1):
        cells = rows[row].cells
        for column in range(min(area.right, len(cells)) - 1, area.left - 1, -1):
            if cells[column] is not None:
                return row, column
    return None


def _grown(area: Area, top: int, bottom: int, left: int, right: int) -> tuple[int, int, int, int]:
    """Return the block with every filled line that touches it."""
    rows = area.sheet.rows
    west, east = max(left - 1, 0), right + 1
    while top > 0 and rows[top - 1].filled(west, east):
        top -= 1
    while bottom < len(rows) and rows[bottom].filled(west, east):
        bottom += 1
    around = range(max(top - 1, 0), min(bottom + 1, len(rows)))
    if left > 0 and any(rows[row].value(left - 1) is not None for row in around):
        left -= 1
    if any(rows[row].value(right) is not None for row in around):
        right += 1
    return top, bottom, left, right
