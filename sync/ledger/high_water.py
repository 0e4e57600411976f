"""The largest numbers ever given, in a file beside the ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sync.errors import SafetyStop
from sync.platform import disk_errors, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class HighWaterFile:
    """Finds out a ledger that came from an old backup: the file has seen larger numbers."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Mapping[str, int]:
        """
        Return `register/year` to the largest sequence; empty when there is no file yet.

        Raises `SafetyStop("ledger-corrupt")` when the file holds something else.
        """
        with disk_errors(self._path):
            try:
                text = self._path.read_text(encoding="utf-8")
            except FileNotFoundError:
                return {}
        try:
            marks = json.loads(text)
            return {str(mark): int(sequence) for mark, sequence in marks.items()}
        except (ValueError, AttributeError) as error:
            raise SafetyStop(
                "ledger-corrupt", f"{self._path} is damaged: restore it with the ledger"
            ) from error

    def raise_to(self, marks: Mapping[str, int]) -> None:
        """Keep the larger of each mark."""
        kept = dict(self.read())
        risen = {m: max(sequence, kept.get(m, 0)) for m, sequence in marks.items()}
        if risen.items() <= kept.items():
            return
        write_private(self._path, json.dumps(kept | risen, indent=1, sort_keys=True).encode())
