"""A file's bytes, whole or in part; and a spreadsheet as a file of another kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.sandbox.drive import access, convert, xlsx
from sync.sandbox.drive.model import FOLDER, GOOGLE, SHORTCUT, SPREADSHEET
from sync.sandbox.reply import Refused, Reply

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Call
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.state import State

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_DIVIDERS = {"text/csv": ",", "text/tab-separated-values": "\t"}
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORTED = (*_DIVIDERS, _EXCEL)  #: what a spreadsheet can become
_NOT_YET = frozenset(
    (
        "application/pdf",
        "application/zip",
        "application/x-vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    )
)


def content(file: File, wanted: str) -> Reply:
    """Return the bytes that the header *wanted* asks for (RFC 9110, section 14)."""
    if file.content is None:
        message = (
            "Only files with binary content can be downloaded. Use Export with Docs Editors files."
        )
        raise Refused(403, message, reason="fileNotDownloadable", location="alt")
    whole = file.content
    reply = Reply(content=whole, content_type=file.mime_type, headers={"accept-ranges": "bytes"})
    asked = _RANGE.fullmatch(wanted)
    if asked is None or asked.groups() == ("", ""):
        return reply
    start, end = _bounds(asked[1], asked[2], len(whole))
    if start >= len(whole) or start > end:
        headers = {"content-range": f"bytes */{len(whole)}"}
        return Reply(status=416, content=b"", content_type="text/html", headers=headers)
    reply.status, reply.content = 206, whole[start : end + 1]
    reply.headers["content-range"] = f"bytes {start}-{end}/{len(whole)}"
    return reply


def export(call: Call, state: State) -> Reply:
    """Answer drive.files.export: a spreadsheet's first tab as CSV or TSV, or all of it as XLSX."""
    file, kind = access.named(call, state), call.query.get("mimeType", "")
    if not kind:
        message = "Required parameter: mimeType"
        raise Refused(400, message, reason="required", location="mimeType")
    access.check_app(call, file, "read")
    if not file.mime_type.startswith(GOOGLE) or file.mime_type in {FOLDER, SHORTCUT}:
        message = "Export only supports Docs Editors files."
        raise Refused(403, message, reason="fileNotExportable")
    if file.mime_type != SPREADSHEET or kind in _NOT_YET:
        raise Refused(501, f"The sandbox does not export {file.mime_type} as {kind}.")
    book, headers = state.book(file.file_id), {"content-disposition": "attachment"}
    content = exported(book, book.first_sheet(), kind)
    return Reply(content=content, content_type=kind, headers=headers)


def exported(book: Book, sheet: Sheet, kind: str) -> bytes:
    """Return one tab as CSV or TSV, or the whole spreadsheet as XLSX; raises `Refused` (400)."""
    if kind == _EXCEL:
        return xlsx.workbook(book)
    if kind not in _DIVIDERS:
        raise convert.unsupported()
    return convert.exported(book, sheet, divider=_DIVIDERS[kind])


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
