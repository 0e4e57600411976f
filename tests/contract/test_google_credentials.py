"""Which credentials files are taken, and what is said about the others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.oauth2.credentials import Credentials

from sync.errors import ConfigError, CredentialsError
from sync.google.credentials import FORMS_BODY, SPREADSHEETS, load_account

if TYPE_CHECKING:
    from pathlib import Path

SANDBOX = "http://127.0.0.1:8085"
GOOGLE_TOKEN = "https://oauth2.googleapis.com/token"
USER = {
    "type": "authorized_user",
    "client_id": "made-up",
    "client_secret": "made-up",
    "refresh_token": "made-up",
}


@pytest.fixture(scope="module")
def key() -> dict[str, str]:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "type": "service_account",
        "client_email": "surat@contoh.iam.gserviceaccount.com",
        "private_key": pem.decode(),
        "token_uri": GOOGLE_TOKEN,
    }


def written(folder: Path, content: dict[str, Any] | str, *, mode: int = 0o600) -> Path:
    path = folder / "account.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(mode)
    return path


def test_service_account_is_known_by_its_email(tmp_path: Path, key: dict[str, str]) -> None:
    """A key tells whom to share the spreadsheet with."""
    account = load_account(written(tmp_path, key))

    assert (key["client_email"], GOOGLE_TOKEN) == (account.name, account.token_uri)
    assert [SPREADSHEETS] == account.credentials.scopes


def test_form_is_read_only_when_asked(tmp_path: Path, key: dict[str, str]) -> None:
    """The scope for the form is asked for by `check` alone."""
    account = load_account(written(tmp_path, key), scopes=(SPREADSHEETS, FORMS_BODY))

    assert [SPREADSHEETS, FORMS_BODY] == account.credentials.scopes


def test_user_s_token_address_is_heeded(tmp_path: Path) -> None:
    """google-auth ignores it in the file and would ask Google."""
    path = written(tmp_path, USER | {"token_uri": f"{SANDBOX}/token"})

    account = load_account(path, base_url=SANDBOX)

    assert isinstance(account.credentials, Credentials)
    assert f"{SANDBOX}/token" == account.credentials.token_uri == account.token_uri


def test_user_without_email_is_named_after_the_file(tmp_path: Path) -> None:
    """A message has to name somebody."""
    assert "the Google account of account.json" == load_account(written(tmp_path, USER)).name


@pytest.mark.parametrize(
    "content, says",
    [
        ("not json", "is not a JSON file"),
        ("[]", "is not a JSON file"),
        ('{"installed": {}}', "make a service account"),
        ('{"web": {}}', "make a service account"),
        ('{"type": "external_account"}', "neither a service account's key nor a user's file"),
        (json.dumps(USER | {"refresh_token": ""}), "has no refresh_token"),
        (
            json.dumps(
                {
                    "type": "service_account",
                    "client_email": "x@contoh.id",
                    "private_key": "-----BEGIN",
                    "token_uri": GOOGLE_TOKEN,
                }
            ),
            "damaged",
        ),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: str, says: str) -> None:
    """Each mistake has its own words."""
    with pytest.raises(CredentialsError, match=says):
        load_account(written(tmp_path, content))


def test_missing_file_is_named(tmp_path: Path) -> None:
    """The message holds the path."""
    with pytest.raises(CredentialsError, match=r"nothing\.json: there is no such file"):
        load_account(tmp_path / "nothing.json")


def test_folder_is_no_credentials_file(tmp_path: Path) -> None:
    """What cannot be read is said so."""
    tmp_path.chmod(0o700)

    with pytest.raises(CredentialsError, match="cannot be read"):
        load_account(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_key_open_to_others_is_refused(tmp_path: Path, key: dict[str, str], mode: int) -> None:
    """A secret that others can read is none; the message says how to mend it."""
    with pytest.raises(CredentialsError, match="chmod 600"):
        load_account(written(tmp_path, key, mode=mode))


def test_real_key_is_refused_by_the_sandbox(tmp_path: Path, key: dict[str, str]) -> None:
    """A real secret is not sent to a stand-in."""
    with pytest.raises(CredentialsError, match="is a real key"):
        load_account(written(tmp_path, key), base_url=SANDBOX)


@pytest.mark.parametrize(
    "token_uri", [f"{SANDBOX}/token", "https://evil.example/token", "http://oauth2.googleapis.com/"]
)
def test_other_keys_are_refused_by_google(
    tmp_path: Path, key: dict[str, str], token_uri: str
) -> None:
    """A key whose tokens come from elsewhere does not work with Google."""
    with pytest.raises(CredentialsError, match=r"google\.base_url"):
        load_account(written(tmp_path, key | {"token_uri": token_uri}))


@pytest.mark.parametrize(
    "base_url",
    ["http://192.0.2.1:80", "https://sheets.googleapis.com", "http://127.0.0.1@evil.example", "x"],
)
def test_sandbox_is_on_this_computer(tmp_path: Path, key: dict[str, str], base_url: str) -> None:
    """Another address is a mistake of the config."""
    with pytest.raises(ConfigError, match="not on this computer"):
        load_account(written(tmp_path, key), base_url=base_url)
