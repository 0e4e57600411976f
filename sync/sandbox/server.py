"""
The server: a world on a socket of loopback.

One event loop answers one call after the other, so calls never overlap.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

from sync.sandbox.wire import Connection

if TYPE_CHECKING:
    from sync.sandbox.world import World

_LOOPBACK = "127.0.0.1"
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
        self._world = world
        self._listener = listener
        self.connections: set[Connection] = set()
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def start(self) -> None:
        """Serve, and return when calls can come."""
        self._thread.start()
        if not self._started.wait(_START_SECONDS):
            raise TimeoutError("the sandbox did not start")

    def stop(self) -> None:
        """Let hanging calls go, finish the others, and close the socket."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._listener.close()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = await self._loop.create_server(
            lambda: Connection(self._world, self.connections), sock=self._listener
        )
        self._started.set()
        await self._stopping.wait()
        server.close()
        closed = [asyncio.create_task(one.closed.wait()) for one in self.connections]
        for connection in list(self.connections):
            connection.let_go()
        if closed:
            await asyncio.wait(closed, timeout=_STOP_SECONDS)
