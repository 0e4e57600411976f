"""Which files a caller sees, what they may do with them, and how Drive says no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive.model import FOLDER, rank, root_id
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File, SharedDrive
    from sync.sandbox.reply import Call, Principal
    from sync.sandbox.state import State

_SCOPE = "https://www.googleapis.com/auth/"
_ALL_FILES = frozenset(
    _SCOPE + name
    for name in ("drive", "drive.readonly", "drive.metadata", "drive.metadata.readonly")
)
_READS_ALL = frozenset((_SCOPE + "drive", _SCOPE + "drive.readonly"))
_CHANGES_ALL = frozenset((_SCOPE + "drive",))
_APP = "100000000000"
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
    return _reaches(principal, file, _ALL_FILES)


def knows(principal: Principal, made_by: str) -> bool:
    """Return whether the token may know of files that *made_by*'s app made."""
    return made_by == principal.email or bool(principal.scopes & _ALL_FILES)


def named(call: Call, state: State, need: str = "reader") -> File:
    """Return the file in the call's path; raises `Refused` (404, 403)."""
    return required(call, state, call.path["fileId"], need)


def required(call: Call, state: State, file_id: str, need: str = "reader") -> File:
    """Return a file with which the caller may do what *need* may; raises `Refused`."""
    email = call.principal.email
    file = _found(call, state, file_id)
    if file is None or not sees(state, file, call.principal):
        raise not_found(file_id)
    if file.drive_id and not takes_all_drives(call):
        raise not_found(file_id)
    if rank(state.role(file, email)) < rank(need):
        raise insufficient()
    if need != "reader":
        check_app(call, file, "write")
    return file


def opens(file: File, email: str, scopes: frozenset[str]) -> bool:
    """Return whether scopes of another API are for the file: `drive.file` alone is not for all."""
    return file.made_by == email or scopes != {_SCOPE + "drive.file"}


def check_app(call: Call, file: File, act: str) -> None:
    """
    Raise `Refused` (403) where the caller may do it, but not through this app.

    act: read (the content), write
    """
    if not _reaches(call.principal, file, _READS_ALL if act == "read" else _CHANGES_ALL):
        message = (
            f"The user has not granted the app {_APP} {act} access to the file {file.file_id}."
        )
        raise Refused(403, message, reason="appNotAuthorizedToFile")


def _reaches(principal: Principal, file: File, scopes: frozenset[str]) -> bool:
    """Return whether a token is for all files, or the file is its app's own."""
    return file.made_by == principal.email or bool(principal.scopes & scopes)


def is_listed(state: State, file: File, email: str) -> bool:
    """Return whether a file is theirs or shared with them by name, itself or a folder of it."""
    return any(one.is_listed_for(email) for one in (file, *state.ancestors(file)))


def drive(call: Call, state: State, drive_id: str) -> SharedDrive:
    """Return a shared drive of which the caller is a member; raises `Refused` (404)."""
    found = state.drives.get(drive_id)
    if found is None or call.principal.email not in found.roles:
        message = f"Shared drive not found: {drive_id}"
        raise Refused(404, message, reason="notFound", location="driveId")
    return found


def alias(call: Call, file_id: str) -> str:
    """Return the id that *file_id* stands for: `root` is the caller's My Drive."""
    return root_id(call.principal.email) if file_id == "root" else file_id


def _found(call: Call, state: State, file_id: str) -> File | None:
    if file_id == "root":
        return state.root(call.principal.email, call.now)
    return state.files.get(file_id)


def takes_all_drives(call: Call) -> bool:
    """Return whether the caller says that it knows shared drives, or its method cannot ask."""
    asks = "supportsAllDrives" in call.method.parameters
    return not asks or bool(call.query.get("supportsAllDrives"))


def parent_for(call: Call, state: State, folder_id: str) -> File:
    """Return the folder that something is put into; raises `Refused`."""
    email = call.principal.email
    folder = _found(call, state, folder_id)
    if folder is None or state.role(folder, email) is None:
        raise not_found(folder_id)
    if folder.drive_id and not takes_all_drives(call):
        raise not_found(folder_id)
    if folder.mime_type != FOLDER:
        message = "The specified parent is not a folder."
        raise Refused(403, message, reason="parentNotAFolder")
    if rank(state.role(folder, email)) < rank("writer") or _is_foreign(call, state, folder):
        message = "Insufficient permissions for the specified parent."
        raise Refused(403, message, reason="insufficientParentPermissions")
    return folder


def _is_foreign(call: Call, state: State, folder: File) -> bool:
    """Return whether a `drive.file` token is kept out of a folder that its app did not make."""
    own = folder.file_id == alias(call, "root") or _reaches(call.principal, folder, _CHANGES_ALL)
    return not own and state.switches["foreign_parents"] == "refused"


def check_storage(call: Call, state: State, drive_id: str) -> None:
    """Raise `Refused` (403) where a service account would own a file."""
    if not drive_id and call.principal.email in state.without_storage:
        raise Refused(403, _NO_SPACE, reason="storageQuotaExceeded")
