"""Bytes on the sandbox's socket: calls made up from Google's documents, whole and damaged."""

from __future__ import annotations

import os
import socket
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from fuzz.calls import MadeUp, calls
from fuzz.damage import BYTES, Damage
from fuzz.elsewhere import visits
from fuzz.plausible import mixed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

_NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
_FUZZ = settings(
    max_examples=1000 if _NIGHTLY else 40,
    derandomize=not _NIGHTLY,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
_USUAL = MadeUp(verb="GET", path="/drive/v3/files")


@pytest.fixture(scope="module")
def served() -> Iterator[Sandbox]:
    """Start one sandbox for all that is sent."""
    with Sandbox(seed=1) as started:
        started.world.observers.clear()  # what is sent need not be as documented
        yield started


@_FUZZ
@given(mixed((4, calls()), (1, visits())), st.one_of(st.none(), BYTES))
def test_no_bytes_break_the_server(served: Sandbox, call: MadeUp, damage: Damage | None) -> None:
    """Whatever is sent is not answered 500, and the next caller is served."""
    content = request(served, call)
    told = exchanged(served, content if damage is None else damage.done(content))

    assert 500 != told
    assert damage is not None or told is not None
    assert 200 == exchanged(served, request(served, _USUAL))


def request(served: Sandbox, call: MadeUp) -> bytes:
    """Return *call* as it goes over the wire."""
    verb, path, query, headers, body = call.sent(served.world)
    head = [
        f"{verb} {path}{query and '?'}{query} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Length: {len(body)}",
        *(f"{name}: {text}" for name, text in headers.items()),
    ]
    return "\r\n".join([*head, "", ""]).encode("utf-8", "replace") + body


def exchanged(served: Sandbox, content: bytes) -> int | None:
    """Return the status of the answer to *content*; None for none, the server hung up."""
    parts = urlsplit(served.base_url)
    address: Any = (parts.hostname, parts.port)
    with socket.create_connection(address, timeout=10) as connection:
        try:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            response = HTTPResponse(connection)
            response.begin()
            response.read()
        except ConnectionError:  # `RemoteDisconnected` too
            return None
        return response.status
