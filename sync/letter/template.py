"""The template of a letter: opened and checked once, filled for every applicant."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from sync.errors import TemplateError
from sync.letter.archive import MAX_FILE_BYTES, Member, archive, read_archive
from sync.letter.compile import Compiled, compile_template
from sync.letter.pictures import SEAL_FILE, media, png_size
from sync.letter.segments import rendered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

#: What XML 1.0 cannot hold (section 2.2, production 2).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEW_LINE = b'</w:t><w:br/><w:t xml:space="preserve">'
_TAB = b'</w:t><w:tab/><w:t xml:space="preserve">'


@dataclass(frozen=True, slots=True)
class Template:
    """
    A DOCX form with gaps, ready to be filled.

    It holds no logic: `{{ name }}` is a gap, `{{? name }}` at the start of a paragraph or
    table row drops it when the value is empty, the pictures `seal` and `logo` are replaced.
    """

    sha256: str  #: of the template file, in hex
    source: bytes = field(repr=False)  #: the file
    logo: bytes | None = field(repr=False)  #: the emblem that was put in; None: its own
    logo_sha256: str  #: its hash; "" for none
    _compiled: Compiled = field(repr=False)

    @classmethod
    def open(
        cls, path: Path, *, names: Collection[str] | None = None, logo: bytes | None = None
    ) -> Self:
        """
        Read, check and compile the template at *path*.

        names: the values that letters will have; a placeholder of another name is refused
        logo:  PNG of the village's emblem; None keeps the template's own picture

        Raises `TemplateError` that names the file and the place of each problem.
        """
        try:
            with path.open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
            compiled = compile_template(read_archive(data), names, logo)
        except OSError as error:
            raise TemplateError(f"{path}: cannot be read ({error.strerror})") from error
        except TemplateError as error:
            raise TemplateError(f"{path.name}: {error}", error.problems) from error
        return cls(
            sha256=hashlib.sha256(data).hexdigest(),
            source=data,
            logo=logo,
            logo_sha256="" if logo is None else hashlib.sha256(logo).hexdigest(),
            _compiled=compiled,
        )

    @property
    def names(self) -> frozenset[str]:
        """The placeholders; `fill` needs a value for each."""
        return self._compiled.names

    @property
    def has_seal(self) -> bool:
        """Whether the template has a picture for the seal."""
        return self._compiled.has_seal

    def fill(self, values: Mapping[str, str], *, seal: bytes | None = None) -> bytes:
        """
        Return the letter as DOCX; same input, same bytes.

        values: one text per placeholder; an empty one drops its `{{? name }}` parts, a new
                line in one becomes a line break
        seal:   PNG for the picture whose alternative text is `seal`; None drops the picture
                and every `{{? seal }}` part

        Raises `TemplateError` when a placeholder has no value, or one that XML cannot hold.
        Format: ECMA-376 part 1, WordprocessingML.
        """
        compiled = self._compiled
        if missing := compiled.names.difference(values):
            raise TemplateError(f"no value for {', '.join(sorted(missing))}")
        texts = {name: _as_xml(name, values[name]) for name in compiled.names}
        filled = {name for name in compiled.names if values[name]}
        pictures: list[Member] = []
        if seal is not None:
            png_size(seal)
            filled.add("seal")
            pictures = [Member.stored(media(SEAL_FILE), seal)] if compiled.has_seal else []
        parts = [
            Member.deflated(name, rendered(segments, texts, filled))
            for name, segments in compiled.parts
        ]
        return archive(compiled.base, [*parts, *pictures])


def _as_xml(name: str, text: str) -> bytes:
    if _NOT_XML.search(text):
        raise TemplateError(f"the value of {name} holds a character that no document can hold")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    xml = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    return xml.replace(b"\n", _NEW_LINE).replace(b"\t", _TAB)
