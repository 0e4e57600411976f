"""The network between the worker and the sandbox, without sockets and without waiting."""

from __future__ import annotations

from http.client import IncompleteRead, RemoteDisconnected
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from effects import CRASHES, HTTP
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from sync.sandbox.discovery import route

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from effects import Gate

    from sync.sandbox.reply import Reply
    from sync.sandbox.world import World

REFUSED = "refused"
#: what may become of a request; all but the crashes and `refused` are the sandbox's own words
KINDS = (
    *CRASHES,
    REFUSED,
    "401",
    "403",
    "403-rate",
    "404",
    "429",
    "500",
    "503",
    "503-after",
    "close-before",
    "close-after",
    "hang-before",
    "hang",
    "late",
    "trickle",
    "truncate",
    "html-503",
    "html-200",
)


def adapter_class(
    gate: Gate, worlds: Mapping[str, World], wait: Callable[[float], None]
) -> type[BaseAdapter]:
    """
    Return the class of an adapter of requests that asks a world, in this thread.

    worlds: by host and port
    wait:   is called with the seconds for which the worker's clock moves on
    """

    class Wire(BaseAdapter):
        def send(  # type: ignore[override]
            self, request: requests.PreparedRequest, timeout: Any = None, **_: Any
        ) -> requests.Response:
            address = urlsplit(str(request.url))
            world = worlds[address.netloc]
            name = _method(str(request.method), address.path)
            _, read_timeout = timeout if isinstance(timeout, tuple) else (None, timeout)

            def do(fault: str) -> requests.Response:
                if fault == REFUSED:
                    raise requests.ConnectionError(_no_connection())
                if fault:
                    world.faults.add([{"method": name, "kind": fault, "times": 1, "after": 0}])
                body = request.body or b""
                reply = world.call(
                    str(request.method),
                    address.path,
                    address.query,
                    {key.lower(): str(text) for key, text in request.headers.items()},
                    body if isinstance(body, bytes) else body.encode(),
                )
                wait(_SECONDS_PER_CALL)
                if reply.delivery.kind in {"hang", "trickle"}:
                    wait(read_timeout or 0)
                return _delivered(reply, request, world)

            return gate.let_through(HTTP, name, do)

        def close(self) -> None:
            """There is nothing to close."""

    return Wire


_SECONDS_PER_CALL = 0.05


def _method(verb: str, path: str) -> str:
    found = route(verb, path)
    if found is None and path.startswith("/upload/"):
        found = route(verb, path[len("/upload") :])
    return found[0].id if found else "token"


def _delivered(reply: Reply, request: requests.PreparedRequest, world: World) -> requests.Response:
    match reply.delivery.kind:
        case "close":
            broken = RemoteDisconnected("Remote end closed connection without response")
            raise requests.ConnectionError(ProtocolError("Connection aborted.", broken))
        case "hang":
            raise requests.ReadTimeout("Read timed out.")
        case "trickle":
            raise TimeoutError("the deadline of the call is over")
        case "truncate":
            raise requests.exceptions.ChunkedEncodingError(
                ProtocolError("Connection broken", IncompleteRead(b"", 100))
            )
    response = requests.Response()
    response.status_code = reply.status
    response._content = reply.payload()
    response.headers = CaseInsensitiveDict(
        {"content-type": reply.content_type, "date": _date(world), **reply.headers}
    )
    response.encoding = "utf-8"
    response.request, response.url = request, str(request.url)
    return response


def _date(world: World) -> str:
    return f"{world.clock():%a, %d %b %Y %H:%M:%S} GMT"


def _no_connection() -> MaxRetryError:
    cause = NewConnectionError(None, "Connection refused")  # type: ignore[arg-type]
    return MaxRetryError(None, "/", cause)  # type: ignore[arg-type]
