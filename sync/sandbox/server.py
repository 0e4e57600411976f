"""
HTTP around the world: requests in, replies out, and the ways in which answers go wrong.

One event loop answers one call after the other, so calls never overlap.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from datetime import datetime

    from sync.sandbox.reply import Reply
    from sync.sandbox.world import World

# what ASGI calls them: https://asgi.readthedocs.io/en/latest/specs/www.html
Scope: TypeAlias = "MutableMapping[str, Any]"
Receive: TypeAlias = "Callable[[], Awaitable[MutableMapping[str, Any]]]"
Send: TypeAlias = "Callable[[MutableMapping[str, Any]], Awaitable[None]]"

_LOOPBACK = "127.0.0.1"
_WORTH_ZIPPING = 1400
_ENCODING = "accept-encoding"
_SAME = [(b"vary", b"Origin, X-Origin, Referer")]
_HANG_SECONDS = 3600.0
_TRICKLE_SECONDS = 60.0
_TRICKLE_PIECES = 60
_START_SECONDS = 10
_STOP_SECONDS = 2


def listening_socket(port: int, host: str = _LOOPBACK) -> socket.socket:
    """
    Return a socket that listens on loopback; port 0 takes a free one.

    `proto` must be set: asyncio sets TCP_NODELAY only then, and without it every call
    waits 40 ms for a delayed acknowledgement.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(128)
    except OSError:
        found.close()
        raise
    return found


class Server:
    """A world on a socket, served by a thread of its own."""

    def __init__(self, world: World, listener: socket.socket) -> None:
        self._listener = listener
        self._app = _App(world)
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def start(self) -> None:
        """Serve, and return when calls can come."""
        self._thread.start()
        if not self._started.wait(_START_SECONDS):
            raise TimeoutError("the sandbox did not start")

    def stop(self) -> None:
        """Let hanging calls go, finish the others, and close the socket."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._app.stopping.set)
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        """Serve until told to stop; uvicorn's own server looks only ten times a second."""
        self._loop = asyncio.get_running_loop()
        self._app.stopping = asyncio.Event()
        config = uvicorn.Config(
            self._app, ws="none", lifespan="off", log_config=None, access_log=False
        )
        config.load()
        state = ServerState()
        server = await self._loop.create_server(
            lambda: _Protocol(config, state, self._app.transports), sock=self._listener
        )
        self._started.set()
        await self._app.stopping.wait()
        server.close()
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            await asyncio.wait(state.tasks, timeout=_STOP_SECONDS)


class _Protocol(HttpToolsProtocol):
    """Remembers each connection, so that a fault can break it."""

    def __init__(
        self,
        config: uvicorn.Config,
        state: ServerState,
        transports: dict[tuple[str, int], asyncio.Transport],
    ) -> None:
        super().__init__(config=config, server_state=state, app_state={})
        self._transports = transports

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transports[transport.get_extra_info("peername")] = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transports.pop(self.transport.get_extra_info("peername"), None)
        super().connection_lost(exc)


class _App:
    """The ASGI application; `stopping` wakes every call that hangs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stopping: asyncio.Event
        self.transports: dict[tuple[str, int], asyncio.Transport] = {}
        self._dated: tuple[datetime | None, bytes] = (None, b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        reply = self.world.call(
            scope["method"],
            scope["raw_path"].decode("ascii"),
            scope["query_string"].decode("latin-1"),
            headers,
            body,
        )
        if reply.delivery.kind == "whole":
            answer = _Answer.of(reply, self._date(), zipped="gzip" in headers.get(_ENCODING, ""))
            await send(
                {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
            )
            await send({"type": "http.response.body", "body": answer.content})
        else:
            await self._spoil(reply, scope, receive)

    async def _spoil(self, reply: Reply, scope: Scope, receive: Receive) -> None:
        """Let the answer suffer as its delivery says, and break the connection."""
        transport = self.transports.get(scope["client"])
        if transport is None:
            return
        match reply.delivery.kind:
            case "hang":
                await self._wait(receive, reply.delivery.seconds or _HANG_SECONDS)
            case "truncate":
                transport.write(_Answer.of(reply, self._date()).half())
            case "trickle":
                await self._trickle(reply, _Answer.of(reply, self._date()), transport, receive)
        if reply.delivery.kind in {"close", "hang"}:
            transport.abort()
        else:
            transport.close()
        # uvicorn must see the connection gone before it misses a response.
        await receive()

    def _date(self) -> bytes:
        """Return the world's time as the Date header has it."""
        now = self.world.clock().replace(microsecond=0)
        if now != self._dated[0]:
            self._dated = (now, format_datetime(now.astimezone(UTC), usegmt=True).encode())
        return self._dated[1]

    async def _trickle(
        self, reply: Reply, answer: _Answer, transport: asyncio.Transport, receive: Receive
    ) -> None:
        """Send the head at once and the body in small pieces."""
        content = answer.raw()
        head = len(content) - len(answer.content)
        transport.write(content[:head])
        size = max(1, -(-len(answer.content) // _TRICKLE_PIECES))
        pause = (reply.delivery.seconds or _TRICKLE_SECONDS) / _TRICKLE_PIECES
        for at in range(head, len(content), size):
            if await self._wait(receive, pause):
                return
            if reply.entry is not None:
                reply.entry.told = at + size >= len(content)
            transport.write(content[at : at + size])

    async def _wait(self, receive: Receive, seconds: float) -> bool:
        """Wait until the caller hangs up, or the sandbox stops (True), or time is over."""
        over = [asyncio.ensure_future(receive()), asyncio.ensure_future(self.stopping.wait())]
        done, waiting = await asyncio.wait(
            over, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return bool(done)


async def _body(receive: Receive) -> bytes | None:
    """Return the request's body; None when the caller hung up."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer as it goes over the wire."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes

    @classmethod
    def of(cls, reply: Reply, date: bytes, *, zipped: bool = False) -> _Answer:
        content = reply.payload()
        headers = [(b"date", date), *_SAME]
        headers += [(name.encode(), text.encode()) for name, text in reply.headers.items()]
        if zipped and len(content) > _WORTH_ZIPPING and "content-range" not in reply.headers:
            content = gzip.compress(content, 1, mtime=0)
            headers.append((b"content-encoding", b"gzip"))
        if reply.status != HTTPStatus.NO_CONTENT:
            headers.append((b"content-length", str(len(content)).encode()))
        headers.append((b"content-type", reply.content_type.encode()))
        return cls(reply.status, headers, content)

    def raw(self) -> bytes:
        """Return the whole answer; the connection ends with it."""
        reason = HTTPStatus(self.status).phrase
        lines = [f"HTTP/1.1 {self.status} {reason}".encode(), b"connection: close"]
        lines += [name + b": " + value for name, value in self.headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.content

    def half(self) -> bytes:
        """Return the answer up to the middle of its body; without one, of its first line."""
        whole = self.raw()
        return whole[: len(whole) - len(self.content) // 2 - 1] if self.content else whole[:6]
