"""
The journal of `--state DIR`: every change, one JSON line each, written before its answer.

A start repeats the lines. Each has its own time and seed, so it comes to the same state;
a line cut short by a crash was never answered, and is dropped.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

from sync.errors import LedgerBusy, UserError
from sync.platform import exclusive_lock
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.sandbox.reply import Json

VERSION = 1  #: goes up when an older journal would come to another state
_NAME = "journal.jsonl"
_LOCK = "lock"


class Journal:
    """
    One file of changes, in order.

    Raises `UserError` where another sandbox is at work in the same folder.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._held = ExitStack()
        try:
            self._held.enter_context(exclusive_lock(folder / _LOCK))
        except LedgerBusy as error:
            raise UserError(
                f"Another sandbox is at work in {folder}: stop it, or give --state another folder."
            ) from error
        self._path = folder / _NAME
        self._file = self._path.open("ab", buffering=0)
        self._path.chmod(0o600)

    def repeat(self, apply: Callable[[Json], object]) -> Json | None:
        """
        Call *apply* with each change so far, and return the last; None where there is none.

        What a crash left unfinished is cut off. Raises `UserError` that names the line which is
        damaged, or which this version of the sandbox does not understand.
        """
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            self._file.truncate(whole)
        change = None
        for number, line in enumerate(content[:whole].split(b"\n")[:-1], start=1):
            try:
                change = _change(line, first=number == 1)
                apply(change)
            except _DAMAGE as error:
                self.close()
                what = error if isinstance(error, _OtherVersion) else "damaged"
                raise UserError(
                    f"{self._path}:{number}: is {what}: put the folder back from a copy, or "
                    "delete it to begin anew"
                ) from error
        return change

    def add(self, change: Json) -> None:
        """
        Append a change; it is with the operating system when this returns.

        Raises `OSError` when it cannot be: then no later change is taken either.
        """
        end = self._file.tell()
        line = _line(change)
        try:
            while line:
                line = line[self._file.write(line) :]
        except OSError:
            self._file.truncate(end)
            self._file.close()
            raise

    def begin(self, change: Json) -> None:
        """Forget everything but *change*, at once: a crash leaves the old or the new."""
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            fresh.chmod(0o600)
            file.write(_line(change | {"version": VERSION}))
        self._file.close()
        fresh.replace(self._path)
        self._file = self._path.open("ab", buffering=0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._held.close()


_DAMAGE = (Refused, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class _OtherVersion(ValueError):
    """The journal's first line is not of this version."""


def _line(change: Json) -> bytes:
    return json.dumps(change, separators=(",", ":")).encode() + b"\n"


def _change(line: bytes, *, first: bool) -> Json:
    change: Json = json.loads(line)
    if first and change.get("version") != VERSION:
        raise _OtherVersion(f"of version {change.get('version')}, this sandbox is of {VERSION}")
    return change
