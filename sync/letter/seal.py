"""
The seal: what a letter says of itself, signed, in one text that fits a QR code.

Format (docs/seal.md): a token is base64url without padding of the CBOR array `[1, key id,
payload, signature]`; the payload is the bytes of a CBOR array; the signature is Ed25519
(RFC 8032) over those bytes. CBOR is in its core deterministic encoding (RFC 8949, 4.2.1), so
each seal has one spelling, and every other is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self, TypeAlias

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_NAME = 100  #: letters of a name (`fields`), for the longest seal

_FORMAT = 1
_EPOCH = date(1970, 1, 1)
_DIGEST_BYTES = 16
_KEY_ID_BYTES = 6
_MAX_TOKEN = 4000  #: characters; no QR code holds more
_SPELLING = re.compile(r"[A-Za-z0-9_-]+")
#: array of 4, format, key id, payload, signature; what strangers wrote is not decoded further
_MAKE = re.compile(rb"\x84\x01\x68([A-Za-z0-9_-]{8})(?:\x58.|\x59..)(.*)\x58\x40(.{64})", re.DOTALL)

PublicKeys: TypeAlias = "Mapping[str, bytes]"  #: key id to the raw 32 bytes


class UnreadableSeal(ValueError):
    """The text is no seal, or not in the one spelling that a seal has."""


class UnknownSeal(ValueError):
    """The seal is not signed by a key of this village."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a seal says of its letter."""

    village_code: str
    service: str
    letter_number: str
    revision: int
    issued_on: date
    valid_until: date | None
    masked_name: str
    digest: bytes  #: of the letter's values, keyed; 16 bytes


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret key that seals letters."""

    _key: Ed25519PrivateKey

    @classmethod
    def of(cls, seed: bytes) -> Self:
        """Return the key whose 32 secret bytes are *seed*."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public_key(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """The name of the key: eight characters of a hash of its public half."""
        return key_id(self.public_key)

    def token(self, seal: Seal) -> str:
        """Return *seal* as signed text."""
        payload = cbor2.dumps(_fields(seal), canonical=True)
        return _spelled(self.key_id, payload, self.sign(payload))

    def sign(self, content: bytes) -> bytes:
        """Return the signature of *content*; equal content, equal signature."""
        return self._key.sign(content)


def key_id(public_key: bytes) -> str:
    """Return the name by which seals call a public key."""
    return to_base64url(hashlib.sha256(public_key).digest()[:_KEY_ID_BYTES])


def opened(token: str, keys: PublicKeys) -> Seal:
    """
    Return what *token* says, once its signature has been found good.

    Raises `UnreadableSeal`, `UnknownSeal`.
    """
    if len(token) > _MAX_TOKEN or not _SPELLING.fullmatch(token):
        raise UnreadableSeal("not spelled like a seal")
    made = _MAKE.fullmatch(from_base64url(token))
    if made is None:
        raise UnreadableSeal("not made like a seal")
    name, payload, signature = made[1].decode(), made[2], made[3]
    if _spelled(name, payload, signature) != token:
        raise UnreadableSeal("not in the one spelling of a seal")
    if name not in keys or not is_signed(payload, signature, keys[name]):
        raise UnknownSeal("not signed by a key of this village")
    return _seal(payload)


def is_signed(content: bytes, signature: bytes, public_key: bytes) -> bool:
    """Tell whether *signature* is that of *content* by the owner of *public_key*."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def token_in(text: str) -> str:
    """Return the token of a scanned text: what follows `#` in an address, else all of it."""
    return text.strip().rpartition("#")[2]


def masked(name: str) -> str:
    """Return *name* with the first letter of each word, the rest as stars: `S*** C*****`."""
    return " ".join(map(_masked_word, name.split()))


def values_digest(secret: bytes, values: Mapping[str, str]) -> bytes:
    """
    Return 16 bytes that change with any value of the letter.

    Keyed, so that nobody can try names and NIKs against a seal (docs/seal.md).
    """
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(secret, text.encode(), "sha256")[:_DIGEST_BYTES]


def to_base64url(content: bytes) -> str:
    """Return *content* in base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Return what *text* spells; raises `UnreadableSeal`."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise UnreadableSeal("not base64url") from error


def _spelled(name: str, payload: bytes, signature: bytes) -> str:
    return to_base64url(cbor2.dumps([_FORMAT, name, payload, signature], canonical=True))


def _fields(seal: Seal) -> list[object]:
    until = seal.valid_until
    return [
        seal.village_code,
        seal.service,
        seal.letter_number,
        seal.revision,
        _days(seal.issued_on),
        None if until is None else _days(until),
        seal.masked_name,
        seal.digest,
    ]


def _seal(payload: bytes) -> Seal:
    """Return what a signed payload says; the same keys sign lists of void letters too."""
    match cbor2.loads(payload):
        case [
            str(village_code),
            str(service),
            str(letter_number),
            int(revision),
            int(issued_on),
            int() | None as valid_until,
            str(masked_name),
            bytes(digest),
        ]:
            return Seal(
                village_code=village_code,
                service=service,
                letter_number=letter_number,
                revision=revision,
                issued_on=_day(issued_on),
                valid_until=None if valid_until is None else _day(valid_until),
                masked_name=masked_name,
                digest=digest,
            )
        case _:
            raise UnreadableSeal("signed, but not the content of a seal")


def _days(day: date) -> int:
    return (day - _EPOCH).days


def _day(days: int) -> date:
    return _EPOCH + timedelta(days=days)


def _masked_word(word: str) -> str:
    first = next((at for at, letter in enumerate(word) if letter.isalpha()), 0)
    return "*" * first + word[first] + "*" * (len(word) - first - 1)
