"""What functions are given and give: results, blocks of them, and failures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from sync.sandbox.sheets.cells import CellError, Result
from sync.sandbox.sheets.formats import general
from sync.sandbox.sheets.typed import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from sync.sandbox.sheets.formulas.references import Reference
    from sync.sandbox.sheets.formulas.syntax import Node
    from sync.sandbox.sheets.locales import Locale
    from sync.sandbox.sheets.ranges import Area

MANY = 30_000  #: arguments of a function that takes any number


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """
    A rectangle of results.

    rows: as far as cells are filled: an area may go on below and to the right
    area: the cells that they come from, None for an array in braces
    """

    rows: list[list[Result]]
    height: int
    width: int
    area: Area | None = None

    def at(self, row: int, column: int) -> Result:
        """Return one result; rows and columns count from 0."""
        line = self.rows[row] if row < len(self.rows) else ()
        return line[column] if column < len(line) else None

    def column(self, column: int) -> Iterator[Result]:
        """Yield what a column holds."""
        return (self.at(row, column) for row in range(self.height))


Operand: TypeAlias = "Result | Block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where and when a formula is computed: how numbers are written, and the local time."""

    locale: Locale
    now: datetime


class Evaluator(Protocol):
    """What computes a formula, as functions of nodes see it."""

    setting: Setting
    row: int
    column: int

    def single(self, node: Node) -> Result:
        """Return what *node* comes to in this one cell."""

    def value(self, node: Node) -> Operand:
        """Return what *node* comes to, a reference as a block."""

    def area(self, reference: Reference) -> Area:
        """Return the cells of a reference; raises `Failed` where there are none."""


#: the least and the most arguments, and the function of them, the setting and its own name
OfValues: TypeAlias = "tuple[int, int, Callable[[Sequence[Result], Setting, str], Result]]"
OfBlocks: TypeAlias = "tuple[int, int, Callable[[Sequence[Operand], Setting, str], Operand]]"
OfNodes: TypeAlias = "tuple[int, int, Callable[[Evaluator, Sequence[Node]], Operand]]"


class Failed(Exception):
    """A function cannot go on; `error` is what the cell shows."""

    def __init__(self, error: CellError) -> None:
        super().__init__(error.code)
        self.error = error


def failed(code: str, message: str) -> Failed:
    """Return a failure with Google's words."""
    return Failed(CellError(code, ERROR_TYPES[code], message))


ERROR_TYPES = {
    "#ERROR!": "ERROR",
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}


def every(operands: Iterable[Operand]) -> Iterator[tuple[Result, bool]]:
    """Yield each result, and whether it was written out and not read from a cell."""
    for operand in operands:
        if isinstance(operand, Block):
            for line in operand.rows:
                for value in line:
                    yield value, False
        else:
            yield operand, True


def numbers(operands: Iterable[Operand], setting: Setting, function: str) -> list[float]:
    """Return the numbers among *operands*; in cells, texts and truths do not count."""
    found: list[float] = []
    for value, written in every(operands):
        if isinstance(value, CellError):
            raise Failed(value)
        if written and value is not None:
            found.append(number_of(value, setting, function))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found.append(value)
    return found


def number_of(value: Result, setting: Setting, function: str, position: int = 1) -> float:
    """Return a result as a number, texts read as if typed; raises `Failed`."""
    if isinstance(value, CellError):
        raise Failed(value)
    if value is None:
        return 0
    if isinstance(value, str):
        found = parsed_number(value, setting)
        if found is None:
            raise failed(
                "#VALUE!",
                f"Function {function} parameter {position} expects number values. But "
                f"'{value}' is a text and cannot be coerced to a number.",
            )
        return found
    return value


def parsed_number(text: str, setting: Setting) -> float | None:
    """Return the number, date or time that *text* spells."""
    if not text:
        return 0
    value, _ = typed(text, locale=setting.locale, today=setting.now.date())
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None  # type: ignore[return-value]  # mypy loses is_number


def text_of(value: Result, setting: Setting) -> str:
    """Return a result as a text; raises `Failed` for an error."""
    if isinstance(value, CellError):
        raise Failed(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, str) else general(value, setting.locale)


def truth_of(value: Result, setting: Setting, function: str, position: int = 1) -> bool:
    """Return a result as true or false; raises `Failed`."""
    if isinstance(value, str):
        if value.upper() in {"TRUE", "FALSE"}:
            return value.upper() == "TRUE"
        raise failed(
            "#VALUE!",
            f"Function {function} parameter {position} expects boolean values. But '{value}' "
            "is a text and cannot be coerced to a boolean.",
        )
    return bool(number_of(value, setting, function, position))


def order_key(value: Result) -> tuple[int, float | str]:
    """Return by what results compare: numbers, then texts, then true and false."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, value if isinstance(value, int | float) else 0


def same(one: Result, other: Result) -> bool:
    """Return whether two results are equal as `=` sees it: letters' case does not count."""
    if one is None or other is None:
        return (one or other or 0) in {0, ""}
    return order_key(one) == order_key(other)
