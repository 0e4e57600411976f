"""The words of a finished letter, as a reader finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.letter import ooxml
from sync.letter.archive import read_archive
from sync.letter.safety import parsed_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree


def letter_text(docx: bytes) -> list[str]:
    """
    Return the lines of a letter: headers, body, footers and notes; empty lines left out.

    A table row whose cells hold one paragraph each is one line, the cells apart by tabs; a
    line break begins a new line. Raises `TemplateError` when *docx* is no safe DOCX file.
    """
    roots = parsed_parts(read_archive(docx))
    parts = [(name, root) for name, root in roots.items() if root.tag in ooxml.TEXT_ROOTS]
    parts.sort(key=lambda part: (_order(part[1]), part[0]))
    text = "\n".join(line for _, root in parts for line in _lines(root))
    return [line for line in text.split("\n") if line.strip()]


def _order(root: etree._Element) -> int:
    if root.tag.endswith("}hdr"):
        return 0
    return 1 if root.tag == ooxml.DOCUMENT else 2


def _lines(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == ooxml.FALLBACK:
            continue
        if child.tag == ooxml.PARAGRAPH:
            yield "".join(_characters(child))
            yield from _lines(child)
        elif child.tag == ooxml.ROW and _is_line(child):
            yield "\t".join(line for cell in child.iter(ooxml.CELL) for line in _lines(cell))
        else:
            yield from _lines(child)


def _is_line(row: etree._Element) -> bool:
    cells = list(row.iter(ooxml.CELL))
    return all(len(list(cell.iter(ooxml.PARAGRAPH))) == 1 for cell in cells)


def _characters(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == ooxml.TEXT:
            yield child.text or ""
        elif child.tag in ooxml.LINE_BREAKS:
            yield "\n"
        elif child.tag == ooxml.TAB and element.tag == ooxml.RUN:
            yield "\t"
        elif child.tag not in {ooxml.PARAGRAPH, ooxml.FALLBACK}:
            yield from _characters(child)
