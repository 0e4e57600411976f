"""DOCX files for the letter tests, written by hand so that every byte is the test's."""

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from PIL import Image

from sync.letter import Template

Opened: TypeAlias = Callable[..., Template]

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def p(*texts: str) -> str:
    """Return a paragraph with a run for each text."""
    return "<w:p>" + "".join(run(text) for text in texts) + "</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(*blocks: str) -> str:
    return f"<w:tc><w:tcPr/>{''.join(blocks)}</w:tc>"


def table(*rows: str) -> str:
    inside = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{inside}</w:tbl>"


def picture(name: str, relation: str = "rId1") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="1000" cy="1000"/><wp:docPr id="1" name="x" '
        f'descr="{name}"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip '
        f'r:embed="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )


def relation(kind: str, target: str, *, number: int = 1, mode: str = "Internal") -> str:
    return (
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}" '
        f'TargetMode="{mode}"/>'
    )


def relations(*inside: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{''.join(inside)}</Relationships>"
    )


def types(*, main: str = MAIN) -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )


def part(body: str, *, root: str = "hdr") -> str:
    return f"<w:{root} {NAMESPACES}>{body}</w:{root}>"


def document(body: str) -> str:
    return part(f"<w:body>{body}<w:sectPr/></w:body>", root="document")


def parts(body: str) -> dict[str, str | bytes]:
    """Return the least that a DOCX needs."""
    return {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(relation("officeDocument", "word/document.xml")),
        "word/document.xml": document(body),
    }


def zipped(files: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def unzipped(docx: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(BytesIO(docx))
    return {name: archive.read(name) for name in archive.namelist()}


def png(width: int = 4, height: int = 4, colour: int = 0) -> bytes:
    file = BytesIO()
    Image.new("L", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def opener(folder: Path) -> Opened:
    """Return a function that stores a DOCX (or a body) in *folder* and opens it."""

    def opened(content: bytes | str, **options: object) -> Template:
        path = folder / "template.docx"
        path.write_bytes(zipped(parts(content)) if isinstance(content, str) else content)
        return Template.open(path, **options)  # type: ignore[arg-type]

    return opened
