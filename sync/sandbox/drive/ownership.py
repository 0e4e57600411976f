"""
To whom a file belongs, and how it goes to another.

At once with `transferOwnership`, as within one organisation; or the owner names a pending
owner, who then accepts, as consumer accounts must.
Rules: https://developers.google.com/workspace/drive/api/guides/transfer-file
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive import access
from sync.sandbox.drive.model import root_id
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Call
    from sync.sandbox.state import State


def give(call: Call, state: State, file: File, who: str) -> None:
    """Make *who* the owner; who owned the file stays a writer. Raises `Refused`."""
    if who == file.owner:  # gspread says so of every copy
        return
    if not call.query.get("transferOwnership"):
        message = (
            "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        )
        raise Refused(403, message, reason="forbidden", location="transferOwnership")
    _check(call, state, file, who, accepts=_is_pending(file, who))
    _forget_pending(file)
    file.roles.pop(who, None)
    file.let_in.pop(who, None)
    file.roles[file.owner] = "writer"
    file.owner = who
    if call.query.get("moveToNewOwnersRoot"):
        state.add_root(who, call.now)
        file.parent = root_id(who)


def offer(call: Call, state: State, file: File, who: str) -> None:
    """Let *who* become the owner by their own consent, and nobody else; raises `Refused`."""
    _check(call, state, file, who, accepts=False)
    _forget_pending(file)


def _check(call: Call, state: State, file: File, who: str, *, accepts: bool) -> None:
    email = call.principal.email
    may = file.owner == email or (accepts and who == email)
    kind = call.body.get("type") or file.grants.get(who, {}).get("type", "user")
    if file.drive_id or not may or "@" not in who or kind != "user":
        raise access.insufficient()
    if who in state.without_storage:
        message = 'Bad Request. User message: "You can\'t yet change the owner of this item."'
        raise Refused(400, message, reason="invalidSharingRequest")


def _is_pending(file: File, who: str) -> bool:
    return bool(file.grants.get(who, {}).get("pendingOwner"))


def _forget_pending(file: File) -> None:
    for more in file.grants.values():
        more.pop("pendingOwner", None)
