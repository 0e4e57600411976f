"""What rows held when they were claimed, in files beside the ledger, until no mark is left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sync.platform import disk_errors, private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class ClaimedFiles:
    """
    Keeps what a run needs to give people's answers back when a run before it died.

    They are private, a file for each run, and there only while its marks may stand in a sheet:
    two runs that should not be there at once take nothing away from each other.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def recall(self, *, but: str = "") -> Mapping[str, list[dict[str, object]]]:
        """
        Return by run what is kept, but not of the run *but*.

        A file that is damaged counts as none, as it only helps.
        """
        with disk_errors(self._folder):
            paths = sorted(self._folder.glob("*.json"))
            return {path.stem: _claims(path) for path in paths if path.stem != but}

    def keep(self, run_id: str, claims: Sequence[dict[str, object]]) -> None:
        """Keep just *claims* of that run; without any there is no file."""
        path = self._folder / f"{run_id}.json"
        if claims:
            private_folder(self._folder)
            write_private(path, json.dumps(list(claims)).encode())
            return
        with disk_errors(path):
            path.unlink(missing_ok=True)


def _claims(path: Path) -> list[dict[str, object]]:
    try:
        kept = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return []
    return list(kept) if isinstance(kept, list) else []
