"""
The forms of village letters, built from nothing: one page of F4, whatever the letter says.

Everything stands in named styles and fixed tables, so that staff can change it in Word or
LibreOffice afterwards. The layout is the usual one (tata naskah dinas, Permendagri 1/2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias, cast

from docx import Document
from docx.document import Document as Letter
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from sync.letter.archive import archive, base, read_archive
from sync.letter.emblem import stand_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import Section, _Footer
    from docx.styles.style import ParagraphStyle
    from docx.styles.styles import Styles
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_LEFT, _CENTRE, _JUSTIFY = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}
_UNUSED_PARTS = ("/customXml", "/stylesWithEffects", "/thumbnail", "/numbering", "/webSettings")

# name: size and space after in points
_STYLES = {
    "Kop Surat": (14, _CENTRE, 0),
    "Alamat Kop": (10, _CENTRE, 0),
    "Garis Kop": (3, _CENTRE, 10),
    "Judul Surat": (14, _CENTRE, 0),
    "Nomor Surat": (12, _CENTRE, 12),
    "Isi Surat": (12, _JUSTIFY, 6),
    "Data Surat": (12, _LEFT, 1),
    "Tanda Tangan": (12, _CENTRE, 0),
    "Garis Kaki": (2, _LEFT, 3),
    "Kaki Surat": (9, _LEFT, 1),
}
_PICTURES = ("logo", "seal")
_CAPITALS = {"Kop Surat", "Judul Surat"}  # shown so; what is typed stays as it is

_SIGNATURES = (
    ("", "{{ desa }}, {{ tanggal_surat }}"),
    ("{{? atas_nama }}", "{{ atas_nama }}"),
    ("Pemegang Surat,", "{{ jabatan }},"),
    ("", ""),
    ("{{ nama }}", "{{ penandatangan }}"),
    ("{{? nip }}", "{{ nip }}"),
)
_CODE = 30  # mm: readable from a copy at 100 dots per inch, and the long letter stays one page
_SPACE_TO_SIGN, _NAMES = 3, 4  # rows of the block above
_FOOT = (
    "ID {{ id_permohonan }}.",
    "{{? seal }}Kode QR adalah kode pemeriksaan, bukan tanda tangan elektronik tersertifikasi.",
    "Surat sah bila ditandatangani dan distempel.",
)


@dataclass(frozen=True, slots=True)
class Details:
    """Lines of label and value, their colons below one another."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blank:
    """A table with lines that somebody fills in by hand: a heading, and the labels below it."""

    heading: str
    labels: tuple[str, ...]


Block: TypeAlias = str | Details


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is one kind of letter's own, between letterhead and foot."""

    title: str
    body: tuple[Block, ...]
    below: Blank | None = None  #: under the signatures: what others write, nobody has signed


def template(form: Form, logo: bytes) -> bytes:
    """
    Return the template of a letter as DOCX; same input, same bytes.

    logo: PNG that stands in the letterhead until a village gives its own
    """
    document = Document()
    _strip(document)
    _page(document.sections[0])
    _styles(document.styles)
    _letterhead(document, form.title, logo)
    _body(document, form.body)
    _signatures(document)
    if form.below is not None:
        _blank(document, form.below)
    document.add_paragraph("{{? revisi }}Surat pengganti, revisi {{ revisi }}.", "Kaki Surat")
    _foot(document.sections[0].footer)
    file = BytesIO()
    document.save(file)
    return archive(base(read_archive(file.getvalue()).values()), ())


def _strip(document: Letter) -> None:
    """Take out what python-docx's own template brings and a letter never uses."""
    for relationships in (document.part.rels, document.part.package.rels):
        for key, relation in list(relationships.items()):
            if relation.reltype.endswith(_UNUSED_PARTS):
                del relationships[key]
    for style in list(document.styles):
        if style.name not in _KEPT_STYLES:
            style.delete()
    for latent in document.styles.element.findall(qn("w:latentStyles")):
        document.styles.element.remove(latent)
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # Word 2013 and later


def _page(section: Section) -> None:
    section.page_width, section.page_height = Mm(215), Mm(330)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.header_distance, section.footer_distance = Mm(10), Mm(8)


def _styles(styles: Styles) -> None:
    normal = styles["Normal"]
    normal.font.size = Pt(12)
    _set_font(normal)
    for name, (size, alignment, after) in _STYLES.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)  # type: ignore[no-untyped-call]
        style.base_style, style.quick_style = normal, True
        style.font.size = Pt(size)
        style.font.bold = style.font.all_caps = name in _CAPITALS
        style.paragraph_format.alignment = alignment
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.line_spacing = 1.0
        style.paragraph_format.widow_control = True
    styles["Isi Surat"].paragraph_format.line_spacing = 1.1
    styles["Judul Surat"].font.underline = True
    styles["Tanda Tangan"].paragraph_format.keep_with_next = True
    _draw_line(styles["Garis Kop"], "thickThinSmallGap", size=24)
    _draw_line(styles["Garis Kaki"], "single", size=4)


def _set_font(style: ParagraphStyle) -> None:
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), "Arial")
    for former in properties.findall(qn("w:lang")):
        properties.remove(former)
    properties.append(_element("w:lang", val="id-ID"))


def _draw_line(style: ParagraphStyle, kind: str, *, size: int) -> None:
    """Add a line below; *size* in eighths of a point (ECMA-376 part 1, 17.3.4)."""
    borders = _element("w:pBdr")
    borders.append(_element("w:bottom", val=kind, sz=size, space=1, color="auto"))
    style.element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _letterhead(document: Letter, title: str, logo: bytes) -> None:
    left, middle, _ = _table(document, rows=1, widths=(25, 115, 25)).rows[0].cells
    middle.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _write(left, "", "Alamat Kop")
    _add_picture(left.paragraphs[0], logo, "logo", width=20)
    _write(middle, "Pemerintah {{ kabupaten }}", "Kop Surat")
    middle.add_paragraph("Kecamatan {{ kecamatan }}", "Kop Surat")
    middle.add_paragraph(style="Kop Surat").add_run("Desa {{ desa }}").font.size = Pt(16)
    middle.add_paragraph("{{ alamat_kantor }}, Kode Pos {{ kode_pos }}", "Alamat Kop")
    document.add_paragraph(style="Garis Kop")
    document.add_paragraph(title, "Judul Surat")
    document.add_paragraph("Nomor: {{ nomor_surat }}", "Nomor Surat")


def _body(document: Letter, blocks: Sequence[Block]) -> None:
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Details):
            _details(document, block.lines)
        else:
            paragraph = document.add_paragraph(block, "Isi Surat")
            if before is not None:
                paragraph.paragraph_format.space_before = Pt(0 if isinstance(before, str) else 6)
        before = block


def _details(document: Letter, lines: Sequence[tuple[str, str]]) -> None:
    table = _table(document, rows=len(lines), widths=(46, 5, 106), indent=8)
    for row, (label, value) in zip(table.rows, lines, strict=True):
        for cell, text in zip(row.cells, (label, ":", value), strict=True):
            _write(cell, text, "Data Surat")


def _blank(document: Letter, block: Blank) -> None:
    document.add_paragraph(style="Kaki Surat")
    table = _table(document, rows=1 + len(block.labels), widths=(60, 105))
    _rule(table)
    head, *rows = table.rows
    _write(head.cells[0].merge(head.cells[1]), block.heading, "Data Surat")
    head.cells[0].paragraphs[0].runs[0].bold = True
    for row, label in zip(rows, block.labels, strict=True):
        row.height = Mm(7)
        for cell, text in zip(row.cells, (label, ""), strict=True):
            _write(cell, text, "Data Surat")
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _rule(table: Table) -> None:
    """Draw thin lines around every cell (ECMA-376 part 1, 17.4.38)."""
    borders = _element("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_element(f"w:{side}", val="single", sz=4, space=0, color="auto"))
    table._tbl.tblPr.insert_element_before(borders, "w:tblLayout", "w:tblLook")  # noqa: SLF001


def _signatures(document: Letter) -> None:
    document.add_paragraph(style="Kaki Surat")
    table = _table(document, rows=len(_SIGNATURES), widths=(78, 87))
    for row, texts in zip(table.rows, _SIGNATURES, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _write(cell, text, "Tanda Tangan")
    space = table.rows[_SPACE_TO_SIGN]
    space.height, space.height_rule = Mm(22), WD_ROW_HEIGHT_RULE.EXACTLY
    name = table.rows[_NAMES].cells[1].paragraphs[0].runs[0]
    name.bold = name.underline = True


def _foot(footer: _Footer) -> None:
    footer.paragraphs[0].style = "Garis Kaki"
    text, code = _table(footer, rows=1, widths=(131, 34)).rows[0].cells
    _write(text, _FOOT[0], "Kaki Surat")
    for line in _FOOT[1:]:
        text.add_paragraph(line, "Kaki Surat")
    _write(code, "", "Kaki Surat")
    code.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _add_picture(code.paragraphs[0], stand_in(), "seal", width=_CODE)
    footer.add_paragraph(style="Kaki Surat").paragraph_format.line_spacing = Pt(1)


def _table(parent: Letter | _Footer, *, rows: int, widths: Sequence[int], indent: int = 0) -> Table:
    """Return a table without lines and with fixed columns; *widths* and *indent* in mm."""
    if isinstance(parent, Letter):
        table: Table = parent.add_table(rows, len(widths))
    else:
        table = parent.add_table(rows, len(widths), Mm(sum(widths)))
    table.autofit = False
    _measure(table, "w:tblW", sum(widths))
    _measure(table, "w:tblInd", indent)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001
    return table


def _measure(table: Table, tag: str, millimetres: int) -> None:
    """Set a length of the table in twentieths of a point (ECMA-376 part 1, 17.4.50, 17.4.63)."""
    properties = table._tbl.tblPr  # noqa: SLF001
    for former in properties.findall(qn(tag)):
        properties.remove(former)
    later = ("w:jc", "w:tblInd", "w:tblLayout", "w:tblLook")
    length = _element(tag, w=Mm(millimetres).twips, type="dxa")
    properties.insert_element_before(length, *(later if tag == "w:tblW" else later[2:]))


def _write(cell: _Cell, text: str, style: str) -> None:
    cell.paragraphs[0].style = style
    if text:
        cell.paragraphs[0].add_run(text)


def _add_picture(paragraph: Paragraph, png: bytes, name: str, *, width: int) -> None:
    shape = paragraph.add_run().add_picture(BytesIO(png), Mm(width))
    properties = shape._inline.docPr  # noqa: SLF001
    properties.set("id", str(_PICTURES.index(name) + 1))
    properties.set("name", name)
    properties.set("descr", name)


def _element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    element = cast("BaseOxmlElement", OxmlElement(tag))
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element
