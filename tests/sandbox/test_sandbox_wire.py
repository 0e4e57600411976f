"""HTTP as clients of all kinds speak it."""

from __future__ import annotations

import json
import logging
import socket
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

ABOUT = "/drive/v3/about?fields=user"


class _Caller:
    """A bare connection to a sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        world = sandbox.world
        account = sandbox.authorized_user_info["account"]
        scope = "https://www.googleapis.com/auth/drive"
        self.token = world.keys.access_token(account, [scope], world.clock())
        self.host = urlsplit(sandbox.base_url).netloc
        address = (urlsplit(sandbox.base_url).hostname, urlsplit(sandbox.base_url).port)
        self.socket = socket.create_connection(address, timeout=5)

    def request(self, line: str, *headers: str, body: bytes = b"") -> bytes:
        lines = [line, f"Host: {self.host}", f"Authorization: Bearer {self.token}", *headers]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def send(self, line: str, *headers: str, body: bytes = b"") -> None:
        self.socket.sendall(self.request(line, *headers, body=body))

    def answer(self, verb: str = "GET") -> tuple[int, Any]:
        """Return status and body of the next answer."""
        response = HTTPResponse(self.socket, method=verb)
        response.begin()
        content = response.read()
        self.headers = response.headers
        is_json = content and "json" in response.headers["content-type"]
        return response.status, json.loads(content) if is_json else content

    def is_hung_up(self) -> bool:
        return self.socket.recv(1) == b""


@pytest.fixture
def caller(sandbox: Sandbox) -> Iterator[_Caller]:
    found = _Caller(sandbox)
    yield found
    found.socket.close()


def _name(body: Any) -> Any:
    return body["user"]["emailAddress"]


def test_a_connection_is_kept(caller: _Caller) -> None:
    """One call follows the other on one connection, until the caller wants no more."""
    for _ in range(3):
        caller.send(f"GET {ABOUT} HTTP/1.1")
        assert 200 == caller.answer()[0]
        assert caller.headers["connection"] is None
    caller.send(f"GET {ABOUT} HTTP/1.1", "Connection: close")

    assert 200 == caller.answer()[0]
    assert "close" == caller.headers["connection"]
    assert caller.is_hung_up()


def test_requests_may_come_in_any_pieces(caller: _Caller) -> None:
    """A request may come byte by byte, and several at once."""
    for byte in caller.request(f"GET {ABOUT} HTTP/1.1"):
        caller.socket.sendall(bytes([byte]))
    assert 200 == caller.answer()[0]
    caller.socket.sendall(caller.request(f"GET {ABOUT} HTTP/1.1") * 2)
    received = b""
    while received.count(b"emailAddress") < 2:
        received += caller.socket.recv(65536)

    assert 2 == received.count(b"HTTP/1.1 200 OK\r\n")


def test_a_body_may_come_in_chunks(caller: _Caller, sandbox: Sandbox) -> None:
    """A body whose length nobody knew is put together."""
    chunks = b'8\r\n{"name":\r\n6;x=y\r\n"Map"}\r\n0\r\n\r\n'
    headers = ("Transfer-Encoding: chunked", "Content-Type: application/json")
    caller.send("POST /drive/v3/files HTTP/1.1", *headers, body=chunks)

    status, file = caller.answer()
    assert (200, "Map") == (status, file["name"])
    assert {"name": "Map"} == sandbox.history()[-1].body


def test_a_caller_may_ask_before_it_sends_a_body(caller: _Caller) -> None:
    """`Expect: 100-continue` is told to go on, then answered."""
    body = b'{"name": "Map"}'
    headers = (f"Content-Length: {len(body)}", "Expect: 100-continue")
    caller.send("POST /drive/v3/files HTTP/1.1", *headers)
    assert b"HTTP/1.1 100 Continue\r\n\r\n" == caller.socket.recv(65536)
    caller.socket.sendall(body)

    status, file = caller.answer()
    assert (200, "Map") == (status, file["name"])


def test_head_has_no_body(caller: _Caller) -> None:
    """An answer to HEAD is a head: the next answer follows at once."""
    caller.send(f"HEAD {ABOUT} HTTP/1.1")
    assert (501, b"") == caller.answer("HEAD")
    assert int(caller.headers["content-length"]) > 0
    caller.send(f"GET {ABOUT} HTTP/1.1")
    assert 200 == caller.answer()[0]


def test_an_old_client_is_hung_up_on(caller: _Caller) -> None:
    """HTTP/1.0 knows no kept connections."""
    caller.send(f"GET {ABOUT} HTTP/1.0")

    assert 200 == caller.answer()[0]
    assert caller.is_hung_up()


def test_a_whole_address_is_an_address(caller: _Caller) -> None:
    """A proxy's client names the host in the first line."""
    caller.send(f"GET http://{caller.host}{ABOUT} HTTP/1.1")

    assert 200 == caller.answer()[0]


def test_a_wish_for_another_protocol_is_passed_over(caller: _Caller) -> None:
    """A client that would rather speak HTTP/2 is answered in HTTP/1.1."""
    wish = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
    for _ in range(2):
        caller.send(f"GET {ABOUT} HTTP/1.1", *wish)
        assert 200 == caller.answer()[0]


def test_letters_of_all_kinds_may_stand_in_a_path(caller: _Caller) -> None:
    """A path that was not encoded is answered, not a crash."""
    caller.send("GET /v4/spreadsheets/Pêrmohonan HTTP/1.1")

    assert caller.answer()[0] in {400, 403, 404}


@pytest.mark.parametrize("line", [b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"GET\r\n\r\n"])
def test_what_is_no_http_is_refused(caller: _Caller, line: bytes) -> None:
    """TLS on this port, or nonsense: 400, and the connection ends."""
    caller.socket.sendall(line)

    assert (400, b"Bad Request") == caller.answer()
    assert caller.is_hung_up()


def test_small_answers_are_not_held_back(sandbox: Sandbox, caller: _Caller) -> None:
    """Nagle's algorithm is off: with it each call waits 40 ms for an acknowledgement."""
    caller.send(f"GET {ABOUT} HTTP/1.1")
    caller.answer()
    assert sandbox._server
    (connection,) = sandbox._server.connections
    peer = connection._transport.get_extra_info("socket")

    assert peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_bug_is_google_s_500_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """The caller is told as Google would, the next call is answered, and the log has the cause."""
    with Sandbox() as broken:
        caller = _Caller(broken)
        state, broken.world.state = broken.world.state, None  # type: ignore[assignment]
        with caplog.at_level(logging.ERROR):
            caller.send(f"GET {ABOUT} HTTP/1.1")
            status, body = caller.answer()
        broken.world.state = state
        caller.send(f"GET {ABOUT} HTTP/1.1")
        assert 200 == caller.answer()[0]
        caller.socket.close()

    assert (500, "INTERNAL") == (status, body["error"]["status"])
    assert ["sandbox.bug"] == [record.message for record in caplog.records]
    assert "AttributeError" in caplog.text
