"""Functions of numbers, operators among them."""

from __future__ import annotations

import math
import statistics
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import TYPE_CHECKING

from sync.sandbox.sheets.cells import CellError
from sync.sandbox.sheets.formulas.values import (
    MANY,
    Failed,
    failed,
    number_of,
    numbers,
    order_key,
    same,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.sandbox.sheets.cells import Result
    from sync.sandbox.sheets.formulas.values import OfBlocks, OfValues, Operand, Setting

_DIGITS = 30


def _pair(values: Sequence[Result], setting: Setting, name: str) -> tuple[float, float]:
    return number_of(values[0], setting, name, 1), number_of(values[1], setting, name, 2)


def _add(values: Sequence[Result], setting: Setting, name: str) -> Result:
    left, right = _pair(values, setting, name)
    return left + right


def _minus(values: Sequence[Result], setting: Setting, name: str) -> Result:
    left, right = _pair(values, setting, name)
    return left - right


def _multiply(values: Sequence[Result], setting: Setting, name: str) -> Result:
    left, right = _pair(values, setting, name)
    return left * right


def _divide(values: Sequence[Result], setting: Setting, name: str) -> Result:
    left, right = _pair(values, setting, name)
    if not right:
        raise failed("#DIV/0!", f"Function {name} parameter 2 cannot be zero.")
    return left / right


def _modulo(values: Sequence[Result], setting: Setting, name: str) -> Result:
    left, right = _pair(values, setting, name)
    if not right:
        raise failed("#DIV/0!", f"Function {name} parameter 2 cannot be zero.")
    return left % right


def _power(values: Sequence[Result], setting: Setting, name: str) -> Result:
    base, exponent = (float(one) for one in _pair(values, setting, name))
    try:
        result = base**exponent
    except ZeroDivisionError:
        raise failed("#DIV/0!", f"Function {name} caused a divide by zero error.") from None
    except OverflowError:
        raise failed("#NUM!", f"Numeric value is greater than {_LARGEST}.") from None
    if isinstance(result, complex):
        raise failed("#NUM!", f"{name} evaluates to an imaginary number.")
    return float(result)


_LARGEST = "1.79769E+308"


def _root(values: Sequence[Result], setting: Setting, name: str) -> Result:
    value = number_of(values[0], setting, name)
    if value < 0:
        raise failed(
            "#NUM!",
            f"Function {name} parameter 1 value is negative. It should be positive or zero.",
        )
    return math.sqrt(value)


def _negative(values: Sequence[Result], setting: Setting, name: str) -> Result:
    return -number_of(values[0], setting, name)


def _plain(values: Sequence[Result], _setting: Setting, _name: str) -> Result:
    return values[0]


def _percent(values: Sequence[Result], setting: Setting, name: str) -> Result:
    return number_of(values[0], setting, name) / 100


def _absolute(values: Sequence[Result], setting: Setting, name: str) -> Result:
    return abs(number_of(values[0], setting, name))


def _whole(values: Sequence[Result], setting: Setting, name: str) -> Result:
    return math.floor(number_of(values[0], setting, name))


def _concatenated(values: Sequence[Result], setting: Setting, _name: str) -> Result:
    return "".join(text_of(value, setting) for value in values)


def _compared(values: Sequence[Result], _setting: Setting, name: str) -> Result:
    for value in values:
        if isinstance(value, CellError):
            raise Failed(value)
    left, right = values
    if name in {"EQ", "NE"}:
        return same(left, right) == (name == "EQ")
    one, two = order_key(_beside(left, right)), order_key(_beside(right, left))
    return {"LT": one < two, "LTE": one <= two, "GT": one > two, "GTE": one >= two}[name]


def _beside(value: Result, other: Result) -> Result:
    """Return *value*, an empty one as the like of *other*."""
    return "" if value is None and isinstance(other, str) else value


def _rounded(values: Sequence[Result], setting: Setting, name: str) -> Result:
    value = number_of(values[0], setting, name)
    places = int(number_of(values[1], setting, name, 2)) if len(values) > 1 else 0
    if not math.isfinite(value):
        return value
    step = Decimal(1).scaleb(-max(min(places, _DIGITS), -_DIGITS))
    rounded = (Decimal(repr(value)) / step).quantize(Decimal(1), _ROUNDING[name]) * step
    return float(rounded)


_ROUNDING = {"ROUND": ROUND_HALF_UP, "ROUNDUP": ROUND_UP, "ROUNDDOWN": ROUND_DOWN}


def _sum(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    return sum(numbers(operands, setting, name))


def _product(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    found = numbers(operands, setting, name)
    return math.prod(found) if found else 0


def _least(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    return min(numbers(operands, setting, name), default=0)


def _most(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    return max(numbers(operands, setting, name), default=0)


def _average(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    found = numbers(operands, setting, name)
    if not found:
        raise failed("#DIV/0!", f"Evaluation of function {name} caused a divide by zero error.")
    return sum(found) / len(found)


def _median(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    found = numbers(operands, setting, name)
    if not found:
        raise failed("#NUM!", f"{name} has no valid input data.")
    return statistics.median(found)


OF_VALUES: Mapping[str, OfValues] = {
    "ABS": (1, 1, _absolute),
    "ADD": (2, 2, _add),
    "CONCAT": (2, 2, _concatenated),
    "DIVIDE": (2, 2, _divide),
    "EQ": (2, 2, _compared),
    "GT": (2, 2, _compared),
    "GTE": (2, 2, _compared),
    "INT": (1, 1, _whole),
    "LT": (2, 2, _compared),
    "LTE": (2, 2, _compared),
    "MINUS": (2, 2, _minus),
    "MOD": (2, 2, _modulo),
    "MULTIPLY": (2, 2, _multiply),
    "NE": (2, 2, _compared),
    "POW": (2, 2, _power),
    "POWER": (2, 2, _power),
    "ROUND": (1, 2, _rounded),
    "ROUNDDOWN": (1, 2, _rounded),
    "ROUNDUP": (1, 2, _rounded),
    "SQRT": (1, 1, _root),
    "UMINUS": (1, 1, _negative),
    "UNARY_PERCENT": (1, 1, _percent),
    "UPLUS": (1, 1, _plain),
}
OF_BLOCKS: Mapping[str, OfBlocks] = {
    "AVERAGE": (1, MANY, _average),
    "MAX": (1, MANY, _most),
    "MEDIAN": (1, MANY, _median),
    "MIN": (1, MANY, _least),
    "PRODUCT": (1, MANY, _product),
    "SUM": (1, MANY, _sum),
}
