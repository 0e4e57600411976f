"""
Pictures that stand for another one, told by their alternative text (ECMA-376, 20.4.2.5).

`seal` becomes the letter's code and goes with it when there is none; `logo` becomes the
village's emblem, fitted into the frame that the template gives it.
"""

from __future__ import annotations

import posixpath
import struct
from typing import TYPE_CHECKING

from lxml import etree

from sync.errors import TemplateError
from sync.letter import ooxml
from sync.letter.segments import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

SEAL_RELATION, LOGO_RELATION = "rIdSuratSeal", "rIdSuratLogo"
SEAL_FILE, LOGO_FILE = "surat_seal.png", "surat_logo.png"
SEAL_SHOWN = (("seal",),)

_PNG_SIZE = struct.Struct(">8s4x4s2L")
_OLD_WORD = (ooxml.VML_SHAPE, ooxml.VML_IMAGE)


def png_size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels (PNG, section 11.2.2); `TemplateError` if no PNG."""
    if len(content) < _PNG_SIZE.size:
        raise TemplateError("the picture is not a PNG file")
    magic, chunk, width, height = _PNG_SIZE.unpack_from(content)
    if magic != b"\x89PNG\r\n\x1a\n" or chunk != b"IHDR" or not width or not height:
        raise TemplateError("the picture is not a PNG file")
    return width, height


def mark_pictures(root: etree._Element, logo: bytes | None) -> set[str]:
    """Point the pictures `seal` and `logo` to their new files; return the names found."""
    found: set[str] = set()
    for name, frame, image in list(_named_pictures(root)):
        if name == "seal":
            _point(image, SEAL_RELATION)
            wrap(frame, SEAL_SHOWN)
            found.add(name)
        elif logo is not None:
            _point(image, LOGO_RELATION)
            _fit(frame, *png_size(logo))
            found.add(name)
    return found


def relate(relationships: etree._Element, part: str, root: etree._Element, found: set[str]) -> None:
    """Add the new pictures to the part's relationships; take away those that it left."""
    used = {value for node in root.iter() for value in node.attrib.values()}
    for relation in list(relationships):
        if relation.get("Type") == ooxml.IMAGE_TYPE and relation.get("Id") not in used:
            relationships.remove(relation)
    folder = posixpath.dirname(part)
    if "logo" in found:
        _relation(relationships, LOGO_RELATION, folder, LOGO_FILE)
    if "seal" in found:
        wrap(_relation(relationships, SEAL_RELATION, folder, SEAL_FILE), SEAL_SHOWN)


def media(file: str) -> str:
    """Return where *file* lies in the archive."""
    return f"word/media/{file}"


def _named_pictures(
    root: etree._Element,
) -> Iterator[tuple[str, etree._Element, etree._Element]]:
    for frame in root.iter(ooxml.DRAWING):
        properties = next(frame.iter(ooxml.DRAWING_PROPERTIES), None)
        image = next(frame.iter(ooxml.BLIP), None)
        if properties is not None and image is not None:
            for name in _names(properties.get("descr"), properties.get("title")):
                yield name, frame, image
    for frame in root.iter(ooxml.PICT):
        shape, image = (next(frame.iter(tag), None) for tag in _OLD_WORD)
        if shape is not None and image is not None:
            for name in _names(shape.get("alt"), shape.get("title")):
                yield name, frame, image


def _names(*texts: str | None) -> set[str]:
    return {"seal", "logo"} & {(text or "").strip().casefold() for text in texts}


def _point(image: etree._Element, relation: str) -> None:
    if image.tag == ooxml.VML_IMAGE:
        image.set(ooxml.VML_RELATION, relation)
        return
    image.set(ooxml.EMBED, relation)
    # Word prefers the vector picture of the extensions to the PNG.
    for extra in image.findall(ooxml.EXTENSIONS):
        image.remove(extra)
    fill = image.getparent()
    if fill is not None:
        for crop in fill.findall(ooxml.CROP):
            fill.remove(crop)


def _fit(frame: etree._Element, width: int, height: int) -> None:
    """Shrink one side of the frame, so that the picture keeps its shape."""
    for extent in frame.iter(ooxml.FRAME_EXTENT, ooxml.SHAPE_EXTENT):
        sides = (extent.get("cx") or "", extent.get("cy") or "")
        if not all(side.isdecimal() for side in sides):
            continue
        cx, cy = map(int, sides)
        scale = min(cx / width, cy / height)
        extent.set("cx", str(round(width * scale)))
        extent.set("cy", str(round(height * scale)))


def _relation(
    relationships: etree._Element, relation: str, folder: str, file: str
) -> etree._Element:
    for former in [node for node in relationships if node.get("Id") == relation]:
        relationships.remove(former)
    target = posixpath.relpath(media(file), folder)
    return etree.SubElement(
        relationships, ooxml.RELATIONSHIP, Id=relation, Type=ooxml.IMAGE_TYPE, Target=target
    )
