"""
The `changes` methods: what is different since a token.

A token is the number of a change. Of each file only the latest change is told.
Rules: https://developers.google.com/workspace/drive/api/guides/change-overview
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.sandbox.drive import access, drives
from sync.sandbox.drive.listing import page_size
from sync.sandbox.drive.model import root_id
from sync.sandbox.drive.view import file_json, timestamp
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_PAGE_SIZE, _LARGEST_PAGE = 100, 1000
_BOTH = ("includeItemsFromAllDrives", "includeTeamDriveItems")


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    number: int
    file_id: str
    at: datetime
    drive_id: str
    removed: bool


def start_page_token(call: Call, state: State) -> Json:
    """Answer drive.changes.getStartPageToken: the token of what comes next."""
    if call.query.get("driveId"):
        access.drive(call, state, call.query["driveId"])
    return {"kind": "drive#startPageToken", "startPageToken": str(state.change_count + 1)}


def list_changes(call: Call, state: State) -> Json:
    """
    Answer drive.changes.list: each file once, with its latest change.

    A file that is gone, or that the caller cannot see any more, is `removed`.
    """
    if call.query.get("driveId"):
        access.drive(call, state, call.query["driveId"])
    first, size = _first(call, state), page_size(call, _PAGE_SIZE, _LARGEST_PAGE)
    due = sorted((*_seen(call, state, first), *_removed(call, state, first)))
    page, rest = due[:size], due[size:]
    shown = [_json(call, state, change) for change in page]
    answer: Json = {"kind": "drive#changeList", "changes": shown}
    if rest:
        return answer | {"nextPageToken": str(rest[0].number)}
    return answer | {"newStartPageToken": str(state.change_count + 1)}


def _first(call: Call, state: State) -> int:
    text = call.query.get("pageToken", "")
    if not text:
        message = "Required parameter: pageToken"
        raise Refused(400, message, reason="required", location="pageToken")
    if not re.fullmatch(r"[0-9]{1,18}", text) or int(text) > state.change_count + 1:
        raise Refused(400, "Invalid Value", reason="invalid", location="pageToken")
    return int(text)


def _seen(call: Call, state: State, first: int) -> Iterator[_Change]:
    for file_id, (number, at) in reversed(state.changes.items()):
        if number < first:
            return
        file = state.files.get(file_id)
        if file is not None and _is_told(call, state, file):
            yield _Change(number, file_id, at, file.drive_id, removed=False)


def _removed(call: Call, state: State, first: int) -> Iterator[_Change]:
    if not call.query.get("includeRemoved", True):
        return
    email = call.principal.email
    for file_id, losses in state.losses.items():
        loss, file = losses.get(email), state.files.get(file_id)
        if loss is None or loss.number < first or (file and state.role(file, email)):
            continue
        known = access.knows(call.principal, loss.made_by)
        if known and _is_asked(call, loss.drive_id):
            yield _Change(loss.number, file_id, loss.at, loss.drive_id, removed=True)


def _is_told(call: Call, state: State, file: File) -> bool:
    if not access.sees(state, file, call.principal) or not _is_asked(call, file.drive_id):
        return False
    if file.drive_id:
        return True
    if call.query.get("restrictToMyDrive"):
        root = root_id(call.principal.email)
        return any(above.file_id == root for above in state.ancestors(file))
    return access.is_listed(state, file, call.principal.email)


def _is_asked(call: Call, drive_id: str) -> bool:
    """Return whether the call asks for changes in that shared drive, "" for My Drive."""
    if call.query.get("driveId"):
        return bool(drive_id == call.query["driveId"])
    both = any(call.query.get(name) for name in _BOTH) and access.takes_all_drives(call)
    return not drive_id or (both and not call.query.get("restrictToMyDrive"))


def _json(call: Call, state: State, change: _Change) -> Json:
    kind = "drive" if change.file_id == change.drive_id else "file"
    body: Json = {
        "kind": "drive#change",
        "type": kind,
        "changeType": kind,
        "time": timestamp(change.at),
        "removed": change.removed,
    }
    if kind == "drive":
        body["driveId"] = change.drive_id
    else:
        body["fileId"] = change.file_id
    if change.removed:
        return body
    if kind == "drive":
        return body | {"drive": drives.drive_json(call, state.drives[change.drive_id])}
    file = state.files[change.file_id]
    return body | {"file": file_json(state, file, call.principal.email)}
