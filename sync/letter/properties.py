"""The document's properties: neutral, so that no letter tells who made the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = b"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"

NEUTRAL: Mapping[str, bytes] = {
    "docProps/core.xml": _HEAD
    + b'<cp:coreProperties xmlns:cp="' + _PACKAGE + b'" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Surat</dc:title>'
    b"<dc:creator>surat-sync</dc:creator></cp:coreProperties>",
    "docProps/app.xml": _HEAD
    + b'<Properties xmlns="' + _OFFICE + b'/extended-properties">'
    b"<Application>surat-sync</Application></Properties>",
    "docProps/custom.xml": _HEAD
    + b'<Properties xmlns="' + _OFFICE + b'/custom-properties"/>',
}  # fmt: skip
