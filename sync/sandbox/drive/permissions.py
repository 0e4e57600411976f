"""The `permissions` methods: who may do what with a file, or in a shared drive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive import access
from sync.sandbox.drive.listing import paged
from sync.sandbox.drive.model import ANYONE, ROLES, File, SharedDrive, permission_id, rank
from sync.sandbox.drive.view import people, permission_json
from sync.sandbox.reply import Refused, Reply

if TYPE_CHECKING:
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_KINDS = ("user", "group", "domain", "anyone")


def create(call: Call, state: State) -> Json:
    """Answer drive.permissions.create; works at once, also for Sheets and Forms."""
    file = _shared(call, state, "share")
    who, role = _who(call.body), _role(call.body)
    if role == "owner":
        _give_away(call, state, file, who)
    else:
        roles = _roles(state, file)
        if rank(people(state, file).get(who)) > rank(role):
            role = people(state, file)[who]
        roles[who] = role
    return _done(call, state, file, who, role)


def list_permissions(call: Call, state: State) -> Json:
    """Answer drive.permissions.list."""
    file = _shared(call, state, "look")
    found = [permission_json(state, file, *pair) for pair in people(state, file).items()]
    page, token = paged(call, found)
    answer: Json = {"kind": "drive#permissionList", "permissions": page}
    return answer | ({"nextPageToken": token} if token else {})


def get(call: Call, state: State) -> Json:
    """Answer drive.permissions.get."""
    file = _shared(call, state, "look")
    who = _named(call, state, file)
    return permission_json(state, file, who, people(state, file)[who])


def update(call: Call, state: State) -> Json:
    """Answer drive.permissions.update: another role."""
    file = _shared(call, state, "share")
    who, role = _named(call, state, file), _role(call.body)
    if role == "owner":
        _give_away(call, state, file, who)
    elif who == file.owner:
        raise access.insufficient()
    else:
        _roles(state, file)[who] = role
    return _done(call, state, file, who, role)


def delete(call: Call, state: State) -> Reply:
    """Answer drive.permissions.delete; everybody may take themselves away."""
    file = access.named(call, state) if not _drive(call, state) else _shared(call, state, "share")
    who = _named(call, state, file)
    if who != call.principal.email:
        file = _shared(call, state, "share")
    roles = _roles(state, file)
    if who == file.owner or who not in roles:
        raise access.insufficient()
    del roles[who]
    state.changed(call.path["fileId"], call.now)
    return Reply(status=204, content_type="text/html")


def _drive(call: Call, state: State) -> SharedDrive | None:
    return state.drives.get(call.path["fileId"])


def _shared(call: Call, state: State, act: str) -> File:
    """Return what the path names, a shared drive as a file of its own; raises `Refused`."""
    drive = _drive(call, state)
    if drive is None:
        file = access.named(call, state)
        role = state.role(file, call.principal.email)
        may_share = role == "owner" or file.writers_can_share
        if rank(role) < rank("writer") or (act == "share" and not may_share):
            raise access.insufficient()
        return file
    role = drive.roles.get(call.principal.email)
    if role is None or not access.takes_all_drives(call):
        raise access.not_found(drive.drive_id)
    if act == "share" and role != "organizer":
        raise access.insufficient()
    return File(
        file_id=drive.drive_id,
        name=drive.name,
        mime_type="",
        owner="",
        created=drive.created,
        drive_id=drive.drive_id,
    )


def _roles(state: State, file: File) -> dict[str, str]:
    drive = state.drives.get(file.file_id)
    return drive.roles if drive else file.roles


def _who(body: Json) -> str:
    kind = body.get("type", "")
    if kind not in _KINDS:
        message = "The permission type field is required."
        raise Refused(400, message, reason="required", location="permission.type")
    if kind == "anyone":
        return ANYONE
    name = "domain" if kind == "domain" else "emailAddress"
    who = str(body.get(name, "")).strip()
    if not who or ("@" in who) == (kind == "domain"):
        message = f"The {name} field is required for permissions of type {kind}."
        raise Refused(400, message, reason="invalid", location=f"permission.{name}")
    return who.lower()


def _role(body: Json) -> str:
    role = str(body.get("role", ""))
    if role not in ROLES:
        message = "The permission role field is required."
        raise Refused(400, message, reason="required", location="permission.role")
    return role


def _give_away(call: Call, state: State, file: File, who: str) -> None:
    if who == file.owner:
        return
    if not call.query.get("transferOwnership"):
        message = (
            "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        )
        raise Refused(403, message, reason="forbidden", location="transferOwnership")
    if file.drive_id or file.owner != call.principal.email or "@" not in who:
        raise access.insufficient()
    if who in state.without_storage:
        raise Refused(
            403,
            'Bad Request. User message: "You can\'t yet change the owner of this item."',
            reason="invalidSharingRequest",
        )
    file.roles.pop(who, None)
    file.roles[file.owner] = "writer"
    file.owner = who


def _named(call: Call, state: State, file: File) -> str:
    wanted = call.path["permissionId"]
    for who in people(state, file):
        if permission_id(who) == wanted:
            return who
    message = f"Permission not found: {wanted}."
    raise Refused(404, message, reason="notFound", location="permissionId")


def _done(call: Call, state: State, file: File, who: str, role: str) -> Json:
    state.changed(file.file_id, call.now)
    return permission_json(state, file, who, role)
