"""Where the program goes: to Google, for what it needs, and nowhere else; nothing is shared."""

from __future__ import annotations

import base64
import copy
import json
import random
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from command_line import command
from office import SWAP
from requests.adapters import HTTPAdapter
from test_drive_cabinet import make_folder
from test_login import _logged_in

from sync.clock import SystemClock
from sync.errors import ConfigError, GoogleUnavailable, SyncError
from sync.google.credentials import check_base_url, load_account
from sync.google.transport import Transport
from sync.sandbox.server import listening_socket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from office import Office
    from requests import PreparedRequest, Response

_AUTH = "https://www.googleapis.com/auth/"
SPREADSHEETS, DRIVE_FILE, DRIVE_METADATA, FORMS = (
    _AUTH + name
    for name in ("spreadsheets", "drive.file", "drive.metadata.readonly", "forms.body.readonly")
)
_BAIT = "http://198.51.100.7/gambar.png"
_DRIVE_LINK = "https://drive.google.com/open?id=1ContohUnggahanWarga0000000000000"


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return whom this process opens connections to from now on; each looks its address up."""
    found: set[str] = set()
    look_up = socket.getaddrinfo

    def watched(host: str, *arguments: Any, **options: Any) -> Any:
        found.add(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    return found


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[PreparedRequest]:
    """Return every request that the program sends from now on."""
    found: list[PreparedRequest] = []
    send = HTTPAdapter.send

    def watched(adapter: HTTPAdapter, request: PreparedRequest, **options: Any) -> Response:
        found.append(request)
        return send(adapter, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", watched)
    return found


@pytest.fixture
def drive_office(bare_office: Office) -> Office:
    """Return an office that is set up, with an OAuth client and its letters in Drive."""
    office = bare_office
    client = office.folder / "secrets" / "client.json"
    client.write_text(json.dumps(office.sandbox.client_secret_info))
    client.chmod(0o600)
    office.configure(
        letters__cabinet="drive",
        letters__drive_folder=make_folder(office.sandbox),
        google__oauth_client="secrets/client.json",
        google__drive_credentials="secrets/drive.json",
        services__sku__fields__diisi_oleh__kind="files",
        services__sku__form_id=office.sandbox.form_id,
    )
    _logged_in(office)
    office.set_up()
    return office


def _asked_for(requests: list[PreparedRequest]) -> set[str]:
    """Return the scopes that these token requests ask for."""
    found: set[str] = set()
    for request in requests:
        if urlsplit(str(request.url)).path != "/token":
            continue
        body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
        form = parse_qs(body)
        claims = form.get("assertion", ["."])[0].split(".")[1]
        scope = json.loads(base64.urlsafe_b64decode(claims + "==") or "{}").get("scope", "")
        found |= {*scope.split(), *form.get("scope", [""])[0].split()}
    return found


def test_a_run_asks_for_the_spreadsheets_alone(office: Office, sent: list[PreparedRequest]) -> None:
    """Letters in a folder need nothing of Drive."""
    office.submit()
    command(office, "run")

    assert {SPREADSHEETS} == _asked_for(sent)


def test_drive_and_check_ask_for_what_they_need(
    drive_office: Office, sent: list[PreparedRequest]
) -> None:
    """Files of our own making, the look of the form; never all of Drive."""
    drive_office.submit()

    assert 0 == command(drive_office, "run").code
    assert {SPREADSHEETS, DRIVE_FILE} == _asked_for(sent)
    command(drive_office, "check")
    assert {SPREADSHEETS, DRIVE_FILE, FORMS} >= _asked_for(sent)
    assert f"{_AUTH}drive" not in _asked_for(sent)


def test_nothing_but_google_is_reached_and_nothing_is_shared(
    drive_office: Office, sent: list[PreparedRequest], hosts: set[str]
) -> None:
    """Links that residents type or upload stay texts; who may see what stays as it was."""
    before = copy.deepcopy(drive_office.sandbox.world.state.files)
    drive_office.submit(Keperluan=_BAIT, Jenis_Usaha=f'=IMAGE("{_BAIT}")', Diisi_Oleh=_DRIVE_LINK)
    drive_office.submit("Budi Contoh", Nama_Usaha="\\\\198.51.100.7\\x", Diisi_Oleh=_BAIT)
    for arguments in (
        ("run",),
        ("check",),
        ("run",),
        ("setup",),
        ("status",),
        ("register", "list"),
    ):
        assert command(drive_office, *arguments).code in {0, 1}, arguments
    base = drive_office.sandbox.base_url

    assert {"127.0.0.1"} == hosts
    assert [] == [r.url for r in sent if not str(r.url).startswith(f"{base}/")]
    assert [] == [r.url for r in sent if "1ContohUnggahan" in str(r.url)]
    assert 1 == len([r for r in drive_office.sandbox.records() if r["Surat"]])
    assert [] == [c for c in drive_office.calls() if "permission" in c.lower()]
    after = drive_office.sandbox.world.state.files
    assert [] == [name for name, file in before.items() if file.roles != after[name].roles]


class _Recorder(BaseHTTPRequestHandler):
    """Answers with the server's script, and counts."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.seen.append((self.path, dict(self.headers)))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(server.status)
        self.send_header("Location", server.location)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def _serving(status: int, location: str = "") -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Recorder)
    server.seen, server.status, server.location = [], status, location
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_redirect_carries_nothing_elsewhere(office: Office) -> None:
    """Neither the token nor the body reach the place that an answer names."""
    account = load_account(office.key_file, base_url=office.sandbox.base_url)
    for status, method in product((301, 302, 303, 307, 308), ("GET", "POST")):
        with _serving(200) as other, _serving(status, f"{other.url}/v4/x") as first:
            transport = Transport(
                account, clock=SystemClock(), rng=random.Random(1), base_url=first.url
            )
            with pytest.raises(SyncError):
                transport.request(method, f"{first.url}/v4/spreadsheets/x", json={"secret": 1})
            transport.close()

            assert (1, 0) == (len(first.seen), len(other.seen)), (status, method)


def test_a_login_follows_no_redirect(bare_office: Office) -> None:
    """The permission's code and the client's secret go to the token address alone."""
    with _serving(200) as other, _serving(307, f"{other.url}/token") as first:
        info = copy.deepcopy(bare_office.sandbox.client_secret_info)
        info["installed"]["token_uri"] = f"{first.url}/token"
        client = bare_office.folder / "secrets" / "client.json"
        client.write_text(json.dumps(info))
        client.chmod(0o600)
        bare_office.configure(
            letters__cabinet="drive",
            google__oauth_client="secrets/client.json",
            google__drive_credentials="secrets/drive.json",
        )
        with pytest.raises((SyncError, GoogleUnavailable)):
            _logged_in(bare_office)

        assert (1, 0) == (len(first.seen), len(other.seen))


ELSEWHERE = (
    "http://198.51.100.7:8085", "https://sheets.googleapis.com", "https://evil.example",
    "ftp://127.0.0.1",
    "http://127.0.0.1@evil.example", "http://127.0.0.1.evil.example", "http://localhost.evil.example",
    "http://0.0.0.0:8085", "http://127.1", "http://2130706433", "http://0x7f000001", "file:///etc",
    "http://user:pass@127.0.0.1", "http://[::ffff:198.51.100.7]", "//127.0.0.1", "127.0.0.1",
    "http://", "http://\u0131ocalhost",
)  # fmt: skip
NEVER_ASKED = (
    "http://sheets.googleapis.com/v4/x", "https://sheets.googleapis.com.evil.example/v4/x", "",
    "https://sheets.googleapis.com@evil.example/v4/x", "https://evil.example/sheets.googleapis.com",
    "https://sheets.googleapis.com:444/v4/x", "https://user@sheets.googleapis.com/v4/x", _BAIT,
    "https://drive.google.com/open?id=1", "https://docs.google.com/x", "file:///etc/passwd",
    "https://iamcredentials.googleapis.com/x", "https://storage.googleapis.com/x", "//evil.example",
    "https://www.googleapis.com\\@evil.example/", "https://evil.example#sheets.googleapis.com",
)  # fmt: skip


@pytest.mark.parametrize("base_url", ELSEWHERE)
def test_a_sandbox_elsewhere_is_refused(base_url: str) -> None:
    """Residents' answers are never sent to somebody who says to be Google."""
    with pytest.raises(ConfigError):
        check_base_url(base_url)


@pytest.mark.parametrize("sandbox_in_use", [False, True])
def test_a_request_elsewhere_is_never_sent(
    office: Office, sent: list[PreparedRequest], *, sandbox_in_use: bool
) -> None:
    """Neither on the real Google nor on the sandbox; hosts that only look like Google's too."""
    base_url = office.sandbox.base_url
    account = load_account(office.key_file, base_url=base_url)
    transport = Transport(
        account,
        clock=SystemClock(),
        rng=random.Random(1),
        base_url=base_url if sandbox_in_use else "",
    )
    for url in (*NEVER_ASKED, f"{base_url}.evil.example/v4/x", f"{base_url}1/v4/x"):
        with pytest.raises(ConfigError, match="no request is ever sent"):
            transport.request("GET", url)
    transport.close()

    assert [] == sent


def test_no_secret_is_an_argument_or_in_a_message(office: Office) -> None:
    """A damaged key is named by its file; neither log nor message quotes it."""
    key = json.loads(office.key_file.read_text("utf-8"))
    secret = key["private_key"].splitlines()[3]
    key["private_key"] = key["private_key"].replace(secret, secret[:-1], 1)
    office.key_file.write_text(json.dumps(key))
    outcome = command(office, "run")

    assert 2 == outcome.code
    assert "service-account.json" in outcome.err
    assert secret[:20] not in outcome.out + outcome.err
    assert SWAP not in office.calls(len(office.sandbox.history()))


def test_the_sandbox_listens_to_this_computer_alone(office: Office) -> None:
    """Nobody in the network can read what people try out in it."""
    assert "127.0.0.1" == urlsplit(office.sandbox.base_url).hostname
    with listening_socket(0) as listener:
        assert "127.0.0.1" == listener.getsockname()[0]
