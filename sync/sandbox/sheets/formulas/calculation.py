"""
What formula cells show.

Cells are computed when they are first asked for and remembered until the spreadsheet
changes. A cell that needs another one, not computed yet, is put off until that one is:
chains may be as long as a sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sync.sandbox.reply import Refused
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.cells import CellError, Formula, Result, number
from sync.sandbox.sheets.formulas import functions, syntax
from sync.sandbox.sheets.formulas.values import Block, Failed, Operand, Setting, failed
from sync.sandbox.sheets.locales import locale
from sync.sandbox.sheets.ranges import Area

if TYPE_CHECKING:
    from datetime import datetime

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.formulas.references import Reference
    from sync.sandbox.sheets.formulas.syntax import Node
    from sync.sandbox.sheets.sheet import Sheet

#: gid, row and column
Place: TypeAlias = tuple[int, int, int]

_CIRCULAR = CellError(
    "#REF!",
    "REF",
    "Circular dependency detected. To resolve with iterative calculation, see File > Settings.",
)
_TOO_LARGE = CellError("#NUM!", "NUM", "Numeric value is greater than 1.79769E+308.")
_LONGEST_TEXT = 50_000
_TOO_LONG = CellError(
    "#VALUE!", "VALUE", f"The text is longer than the limit of {_LONGEST_TEXT} characters."
)
_VOLATILE = {"NOW", "TODAY"}
_UNREADABLE = CellError("#ERROR!", "ERROR", "Formula parse error.")


def computed(book: Book, sheet: Sheet, row: int, column: int) -> Result:
    """Return what the formula in a cell comes to."""
    return _calculator(book).result((sheet.sheet_id, row, column))


def link(book: Book, sheet: Sheet, row: int, column: int) -> str | None:
    """Return the address that a cell's HYPERLINK formula leads to."""
    value = sheet.value(row, column)
    tree = _tree(book, value) if isinstance(value, Formula) else None
    if not isinstance(tree, syntax.Call) or tree.function != "HYPERLINK" or not tree.arguments:
        return None
    address = _calculator(book).part((sheet.sheet_id, row, column), tree.arguments[0])
    return address if isinstance(address, str) else None


def brought_format(book: Book, sheet: Sheet, row: int, column: int) -> Json:
    """Return the number format that a cell's formula brings along, `{}` for none."""
    for _ in range(_LONGEST):
        value = sheet.value(row, column)
        tree = _tree(book, value) if isinstance(value, Formula) else None
        if isinstance(tree, syntax.Call) and tree.function in _FORMATS:
            return {"type": _FORMATS[tree.function]}
        if not isinstance(tree, syntax.Cells) or tree.reference.last is not None:
            return {}
        area = _named_area(book, sheet, tree.reference)
        if area is None:
            return {}
        sheet, row, column = area.sheet, area.top, area.left
        entered = sheet.attached(row, column).get("userEnteredFormat", {})
        if "numberFormat" in entered:
            found: Json = entered["numberFormat"]
            return found
    return {}


_LONGEST = 20
_FORMATS = {
    "TODAY": "DATE",
    "DATE": "DATE",
    "EDATE": "DATE",
    "NOW": "DATE_TIME",
    "TIME": "TIME",
}


class Calculator:
    """The results of one spreadsheet as it is now."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.setting = Setting(
            locale=locale(book.locale), now=book.calculated_at.astimezone(book.zone)
        )
        self.is_volatile = False  #: a result depends on the time
        self._made_at = book.calculated_at
        self._results: dict[Place, Result] = {}
        self._open: set[Place] = set()

    def is_of(self, moment: datetime) -> bool:
        """Return whether the results are those of that time, too."""
        return not self.is_volatile or moment == self._made_at

    def result(self, place: Place) -> Result:
        """Return what a formula cell comes to."""
        self._open.clear()
        waiting = [place]
        while waiting:
            top = waiting[-1]
            if top in self._results:
                waiting.pop()
                continue
            self._open.add(top)
            try:
                self._results[top] = self._computed(top)
            except _Needs as needs:
                waiting += needs.places
            else:
                self._open.discard(top)
        return self._results[place]

    def part(self, place: Place, node: Node) -> Result:
        """Return what a part of the formula in a cell comes to."""
        while True:
            try:
                return _Formula(self, place).single(node)
            except Failed as error:
                return error.error
            except _Needs as needs:
                for other in needs.places:
                    self.result(other)

    def block(self, area: Area) -> Block:
        """Return the results in an area; raises `_Needs` for those that are not there yet."""
        sheet = area.sheet
        if area.height == area.width == 1:
            lines: list[list[Any]] = [[sheet.value(area.top, area.left)]]
        else:
            rows = sheet.rows[area.top : area.bottom]
            lines = [row.cells[area.left : area.right] for row in rows]
        if sheet.has_formulas:
            self._compute_formulas(area, lines)
        return Block(rows=lines, height=area.height, width=area.width, area=area)

    def _compute_formulas(self, area: Area, lines: list[list[Any]]) -> None:
        """Put results in the place of formulas."""
        missing: list[Place] = []
        for row, line in enumerate(lines, area.top):
            for at, value in enumerate(line):
                if value.__class__ is not Formula:
                    continue
                place = (area.sheet.sheet_id, row, area.left + at)
                if place in self._results:
                    line[at] = self._results[place]
                elif place in self._open:
                    line[at] = _CIRCULAR
                else:
                    missing.append(place)
        if missing:
            raise _Needs(missing)

    def _computed(self, place: Place) -> Result:
        sheet = self.book.sheet(place[0])
        value = sheet.value(place[1], place[2])
        if not isinstance(value, Formula):
            return value
        tree = _tree(self.book, value)
        if tree is None:
            return _UNREADABLE
        try:
            return _finite(_Formula(self, place).single(tree))
        except Failed as error:
            return error.error
        except (ArithmeticError, ValueError):  # infinite, or too large for Python's floats
            return _TOO_LARGE


class _Formula:
    """One formula while it is computed."""

    def __init__(self, calculator: Calculator, place: Place) -> None:
        self.calculator, self.setting = calculator, calculator.setting
        self.sheet = calculator.book.sheet(place[0])
        self.row, self.column = place[1], place[2]
        value = self.sheet.value(self.row, self.column)
        self.lost = value.lost if isinstance(value, Formula) else frozenset()

    def single(self, node: Node) -> Result:
        """Return what *node* comes to in this one cell."""
        return self.one(self.value(node))

    def one(self, operand: Operand) -> Result:
        """Return an operand as one result: of several cells the one beside the formula."""
        if not isinstance(operand, Block):
            return operand
        if operand.height == operand.width == 1 or operand.area is None:
            return operand.at(0, 0)
        area = operand.area
        if area.width == 1 and area.top <= self.row < area.bottom:
            return operand.at(self.row - area.top, 0)
        if area.height == 1 and area.left <= self.column < area.right:
            return operand.at(0, self.column - area.left)
        raise failed("#VALUE!", "An array value could not be found.")

    def value(self, node: Node) -> Operand:
        """Return what *node* comes to, a reference as a block."""
        match node:
            case syntax.Literal(value):
                return value
            case syntax.Cells(reference):
                return self.calculator.block(self.area(reference))
            case syntax.Name(name):
                return self.calculator.block(self._named(name))
            case syntax.Binary():
                return self._chain(node)
            case syntax.Array(rows):
                lines = [[self.single(item) for item in row] for row in rows]
                return Block(rows=lines, height=len(lines), width=max(map(len, lines)))
            case syntax.Call(function, arguments):
                return self._call(function, arguments)

    def area(self, reference: Reference) -> Area:
        """Return the cells of a reference; raises `Failed` where there are none."""
        book, title = self.calculator.book, reference.title
        if title is not None and (title.casefold() in self.lost or not book.sheet_titled(title)):
            raise failed("#REF!", f"Unresolved sheet name '{title}'.")
        area = _named_area(book, self.sheet, reference)
        if area is None:
            raise failed("#REF!", "Reference does not exist")
        return area

    def _named(self, name: str) -> Area:
        book = self.calculator.book
        found = book.named_range(name)
        if found is None:
            raise failed("#NAME?", f"Unknown range name: '{name.upper()}'.")
        try:
            return ranges.from_grid_range(book, found)
        except Refused:
            raise failed("#REF!", "Reference does not exist") from None

    def _chain(self, node: syntax.Binary) -> Result:
        chain = [node]
        while isinstance(chain[-1].left, syntax.Binary):
            chain.append(chain[-1].left)
        result = self.single(chain[-1].left)
        for step in reversed(chain):
            answer = functions.OF_VALUES[step.function][2]
            result = answer([result, self.single(step.right)], self.setting, step.function)
        return result

    def _call(self, name: str, arguments: tuple[Node, ...]) -> Operand:
        functions.check_count(name, len(arguments))
        self.calculator.is_volatile |= name in _VOLATILE
        if name in functions.OF_NODES:
            return functions.OF_NODES[name][2](self, arguments)
        if name in functions.OF_BLOCKS:
            operands = [self.value(node) for node in arguments]
            return functions.OF_BLOCKS[name][2](operands, self.setting, name)
        values = [self.single(node) for node in arguments]
        return functions.OF_VALUES[name][2](values, self.setting, name)


class _Needs(Exception):
    """Other cells must be computed first."""

    def __init__(self, places: list[Place]) -> None:
        super().__init__()
        self.places = places


def _calculator(book: Book) -> Calculator:
    version = book.version
    known = book.calculator
    if known is not None and known[0] == version and known[1].is_of(book.calculated_at):
        return known[1]
    calculator = Calculator(book)
    book.calculator = (version, calculator)
    return calculator


def _tree(book: Book, formula: Formula) -> Node | None:
    return syntax.parsed(formula.text, decimal_comma=locale(book.locale).decimal == ",")


def _named_area(book: Book, home: Sheet, reference: Reference) -> Area | None:
    sheet = home if reference.title is None else book.sheet_titled(reference.title)
    if sheet is None or not sheet.is_grid:
        return None
    place = reference.place
    area = Area(
        sheet=sheet,
        top=place.get("startRowIndex", 0),
        bottom=min(place.get("endRowIndex", sheet.row_count), sheet.row_count),
        left=place.get("startColumnIndex", 0),
        right=min(place.get("endColumnIndex", sheet.column_count), sheet.column_count),
    )
    return area if area.height > 0 and area.width > 0 else None


def _finite(value: Result) -> Result:
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        return _TOO_LONG
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return number(value)
