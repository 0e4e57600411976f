"""The XML names of ECMA-376 (WordprocessingML, DrawingML, packages) that the engine uses."""

from __future__ import annotations

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"

DOCUMENT = f"{_W}document"
COMMENTS = f"{_W}comments"
TEXT_ROOTS = frozenset(_W + name for name in ("document", "hdr", "ftr", "footnotes", "endnotes"))

PARAGRAPH, PARAGRAPH_LOOK = f"{_W}p", f"{_W}pPr"
TEXT = f"{_W}t"
RUN = f"{_W}r"
TABLE, ROW, CELL = f"{_W}tbl", f"{_W}tr", f"{_W}tc"
CONTROL, CONTROL_CONTENT = f"{_W}sdt", f"{_W}sdtContent"
SECTION = f"{_W}sectPr"
LINE_BREAKS = frozenset({f"{_W}br", f"{_W}cr"})
TAB = f"{_W}tab"
BREAKS = LINE_BREAKS | {
    TAB, f"{_W}ptab", f"{_W}noBreakHyphen", f"{_W}softHyphen", f"{_W}sym",
    f"{_W}footnoteReference", f"{_W}endnoteReference",
}  # fmt: skip
FIELD_CHAR, FIELD_CHAR_TYPE = f"{_W}fldChar", f"{_W}fldCharType"
FIELD_CODE, SIMPLE_FIELD, SIMPLE_FIELD_CODE = f"{_W}instrText", f"{_W}fldSimple", f"{_W}instr"
TRACKED = frozenset(
    _W + name
    for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge")
)  # fmt: skip
BLOCKS = frozenset({PARAGRAPH, TABLE, CONTROL})
PIECES = BLOCKS | {ROW, CELL}
NOISE = frozenset({f"{_W}proofErr", f"{_W}lastRenderedPageBreak"})
DATA_BINDING, SHOWING_HINT = f"{_W}dataBinding", f"{_W}showingPlcHdr"
RSID = f"{_W}rsid"

MAIL_MERGE = f"{_W}mailMerge"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
FALLBACK = f"{_MC}Fallback"

DRAWING, PICT = f"{_W}drawing", f"{_W}pict"
DRAWING_PROPERTIES = f"{_WP}docPr"
FRAME_EXTENT, SHAPE_EXTENT = f"{_WP}extent", f"{_A}ext"
BLIP, EXTENSIONS, CROP = f"{_A}blip", f"{_A}extLst", f"{_A}srcRect"
EMBED = f"{_R}embed"
VML_SHAPE, VML_IMAGE, VML_RELATION = f"{_V}shape", f"{_V}imagedata", f"{_R}id"

RELATIONSHIP = f"{_RELS}Relationship"
IMAGE_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
DEFAULT_TYPE = f"{_TYPES}Default"
