"""Which scopes there are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sync.sandbox import discovery

if TYPE_CHECKING:
    from collections.abc import Iterable

#: of OpenID Connect; the long names are what Google answers to the short ones
OPENID = "openid"
_LONG_NAMES = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}
#: scopes of other APIs that clients of ours ask for along with theirs
_OTHERS = frozenset(
    (
        OPENID,
        *_LONG_NAMES.values(),
        "https://mail.google.com/",
        "https://spreadsheets.google.com/feeds",
        "https://www.googleapis.com/auth/calendar",
        "https://www.googleapis.com/auth/cloud-platform",
        "https://www.googleapis.com/auth/documents",
        "https://www.googleapis.com/auth/gmail.send",
        "https://www.googleapis.com/auth/presentations",
        "https://www.googleapis.com/auth/script.projects",
    )
)


@cache
def known_scopes() -> frozenset[str]:
    """Return every scope that a method of the sandbox asks for."""
    return frozenset().union(*(method.scopes for method in discovery.methods().values()))


def long_names(scopes: Iterable[str]) -> list[str]:
    """Return scopes in Google's long names, each once, in their order."""
    return list(dict.fromkeys(_LONG_NAMES.get(scope, scope) for scope in scopes))


def unknown(scopes: Iterable[str]) -> list[str]:
    """Return those that Google has not, or that the sandbox has never heard of."""
    return [scope for scope in scopes if scope not in known_scopes() | _OTHERS]
