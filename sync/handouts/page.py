"""
The page on which anybody can check a letter's code: one HTML file that needs no server.

Everything is inside it, the village's public keys and a list of withdrawn letters too; besides
itself it asks for `void.json` beside it, a newer list, and for nothing else. Signatures are
checked by TweetNaCl.js, because browsers offer their own cryptography neither to pages that come
over plain http nor, all of them, to files; page.js has the rest.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model import Village


def verification_page(
    *,
    village: Village,
    contact: str,
    titles: Mapping[str, str],
    keys: Mapping[str, str],
    withdrawn: Mapping[str, str],
) -> str:
    """
    Return the page as HTML; the same input, the same page.

    contact:   whom a reader in doubt may ask; "" for nobody in particular
    titles:    service to what its letters are called
    keys:      key id to public key, in base64url
    withdrawn: the signed list of void and replaced letters, for readers without a network
    """
    style, library, script = map(_text, ("page.css", "tweetnacl.js", "page.js"))
    data = {
        "village_code": village.code,
        "services": dict(titles),
        "keys": dict(keys),
        "list": dict(withdrawn),
    }
    return Template(_text("page.html")).substitute(
        policy=_policy(scripts=(library, script), style=style),
        village=html.escape(village.name),
        district=html.escape(village.district),
        regency=html.escape(village.regency),
        contact=html.escape(f": {contact}" if contact else "."),
        data=_inside_script(data),
        style=style,
        library=library,
        script=script,
    )


def _text(name: str) -> str:
    return files("sync.handouts").joinpath(name).read_text(encoding="utf-8")


def _policy(*, scripts: tuple[str, ...], style: str) -> str:
    """Return the Content-Security-Policy: our own scripts, and no request but to our own place."""
    allowed = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _inside_script(data: object) -> str:
    """Return JSON that cannot end the script element which it stands in."""
    text = json.dumps(data, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
