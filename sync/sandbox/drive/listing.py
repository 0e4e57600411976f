"""`files.list`: which files, in which order, a page at a time."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

from sync.sandbox.drive import access, query
from sync.sandbox.drive.model import root_id
from sync.sandbox.drive.view import file_json
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_PAGE_SIZE, _LARGEST_PAGE = 100, 1000
_DIGITS = re.compile(r"(\d+)")


def list_files(call: Call, state: State) -> Json:
    """Answer drive.files.list."""
    email = call.principal.email
    test = query.parsed(call.query["q"], root=root_id(email)) if call.query.get("q") else None
    found = [
        body
        for file in state.files.values()
        if _is_in_question(call, state, file)
        and (body := file_json(state, file, email))
        and (test is None or test(body))
    ]
    page, token = paged(call, _ordered(call, found), largest=_LARGEST_PAGE)
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False, "files": page}
    return answer | ({"nextPageToken": token} if token else {})


def paged(
    call: Call, found: Sequence[Json], *, size: int = _PAGE_SIZE, largest: int = _PAGE_SIZE
) -> tuple[list[Json], str]:
    """Return the page that the call asks for, and the next page's token, "" after the last."""
    wanted = call.query.get("pageSize", size)
    if not 1 <= wanted <= largest:
        message = f"Invalid value '{wanted}'. Values must be within the range: [1, {largest}]"
        raise Refused(400, message, reason="invalidParameter", location="pageSize")
    start = _offset(call.query.get("pageToken", ""))
    end = start + wanted
    return list(found[start:end]), _token(end) if end < len(found) else ""


def _is_in_question(call: Call, state: State, file: File) -> bool:
    """Return whether a search goes over the file at all: by whom it is shared, where it lies."""
    if not access.sees(state, file, call.principal) or not file.parent:
        return False
    if file.drive_id:
        both = call.query.get("includeItemsFromAllDrives") and access.takes_all_drives(call)
        wanted = call.query.get("driveId", "") if call.query.get("corpora") == "drive" else ""
        return bool(both) and wanted in {"", file.drive_id}
    if call.query.get("corpora") == "drive":
        return False
    email = call.principal.email
    return any(one.is_listed_for(email) for one in (file, *state.ancestors(file)))


def _ordered(call: Call, found: list[Json]) -> list[Json]:
    """Sort by every key of `orderBy`, the last first; by default the latest change first."""
    wanted = call.query.get("orderBy") or "modifiedTime desc"
    for part in reversed(wanted.split(",")):
        name, _, direction = part.strip().partition(" ")
        if name not in _KEYS or direction not in {"", "desc"}:
            raise Refused(400, "Invalid Value", reason="invalid", location="orderBy")
        found.sort(key=_KEYS[name], reverse=direction == "desc")
    return found


def _natural(body: Json) -> list[Any]:
    parts = _DIGITS.split(body["name"].casefold())
    return [(1, int(part), "") if part.isdecimal() else (2, 0, part) for part in parts if part]


def _text(name: str) -> Callable[[Json], Any]:
    return lambda body: body.get(name, "")


_KEYS: dict[str, Callable[[Json], Any]] = {
    "createdTime": _text("createdTime"),
    "folder": lambda body: not body["mimeType"].endswith(".folder"),
    "modifiedByMeTime": _text("modifiedTime"),
    "modifiedTime": _text("modifiedTime"),
    "name": lambda body: body["name"].casefold(),
    "name_natural": _natural,
    "quotaBytesUsed": lambda body: int(body["quotaBytesUsed"]),
    "recency": _text("modifiedTime"),
    "sharedWithMeTime": _text("createdTime"),
    "starred": lambda body: not body["starred"],
    "viewedByMeTime": _text("modifiedTime"),
}


def _token(offset: int) -> str:
    return "~!!~" + base64.urlsafe_b64encode(str(offset).encode()).decode()


def _offset(token: str) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token.removeprefix("~!!~")))
    except ValueError:
        raise Refused(400, "Invalid Value", reason="invalid", location="pageToken") from None
