"""
Uploads: a file in one request (media, multipart), or piece by piece (resumable).

Protocol: https://developers.google.com/workspace/drive/api/guides/manage-uploads
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from email.parser import BytesParser
from typing import TYPE_CHECKING

from sync.sandbox.drive import files
from sync.sandbox.drive.model import Upload
from sync.sandbox.reply import Media, Refused, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_BOUNDARY = re.compile(r"""boundary=(?:"([^"]+)"|([^\s;]+))""", re.IGNORECASE)
_SIZE = "[0-9]{1,18}"
_RANGE = re.compile(rf"bytes (?:({_SIZE})-({_SIZE})|\*)/({_SIZE}|\*)")
_BINARY = "application/octet-stream"
_RESUME_INCOMPLETE = 308


def taken_apart(kind: str, headers: Mapping[str, str], body: bytes) -> tuple[bytes, Media | None]:
    """
    Return the JSON message and the file of an upload request.

    kind:    `uploadType`: media, multipart, or resumable (its start: a message only)
    headers: names in lower case

    Raises `Refused` (400) for a multipart body that is none.
    """
    content_type = headers.get("content-type", "") or _BINARY
    if kind == "media":
        return b"", Media(content=body, mime_type=content_type)
    if kind == "multipart":
        return _parts(content_type, body)
    if kind == "resumable":
        return body, None
    message = f"Invalid value '{kind}' for uploadType."
    raise Refused(400, message, reason="invalidParameter", location="uploadType")


def begin(call: Call, state: State) -> Reply:
    """Answer the start of a resumable upload: where its pieces go; `Refused` as a create."""
    files.check(call, state)
    upload_id = "A" + "".join(call.random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=40))
    state.uploads[upload_id] = Upload(
        principal=call.principal,
        method=call.method.id,
        path=call.path,
        query=call.query,
        body=call.body,
        mime_type=call.header or call.body.get("mimeType", _BINARY),
    )
    return Reply(
        content=b"", content_type="text/plain", headers={"x-guploader-uploadid": upload_id}
    )


def piece(call: Call, state: State) -> Json | Reply:
    """
    Answer one piece: 308 with how much has arrived, at the end what the upload made.

    What has arrived before is passed over. A piece that leaves a gap changes nothing, and is
    told where to go on.
    """
    upload = state.uploads[call.path["upload_id"]]
    if upload.answer is not None:
        return upload.answer
    content = call.media.content if call.media else b""
    start, total = _place(call.header, len(content))
    arrived = len(upload.received) if call.header else 0
    news = content[arrived - start :] if 0 <= start <= arrived else b""
    if total is None or arrived + len(news) < total:
        upload.received += news
        return _incomplete(upload)
    if arrived + len(news) > total:
        raise Refused(400, f"More than {total} bytes have arrived.", reason="badContent")
    media = Media(content=bytes(upload.received[:arrived]) + news, mime_type=upload.mime_type)
    upload.answer = _made(upload, call, media, state)
    upload.received.clear()
    return upload.answer


def _made(upload: Upload, call: Call, media: Media, state: State) -> Json:
    """Return what create or update answers now that everything has arrived."""
    make = files.create if upload.method.endswith("create") else files.update
    whole = replace(
        call,
        principal=upload.principal,
        path=upload.path,
        query=upload.query,
        body=upload.body,
        media=media,
    )
    return make(whole, state)


def _incomplete(upload: Upload) -> Reply:
    arrived = len(upload.received)
    headers = {"range": f"bytes=0-{arrived - 1}"} if arrived else {}
    return Reply(status=_RESUME_INCOMPLETE, content=b"", content_type="text/html", headers=headers)


def _place(header: str, size: int) -> tuple[int, int | None]:
    """Return where a piece begins (-1: it asks only) and the whole size, None when unknown."""
    if not header:
        return 0, size
    found = _RANGE.fullmatch(header)
    if found is None:
        raise Refused(400, f"Invalid Content-Range: {header}", reason="badContent")
    first, last, total = found.groups()
    whole = None if total == "*" else int(total)
    if first is None:
        return -1, whole
    if int(last) - int(first) + 1 != size or (whole is not None and int(last) >= whole):
        raise Refused(400, "The body does not fit the Content-Range.", reason="badContent")
    return int(first), whole


def _parts(content_type: str, body: bytes) -> tuple[bytes, Media]:
    """Split multipart/related; line ends may be bare, and a file may end in CR itself."""
    found = _BOUNDARY.search(content_type)
    delimiter = b"--" + (found[1] or found[2]).encode() if found else b""
    end = b"\r\n" if delimiter + b"\r\n" in body else b"\n"
    pieces = (end + body).split(end + delimiter)[1:-1] if found else []
    if len(pieces) != 2:  # noqa: PLR2004  # a message and a file
        raise Refused(400, "Malformed multipart body.", reason="badContent")
    (_, message), (head, content) = (_head_and_content(one.removeprefix(end)) for one in pieces)
    headers = BytesParser().parsebytes(head + b"\r\n\r\n", headersonly=True)
    if headers.get("Content-Transfer-Encoding", "").lower() == "base64":
        content = _decoded(content)
    kind = " ".join(headers.get("Content-Type", _BINARY).split())  # it may be folded
    return message, Media(content=content, mime_type=kind)


def _head_and_content(part: bytes) -> tuple[bytes, bytes]:
    found = re.search(rb"\r?\n\r?\n", b"\n" + part)
    if found is None:
        raise Refused(400, "Malformed multipart body.", reason="badContent")
    return part[: max(found.start() - 1, 0)], part[found.end() - 1 :]


def _decoded(content: bytes) -> bytes:
    try:
        return base64.b64decode(content, validate=False)
    except binascii.Error:
        raise Refused(400, "Malformed multipart body.", reason="badContent") from None
