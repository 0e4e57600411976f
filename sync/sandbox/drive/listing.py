"""`files.list`: which files, in which order, a page at a time."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any, TypeVar

from sync.sandbox.drive import access, query
from sync.sandbox.drive.facts import facts, shared_time, viewed_time
from sync.sandbox.drive.model import FOLDER, root_id
from sync.sandbox.drive.view import file_json
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_T = TypeVar("_T")

_PAGE_SIZE, _LARGEST_PAGE = 100, 1000
_DIGITS = re.compile(r"(\d+)")
_FULL_TEXT = re.compile(r"\bfullText\s+contains\b", re.IGNORECASE)
_CORPORA = {"user", "domain", "drive", "allDrives"}
_WIDE = {"drive", "allDrives"}  #: those beyond My Drive
_SPACES = {"drive", "appDataFolder", "photos", "*"}


def list_files(call: Call, state: State) -> Json:
    """Answer drive.files.list."""
    email = call.principal.email
    drive_id = _corpus(call, state)
    wanted = call.query.get("q")
    every = state.files.values() if _spaces(call) & {"drive", "*"} else ()  # others are empty
    test = query.parsed(wanted, root=root_id(email), me=email) if wanted else None
    found = [
        file
        for file in every
        if _is_in_question(call, state, file, drive_id)
        and (test is None or test(facts(state, file, email)))
    ]
    page, token = paged(call, _ordered(call, found), largest=_LARGEST_PAGE)
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    answer["files"] = [file_json(state, file, email) for file in page]
    return answer | ({"nextPageToken": token} if token else {})


def paged(
    call: Call, found: Sequence[_T], *, size: int = _PAGE_SIZE, largest: int = _PAGE_SIZE
) -> tuple[list[_T], str]:
    """
    Return the page that the call asks for, and the next page's token, "" after the last.

    size: of a page when the call names none
    """
    size = page_size(call, size, largest)
    start = _offset(call.query.get("pageToken", ""))
    end = start + size
    return list(found[start:end]), _token(end) if end < len(found) else ""


def page_size(call: Call, size: int, largest: int) -> int:
    """Return how many the call wants; raises `Refused` (400) for none and for too many."""
    wanted: int = call.query.get("pageSize", size)
    if "pageSize" in call.query and not 1 <= wanted <= largest:
        message = f"Invalid value '{wanted}'. Values must be within the range: [1, {largest}]"
        raise Refused(400, message, reason="invalidParameter", location="pageSize")
    return wanted


def _corpus(call: Call, state: State) -> str:
    """Return the shared drive that is searched, "" for more than one; raises `Refused`."""
    corpora, drive_id = call.query.get("corpora") or "user", call.query.get("driveId", "")
    if corpora not in _CORPORA:
        raise Refused(400, "Invalid Value", reason="invalid", location="corpora")
    if (drive_id or corpora in _WIDE) and not call.query.get("includeItemsFromAllDrives"):
        message = (
            "The includeItemsFromAllDrives parameter must be set to true when driveId is "
            "specified or corpora contains drive or allDrives."
        )
        raise Refused(403, message, reason="teamDriveIdRequiresIncludeTeamDriveItems")
    if bool(drive_id) != (corpora == "drive"):
        message = "The driveId parameter must be specified if and only if corpora is set to drive."
        raise Refused(403, message, reason="teamDriveIdRequiresTeamDriveCorpora")
    return access.drive(call, state, drive_id).drive_id if drive_id else ""


def _spaces(call: Call) -> set[str]:
    wanted = {one.strip() for one in (call.query.get("spaces") or "drive").split(",")}
    if not wanted <= _SPACES:
        raise Refused(400, "Invalid Value", reason="invalid", location="spaces")
    return wanted


def _is_in_question(call: Call, state: State, file: File, drive_id: str) -> bool:
    """Return whether a search goes over the file at all: by whom it is shared, where it lies."""
    if not file.parent or not access.sees(state, file, call.principal):
        return False
    if file.drive_id:
        both = call.query.get("includeItemsFromAllDrives") and access.takes_all_drives(call)
        return bool(both) and drive_id in {"", file.drive_id}
    return not drive_id and access.is_listed(state, file, call.principal.email)


def _ordered(call: Call, found: list[File]) -> list[File]:
    """Sort by every key of `orderBy`, the last first; by default the latest change first."""
    wanted = call.query.get("orderBy", "")
    if wanted and _FULL_TEXT.search(call.query.get("q", "")):
        message = (
            "Sorting is not supported for queries with fullText terms. Results are always in "
            "descending relevance order."
        )
        raise Refused(400, message, reason="badRequest", location="orderBy")
    email = call.principal.email
    for part in reversed((wanted or "modifiedTime desc").split(",")):
        name, _, direction = part.strip().partition(" ")
        if name not in _KEYS or direction not in {"", "desc"}:
            raise Refused(400, "Invalid Value", reason="invalid", location="orderBy")
        key = _KEYS[name]
        found.sort(key=lambda file: key(file, email), reverse=direction == "desc")
    return found


def _natural(file: File, _email: str) -> list[Any]:
    """Return the name's parts, its numbers by their size: the longer one is more."""
    parts = _DIGITS.split(file.name.casefold())
    return [_number(part) if part.isdecimal() else (2, 0, part) for part in parts if part]


def _number(digits: str) -> tuple[int, int, str]:
    plain = digits.lstrip("0")
    return 1, len(plain), plain


def _modified(file: File, _email: str) -> Any:  # noqa: ANN401  # whatever can be sorted
    return file.modified or file.created


_KEYS: dict[str, Callable[[File, str], Any]] = {
    "createdTime": lambda file, _: file.created,
    "folder": lambda file, _: file.mime_type != FOLDER,
    "modifiedByMeTime": _modified,
    "modifiedTime": _modified,
    "name": lambda file, _: file.name.casefold(),
    "name_natural": _natural,
    "quotaBytesUsed": lambda file, _: len(file.content or b""),
    "recency": _modified,
    "sharedWithMeTime": lambda file, email: shared_time(file, email) or file.created,
    "starred": lambda file, _: not file.starred,
    "viewedByMeTime": lambda file, email: viewed_time(file, email) or file.created,
}


def _token(offset: int) -> str:
    return "~!!~" + base64.urlsafe_b64encode(str(offset).encode()).decode()


def _offset(token: str) -> int:
    if not token:
        return 0
    try:
        return max(int(base64.urlsafe_b64decode(token.removeprefix("~!!~"))), 0)
    except ValueError:
        raise Refused(400, "Invalid Value", reason="invalid", location="pageToken") from None
