"""Every fault happens to every kind of call: uploads, downloads, parts of a batch, tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sync.sandbox import Sandbox
from sync.sandbox.faults import AFTER, KINDS, LATE
from sync.sandbox.sample import USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sync.sandbox.history import Entry

_SCOPE = "https://www.googleapis.com/auth/drive"
_PAGES = {"html-200": 200, "html-503": 503}
_ERRORS = {"503-after": 503, "late": 503, "403-rate": 403}
_SILENT = {"close-before", "close-after", "hang-before", "hang", "truncate"}
_CREATE, _GET = "drive.files.create", "drive.files.get"
_RELATED = {"Content-Type": "multipart/related; boundary=b"}
_MULTIPART = (
    "--b\r\nContent-Type: application/json\r\n\r\n{}\r\n"
    "--b\r\nContent-Type: text/plain\r\n\r\nisi surat\r\n--b--"
)


@dataclass(frozen=True)
class _Caller:
    """One sandbox for all tests of this file, and a file in it."""

    sandbox: Sandbox
    file_id: str
    headers: dict[str, str]

    def send(self, verb: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        return requests.request(
            verb, self.sandbox.base_url + path, data=body, headers=self.headers | headers, timeout=5
        )

    def last(self, method: str) -> Entry:
        return next(one for one in reversed(self.sandbox.history()) if one.method == method)


@pytest.fixture(scope="module")
def caller() -> Iterator[_Caller]:
    with Sandbox() as sandbox:
        world = sandbox.world
        token = world.keys.access_token(USER, [_SCOPE], world.clock())
        headers = {"authorization": f"Bearer {token}"}
        made = requests.post(
            f"{sandbox.base_url}/upload/drive/v3/files?uploadType=media",
            data=b"isi",
            headers=headers,
            timeout=5,
        )
        yield _Caller(sandbox, made.json()["id"], headers)


def _multipart(caller: _Caller) -> requests.Response:
    path = "/upload/drive/v3/files?uploadType=multipart"
    return caller.send("POST", path, _MULTIPART, **_RELATED)


def _begin(caller: _Caller) -> requests.Response:
    return caller.send("POST", "/upload/drive/v3/files?uploadType=resumable", b"{}")


def _download(caller: _Caller) -> requests.Response:
    return caller.send("GET", f"/drive/v3/files/{caller.file_id}?alt=media")


def _delete(caller: _Caller) -> requests.Response:
    """Delete a file of its own: the answer has no body."""
    made = caller.sandbox.world.call("POST", "/drive/v3/files", "", caller.headers, b"{}")
    assert made.body is not None
    return caller.send("DELETE", f"/drive/v3/files/{made.body['id']}")


def _token(caller: _Caller) -> requests.Response:
    user = caller.sandbox.authorized_user_info
    asked = {name: user[name] for name in ("client_id", "client_secret", "refresh_token")}
    return caller.send("POST", "/token", asked | {"grant_type": "refresh_token"})


_CALLS: dict[str, tuple[str, Callable[[_Caller], requests.Response]]] = {
    "multipart upload": (_CREATE, _multipart),
    "begin of an upload": (_CREATE, _begin),
    "download": (_GET, _download),
    "delete": ("drive.files.delete", _delete),
    "token": ("token", _token),
}


def _status(kind: str) -> int:
    """Return what is answered instead; 200 for what comes slowly."""
    if kind == "trickle":
        return 200
    return _PAGES.get(kind) or _ERRORS.get(kind) or int(kind)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("name", _CALLS)
def test_every_fault_happens_to_every_call(caller: _Caller, name: str, kind: str) -> None:
    """The caller gets what the fault says, and it is applied when the fault says so."""
    method, call = _CALLS[name]
    caller.sandbox.fault(method, kind=kind, seconds=0.02)
    if kind in _SILENT:
        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            call(caller)
    else:
        response = call(caller)
        status = 204 if kind == "trickle" and name == "delete" else _status(kind)
        assert status == response.status_code
        assert (kind in _PAGES) == ("<!doctype html>" in response.text)
    entry = caller.last(method)
    if kind == LATE:
        assert not entry.applied
        caller.send("GET", "/drive/v3/about?fields=user")

    assert [] == caller.sandbox.unused_faults()
    assert (kind in AFTER or kind == LATE) == entry.applied
    assert name == "token" or entry.principal == USER


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_fault_happens_to_a_piece_of_an_upload(caller: _Caller, kind: str) -> None:
    """After each fault the rest of the file can be sent, from where the sandbox says."""
    place = _begin(caller).headers["Location"].removeprefix(caller.sandbox.base_url)
    caller.sandbox.fault(_CREATE, kind=kind, seconds=0.02)
    try:
        caller.send("PUT", place, b"isi", **{"Content-Range": "bytes 0-2/6"})
    except requests.RequestException:
        assert kind in _SILENT
    entry = caller.last(_CREATE)
    caller.send("GET", "/drive/v3/about?fields=user")
    asked = caller.send("PUT", place, b"", **{"Content-Range": "bytes */6"})
    done = caller.send("PUT", place, b"isiisi", **{"Content-Range": "bytes 0-5/6"})

    assert (kind in AFTER or kind == LATE) == entry.applied
    assert (308, "bytes=0-2" if entry.applied else None) == (
        asked.status_code,
        asked.headers.get("Range"),
    )
    assert 200 == done.status_code


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_fault_happens_to_a_part_of_a_batch(caller: _Caller, kind: str) -> None:
    """The other part is answered; a lost answer is a 503 of its own part."""
    caller.sandbox.fault(_GET, kind=kind, after=1)
    part = (
        "--b\r\nContent-Type: application/http\r\n\r\nGET /drive/v3/files/{} HTTP/1.1\r\n\r\n\r\n"
    )
    body = part.format(caller.file_id) * 2 + "--b--"
    answer = caller.send(
        "POST", "/batch/drive/v3", body, **{"Content-Type": "multipart/mixed; boundary=b"}
    )
    lines = [line for line in answer.text.splitlines() if line.startswith("HTTP/1.1")]
    entry = caller.last(_GET)
    status = 503 if kind in _SILENT | {"trickle"} else _status(kind)

    assert 200 == answer.status_code
    assert [200, status] == [int(line.split()[1]) for line in lines]
    assert (status, kind not in _SILENT | AFTER | {LATE} and kind not in _PAGES) == (
        entry.status,
        entry.told,
    )


def test_faults_name_a_file_replaced_by_csv(caller: _Caller) -> None:
    """The old upload method has faults, too."""
    sheets = {"mimeType": "application/vnd.google-apps.spreadsheet"}
    made = caller.send("POST", "/drive/v3/files", json.dumps(sheets)).json()["id"]
    caller.sandbox.fault("drive.v2.files.update", kind="503")
    path = f"/upload/drive/v2/files/{made}?uploadType=media&convert=True"
    headers = {"Content-Type": "text/csv"}

    assert [503, 200] == [caller.send("PUT", path, "a,b", **headers).status_code for _ in "12"]
