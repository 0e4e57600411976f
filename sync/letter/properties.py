"""The document's properties: neutral, so that no letter tells who made the template."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from sync.letter import ooxml

if TYPE_CHECKING:
    from lxml import etree

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_CORE = (
    _HEAD + b'<cp:coreProperties xmlns:cp="' + _PACKAGE + b'" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Surat</dc:title>'
    b"<dc:creator>surat-sync</dc:creator></cp:coreProperties>"
)
_EXTENDED = (
    _HEAD + b'<Properties xmlns="' + _OFFICE + b'/extended-properties">'
    b"<Application>surat-sync</Application></Properties>"
)
_CUSTOM = _HEAD + b'<Properties xmlns="' + _OFFICE + b'/custom-properties"/>'
_BY_KIND = {
    "core-properties": _CORE,
    "extended-properties": _EXTENDED,
    "custom-properties": _CUSTOM,
}


def neutral_properties(relationships: etree._Element) -> dict[str, bytes]:
    """Return what the parts with properties shall hold, by name (ECMA-376 part 2, section 8)."""
    found = {
        "docProps/core.xml": _CORE,
        "docProps/app.xml": _EXTENDED,
        "docProps/custom.xml": _CUSTOM,
    }
    for relation in relationships.iter(ooxml.RELATIONSHIP):
        kind = (relation.get("Type") or "").rpartition("/")[2]
        if kind in _BY_KIND:
            name = posixpath.normpath(relation.get("Target") or "").lstrip("/")
            found[name] = _BY_KIND[kind]
    return found
