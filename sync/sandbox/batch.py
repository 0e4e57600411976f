"""
`/batch`: several calls in one request, each answered by itself and in order.

Format: multipart/mixed of application/http,
https://developers.google.com/workspace/drive/api/guides/performance#batch-requests
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.parser import BytesParser
from http import HTTPStatus
from typing import TYPE_CHECKING

from sync.sandbox.reply import WHOLE, Refused, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Answer = Callable[[str, str, str, Mapping[str, str], bytes], Reply]

_MOST_CALLS = {True: 100, False: 1000}  #: at Drive's address, at others
_BOUNDARY = re.compile(r"""boundary=(?:"([^"]+)"|([^\s;]+))""", re.IGNORECASE)
_REQUEST_LINE = re.compile(rb"([A-Z]+) (\S+)(?: HTTP/[0-9.]+)?")
_HOST = re.compile(r"^https?://[^/]*")


@dataclass(frozen=True, slots=True)
class _Call:
    """One part of the batch."""

    content_id: str
    verb: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def reply(path: str, headers: Mapping[str, str], body: bytes, answer: Answer) -> Reply:
    """
    Answer a batch that was sent to *path*; raises `Refused` (400) for one that cannot be read.

    answer: answers one call: verb, raw path, query, headers, body. A part without
            `Authorization` of its own has the batch's.
    """
    found = _BOUNDARY.search(headers.get("content-type", ""))
    if found is None:
        raise Refused(400, "Failed to parse batch request, error: no boundary.")
    calls = list(_calls(body, (found[1] or found[2]).encode(), headers.get("authorization", "")))
    if not calls:
        raise Refused(400, "Failed to parse batch request, error: 0 items.")
    most = _MOST_CALLS["/drive/" in path]
    if len(calls) > most:
        raise Refused(400, f"The batch request exceeds the limit of {most} calls.")
    boundary = "batch_sandbox"
    parts = b"".join(
        _part(boundary, one, answer(one.verb, one.path, one.query, one.headers, one.body))
        for one in calls
    )
    return Reply(
        content=parts + f"--{boundary}--\r\n".encode(),
        content_type=f"multipart/mixed; boundary={boundary}",
    )


def _calls(body: bytes, boundary: bytes, authorization: str) -> Iterator[_Call]:
    for part in body.split(b"--" + boundary)[1:-1]:
        outer, inner = _halves(part.lstrip(b"\r\n"))
        head, content = _halves(inner.lstrip(b"\r\n"))
        line, _, rest = head.partition(b"\n")
        request = _REQUEST_LINE.match(line.strip())
        if request is None:
            raise Refused(400, "Failed to parse batch request, error: no request line.")
        path, _, query = _HOST.sub("", request[2].decode("latin-1")).partition("?")
        headers = {"authorization": authorization} | _headers(rest)
        yield _Call(
            content_id=_headers(outer).get("content-id", "").strip("<>"),
            verb=request[1].decode(),
            path=path,
            query=query,
            headers=headers,
            body=content.rstrip(b"\r\n"),
        )


def _halves(part: bytes) -> tuple[bytes, bytes]:
    """Split head and content at the first empty line, however its line ends are written."""
    found = re.search(rb"\r?\n\r?\n", part)
    return (part[: found.start()], part[found.end() :]) if found else (part, b"")


def _headers(head: bytes) -> dict[str, str]:
    parsed = BytesParser().parsebytes(head.strip() + b"\r\n\r\n", headersonly=True)
    return {name.lower(): str(text) for name, text in parsed.items()}


def _part(boundary: str, call: _Call, answered: Reply) -> bytes:
    """Return one answer as a part; one that never went out is a 503 in here."""
    if answered.delivery is not WHOLE:
        entry = answered.entry
        answered = Refused(503, "The service is currently unavailable.").reply()
        if entry is not None:
            entry.status, entry.told = answered.status, False
    content = answered.payload()
    reason = HTTPStatus(answered.status).phrase
    lines = [
        f"--{boundary}",
        "Content-Type: application/http",
        *([f"Content-ID: <response-{call.content_id}>"] if call.content_id else []),
        "",
        f"HTTP/1.1 {answered.status} {reason}",
        f"Content-Type: {answered.content_type}",
        *(f"{name}: {text}" for name, text in answered.headers.items()),
        f"Content-Length: {len(content)}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + content + b"\r\n"
