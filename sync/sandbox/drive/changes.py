"""The `changes` methods: what is different since a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive import access
from sync.sandbox.drive.view import file_json, timestamp
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_PAGE_SIZE, _LARGEST_PAGE = 100, 1000


def start_page_token(_call: Call, state: State) -> Json:
    """Answer drive.changes.getStartPageToken: the token of what comes next."""
    return {"kind": "drive#startPageToken", "startPageToken": str(state.change_count + 1)}


def list_changes(call: Call, state: State) -> Json:
    """
    Answer drive.changes.list: each file once, with its latest change.

    A file that the caller cannot see any more, or that is gone, is `removed`.
    """
    first = _token(call)
    size = call.query.get("pageSize", _PAGE_SIZE)
    if not 1 <= size <= _LARGEST_PAGE:
        raise Refused(400, "Invalid Value", reason="invalidParameter", location="pageSize")
    later = [(number, file_id, at) for file_id, (number, at) in state.changes.items()]
    due = sorted(change for change in later if change[0] >= first)
    page, rest = due[:size], due[size:]
    shown = [body for _, file_id, at in page if (body := _change(call, state, file_id, at))]
    answer: Json = {"kind": "drive#changeList", "changes": shown}
    if rest:
        return answer | {"nextPageToken": str(rest[0][0])}
    return answer | {"newStartPageToken": str(state.change_count + 1)}


def _token(call: Call) -> int:
    text = call.query.get("pageToken", "")
    if not text:
        message = "Required parameter: pageToken"
        raise Refused(400, message, reason="required", location="pageToken")
    if not text.isascii() or not text.isdecimal():
        raise Refused(400, "Invalid Value", reason="invalid", location="pageToken")
    return int(text)


def _change(call: Call, state: State, file_id: str, at: datetime) -> Json | None:
    file = state.files.get(file_id)
    head: Json = {
        "kind": "drive#change",
        "type": "file",
        "changeType": "file",
        "time": timestamp(at),
        "fileId": file_id,
    }
    seen = file is not None and access.sees(state, file, call.principal)
    if file is None or not seen:
        removed = call.query.get("includeRemoved", True) and file is None
        return head | {"removed": True} if removed else None
    if file.drive_id and not call.query.get("includeItemsFromAllDrives"):
        return None
    return head | {"removed": False, "file": file_json(state, file, call.principal.email)}
