"""
A spreadsheet as an Excel workbook: values, formulas and number formats, nothing else.

Format: ECMA-376 part 1, SpreadsheetML.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from sync.sandbox.sheets.cells import CellError, Formula
from sync.sandbox.sheets.locales import locale
from sync.sandbox.sheets.ranges import column_letters
from sync.sandbox.sheets.reading import effective, effective_number_format

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.cells import Result
    from sync.sandbox.sheets.sheet import Sheet

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = "http://schemas.openxmlformats.org/"
_MAIN = f"{_FORMATS}spreadsheetml/2006/main"
_LINKS = f"{_FORMATS}officeDocument/2006/relationships"
_PACKAGE = f"{_FORMATS}package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_EPOCH = (1980, 1, 1, 0, 0, 0)  #: the first time that a ZIP can tell
_FIRST_OWN_FORMAT = 164
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_PATTERNS = {"DATE": "yyyy-mm-dd", "TIME": "hh:mm:ss", "DATE_TIME": "yyyy-mm-dd hh:mm:ss"}


def workbook(book: Book) -> bytes:
    """Return the spreadsheet as XLSX; the same book gives the same bytes."""
    sheets = [sheet for sheet in book.sheets if sheet.is_grid]
    styles: dict[str, int] = {"General": 0}
    pages = [_page(book, sheet, styles) for sheet in sheets]
    parts = {
        "[Content_Types].xml": _content_types(len(pages)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _table_of_contents(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(pages) + 1)]
            + [("styles", "styles.xml")]
        ),
        "xl/styles.xml": _style_sheet(styles),
        **{f"xl/worksheets/sheet{at}.xml": page for at, page in enumerate(pages, 1)},
    }
    return _zipped(parts)


def _zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, (_HEAD + text).encode())
    return out.getvalue()


def _page(book: Book, sheet: Sheet, styles: dict[str, int]) -> str:
    rows = "".join(
        _tag("row", {"r": row + 1}, cells)
        for row in range(len(sheet.rows))
        if (cells := "".join(_cells(book, sheet, row, styles)))
    )
    return _tag("worksheet", {"xmlns": _MAIN}, _tag("sheetData", {}, rows))


def _cells(book: Book, sheet: Sheet, row: int, styles: dict[str, int]) -> Iterator[str]:
    for column, value in enumerate(sheet.rows[row].cells):
        if value is None:
            continue
        look = effective_number_format(book, sheet, row, column)
        style = styles.setdefault(_pattern(look), len(styles))
        formula = _formula(book, value) if isinstance(value, Formula) else ""
        kind, content = _content(effective(book, sheet, row, column), computed=bool(formula))
        place = {"r": f"{column_letters(column)}{row + 1}", "s": style}
        yield _tag("c", place | ({"t": kind} if kind else {}), formula + content)


def _formula(book: Book, formula: Formula) -> str:
    """Return a formula as Excel keeps it; of a locale with decimal commas only the value stays."""
    if locale(book.locale).decimal != ".":
        return ""
    return _tag("f", {}, _text(formula.text[1:]))


def _pattern(look: Json) -> str:
    return str(look.get("pattern") or _PATTERNS.get(look.get("type", ""), "General"))


def _content(result: Result, *, computed: bool) -> tuple[str, str]:
    """Return a cell's type, "" for a number, and what stands in it."""
    match result:
        case None:
            return "", ""
        case bool():
            return "b", _tag("v", {}, str(int(result)))
        case int() | float():
            return "", _tag("v", {}, repr(result))
        case CellError():
            return "e", _tag("v", {}, _text(result.code))
    if computed:
        return "str", _tag("v", {}, _text(result))
    return "inlineStr", _tag("is", {}, _tag("t", {"xml:space": "preserve"}, _text(result)))


def _table_of_contents(sheets: list[Sheet]) -> str:
    taken: set[str] = set()
    listed = []
    for at, sheet in enumerate(sheets, 1):
        more = {"state": "hidden"} if sheet.properties.get("hidden") else {}
        title = _title(sheet.title, taken)
        listed.append(_tag("sheet", {"name": title, "sheetId": at, **more, "r:id": f"rId{at}"}))
    inside = _tag("sheets", {}, "".join(listed))
    return _tag("workbook", {"xmlns": _MAIN, "xmlns:r": _LINKS}, inside)


def _title(title: str, taken: set[str]) -> str:
    """Return a title that Excel takes, and that no other tab has."""
    plain = _NOT_IN_TITLES.sub("_", _NOT_IN_XML.sub("", title))[:_LONGEST_TITLE] or "Sheet"
    found, number = plain, 1
    while found.casefold() in taken:
        number += 1
        found = plain[: _LONGEST_TITLE - len(str(number)) - 1] + f" {number}"
    taken.add(found.casefold())
    return found


def _style_sheet(styles: dict[str, int]) -> str:
    """Return the style of each pattern, in order; the first is the general one."""
    plain = {"fontId": 0, "fillId": 0, "borderId": 0}
    formats, looks = [], []
    for pattern, at in styles.items():
        number = _FIRST_OWN_FORMAT + at if at else 0
        more = {"applyNumberFormat": 1} if at else {}
        looks.append(_tag("xf", {"numFmtId": number, **plain, "xfId": 0, **more}))
        if at:
            code = _NOT_IN_XML.sub("", pattern)
            formats.append(_tag("numFmt", {"numFmtId": number, "formatCode": code}))
    fills = [
        _tag("fill", {}, _tag("patternFill", {"patternType": kind})) for kind in ("none", "gray125")
    ]
    font = _tag("font", {}, _tag("sz", {"val": 10}) + _tag("name", {"val": "Arial"}))
    lists = {
        "numFmts": formats,
        "fonts": [font],
        "fills": fills,
        "borders": [_tag("border", {})],
        "cellStyleXfs": [_tag("xf", {"numFmtId": 0, **plain})],
        "cellXfs": looks,
    }
    inside = (_tag(name, {"count": len(a)}, "".join(a)) for name, a in lists.items() if a)
    return _tag("styleSheet", {"xmlns": _MAIN}, "".join(inside))


def _relations(targets: list[tuple[str, str]]) -> str:
    listed = "".join(
        _tag("Relationship", {"Id": f"rId{at}", "Type": f"{_LINKS}/{kind}", "Target": target})
        for at, (kind, target) in enumerate(targets, 1)
    )
    return _tag("Relationships", {"xmlns": f"{_PACKAGE}/relationships"}, listed)


def _content_types(count: int) -> str:
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
    }
    kinds = {"workbook": "sheet.main", "styles": "styles"}
    kinds |= {f"worksheets/sheet{at}": "worksheet" for at in range(1, count + 1)}
    listed = [
        *(_tag("Default", {"Extension": end, "ContentType": x}) for end, x in defaults.items()),
        *(
            _tag("Override", {"PartName": f"/xl/{name}.xml", "ContentType": f"{_KIND}{kind}+xml"})
            for name, kind in kinds.items()
        ),
    ]
    return _tag("Types", {"xmlns": f"{_PACKAGE}/content-types"}, "".join(listed))


def _tag(name: str, attributes: Mapping[str, object], content: str = "") -> str:
    head = name + "".join(f" {key}={quoteattr(str(x))}" for key, x in attributes.items())
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text))
