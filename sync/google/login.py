"""
Asking the village's own Google account, in the browser, to let us store letters.

OAuth 2.0 for desktop apps with PKCE and a loopback address:
https://developers.google.com/identity/protocols/oauth2/native-app
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from sync.errors import CredentialsError, GoogleUnavailable, UserError
from sync.google.credentials import check_token_uri, read_private_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_LOOPBACK = "127.0.0.1"
_TIMEOUTS = (5, 30)
_PAGE = (
    "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>surat-sync</title><p style='font:1.2em sans-serif;margin:2em'>{text}</p>"
)
_DONE = "Izin sudah diterima. Halaman ini boleh ditutup; silakan kembali ke jendela perintah."
_DENIED = "Izin tidak diberikan. Jalankan <code>surat-sync login</code> lagi bila keliru."
_STRAY = "Halaman ini bukan jawaban yang ditunggu."


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The app as Google's console knows it: an OAuth client of the kind *Desktop app*."""

    client_id: str
    client_secret: str
    auth_uri: str
    token_uri: str


def load_client(path: Path, *, base_url: str = "") -> Client:
    """
    Return the OAuth client in the file that Google's console gives.

    Raises `CredentialsError` when it is missing, open to others, or another kind of file.
    """
    info = read_private_json(path)
    found = info.get("installed")
    if not isinstance(found, dict):
        what = "a web client" if "web" in info else "no OAuth client"
        raise CredentialsError(
            f"{path}: is {what}: in Google's console make an OAuth client of the type Desktop app"
        )
    missing = [name for name in Client.__dataclass_fields__ if not found.get(name)]
    if missing:
        raise CredentialsError(f"{path}: has no {', '.join(missing)}")
    client = Client(**{name: str(found[name]) for name in Client.__dataclass_fields__})
    check_token_uri(client.token_uri, base_url, path)
    return client


@dataclass(slots=True, kw_only=True)
class SignIn:
    """
    One sign-in: an address to open, and the answer that comes to this computer.

    Used as a context manager: the loopback port is open within.
    """

    client: Client
    scopes: Sequence[str]
    _state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    _verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    _answer: dict[str, str] = field(default_factory=dict)
    _server: HTTPServer = field(init=False)

    def __enter__(self) -> Self:
        """Listen on a free loopback port."""
        self._server = HTTPServer((_LOOPBACK, 0), _handler(self._state, self._answer))
        return self

    def __exit__(self, *_: object) -> None:
        """Close the port."""
        self._server.server_close()

    @property
    def address(self) -> str:
        """The page at which the village's account gives its permission."""
        digest = hashlib.sha256(self._verifier.encode()).digest()
        asked = {
            "client_id": self.client.client_id,
            "redirect_uri": self._redirect,
            "response_type": "code",
            "scope": " ".join(self.scopes),
            "state": self._state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            "access_type": "offline",
            "prompt": "consent",
        }
        return f"{self.client.auth_uri}?{urlencode(asked)}"

    def finish(self, *, seconds: float) -> dict[str, Any]:
        """
        Wait for the answer and return the content of an authorized-user file.

        Raises `UserError` when nobody answers within *seconds* or the permission is not
        given, `CredentialsError` when Google does not accept the client, `GoogleUnavailable`.
        """
        code = self._wait(seconds)
        reply = self._exchanged(code)
        if not set(self.scopes) <= set(str(reply.get("scope", "")).split()):
            raise UserError(
                "The permission to store files was not ticked: run `surat-sync login` again."
            )
        if "refresh_token" not in reply:
            raise CredentialsError(
                "Google gave no lasting permission: run `surat-sync login` again."
            )
        return {
            "type": "authorized_user",
            "client_id": self.client.client_id,
            "client_secret": self.client.client_secret,
            "refresh_token": reply["refresh_token"],
            "token_uri": self.client.token_uri,
        }

    @property
    def _redirect(self) -> str:
        return f"http://{_LOOPBACK}:{self._server.server_port}/"

    def _wait(self, seconds: float) -> str:
        until = time.monotonic() + seconds
        while not self._answer:
            self._server.timeout = until - time.monotonic()
            if self._server.timeout <= 0:
                raise UserError("Nobody gave the permission in time: run `surat-sync login` again.")
            self._server.handle_request()
        if "code" not in self._answer:
            raise UserError(
                f"The permission was not given ({self._answer.get('error', 'no answer')})."
            )
        return self._answer["code"]

    def _exchanged(self, code: str) -> Mapping[str, Any]:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "client_id": self.client.client_id,
            "client_secret": self.client.client_secret,
            "code_verifier": self._verifier,
        }
        with requests.Session() as session:
            session.trust_env = not self.client.token_uri.startswith("http://")
            try:
                answer = session.post(
                    self.client.token_uri, data=asked, timeout=_TIMEOUTS, allow_redirects=False
                )
                reply = answer.json()
            except (requests.RequestException, ValueError) as error:
                raise GoogleUnavailable(
                    f"Google's token service gave no answer ({type(error).__name__})"
                ) from error
        if answer.status_code >= requests.codes.bad_request or not isinstance(reply, dict):
            why = reply.get("error", "") if isinstance(reply, dict) else ""
            raise CredentialsError(
                f"Google does not accept the OAuth client ({why or answer.status_code}): download"
                " its file again from Google's console"
            )
        return reply


def _handler(state: str, answer: dict[str, str]) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10  # a browser may open a connection and send nothing

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            if asked.get("state") != [state]:
                self._show(_STRAY, 404)
                return
            answer.update({name: texts[0] for name, texts in asked.items()})
            self._show(_DONE if "code" in answer else _DENIED, 200)

        def log_message(self, *_: object) -> None:
            """Keep codes out of the log."""

        def _show(self, text: str, status: int) -> None:
            content = _PAGE.format(text=text).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler


def file_content(info: Mapping[str, Any]) -> bytes:
    """Return an authorized-user file."""
    return (json.dumps(info, indent=2) + "\n").encode()
