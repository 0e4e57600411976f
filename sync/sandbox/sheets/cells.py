"""What a cell holds, and the rows that hold cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from sync.sandbox.reply import Json


@dataclass(frozen=True, slots=True)
class Formula:
    """
    A cell that computes.

    text: as it was typed, `=` and all
    lost: titles, case folded, of tabs that it names and that are gone
    """

    text: str
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CellError:
    """What a formula that failed shows, such as `#DIV/0!`."""

    code: str
    kind: str  #: the ErrorValue type of the API
    message: str = ""


Value: TypeAlias = str | int | float | bool | Formula | None
Result: TypeAlias = str | int | float | bool | CellError | None

NO_EXTRA: Json = {}


class Row:
    """
    One line: its cells, and what is attached to it and travels with it.

    cells:     values from column A on; absent and None are empty
    extras:    column to the rest of the API's CellData (format, note, validation, …);
               the dicts are shared and never changed in place
    owner:     the draft that may change this object; every other draft copies it first
    from_form: the form wrote this line
    response_id: of the response that stands here, for the form to find it again
    """

    __slots__ = ("cells", "extras", "from_form", "height", "hidden", "owner", "response_id")

    def __init__(self, owner: object, cells: list[Value] | None = None) -> None:
        self.owner = owner
        self.cells: list[Value] = [] if cells is None else cells
        self.extras: dict[int, Json] = {}
        self.hidden = False
        self.height = 0
        self.from_form = False
        self.response_id = ""

    def copy(self, owner: object) -> Row:
        """Return a row of *owner* that is equal to this one."""
        twin = Row(owner, self.cells.copy())
        twin.extras = self.extras.copy()
        twin.hidden, twin.height = self.hidden, self.height
        twin.from_form, twin.response_id = self.from_form, self.response_id
        return twin

    def value(self, column: int) -> Value:
        """Return the value at *column*."""
        return self.cells[column] if column < len(self.cells) else None

    def put(self, column: int, value: Value) -> None:
        """Set the value at *column*."""
        if column >= len(self.cells):
            if value is None:
                return
            self.cells.extend([None] * (column + 1 - len(self.cells)))
        self.cells[column] = value

    def put_line(self, left: int, values: list[Value]) -> None:
        """Set the values from column *left* on."""
        if len(self.cells) < left:
            self.cells.extend([None] * (left - len(self.cells)))
        self.cells[left : left + len(values)] = values

    def filled(self, start: int, end: int) -> bool:
        """Return whether any cell in columns start..end-1 holds something."""
        return any(value is not None for value in self.cells[start:end])

    def filled_width(self) -> int:
        """Return one more than the last filled column."""
        cells = self.cells
        width = len(cells)
        while width and cells[width - 1] is None:
            width -= 1
        return width

    def insert_columns(self, at: int, count: int) -> None:
        """Make room for *count* columns before *at*."""
        if len(self.cells) > at:
            self.cells[at:at] = [None] * count
        self.extras = {
            column + count if column >= at else column: extra
            for column, extra in self.extras.items()
        }

    def delete_columns(self, at: int, count: int) -> None:
        """Take columns at..at+count-1 away."""
        del self.cells[at : at + count]
        self.extras = {
            column - count if column >= at + count else column: extra
            for column, extra in self.extras.items()
            if not at <= column < at + count
        }


def number(value: float) -> int | float:
    """Return *value* as the sheet keeps it: whole numbers as int, 15 digits at most."""
    cut = float(f"{value:.15g}") if abs(value) >= _EXACT else value
    return int(cut) if cut == int(cut) else cut


_EXACT = 10**15
