"""Real clients, pointed at a sandbox as a user of those libraries would point them."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import google.oauth2.credentials
import google.oauth2.service_account
import gspread
import requests
from google.auth.exceptions import TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.sandbox import Sandbox

# google-auth is untyped.
USER_CREDENTIALS: Any = google.oauth2.credentials.Credentials
SERVICE_CREDENTIALS: Any = google.oauth2.service_account.Credentials
SESSION: Any = AuthorizedSession
TRANSPORT_ERROR: Any = TransportError

GOOGLE = re.compile(r"https://(sheets|www)\.googleapis\.com")
SCOPES = [
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
    "https://www.googleapis.com/auth/forms.body.readonly",
]
ANSWERS = {
    "Nama Lengkap": "Siti Contoh",
    "NIK": "3507326107649907",
    "Tempat Lahir": "Malang",
    "Tanggal Lahir": "1964-07-21",
    "Jenis Kelamin": "Perempuan",
    "Agama": "Islam",
    "Status Perkawinan": "Kawin",
    "Pekerjaan": "Pedagang",
    "Dusun": "Kebobang",
    "RT": "030",
    "RW": "009",
    "Jenis Usaha": "Warung makan",
    "Alamat Usaha": "Dusun Kebobang, RT 030 RW 009",
    "Mulai Usaha": "Oktober 2017",
    "Keperluan": "Pengajuan KUR",
    "Pernyataan": "Saya menyatakan data yang saya isi benar",
}


class Redirected(gspread.HTTPClient):
    """gspread's own client, with the host replaced."""

    def __init__(self, session: requests.Session, base_url: str) -> None:
        super().__init__(None, session=session)  # type: ignore[arg-type]
        self.base_url = base_url

    def request(self, method: Any, endpoint: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(method, GOOGLE.sub(self.base_url, endpoint), *args, **kwargs)


class _Reply(dict[str, str]):
    def __init__(self, response: requests.Response) -> None:
        super().__init__((name.lower(), value) for name, value in response.headers.items())
        self.pop("content-encoding", None)
        self["content-length"], self["status"] = (
            str(len(response.content)),
            str(response.status_code),
        )
        self.status, self.reason = response.status_code, response.reason


class SessionHttp:
    """What googleapiclient calls instead of httplib2."""

    def __init__(self, session: requests.Session) -> None:
        self.session = session

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Any = None, **_: Any
    ) -> tuple[_Reply, bytes]:
        response = self.session.request(method, uri, data=body, headers=headers)
        return _Reply(response), response.content

    def close(self) -> None:
        self.session.close()


@contextmanager
def session(sandbox: Sandbox, *, user: bool = False) -> Iterator[Any]:
    """Yield an authorized session that never leaves this computer."""
    plain, info = requests.Session(), sandbox.authorized_user_info
    plain.trust_env = False
    if user:
        credentials = USER_CREDENTIALS.from_authorized_user_info(info)
        credentials = credentials.with_token_uri(info["token_uri"])
    else:
        info = sandbox.service_account_info
        credentials = SERVICE_CREDENTIALS.from_service_account_info(info, scopes=SCOPES)
    ask = _Guarded(plain, sandbox)
    with plain, SESSION(credentials, auth_request=ask, refresh_status_codes=()) as own:
        own.trust_env = False
        yield own


class _Guarded:
    """Asks for tokens at the sandbox only: google-auth would also call Google's IAM."""

    def __init__(self, plain: requests.Session, sandbox: Sandbox) -> None:
        self.ask, self.sandbox = Request(plain), sandbox

    def __call__(self, url: str, **kwargs: Any) -> Any:
        if not url.startswith(self.sandbox.base_url):
            raise TRANSPORT_ERROR(f"not the sandbox: {url}")
        return self.ask(url, **kwargs)


def service(sandbox: Sandbox, api: str, version: str, own: requests.Session) -> Any:
    """Return googleapiclient's service object for the sandbox."""
    document = json.loads(get_static_doc(api, version))
    document["rootUrl"] = f"{sandbox.base_url}/"
    document.pop("mtlsRootUrl", None)
    return build_from_document(document, http=SessionHttp(own))
