"""
The journal of `--state DIR`: every change, one JSON line each, written before its answer.

A start repeats the lines. Each has its own time and seed, so it comes to the same state;
a line cut short by a crash was never answered, and is dropped.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.sandbox.reply import Json

_NAME = "journal.jsonl"


class Journal:
    """One file of changes, in order."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / _NAME
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)

    def lines(self) -> Iterator[Json]:
        """Yield the changes so far; what a crash left unfinished is cut off."""
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            os.ftruncate(self._file, whole)
        for line in content[:whole].splitlines():
            yield json.loads(line)

    def add(self, change: Json) -> None:
        """Append a change; it is with the operating system when this returns."""
        line = json.dumps(change, separators=(",", ":")).encode() + b"\n"
        while line:
            line = line[os.write(self._file, line) :]

    def clear(self) -> None:
        """Forget everything."""
        os.ftruncate(self._file, 0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
