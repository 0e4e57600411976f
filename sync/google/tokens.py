"""How google-auth may fetch a token: from one address, within our time limits, counted."""
# google-auth is untyped:
# mypy: allow-untyped-calls

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

import requests
from google.auth.exceptions import TransportError
from google.auth.transport.requests import Request

from sync.google.answers import was_never_sent
from sync.google.deadline import keep_time

if TYPE_CHECKING:
    from google.auth import transport as google_transport

    from sync.google.traffic import Traffic


class TokenRequest:
    """
    Asks the account's token address, and no other.

    google-auth would also send token and e-mail to iamcredentials.googleapis.com, from a
    thread and a copy of this; and repeat by itself what our retry layer repeats.
    """

    def __init__(self, token_uri: str, traffic: Traffic, *, trust_env: bool) -> None:
        self._token_uri = token_uri
        self._traffic = traffic
        self._session = requests.Session()
        keep_time(self._session, trust_env=trust_env)
        self._ask = Request(self._session)

    def __call__(self, url: str, method: str = "GET", **kwargs: Any) -> Any:  # noqa: ANN401 - as in google-auth
        """Return the token service's reply."""
        if url != self._token_uri:
            raise TransportError("not the token address")
        try:
            reply = self._ask(url, method, allow_redirects=False, **kwargs)
        except TransportError as error:
            if not was_never_sent(error.args[0]):
                self._traffic.sent("token")
            raise
        self._traffic.sent("token")
        self._traffic.answered(reply.headers)
        return _trusted(reply)

    def __deepcopy__(self, memo: object) -> NoReturn:
        """Refuse: google-auth copies this for its background call, and then leaves it be."""
        raise TypeError("only google-auth's background call would copy this")

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


def _trusted(reply: google_transport.Response) -> google_transport.Response:
    """Return a token service's JSON reply; anything else is a passing trouble."""
    if reply.status >= requests.codes.server_error or reply.status in {
        requests.codes.request_timeout,
        requests.codes.too_many_requests,
    }:
        raise TransportError(f"HTTP {reply.status}")
    try:
        is_reply = isinstance(json.loads(reply.data), dict)
    except ValueError:
        is_reply = False
    if not is_reply:
        raise TransportError("no JSON: a login page or proxy answered")
    return reply
