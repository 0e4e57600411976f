"""Functions that look something up, and that ask where cells are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets.cells import CellError
from sync.sandbox.sheets.formulas import syntax
from sync.sandbox.sheets.formulas.counting import wildcard
from sync.sandbox.sheets.formulas.values import (
    Block,
    Failed,
    failed,
    number_of,
    order_key,
    same,
    text_of,
    truth_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.sandbox.sheets.cells import Result
    from sync.sandbox.sheets.formulas.syntax import Node
    from sync.sandbox.sheets.formulas.values import Evaluator, OfBlocks, OfNodes, Operand, Setting
    from sync.sandbox.sheets.ranges import Area


def _index(operands: Sequence[Operand], setting: Setting, name: str) -> Operand:
    block = _block(operands[0])
    row, column = (_position(operands, at, setting, name) for at in (1, 2))
    if block.height == 1 and len(operands) == 2 and block.width > 1:  # noqa: PLR2004
        row, column = 1, row
    if row > block.height or column > block.width:
        raise failed("#NUM!", f"{name} parameter value is out of range.")
    if row and column:
        return block.at(row - 1, column - 1)
    if block.height == 1 or block.width == 1:
        return block.at(max(row - 1, 0), max(column - 1, 0))
    if row:
        line = [block.at(row - 1, at) for at in range(block.width)]
        return Block(rows=[line], height=1, width=block.width)
    lines = [[value] for value in block.column(max(column - 1, 0))]
    return Block(rows=lines, height=len(lines), width=1)


def _position(operands: Sequence[Operand], at: int, setting: Setting, name: str) -> int:
    if len(operands) <= at:
        return 0
    position = int(number_of(_first(operands[at]), setting, name, at + 1))
    if position < 0:
        raise failed(
            "#NUM!",
            f"Function {name} parameter {at + 1} value is {position}. It should be greater "
            "than or equal to 0.",
        )
    return position


def _match(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    wanted, block = _first(operands[0]), _block(operands[1])
    if block.height > 1 and block.width > 1:
        raise failed("#N/A", f"{name} range must be a single row or a single column.")
    in_order = number_of(_first(operands[2]), setting, name, 3) if len(operands) > 2 else 1  # noqa: PLR2004
    values = list(block.column(0)) if block.width == 1 else _line(block)
    at = _exactly(wanted, values) if not in_order else _nearest(wanted, values, up=in_order > 0)
    if at is None:
        raise _not_found(wanted, setting, name)
    return at + 1


def _vertical(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    wanted, block = _first(operands[0]), _block(operands[1])
    column = int(number_of(_first(operands[2]), setting, name, 3))
    is_sorted = truth_of(_first(operands[3]), setting, name, 4) if len(operands) > 3 else True  # noqa: PLR2004
    if not 1 <= column <= block.width:
        raise failed(
            "#REF!" if column > block.width else "#VALUE!",
            f"{name} evaluates to an out of bounds range.",
        )
    values = list(block.column(0))
    at = _nearest(wanted, values, up=True) if is_sorted else _exactly(wanted, values)
    if at is None:
        raise _not_found(wanted, setting, name)
    return block.at(at, column - 1)


def _line(block: Block) -> list[Result]:
    return [block.at(0, column) for column in range(block.width)]


def _exactly(wanted: Result, values: Sequence[Result]) -> int | None:
    if isinstance(wanted, str) and set(wanted) & set("*?~"):
        pattern = wildcard(wanted)
        return next(
            (
                at
                for at, one in enumerate(values)
                if isinstance(one, str) and pattern.fullmatch(one)
            ),
            None,
        )
    return next(
        (
            at
            for at, one in enumerate(values)
            if one is not None and not isinstance(one, CellError) and same(one, wanted)
        ),
        None,
    )


def _nearest(wanted: Result, values: Sequence[Result], *, up: bool) -> int | None:
    """Return the last place, in values that go up or down, that has not passed *wanted* yet."""
    kind, key = order_key(wanted)[0], order_key(wanted)
    found = None
    for at, value in enumerate(values):
        if value is None or isinstance(value, CellError) or order_key(value)[0] != kind:
            continue
        own = order_key(value)
        if (own > key) if up else (own < key):
            break
        found = at
    return found


def _not_found(wanted: Result, setting: Setting, name: str) -> Failed:
    text = text_of(wanted, setting)
    return failed("#N/A", f"Did not find value '{text}' in {name} evaluation.")


def _row(evaluator: Evaluator, nodes: Sequence[Node]) -> Operand:
    return (_area_of(evaluator, nodes[0], "ROW").top if nodes else evaluator.row) + 1


def _column(evaluator: Evaluator, nodes: Sequence[Node]) -> Operand:
    return (_area_of(evaluator, nodes[0], "COLUMN").left if nodes else evaluator.column) + 1


def _area_of(evaluator: Evaluator, node: Node, name: str) -> Area:
    if isinstance(node, syntax.Cells):
        return evaluator.area(node.reference)
    value = evaluator.value(node)
    if not isinstance(value, Block) or value.area is None:
        raise failed("#N/A", f"Argument of {name} must be a range.")
    return value.area


def _rows(operands: Sequence[Operand], _setting: Setting, _name: str) -> Result:
    return _block(operands[0]).height


def _columns(operands: Sequence[Operand], _setting: Setting, _name: str) -> Result:
    return _block(operands[0]).width


def _hyperlink(operands: Sequence[Operand], _setting: Setting, _name: str) -> Result:
    return _first(operands[-1])


def _block(operand: Operand) -> Block:
    if isinstance(operand, Block):
        return operand
    return Block(rows=[[operand]], height=1, width=1)


def _first(operand: Operand) -> Result:
    value = operand.at(0, 0) if isinstance(operand, Block) else operand
    if isinstance(value, CellError):
        raise Failed(value)
    return value


OF_BLOCKS: Mapping[str, OfBlocks] = {
    "COLUMNS": (1, 1, _columns),
    "HYPERLINK": (1, 2, _hyperlink),
    "INDEX": (1, 3, _index),
    "MATCH": (2, 3, _match),
    "ROWS": (1, 1, _rows),
    "VLOOKUP": (3, 4, _vertical),
}
OF_NODES: Mapping[str, OfNodes] = {
    "COLUMN": (0, 1, _column),
    "ROW": (0, 1, _row),
}
