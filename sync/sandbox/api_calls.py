"""API calls as the journal keeps them, and how one is done, the first time as at a repetition."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from sync.sandbox.discovery import methods
from sync.sandbox.drive import uploads
from sync.sandbox.endpoints import ENDPOINTS
from sync.sandbox.incoming import BEGIN
from sync.sandbox.reply import Call, Media, Principal

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from sync.sandbox.incoming import Incoming
    from sync.sandbox.reply import Json, Reply
    from sync.sandbox.state import State

_PIECE = "piece"
_UPLOADING = {BEGIN: uploads.begin, _PIECE: uploads.piece}


def attached(incoming: Incoming) -> Json:
    """Return what a change keeps of a call beyond its message."""
    found: Json = {"header": incoming.header} if incoming.header else {}
    if incoming.media:
        content = base64.b64encode(incoming.media.content).decode()
        found["media"] = [incoming.media.mime_type, content]
    if incoming.upload:
        found["upload"] = BEGIN if incoming.upload == BEGIN else _PIECE
    return found


def applied(change: Json, state: State, *, now: datetime, random: Random) -> Json | Reply:
    """Do what a change of the kind `api` says; raises `Refused`."""
    media = change.get("media")
    call = Call(
        method=methods()[change["method"]],
        path=change["path"],
        query=change["query"],
        body=change["body"],
        principal=Principal(email=change["email"], scopes=frozenset(change["scopes"])),
        now=now,
        random=random,
        media=media and Media(content=base64.b64decode(media[1]), mime_type=media[0]),
        header=change.get("header", ""),
    )
    answer = _UPLOADING.get(change.get("upload", ""), ENDPOINTS[change["method"]].answer)
    return answer(call, state)
