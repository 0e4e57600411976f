"""
HTTP/1.1 on one connection: requests in, answers out, and the ways in which answers go wrong.

httptools reads the requests; an answer is one write, for each more costs a small call a
third of its time.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from functools import cache, lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

import httptools

from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from sync.sandbox.reply import Reply
    from sync.sandbox.world import World

logger = logging.getLogger(__name__)

_WORTH_ZIPPING = 1400
_HANG_SECONDS = 3600.0
_TRICKLE_SECONDS = 60.0
_TRICKLE_PIECES = 60
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_MALFORMED = (
    b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: text/plain\r\n"
    b"content-length: 11\r\n\r\nBad Request"
)


@dataclass(frozen=True, slots=True)
class _Request:
    """One request as it came in; header names are in lower case."""

    verb: str
    url: bytes
    headers: dict[str, str]
    body: bytes
    keep_alive: bool


class Connection(asyncio.Protocol):
    """
    One caller's connection. Each call is answered when it has come in, in order.

    open_ones: every connection that is open; this one adds and removes itself
    """

    def __init__(self, world: World, open_ones: set[Connection]) -> None:
        self._world = world
        self._open_ones = open_ones
        self._transport: asyncio.Transport
        self._parser = httptools.HttpRequestParser(self)
        self._requests: list[_Request] = []
        self._spoiling: asyncio.Task[None] | None = None  #: an answer that goes wrong
        self._left = asyncio.Event()
        self.closed = asyncio.Event()

    def let_go(self) -> None:
        """Close, for the sandbox stops; an answer that hangs or trickles ends now."""
        if self._spoiling:
            self._left.set()
        else:
            self._transport.close()

    # -- asyncio's side

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        self._transport = transport
        self._open_ones.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's name
        """End; whoever waits for the caller waits no more."""
        self._open_ones.discard(self)
        self._left.set()
        self.closed.set()

    def data_received(self, data: bytes) -> None:
        """Take in a part of a request, or several requests, and answer what is whole."""
        if self._spoiling or self._transport.is_closing():
            return
        rest = b""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            # A client that would rather speak HTTP/2 goes on in HTTP/1.1.
            rest = data[upgrade.args[0] :]
            self._parser = httptools.HttpRequestParser(self)
        except httptools.HttpParserError:
            self._transport.write(_MALFORMED)
            self._transport.close()
        requests, self._requests = self._requests, []
        for request in requests:
            self._answer(request)
        if rest:
            self.data_received(rest)

    # -- httptools' side

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Tell a caller that asks first to send the body."""
        if self._headers.get("expect", "").lower() == "100-continue":
            self._transport.write(_CONTINUE)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Keep the request; it is answered outside of the parser."""
        parser = self._parser
        request = _Request(
            parser.get_method().decode("ascii"),
            self._url,
            self._headers,
            b"".join(self._body),
            parser.should_keep_alive(),
        )
        self._requests.append(request)

    # -- answers

    def _answer(self, request: _Request) -> None:
        if self._spoiling or self._transport.is_closing():
            return
        reply = self._reply(request)
        date = _date(self._world.clock().replace(microsecond=0))
        if reply.delivery.kind != "whole":
            answer = _Answer.of(reply, date, "connection: close")
            self._spoiling = asyncio.ensure_future(self._spoil(reply, answer))
            return
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        keep = "" if request.keep_alive else "connection: close"
        answer = _Answer.of(reply, date, keep, zipped=zipped)
        self._transport.write(answer.head if request.verb == "HEAD" else answer.whole())
        if not request.keep_alive:
            self._transport.close()

    def _reply(self, request: _Request) -> Reply:
        try:
            address = httptools.parse_url(request.url)
            return self._world.call(
                request.verb,
                (address.path or b"/").decode("utf-8", "replace"),
                (address.query or b"").decode("utf-8", "replace"),
                request.headers,
                request.body,
            )
        except httptools.HttpParserInvalidURLError:
            return Refused(400, "Invalid URL").reply()
        except Exception:
            logger.exception("sandbox.bug")
            return Refused(500, "Internal error encountered.").reply()

    async def _spoil(self, reply: Reply, answer: _Answer) -> None:
        """Let the answer suffer as its delivery says, and break the connection."""
        match reply.delivery.kind:
            case "hang":
                await self._pause(reply.delivery.seconds or _HANG_SECONDS)
            case "truncate":
                self._transport.write(answer.half())
            case "trickle":
                await self._trickle(reply, answer)
        if reply.delivery.kind in {"close", "hang"}:
            self._transport.abort()
        else:
            self._transport.close()

    async def _trickle(self, reply: Reply, answer: _Answer) -> None:
        """Send the head at once and the body in small pieces."""
        self._transport.write(answer.head)
        size = max(1, -(-len(answer.content) // _TRICKLE_PIECES))
        seconds = (reply.delivery.seconds or _TRICKLE_SECONDS) / _TRICKLE_PIECES
        for at in range(0, len(answer.content), size):
            if await self._pause(seconds):
                return
            if reply.entry is not None:
                reply.entry.told = at + size >= len(answer.content)
            self._transport.write(answer.content[at : at + size])

    async def _pause(self, seconds: float) -> bool:
        """Wait until the time is over, or (True) the caller hangs up or the sandbox stops."""
        try:
            await asyncio.wait_for(self._left.wait(), seconds)
        except TimeoutError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer as it goes over the wire."""

    head: bytes
    content: bytes

    @classmethod
    def of(cls, reply: Reply, date: str, *more: str, zipped: bool = False) -> _Answer:
        content = reply.payload()
        lines = [_first_line(reply.status), date, "vary: Origin, X-Origin, Referer", *more]
        lines += [f"{name}: {text}" for name, text in reply.headers.items()]
        if zipped and len(content) > _WORTH_ZIPPING and "content-range" not in reply.headers:
            content = gzip.compress(content, 1, mtime=0)
            lines.append("content-encoding: gzip")
        if reply.status != HTTPStatus.NO_CONTENT:
            lines.append(f"content-length: {len(content)}")
        lines.append(f"content-type: {reply.content_type}")
        head = "\r\n".join(filter(None, lines)) + "\r\n\r\n"
        return cls(head.encode(), content)

    def whole(self) -> bytes:
        """Return all of it."""
        return self.head + self.content

    def half(self) -> bytes:
        """Return the answer up to the middle of its body; without one, of its first line."""
        whole = self.whole()
        return whole[: len(whole) - len(self.content) // 2 - 1] if self.content else whole[:6]


@cache
def _first_line(status: int) -> str:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"


@lru_cache(maxsize=8)
def _date(moment: datetime) -> str:
    return f"date: {format_datetime(moment.astimezone(UTC), usegmt=True)}"
