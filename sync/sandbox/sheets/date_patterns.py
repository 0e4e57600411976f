"""
Date and time patterns of a number format.

The tokens are those of Google's guide "Date & number formats": an `m` next to hours or
seconds means minutes, `[h]`, `[m]`, `[s]` count on past their usual end, and hours run to
24 unless am/pm is there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sync.sandbox.sheets.serials import moment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sync.sandbox.sheets.locales import Locale

_TOKEN = re.compile(
    r"\"[^\"]*\"|\\.|am/pm|a/p|\[h+\]|\[m+\]|\[s+\]|\[[^\]]*\]|y+|m+|d+|h+|s+|\.?0+|.",
    re.IGNORECASE | re.DOTALL,
)
_NOON = 12
_ABBREVIATED, _INITIAL = 3, 5
_MS = {"h": 3_600_000, "m": 60_000, "s": 1000}
_MS_A_DAY = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    kind: str  #: `y`, `M`onth, `d`, `h`, `m`inute, `s`, `0`, `a`m/pm, `[`elapsed, `"` literal


def moment_text(value: float, pattern: str, locale: Locale) -> str:
    """Return the serial *value* as *pattern* shows it."""
    when, tokens = moment(value), _tokens(pattern)
    twelve = any(token.kind == "a" for token in tokens)
    return "".join(_part(token, value, when, twelve=twelve, locale=locale) for token in tokens)


@cache
def _tokens(pattern: str) -> tuple[_Token, ...]:
    texts = _TOKEN.findall(pattern)
    return tuple(_Token(text=text, kind=kind) for text, kind in _kinds(texts))


def _kinds(texts: list[str]) -> Iterator[tuple[str, str]]:
    letters = [text.strip("[]")[:1].lower() for text in texts]
    for at, text in enumerate(texts):
        if re.fullmatch(r"\[(h+|m+|s+)\]", text, re.IGNORECASE):
            yield text[1:-1], "["
        elif text.startswith(('"', "\\", "[")):
            yield _literal(text), '"'
        elif text.lower() in {"am/pm", "a/p"}:
            yield text, "a"
        elif re.fullmatch(r"\.?0+", text):
            yield text, "0"
        else:
            yield text, _letter_kind(letters, at)


def _letter_kind(letters: list[str], at: int) -> str:
    letter = letters[at]
    if letter != "m":
        return letter if letter in "ydhs" else '"'
    before = [other for other in letters[:at] if other in "ymdhs"]
    after = [other for other in letters[at + 1 :] if other in "ymdhs"]
    return "m" if before[-1:] == ["h"] or after[:1] == ["s"] else "M"


def _literal(text: str) -> str:
    if text.startswith("["):  # a colour, such as [Red]
        return ""
    return text[1:] if text.startswith("\\") else text[1:-1]


def _part(token: _Token, value: float, when: datetime, *, twelve: bool, locale: Locale) -> str:
    size = len(token.text)
    match token.kind:
        case "y":
            return f"{when.year % 100:02}" if size <= len("yy") else str(when.year)
        case "M":
            return _month(when, size, locale)
        case "d":
            return _day(when, size, locale)
        case "h":
            hour = (when.hour % _NOON or _NOON) if twelve else when.hour
            return f"{hour:0{min(size, 2)}}"
        case "m":
            return f"{when.minute:0{min(size, 2)}}"
        case "s":
            return f"{when.second:0{min(size, 2)}}"
        case "a":
            return _half(token.text, when)
        case "0":
            return _fraction(token.text, when, locale)
        case "[":
            return _elapsed(token.text, value)
    return token.text


def _month(when: datetime, size: int, locale: Locale) -> str:
    name = locale.months[when.month - 1]
    shown = {1: str(when.month), 2: f"{when.month:02}", _INITIAL: name[0]}
    shown[_ABBREVIATED] = name[:_ABBREVIATED]
    return shown.get(size, name)


def _day(when: datetime, size: int, locale: Locale) -> str:
    name = locale.weekdays[when.weekday()]
    shown = {1: str(when.day), 2: f"{when.day:02}", _ABBREVIATED: name[:_ABBREVIATED]}
    return shown.get(size, name)


def _half(text: str, when: datetime) -> str:
    half = "PM" if when.hour >= _NOON else "AM"
    if text.lower() == "am/pm":
        return half
    return half[0].lower() if text[0] == "a" else half[0]


def _fraction(text: str, when: datetime, locale: Locale) -> str:
    digits = f"{when.microsecond:06}"
    return locale.decimal + digits[: len(text) - 1] if text[0] == "." else digits[: len(text)]


def _elapsed(text: str, value: float) -> str:
    count = int(round(value * _MS_A_DAY) // _MS[text[0].lower()])
    return f"{count:0{len(text)}}"
