"""
The `permissions` methods: who may do what with a file, or in a shared drive.

Rules: https://developers.google.com/workspace/drive/api/guides/manage-sharing
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive import access, ownership
from sync.sandbox.drive.grants import grant_id, permission_json
from sync.sandbox.drive.listing import paged
from sync.sandbox.drive.model import ANYONE, FOLDER, ROLES, rank
from sync.sandbox.reply import Refused, Reply

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File, SharedDrive
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_KINDS = ("user", "group", "domain", "anyone")
_FIXED = {"type", "emailAddress", "domain", "id", "displayName", "deleted", "permissionDetails"}
_KEPT = ("pendingOwner", "allowFileDiscovery")
_SHARED_DRIVE_PAGE = 100
_NOT_IN_A_DRIVE = {
    "organizer": ("organizerOnNonTeamDriveNotSupported", "The organizer role"),
    "fileOrganizer": ("fileOrganizerOnNonTeamDriveNotSupported", "The fileOrganizer role"),
}


def create(call: Call, state: State) -> Json:
    """Answer drive.permissions.create; works at once, also for Sheets and Forms."""
    file = _shared(call, state)
    who, role = _who(call.body), _role(call.body)
    _check_fits(state, file, who, role)
    if role == "owner":
        ownership.give(call, state, file, who)
    else:
        before = _place(state, file).roles.get(who)
        _grant(call, state, file, who, max(before, role, key=rank) or role)
    return _done(call, state, file, who)


def list_permissions(call: Call, state: State) -> Json:
    """Answer drive.permissions.list; without `pageSize` a file of My Drive has one page."""
    file = _readable(call, state)
    found = [permission_json(state, file, who) for who in state.people(file)]
    size = _SHARED_DRIVE_PAGE if file.drive_id else max(len(found), 1)
    page, token = paged(call, found, size=size)
    answer: Json = {"kind": "drive#permissionList", "permissions": page}
    return answer | ({"nextPageToken": token} if token else {})


def get(call: Call, state: State) -> Json:
    """Answer drive.permissions.get."""
    file = _readable(call, state)
    return permission_json(state, file, _named(call, state, file))


def update(call: Call, state: State) -> Json:
    """Answer drive.permissions.update: another role, or an owner to be."""
    if call.body.keys() & _FIXED:
        message = "The resource body includes fields which are not directly writable."
        raise Refused(403, message, reason="fieldNotWritable")
    role = _role(call.body)
    if role == "owner":
        file = access.named(call, state)
        access.check_app(call, file, "write")
        who = _named(call, state, file)
        ownership.give(call, state, file, who)
        return _done(call, state, file, who)
    file = _shared(call, state)
    who = _named(call, state, file)
    _check_fits(state, file, who, role)
    _check_not_owner(file, who)
    above = [roles for source, _, roles in state.inherited(file) if source != file.file_id]
    if any(rank(roles.get(who)) > rank(role) for roles in above):
        raise _inherited(file)
    _grant(call, state, file, who, role)
    return _done(call, state, file, who)


def delete(call: Call, state: State) -> Reply:
    """Answer drive.permissions.delete; everybody may take themselves away."""
    file = access.named(call, state)
    access.check_app(call, file, "write")
    who = _named(call, state, file)
    if who != call.principal.email:
        file = _shared(call, state)
    _check_not_owner(file, who)
    place = _place(state, file)
    if who not in place.roles:
        raise _inherited(file)
    with state.watched(file, call.now):
        del place.roles[who]
    place.grants.pop(who, None)
    file.let_in.pop(who, None)
    state.changed(file.file_id, call.now)
    return Reply(status=204, content_type="text/html")


def _readable(call: Call, state: State) -> File:
    """Return the file whose permissions the caller may read, also without its content."""
    file = access.named(call, state)
    need = "reader" if file.file_id in state.drives else "writer"
    if rank(state.role(file, call.principal.email)) < rank(need):
        raise access.insufficient()
    return file


def _shared(call: Call, state: State) -> File:
    """Return the file that the caller may share; raises `Refused`."""
    file = _readable(call, state)
    access.check_app(call, file, "write")
    role = state.role(file, call.principal.email)
    need = "organizer" if file.file_id in state.drives else "writer"
    is_root = not file.parent and not file.drive_id
    may = role == "owner" or file.writers_can_share
    if rank(role) < rank(need) or not may or is_root:
        raise access.insufficient()
    return file


def _place(state: State, file: File) -> File | SharedDrive:
    """Return what keeps the roles: a shared drive's members are its own, not its folder's."""
    return state.drives.get(file.file_id) or file


def _who(body: Json) -> str:
    kind = body.get("type", "")
    if not kind:
        message = "The permission type field is required."
        raise Refused(400, message, reason="required", location="permission.type")
    if kind not in _KINDS:
        message = "The specified type is invalid or not supported."
        raise Refused(400, message, reason="invalid", location="permission.type")
    name = "domain" if kind == "domain" else "emailAddress"
    who = str(body.get(name, "")).strip().lower()
    if kind == "anyone" and not who:
        return ANYONE
    local, _, domain = who.rpartition("@")
    if kind == "anyone" or " " in who or not domain or bool(local) == (kind == "domain"):
        message = (
            f"The specified {name} is invalid or not applicable for the given permission type."
        )
        raise Refused(400, message, reason="invalid", location=f"permission.{name}")
    return who


def _role(body: Json) -> str:
    role = str(body.get("role", ""))
    if not role:
        message = "The permission role field is required."
        raise Refused(400, message, reason="required", location="permission.role")
    if role not in ROLES:
        message = "The specified role is invalid or not supported."
        raise Refused(400, message, reason="invalid", location="permission.role")
    if "expirationTime" in body:
        message = "Expiration dates cannot be set on this item."
        raise Refused(403, message, reason="cannotSetExpiration")
    return role


def _check_fits(state: State, file: File, who: str, role: str) -> None:
    """Raise `Refused` (403) for a role that such a file, or such a holder, cannot have."""
    if not file.drive_id:
        if role in _NOT_IN_A_DRIVE:
            reason, words = _NOT_IN_A_DRIVE[role]
            raise Refused(403, f"{words} is only valid for shared drives.", reason=reason)
        return
    is_drive = file.file_id in state.drives
    if role == "owner":
        message = "The owner role is not supported for shared drive items."
        raise Refused(403, message, reason="ownerOnTeamDriveItemNotSupported")
    if role == "organizer" and not is_drive:
        message = "The organizer role is only valid for shared drives."
        raise Refused(403, message, reason="organizerOnNonTeamDriveItemNotSupported")
    if role == "fileOrganizer" and file.mime_type != FOLDER:
        message = "The fileOrganizer role is only valid for folders in shared drives."
        raise Refused(403, message, reason="fileOrganizerOnFoldersInSharedDriveOnly")
    if is_drive and "@" not in who:
        message = "A shared drive cannot be shared with anyone or with domains."
        reason = "cannotShareTeamDriveTopFolderWithAnyoneOrDomains"
        raise Refused(403, message, reason=reason)


def _check_not_owner(file: File, who: str) -> None:
    if who == file.owner:
        message = "The owner of a file cannot be removed."
        raise Refused(403, message, reason="cannotRemoveOwner")


def _inherited(file: File) -> Refused:
    if file.drive_id:
        message = "Cannot update or delete an inherited permission on a shared drive item."
        return Refused(403, message, reason="cannotModifyInheritedTeamDrivePermission")
    message = "Cannot update or delete an inherited permission."
    return Refused(403, message, reason="cannotModifyInheritedPermission")


def _grant(call: Call, state: State, file: File, who: str, role: str) -> None:
    """Keep a role, and what the permission says beyond it."""
    if call.body.get("pendingOwner"):
        ownership.offer(call, state, file, who)
    place, body = _place(state, file), call.body
    more = place.grants.get(who, {}) | {name: body[name] for name in _KEPT if name in body}
    if body.get("type") == "group":
        more["type"] = "group"
    place.roles[who], place.grants[who] = role, more
    file.let_in.setdefault(who, call.now)


def _named(call: Call, state: State, file: File) -> str:
    wanted = call.path["permissionId"]
    for who in state.people(file):
        if grant_id(file, who) == wanted:
            return who
    message = f"Permission not found: {wanted}."
    raise Refused(404, message, reason="notFound", location="permissionId")


def _done(call: Call, state: State, file: File, who: str) -> Json:
    state.changed(file.file_id, call.now)
    return permission_json(state, file, who)
