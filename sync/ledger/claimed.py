"""What rows held when they were claimed, in a file beside the ledger, until no mark is left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sync.platform import disk_errors, write_private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class ClaimedFile:
    """
    Keeps what a run needs to give people's answers back when the run before it died.

    It is private, and there only while marks may stand in a sheet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def recall(self) -> list[dict[str, object]]:
        """Return what is kept; a file that is damaged counts as none, as it only helps."""
        with disk_errors(self._path):
            try:
                kept = json.loads(self._path.read_bytes())
            except (FileNotFoundError, ValueError):
                return []
        return list(kept) if isinstance(kept, list) else []

    def keep(self, claims: Sequence[dict[str, object]]) -> None:
        """Keep just *claims*; without any there is no file."""
        if claims:
            write_private(self._path, json.dumps(list(claims)).encode())
            return
        with disk_errors(self._path):
            self._path.unlink(missing_ok=True)
