"""Reading the code on a letter, as a phone does."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import zxingcpp
from PIL import Image

from sync.letter.archive import read_archive

if TYPE_CHECKING:
    from pathlib import Path


def code_of(letter: Path) -> str | None:
    """Return what the code on a letter says; None when it has none."""
    member = read_archive(letter.read_bytes()).get("word/media/surat_seal.png")
    if member is None:
        return None
    found = zxingcpp.read_barcode(Image.open(BytesIO(member.content())))
    assert found is not None
    return str(found.text)
