"""What reads return: values in each rendering, trimmed as Google trims them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sync.sandbox.sheets.cells import NO_EXTRA, CellError, Formula, Result, Row, Value
from sync.sandbox.sheets.formats import formatted, is_date
from sync.sandbox.sheets.formulas.calculation import brought_format, computed
from sync.sandbox.sheets.locales import locale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Rendering:
    """How values are asked for, in the API's words."""

    values: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"


def rendering(asked: Mapping[str, Any], *, response: bool = False) -> Rendering:
    """
    Return the rendering that a query or a body asks for, Google's defaults filled in.

    response: of the values that a write shows in its answer
    """
    names = ("valueRenderOption", "dateTimeRenderOption")
    if response:
        names = ("responseValueRenderOption", "responseDateTimeRenderOption")
    values, dates = (asked.get(name) for name in names)
    return Rendering(values or "FORMATTED_VALUE", dates or "SERIAL_NUMBER")


def value_range(book: Book, area: Area, how: Rendering, dimension: str | None) -> Json:
    """Return the API's ValueRange of *area*; all cells empty: no `values`."""
    dimension = "COLUMNS" if dimension == "COLUMNS" else "ROWS"
    body: Json = {"range": area.a1, "majorDimension": dimension}
    lines = grid_values(book, area, how)
    if dimension == "COLUMNS":
        lines = _trimmed([list(line) for line in zip_longest(*lines, fillvalue="")])
    return body | ({"values": lines} if lines else {})


def grid_values(book: Book, area: Area, how: Rendering) -> list[list[Any]]:
    """Return the rows of *area*, empty cells and rows at the ends cut off."""
    rows = area.sheet.rows[area.top : area.bottom]
    lines = [_line(book, area, at, row, how) for at, row in enumerate(rows, area.top)]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def effective(book: Book, sheet: Sheet, row: int, column: int) -> Result:
    """Return what a cell comes to: a formula's result, else what it holds."""
    value = sheet.value(row, column)
    return computed(book, sheet, row, column) if isinstance(value, Formula) else value


def number_format(extra: Json) -> Json:
    """Return the number format in a cell's CellData, `{}` for the general one."""
    found: Json = extra.get("userEnteredFormat", {}).get("numberFormat", {})
    return found


def effective_number_format(book: Book, sheet: Sheet, row: int, column: int) -> Json:
    """Return the number format that a cell is shown in: its own, or that of its formula."""
    own = number_format(sheet.attached(row, column))
    if own or not isinstance(sheet.value(row, column), Formula):
        return own
    return brought_format(book, sheet, row, column)


def shown(book: Book, sheet: Sheet, row: int, column: int) -> str:
    """Return the text that a person sees in the cell."""
    value = effective(book, sheet, row, column)
    pattern = effective_number_format(book, sheet, row, column)
    return formatted(value, pattern, locale(book.locale))


def _line(book: Book, area: Area, at: int, row: Row, how: Rendering) -> list[Any]:
    cells = row.cells[area.left : area.right]
    while cells and cells[-1] is None:
        cells.pop()
    if not cells:
        return []
    if how.values != "FORMATTED_VALUE" and how.dates == "SERIAL_NUMBER" and _plain(cells):
        return ["" if cell is None else cell for cell in cells]
    shown: list[Any] = []
    for column, cell in enumerate(cells, area.left):
        if cell.__class__ is str and column not in row.extras:
            shown.append(cell)
        elif isinstance(cell, Formula):
            shown.append(_answered(book, area.sheet, at, column, how))
        else:
            pattern = number_format(row.extras.get(column, NO_EXTRA))
            shown.append(_rendered(book, cell, pattern, how))
    return shown


def _plain(cells: list[Value]) -> bool:
    return Formula not in set(map(type, cells))


def _answered(book: Book, sheet: Sheet, row: int, column: int, how: Rendering) -> Any:  # noqa: ANN401
    value = sheet.value(row, column)
    if isinstance(value, Formula) and how.values == "FORMULA":
        return value.text
    pattern = effective_number_format(book, sheet, row, column)
    return _rendered(book, computed(book, sheet, row, column), pattern, how)


def _rendered(book: Book, result: Result, pattern: Json, how: Rendering) -> Any:  # noqa: ANN401
    if result is None:
        return ""
    as_text = how.values == "FORMATTED_VALUE" or (
        how.dates == "FORMATTED_STRING" and is_date(pattern)
    )
    if as_text or isinstance(result, CellError):
        return formatted(result, pattern, locale(book.locale))
    return result


def _trimmed(lines: list[list[Any]]) -> list[list[Any]]:
    for line in lines:
        while line and line[-1] == "":
            line.pop()
    while lines and not lines[-1]:
        lines.pop()
    return lines
