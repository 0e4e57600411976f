"""
The signed list of letters that do not count any more: void ones, and replaced revisions.

It is JSON: `signed` is the list as JSON text, `signature` its Ed25519 signature in base64url,
`key_id` the key's. Inside: `village`, `made_at` (UTC), `made_on` (for people), and `letters`, each
`[service, number, revision]`: earlier revisions do not count, with null none does. No names.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

from sync.letter.seal import to_base64url

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sync.letter.seal import SigningKey

    Withdrawn = tuple[str, str, int | None]


def signed_list(
    signing_key: SigningKey,
    letters: Sequence[Withdrawn],
    *,
    village_code: str,
    made_at: datetime,
    made_on: str,
) -> dict[str, str]:
    """
    Return the list, signed.

    letters: service, number, and the revision that counts; None for a void number
    made_at: an aware moment; of two lists the later one counts
    """
    content = {
        "village": village_code,
        "made_at": f"{made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "made_on": made_on,
        "letters": [list(letter) for letter in letters],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return {
        "signed": text,
        "key_id": signing_key.key_id,
        "signature": to_base64url(signing_key.sign(text.encode())),
    }
