"""Formulas as text, as tokens, and as trees; nothing is computed here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from sync.sandbox.sheets.cells import CellError, Result, number
from sync.sandbox.sheets.formulas import references
from sync.sandbox.sheets.formulas.references import Reference, reference

if TYPE_CHECKING:
    from collections.abc import Callable

_DEEPEST = 100  #: expressions within each other

_TOKENS = (
    r"(?P<space>\s+)"
    rf"|(?P<cells>{references.PATTERN})"
    r"|(?P<number>(?:\d+(?:POINT\d*)?|POINT\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<error>(?:(?:'(?:[^']|'')*'|[^\W\d][\w.]*)!)?"
    r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|N/A|NULL!|ERROR!))"
    r"|(?P<name>[^\W\d][\w.]*)"
    r"|(?P<mark><=|>=|<>|[-+*/^&=<>(),;%{}\\])"
)
_WITH_POINT = re.compile(_TOKENS.replace("POINT", r"\."))
_WITH_COMMA = re.compile(_TOKENS.replace("POINT", ","))

#: how tightly operators bind, and what they call; Google's messages use the same names
_BINARY = {
    "=": (1, "EQ"),
    "<>": (1, "NE"),
    "<": (1, "LT"),
    "<=": (1, "LTE"),
    ">": (1, "GT"),
    ">=": (1, "GTE"),
    "&": (2, "CONCAT"),
    "+": (3, "ADD"),
    "-": (3, "MINUS"),
    "*": (4, "MULTIPLY"),
    "/": (4, "DIVIDE"),
    "^": (5, "POW"),
}
_SIGNS = {"-": "UMINUS", "+": "UPLUS"}
_ERROR_KINDS = {
    "#REF!": CellError("#REF!", "REF", "Reference does not exist"),
    "#DIV/0!": CellError("#DIV/0!", "DIVIDE_BY_ZERO"),
    "#VALUE!": CellError("#VALUE!", "VALUE"),
    "#NAME?": CellError("#NAME?", "NAME"),
    "#NUM!": CellError("#NUM!", "NUM"),
    "#N/A": CellError("#N/A", "N_A"),
    "#NULL!": CellError("#NULL!", "NULL_VALUE"),
    "#ERROR!": CellError("#ERROR!", "ERROR"),
}


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, a truth or an error; None for an argument that was left out."""

    value: Result


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a reference."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class Name:
    """The cells of a named range."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments; a sign or `%` is one, too."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator; chains of them grow to the left, however long they are."""

    function: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Array:
    """Rows in braces."""

    rows: tuple[tuple[Node, ...], ...]


Node: TypeAlias = "Literal | Cells | Name | Call | Binary | Array"
Piece: TypeAlias = "tuple[str, str]"


@lru_cache(maxsize=8192)
def parsed(text: str, *, decimal_comma: bool = False) -> Node | None:
    """Return the tree of a formula, `=` and all; None where it cannot be read."""
    found = _tokens(text[1:], _WITH_COMMA if decimal_comma else _WITH_POINT)
    if found is None:
        return None
    try:
        tokens = [token for token in found if token[0] != "space"]
        return _Reader(tokens, comma=not decimal_comma).whole()
    except _Unreadable:
        return None


def rewritten(text: str, change: Callable[[Reference], Reference | None]) -> str:
    """Return a formula with each reference changed; None becomes `#REF!`."""
    found = _tokens(text[1:], _WITH_POINT)
    if found is None:
        return text
    return "=" + "".join(
        _changed(token, change) if kind == "cells" else token for kind, token in found
    )


def named_titles(text: str) -> set[str]:
    """Return the titles of the tabs that a formula names."""
    found = _tokens(text[1:], _WITH_POINT) or ()
    titles = {reference(token).title for kind, token in found if kind == "cells"}
    return {title for title in titles if title is not None}


def _changed(token: str, change: Callable[[Reference], Reference | None]) -> str:
    old = reference(token)
    new = change(old)
    if new is None:
        return "#REF!"
    return token if new == old else new.text


@lru_cache(maxsize=8192)
def _tokens(text: str, pattern: re.Pattern[str]) -> tuple[Piece, ...] | None:
    found: list[Piece] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None or match.lastgroup is None:
            return None
        found.append((match.lastgroup, match[0]))
        at = match.end()
    return tuple(found)


class _Unreadable(Exception):
    """The formula breaks the grammar."""


class _Reader:
    """
    Recursive descent; each operator takes on its right what binds tighter.

    comma: arguments may be divided by commas, too, and not by semicolons alone
    """

    def __init__(self, tokens: list[Piece], *, comma: bool) -> None:
        self.tokens = tokens
        self.dividers, self.columns = (",;", ",\\") if comma else (";", "\\")
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self._expression()
        if self.at != len(self.tokens):
            raise _Unreadable
        return node

    def _expression(self, least: int = 1) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Unreadable
        left = self._signed()
        while (operator := _BINARY.get(self._peek())) and operator[0] >= least:
            self.at += 1
            left = Binary(operator[1], left, self._expression(operator[0] + 1))
        self.depth -= 1
        return left

    def _signed(self) -> Node:
        signs = []
        while sign := self._take(_SIGNS):
            signs.append(_SIGNS[sign])
        node = self._atom()
        while self._take("%"):
            node = Call("UNARY_PERCENT", (node,))
        for sign in reversed(signs[-_DEEPEST:]):
            node = Call(sign, (node,))
        return node

    def _atom(self) -> Node:
        if self.at >= len(self.tokens):
            raise _Unreadable
        kind, text = self.tokens[self.at]
        self.at += 1
        match kind:
            case "number":
                return Literal(_number(text))
            case "text":
                return Literal(text[1:-1].replace('""', '"'))
            case "cells":
                return Cells(reference(text))
            case "error":
                return Literal(_ERROR_KINDS[text[text.rindex("#") :].upper()])
            case "name":
                return self._named(text)
        return self._enclosed(text)

    def _enclosed(self, mark: str) -> Node:
        if mark == "(":
            node = self._expression()
            self._close(")")
            return node
        if mark == "{":
            return self._array()
        raise _Unreadable

    def _named(self, name: str) -> Node:
        if not self._take("("):
            folded = name.upper()
            return Literal(folded == "TRUE") if folded in {"TRUE", "FALSE"} else Name(name)
        arguments: list[Node] = []
        while not self._take(")"):
            arguments.append(self._argument())
            if self._take(self.dividers):
                if self._peek() == ")":
                    arguments.append(Literal(None))
            elif self._peek() != ")":
                raise _Unreadable
        return Call(name.upper(), tuple(arguments))

    def _argument(self) -> Node:
        return Literal(None) if self._peek() in {",", ";", ")"} else self._expression()

    def _array(self) -> Node:
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(self._expression())
            if self._take(";"):
                rows.append([])
            elif not self._take(self.columns):
                break
        self._close("}")
        return Array(tuple(map(tuple, rows)))

    def _close(self, mark: str) -> None:
        if not self._take(mark):
            raise _Unreadable

    def _peek(self) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "mark":
            return self.tokens[self.at][1]
        return ""

    def _take(self, marks: str | dict[str, str]) -> str:
        mark = self._peek()
        if not mark or mark not in marks:
            return ""
        self.at += 1
        return mark


def _number(text: str) -> int | float:
    try:
        return number(float(text.replace(",", ".")))
    except OverflowError:
        raise _Unreadable from None
