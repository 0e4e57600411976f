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

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.sandbox.reply import Json

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
        self._file = self._path.open("ab")
        self._path.chmod(0o600)

    def lines(self) -> Iterator[Json]:
        """
        Yield the changes so far; what a crash left unfinished is cut off.

        Raises `UserError` that names a damaged line.
        """
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            self._file.truncate(whole)
        for number, line in enumerate(content[:whole].split(b"\n")[:-1], start=1):
            try:
                change = json.loads(line)
            except ValueError as error:
                self.close()
                raise UserError(
                    f"{self._path}:{number}: is damaged: put the folder back from a copy, or"
                    " delete it to begin anew"
                ) from error
            yield change

    def add(self, change: Json) -> None:
        """Append a change; it is with the operating system when this returns."""
        self._file.write(json.dumps(change, separators=(",", ":")).encode() + b"\n")
        self._file.flush()

    def clear(self) -> None:
        """Forget everything."""
        self._file.truncate(0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._held.close()
