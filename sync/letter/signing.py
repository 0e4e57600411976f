"""
The village's signing keys: one that signs now, and the public halves of all there ever were.

`signing.key` holds the 32 secret bytes as hexadecimal, `public-keys.json` the raw public keys
in base64url by their ids. A key that was replaced signs nothing more, and its secret half is
gone; with its public half, what it has signed stays genuine.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from sync.errors import UserError
from sync.keys import PUBLIC_FILE, SIGNING_FILE, read_secret, secret_text
from sync.letter.seal import SigningKey, UnreadableSeal, from_base64url, key_id, to_base64url
from sync.platform import disk_errors, require_private, write_private

if TYPE_CHECKING:
    from pathlib import Path

    from sync.letter.seal import PublicKeys


def load_signing_key(state: Path) -> SigningKey | None:
    """
    Return the key that signs now; None in a village that has never had one.

    Raises `UserError` when it is lost, open to other accounts or damaged, `DiskError`.
    """
    secret = read_secret(state / SIGNING_FILE)
    known = public_keys(state)
    if secret is None:
        if not known:
            return None
        raise UserError(
            f"{state / SIGNING_FILE} is gone: restore it from a backup",
            ["or sign with a new one from now on: surat-sync publish DIR --new-key"],
        )
    signing_key = SigningKey.of(secret)
    if signing_key.key_id not in known:
        raise UserError(
            f"{state / PUBLIC_FILE} lacks the key that signs now: restore it from a backup",
            ["or sign with a new one from now on: surat-sync publish DIR --new-key"],
        )
    return signing_key


def make_signing_key(state: Path) -> SigningKey:
    """
    Make a new key in *state*, which signs from now on; earlier public keys stay.

    The public half is written first: after a crash in between, the former key still signs.
    """
    former = read_secret(state / SIGNING_FILE)
    secret = secrets.token_bytes(32)
    pair = [SigningKey.of(seed) for seed in (former, secret) if seed is not None]
    known = {signing_key.key_id: signing_key.public_key for signing_key in pair}
    _write_public(state, {**public_keys(state), **known})
    write_private(state / SIGNING_FILE, secret_text(secret))
    return pair[-1]


def forget_key(state: Path, name: str) -> None:
    """
    Trust the key called *name* no more, as its secret half was stolen: its seals are unknown.

    Raises `UserError` for a key that is not known, or that signs now.
    """
    known = dict(public_keys(state))
    signing_key = load_signing_key(state)
    if name not in known:
        raise UserError(f"There is no key {name!r}.", [f"known: {one}" for one in known])
    if signing_key is not None and signing_key.key_id == name:
        raise UserError(f"The key {name!r} signs now: make a new one too, with --new-key.")
    del known[name]
    _write_public(state, known)


def public_keys(state: Path) -> PublicKeys:
    """Return every public key by its id, the oldest first; raises `UserError`, `DiskError`."""
    path = state / PUBLIC_FILE
    with disk_errors(path):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return {}
    require_private(path)
    try:
        found = {name: from_base64url(text) for name, text in json.loads(content).items()}
    except (ValueError, TypeError, AttributeError, UnreadableSeal) as error:
        raise UserError(f"{path} is damaged: restore it from a backup") from error
    if any(key_id(key) != name for name, key in found.items()):
        raise UserError(f"{path} is damaged: restore it from a backup")
    return found


def _write_public(state: Path, keys: PublicKeys) -> None:
    texts = {name: to_base64url(key) for name, key in keys.items()}
    write_private(state / PUBLIC_FILE, json.dumps(texts, indent=1).encode() + b"\n")
