"""
Where files lie: every file in exactly one folder.

Rules: https://developers.google.com/workspace/drive/api/guides/ref-single-parent
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive import access
from sync.sandbox.drive.model import FOLDER, rank
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Call
    from sync.sandbox.state import State


def named(call: Call, state: State) -> File:
    """Return the folder for a new file: the request's parent, else My Drive."""
    wanted = call.body.get("parents") or ["root"]
    folders = [access.parent_for(call, state, one) for one in wanted]
    if len(folders) > 1:
        raise _too_many(folders[0])
    return folders[0]


def beside(call: Call, state: State, source: File) -> File:
    """Return the folder for a copy: the request's, the source's if that can be, else My Drive."""
    above = state.files.get(source.parent)
    if call.body.get("parents") or above is None:
        return named(call, state)
    may = rank(state.role(above, call.principal.email)) >= rank("writer")
    return access.parent_for(call, state, above.file_id if may else "root")


def ahead(call: Call, state: State, file: File) -> File | None:
    """
    Return the folder that `addParents` and `removeParents` bring *file* into; None: it stays.

    An owner who adds a folder moves the file into it; others must remove what they replace.
    """
    added = [access.parent_for(call, state, one) for one in _ids(call, "addParents")]
    removed = {access.alias(call, one) for one in _ids(call, "removeParents")}
    owns = file.owner == call.principal.email
    left = [] if file.parent in removed or (owns and len(added) == 1) else [file.parent]
    new = [folder for folder in added if folder.file_id not in left]
    if len(left) + len(new) > 1 or (file.drive_id and not left and not new):
        raise _too_many(file)
    if new:
        _check_move(state, file, new[0])
        return new[0]
    return None if left else state.root(file.owner, call.now)


def put(state: State, file: File, folder: File, email: str) -> None:
    """
    Move *file*, with what is inside, into *folder*.

    What leaves a shared drive belongs to *email* from then on.
    """
    state.files.setdefault(folder.file_id, folder)
    file.parent = folder.file_id
    _belong(state, file, folder, email)


def _belong(state: State, file: File, folder: File, email: str) -> None:
    if file.drive_id != folder.drive_id:
        file.drive_id = folder.drive_id
        file.owner = "" if folder.drive_id else email
        for child in state.children(file.file_id):
            _belong(state, child, folder, email)


def _check_move(state: State, file: File, folder: File) -> None:
    if any(above is file for above in (folder, *state.ancestors(folder))):
        message = "A folder cannot be moved into itself or into a folder inside it."
        raise Refused(400, message, reason="badRequest", location="addParents")
    if file.mime_type == FOLDER and folder.drive_id not in {"", file.drive_id}:
        message = "Moving folders into shared drives is not supported."
        raise Refused(403, message, reason="teamDrivesFolderMoveInNotSupported")


def _too_many(file: File) -> Refused:
    if file.drive_id:
        message = "A shared drive item must have exactly one parent."
        return Refused(403, message, reason="teamDrivesParentLimit")
    message = "Increasing the number of parents is not allowed"
    return Refused(403, message, reason="cannotAddParent")


def _ids(call: Call, name: str) -> list[str]:
    return [one.strip() for one in call.query.get(name, "").split(",") if one.strip()]
