"""What a call to the sandbox brings in and what goes back, without any HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from random import Random

    from sync.sandbox.discovery import Method
    from sync.sandbox.history import Entry

Json: TypeAlias = dict[str, Any]

JSON_TYPE = "application/json; charset=UTF-8"
HTML_TYPE = "text/html; charset=UTF-8"

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

_STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


_DRIVE_REASONS = {
    400: "invalid",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    429: "rateLimitExceeded",
    500: "internalError",
    503: "backendError",
}

#: what Drive says of these in `errors`, while its `message` is long
_SHORT = {"authError": "Invalid Credentials", "insufficientPermissions": "Insufficient Permission"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How an answer reaches the caller; anything but `whole` is a scripted fault."""

    kind: Literal["whole", "close", "hang", "trickle", "truncate"] = "whole"
    seconds: float | None = None  #: how long a hang or a trickle lasts


WHOLE = Delivery()


@dataclass(slots=True, kw_only=True)
class Reply:
    """One answer: a JSON body, or raw `content` of another type."""

    body: Json | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None
    content_type: str = JSON_TYPE
    delivery: Delivery = WHOLE
    entry: Entry | None = None  #: the history's line about this call

    def payload(self) -> bytes:
        """Return the bytes of the answer, uncompressed."""
        if self.content is not None:
            return self.content
        if self.body is None:
            return b""
        return _ENCODER.encode(self.body).encode("utf-8", "replace")


def html(text: str, *, status: int = 200) -> Reply:
    """Return a page for people."""
    return Reply(status=status, content=text.encode(), content_type=HTML_TYPE)


class Refused(Exception):  # Google's word for it
    """
    The call gets an error answer, and nothing is applied.

    status:  HTTP status; name: Google's canonical code, by default the status's own
    details: google.rpc details

    Of Drive's error shape: `reason`, `domain`, and the parameter that is wrong (`location`).
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        name: str = "",
        details: Sequence[Json] = (),
        reason: str = "",
        location: str = "",
        domain: str = "global",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.name = name or _STATUS_NAMES.get(status, HTTPStatus(status).name)
        self.details = list(details)
        self.reason, self.location, self.domain = reason, location, domain

    def reply(self, *, drive: bool = False) -> Reply:
        """Return Google's JSON error body; Drive has a shape of its own."""
        error: Json = {"code": self.status, "message": self.message}
        if drive and self.status != HTTPStatus.NOT_IMPLEMENTED:
            error["errors"] = [self._drive_detail()]
        if "errors" not in error or self.details:
            error["status"] = self.name
            if self.details:
                error["details"] = self.details
        return Reply(status=self.status, body={"error": error})

    def _drive_detail(self) -> Json:
        reason = self.reason or _DRIVE_REASONS.get(self.status, "invalid")
        usage = "ateLimit" in reason or reason == "storageQuotaExceeded"
        detail: Json = {
            "domain": "usageLimits" if usage else self.domain,
            "reason": reason,
            "message": _SHORT.get(reason, self.message),
        }
        location = self.location or ("Authorization" if reason == "authError" else "")
        if location:
            detail["location"] = location
            kind = "other" if "." in location else "parameter"  # a field of the body has a dot
            detail["locationType"] = "header" if reason == "authError" else kind
        return detail


def bad_request(message: str) -> Refused:
    """Return Google's answer to an argument that makes no sense."""
    return Refused(HTTPStatus.BAD_REQUEST, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who calls, and what the token allows."""

    email: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file's content as it was sent."""

    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    One validated API call.

    path, query: decoded and typed; a repeated parameter is a list
    body:        the cleaned JSON body, `{}` without one
    media:       a file that came with it
    header:      the one header that matters: a download's Range, an upload's Content-Range,
                 at its start X-Upload-Content-Type
    now, random: the only time and chance that a handler may use, so that a journal
                 can repeat the call and come to the same state
    """

    method: Method
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Json
    principal: Principal
    now: datetime
    random: Random
    media: Media | None = None
    header: str = ""
