"""Tokens: harmless texts that stand nowhere else and say that work is under way."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sync.text import TOKEN_PREFIX

if TYPE_CHECKING:
    import random

    from sync.model import Cell

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10


def new_token(rng: random.Random) -> str:
    """Return a token that was never used; it holds no personal data."""
    return TOKEN_PREFIX + "".join(rng.choices(_ALPHABET, k=_LENGTH))


def is_token(cell: Cell) -> bool:
    """Tell whether *cell* is spelled like a token; what people type is not."""
    return isinstance(cell, str) and _pattern().fullmatch(cell) is not None


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(f"{re.escape(TOKEN_PREFIX)}[{_ALPHABET}]{{{_LENGTH}}}")
