"""Who calls, what their token allows, and what the file that they name allows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox import faults
from sync.sandbox.drive import access
from sync.sandbox.oauth.token import holder
from sync.sandbox.reply import Principal, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from sync.sandbox.discovery import Method
    from sync.sandbox.endpoints import Endpoint
    from sync.sandbox.incoming import Incoming
    from sync.sandbox.keys import Keys
    from sync.sandbox.state import State


def principal(incoming: Incoming, keys: Keys, state: State, now: datetime) -> Principal:
    """
    Return who calls; raises `Refused` (401, or 403 for a token without the scope).

    An API key, any one, stands for nobody: it reads what anybody with the link may read.
    """
    kind, _, token = incoming.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer":
        token = incoming.query.pop("access_token", [""])[0]
    upload = state.uploads.get(incoming.upload)
    if not token and upload is not None:  # its address is as good as a token
        return upload.principal
    if not token and incoming.query.get("key", [""])[-1] and _is_public(incoming.method):
        return Principal(email="", scopes=incoming.method.scopes)
    if not token:
        message = "Request is missing required authentication credential."
        raise faults.unauthenticated(message, "CREDENTIALS_MISSING")
    found = holder(keys, state, token, now)
    if found is None:
        raise faults.unauthenticated("Request had invalid authentication credentials.")
    if incoming.method.scopes and not incoming.method.scopes & found.scopes:
        raise _scope_refusal()
    return found


def _is_public(method: Method) -> bool:
    return method.verb == "GET" and (method.api == "sheets" or method.id == "drive.files.get")


def check_access(endpoint: Endpoint, incoming: Incoming, caller: Principal, state: State) -> None:
    """Raise `Refused` (403, 404) unless the caller may do that with the file of the path."""
    if not endpoint.file:
        return
    file_id = incoming.path[endpoint.file]
    state.check_access(file_id, caller.email, write=endpoint.write)
    scopes = incoming.method.scopes & caller.scopes
    if not access.opens(state.files[file_id], caller.email, scopes):
        raise Refused(404, "Requested entity was not found.")


def _scope_refusal() -> Refused:
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
    }
    message = "Request had insufficient authentication scopes."
    return Refused(403, message, details=[detail], reason="insufficientPermissions")
