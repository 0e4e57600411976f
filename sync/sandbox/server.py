"""
HTTP around the world: requests in, replies out, and the ways in which answers go wrong.

One event loop answers one call after the other, so calls never overlap.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.types import Receive, Scope, Send

    from sync.sandbox.reply import Reply
    from sync.sandbox.world import World

_LOOPBACK = "127.0.0.1"
_WORTH_ZIPPING = 1400
_HANG_SECONDS = 3600.0
_TRICKLE_SECONDS = 60.0
_TRICKLE_PIECES = 60
_START_SECONDS = 10


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
        app = _App(world)
        config = uvicorn.Config(
            app,
            http=app.protocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=60,
            timeout_graceful_shutdown=2,
        )
        self._app = app
        self._server = _Told(config, app.started)
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def start(self) -> None:
        """Serve, and return when calls can come."""
        self._thread.start()
        if not self._app.started.wait(_START_SECONDS):
            raise TimeoutError("the sandbox did not start")

    def stop(self) -> None:
        """Let hanging calls go, finish the others, and close the socket."""
        self._app.stop()
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._app.loop = asyncio.get_running_loop()
        self._app.stopping = asyncio.Event()
        await self._server.serve(sockets=[self._listener])


class _Told(uvicorn.Server):
    """Says when calls can come."""

    def __init__(self, config: uvicorn.Config, listening: threading.Event) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening.set()


class _App:
    """The ASGI application."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.started = threading.Event()
        self.loop: asyncio.AbstractEventLoop
        self.stopping: asyncio.Event
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}
        transports = self._transports

        class Protocol(H11Protocol):
            """Remembers each connection, so that a fault can break it."""

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                transports[transport.get_extra_info("peername")] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                transports.pop(self.transport.get_extra_info("peername"), None)
                super().connection_lost(exc)

        self.protocol = Protocol

    def stop(self) -> None:
        """Wake every call that hangs."""
        self.loop.call_soon_threadsafe(self.stopping.set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            body = await request.body()
        except ClientDisconnect:
            return
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        reply = self.world.call(
            scope["method"],
            scope["raw_path"].decode("ascii"),
            scope["query_string"].decode("latin-1"),
            headers,
            body,
        )
        await self._deliver(reply, headers, scope, receive, send)

    async def _deliver(
        self, reply: Reply, headers: dict[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        transport = self._transports[scope["client"]]
        now = self.world.clock()
        match reply.delivery.kind:
            case "whole":
                await _response(reply, headers, now)(scope, receive, send)
            case "close":
                transport.abort()
            case "hang":
                await self._wait(receive, reply.delivery.seconds or _HANG_SECONDS)
                transport.abort()
            case "truncate":
                content = _raw(_response(reply, headers, now))
                transport.write(content[: len(content) - len(reply.payload()) // 2 - 1])
                transport.close()
            case "trickle":
                await self._trickle(reply, _response(reply, {}, now), transport, receive)

    async def _trickle(
        self, reply: Reply, response: Response, transport: asyncio.Transport, receive: Receive
    ) -> None:
        """Send the head at once and the body in small pieces."""
        content = _raw(response)
        head = len(content) - len(response.body)
        transport.write(content[:head])
        size = max(1, -(-len(response.body) // _TRICKLE_PIECES))
        pause = (reply.delivery.seconds or _TRICKLE_SECONDS) / _TRICKLE_PIECES
        for at in range(head, len(content), size):
            if await self._wait(receive, pause):
                break
            transport.write(content[at : at + size])
        else:
            if reply.entry is not None:
                reply.entry.told = not transport.is_closing()
        transport.close()

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


def _response(reply: Reply, headers: dict[str, str], now: datetime) -> Response:
    content = reply.payload()
    extra = {
        "date": format_datetime(now.astimezone(UTC), usegmt=True),
        "vary": "Origin, X-Origin, Referer",
    }
    extra |= reply.headers
    if len(content) > _WORTH_ZIPPING and "gzip" in headers.get("accept-encoding", ""):
        content = gzip.compress(content, 1, mtime=0)
        extra["content-encoding"] = "gzip"
    response = Response(content, reply.status, extra)
    response.raw_headers.append((b"content-type", reply.content_type.encode()))
    return response


def _raw(response: Response) -> bytes:
    """Return the response as it stands on the wire; the connection ends with it."""
    reason = HTTPStatus(response.status_code).phrase
    lines = [f"HTTP/1.1 {response.status_code} {reason}".encode(), b"connection: close"]
    lines += [name + b": " + value for name, value in response.raw_headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + bytes(response.body)
