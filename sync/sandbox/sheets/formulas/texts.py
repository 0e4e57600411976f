"""Functions of texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.sandbox.sheets.formats import formatted
from sync.sandbox.sheets.formulas.counting import wildcard
from sync.sandbox.sheets.formulas.values import (
    MANY,
    every,
    failed,
    number_of,
    parsed_number,
    text_of,
    truth_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.sandbox.sheets.cells import Result
    from sync.sandbox.sheets.formulas.values import OfBlocks, OfValues, Operand, Setting

_LONGEST = 50_000  #: characters in a cell
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)


def _length(values: Sequence[Result], setting: Setting, _name: str) -> Result:
    return len(text_of(values[0], setting))


def _left(values: Sequence[Result], setting: Setting, name: str) -> Result:
    return text_of(values[0], setting)[: _size(values, setting, name, 2, 1)]


def _right(values: Sequence[Result], setting: Setting, name: str) -> Result:
    text, size = text_of(values[0], setting), _size(values, setting, name, 2, 1)
    return text[max(len(text) - size, 0) :]


def _middle(values: Sequence[Result], setting: Setting, name: str) -> Result:
    start = _size(values, setting, name, 2, 1)
    if not start:
        message = f"Function {name} parameter 2 value is 0. It should be greater than or equal to 1"
        raise failed("#NUM!", f"{message}.")
    size = _size(values, setting, name, 3, 0)
    return text_of(values[0], setting)[start - 1 : start - 1 + size]


def _size(values: Sequence[Result], setting: Setting, name: str, position: int, most: int) -> int:
    """Return an argument that counts characters, *most* where it was left out."""
    if len(values) < position:
        return most
    size = int(number_of(values[position - 1], setting, name, position))
    if size < 0:
        raise failed(
            "#NUM!",
            f"Function {name} parameter {position} value is {size}. It should be greater than "
            "or equal to 0.",
        )
    return size


def _upper(values: Sequence[Result], setting: Setting, _name: str) -> Result:
    return text_of(values[0], setting).upper()


def _lower(values: Sequence[Result], setting: Setting, _name: str) -> Result:
    return text_of(values[0], setting).lower()


def _proper(values: Sequence[Result], setting: Setting, _name: str) -> Result:
    return text_of(values[0], setting).title()


def _trimmed(values: Sequence[Result], setting: Setting, _name: str) -> Result:
    return re.sub(" +", " ", text_of(values[0], setting).strip(" "))


def _exact(values: Sequence[Result], setting: Setting, _name: str) -> Result:
    return text_of(values[0], setting) == text_of(values[1], setting)


def _repeated(values: Sequence[Result], setting: Setting, name: str) -> Result:
    text, times = text_of(values[0], setting), _size(values, setting, name, 2, 1)
    if len(text) * times > _LONGEST:
        raise failed("#VALUE!", f"The result of {name} is longer than {_LONGEST} characters.")
    return text * times


def _substituted(values: Sequence[Result], setting: Setting, name: str) -> Result:
    text, old, new = (text_of(value, setting) for value in values[:3])
    if not old:
        return text
    if text.count(old) * len(new) > _LONGEST:
        raise failed("#VALUE!", f"The result of {name} is longer than {_LONGEST} characters.")
    if len(values) <= 3:  # noqa: PLR2004  # no occurrence was asked for
        return text.replace(old, new)
    parts = text.split(old)
    at = _size(values, setting, name, 4, 1)
    if not 1 <= at < len(parts):
        return text
    return old.join(parts[:at]) + new + old.join(parts[at:])


def _found(values: Sequence[Result], setting: Setting, name: str) -> Result:
    wanted, text = text_of(values[0], setting), text_of(values[1], setting)
    start = max(_size(values, setting, name, 3, 1), 1) - 1
    if name == "SEARCH":
        match = wildcard(wanted).search(text, start)
        at = -1 if match is None else match.start()
    else:
        at = text.find(wanted, start)
    if at < 0:
        raise failed(
            "#VALUE!",
            f"In {name} evaluation, cannot find '{wanted}' within '{text}'.",
        )
    return at + 1


def _shown(values: Sequence[Result], setting: Setting, name: str) -> Result:
    value, pattern = values[0], text_of(values[1], setting)
    if isinstance(value, bool):
        return text_of(value, setting)
    if isinstance(value, str):
        number = parsed_number(value, setting) if value else None
        if number is None:
            return value
    else:
        number = number_of(value, setting, name)
    unquoted = re.sub(r"\"[^\"]*\"|\\.|general", "", pattern, flags=re.IGNORECASE)
    kind = "DATE_TIME" if _DATE_LETTERS.search(unquoted) else "NUMBER"
    return formatted(number, {"type": kind, "pattern": pattern}, setting.locale)


def _value(values: Sequence[Result], setting: Setting, name: str) -> Result:
    value = values[0]
    if isinstance(value, bool):
        message = f"{name} parameter '{text_of(value, setting)}' cannot be parsed to number."
        raise failed("#VALUE!", message)
    if not isinstance(value, str):
        return number_of(value, setting, name)
    found = parsed_number(value, setting)
    if found is None:
        raise failed("#VALUE!", f"{name} parameter '{value}' cannot be parsed to number.")
    return found


def _concatenated(operands: Sequence[Operand], setting: Setting, _name: str) -> Result:
    return "".join(text_of(value, setting) for value, _ in every(operands))


def _joined(operands: Sequence[Operand], setting: Setting, _name: str) -> Result:
    divider, *rest = operands
    between = next((text_of(value, setting) for value, _ in every([divider])), "")
    return between.join(text_of(value, setting) for value, _ in every(rest))


def _text_joined(operands: Sequence[Operand], setting: Setting, name: str) -> Result:
    divider, skips, *rest = operands
    between = next((text_of(value, setting) for value, _ in every([divider])), "")
    skip = any(truth_of(value, setting, name, 2) for value, _ in every([skips]))
    texts = [text_of(value, setting) for value, _ in every(rest)]
    return between.join(text for text in texts if text or not skip)


OF_VALUES: Mapping[str, OfValues] = {
    "EXACT": (2, 2, _exact),
    "FIND": (2, 3, _found),
    "LEFT": (1, 2, _left),
    "LEN": (1, 1, _length),
    "LOWER": (1, 1, _lower),
    "MID": (3, 3, _middle),
    "PROPER": (1, 1, _proper),
    "REPT": (2, 2, _repeated),
    "RIGHT": (1, 2, _right),
    "SEARCH": (2, 3, _found),
    "SUBSTITUTE": (3, 4, _substituted),
    "TEXT": (2, 2, _shown),
    "TRIM": (1, 1, _trimmed),
    "UPPER": (1, 1, _upper),
    "VALUE": (1, 1, _value),
}
OF_BLOCKS: Mapping[str, OfBlocks] = {
    "CONCATENATE": (1, MANY, _concatenated),
    "JOIN": (2, MANY, _joined),
    "TEXTJOIN": (3, MANY, _text_joined),
}
