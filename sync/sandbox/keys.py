"""The sandbox's own keys: credential files, and tokens that say by themselves what they are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sync.sandbox.reply import Principal
from sync.sandbox.sample import SERVICE_ACCOUNT, USER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sync.sandbox.reply import Json

LIFETIME_SECONDS = 3599
CLIENT_ID = "100000000000-sandbox.apps.googleusercontent.com"
ACCESS, REFRESH, CODE = "ya29.", "1//0", "4/0A"  #: how Google's tokens and codes begin
_PROJECT = "desa-contoh"
_CERTIFICATES = "https://www.googleapis.com/oauth2/v1/certs"
_BITS = 2048


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything follows from the service account's private key, so it alone is kept."""

    private_key: str  #: PEM, PKCS #8

    # -- credential files

    def service_account_info(
        self, base_url: str, email: str = SERVICE_ACCOUNT, private_key: str = ""
    ) -> Json:
        """Return the content of a service account's key file; by default the village's."""
        pem = private_key or self.private_key
        key_id = hashlib.sha256(f"key id {email} {pem}".encode()).hexdigest()
        return {
            "type": "service_account",
            "project_id": email.partition("@")[2].partition(".")[0],
            "private_key_id": key_id[:40],
            "private_key": pem,
            "client_email": email,
            "client_id": _number("client", email),
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": f"{base_url}/token",
            "auth_provider_x509_cert_url": _CERTIFICATES,
            "universe_domain": "googleapis.com",
        }

    def authorized_user_info(self, base_url: str, email: str = USER, token: str = "") -> Json:
        """Return the content of a user's credential file; by default the village's."""
        return {
            "type": "authorized_user",
            "client_id": CLIENT_ID,
            "client_secret": self.client_secret,
            "refresh_token": token or self.village_token,
            "token_uri": f"{base_url}/token",
            "account": email,
            "universe_domain": "googleapis.com",
        }

    def client_secret_info(self, base_url: str) -> Json:
        """Return the content of the OAuth client's file, of a desktop application."""
        installed = {
            "client_id": CLIENT_ID,
            "project_id": _PROJECT,
            "auth_uri": f"{base_url}/o/oauth2/auth",
            "token_uri": f"{base_url}/token",
            "auth_provider_x509_cert_url": _CERTIFICATES,
            "client_secret": self.client_secret,
            "redirect_uris": ["http://localhost"],
        }
        return {"installed": installed}

    @property
    def client_secret(self) -> str:
        """The OAuth client's secret."""
        return "GOCSPX-" + self.signature("client secret")[:28]

    @property
    def village_token(self) -> str:
        """The refresh token of the village's user, good for any scope."""
        return self.sealed(REFRESH, {"email": USER, "scopes": None, "grant": "village"})

    def user_token(self, email: str, grant: str, now: datetime) -> str:
        """Return a refresh token that is good for any scope."""
        claims = {"email": email, "scopes": None, "grant": grant, "iat": now.timestamp()}
        return self.sealed(REFRESH, claims)

    # -- tokens

    def access_token(
        self, email: str, scopes: Iterable[str], now: datetime, *, grant: str = ""
    ) -> str:
        """Return a token that says by itself who, what and until when; *grant*: by which."""
        claims: Json = {"email": email, "scopes": sorted(scopes)}
        claims["exp"] = now.timestamp() + LIFETIME_SECONDS
        return self.sealed(ACCESS, claims | ({"grant": grant} if grant else {}))

    def principal(self, token: str, now: datetime) -> Principal | None:
        """Return who holds *token*, None when it is not ours or has run out."""
        claims = self.opened(ACCESS, token)
        if claims is None or now.timestamp() >= claims["exp"]:
            return None
        return Principal(email=claims["email"], scopes=frozenset(claims["scopes"]))

    def sealed(self, kind: str, claims: Mapping[str, Any]) -> str:
        """Return *claims* as a token that only this sandbox can make; *kind* begins it."""
        text = json.dumps(claims, separators=(",", ":"))
        body = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return f"{kind}{body}.{self.signature(kind + body)}"

    def opened(self, kind: str, token: str) -> Mapping[str, Any] | None:
        """Return the claims of a token of that kind; None when it is not ours."""
        return _opened(self, kind, token)

    def id_token(self, claims: Mapping[str, Any]) -> str:
        """Return *claims* as a JWT signed with RS256, as OpenID Connect has it."""
        head = {"alg": "RS256", "kid": self.signature("key id")[:40], "typ": "JWT"}
        parts = (json.dumps(part, separators=(",", ":")).encode() for part in (head, claims))
        signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
        key = _private(self.private_key)
        signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        return f"{signed.decode()}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    def verifies(self, signed: bytes, signature: bytes, private_key: str = "") -> bool:
        """Return whether *signed* was signed (RS256) with that key; "": the sandbox's own."""
        public = _private(private_key or self.private_key).public_key()
        try:
            public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def signature(self, text: str) -> str:
        """Return the seal of *text*, which nobody else can make."""
        return hmac.new(_secret(self.private_key), text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=1024)  # callers show the same few tokens again and again
def _opened(keys: Keys, kind: str, token: str) -> Mapping[str, Any] | None:
    body, _, signature = token.removeprefix(kind).rpartition(".")
    if not token.startswith(kind) or not token.isascii():
        return None
    if not hmac.compare_digest(signature, keys.signature(kind + body)):
        return None
    found: Json = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return MappingProxyType(found)


def new_private_key() -> str:
    """Return a fresh RSA key as PEM; it takes a good part of a second."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode()


@cache
def process_keys() -> Keys:
    """Return keys made once a process: making them takes longer than a test."""
    return Keys(new_private_key())


def subject(email: str) -> str:
    """Return Google's lasting number of an account, as OpenID's `sub` has it."""
    return _number("subject", email)


def _number(purpose: str, email: str) -> str:
    digest = hashlib.sha256(f"{purpose} {email}".encode()).digest()
    return f"1{int.from_bytes(digest[:8]):020d}"


@cache
def _secret(private_key: str) -> bytes:
    return hashlib.sha256(private_key.encode()).digest()


@cache
def _private(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the sandbox's service account has no RSA key")
    return key
