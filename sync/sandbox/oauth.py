"""The token endpoint: what Google answers to a signed JWT and to a refresh token."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sync.sandbox import discovery
from sync.sandbox.keys import LIFETIME_SECONDS, Keys
from sync.sandbox.reply import Reply
from sync.sandbox.sample import SERVICE_ACCOUNT, USER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sync.sandbox.reply import Json

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GOOGLE_AUDIENCES = frozenset(
    ("https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/token")
)
_LEEWAY_SECONDS = 300
_LONGEST_SECONDS = 3600


class OAuthRefused(Exception):  # the endpoint's word for it
    """The token endpoint says no, in OAuth's shape of errors."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def reply(self) -> Reply:
        """Return the JSON body of RFC 6749, section 5.2."""
        body = {"error": self.error, "error_description": self.description}
        return Reply(status=self.status, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A token that was given."""

    email: str
    body: Json


def grant(keys: Keys, body: bytes, *, now: datetime, base_url: str) -> Grant:
    """Return a token for the form-encoded *body*; raises `OAuthRefused`."""
    asked = {name: texts[-1] for name, texts in parse_qs(body.decode("utf-8", "replace")).items()}
    match asked.get("grant_type"):
        case kind if kind == JWT_BEARER:
            return _by_jwt(keys, asked.get("assertion", ""), now, base_url)
        case "refresh_token":
            return _by_refresh_token(keys, asked, now)
        case kind:
            raise OAuthRefused("unsupported_grant_type", f"Invalid grant_type: {kind or ''}")


def known_scopes() -> frozenset[str]:
    """Return every scope that a method of the sandbox asks for."""
    return frozenset().union(*(method.scopes for method in discovery.methods().values()))


def _by_jwt(keys: Keys, assertion: str, now: datetime, base_url: str) -> Grant:
    head, _, signature = assertion.rpartition(".")
    header, _, payload = head.partition(".")
    claims = _decoded(payload)
    if _decoded(header).get("alg") != "RS256":
        raise OAuthRefused("invalid_grant", "Invalid JWT: unsupported algorithm.")
    if claims.get("iss") != SERVICE_ACCOUNT:
        raise OAuthRefused("invalid_grant", "Invalid grant: account not found")
    if not keys.verifies(head.encode(), _bytes(signature)):
        raise OAuthRefused("invalid_grant", "Invalid JWT Signature.")
    if claims.get("aud") not in GOOGLE_AUDIENCES | {f"{base_url}/token"}:
        raise OAuthRefused("invalid_grant", "Invalid JWT: Failed audience check.")
    _check_times(claims, now)
    scopes = str(claims.get("scope", "")).split()
    if not scopes:
        raise OAuthRefused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return _granted(keys, SERVICE_ACCOUNT, scopes, now)


def _by_refresh_token(keys: Keys, asked: dict[str, str], now: datetime) -> Grant:
    own = keys.authorized_user_info("")
    client = (asked.get("client_id"), asked.get("client_secret"))
    if client != (own["client_id"], own["client_secret"]):
        raise OAuthRefused(
            "invalid_client", "The OAuth client was not found.", HTTPStatus.UNAUTHORIZED
        )
    if asked.get("refresh_token") != own["refresh_token"]:
        raise OAuthRefused("invalid_grant", "Token has been expired or revoked.")
    scopes = asked.get("scope", "").split() or sorted(known_scopes())
    given = _granted(keys, USER, scopes, now)
    given.body["scope"] = " ".join(scopes)
    return given


def _granted(keys: Keys, email: str, scopes: Iterable[str], now: datetime) -> Grant:
    body = {
        "access_token": keys.access_token(email, scopes, now),
        "expires_in": LIFETIME_SECONDS,
        "token_type": "Bearer",
    }
    return Grant(email=email, body=body)


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
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise OAuthRefused("invalid_grant", "Invalid JWT: malformed.")
    return found


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        return b""
