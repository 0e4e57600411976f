"""Templates that letters were numbered with: such a letter is filled from what it had then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.letter.template import Template
from sync.platform import disk_errors, private_folder, write_private

if TYPE_CHECKING:
    from pathlib import Path

LOGO = "logo"  #: the name, beside the letter's values, of its emblem's hash

_HASH = re.compile("[0-9a-f]{64}")


class KeptTemplates:
    """
    A folder of the state folder: each template and each emblem once, under its hash.

    They are small and few, and the ledger's letters name them; so they stay.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, template: Template) -> None:
        """Keep a copy, on the disk when this returns; raises `DiskError`."""
        private_folder(self._folder)
        self._write(self._template(template.sha256), template.source)
        if template.logo is not None:
            self._write(self._logo(template.logo_sha256), template.logo)

    def get(self, sha256: str, logo_sha256: str) -> Template | None:
        """
        Return the template with that hash, and with that emblem ("": its own); None for neither.

        Raises `TemplateError` when its copy is broken, `DiskError`.
        """
        logo = None
        if not _HASH.fullmatch(sha256) or not self._template(sha256).is_file():
            return None
        if logo_sha256:
            place = self._logo(logo_sha256)
            if not _HASH.fullmatch(logo_sha256) or not place.is_file():
                return None
            with disk_errors(place):
                logo = place.read_bytes()
        found = Template.open(self._template(sha256), logo=logo)
        return found if (found.sha256, found.logo_sha256) == (sha256, logo_sha256) else None

    def _write(self, path: Path, content: bytes) -> None:
        if not path.exists():
            write_private(path, content)

    def _template(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.docx"

    def _logo(self, sha256: str) -> Path:
        return self._folder / f"{sha256}.png"
