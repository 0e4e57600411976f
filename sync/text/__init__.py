"""Words for people: statuses, actions, headers, remarks, dates. The words are in id.toml."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sync.model import Column, StaffAction, Status
from sync.text.clean import reason_text
from sync.text.dates import long_date, month_name, month_roman, updated_text, zone_word
from sync.text.fold import folded
from sync.text.spelled import spelled
from sync.text.words import by_code, word, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sync.model import Cell

__all__ = [
    "ACTION_WORDS",
    "COLUMN_HEADERS",
    "COLUMN_HELP",
    "REGISTER_HANDWRITTEN",
    "REGISTER_HEADER",
    "REGISTER_UNKNOWN",
    "STATUS_WORDS",
    "TOKEN_PREFIX",
    "UNKNOWN",
    "Unknown",
    "action_of",
    "action_word",
    "folded",
    "long_date",
    "month_name",
    "month_roman",
    "reason_text",
    "register_revised",
    "register_void",
    "spelled",
    "status_word",
    "updated_text",
    "zone_word",
]

STATUS_WORDS: Mapping[Status, str]  #: what `Status` shows
ACTION_WORDS: Mapping[StaffAction, str]  #: the words of the `Tindakan` drop-down, in its order
COLUMN_HEADERS: Mapping[Column, str]  #: the headers of our columns and the staff's
COLUMN_HELP: Mapping[Column, str]  #: one sentence for the note on each header
REGISTER_HEADER: tuple[str, ...]  #: row 1 of a register tab
REGISTER_HANDWRITTEN: str  #: remark beside a number taken for a handwritten letter
REGISTER_UNKNOWN: str  #: remark beside a number that was given, nobody knows to whom
TOKEN_PREFIX: str  #: what every token of a run begins with

_CONSTANTS: Mapping[str, Callable[[], object]] = {
    "STATUS_WORDS": lambda: by_code("status", Status),
    "ACTION_WORDS": lambda: by_code("action", StaffAction),
    "COLUMN_HEADERS": lambda: by_code("column", Column),
    "COLUMN_HELP": lambda: by_code("column_help", Column),
    "REGISTER_HEADER": lambda: tuple(words()["register"]["header"]),
    "REGISTER_HANDWRITTEN": lambda: word("register", "handwritten"),
    "REGISTER_UNKNOWN": lambda: word("register", "unknown"),
    "TOKEN_PREFIX": lambda: words()["token_prefix"],
}


class Unknown(Enum):
    """`Tindakan` holds something that is none of its words."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


def status_word(status: Status) -> str:
    """Return what `Status` shows."""
    return word("status", status.value)


def action_word(action: StaffAction) -> str:
    """Return the word of the drop-down."""
    return word("action", action.value)


def action_of(cell: Cell) -> StaffAction | Unknown | None:
    """Return what staff chose: None for an empty cell, `UNKNOWN` for any other text."""
    if cell is None:
        return None
    wanted = folded(str(cell))
    return _actions().get(wanted, UNKNOWN) if wanted else None


def register_void(reason: str) -> str:
    """Return the register's remark beside a void number."""
    return word("register", "void", reason=_given(reason))


def register_revised(*, revision: int, on: date, signer: str, reason: str) -> str:
    """Return the register's remark beside a number whose letter was issued again."""
    shown = _given(reason)
    return word(
        "register", "revised", revision=revision, date=long_date(on), signer=signer, reason=shown
    )


def _given(reason: str) -> str:
    """Return staff's reason, cleaned; words for none."""
    return reason_text(reason) or word("note", "no_reason").rstrip(".")


@lru_cache(maxsize=1)
def _actions() -> Mapping[str, StaffAction]:
    return {folded(action_word(action)): action for action in StaffAction}


def __getattr__(name: str) -> object:
    """Make a constant when it is first asked for, so that importing reads no file."""
    if name not in _CONSTANTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = _CONSTANTS[name]()
    globals()[name] = value
    return value
