"""
The functions of formulas: three tables, gathered from the modules of their subjects.

To add a function, write it in the module of its subject and name it in a table there with
the least and the most arguments that it takes. What is not there shows `#NAME?`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets.formulas import arithmetic, choices, counting, dates, lookup, texts
from sync.sandbox.sheets.formulas.values import MANY, failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.sandbox.sheets.formulas.values import OfBlocks, OfNodes, OfValues

#: functions of one result for each argument
OF_VALUES: Mapping[str, OfValues] = {
    **arithmetic.OF_VALUES,
    **choices.OF_VALUES,
    **dates.OF_VALUES,
    **texts.OF_VALUES,
}
#: functions that look at every cell of a reference
OF_BLOCKS: Mapping[str, OfBlocks] = {
    **arithmetic.OF_BLOCKS,
    **choices.OF_BLOCKS,
    **counting.OF_BLOCKS,
    **lookup.OF_BLOCKS,
    **texts.OF_BLOCKS,
}
#: functions that compute only the arguments that they need, or look where those are
OF_NODES: Mapping[str, OfNodes] = {**choices.OF_NODES, **lookup.OF_NODES}


def check_count(name: str, count: int) -> None:
    """Raise `Failed` for an unknown function, or one with more or fewer arguments than it takes."""
    row = OF_VALUES.get(name) or OF_BLOCKS.get(name) or OF_NODES.get(name)
    if row is None:
        raise failed("#NAME?", f"Unknown function: '{name}'.")
    least, most = row[:2]
    if least <= count <= most:
        return
    expected = f"between {least} and {most}"
    if most == MANY:
        expected = f"at least {least}"
    elif least == most:
        expected = str(least)
    raise failed(
        "#N/A",
        f"Wrong number of arguments to {name}. Expected {expected} arguments, but got "
        f"{count} arguments.",
    )
