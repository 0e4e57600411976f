"""Templates for other libraries, made from ours: the same letter, with their spelling of gaps."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DROP = re.compile(r"\{\{\? [a-z_]+ \}\}")
_GAP = re.compile(r"\{\{ ([a-z_]+) \}\}")
_SEAL = re.compile(r'<w:drawing>(?:(?!</w:drawing>).)*descr="seal".*?</w:drawing>', re.DOTALL)
_RUN = re.compile(r"<w:r>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t[^>]*>([^<]*)</w:t></w:r>")


def peer_template(ours: Path, spelled: Callable[[str], str]) -> bytes:
    """
    Return the template for another library.

    spelled: turns a text part's XML, whose gaps are still spelled `{{ name }}`

    Paragraphs that we drop when a value is empty always stay: the values of the benches are
    never empty, and the others have that much less to do.
    """
    target = BytesIO()
    with zipfile.ZipFile(ours) as file, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in file.infolist():
            content = file.read(info)
            if re.fullmatch(r"word/(document|footer\d+)\.xml", info.filename):
                content = spelled(_DROP.sub("", content.decode())).encode()
            new.writestr(info.filename, content)
    return target.getvalue()


def with_gap_for_seal(xml: str) -> str:
    """Return the part with the gap `{{ seal }}` for the picture; so docxtpl spells it."""
    return _SEAL.sub("<w:t>{{ seal }}</w:t>", xml)


def in_single_braces(xml: str) -> str:
    """Return the part as docxtemplater spells it: `{name}`, and `{%seal}` for the picture."""
    return _GAP.sub(r"{\1}", with_gap_for_seal(xml)).replace("{seal}", "{%seal}")


def with_merge_fields(xml: str) -> str:
    """Return the part with Word's MERGEFIELDs; the picture stays as it is."""
    return _RUN.sub(_fields, xml)


def _fields(run: re.Match[str]) -> str:
    look, pieces = run[1] or "", _GAP.split(run[2])
    made = []
    for at, piece in enumerate(pieces):
        shown = f"«{piece}»" if at % 2 else piece
        text = f'<w:r>{look}<w:t xml:space="preserve">{shown}</w:t></w:r>'
        field = f'<w:fldSimple w:instr=" MERGEFIELD {piece} ">{text}</w:fldSimple>'
        made.append(field if at % 2 else text * bool(piece))
    return "".join(made)
