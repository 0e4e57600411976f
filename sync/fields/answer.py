"""A cell as text: what every kind does first (spaces, invisible characters, emptiness)."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sync.model import Kind, Problem, ProblemCode

if TYPE_CHECKING:
    from sync.model import Cell, FieldSpec

_EMPTY = frozenset({"", "-", ".", "tidak ada", "tdk ada", "nihil", "kosong"})
_ERROR = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|ERROR!|SPILL!|CALC!)")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u061c\u2060\ufeff]")
_LINE_BREAK = re.compile("\r\n|[\r\u2028\u2029]")
#: XML 1.0 allows none of the first and last groups; bidi overrides hide what is printed.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    r"\u202a-\u202e\u2066-\u2069"
    r"\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_LIMITS = {Kind.NAME: 100, Kind.LONG_TEXT: 1000}
_LIMITS |= dict.fromkeys((Kind.CHOICE, Kind.AGREEMENT, Kind.FILES), 2000)
_USUAL_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """A cell, and its text with spaces folded and invisible characters dropped."""

    cell: Cell
    text: str

    @property
    def number(self) -> float | None:
        """The number of a number cell."""
        if isinstance(self.cell, str | bool | None):
            return None
        return self.cell if -math.inf < self.cell < math.inf else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered, in one of the usual ways to say so."""
        return self.text.casefold() in _EMPTY


def read_answer(spec: FieldSpec, cell: Cell) -> Answer:
    """Return the text of *cell*; a `long_text` keeps its lines."""
    return Answer(cell, _folded_spaces(raw_text(cell), keep_lines=spec.kind is Kind.LONG_TEXT))


def raw_text(cell: Cell) -> str:
    """Return a cell's text as it stands; a number without `.0` and without exponent."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, str):
        return cell
    if not -math.inf < cell < math.inf:
        return "#NUM!"
    return str(int(cell)) if cell == int(cell) else f"{Decimal(repr(cell)):f}"


def unfit(spec: FieldSpec, answer: Answer) -> Problem | None:
    """Return what is wrong with an answer of any kind, emptiness aside."""
    raw = raw_text(answer.cell)
    if _ERROR.fullmatch(raw.strip()):
        return Problem(ProblemCode.CELL_ERROR, spec.name)
    if _UNPRINTABLE.search(raw):
        return Problem(ProblemCode.CONTROL_CHARACTER, spec.name)
    limit = _LIMITS.get(spec.kind, _USUAL_LIMIT)
    if len(answer.text) > limit:
        return Problem(ProblemCode.TOO_LONG, spec.name, {"max": limit})
    return None


def _folded_spaces(raw: str, *, keep_lines: bool) -> str:
    text = raw if raw.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", raw))
    if not keep_lines:
        return " ".join(text.split())
    lines = _LINE_BREAK.sub("\n", text).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()
