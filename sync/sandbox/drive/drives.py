"""
The `drives` methods: shared drives, in which a service account may store files.

Rules: https://developers.google.com/workspace/drive/api/guides/about-shareddrives
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive import access
from sync.sandbox.drive.listing import paged
from sync.sandbox.drive.model import FOLDER, File, SharedDrive, rank
from sync.sandbox.drive.view import timestamp
from sync.sandbox.reply import Refused, Reply

if TYPE_CHECKING:
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_RESTRICTIONS = {
    "adminManagedRestrictions": False,
    "copyRequiresWriterPermission": False,
    "domainUsersOnly": False,
    "driveMembersOnly": False,
    "sharingFoldersRequiresOrganizerPermission": False,
}
_ABILITIES = {
    "canAddChildren": "writer",
    "canChangeCopyRequiresWriterPermissionRestriction": "organizer",
    "canChangeDomainUsersOnlyRestriction": "organizer",
    "canChangeDriveBackground": "organizer",
    "canChangeDriveMembersOnlyRestriction": "organizer",
    "canChangeSharingFoldersRequiresOrganizerPermissionRestriction": "organizer",
    "canComment": "commenter",
    "canCopy": "reader",
    "canDeleteChildren": "organizer",
    "canDeleteDrive": "organizer",
    "canDownload": "reader",
    "canEdit": "writer",
    "canListChildren": "reader",
    "canManageMembers": "organizer",
    "canReadRevisions": "reader",
    "canRename": "organizer",
    "canRenameDrive": "organizer",
    "canResetDriveRestrictions": "organizer",
    "canShare": "organizer",
    "canTrashChildren": "fileOrganizer",
}  #: what a member must be for it


def create(call: Call, state: State) -> Json:
    """Answer drive.drives.create; who makes it is its organizer, a repeated request is 409."""
    request_id, name = call.query.get("requestId", ""), call.body.get("name", "")
    if not request_id:
        message = "Required parameter: requestId"
        raise Refused(400, message, reason="required", location="requestId")
    if not name.strip():
        message = "The drive name field is required."
        raise Refused(400, message, reason="required", location="drive.name")
    email = call.principal.email
    if any(one.request_id == (email, request_id) for one in state.drives.values()):
        message = "A shared drive already exists with the provided request ID."
        raise Refused(409, message, reason="teamDriveAlreadyExists")
    drive_id = "0A" + "".join(call.random.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=11)) + "Uk9PVA"
    drive = SharedDrive(
        drive_id=drive_id,
        name=name,
        created=call.now,
        request_id=(email, request_id),
        roles={email: "organizer"},
    )
    _dress(drive, call.body)
    state.drives[drive_id] = drive
    folder = File(
        file_id=drive_id,
        name="Drive",
        mime_type=FOLDER,
        owner="",
        created=call.now,
        drive_id=drive_id,
    )
    state.add_file(folder, call.now)
    return drive_json(call, drive)


def get(call: Call, state: State) -> Json:
    """Answer drive.drives.get."""
    return drive_json(call, _named(call, state))


def list_drives(call: Call, state: State) -> Json:
    """Answer drive.drives.list: those that the caller is a member of."""
    if call.query.get("q") or call.query.get("useDomainAdminAccess"):
        message = "Only a domain administrator can query shared drives."
        raise Refused(403, message, reason="queryRequiresAdminCredentials")
    mine = [one for one in state.drives.values() if call.principal.email in one.roles]
    page, token = paged(call, [drive_json(call, one) for one in mine], size=10)
    answer: Json = {"kind": "drive#driveList", "drives": page}
    return answer | ({"nextPageToken": token} if token else {})


def update(call: Call, state: State) -> Json:
    """Answer drive.drives.update: another name, colour or restriction."""
    drive = _organized(call, state)
    drive.name = call.body.get("name") or drive.name
    _dress(drive, call.body)
    state.changed(drive.drive_id, call.now)
    return drive_json(call, drive)


def delete(call: Call, state: State) -> Reply:
    """Answer drive.drives.delete; one with files outside the bin stays."""
    drive = _organized(call, state)
    if any(not child.trashed for child in state.children(drive.drive_id)):
        message = "This resource cannot be deleted because it has children"
        raise Refused(403, message, reason="cannotDeleteResourceWithChildren")
    state.remove_file(state.files[drive.drive_id], call.now)
    del state.drives[drive.drive_id]
    return Reply(status=204, content_type="text/html")


def hide(call: Call, state: State) -> Json:
    """Answer drive.drives.hide: out of the caller's own sight."""
    drive = _named(call, state)
    drive.hidden.add(call.principal.email)
    return drive_json(call, drive)


def unhide(call: Call, state: State) -> Json:
    """Answer drive.drives.unhide."""
    drive = _named(call, state)
    drive.hidden.discard(call.principal.email)
    return drive_json(call, drive)


def drive_json(call: Call, drive: SharedDrive) -> Json:
    """Return the API's Drive as the caller, a member, is shown it."""
    email = call.principal.email
    role = drive.roles.get(email)
    return {
        "kind": "drive#drive",
        "id": drive.drive_id,
        "name": drive.name,
        "colorRgb": drive.look.get("colorRgb", "#0f9d58"),
        "createdTime": timestamp(drive.created),
        "hidden": email in drive.hidden,
        "capabilities": {name: rank(role) >= rank(need) for name, need in _ABILITIES.items()},
        "restrictions": _RESTRICTIONS | drive.look.get("restrictions", {}),
    }


def _named(call: Call, state: State) -> SharedDrive:
    return access.drive(call, state, call.path["driveId"])


def _organized(call: Call, state: State) -> SharedDrive:
    drive = _named(call, state)
    if drive.roles[call.principal.email] != "organizer":
        raise access.insufficient()
    return drive


def _dress(drive: SharedDrive, wanted: Json) -> None:
    """Keep colour and restrictions as a request names them."""
    if "colorRgb" in wanted:
        drive.look["colorRgb"] = wanted["colorRgb"]
    if "restrictions" in wanted:
        known = {name: on for name, on in wanted["restrictions"].items() if name in _RESTRICTIONS}
        drive.look["restrictions"] = drive.look.get("restrictions", {}) | known
