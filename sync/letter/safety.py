"""
What a template may hold: text and pictures; nothing that runs, and nothing from elsewhere.

A letter is an official paper that every applicant's bank opens; macros, links to other
files and XML entities would travel in each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from sync.errors import TemplateError
from sync.letter import ooxml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.letter.archive import Member

_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ACTIVE_NAMES = ("vbaproject", "vbadata", "activex", "oleobject")
_ACTIVE_TYPES = ("macroenabled", "vbaproject", "activex", "oleobject")
_OUTSIDE_RELATIONSHIPS = (
    "/oleObject", "/control", "/aFChunk", "/subDocument", "/vbaProject", "/attachedTemplate",
    "/frame",
)  # fmt: skip


def parsed_parts(members: Mapping[str, Member]) -> dict[str, etree._Element]:
    """
    Return the root of every XML part by name, after all checks.

    Raises `TemplateError`, which names the part, for macros, controls, mail merge, embedded or
    outside files, a DOCTYPE, broken XML, and for files that are not ordinary DOCX documents.
    """
    for name, member in members.items():
        _check_member(name, member)
    roots = {name: _root(name, member) for name, member in members.items() if _is_xml(name)}
    _check_types(roots)
    for name, root in roots.items():
        if name.endswith(".rels"):
            _check_relationships(name, root)
        if (
            next(root.iter(ooxml.MAIL_MERGE), None) is not None
        ):  # it asks a database of the reader's
            raise TemplateError(f"{name}: mail merge is not allowed")
    return roots


def _check_member(name: str, member: Member) -> None:
    if any(word in name.casefold() for word in _ACTIVE_NAMES):
        raise TemplateError(f"{name}: macros, controls and embedded objects are not allowed")
    # Dropping the zero bytes shows the word in UTF-16 and UTF-32 too.
    if b"<!DOCTYPE" in member.content().replace(b"\0", b""):
        raise TemplateError(f"{name}: a DOCTYPE is not allowed")


def _is_xml(name: str) -> bool:
    return name.casefold().endswith((".xml", ".rels"))


def _root(name: str, member: Member) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True,
                             remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(member.content(), parser)
    except etree.XMLSyntaxError as error:
        raise TemplateError(f"{name}: broken XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise TemplateError(f"{name}: a DOCTYPE is not allowed")
    return root


def _check_types(roots: Mapping[str, etree._Element]) -> None:
    types = roots.get("[Content_Types].xml")
    if types is None or "_rels/.rels" not in roots:
        raise TemplateError("not a DOCX file ([Content_Types].xml or _rels/.rels is missing)")
    declared = [(child.get("ContentType") or "").casefold() for child in types]
    for declaration in declared:
        if any(word in declaration for word in _ACTIVE_TYPES):
            raise TemplateError("[Content_Types].xml: macros are not allowed; save it as .docx")
    if _MAIN_TYPE not in declared or not any(r.tag == ooxml.DOCUMENT for r in roots.values()):
        raise TemplateError("not a Word document; save it as .docx (not .dotx, not Strict)")


def _check_relationships(name: str, root: etree._Element) -> None:
    for relationship in root.iter(ooxml.RELATIONSHIP):
        kind = relationship.get("Type") or ""
        target = relationship.get("Target") or ""
        if kind.endswith(_OUTSIDE_RELATIONSHIPS):
            raise TemplateError(f"{name}: {kind.rpartition('/')[2]} is not allowed ({target})")
        external = relationship.get("TargetMode") == "External" or "://" in target
        if external and not kind.endswith("/hyperlink"):
            raise TemplateError(f"{name}: takes something from outside the file ({target})")
