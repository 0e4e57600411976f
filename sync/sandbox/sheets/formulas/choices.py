"""Functions that choose, and that ask what a value is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets.cells import CellError
from sync.sandbox.sheets.formulas.values import (
    MANY,
    Block,
    Failed,
    every,
    failed,
    same,
    truth_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.sandbox.sheets.cells import Result
    from sync.sandbox.sheets.formulas.syntax import Node
    from sync.sandbox.sheets.formulas.values import (
        Evaluator,
        OfBlocks,
        OfNodes,
        OfValues,
        Operand,
        Setting,
    )


def _if(evaluator: Evaluator, nodes: Sequence[Node]) -> Operand:
    if truth_of(evaluator.single(nodes[0]), evaluator.setting, "IF"):
        return evaluator.value(nodes[1])
    return evaluator.value(nodes[2]) if len(nodes) > 2 else False  # noqa: PLR2004  # the else


def _ifs(evaluator: Evaluator, nodes: Sequence[Node]) -> Operand:
    for at in range(0, len(nodes) - 1, 2):
        if truth_of(evaluator.single(nodes[at]), evaluator.setting, "IFS", at + 1):
            return evaluator.value(nodes[at + 1])
    raise failed("#N/A", "No match")


def _switch(evaluator: Evaluator, nodes: Sequence[Node]) -> Operand:
    value = evaluator.single(nodes[0])
    cases = nodes[1:]
    for at in range(0, len(cases) - 1, 2):
        if same(value, evaluator.single(cases[at])):
            return evaluator.value(cases[at + 1])
    if len(cases) % 2:
        return evaluator.value(cases[-1])
    raise failed("#N/A", "No match")


def _if_error(evaluator: Evaluator, nodes: Sequence[Node]) -> Operand:
    return _unless(evaluator, nodes, {"#N/A"}, others=True)


def _if_na(evaluator: Evaluator, nodes: Sequence[Node]) -> Operand:
    return _unless(evaluator, nodes, {"#N/A"}, others=False)


def _unless(
    evaluator: Evaluator, nodes: Sequence[Node], codes: set[str], *, others: bool
) -> Operand:
    try:
        value = evaluator.single(nodes[0])
    except Failed as error:
        value = error.error
    if not isinstance(value, CellError) or (value.code not in codes and not others):
        return value
    return evaluator.value(nodes[1]) if len(nodes) > 1 else None


def _truths(operands: Sequence[Operand], setting: Setting, name: str) -> list[bool]:
    found = []
    for value, written in every(operands):
        if written or isinstance(value, bool | int | float | CellError):
            found.append(truth_of(value, setting, name))
    if not found:
        raise failed("#N/A", f"{name} has no valid input data.")
    return found


def _and(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    return all(_truths(operands, setting, name))


def _or(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    return any(_truths(operands, setting, name))


def _not(values: Sequence[Result], setting: Setting, name: str) -> Result:
    return not truth_of(values[0], setting, name)


def _true(_values: Sequence[Result], _setting: Setting, name: str) -> Result:
    return name == "TRUE"


def _not_available(_values: Sequence[Result], _setting: Setting, _name: str) -> Result:
    raise failed("#N/A", "")


def _is_blank(operands: Sequence[Operand], _setting: Setting, _name: str) -> Result:
    (operand,) = operands
    return isinstance(operand, Block) and operand.at(0, 0) is None


def _is_number(values: Sequence[Result], _setting: Setting, _name: str) -> Result:
    return isinstance(values[0], int | float) and not isinstance(values[0], bool)


def _is_text(values: Sequence[Result], _setting: Setting, _name: str) -> Result:
    return isinstance(values[0], str)


def _is_error(evaluator: Evaluator, nodes: Sequence[Node]) -> Operand:
    try:
        return isinstance(evaluator.single(nodes[0]), CellError)
    except Failed:
        return True


def _is_na(evaluator: Evaluator, nodes: Sequence[Node]) -> Operand:
    try:
        value = evaluator.single(nodes[0])
    except Failed as error:
        value = error.error
    return isinstance(value, CellError) and value.code == "#N/A"


OF_VALUES: Mapping[str, OfValues] = {
    "FALSE": (0, 0, _true),
    "ISNUMBER": (1, 1, _is_number),
    "ISTEXT": (1, 1, _is_text),
    "NA": (0, 0, _not_available),
    "NOT": (1, 1, _not),
    "TRUE": (0, 0, _true),
}
OF_BLOCKS: Mapping[str, OfBlocks] = {
    "AND": (1, MANY, _and),
    "ISBLANK": (1, 1, _is_blank),
    "OR": (1, MANY, _or),
}
OF_NODES: Mapping[str, OfNodes] = {
    "IF": (2, 3, _if),
    "IFERROR": (1, 2, _if_error),
    "IFNA": (2, 2, _if_na),
    "IFS": (2, MANY, _ifs),
    "ISERROR": (1, 1, _is_error),
    "ISNA": (1, 1, _is_na),
    "SWITCH": (3, MANY, _switch),
}
