"""Who may do what: tokens, scopes, shares, quotas."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import google.auth.crypt
import google.auth.jwt
import pytest
import requests

from sync.sandbox import Sandbox
from sync.sandbox.oauth.token import JWT_BEARER
from sync.sandbox.sample import SERVICE_ACCOUNT, SPREADSHEET_ID, USER

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Reply

# google-auth is untyped.
SIGNER: Any = google.auth.crypt.RSASigner
ENCODE: Any = google.auth.jwt.encode

NOW = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
SHEETS = "https://www.googleapis.com/auth/spreadsheets"


@pytest.fixture
def still() -> Sandbox:
    """Return a sandbox without a server, at a fixed time."""
    return Sandbox(clock=lambda: NOW)


def _ask(sandbox: Sandbox, **fields: str) -> Reply:
    body = urlencode(fields)
    return sandbox.world.call("POST", "/token", body=body.encode())


def _jwt(sandbox: Sandbox, **changes: Any) -> str:
    info = sandbox.service_account_info
    claims = {
        "iss": info["client_email"],
        "aud": "https://oauth2.googleapis.com/token",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 3600,
        "scope": SHEETS,
    }
    signer = SIGNER.from_service_account_info(info)
    return str(ENCODE(signer, claims | changes), "ascii")


def _get(sandbox: Sandbox, token: str | None, spreadsheet_id: str = SPREADSHEET_ID) -> Reply:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return sandbox.world.call("GET", f"/v4/spreadsheets/{spreadsheet_id}", "", headers)


def _error(reply: Reply) -> tuple[int, str]:
    assert reply.body is not None
    return reply.status, reply.body["error"]["message"]


def test_jwt_gives_a_token(still: Sandbox) -> None:
    """A signed JWT gives a bearer token that works."""
    reply = _ask(still, grant_type=JWT_BEARER, assertion=_jwt(still))

    assert reply.body is not None
    assert (3599, "Bearer") == (reply.body["expires_in"], reply.body["token_type"])
    assert 200 == _get(still, reply.body["access_token"]).status
    assert SERVICE_ACCOUNT == still.history()[-1].principal


@pytest.mark.parametrize(
    "changes,error,description",
    [
        ({"aud": "https://lain.example/"}, "invalid_grant", "Invalid JWT: Failed audience check."),
        ({"iat": 0}, "invalid_grant", "Invalid JWT: Token must be a short-lived token"),
        ({"exp": 1}, "invalid_grant", "Invalid JWT: Token must be a short-lived token"),
        ({"iss": "lain@x.example"}, "invalid_grant", "Invalid grant: account not found"),
        ({"scope": ""}, "invalid_scope", "Invalid OAuth scope"),
    ],
)
def test_bad_claims(still: Sandbox, changes: dict[str, Any], error: str, description: str) -> None:
    """Wrong audience, times, issuer or scope: 400 in OAuth's shape."""
    reply = _ask(still, grant_type=JWT_BEARER, assertion=_jwt(still, **changes))

    assert reply.body is not None
    assert (400, error) == (reply.status, reply.body["error"])
    assert reply.body["error_description"].startswith(description)


def test_bad_signature(still: Sandbox) -> None:
    """A JWT that was changed after signing is refused."""
    token = _jwt(still)
    reply = _ask(still, grant_type=JWT_BEARER, assertion=token[:-8] + "AAAAAAAA")

    expected = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    assert (400, expected) == (reply.status, reply.body)
    assert 400 == _ask(still, grant_type=JWT_BEARER, assertion="x").status


def test_refresh_token(still: Sandbox) -> None:
    """The village user's refresh token gives the scopes asked for; a wrong one nothing."""
    info = still.authorized_user_info
    names = ("client_id", "client_secret", "refresh_token")
    own = {name: info[name] for name in names}
    reply = _ask(still, grant_type="refresh_token", scope=SHEETS, **own)
    assert reply.body is not None
    assert SHEETS == reply.body["scope"]
    assert 200 == _get(still, reply.body["access_token"]).status
    assert USER == still.history()[-1].principal
    revoked = _ask(still, grant_type="refresh_token", **own | {"refresh_token": "x"})
    description = "Token has been expired or revoked."
    assert {"error": "invalid_grant", "error_description": description} == revoked.body
    stranger = _ask(still, grant_type="refresh_token", **own | {"client_secret": "x"})
    assert 401 == stranger.status
    assert 400 == _ask(still, grant_type="password").status


def test_token_runs_out() -> None:
    """A token is good for an hour of the sandbox's clock."""
    now = [NOW]
    sandbox = Sandbox(clock=lambda: now[0])
    token = sandbox.world.keys.access_token(USER, [SHEETS], NOW)
    now[0] += timedelta(seconds=3598)
    assert 200 == _get(sandbox, token).status
    now[0] += timedelta(seconds=1)
    status, message = _error(_get(sandbox, token))
    assert 401 == status
    assert message.startswith("Request had invalid authentication credentials.")


@pytest.mark.parametrize("token", [None, "x", "ya29.e30.00"])
def test_without_a_token(still: Sandbox, token: str | None) -> None:
    """No token, or one that the sandbox did not give, is 401."""
    reply = _get(still, token)

    assert 401 == reply.status
    assert (False, True) == (still.history()[-1].applied, still.history()[-1].told)


def test_scope_must_fit(still: Sandbox) -> None:
    """A token for another API is 403."""
    token = still.world.keys.access_token(USER, ["https://mail.google.com/"], NOW)
    reply = _get(still, token)

    assert (403, "Request had insufficient authentication scopes.") == _error(reply)
    assert reply.body is not None
    assert "ACCESS_TOKEN_SCOPE_INSUFFICIENT" == reply.body["error"]["details"][0]["reason"]


def test_sharing_decides(still: Sandbox) -> None:
    """Unknown files are 404, files not shared 403; a reader may not write."""
    token = still.world.keys.access_token(SERVICE_ACCOUNT, [SHEETS], NOW)
    file: File = still.world.state.files[SPREADSHEET_ID]
    assert (404, "Requested entity was not found.") == _error(_get(still, token, "tiada"))
    file.roles[SERVICE_ACCOUNT] = "reader"
    assert 200 == _get(still, token).status
    path = f"/v4/spreadsheets/{SPREADSHEET_ID}/values/A2:clear"
    headers = {"authorization": f"Bearer {token}"}
    written = still.world.call("POST", path, headers=headers, body=b"{}")
    assert (403, "The caller does not have permission") == _error(written)
    del file.roles[SERVICE_ACCOUNT]
    assert (403, "The caller does not have permission") == _error(_get(still, token))


def test_service_accounts_own_files_when_told() -> None:
    """The option lets a service account create a spreadsheet."""
    sandbox = Sandbox(service_accounts_own_files=True)
    keys, now = sandbox.world.keys, sandbox.world.clock()
    headers = {"authorization": f"Bearer {keys.access_token(SERVICE_ACCOUNT, [SHEETS], now)}"}
    reply = sandbox.world.call("POST", "/v4/spreadsheets", headers=headers, body=b"{}")

    assert reply.body is not None
    assert SERVICE_ACCOUNT == sandbox.world.state.files[reply.body["spreadsheetId"]].owner


def test_quota_of_a_minute() -> None:
    """With Google's quota the 61st read of a minute is 429; the next minute is free."""
    now = [NOW]
    sandbox = Sandbox(clock=lambda: now[0], quota="google")
    token = sandbox.world.keys.access_token(USER, [SHEETS], NOW)
    statuses = [_get(sandbox, token).status for _ in range(61)]
    assert [200] * 60 + [429] == statuses
    now[0] += timedelta(minutes=1)
    assert 200 == _get(sandbox, token).status


def test_credential_files(still: Sandbox) -> None:
    """Both credentials point at the sandbox and are plain JSON."""
    for info in (still.service_account_info, still.authorized_user_info):
        assert info == json.loads(json.dumps(info))
        assert info["token_uri"].endswith("/token")


def test_history_names_the_caller(sandbox: Sandbox, call: Callable[..., Any]) -> None:
    """Each line has time, caller, method, outcome and body."""
    call("PUT", "/values/A2", {"values": [["x"]]}, valueInputOption="RAW")
    url = f"{sandbox.base_url}/_sandbox/history"
    entry = requests.get(url, timeout=5).json()["calls"][-1]

    assert datetime.fromisoformat(entry.pop("at")).tzinfo is not None
    expected = {
        "principal": SERVICE_ACCOUNT,
        "method": "sheets.spreadsheets.values.update",
        "status": 200,
        "applied": True,
        "told": True,
        "body": {"values": [["x"]]},
        "path": {"spreadsheetId": SPREADSHEET_ID, "range": "A2"},
        "query": {"valueInputOption": "RAW"},
    }
    assert expected == entry


def test_api_key_reads_what_anybody_may_read(sandbox: Sandbox, village: Any) -> None:
    """Without a token a key opens a file that is shared by its link, and writes nothing."""
    address = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}/values/A1"
    with requests.Session() as plain:
        plain.trust_env, plain.params = False, {"key": "AIzaContoh"}
        hidden = plain.get(address)
        anyone = {"type": "anyone", "role": "writer"}
        village.permissions().create(fileId=sandbox.spreadsheet_id, body=anyone).execute()
        shown = plain.get(address)
        written = plain.put(address, json={"values": [["x"]]}, params={"valueInputOption": "RAW"})
        nobody = plain.get(address, params={"key": ""})

    assert [403, 200, 401, 401] == [one.status_code for one in (hidden, shown, written, nobody)]
    assert "The caller does not have permission" == hidden.json()["error"]["message"]
    assert "'Form Responses 1'!A1" == shown.json()["range"]
