"""A service account's signed JWT (RFC 7523), as Google checks it."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from sync.sandbox.oauth.refused import OAuthRefused
from sync.sandbox.oauth.scopes import unknown

if TYPE_CHECKING:
    from datetime import datetime

    from sync.sandbox.accounts import Account
    from sync.sandbox.keys import Keys
    from sync.sandbox.reply import Json
    from sync.sandbox.state import State

GOOGLE_AUDIENCES = frozenset(
    (
        "https://oauth2.googleapis.com/token",
        "https://accounts.google.com/o/oauth2/token",
        "https://www.googleapis.com/oauth2/v4/token",
    )
)
_LEEWAY_SECONDS = 300
_LONGEST_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Assertion:
    """Who signed, and what for."""

    email: str
    scopes: list[str]


def checked_assertion(
    keys: Keys, state: State, assertion: str, *, now: datetime, base_url: str
) -> Assertion:
    """Return what a signed JWT asks for; raises `OAuthRefused` in Google's words."""
    head, _, signature = assertion.rpartition(".")
    header, _, payload = head.partition(".")
    claims = _decoded(payload)
    if _decoded(header).get("alg") != "RS256":
        raise OAuthRefused("invalid_grant", "Invalid JWT: unsupported algorithm.")
    account = _account(state, claims)
    if not keys.verifies(head.encode(), _bytes(signature), account.private_key):
        raise OAuthRefused("invalid_grant", "Invalid JWT Signature.")
    if claims.get("aud") not in GOOGLE_AUDIENCES | {f"{base_url}/token"}:
        raise OAuthRefused("invalid_grant", "Invalid JWT: Failed audience check.")
    _check_times(claims, now)
    if claims.get("sub", account.email) != account.email:
        raise OAuthRefused(
            "unauthorized_client",
            "Client is unauthorized to retrieve access tokens using this method, or client not "
            "authorized for any of the scopes requested.",
            HTTPStatus.UNAUTHORIZED,
        )
    scopes = str(claims.get("scope", "")).split()
    if not scopes or unknown(scopes):
        raise OAuthRefused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return Assertion(account.email, scopes)


def _account(state: State, claims: Json) -> Account:
    email = claims.get("iss")
    account = state.accounts.get(email) if isinstance(email, str) else None
    if account is None or account.kind != "service":
        raise OAuthRefused("invalid_grant", "Invalid grant: account not found")
    return account


def _check_times(claims: Json, now: datetime) -> None:
    issued, expires = claims.get("iat"), claims.get("exp")
    moment = now.timestamp()
    if (
        not isinstance(issued, int | float)
        or not isinstance(expires, int | float)
        or not issued - _LEEWAY_SECONDS <= moment < expires + _LEEWAY_SECONDS
        or not 0 < expires - issued <= _LONGEST_SECONDS
    ):
        raise OAuthRefused(
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
            "timeframe. Check your iat and exp values in the JWT claim.",
        )


def _decoded(part: str) -> Json:
    try:
        found = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise OAuthRefused("invalid_grant", "Invalid JWT: malformed.")
    return found


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return b""
