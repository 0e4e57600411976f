"""Letters that are finished and not yet in the cabinet; private, and gone afterwards."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sync.model import SubmissionId
from sync.platform import disk_errors, private_folder, write_private

if TYPE_CHECKING:
    from pathlib import Path


class Spool:
    """A folder of the state folder; each file is one revision of one letter."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, submission_id: SubmissionId, revision: int, content: bytes) -> str:
        """Keep *content*, on the disk when this returns; return its SHA-256 in hexadecimal."""
        private_folder(self._folder)
        write_private(self._path(submission_id, revision), content)
        return hashlib.sha256(content).hexdigest()

    def get(self, submission_id: SubmissionId, revision: int, *, sha256: str) -> bytes | None:
        """Return the letter, or None when it is not there or is not the one with that hash."""
        path = self._path(submission_id, revision)
        with disk_errors(path):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def remove(self, submission_id: SubmissionId, revision: int) -> None:
        """Forget the letter, if it is there."""
        path = self._path(submission_id, revision)
        with disk_errors(path):
            path.unlink(missing_ok=True)

    def kept(self) -> list[tuple[SubmissionId, int]]:
        """Return ticket and revision of every letter that is here."""
        names = (path.stem.rpartition("_r") for path in self._folder.glob("*_r*.docx"))
        return [(SubmissionId(ticket), int(number)) for ticket, _, number in names]

    def _path(self, submission_id: SubmissionId, revision: int) -> Path:
        return self._folder / f"{submission_id}_r{revision}.docx"
