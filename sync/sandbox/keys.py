"""The sandbox's own keys: a service account, the village's user, and access tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sync.sandbox.reply import Principal
from sync.sandbox.sample import SERVICE_ACCOUNT, USER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sync.sandbox.reply import Json

LIFETIME_SECONDS = 3599
_PROJECT = "desa-contoh"
_BITS = 2048


@dataclass(frozen=True, slots=True)
class Keys:
    """Everything follows from the service account's private key, so it alone is kept."""

    private_key: str  #: PEM, PKCS #8

    def service_account_info(self, base_url: str) -> Json:
        """Return the content of the service account's key file."""
        certificates = "https://www.googleapis.com/oauth2/v1/certs"
        return {
            "type": "service_account",
            "project_id": _PROJECT,
            "private_key_id": self._derived("key id")[:40],
            "private_key": self.private_key,
            "client_email": SERVICE_ACCOUNT,
            "client_id": "100000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": f"{base_url}/token",
            "auth_provider_x509_cert_url": certificates,
            "universe_domain": "googleapis.com",
        }

    def authorized_user_info(self, base_url: str) -> Json:
        """Return the content of the village user's credential file."""
        return {
            "type": "authorized_user",
            "client_id": "100000000000-sandbox.apps.googleusercontent.com",
            "client_secret": "GOCSPX-" + self._derived("client secret")[:28],
            "refresh_token": "1//0" + self._derived("refresh token"),
            "token_uri": f"{base_url}/token",
            "account": USER,
            "universe_domain": "googleapis.com",
        }

    def access_token(self, email: str, scopes: Iterable[str], now: datetime) -> str:
        """Return a token that says by itself who, what and until when."""
        claims = {
            "email": email,
            "scopes": sorted(scopes),
            "exp": now.timestamp() + LIFETIME_SECONDS,
        }
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
        return f"ya29.{body}.{self._signature(body)}"

    def principal(self, token: str, now: datetime) -> Principal | None:
        """Return who holds *token*, None when it is not ours or has run out."""
        kind, _, rest = token.partition(".")
        body, _, signature = rest.rpartition(".")
        if kind != "ya29" or not hmac.compare_digest(signature, self._signature(body)):
            return None
        claims = json.loads(base64.urlsafe_b64decode(body))
        if now.timestamp() >= claims["exp"]:
            return None
        return Principal(email=claims["email"], scopes=frozenset(claims["scopes"]))

    def verifies(self, signed: bytes, signature: bytes) -> bool:
        """Return whether the service account signed *signed* (RS256)."""
        public = _private(self.private_key).public_key()
        try:
            public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def _signature(self, body: str) -> str:
        secret = _secret(self.private_key)
        return hmac.new(secret, body.encode(), hashlib.sha256).hexdigest()

    def _derived(self, purpose: str) -> str:
        secret = _secret(self.private_key)
        return hmac.new(secret, purpose.encode(), hashlib.sha256).hexdigest()


@cache
def process_keys() -> Keys:
    """Return keys made once a process: making them takes longer than a test."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Keys(pem.decode())


@cache
def _secret(private_key: str) -> bytes:
    return hashlib.sha256(private_key.encode()).digest()


@cache
def _private(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the sandbox's service account has no RSA key")
    return key
