"""From the parts of a DOCX to what a letter is joined from."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from sync.errors import TemplateError
from sync.letter import ooxml
from sync.letter.archive import Base, Member, base
from sync.letter.drops import mark_drops
from sync.letter.pictures import LOGO_FILE, SEAL_FILE, mark_pictures, media, png_size, relate
from sync.letter.placeholders import Findings, mark_placeholders
from sync.letter.properties import neutral_properties
from sync.letter.safety import parsed_parts
from sync.letter.segments import Segment, compiled

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_TYPES = "[Content_Types].xml"
_PLACES = {"document": "body"}
_PREVIEW = "/thumbnail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A template that is ready to be filled."""

    names: frozenset[str]  #: the placeholders
    has_seal: bool  #: whether there is a picture for the seal
    base: Base  #: members that are the same in every letter
    parts: tuple[tuple[str, tuple[Segment, ...]], ...]  #: members with gaps


def compile_template(
    members: Mapping[str, Member], names: Collection[str] | None, logo: bytes | None
) -> Compiled:
    """
    Check and compile the *members* of a DOCX.

    names: the values that letters will have; None accepts any name
    logo:  PNG for the picture `logo`; None keeps the template's own

    Raises `TemplateError` with every problem found, each with its place.
    """
    roots = parsed_parts(members)
    findings = Findings(allowed=names)
    pictures = _mark_parts(roots, logo, findings)
    _check_left_over(roots, findings)
    if findings.problems:
        first, *more = findings.problems
        message = first + (f" (and {len(more)} more)" if more else "")
        raise TemplateError(message, findings.problems)
    _drop_preview(roots)
    _name_png(roots[_TYPES])
    return _packed(members, roots, pictures, frozenset(findings.names), logo)


def _mark_parts(
    roots: Mapping[str, etree._Element], logo: bytes | None, findings: Findings
) -> dict[str, set[str]]:
    if logo is not None:
        png_size(logo)
    pictures: dict[str, set[str]] = {}
    for name, root in roots.items():
        if root.tag not in ooxml.TEXT_ROOTS:
            continue
        stem = posixpath.basename(name).removesuffix(".xml")
        place = _PLACES.get(stem, stem)
        if root.prefix != "w":
            raise TemplateError(f"{name}: unusual XML; save it with Word or LibreOffice")
        _tidy(root)
        findings.conditions.clear()
        mark_placeholders(root, place, findings)
        mark_drops(root, place, findings)
        if found := mark_pictures(root, logo):
            pictures[name] = found
            if _relationships(name) not in roots:
                raise TemplateError(f"{name}: its pictures are missing")
            relate(roots[_relationships(name)], name, root, found)
    return pictures


def _tidy(root: etree._Element) -> None:
    """Take out what Word notes for itself; it would only make each letter longer."""
    for node in list(root.iter()):
        if node.tag in ooxml.NOISE:
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)
        for attribute in [key for key in node.attrib if str(key).startswith(ooxml.RSID)]:
            del node.attrib[attribute]
    _unbind_controls(root)


def _unbind_controls(root: etree._Element) -> None:
    """Word shows a bound control's source, or a grey hint, and not what we filled in."""
    for node in list(root.iter(ooxml.DATA_BINDING, ooxml.SHOWING_HINT)):
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)


def _relationships(part: str) -> str:
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _check_left_over(roots: Mapping[str, etree._Element], findings: Findings) -> None:
    """Refuse placeholders where they cannot be filled: charts, equations, WordArt, notes."""
    if findings.problems:
        return
    neutral = neutral_properties(roots["_rels/.rels"])
    for name, root in roots.items():
        if root.tag == ooxml.COMMENTS and len(root):
            findings.problems.append(f"{name}: comments, which would be in every letter")
        xml = b"" if name in neutral else etree.tostring(root)
        if b"{{" in xml or b"}}" in xml:
            findings.problems.append(f"{name}: a placeholder where it cannot be filled")


def _drop_preview(roots: Mapping[str, etree._Element]) -> None:
    # It is a picture of the template, not of the letter.
    for relation in list(roots["_rels/.rels"]):
        if (relation.get("Type") or "").endswith(_PREVIEW):
            roots["_rels/.rels"].remove(relation)


def _name_png(types: etree._Element) -> None:
    declared = {(node.get("Extension") or "").casefold() for node in types}
    if "png" not in declared:
        node = etree.Element(ooxml.DEFAULT_TYPE, Extension="png", ContentType="image/png")
        types.insert(0, node)


def _packed(
    members: Mapping[str, Member],
    roots: Mapping[str, etree._Element],
    pictures: Mapping[str, set[str]],
    names: frozenset[str],
    logo: bytes | None,
) -> Compiled:
    found: set[str] = set().union(*pictures.values())
    changed = {_TYPES, "_rels/.rels", *map(_relationships, pictures)}
    changed.update(name for name, root in roots.items() if root.tag in ooxml.TEXT_ROOTS)
    neutral = neutral_properties(roots["_rels/.rels"])
    fixed = {name: members[name] for name in members.keys() & _kept(roots)}
    fixed |= {name: Member.deflated(name, neutral[name]) for name in fixed.keys() & neutral}
    if logo is not None and "logo" in found:
        fixed[media(LOGO_FILE)] = Member.stored(media(LOGO_FILE), logo)
    if "seal" in found:
        fixed.pop(media(SEAL_FILE), None)
    parts: list[tuple[str, tuple[Segment, ...]]] = []
    for name in sorted(changed):
        segments = compiled(roots[name])
        if (literal := _literal(segments)) is None:
            del fixed[name]
            parts.append((name, segments))
        else:
            fixed[name] = Member.deflated(name, literal)
    in_order = sorted(fixed.values(), key=lambda member: (member.name != _TYPES, member.name))
    return Compiled(names=names, has_seal="seal" in found, base=base(in_order), parts=tuple(parts))


def _literal(segments: tuple[Segment, ...]) -> bytes | None:
    """Return the whole part, if it has no gap."""
    match segments:
        case (bytes() as literal,):
            return literal
        case _:
            return None


def _kept(roots: Mapping[str, etree._Element]) -> set[str]:
    """Return the XML parts, and the files that some relationship still leads to."""
    found = set(roots)
    for name, root in roots.items():
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            for relation in root.iter(ooxml.RELATIONSHIP):
                target = relation.get("Target") or ""
                found.add(posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
    return found
