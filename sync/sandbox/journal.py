"""
The journal of `--state DIR`: every change, one JSON line each, written before its answer.

A start repeats the lines. Each has its own time and seed, so it comes to the same state;
a line cut short by a crash was never answered, and is dropped.
"""

from __future__ import annotations

import json
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
        self._file = self._path.open("ab")
        self._path.chmod(0o600)

    def lines(self) -> Iterator[Json]:
        """Yield the changes so far; what a crash left unfinished is cut off."""
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            self._file.truncate(whole)
        for line in content[:whole].splitlines():
            yield json.loads(line)

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
