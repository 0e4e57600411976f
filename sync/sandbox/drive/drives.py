"""The `drives` methods: shared drives, in which a service account may store files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive import access
from sync.sandbox.drive.listing import paged
from sync.sandbox.drive.model import FOLDER, File, SharedDrive
from sync.sandbox.drive.view import timestamp
from sync.sandbox.reply import Refused, Reply

if TYPE_CHECKING:
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State


def create(call: Call, state: State) -> Json:
    """Answer drive.drives.create; who makes it is its organizer."""
    request = call.query.get("requestId", "")
    if not request:
        message = "Required parameter: requestId"
        raise Refused(400, message, reason="required", location="requestId")
    drive_id = "0A" + "".join(call.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=14)) + "Uk9PVA"
    drive = SharedDrive(
        drive_id=drive_id,
        name=call.body.get("name", ""),
        created=call.now,
        roles={call.principal.email: "organizer"},
    )
    state.drives[drive_id] = drive
    state.files[drive_id] = File(
        file_id=drive_id,
        name="Drive",
        mime_type=FOLDER,
        owner="",
        created=call.now,
        drive_id=drive_id,
    )
    return _json(call, drive)


def get(call: Call, state: State) -> Json:
    """Answer drive.drives.get."""
    return _json(call, _named(call, state))


def list_drives(call: Call, state: State) -> Json:
    """Answer drive.drives.list: those that the caller is a member of."""
    mine = [one for one in state.drives.values() if call.principal.email in one.roles]
    page, token = paged(call, [_json(call, one) for one in mine], size=10)
    answer: Json = {"kind": "drive#driveList", "drives": page}
    return answer | ({"nextPageToken": token} if token else {})


def update(call: Call, state: State) -> Json:
    """Answer drive.drives.update: another name."""
    drive = _organized(call, state)
    drive.name = call.body.get("name", drive.name)
    return _json(call, drive)


def delete(call: Call, state: State) -> Reply:
    """Answer drive.drives.delete; one with files in it stays."""
    drive = _organized(call, state)
    if next(state.children(drive.drive_id), None) is not None:
        message = "A shared drive can only be deleted when it is empty."
        raise Refused(403, message, reason="cannotDeleteResourceWithChildren")
    del state.drives[drive.drive_id], state.files[drive.drive_id]
    return Reply(status=204, content_type="text/html")


def hide(call: Call, state: State) -> Json:
    """Answer drive.drives.hide."""
    drive = _named(call, state)
    drive.hidden = True
    return _json(call, drive)


def unhide(call: Call, state: State) -> Json:
    """Answer drive.drives.unhide."""
    drive = _named(call, state)
    drive.hidden = False
    return _json(call, drive)


def _named(call: Call, state: State) -> SharedDrive:
    drive_id = call.path["driveId"]
    drive = state.drives.get(drive_id)
    if drive is None or call.principal.email not in drive.roles:
        message = f"Shared drive not found: {drive_id}"
        raise Refused(404, message, reason="notFound", location="driveId")
    return drive


def _organized(call: Call, state: State) -> SharedDrive:
    drive = _named(call, state)
    if drive.roles[call.principal.email] != "organizer":
        raise access.insufficient()
    return drive


def _json(call: Call, drive: SharedDrive) -> Json:
    may = drive.roles.get(call.principal.email) == "organizer"
    return {
        "kind": "drive#drive",
        "id": drive.drive_id,
        "name": drive.name,
        "colorRgb": "#0f9d58",
        "createdTime": timestamp(drive.created),
        "hidden": drive.hidden,
        "capabilities": {
            "canAddChildren": True,
            "canEdit": True,
            "canListChildren": True,
            "canManageMembers": may,
            "canRenameDrive": may,
            "canDeleteDrive": may,
        },
        "restrictions": {
            "adminManagedRestrictions": False,
            "copyRequiresWriterPermission": False,
            "domainUsersOnly": False,
            "driveMembersOnly": False,
        },
    }
