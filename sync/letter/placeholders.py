"""
Find the placeholders of one part and put gaps in their place.

Editors split a placeholder over runs as they please, so a paragraph is read as one text
that remembers which node each character came from.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.letter import ooxml
from sync.letter.segments import value_gap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lxml import etree

PICTURES = ("seal", "logo")

_PLACEHOLDER = re.compile(r"\{\{(\??)\s*([a-z][a-z0-9_]*)\s*\}\}")
_BROKEN = re.compile(r"\{\{|\}\}|\{%|%\}|\{\0|\0\}|\{\s*\??\s*\w+\s*\}|\{\s+\{|\}\s+\}")
_BREAK = "\ufffc"  # stands for a tab, a line break or a symbol
_OUTSIDE_FIELDS = re.compile(
    r"\s*(DDE|DDEAUTO|INCLUDE|INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|DATABASE|MACROBUTTON)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Findings:
    """What a part asks for, and what is wrong with it."""

    allowed: Collection[str] | None  #: the names that have values; None: any
    names: set[str] = field(default_factory=set)
    conditions: dict[etree._Element, list[str]] = field(default_factory=dict)  #: by paragraph
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    node: etree._Element
    text: str
    in_field: bool


def mark_placeholders(root: etree._Element, place: str, findings: Findings) -> None:
    """
    Replace every `{{ name }}` under *root* by a gap, and note what was found.

    `{{? name }}` at the start of a paragraph is taken out and noted in
    `findings.conditions`. What cannot be filled is a problem that names *place*, the
    paragraph (counted from 1, text boxes too) and the words.
    """
    for number, paragraph in enumerate(root.iter(ooxml.PARAGRAPH), start=1):
        where = f"{place}, paragraph {number}"
        _check_tracked(paragraph, where, findings)
        pieces = list(_pieces(paragraph, where, findings))
        text = "".join(piece.text for piece in pieces)
        if "{" in text or "}" in text:
            _mark(paragraph, pieces, where, findings)


def unknown(name: str, known: Collection[str]) -> str:
    """Return what to say about a name that has no value."""
    close = difflib.get_close_matches(name, known, n=1)
    hint = f'; did you mean "{close[0]}"?' if close else ""
    return f'unknown placeholder "{name}"{hint}'


def _check_tracked(paragraph: etree._Element, where: str, findings: Findings) -> None:
    for node in _own(paragraph):
        if node.tag in ooxml.TRACKED:
            findings.problems.append(
                f"{where}: a tracked change, which would show in every letter; accept or reject it"
            )
            return


def _pieces(paragraph: etree._Element, where: str, findings: Findings) -> Iterator[_Piece]:
    depth = 0
    code = ""
    for node in _own(paragraph):
        if node.tag == ooxml.TEXT:
            yield _Piece(node, node.text or "", depth > 0)
        elif node.tag in ooxml.BREAKS and _in_run(node):
            yield _Piece(node, _BREAK, depth > 0)
        elif node.tag == ooxml.FIELD_CHAR:
            kind = node.get(ooxml.FIELD_CHAR_TYPE)
            depth += {"begin": 1, "end": -1}.get(str(kind), 0)
            _check_field(code, where, findings)
            code = ""
        elif node.tag == ooxml.FIELD_CODE:
            code += node.text or ""
        elif node.tag == ooxml.SIMPLE_FIELD:
            _check_field(node.get(ooxml.SIMPLE_FIELD_CODE) or "", where, findings)
    _check_field(code, where, findings)


def _in_run(node: etree._Element) -> bool:
    parent = node.getparent()  # else a tab stop among the paragraph's properties
    return parent is not None and parent.tag == ooxml.RUN


def _own(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the nodes of a paragraph, without the paragraphs of its text boxes."""
    for child in element:
        if child.tag != ooxml.PARAGRAPH:
            yield child
            yield from _own(child)


def _check_field(code: str, where: str, findings: Findings) -> None:
    if "{{" in code or "}}" in code:
        findings.problems.append(f'{where}: a placeholder inside a field code ("{code.strip()}")')
    if outside := _OUTSIDE_FIELDS.match(code):
        findings.problems.append(f"{where}: the field {outside[1]} takes something from outside")


def _mark(paragraph: etree._Element, pieces: list[_Piece], where: str, findings: Findings) -> None:
    text = "".join(piece.text for piece in pieces)
    for problem in _problems(text, pieces, findings.allowed):
        findings.problems.append(f"{where}: {problem}")
    # From the last to the first: what stands before a gap keeps its place.
    for match in reversed(list(_PLACEHOLDER.finditer(text))):
        name = match[2]
        if name not in PICTURES:
            findings.names.add(name)
        if match[1]:
            findings.conditions.setdefault(paragraph, []).insert(0, name)
            _cut(pieces, match.start(), _word_after(text, match.end()), None)
        else:
            _cut(pieces, match.start(), match.end(), name)


def _problems(text: str, pieces: list[_Piece], allowed: Collection[str] | None) -> Iterator[str]:
    start = 0
    for match in _PLACEHOLDER.finditer(text):
        if match[1] and text[start : match.start()].strip():
            yield f'"{match[0]}" must stand at the start of its paragraph or table row'
        elif match[1] and not text[start : match.start()].strip():
            start = match.end()
        if match[2] in PICTURES and not (match[1] and match[2] == "seal"):
            yield f'"{match[2]}" is the alternative text of a picture, not a placeholder'
        elif match[2] not in PICTURES and allowed is not None and match[2] not in allowed:
            yield unknown(match[2], allowed)
        if _in_field(pieces, match.start(), match.end()):
            yield f'"{match[0]}" stands inside a field'
    rest = _PLACEHOLDER.sub("\0", text)
    if broken := _BROKEN.search(rest):
        around = rest[max(broken.start() - 10, 0) : broken.end() + 30]
        shown = around.replace("\0", "…").replace(_BREAK, "⇥").strip()
        yield f'broken placeholder near "{shown}"; write {{{{ name }}}}: small letters, digits, _'


def _word_after(text: str, position: int) -> int:
    return len(text) - len(text[position:].lstrip())


def _in_field(pieces: list[_Piece], start: int, end: int) -> bool:
    return any(
        piece.in_field or next(piece.node.iterancestors(ooxml.SIMPLE_FIELD), None) is not None
        for piece, first, last in _spans(pieces)
        if first < end and last > start
    )


def _cut(pieces: list[_Piece], start: int, end: int, name: str | None) -> None:
    """Take the characters out of their nodes; a gap for *name* goes where they began."""
    for piece, first, last in _spans(pieces):
        if first >= end or last <= start:
            continue
        node, text = piece.node, piece.node.text or ""
        kept_before, kept_after = text[: max(start - first, 0)], text[end - first :]
        node.set(ooxml.SPACE, "preserve")
        node.text = kept_before
        if name is not None and first <= start:
            gap = value_gap(name)
            gap.tail = kept_after
            node.insert(0, gap)
        else:
            node.text += kept_after


def _spans(pieces: list[_Piece]) -> Iterator[tuple[_Piece, int, int]]:
    position = 0
    for piece in pieces:
        yield piece, position, position + len(piece.text)
        position += len(piece.text)
