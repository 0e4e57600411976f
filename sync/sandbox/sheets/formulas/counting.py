"""Functions that count, or add up, what a criterion holds for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.sandbox.sheets.cells import CellError
from sync.sandbox.sheets.formulas.values import (
    MANY,
    Block,
    every,
    failed,
    order_key,
    parsed_number,
    same,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.sandbox.sheets.cells import Result
    from sync.sandbox.sheets.formulas.values import OfBlocks, Operand, Setting

_CRITERION = re.compile(r"(<=|>=|<>|=|<|>)?(.*)", re.DOTALL)


def _count(operands: Sequence[Operand], setting: Setting, _name: str) -> Result:
    found = 0
    for value, written in every(operands):
        if isinstance(value, bool):
            found += written
        elif isinstance(value, str):
            found += written and parsed_number(value, setting) is not None
        else:
            found += isinstance(value, int | float)
    return found


def _count_filled(operands: Sequence[Operand], _setting: Setting, _name: str) -> Result:
    return sum(value is not None for value, _ in every(operands))


def _count_empty(operands: Sequence[Operand], _setting: Setting, _name: str) -> Result:
    cells = sum(one.height * one.width if isinstance(one, Block) else 1 for one in operands)
    return cells - sum(value not in {None, ""} for value, _ in every(operands))


def _count_if(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    return sum(_chosen(operands, setting, name))


def _sum_if(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    return sum(_numbers_if(operands, setting, name))


def _sum_ifs(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    return sum(_numbers_if([*operands[1:], operands[0]], setting, name))


def _average_if(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    found = _numbers_if(operands, setting, name)
    if not found:
        raise failed("#DIV/0!", f"Evaluation of function {name} caused a divide by zero error.")
    return sum(found) / len(found)


def _numbers_if(operands: Sequence[Operand], setting: Setting, name: str) -> list[float]:
    """Return the numbers that stand, in the last block, where all criteria hold."""
    odd = len(operands) % 2
    criteria = operands[: len(operands) - odd]
    block = _block(operands[-1] if odd else operands[0], name)
    width = _block(operands[0], name).width
    found = []
    for at, chosen in enumerate(_chosen(criteria, setting, name)):
        value = block.at(*divmod(at, width)) if chosen else None
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.append(value)
    return found


def _chosen(operands: Sequence[Operand], setting: Setting, name: str) -> list[bool]:
    """Return for each cell of the first block whether it, and its likes in others, are meant."""
    first = _block(operands[0], name)
    chosen = [True] * (first.height * first.width)
    for block_, criterion in zip(operands[::2], operands[1::2], strict=True):
        block = _block(block_, name)
        if (block.height, block.width) != (first.height, first.width):
            raise failed("#VALUE!", f"Array arguments to {name} are of different size.")
        holds = _criterion(_first(criterion), setting)
        outside = holds(None)
        for row in range(block.height):
            line = block.rows[row] if row < len(block.rows) else ()
            for column in range(block.width):
                at = row * block.width + column
                own = holds(line[column]) if column < len(line) else outside
                chosen[at] = chosen[at] and own
    return chosen


def _block(operand: Operand, name: str) -> Block:
    if not isinstance(operand, Block):
        raise failed("#N/A", f"Argument of {name} must be a range.")
    return operand


def _first(operand: Operand) -> Result:
    return operand.at(0, 0) if isinstance(operand, Block) else operand


def _criterion(wanted: Result, setting: Setting) -> Callable[[Result], bool]:
    """Return what a criterion asks of a value: `>5`, `<>x`, `a*`, or simply a value."""
    if not isinstance(wanted, str):
        return lambda value: value is not None and same(value, wanted)
    match = _CRITERION.fullmatch(wanted)
    assert match is not None  # noqa: S101  # the pattern takes everything
    operator, text = match[1] or "=", match[2]
    number = parsed_number(text, setting) if text else None
    if operator not in {"=", "<>"}:
        return _comparison(operator, text if number is None else number)
    equal = _is_number(number) if number is not None else _matches(text, written=bool(match[1]))
    return equal if operator == "=" else lambda value: not equal(value)


def _is_number(wanted: float) -> Callable[[Result], bool]:
    def equal(value: Result) -> bool:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and value == wanted

    return equal


def _matches(text: str, *, written: bool) -> Callable[[Result], bool]:
    if not text:
        return lambda value: value is None or (value == "" and not written)
    if text.upper() in {"TRUE", "FALSE"}:
        return lambda value: value is (text.upper() == "TRUE")
    pattern = wildcard(text)

    def equal(value: Result) -> bool:
        shown = value.code if isinstance(value, CellError) else value
        return isinstance(shown, str) and pattern.fullmatch(shown) is not None

    return equal


def wildcard(text: str) -> re.Pattern[str]:
    """Return the pattern of a text in which `*` and `?` stand for anything; `~` keeps them."""
    parts = re.findall(r"~[*?~]|.", text, re.DOTALL)
    spelled = {"*": ".*", "?": "."}
    body = "".join(spelled.get(part) or re.escape(part[-1]) for part in parts)
    return re.compile(body, re.IGNORECASE | re.DOTALL)


def _comparison(operator: str, wanted: float | str) -> Callable[[Result], bool]:
    def holds(value: Result) -> bool:
        if isinstance(value, bool | CellError) or value is None:
            return False
        if isinstance(value, str) != isinstance(wanted, str):
            return False
        one, two = order_key(value), order_key(wanted)
        return {"<": one < two, "<=": one <= two, ">": one > two, ">=": one >= two}[operator]

    return holds


OF_BLOCKS: Mapping[str, OfBlocks] = {
    "AVERAGEIF": (2, 3, _average_if),
    "COUNT": (1, MANY, _count),
    "COUNTA": (1, MANY, _count_filled),
    "COUNTBLANK": (1, MANY, _count_empty),
    "COUNTIF": (2, 2, _count_if),
    "COUNTIFS": (2, MANY, _count_if),
    "SUMIF": (2, 3, _sum_if),
    "SUMIFS": (3, MANY, _sum_ifs),
}
