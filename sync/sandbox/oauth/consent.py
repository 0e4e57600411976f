"""
Consent of an account's owner, for installed applications: RFC 6749, section 4.1, and RFC 8252.

What is asked comes in the address, and the answer goes back to a port on loopback. Codes
say by themselves what they are for (RFC 7636: the challenge too); only that one was used
has to be remembered.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from sync.sandbox.keys import CLIENT_ID, CODE, Keys
from sync.sandbox.oauth.scopes import long_names, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from random import Random

    from sync.sandbox.reply import Json

CODE_SECONDS = 600
_CHALLENGE = re.compile(r"[\w.~-]{43,128}", re.ASCII)


class ConsentError(Exception):
    """Google shows a page that says what is wrong, and sends nobody back."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    What an application asks for.

    challenge, method: of PKCE; "" without
    offline:           a refresh token too
    login_hint:        whose account it should be
    silent:            `prompt=none`: no page may be shown
    """

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str = ""
    challenge: str = ""
    method: str = ""
    offline: bool = False
    login_hint: str = ""
    silent: bool = False

    def code(self, keys: Keys, email: str, *, now: datetime, random: Random) -> str:
        """Return a code that is good for ten minutes."""
        claims: Json = {
            "id": f"{random.getrandbits(64):016x}",
            "email": email,
            "scopes": list(self.scopes),
            "redirect_uri": self.redirect_uri,
            "offline": self.offline,
            "exp": now.timestamp() + CODE_SECONDS,
        }
        if self.challenge:
            claims |= {"challenge": self.challenge, "method": self.method}
        return keys.sealed(CODE, claims)

    def answer(self, **answer: str) -> str:
        """Return the address that the browser is sent back to."""
        if self.state:
            answer = {"state": self.state} | answer
        sign = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{sign}{urlencode(answer)}"


def wanted_from(asked: Mapping[str, str]) -> Wanted:
    """Return what the parameters of the consent page ask; raises `ConsentError`."""
    missing = [name for name in ("client_id", "redirect_uri", "scope") if not asked.get(name)]
    if missing == ["client_id"] or asked.get("client_id", CLIENT_ID) != CLIENT_ID:
        raise ConsentError("invalid_client", "The OAuth client was not found.")
    if missing:
        raise ConsentError("invalid_request", f"Missing required parameter: {missing[0]}")
    if asked.get("response_type") != "code":
        raise ConsentError("unsupported_response_type", "response_type must be code.")
    _check_redirect(asked["redirect_uri"])
    scopes = long_names(asked["scope"].split())
    if strangers := unknown(scopes):
        raise ConsentError("invalid_scope", f"Some requested scopes were invalid: {strangers}")
    challenge, method = _challenge(asked)
    return Wanted(
        redirect_uri=asked["redirect_uri"],
        scopes=tuple(scopes),
        state=asked.get("state", ""),
        challenge=challenge,
        method=method,
        offline=asked.get("access_type") == "offline",
        login_hint=asked.get("login_hint", ""),
        silent=asked.get("prompt") == "none",
    )


def _check_redirect(uri: str) -> None:
    """Raise `ConsentError` for an address off loopback; a desktop client may take any port."""
    if not _is_loopback(uri):
        raise ConsentError(
            "redirect_uri_mismatch",
            f"The redirect URI in the request, {uri}, does not match the ones authorized for "
            "the OAuth client: http://localhost, with any port and path.",
        )


def _is_loopback(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname or "", parts.port
        is_near = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return is_near and parts.scheme == "http" and not parts.fragment and not parts.username


def _challenge(asked: Mapping[str, str]) -> tuple[str, str]:
    challenge = asked.get("code_challenge", "")
    method = asked.get("code_challenge_method", "plain") if challenge else ""
    if challenge and method not in {"plain", "S256"}:
        raise ConsentError("invalid_request", "Invalid parameter value for code_challenge_method.")
    if challenge and not _CHALLENGE.fullmatch(challenge):
        raise ConsentError("invalid_request", "Invalid parameter value for code_challenge.")
    return challenge, method
