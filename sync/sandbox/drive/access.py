"""Which files a caller sees, what they may do with them, and how Drive says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive.model import FOLDER, rank, root_id
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Call, Principal
    from sync.sandbox.state import State

_SCOPE = "https://www.googleapis.com/auth/"
_ALL_FILES = frozenset(
    _SCOPE + name
    for name in ("drive", "drive.readonly", "drive.metadata", "drive.metadata.readonly")
)
_NO_SPACE = (
    "Service Accounts do not have storage quota. Leverage shared drives "
    "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use OAuth "
    "delegation (http://support.google.com/a/answer/7281227) instead."
)


def not_found(file_id: str) -> Refused:
    """Return Drive's 404, for what is not there as for what the caller may not see."""
    return Refused(404, f"File not found: {file_id}.", reason="notFound", location="fileId")


def insufficient() -> Refused:
    """Return Drive's 403 for a caller who may do less."""
    message = "The user does not have sufficient permissions for this file."
    return Refused(403, message, reason="insufficientFilePermissions")


def sees(state: State, file: File, principal: Principal) -> bool:
    """Return whether the token may know of the file; `drive.file`: only its app's own."""
    if state.role(file, principal.email) is None:
        return False
    return bool(principal.scopes & _ALL_FILES) or file.made_by == principal.email


def named(call: Call, state: State, need: str = "reader") -> File:
    """Return the file in the call's path; raises `Refused` (404, 403)."""
    return required(call, state, call.path["fileId"], need)


def required(call: Call, state: State, file_id: str, need: str = "reader") -> File:
    """Return a file with which the caller may do what *need* may; raises `Refused`."""
    email = call.principal.email
    file = state.files.get(root_id(email) if file_id == "root" else file_id)
    if file is None or not sees(state, file, call.principal):
        raise not_found(file_id)
    if file.drive_id and not takes_all_drives(call):
        raise not_found(file_id)
    if rank(state.role(file, email)) < rank(need):
        raise insufficient()
    return file


def takes_all_drives(call: Call) -> bool:
    """Return whether the caller says that it knows shared drives."""
    return bool(call.query.get("supportsAllDrives") or call.query.get("supportsTeamDrives"))


def parent_for(call: Call, state: State, folder_id: str) -> File:
    """Return the folder that something is put into; raises `Refused`."""
    email = call.principal.email
    folder = state.files.get(root_id(email) if folder_id == "root" else folder_id)
    # The app may put its files into any folder of the user, also one that it cannot see.
    if folder is None or state.role(folder, email) is None:
        raise not_found(folder_id)
    if folder.drive_id and not takes_all_drives(call):
        raise not_found(folder_id)
    if folder.mime_type != FOLDER:
        message = "The specified parent is not a folder."
        raise Refused(403, message, reason="parentNotAFolder")
    if rank(state.role(folder, email)) < rank("writer"):
        raise insufficient()
    return folder


def check_storage(call: Call, state: State, drive_id: str) -> None:
    """Raise `Refused` (403) where a service account would own a file."""
    if not drive_id and call.principal.email in state.without_storage:
        raise Refused(403, _NO_SPACE, reason="storageQuotaExceeded")
