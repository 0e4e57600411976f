"""Log in as an installed application does: consent, code, tokens, and their end."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import google.auth.jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from google.auth.transport.requests import AuthorizedSession, Request
from real_clients import USER_CREDENTIALS

from sync.sandbox import Sandbox
from sync.sandbox.oauth.token import JWT_BEARER
from sync.sandbox.sample import SPREADSHEET_ID, USER

if TYPE_CHECKING:
    from pathlib import Path

    from sync.sandbox.reply import Reply

# google-auth is untyped.
DECODE: Any = google.auth.jwt.decode
SIGNER: Any = google.auth.crypt.RSASigner
ENCODE: Any = google.auth.jwt.encode
SESSION: Any = AuthorizedSession
TRANSPORT: Any = Request

NOW = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
SCOPE = "https://www.googleapis.com/auth/"
SHEETS, DRIVE_FILE = f"{SCOPE}spreadsheets", f"{SCOPE}drive.file"
REDIRECT = "http://127.0.0.1:41234/"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()
PKCE = {"code_challenge": CHALLENGE.rstrip("="), "code_challenge_method": "S256"}
DEAD = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}


class Browser:
    """A sandbox without a server, at a time that can be set, and who logs in to it."""

    def __init__(self, state: Path | None = None) -> None:
        self.now = NOW
        self.sandbox = Sandbox(seed=1, clock=lambda: self.now, state=state)
        self.client = self.sandbox.client_secret_info["installed"]

    def asked(self, **changes: str) -> dict[str, str]:
        """Return what an application puts into the address of the consent page."""
        own = {
            "client_id": self.client["client_id"],
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": f"{SHEETS} {DRIVE_FILE}",
            "access_type": "offline",
            "state": "s&1",
        }
        return {name: text for name, text in (own | changes).items() if text}

    def page(self, **changes: str) -> Reply:
        """Open the consent page."""
        query = urlencode(self.asked(**changes))
        return self.sandbox.world.call("GET", "/o/oauth2/auth", query)

    def decide(self, *, decision: str = "allow", **changes: str) -> Reply:
        """Press a button of the consent page."""
        body = urlencode(self.asked(**changes) | {"decision": decision})
        return self.sandbox.world.call("POST", "/o/oauth2/v2/auth", body=body.encode())

    def code(self, **changes: str) -> str:
        """Return the code that consent gives."""
        return parse_qs(urlsplit(self.decide(**changes).headers["location"]).query)["code"][0]

    def token(self, **fields: str) -> tuple[int, dict[str, Any]]:
        """Ask the token endpoint as the client."""
        own = {name: self.client[name] for name in ("client_id", "client_secret")}
        body = urlencode({name: text for name, text in (own | fields).items() if text})
        reply = self.sandbox.world.call("POST", "/token", body=body.encode())
        assert reply.body is not None
        return reply.status, reply.body

    def exchange(self, code: str, **fields: str) -> tuple[int, dict[str, Any]]:
        """Give a code for tokens."""
        own = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
        return self.token(**own | fields)

    def refresh(self, token: str, **fields: str) -> tuple[int, dict[str, Any]]:
        """Give a refresh token for an access token."""
        return self.token(grant_type="refresh_token", refresh_token=token, **fields)

    def revoke(self, token: str, path: str = "/revoke") -> tuple[int, Any]:
        """Ask for the end of a token."""
        body = urlencode({"token": token}).encode()
        reply = self.sandbox.world.call("POST", path, body=body)
        return reply.status, reply.body

    def status(self, token: str) -> int:
        """Return what a read with an access token is answered."""
        path = f"/v4/spreadsheets/{SPREADSHEET_ID}"
        headers = {"authorization": f"Bearer {token}"}
        return self.sandbox.world.call("GET", path, headers=headers).status


@pytest.fixture
def browser() -> Browser:
    """Return a browser at the sandbox's pages."""
    return Browser()


# -- consent


def test_login_with_real_clients(sandbox: Sandbox) -> None:
    """A browser consents, the code becomes tokens, and google-auth uses and renews them."""
    client = sandbox.client_secret_info["installed"]
    asked = {
        "client_id": client["client_id"],
        "redirect_uri": "http://localhost:8765/kembali",
        "response_type": "code",
        "scope": SHEETS,
        "access_type": "offline",
        "prompt": "consent",
        **PKCE,
    }
    page = requests.get(client["auth_uri"], params=asked, timeout=5)
    assert (200, USER in page.text) == (page.status_code, True)
    answer = requests.post(
        client["auth_uri"], data=asked | {"decision": "allow"}, allow_redirects=False, timeout=5
    )
    assert 302 == answer.status_code
    given = parse_qs(urlsplit(answer.headers["location"]).query)
    fields = {
        "grant_type": "authorization_code",
        "code": given["code"][0],
        "redirect_uri": asked["redirect_uri"],
        "code_verifier": VERIFIER,
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
    }
    tokens = requests.post(client["token_uri"], data=fields, timeout=5).json()
    credentials = USER_CREDENTIALS(
        None,
        refresh_token=tokens["refresh_token"],
        token_uri=client["token_uri"],
        client_id=client["client_id"],
        client_secret=client["client_secret"],
        scopes=[SHEETS],
    )
    with requests.Session() as plain:
        plain.trust_env = False
        with SESSION(credentials, auth_request=TRANSPORT(plain)) as own:
            own.trust_env = False
            url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}"
            assert 200 == own.get(url).status_code
    assert USER == sandbox.history()[-1].principal
    assert [SHEETS] == credentials.granted_scopes


def test_consent_page_says_who_asks_for_what(browser: Browser) -> None:
    """It names the account, the scopes and where the browser goes; its fields hold the rest."""
    reply = browser.page(state='"><script>')
    text = reply.payload().decode()

    assert 200 == reply.status
    assert USER in text
    assert "semua spreadsheet Google Sheets Anda" in text
    assert REDIRECT in text
    assert 'name="state" value="&quot;&gt;&lt;script&gt;"' in text
    assert "<script>" not in text


def test_answer_to_consent(browser: Browser) -> None:
    """Allowed: code, state and scope; denied: an error; both at the application's port."""
    allowed = urlsplit(browser.decide().headers["location"])
    denied = browser.decide(decision="deny")

    assert "http://127.0.0.1:41234/" == f"{allowed.scheme}://{allowed.netloc}{allowed.path}"
    given = parse_qs(allowed.query)
    assert {"state", "code", "scope"} == given.keys()
    assert (["s&1"], [f"{SHEETS} {DRIVE_FILE}"]) == (given["state"], given["scope"])
    assert 302 == denied.status
    expected = f"{REDIRECT}?state=s%261&error=access_denied"
    assert expected == denied.headers["location"]


@pytest.mark.parametrize(
    "changes,error",
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"client_id": ""}, "invalid_client"),
        ({"redirect_uri": "https://jahat.example/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://127.0.0.1.jahat.example/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://192.168.1.5/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "http://localhost:99999/"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}, "redirect_uri_mismatch"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"scope": f"{SCOPE}tiada"}, "invalid_scope"),
        ({"scope": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": "pendek"}, "invalid_request"),
        (PKCE | {"code_challenge_method": "S512"}, "invalid_request"),
    ],
)
def test_what_the_page_refuses(browser: Browser, changes: dict[str, str], error: str) -> None:
    """A page says what is wrong, and nobody is sent anywhere."""
    for reply in (browser.page(**changes), browser.decide(**changes)):
        assert 400 == reply.status
        assert f"Error 400: {error}" in reply.payload().decode()
        assert "location" not in reply.headers


@pytest.mark.parametrize(
    "uri", ["http://localhost", "http://localhost:1/a/b?c=d", "http://[::1]:80/"]
)
def test_any_port_and_path_on_loopback(browser: Browser, uri: str) -> None:
    """An installed application may wait at any port."""
    location = browser.decide(redirect_uri=uri).headers["location"]

    assert location.startswith(uri + ("&" if "?" in uri else "?"))


def test_silent_consent_is_not_to_be_had(browser: Browser) -> None:
    """`prompt=none` shows no page: the application is told that one is needed."""
    reply = browser.page(prompt="none")

    assert 302 == reply.status
    assert reply.headers["location"].endswith("error=interaction_required")


def test_hint_chooses_the_account(browser: Browser) -> None:
    """`login_hint` is checked first; whom the owner chooses counts."""
    other = "budi.contoh@gmail.com"
    browser.sandbox.account(other)
    page = browser.page(login_hint=other).payload().decode()
    assert f'value="{other}" checked' in page
    assert f'value="{USER}" checked' not in page
    for changes, email in (
        ({}, USER),
        ({"login_hint": other}, other),
        ({"login_hint": other, "account": USER}, USER),
    ):
        browser.exchange(browser.code(**changes))
        assert email == browser.sandbox.history()[-1].principal
    assert 400 == browser.decide(account="tiada@contoh.example").status


@pytest.mark.parametrize(
    "ticked,scope",
    [([SHEETS], SHEETS), ([DRIVE_FILE, SHEETS], f"{SHEETS} {DRIVE_FILE}"), ([], None)],
)
def test_what_is_not_ticked_is_not_granted(
    browser: Browser, ticked: list[str], scope: str | None
) -> None:
    """The page has a box for each scope; without any it is a refusal."""
    text = browser.page().payload().decode()
    assert f'name="granted" value="{SHEETS}" checked' in text
    fields = [*browser.asked().items(), ("ticked", "1"), *(("granted", one) for one in ticked)]
    body = urlencode(fields).encode()
    reply = browser.sandbox.world.call("POST", "/o/oauth2/auth", body=body)
    given = parse_qs(urlsplit(reply.headers["location"]).query)

    assert scope == given.get("scope", [None])[0]
    if scope is None:
        assert ["access_denied"] == given["error"]
    else:
        assert scope == browser.exchange(given["code"][0])[1]["scope"]


# -- codes


def test_code_becomes_tokens(browser: Browser) -> None:
    """Access and refresh token, their scopes, an hour."""
    status, body = browser.exchange(browser.code())

    assert 200 == status
    names = {"access_token", "expires_in", "token_type", "refresh_token", "scope"}
    assert names == body.keys()
    assert (3599, "Bearer") == (body["expires_in"], body["token_type"])
    assert f"{SHEETS} {DRIVE_FILE}" == body["scope"]
    assert body["access_token"].startswith("ya29.")
    assert body["refresh_token"].startswith("1//0")
    assert 200 == browser.status(body["access_token"])


def test_no_refresh_token_unless_offline(browser: Browser) -> None:
    """Without `access_type=offline` there is an access token only."""
    assert "refresh_token" not in browser.exchange(browser.code(access_type=""))[1]


def test_code_is_good_once(browser: Browser) -> None:
    """The second time it is refused; after a failed try it is still good."""
    code = browser.code()
    assert 400 == browser.exchange(code, redirect_uri="http://127.0.0.1:1/")[0]
    assert 200 == browser.exchange(code)[0]
    error = {"error": "invalid_grant", "error_description": "Bad Request"}
    assert (400, error) == browser.exchange(code)


def test_code_runs_out(browser: Browser) -> None:
    """It is good for ten minutes."""
    first, second = browser.code(), browser.code()
    browser.now += timedelta(seconds=599)
    assert 200 == browser.exchange(first)[0]
    browser.now += timedelta(seconds=1)
    assert "invalid_grant" == browser.exchange(second)[1]["error"]


@pytest.mark.parametrize(
    "fields,status,error,description",
    [
        ({"code": "4/0Atiada"}, 400, "invalid_grant", "Malformed auth code."),
        ({"code": ""}, 400, "invalid_grant", "Malformed auth code."),
        ({"redirect_uri": "http://127.0.0.1:1/"}, 400, "redirect_uri_mismatch", "Bad Request"),
        ({"client_id": "x"}, 401, "invalid_client", "The OAuth client was not found."),
        ({"client_secret": ""}, 400, "invalid_request", "client_secret is missing."),
        (
            {"client_secret": "x"},
            401,
            "invalid_client",
            "The provided client secret is invalid.",
        ),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", "Invalid grant_type: password"),
        (
            {"code_verifier": VERIFIER},
            400,
            "invalid_grant",
            "code_verifier or verifier is not needed.",
        ),
    ],
)
def test_what_the_token_endpoint_refuses(
    browser: Browser, fields: dict[str, str], status: int, error: str, description: str
) -> None:
    """In OAuth's shape and Google's words."""
    expected = {"error": error, "error_description": description}

    assert (status, expected) == browser.exchange(**{"code": browser.code()} | fields)


@pytest.mark.parametrize(
    "challenge,verifier,answer",
    [
        (PKCE, VERIFIER, ""),
        (PKCE, "w" * 43, "Invalid code verifier."),
        (PKCE, PKCE["code_challenge"], "Invalid code verifier."),
        (PKCE, "", "Missing code verifier."),
        ({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, VERIFIER, ""),
        ({"code_challenge": VERIFIER}, VERIFIER, ""),
        ({"code_challenge": VERIFIER}, "w" * 43, "Invalid code verifier."),
    ],
)
def test_proof_key(browser: Browser, challenge: dict[str, str], verifier: str, answer: str) -> None:
    """A code that came with a challenge needs its verifier."""
    _, body = browser.exchange(browser.code(**challenge), code_verifier=verifier)

    assert answer == body.get("error_description", "")


def test_client_in_a_header(browser: Browser) -> None:
    """The client may name itself by HTTP Basic."""
    pair = f"{browser.client['client_id']}:{browser.client['client_secret']}"
    header = {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    fields = {"grant_type": "authorization_code", "code": browser.code(), "redirect_uri": REDIRECT}
    reply = browser.sandbox.world.call("POST", "/token", "", header, urlencode(fields).encode())

    assert 200 == reply.status


def test_id_token(browser: Browser) -> None:
    """With `openid` there is a signed token that says who it is."""
    _, body = browser.exchange(browser.code(scope="openid email"))
    pem = browser.sandbox.service_account_info["private_key"].encode()
    public = serialization.load_pem_private_key(pem, None).public_key()
    certificate = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    claims = DECODE(body["id_token"], certificate, verify=False)
    head, payload, signature = body["id_token"].split(".")
    signed = base64.urlsafe_b64decode(signature + "==")

    assert browser.sandbox.world.keys.verifies(f"{head}.{payload}".encode(), signed)
    assert (USER, "https://accounts.google.com") == (claims["email"], claims["iss"])
    assert claims["aud"] == browser.client["client_id"]
    assert 3600 == claims["exp"] - claims["iat"]
    assert f"openid {SCOPE}userinfo.email" == body["scope"]


# -- refresh tokens, and their end


def test_refresh_may_narrow(browser: Browser) -> None:
    """Fewer scopes than were granted, never more; by default all of them."""
    token = browser.exchange(browser.code())[1]["refresh_token"]

    assert f"{SHEETS} {DRIVE_FILE}" == browser.refresh(token)[1]["scope"]
    assert SHEETS == browser.refresh(token, scope=SHEETS)[1]["scope"]
    status, body = browser.refresh(token, scope=f"{SCOPE}drive")
    assert (400, "invalid_scope") == (status, body["error"])
    assert "refresh_token" not in browser.refresh(token)[1]


@pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
@pytest.mark.parametrize("path", ["/revoke", "/o/oauth2/revoke"])
def test_revoked_grant(browser: Browser, kind: str, path: str) -> None:
    """Refresh token and access tokens die together, whichever was given; others live on."""
    _, first = browser.exchange(browser.code())
    _, other = browser.exchange(browser.code())
    renewed = browser.refresh(first["refresh_token"])[1]["access_token"]
    assert (200, {}) == browser.revoke(first[kind], path)

    assert [401, 401] == [browser.status(one) for one in (first["access_token"], renewed)]
    assert (400, DEAD) == browser.refresh(first["refresh_token"])
    assert 200 == browser.status(other["access_token"])
    assert 200 == browser.refresh(other["refresh_token"])[0]
    own = browser.sandbox.authorized_user_info["refresh_token"]
    assert 200 == browser.refresh(own)[0]


def test_revoking_what_is_no_token(browser: Browser) -> None:
    """It is refused in OAuth's shape."""
    error = {"error": "invalid_token", "error_description": "Token expired or revoked"}

    assert (400, error) == browser.revoke("tiada")


def test_village_token_can_be_revoked(browser: Browser) -> None:
    """The credential file is worthless then, until the sandbox is reset."""
    token = browser.sandbox.authorized_user_info["refresh_token"]
    browser.revoke(token)
    assert (400, DEAD) == browser.refresh(token)
    browser.sandbox.reset()
    assert 200 == browser.refresh(token)[0]


def test_consent_screen_in_testing(browser: Browser) -> None:
    """Refresh tokens die after seven days then; in production they do not."""
    _, lasting = browser.exchange(browser.code())
    browser.now += timedelta(days=30)
    assert 200 == browser.refresh(lasting["refresh_token"])[0]
    browser.sandbox.switch(oauth_consent="testing")
    _, brief = browser.exchange(browser.code())
    assert 604_799 == brief["refresh_token_expires_in"]
    browser.now += timedelta(days=7, seconds=-1)
    assert 200 == browser.refresh(brief["refresh_token"])[0]
    browser.now += timedelta(seconds=1)
    assert (400, DEAD) == browser.refresh(brief["refresh_token"])


def test_restart_forgets_no_token_and_no_revocation(tmp_path: Path) -> None:
    """Codes that were used, tokens that live and tokens that died stay what they are."""
    first = Browser(tmp_path)
    used, fresh = first.code(), first.code()
    _, kept = first.exchange(used)
    _, dead = first.exchange(first.code())
    first.revoke(dead["refresh_token"])
    first.sandbox.stop()
    again = Browser(tmp_path)
    again.sandbox.stop()

    assert (200, 401) == (again.status(kept["access_token"]), again.status(dead["access_token"]))
    assert 200 == again.refresh(kept["refresh_token"])[0]
    assert (400, DEAD) == again.refresh(dead["refresh_token"])
    world = again.sandbox.world
    world.journal = None  # it is closed; what follows need not last
    assert 400 == again.exchange(used)[0]
    assert 200 == again.exchange(fresh)[0]


def test_client_secret_file(tmp_path: Path) -> None:
    """`--state` gets the OAuth client's file, private, with the sandbox's own addresses."""
    with Sandbox(state=tmp_path) as sandbox:
        path = tmp_path / "client-secret.json"
        assert 0o600 == path.stat().st_mode & 0o777
        info = json.loads(path.read_text("utf-8"))
        assert info == sandbox.client_secret_info
        installed = info["installed"]
        assert f"{sandbox.base_url}/o/oauth2/auth" == installed["auth_uri"]
        assert f"{sandbox.base_url}/token" == installed["token_uri"]
        assert ["http://localhost"] == installed["redirect_uris"]


# -- service accounts


@pytest.mark.parametrize(
    "changes,status,error",
    [
        ({"iat": 240, "exp": 3840}, 200, ""),
        ({"iat": 360, "exp": 3960}, 400, "invalid_grant"),
        ({"iat": -3840, "exp": -240}, 200, ""),
        ({"iat": -3960, "exp": -360}, 400, "invalid_grant"),
        ({"iat": 0, "exp": 3601}, 400, "invalid_grant"),
        ({"sub": USER}, 401, "unauthorized_client"),
        ({"iss": USER}, 400, "invalid_grant"),
        ({"scope": f"{SCOPE}tiada"}, 400, "invalid_scope"),
    ],
)
def test_claims_of_a_jwt(
    browser: Browser, changes: dict[str, Any], status: int, error: str
) -> None:
    """An hour at most, five minutes of wrong clock; nobody may be stood in for."""
    info = browser.sandbox.service_account_info
    claims = {
        "iss": info["client_email"],
        "aud": "https://oauth2.googleapis.com/token",
        "iat": 0,
        "exp": 3600,
        "scope": SHEETS,
    } | changes
    for name in ("iat", "exp"):
        claims[name] += int(NOW.timestamp())
    jwt = str(ENCODE(SIGNER.from_service_account_info(info), claims), "ascii")
    answer, body = browser.token(grant_type=JWT_BEARER, assertion=jwt)

    assert (status, error) == (answer, body.get("error", ""))
