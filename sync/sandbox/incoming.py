"""An API call as it came in: which method, its parameters, its message and its file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from sync.sandbox.discovery import methods, route
from sync.sandbox.drive import uploads
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.sandbox.discovery import Method
    from sync.sandbox.reply import Media
    from sync.sandbox.state import State

_HALF_A_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")  #: UTF-16, perhaps without its other half
BEGIN = "begin"  #: in `Incoming.upload`: a resumable upload starts
_UPLOADS = "/upload/"
_SENDS = frozenset(("PUT", "POST"))
UPLOAD_PATH = "/upload/drive/v3/files?uploadType=resumable&upload_id="


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """
    One call before any check of what it says.

    query:  parameter to its texts, unquoted
    body:   JSON, or text where it is none; None without a body
    upload: "", `BEGIN`, or the id of the resumable upload that this is a piece of
    size:   of the body in bytes
    """

    method: Method
    path: Mapping[str, str]
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    body: Any = None
    media: Media | None = None
    upload: str = ""
    size: int = 0

    @property
    def header(self) -> str:
        """The one header that the call's method goes by, see `Call`."""
        if self.upload == BEGIN:
            return self.headers.get("x-upload-content-type", "")
        return self.headers.get("content-range" if self.upload else "range", "")


def understood(
    state: State,
    verb: str,
    raw_path: str,
    query: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
) -> Incoming:
    """Return the call; raises `Refused` (501 for an unknown method, 404 for an unknown upload)."""
    if verb == "POST" and headers.get("x-http-method-override", "").upper() == "GET":
        # googleapiclient sends long queries so: they stand in the body.
        extra = body.decode("utf-8", "replace")
        verb, query, body = "GET", "&".join(filter(None, (query, extra))), b""
    asked = parse_qs(query, keep_blank_values=True) if query else {}
    if raw_path.startswith(_UPLOADS):
        return _upload(state, verb, raw_path, asked, headers=headers, body=body)
    method, path = _routed(verb, raw_path)
    content = _parsed(body) if body else None
    return Incoming(
        method=method, path=path, query=asked, headers=headers, body=content, size=len(body)
    )


def json_in(body: bytes) -> Any:  # noqa: ANN401  # JSON
    """Return what *body* says; raises `ValueError` for what is no JSON in UTF-8."""
    try:
        found = json.loads(body.decode(), parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("too deep for anybody") from error
    if _HALF_A_PAIR.search(body):
        json.dumps(found, ensure_ascii=False).encode()
    return found


def _upload(
    state: State,
    verb: str,
    raw_path: str,
    asked: dict[str, list[str]],
    *,
    headers: Mapping[str, str],
    body: bytes,
) -> Incoming:
    if "upload_id" in asked and verb in _SENDS:
        return _piece(state, asked["upload_id"][-1], headers, body)
    kind = asked.get("uploadType", ["media"])[-1]
    message, media = uploads.taken_apart(kind, headers, body)
    path = (
        raw_path if raw_path.startswith(f"{_UPLOADS}drive/v2/") else raw_path[len(_UPLOADS) - 1 :]
    )
    method, parameters = _routed(verb, path)
    return Incoming(
        method=method,
        path=parameters,
        query=asked,
        headers=headers,
        body=_parsed(message) if message else None,
        media=media,
        upload="" if media else BEGIN,
        size=len(message),
    )


def _piece(state: State, upload_id: str, headers: Mapping[str, str], body: bytes) -> Incoming:
    upload = state.uploads.get(upload_id)
    if upload is None:
        raise Refused(404, "Not Found", reason="notFound")
    _, media = uploads.taken_apart("media", headers, body)
    return Incoming(
        method=methods()[upload.method],
        path={"upload_id": upload_id},
        query={"fields": [str(upload.query["fields"])]} if "fields" in upload.query else {},
        headers=headers,
        media=media,
        upload=upload_id,
    )


def _routed(verb: str, raw_path: str) -> tuple[Method, Mapping[str, str]]:
    found = route(verb, raw_path)
    if found is None:
        raise Refused(501, f"The sandbox does not know {verb} {raw_path}.")
    return found


def _parsed(body: bytes) -> Any:  # noqa: ANN401  # JSON
    try:
        return json_in(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _no_constant(name: str) -> None:
    raise ValueError(name)
