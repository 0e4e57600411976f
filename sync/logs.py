"""
The log, on stderr: events, tickets and codes; nobody's answers (docs/security.md).

Our own lines hold nothing personal. What others say is kept out of it: libraries speak up only
when something is wrong, a bug's traceback has no locals and no message of a foreign exception,
which may quote an answer, and long runs of digits are masked in everything.
"""

from __future__ import annotations

import logging
import re
import traceback

from sync.errors import SyncError

_LIBRARIES = (
    "apscheduler", "google", "googleapiclient", "gspread", "requests", "sqlalchemy", "urllib3",
)  # fmt: skip
_MANY_DIGITS = re.compile(r"\d{9,}")  # a NIK, a phone number; our own numbers are shorter


class _Masked(logging.Formatter):
    """Formats a line without long digits, and an exception as `traceback_of` does."""

    def format(self, record: logging.LogRecord) -> str:
        text = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            text += f"\n{traceback_of(record.exc_info[1])}"
        return masked(text)


def begin() -> None:
    """Let the log be as this module says, from now on in this process."""
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    if logging.lastResort is not None:  # it writes warnings to stderr; nothing else is set up
        logging.lastResort.setFormatter(_Masked())


def masked(text: str) -> str:
    """Return *text* with long runs of digits, such as a NIK or a phone number, masked."""
    return _MANY_DIGITS.sub("…", text)


def traceback_of(error: BaseException) -> str:
    """
    Return where *error* and what led to it were raised, the first cause first.

    Only our own exceptions have their messages: those hold no answer.
    """
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = "".join(traceback.format_tb(error.__traceback__))
    message = f": {error}" if isinstance(error, SyncError) else ""
    text = f"Traceback (most recent call last):\n{frames}{type(error).__qualname__}{message}"
    return f"{traceback_of(before)}\n\nwhich led to\n\n{text}" if before else text
