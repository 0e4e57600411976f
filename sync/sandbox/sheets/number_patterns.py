"""
Number patterns of a number format.

The tokens are those of Google's guide "Date & number formats": up to four sections (above
zero, below, zero, text) or sections with a condition, placeholders `0 # ?`, `%`, grouping
and scaling commas, exponents, fractions, colours, literals.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.sandbox.sheets.locales import Locale

_PIECE = re.compile(
    r"\"[^\"]*\"|\\.|_.|\*.|\[\$[^\]]*\]|\[[^\]]*\]|E[+-]0+|[0#?]+ ?/ ?[0-9?#]+|.",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?(?:\d+\.?\d*|\.\d+))\]", re.ASCII)
_SECTION = re.compile(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")
_FRACTION = re.compile(r"[0#?]+ ?/ ?([0-9?#]+)")
_SECTIONS_WITH_TEXT = 4
#: exact for every float, 1e308 as well as 5e-324, and as many decimals as a pattern may have
_EXACT = Context(prec=2000, rounding=ROUND_HALF_UP)
_MOST_DECIMALS = 30  #: that are shown, whatever the pattern asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """
    One part of a pattern.

    pieces:   literals `"…`, placeholders, `.`, `%`, an exponent, a fraction
    grouped:  thousands are told apart
    factor:   what the number is multiplied by before it is shown
    """

    pieces: tuple[str, ...]
    condition: tuple[str, float] | None
    grouped: bool
    factor: Decimal
    decimals: int


def number_text(value: float, pattern: str, locale: Locale) -> str:
    """Return the number *value* as *pattern* shows it."""
    sections = _sections(pattern)
    section, signed = _chosen(sections, value)
    amount = _EXACT.multiply(abs(Decimal(f"{value:.15g}")), section.factor)
    exact = any(piece.startswith(("E", "e", "/")) for piece in section.pieces)
    if not exact:
        amount = _EXACT.quantize(amount, Decimal(1).scaleb(-section.decimals))
    sign = "-" if signed and value < 0 else ""
    return sign + _shown(section, amount, locale)


def text_text(value: str, pattern: str) -> str:
    """Return the text *value* as *pattern* shows it: where the `@` is."""
    texts = _SECTION.split(pattern)
    last = texts[-1]
    if len(texts) < _SECTIONS_WITH_TEXT and "@" not in last:
        return value
    return "".join(
        value if piece == "@" else piece[1:] if piece[0] == '"' else piece
        for piece in _read(last).pieces
    )


@cache
def _sections(pattern: str) -> tuple[_Section, ...]:
    return tuple(_read(text) for text in _SECTION.split(pattern))


def _read(text: str) -> _Section:
    condition = _CONDITION.search(text)
    pieces, scale = _scaled([piece for raw in _PIECE.findall(text) if (piece := _plain(raw))])
    digits = [at for at, piece in enumerate(pieces) if piece in _DIGITS]
    point = pieces.index(".") if "." in pieces else len(pieces)
    first, last = (digits[0], digits[-1]) if digits else (0, 0)
    commas = {at for at, piece in enumerate(pieces) if piece == "," and first < at < last}
    factor = Decimal(100) ** pieces.count("%") / Decimal(1000) ** scale
    return _Section(
        pieces=tuple(piece for at, piece in enumerate(pieces) if at not in commas),
        condition=(condition[1], float(condition[2])) if condition else None,
        grouped=bool(commas),
        factor=factor,
        decimals=min(sum(at > point for at in digits), _MOST_DECIMALS),
    )


_DIGITS = frozenset("0#?")


def _plain(piece: str) -> str:
    """Return a piece with its literal text marked by a quote; "" for what shows nothing."""
    if piece.startswith("[$"):
        return '"' + piece[2:-1].partition("-")[0]
    if piece.startswith(("[", "*")):
        return ""
    if piece.startswith(('"', "\\")):
        return '"' + (piece[1:] if piece[0] == "\\" else piece[1:-1])
    if piece.startswith("_"):
        return '" '
    if match := _FRACTION.fullmatch(piece):
        return f"/{match[1]}"
    if len(piece) > 1 or piece in _DIGITS or piece in ".,%@":
        return piece
    return '"' + piece


def _scaled(pieces: list[str]) -> tuple[list[str], int]:
    """Return *pieces* without the commas behind the last digit: each divides by a thousand."""
    digits = [at for at, piece in enumerate(pieces) if piece in _DIGITS]
    end = digits[-1] + 1 if digits else len(pieces)
    scale = 0
    while end < len(pieces) and pieces[end] == ",":
        del pieces[end]
        scale += 1
    return pieces, scale


def _chosen(sections: tuple[_Section, ...], value: float) -> tuple[_Section, bool]:
    """Return the section for *value*, and whether its sign is shown."""
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _COMPARED[section.condition[0]](
                value, section.condition[1]
            ):
                return section, True
        return sections[-1], True
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:  # noqa: PLR2004  # the third is for zero
        return sections[2], False
    return sections[0], True


_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
    "=": lambda value, limit: value == limit,
    "<>": lambda value, limit: value != limit,
}


def _shown(section: _Section, amount: Decimal, locale: Locale) -> str:
    exponent = next((piece for piece in section.pieces if piece[0] in "Ee"), "")
    power = 0
    if exponent:
        amount, power = _mantissa(amount, section.decimals)
    slash = next((piece for piece in section.pieces if piece[0] == "/"), "")
    whole, parts = _fraction(amount, slash, section) if slash else (amount, "")
    integer, _, decimals = format(whole, "f").partition(".")
    filler = _Filler(section, integer.lstrip("0"), decimals, locale)
    shown = []
    for piece in section.pieces:
        if piece == exponent and exponent:
            shown.append(_exponent(exponent, power))
        elif piece == slash and slash:
            shown.append(parts)
        else:
            shown.append(filler.part(piece))
    return "".join(shown)


class _Filler:
    """Puts digits where a pattern has placeholders."""

    def __init__(self, section: _Section, integer: str, decimals: str, locale: Locale) -> None:
        pieces = section.pieces
        point = pieces.index(".") if "." in pieces else len(pieces)
        self.places = sum(piece in _DIGITS for piece in pieces[:point])
        self.seen = 0
        self.integer = integer.rjust(self.places, "\0")
        self.grouped, self.locale = section.grouped, locale
        self.decimals, self.behind = _decimals(pieces[point:], decimals), False

    def part(self, piece: str) -> str:
        if piece == ".":
            self.behind = True
            return self.locale.decimal if self.decimals else ""
        if piece not in _DIGITS:
            return piece[1:] if piece[0] == '"' else piece
        return self._decimal() if self.behind else self._whole(piece)

    def _decimal(self) -> str:
        digit, self.decimals = self.decimals[:1], self.decimals[1:]
        return digit

    def _whole(self, piece: str) -> str:
        start = 0 if self.seen == 0 else len(self.integer) - self.places + self.seen
        self.seen += 1
        end = len(self.integer) - self.places + self.seen
        return "".join(self._digit(at, piece) for at in range(start, end))

    def _digit(self, at: int, piece: str) -> str:
        digit = self.integer[at]
        if digit == "\0":
            digit = {"0": "0", "?": " "}.get(piece, "")
        rest = len(self.integer) - at - 1
        comma = self.grouped and digit.isdigit() and rest and rest % 3 == 0
        return digit + (self.locale.grouping if comma else "")


def _decimals(pieces: tuple[str, ...], digits: str) -> str:
    """Return the digits behind the point: zeros go where the pattern has a `#`."""
    places = [piece for piece in pieces if piece in _DIGITS]
    kept = digits[: len(places)]
    while kept and kept[-1] == "0" and places[len(kept) - 1] == "#":
        kept = kept[:-1]
    return kept


def _mantissa(amount: Decimal, decimals: int) -> tuple[Decimal, int]:
    text, _, power = f"{amount:.{decimals}e}".partition("e")
    return Decimal(text), int(power) if amount else 0


def _exponent(piece: str, power: int) -> str:
    sign = "-" if power < 0 else "+" if piece[1] == "+" else ""
    return f"{piece[0]}{sign}{abs(power):0{len(piece) - 2}}"


def _fraction(amount: Decimal, slash: str, section: _Section) -> tuple[Decimal, str]:
    limit = max(int(slash[1:]) if slash[1:].isdigit() else 10 ** len(slash[1:]) - 1, 1)
    whole = int(amount) if any(piece in _DIGITS for piece in section.pieces) else 0
    rest = Fraction(amount) - whole
    near = rest.limit_denominator(limit)
    if slash[1:].isdigit():
        near = Fraction(round(rest * limit), limit)
        return Decimal(whole), f"{round(rest * limit)}/{limit}" if near else ""
    if near == 1:
        return Decimal(whole + 1), ""
    return Decimal(whole), f"{near.numerator}/{near.denominator}" if near else ""
