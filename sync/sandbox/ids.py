"""Ids that look like Google's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def new_file_id(random: Random) -> str:
    """Return an id for a Drive file, 33 characters."""
    return "1" + "".join(random.choices(_LETTERS, k=32))


def new_spreadsheet_id(random: Random) -> str:
    """Return an id for a spreadsheet, 44 characters."""
    return "1" + "".join(random.choices(_LETTERS, k=43))
