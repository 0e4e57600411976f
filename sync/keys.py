"""The village's secret, the keys derived from it, and the ids that it makes unguessable."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from sync.errors import UserError
from sync.model import SubmissionId
from sync.platform import disk_errors, require_private, write_new

if TYPE_CHECKING:
    from pathlib import Path

KEY_FILE = "secret.key"
SIGNING_FILE = "signing.key"  #: of seals; `sync.letter.signing` reads and writes it
PUBLIC_FILE = "public-keys.json"  #: what its seals, and those of earlier keys, are checked by
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  #: Crockford's base32: no I, L, O, U
_ID = re.compile(rf"[A-Z][A-Z0-9_-]*-([{_ALPHABET}]{{4}})-([{_ALPHABET}]{{4}})-([{_ALPHABET}])")
_SECRET = re.compile(r"[0-9a-f]{64}\n?")
_PRIMITIVE = 0b100101  #: x⁵ + x² + 1 generates all of GF(32) from x


@dataclass(frozen=True, slots=True)
class Keys:
    """
    The village's 32 secret random bytes; lost ones are restored from a backup, never remade.

    They live as hexadecimal in `secret.key` of the state folder.
    """

    secret: bytes = dataclasses.field(repr=False)

    @classmethod
    def load(cls, state: Path) -> Keys | None:
        """
        Return the keys kept in *state*, or None where there are none.

        Raises `UserError` when other accounts may read the file or it holds something else,
        `DiskError` when it cannot be read.
        """
        secret = read_secret(state / KEY_FILE)
        return None if secret is None else cls(secret)

    @classmethod
    def create(cls, state: Path) -> Keys:
        """Make new keys in *state*; raises `UserError` when it has some, and `DiskError`."""
        path = state / KEY_FILE
        keys = cls(secrets.token_bytes(32))
        try:
            with disk_errors(path):
                write_new(path, secret_text(keys.secret))
        except FileExistsError as error:
            raise UserError(
                f"{path} is there already; a new key would orphan the ledger"
            ) from error
        return keys

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte key of one *purpose*: HMAC-SHA256 of its name."""
        return hmac.digest(self.secret, f"surat-sync/{purpose}".encode(), "sha256")

    def digest(self, purpose: str, text: str) -> str:
        """
        Return 32 hexadecimal digits that tell whether two texts are equal, and nothing else.

        Keyed, because every NIK of a sub-district can be tried against a plain hash in minutes.
        """
        return hmac.digest(
            self.derive(purpose), text.encode(errors="surrogatepass"), "sha256"
        ).hex()[:32]


def read_secret(path: Path) -> bytes | None:
    """
    Return the 32 secret bytes that a file holds as hexadecimal; None where there is none.

    Raises `UserError` when other accounts may read it or it holds something else, `DiskError`.
    """
    with disk_errors(path):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
    require_private(path)
    return _secret(content, path)


def secret_text(secret: bytes) -> bytes:
    """Return what a file holds of a secret, for `read_secret`."""
    return secret.hex().encode() + b"\n"


def submission_id(
    keys: Keys, *, prefix: str, spreadsheet: str, gid: int, serial: int | None, occurrence: int
) -> SubmissionId:
    """
    Return the ticket of one submission, `SKU-XXXX-XXXX-C`: repeatable, not guessable.

    prefix:     the service's key; printed in capitals
    serial:     the row's timestamp; None when it has none
    occurrence: counts the entries ever made for that serial, from 1

    The middle is 40 bits of an HMAC in Crockford's base32; C is a check character.
    """
    text = json.dumps([spreadsheet, gid, serial, occurrence])
    number = int.from_bytes(hmac.digest(keys.derive("submission-id"), text.encode(), "sha256")[:5])
    digits = [number >> shift & 31 for shift in range(35, -5, -5)]
    code = "".join(_ALPHABET[digit] for digit in digits)
    check = _ALPHABET[_check_digit(digits)]
    return SubmissionId(f"{prefix.upper()}-{code[:4]}-{code[4:]}-{check}")


def is_submission_id(text: str) -> bool:
    """Return whether *text* is spelled like a ticket and its check character is right."""
    match = _ID.fullmatch(text)
    if match is None:
        return False
    digits = [_ALPHABET.index(character) for character in "".join(match.groups())]
    return _check_digit(digits[:-1]) == digits[-1]


def register_gid(register: str, year: int) -> int:
    """Return the sheet id of a register's tab, 1 to 2³¹ - 1: the same on every computer."""
    digest = hashlib.sha256(json.dumps([register, year]).encode()).digest()
    return int.from_bytes(digest[:4]) % (2**31 - 1) + 1


def _secret(content: bytes, path: Path) -> bytes:
    text = content.decode("ascii", errors="replace")
    if not _SECRET.fullmatch(text):
        raise UserError(f"{path} does not hold a key: restore it from a backup")
    return bytes.fromhex(text.strip())


def _check_digit(digits: list[int]) -> int:
    """
    Return the digit c for which c + x·d₈ + x²·d₇ + … + x⁸·d₁ = 0 in GF(32).

    No two places weigh the same and no weight is zero, so every single wrong character and
    every exchange of two different ones, adjacent or not, changes the sum.
    """
    return reduce(lambda check, digit: _times_x(check ^ digit), digits, 0)


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ _PRIMITIVE if doubled & 32 else doubled
