"""The account that we act as: a service account's key, or a user's permission file."""
# google-auth is untyped:
# mypy: allow-untyped-calls

from __future__ import annotations

import ipaddress
import json
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from google.oauth2 import service_account
from google.oauth2.credentials import Credentials as UserCredentials

from sync.errors import ConfigError, CredentialsError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SPREADSHEETS = "https://www.googleapis.com/auth/spreadsheets"
DRIVE_FILE = "https://www.googleapis.com/auth/drive.file"  #: files that the app made
DRIVE_METADATA = "https://www.googleapis.com/auth/drive.metadata.readonly"
FORMS_BODY = "https://www.googleapis.com/auth/forms.body.readonly"  #: for `check` only

_GOOGLE_TOKEN_HOSTS = {"oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"}
_NEEDED = {
    "service_account": ("client_email", "private_key", "token_uri"),
    "authorized_user": ("client_id", "client_secret", "refresh_token"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom we act as."""

    credentials: service_account.Credentials | UserCredentials
    name: str  #: the e-mail to share things with, or words for it
    token_uri: str  #: the one address that may be asked for a token
    is_service: bool = False  #: a service account, which owns no files in Drive


def load_account(
    path: Path,
    *,
    base_url: str = "",
    scopes: Sequence[str] = (SPREADSHEETS,),
    service_scopes: Sequence[str] = (),
) -> Account:
    """
    Return the account of a key file or of an authorized-user file.

    base_url: the sandbox's, "" for Google; keys of the one are refused for the other
    scopes:   exactly what the tokens may do; a service account's also *service_scopes*

    Raises `CredentialsError` when the file is missing, open to others, or something else;
    `ConfigError` for a *base_url* that is not on this computer.
    Format: the JSON that Google's console writes for a key, and google-auth for a user.
    """
    check_base_url(base_url)
    info = read_private_json(path)
    kind = _kind(info, path)
    token_uri = str(info.get("token_uri") or "https://oauth2.googleapis.com/token")
    check_token_uri(token_uri, base_url, path)
    try:
        if kind == "service_account":
            return _service_account(info, token_uri, (*scopes, *service_scopes))
        return _user(info, token_uri, scopes, path)
    except ValueError as error:
        raise CredentialsError(
            f"{path}: the key in it is damaged; download a new one from Google's console"
        ) from error


def check_base_url(base_url: str) -> None:
    """Raise `ConfigError` unless *base_url* is empty or on the loopback interface."""
    if base_url and not _is_loopback(base_url):
        raise ConfigError(
            f"google.base_url {base_url!r} is not on this computer: it is only for the sandbox"
        )


def read_private_json(path: Path) -> dict[str, Any]:
    """Return the object in a file that nobody else can read; raises `CredentialsError`."""
    try:
        _check_mode(path)
        info = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CredentialsError(f"{path}: there is no such file") from error
    except OSError as error:
        raise CredentialsError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise CredentialsError(f"{path}: is not a JSON file from Google") from error
    if not isinstance(info, dict):
        raise CredentialsError(f"{path}: is not a JSON file from Google")
    return info


def _check_mode(path: Path) -> None:
    """Refuse a file that other accounts of this computer can read."""
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise CredentialsError(f"{path}: others on this computer can read it: chmod 600 {path}")


def _kind(info: dict[str, Any], path: Path) -> str:
    if "installed" in info or "web" in info:
        raise CredentialsError(
            f"{path}: is an OAuth client file, not an account: make a service account and save "
            "its key there"
        )
    kind = info.get("type")
    if kind not in _NEEDED:
        raise CredentialsError(f"{path}: is neither a service account's key nor a user's file")
    missing = [key for key in _NEEDED[kind] if not info.get(key)]
    if missing:
        raise CredentialsError(f"{path}: has no {', '.join(missing)}")
    return str(kind)


def check_token_uri(token_uri: str, base_url: str, path: Path) -> None:
    """Raise `CredentialsError` unless tokens come from Google, or from the sandbox in use."""
    parts = urlsplit(token_uri)
    is_google = parts.scheme == "https" and parts.hostname in _GOOGLE_TOKEN_HOSTS
    if base_url and not _is_loopback(token_uri):
        raise CredentialsError(
            f"{path}: is a real key; the sandbox (google.base_url) takes only its own"
        )
    if not base_url and not is_google:
        raise CredentialsError(
            f"{path}: its token_uri is not Google's; a key of the sandbox needs google.base_url"
        )


def _is_loopback(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or parts.username:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _service_account(info: dict[str, Any], token_uri: str, scopes: Sequence[str]) -> Account:
    credentials = service_account.Credentials.from_service_account_info(info, scopes=list(scopes))
    return Account(
        credentials=credentials,
        name=str(info["client_email"]),
        token_uri=token_uri,
        is_service=True,
    )


def _user(info: dict[str, Any], token_uri: str, scopes: Sequence[str], path: Path) -> Account:
    """Return a user's account; google-auth ignores the file's own token_uri."""
    credentials = UserCredentials.from_authorized_user_info(info, scopes=list(scopes))
    return Account(
        credentials=credentials.with_token_uri(token_uri),
        name=str(info.get("account") or f"the Google account of {path.name}"),
        token_uri=token_uri,
    )
