"""The transport against a server that misbehaves on purpose, over real sockets."""

from __future__ import annotations

import base64
import copy
import json
import random
import socket
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.exceptions import TransportError

from sync.errors import (
    ConfigError,
    CredentialsError,
    GoogleRefused,
    GoogleUnavailable,
    GoogleUnknown,
    SafetyStop,
)
from sync.google.credentials import load_account
from sync.google.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Script = Callable[[socket.socket], None]

EMAIL = "surat@contoh.iam.gserviceaccount.com"
BOOK = "/v4/spreadsheets/abc"
SWAP = f"{BOOK}:batchUpdate"
CLAIM = f"{BOOK}/values:batchUpdate"


class Wire:
    """A server of raw bytes: it does what the script says, then answers `{}`."""

    def __init__(self) -> None:
        self.script: list[Script] = []
        self.token_script: list[Script] = []
        self.seen: list[str] = []
        self.token_bodies: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._open: list[socket.socket] = []
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for conn in self._open:
            with suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(conn)
            thread = threading.Thread(target=self._serve, args=(conn,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, conn: socket.socket) -> None:
        with conn, conn.makefile("rb") as stream, suppress(OSError):
            while line := stream.readline().decode():
                length = 0
                while header := stream.readline().strip().lower():
                    if header.startswith(b"content-length:"):
                        length = int(header.split(b":")[1])
                body = stream.read(length).decode()
                method, path, _ = line.split()
                self._reply(conn, method, path, body)

    def _reply(self, conn: socket.socket, method: str, path: str, body: str) -> None:
        if path == "/token":
            self.token_bodies.append(body)
            script = self.token_script.pop(0) if self.token_script else give_token
        else:
            self.seen.append(f"{method} {path}")
            script = self.script.pop(0) if self.script else answer(200, "{}")
        script(conn)


def answer(status: int, body: str, *headers: str, mime: str = "application/json") -> Script:
    lines = [
        f"HTTP/1.1 {status} Reason",
        f"Content-Type: {mime}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return lambda conn: conn.sendall(("\r\n".join(lines) + f"\r\n\r\n{body}").encode())


def give_token(conn: socket.socket) -> None:
    answer(200, '{"access_token": "made-up", "expires_in": 3599, "token_type": "Bearer"}')(conn)


def refuse_token(error: str, description: str, *headers: str) -> Script:
    return answer(400, json.dumps({"error": error, "error_description": description}), *headers)


def hang_up(conn: socket.socket) -> None:
    conn.shutdown(socket.SHUT_RDWR)


def reset(conn: socket.socket) -> None:
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    conn.close()


def truncate(conn: socket.socket) -> None:
    conn.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"a":')
    hang_up(conn)


def stay_silent(_: socket.socket) -> None:
    time.sleep(0.6)


def trickle_headers(conn: socket.socket) -> None:
    trickle(conn, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 500)


def trickle_body(conn: socket.socket) -> None:
    conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
    trickle(conn, b"{" + b" " * 499)


def trickle(conn: socket.socket, text: bytes) -> None:
    for byte in text:
        conn.sendall(bytes([byte]))
        time.sleep(0.02)


LOGIN_PAGE = answer(200, "<html>Welcome to Hotel Contoh</html>", mime="text/html")


class QuickClock:
    """Real time, but waiting takes none."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()
    assert [] == wire.script, "a scripted answer was not asked for"
    assert [] == wire.token_script, "a scripted token answer was not asked for"


@pytest.fixture
def clock() -> QuickClock:
    return QuickClock()


@pytest.fixture
def transport(
    wire: Wire, clock: QuickClock, private_key: str, tmp_path: Path
) -> Iterator[Transport]:
    path = tmp_path / "key.json"
    path.touch(0o600)
    path.write_text(
        json.dumps(
            {
                "type": "service_account",
                "client_email": EMAIL,
                "private_key": private_key,
                "token_uri": f"{wire.url}/token",
            }
        )
    )
    transport = Transport(
        load_account(path, base_url=wire.url),
        base_url=wire.url,
        clock=clock,
        rng=random.Random(1),
        read_timeout_seconds=0.4,
        call_deadline_seconds=60,
    )
    yield transport
    transport.close()


def hurried(transport: Transport, seconds: float) -> Transport:
    transport._call_deadline_seconds = seconds
    return transport


def test_answer_is_returned_and_counted(wire: Wire, transport: Transport) -> None:
    """A read and a write arrive once each, with one token for both."""
    transport.request("GET", f"{wire.url}{BOOK}")
    transport.request("POST", f"{wire.url}{CLAIM}", json={})

    assert [f"GET {BOOK}", f"POST {CLAIM}"] == wire.seen
    assert {
        "sheets_read": 1,
        "sheets_write": 1,
        "drive": 0,
        "forms": 0,
        "token": 1,
    } == transport.calls()


@pytest.mark.parametrize(
    "fault", [hang_up, reset, truncate, stay_silent, LOGIN_PAGE, answer(503, "<html>")]
)
def test_lost_answer_of_a_claim_is_unknown_and_not_repeated(
    wire: Wire, transport: Transport, fault: Script
) -> None:
    """What may have been applied at places that move is sent once."""
    wire.script = [fault]

    with pytest.raises(GoogleUnknown):
        transport.request("POST", f"{wire.url}{CLAIM}", json={})
    assert [f"POST {CLAIM}"] == wire.seen
    assert 1 == transport.calls()["sheets_write"]


@pytest.mark.parametrize(
    "fault",
    [hang_up, reset, truncate, stay_silent, LOGIN_PAGE, answer(503, ""), answer(429, "{}")],
)
def test_lost_answer_of_a_repeatable_call_is_repeated(
    wire: Wire, transport: Transport, fault: Script
) -> None:
    """What does no harm twice is sent again."""
    wire.script = [fault]

    transport.request("POST", f"{wire.url}{SWAP}", json={}, repeatable=True)

    assert [f"POST {SWAP}"] * 2 == wire.seen


@pytest.mark.parametrize("slow", [trickle_headers, trickle_body])
def test_trickling_answer_ends_at_the_deadline(
    wire: Wire, transport: Transport, slow: Script
) -> None:
    """A byte now and then does not keep a call alive."""
    wire.script = [slow]
    begin = time.monotonic()

    with pytest.raises(GoogleUnknown):
        hurried(transport, 0.6).request("POST", f"{wire.url}{CLAIM}", json={})
    assert time.monotonic() - begin < 1.5


def test_tries_are_four_with_full_jitter(
    wire: Wire, transport: Transport, clock: QuickClock
) -> None:
    """Three pauses, each somewhere below 2, 4 and 8 seconds."""
    wire.script = [answer(503, "")] * 4

    with pytest.raises(GoogleUnknown):
        transport.request("GET", f"{wire.url}{BOOK}")
    assert 3 == len(clock.slept)
    assert all(0 <= pause <= 2**n for n, pause in enumerate(clock.slept, start=1))


def test_retry_budget_holds_for_the_whole_run(wire: Wire, transport: Transport) -> None:
    """When the run's repeats are used up, a call is sent once."""
    transport._retries_left = 1
    wire.script = [answer(429, "{}")] * 3

    for _ in range(2):
        with pytest.raises(GoogleUnavailable):
            transport.request("GET", f"{wire.url}{BOOK}")
    assert 3 == transport.calls()["sheets_read"]


def test_retry_after_is_honoured(wire: Wire, transport: Transport, clock: QuickClock) -> None:
    """Google's own wish lengthens the pause."""
    wire.script = [answer(429, "{}", "Retry-After: 17")]

    transport.request("GET", f"{wire.url}{BOOK}")

    assert [17.0] == clock.slept


def test_long_retry_after_ends_the_call(
    wire: Wire, transport: Transport, clock: QuickClock
) -> None:
    """A pause beyond the deadline is left to the next run."""
    wire.script = [answer(429, "{}", "Retry-After: 3600")]

    with pytest.raises(GoogleUnavailable):
        transport.request("GET", f"{wire.url}{BOOK}")
    assert [] == clock.slept


def test_unreachable_google_is_not_counted(wire: Wire, transport: Transport) -> None:
    """A refused connection sent nothing: later, not unknown."""
    transport.request("GET", f"{wire.url}{BOOK}")
    wire.close()
    wire._listener = socket.create_server(("127.0.0.1", 0))

    with pytest.raises(GoogleUnavailable) as caught:
        transport.request("GET", f"{wire.url}{BOOK}")
    assert not isinstance(caught.value, GoogleUnknown)
    assert 1 == transport.calls()["sheets_read"]


def test_expired_token_is_renewed_once(wire: Wire, transport: Transport) -> None:
    """A 401 fetches one new token and repeats the read."""
    wire.script = [answer(401, "{}")]

    transport.request("GET", f"{wire.url}{BOOK}")

    assert 2 == len(wire.token_bodies)
    assert 2 == len(wire.seen)


def test_claim_is_not_repeated_after_401(wire: Wire, transport: Transport) -> None:
    """A claim is sent once even when only the token was old; the next call has a new one."""
    wire.script = [answer(401, "{}")]

    with pytest.raises(GoogleUnavailable):
        transport.request("POST", f"{wire.url}{CLAIM}", json={})
    assert 1 == len(wire.seen)
    assert 2 == len(wire.token_bodies)


def test_second_401_is_a_matter_of_credentials(wire: Wire, transport: Transport) -> None:
    """When a fresh token is refused too, someone must look."""
    wire.script = [answer(401, "{}")] * 2

    with pytest.raises(CredentialsError, match=EMAIL):
        transport.request("GET", f"{wire.url}{BOOK}")
    assert 2 == len(wire.token_bodies)


@pytest.mark.parametrize(
    "fault",
    [
        hang_up,
        truncate,
        stay_silent,
        LOGIN_PAGE,
        answer(200, "[]"),
        answer(503, "<html>"),
        answer(503, '{"error": "server_error"}'),
    ],
)
def test_troubled_token_service_is_asked_again(
    wire: Wire, transport: Transport, clock: QuickClock, fault: Script
) -> None:
    """Every trouble of the token address but a clear refusal passes; nothing was sent yet."""
    wire.token_script = [fault]

    transport.request("POST", f"{wire.url}{CLAIM}", json={})

    assert 2 == len(wire.token_bodies) == transport.calls()["token"]
    assert 1 == len(wire.seen)
    assert 1 == len(clock.slept), "google-auth has repeated by itself"


@pytest.mark.parametrize("slow", [trickle_headers, trickle_body])
def test_trickling_token_service_ends_at_the_deadline(
    wire: Wire, transport: Transport, slow: Script
) -> None:
    """The token address is held to the deadline of the call; the call itself was not sent."""
    wire.token_script = [slow]
    begin = time.monotonic()

    with pytest.raises(GoogleUnavailable):
        hurried(transport, 0.6).request("POST", f"{wire.url}{CLAIM}", json={})
    assert time.monotonic() - begin < 1.5
    assert [] == wire.seen


def test_refused_credentials_are_not_repeated(wire: Wire, transport: Transport) -> None:
    """`invalid_grant` stops at once and says what to do."""
    wire.token_script = [refuse_token("invalid_grant", "Invalid JWT Signature.")]

    with pytest.raises(CredentialsError, match="make a new key"):
        transport.request("GET", f"{wire.url}{BOOK}")
    assert [] == wire.seen


def test_wrong_clock_is_named(wire: Wire, transport: Transport) -> None:
    """A token refused for its time is a matter of the clock, as Google's `Date` shows."""
    theirs = format_datetime(datetime.now(UTC) + timedelta(minutes=90), usegmt=True)
    says = "Invalid JWT: Token must be a short-lived token. Check your iat and exp values."
    wire.token_script = [refuse_token("invalid_grant", says, f"Date: {theirs}")]

    with pytest.raises(SafetyStop, match="clock is 90 minutes slow") as stopped:
        transport.request("GET", f"{wire.url}{BOOK}")
    assert ("clock-skew", False) == (stopped.value.name, stopped.value.can_pass)


def test_clock_skew_is_read_from_the_last_answer(wire: Wire, transport: Transport) -> None:
    """Google's `Date` ahead of ours is a positive difference."""
    assert transport.clock_skew() is None
    theirs = format_datetime(datetime.now(UTC) + timedelta(minutes=7), usegmt=True)
    wire.script = [answer(200, "{}", f"Date: {theirs}")]
    transport.request("GET", f"{wire.url}{BOOK}")

    skew = transport.clock_skew()

    assert skew is not None
    assert abs(skew - timedelta(minutes=7)) < timedelta(seconds=5)


def test_redirect_is_not_followed(wire: Wire, transport: Transport) -> None:
    """A token goes nowhere else."""
    wire.script = [answer(302, "", f"Location: {wire.url}/elsewhere")]

    with pytest.raises(GoogleRefused, match="redirect"):
        transport.request("GET", f"{wire.url}{BOOK}")
    assert 1 == len(wire.seen)


@pytest.mark.parametrize(
    "url", ["https://sheets.googleapis.com/v4/x", "http://127.0.0.1:9/v4/x", "https://example.com"]
)
def test_other_hosts_are_never_asked(transport: Transport, url: str) -> None:
    """With a sandbox's address nothing else gets a request."""
    with pytest.raises(ConfigError):
        transport.request("GET", url)


def test_google_only_without_a_base_url(wire: Wire, transport: Transport) -> None:
    """Without a sandbox only Google's hosts are allowed, and only encrypted."""
    real = Transport(transport.account, clock=QuickClock(), rng=random.Random(1))

    for url in (f"{wire.url}{BOOK}", "http://sheets.googleapis.com/v4/x", "https://evil.example"):
        with pytest.raises(ConfigError):
            real.request("GET", url)
    real.close()


def test_base_url_must_be_on_this_computer(transport: Transport) -> None:
    """Residents' data are not sent to a made-up Google elsewhere."""
    with pytest.raises(ConfigError):
        Transport(
            transport.account,
            base_url="http://192.0.2.1:8085",
            clock=QuickClock(),
            rng=random.Random(1),
        )


def test_proxies_of_the_environment_are_ignored_in_the_sandbox(
    wire: Wire, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTP_PROXY does not catch loopback."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    transport.request("GET", f"{wire.url}{BOOK}")

    assert 1 == len(wire.seen)


def test_nothing_of_google_auth_runs_beside_us(
    wire: Wire, transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """google-auth's look-up in the background, which would send token and e-mail, never starts."""
    started: list[threading.Thread] = []
    start = threading.Thread.start

    def start_and_tell(thread: threading.Thread) -> None:
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_and_tell)

    transport.request("GET", f"{wire.url}{BOOK}")

    assert [] == [it for it in started if type(it).__module__.startswith("google.")]


def test_token_request_asks_no_other_address(wire: Wire, transport: Transport) -> None:
    """Token and e-mail go to the token address alone."""
    with pytest.raises(TransportError):
        transport._tokens(f"{wire.url}/elsewhere")
    assert [] == wire.seen
    with pytest.raises(TypeError, match="background"):
        copy.deepcopy(transport._tokens)


def test_token_is_asked_for_exactly_our_scope(wire: Wire, transport: Transport) -> None:
    """A token may do what the service needs, and no more."""
    transport.request("GET", f"{wire.url}{BOOK}")

    [assertion] = parse_qs(wire.token_bodies[0])["assertion"]
    claims = json.loads(base64.urlsafe_b64decode(assertion.split(".")[1] + "=="))
    assert "https://www.googleapis.com/auth/spreadsheets" == claims["scope"]


def test_messages_quote_nothing_that_google_wrote(wire: Wire, transport: Transport) -> None:
    """Google's words may hold a cell; ours do not."""
    says = "Invalid value at 'data.values' (type), \"Siti Contoh 3507321503850002\""
    wire.script = [answer(400, json.dumps({"error": {"code": 400, "message": says}}))]

    with pytest.raises(GoogleRefused) as caught:
        transport.request("POST", f"{wire.url}{CLAIM}", json={})
    assert "Siti" not in str(caught.value)
