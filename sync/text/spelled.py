"""Terbilang: whole numbers in Indonesian words."""

from __future__ import annotations

_UNITS = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"))
_LIMIT = 10**15


def spelled(number: int) -> str:
    """
    Return *number* in words: 21100 is "dua puluh satu ribu seratus".

    Raises `ValueError` below 0 and from 10^15 on.
    """
    if not 0 <= number < _LIMIT:
        raise ValueError(f"cannot spell {number}")
    if number < 1000:  # noqa: PLR2004  # the words of a group of three digits
        return _below_thousand(number)
    words = []
    rest = number
    for size, name in _SCALES:
        count, rest = divmod(rest, size)
        if count:
            words.append("seribu" if (count, size) == (1, 1000) else f"{spelled(count)} {name}")
    if rest:
        words.append(_below_thousand(rest))
    return " ".join(words)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(number)
    head = "seratus" if hundreds == 1 else f"{_UNITS[hundreds]} ratus"
    return f"{head} {_below_hundred(rest)}" if rest else head


def _below_hundred(number: int) -> str:
    if number < len(_UNITS):
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    if tens == 1:
        return f"{_UNITS[unit]} belas"
    return f"{_UNITS[tens]} puluh" + (f" {_UNITS[unit]}" if unit else "")
