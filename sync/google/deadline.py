"""
A wall-clock limit that no trickle outlives, for headers and body alike.

A read timeout counts anew with every byte: a server that sends one byte a second holds
a client for ever. Here every read from the socket is cut to what is left of the call.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from requests import Session

    from sync.clock import Clock

_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of a clock's monotonic seconds."""

    clock: Clock
    at: float

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        """Return the deadline that many seconds from now."""
        return cls(clock, clock.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left; negative when it is over."""
        return self.at - self.clock.monotonic()

    def cut(self, seconds: float) -> float:
        """Return *seconds* or what is left, if that is less; `TimeoutError` when it is over."""
        remaining = self.remaining()
        if remaining <= 0:
            raise TimeoutError("the deadline of the call is over")
        return min(seconds, remaining)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Let the connections of a `TimedAdapter` that this thread uses keep to it."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


class TimedAdapter(HTTPAdapter):
    """An adapter whose answers keep to the deadline of the call."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as in requests
        """Make the connections of our class."""
        super().init_poolmanager(*args, **kwargs)
        _time(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as in requests
        """Make the connections through a proxy of our class."""
        manager = super().proxy_manager_for(*args, **kwargs)
        _time(manager)
        return manager


def keep_time(session: Session, *, trust_env: bool) -> None:
    """Hold *session* to the deadlines; trust_env: it uses the proxies of the environment."""
    session.trust_env = trust_env
    session.mount("http://", TimedAdapter())
    session.mount("https://", TimedAdapter())


def _time(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class _TimedStream(io.RawIOBase):
    """A socket's bytes, each read cut to the deadline."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: Deadline) -> None:
        self._raw = raw
        self._sock = sock
        self._deadline = deadline
        self._read_timeout_seconds = sock.gettimeout() or float("inf")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any writable buffer
        self._sock.settimeout(self._deadline.cut(self._read_timeout_seconds))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedResponse(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(sock, *args, **kwargs)
        if deadline := _current.get():
            self.fp = io.BufferedReader(_TimedStream(self.fp.detach(), sock, deadline))


class _HttpConnection(HTTPConnection):
    response_class = _TimedResponse


class _HttpsConnection(HTTPSConnection):
    response_class = _TimedResponse


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection
