"""
The token endpoint: a signed JWT, a refresh token or a code against an access token.

Refresh tokens say by themselves what they are for; only what was revoked has to be
remembered.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sync.sandbox.keys import ACCESS, CLIENT_ID, CODE, LIFETIME_SECONDS, REFRESH, Keys, subject
from sync.sandbox.oauth.assertion import checked_assertion
from sync.sandbox.oauth.refused import OAuthRefused
from sync.sandbox.oauth.scopes import OPENID, known_scopes, long_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.sandbox.reply import Json, Principal
    from sync.sandbox.state import State

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_TESTING_LIFETIME = timedelta(days=7)
_DEAD = "Token has been expired or revoked."


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """
    A token that was given.

    spent: the id of the code that it was given for, never to be taken again
    """

    email: str
    body: Json
    spent: str = ""


def grant(
    keys: Keys, state: State, asked: Mapping[str, str], *, now: datetime, base_url: str
) -> Grant:
    """Return a token for what a client asked; raises `OAuthRefused`."""
    match asked.get("grant_type"):
        case kind if kind == JWT_BEARER:
            jwt = asked.get("assertion", "")
            found = checked_assertion(keys, state, jwt, now=now, base_url=base_url)
            return Grant(email=found.email, body=_token(keys, found.email, found.scopes, now))
        case "refresh_token":
            _check_client(keys, asked)
            return _by_refresh_token(keys, state, asked, now)
        case "authorization_code":
            _check_client(keys, asked)
            return _by_code(keys, state, asked, now)
        case kind:
            raise OAuthRefused("unsupported_grant_type", f"Invalid grant_type: {kind or ''}")


def with_client(asked: Mapping[str, str], authorization: str) -> dict[str, str]:
    """Return what was asked, with the client that an `Authorization: Basic` header names."""
    kind, _, text = authorization.partition(" ")
    if kind.lower() != "basic":
        return dict(asked)
    try:
        client_id, _, secret = base64.b64decode(text).decode().partition(":")
    except ValueError:
        return dict(asked)
    return {"client_id": client_id, "client_secret": secret, **asked}


def revoked(keys: Keys, token: str) -> str:
    """
    Return the id of the grant that *token* belongs to, to be put among the spent ones.

    token: a refresh token, or an access token; raises `OAuthRefused` for anything else
    """
    for kind in (REFRESH, ACCESS):
        claims = keys.opened(kind, token)
        if claims is not None:
            return str(claims.get("grant") or _fingerprint(token))
    raise OAuthRefused("invalid_token", "Token expired or revoked")


def holder(keys: Keys, state: State, token: str, now: datetime) -> Principal | None:
    """Return who holds an access token; None when it has run out, or was revoked."""
    principal = keys.principal(token, now)
    if principal is None or not state.spent:
        return principal
    claims = keys.opened(ACCESS, token) or {}
    return None if {claims.get("grant"), _fingerprint(token)} & state.spent else principal


def _check_client(keys: Keys, asked: Mapping[str, str]) -> None:
    if asked.get("client_id") != CLIENT_ID:
        words = "The OAuth client was not found."
        raise OAuthRefused("invalid_client", words, HTTPStatus.UNAUTHORIZED)
    secret = asked.get("client_secret", "")
    if not secret:
        raise OAuthRefused("invalid_request", "client_secret is missing.")
    if not hmac.compare_digest(secret.encode(), keys.client_secret.encode()):
        words = "The provided client secret is invalid."
        raise OAuthRefused("invalid_client", words, HTTPStatus.UNAUTHORIZED)


def _by_refresh_token(keys: Keys, state: State, asked: Mapping[str, str], now: datetime) -> Grant:
    claims = keys.opened(REFRESH, asked.get("refresh_token", ""))
    if claims is None or claims["grant"] in state.spent or _is_too_old(state, claims, now):
        raise OAuthRefused("invalid_grant", _DEAD)
    given = claims["scopes"]  # None: any
    scopes = long_names(asked.get("scope", "").split())
    scopes = scopes or given or sorted(known_scopes())
    if given is not None and not set(scopes) <= set(given):
        raise OAuthRefused("invalid_scope", "Bad Request")
    body = _token(keys, claims["email"], scopes, now, grant=claims["grant"])
    return Grant(email=claims["email"], body=body | _told(keys, claims["email"], scopes, now))


def _is_too_old(state: State, claims: Mapping[str, Any], now: datetime) -> bool:
    """Return whether the token is older than a consent screen in Testing lets it be."""
    account = state.accounts.get(claims["email"])
    if account is None:
        return True
    begin = datetime.fromtimestamp(claims["iat"], UTC) if "iat" in claims else account.opened
    return state.switches["oauth_consent"] == "testing" and now - begin >= _TESTING_LIFETIME


def _by_code(keys: Keys, state: State, asked: Mapping[str, str], now: datetime) -> Grant:
    claims = keys.opened(CODE, asked.get("code", ""))
    if claims is None:
        raise OAuthRefused("invalid_grant", "Malformed auth code.")
    if claims["id"] in state.spent or now.timestamp() >= claims["exp"]:
        raise OAuthRefused("invalid_grant", "Bad Request")
    if asked.get("redirect_uri") != claims["redirect_uri"]:
        raise OAuthRefused("redirect_uri_mismatch", "Bad Request")
    _check_verifier(claims, asked.get("code_verifier", ""))
    email, scopes = claims["email"], claims["scopes"]
    grant_id = f"code {claims['id']}"
    body = _token(keys, email, scopes, now, grant=grant_id)
    if claims["offline"]:
        own = {"email": email, "scopes": scopes, "grant": grant_id, "iat": now.timestamp()}
        body["refresh_token"] = keys.sealed(REFRESH, own)
        if state.switches["oauth_consent"] == "testing":
            body["refresh_token_expires_in"] = int(_TESTING_LIFETIME.total_seconds()) - 1
    body |= _told(keys, email, scopes, now)
    return Grant(email=email, body=body, spent=claims["id"])


def _check_verifier(claims: Mapping[str, Any], verifier: str) -> None:
    """Raise `OAuthRefused` where the verifier is not the challenge's (RFC 7636)."""
    if "challenge" not in claims:
        if verifier:
            raise OAuthRefused("invalid_grant", "code_verifier or verifier is not needed.")
        return
    if not verifier:
        raise OAuthRefused("invalid_grant", "Missing code verifier.")
    if claims["method"] == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    if not hmac.compare_digest(verifier.encode(), claims["challenge"].encode()):
        raise OAuthRefused("invalid_grant", "Invalid code verifier.")


def _token(
    keys: Keys, email: str, scopes: Iterable[str], now: datetime, *, grant: str = ""
) -> Json:
    return {
        "access_token": keys.access_token(email, scopes, now, grant=grant),
        "expires_in": LIFETIME_SECONDS,
        "token_type": "Bearer",
    }


def _told(keys: Keys, email: str, scopes: Iterable[str], now: datetime) -> Json:
    """Return what people's tokens come with: their scopes, and with `openid` who it is."""
    body: Json = {"scope": " ".join(scopes)}
    if OPENID in scopes:
        issued = int(now.timestamp())
        claims = {
            "iss": "https://accounts.google.com",
            "azp": CLIENT_ID,
            "aud": CLIENT_ID,
            "sub": subject(email),
            "email": email,
            "email_verified": True,
            "iat": issued,
            "exp": issued + LIFETIME_SECONDS + 1,
        }
        body["id_token"] = keys.id_token(claims)
    return body


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
