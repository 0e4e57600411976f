"""
A small calculator for formula cells.

Arithmetic, comparison, text, references to other cells, and the functions in
`FUNCTIONS`. Anything else shows `#NAME?`, as in a sheet for an unknown function.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.sandbox.reply import Refused
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.cells import CellError, Formula, Result, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sync.sandbox.sheets.book import Book, Sheet

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)"
    r"|(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<range>(?:(?:'(?:[^']|'')*'|[^\W\d]\w*)!)?\$?[A-Za-z]{1,3}\$?\d+"
    r"(?::\$?[A-Za-z]{1,3}\$?\d*)?(?![\w(])|(?:(?:'(?:[^']|'')*'|[^\W\d]\w*)!)?"
    r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?!\w))"
    r"|(?P<name>[A-Za-z][\w.]*)"
    r"|(?P<mark><=|>=|<>|[-+*/^&=<>(),;%]))"
)
_DEPTH = 64

NAME_ERROR = CellError("#NAME?", "NAME", "Unknown function or named range.")
REF_ERROR = CellError("#REF!", "REF", "Reference does not exist")
VALUE_ERROR = CellError("#VALUE!", "VALUE", "The value has the wrong type.")
DIVIDE_ERROR = CellError("#DIV/0!", "DIVIDE_BY_ZERO", "Division by zero.")
PARSE_ERROR = CellError("#ERROR!", "ERROR", "Formula parse error.")

Operand = "Result | list[Result]"


def evaluated(book: Book, sheet: Sheet, formula: Formula, *, depth: int = 0) -> Result:
    """Return what *formula*, in a cell of *sheet*, shows."""
    if depth > _DEPTH:
        return REF_ERROR
    try:
        return _Reader(book, sheet, formula.text[1:], depth).result()
    except _Failed as failed:
        return failed.error


def hyperlink(formula: Formula) -> str | None:
    """Return the address of a `=HYPERLINK("address"; …)` formula."""
    match = re.match(r"=\s*HYPERLINK\(\s*\"((?:[^\"]|\"\")*)\"", formula.text, re.IGNORECASE)
    return match[1].replace('""', '"') if match else None


class _Failed(Exception):  # carries what the cell shows
    def __init__(self, error: CellError) -> None:
        super().__init__(error.code)
        self.error = error


class _Reader:
    """Recursive descent: comparison, join, sum, product, power, sign, atom."""

    def __init__(self, book: Book, sheet: Sheet, text: str, depth: int) -> None:
        self.book, self.sheet, self.depth = book, sheet, depth
        self.tokens = list(_tokens(text))
        self.at = 0

    def result(self) -> Result:
        value = self._comparison()
        if self.at != len(self.tokens):
            raise _Failed(PARSE_ERROR)
        return number(value) if isinstance(value, float) else value

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _take(self, *marks: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at] in [("mark", m) for m in marks]:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def _comparison(self) -> Result:
        left = self._joined()
        while mark := self._take("=", "<>", "<=", ">=", "<", ">"):
            left = _compared(mark, left, self._joined())
        return left

    def _joined(self) -> Result:
        left = self._sum()
        while self._take("&"):
            left = _text(left) + _text(self._sum())
        return left

    def _sum(self) -> Result:
        left: Result = self._product()
        while mark := self._take("+", "-"):
            right = _number(self._product())
            left = _number(left) + right if mark == "+" else _number(left) - right
        return left

    def _product(self) -> Result:
        left = self._power()
        while mark := self._take("*", "/"):
            right = _number(self._power())
            if mark == "/" and right == 0:
                raise _Failed(DIVIDE_ERROR)
            left = _number(left) * right if mark == "*" else _number(left) / right
        return left

    def _power(self) -> Result:
        left = self._sign()
        while self._take("^"):
            left = _power(_number(left), _number(self._sign()))
        return left

    def _sign(self) -> Result:
        if mark := self._take("-", "+"):
            signed = _number(self._sign())
            return -signed if mark == "-" else signed
        value = self._atom()
        while self._take("%"):
            value = _number(value) / 100
        return value

    def _atom(self) -> Result:
        if self._take("("):
            value = self._comparison()
            self._close()
            return value
        if self.at >= len(self.tokens):
            raise _Failed(PARSE_ERROR)
        kind, text = self.tokens[self.at]
        self.at += 1
        match kind:
            case "number":
                return number(float(text))
            case "text":
                return text[1:-1].replace('""', '"')
            case "range":
                return next(iter(self._cells(text)), None)
            case "name":
                return self._named(text.upper())
        raise _Failed(PARSE_ERROR)

    def _named(self, name: str) -> Result:
        if name in {"TRUE", "FALSE"} and self._peek() != "(":
            return name == "TRUE"
        function = FUNCTIONS.get(name)
        if function is None or not self._take("("):
            raise _Failed(NAME_ERROR)
        arguments: list[list[Result]] = []
        while self._peek() != ")":
            arguments.append(self._argument())
            if not self._take(",", ";"):
                break
        self._close()
        return function(arguments)

    def _argument(self) -> list[Result]:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "range":
            following = self.tokens[self.at + 1 : self.at + 2]
            if following and following[0][1] in {",", ";", ")"}:
                self.at += 1
                return list(self._cells(self.tokens[self.at - 1][1]))
        return [self._comparison()]

    def _close(self) -> None:
        if not self._take(")"):
            raise _Failed(PARSE_ERROR)

    def _cells(self, text: str) -> Iterator[Result]:
        if "!" not in text:
            text = f"{ranges.quoted(self.sheet.title)}!{text}"
        try:
            area = ranges.parsed(self.book, text.replace("$", ""))
        except Refused:
            raise _Failed(REF_ERROR) from None
        for row in range(area.top, min(area.bottom, len(area.sheet.rows)) or area.top + 1):
            for column in range(area.left, area.right):
                value = area.sheet.value(row, column)
                if isinstance(value, Formula):
                    yield evaluated(self.book, area.sheet, value, depth=self.depth + 1)
                else:
                    yield value


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _Failed(PARSE_ERROR)
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()


def _number(value: Result) -> float:
    if isinstance(value, CellError):
        raise _Failed(value)
    if value is None:
        return 0
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise _Failed(VALUE_ERROR) from None
    return value


def _power(base: float, exponent: float) -> float:
    try:
        result = base**exponent
    except (ZeroDivisionError, OverflowError):
        raise _Failed(DIVIDE_ERROR) from None
    if isinstance(result, complex):
        raise _Failed(VALUE_ERROR)
    return float(result)


def _text(value: Result) -> str:
    if isinstance(value, CellError):
        raise _Failed(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, str) else f"{value:.15g}"


def _compared(mark: str, left: Result, right: Result) -> bool:
    if isinstance(left, str) or isinstance(right, str):
        one, two = _text(left).casefold(), _text(right).casefold()
        order = (one > two) - (one < two)
    else:
        order = (_number(left) > _number(right)) - (_number(left) < _number(right))
    return {
        "=": order == 0,
        "<>": order != 0,
        "<": order < 0,
        ">": order > 0,
        "<=": order <= 0,
        ">=": order >= 0,
    }[mark]


def _numbers(arguments: list[list[Result]]) -> list[float]:
    found = []
    for argument in arguments:
        for value in argument:
            if isinstance(value, CellError):
                raise _Failed(value)
            if isinstance(value, int | float) and not isinstance(value, bool):
                found.append(value)
    return found


def _average(arguments: list[list[Result]]) -> Result:
    numbers = _numbers(arguments)
    if not numbers:
        raise _Failed(DIVIDE_ERROR)
    return sum(numbers) / len(numbers)


def _if(arguments: list[list[Result]]) -> Result:
    yes = bool(_number(arguments[0][0]))
    chosen = arguments[1:2] if yes else arguments[2:3]
    return chosen[0][0] if chosen else False


def _counta(arguments: list[list[Result]]) -> Result:
    return sum(value is not None for argument in arguments for value in argument)


def _joined(arguments: list[list[Result]]) -> Result:
    return "".join(_text(value) for argument in arguments for value in argument)


def _hyperlink(arguments: list[list[Result]]) -> Result:
    return arguments[-1][0] if arguments else None


FUNCTIONS: dict[str, Callable[[list[list[Result]]], Result]] = {
    "SUM": lambda arguments: sum(_numbers(arguments)),
    "MIN": lambda arguments: min(_numbers(arguments), default=0),
    "MAX": lambda arguments: max(_numbers(arguments), default=0),
    "COUNT": lambda arguments: len(_numbers(arguments)),
    "COUNTA": _counta,
    "AVERAGE": _average,
    "IF": _if,
    "CONCATENATE": _joined,
    "CONCAT": _joined,
    "HYPERLINK": _hyperlink,
    "UPPER": lambda arguments: _text(arguments[0][0]).upper(),
    "LOWER": lambda arguments: _text(arguments[0][0]).lower(),
    "LEN": lambda arguments: len(_text(arguments[0][0])),
    "ROUND": lambda arguments: round(
        _number(arguments[0][0]), int(_number(arguments[1][0]) if arguments[1:] else 0)
    ),
}
