"""How the API shows a file: `File` of the discovery document."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from sync.sandbox.drive import grants
from sync.sandbox.drive.model import FOLDER, FORM, GOOGLE, SPREADSHEET, permission_id, rank

if TYPE_CHECKING:
    from datetime import datetime

    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Json
    from sync.sandbox.state import State

_EXPORTS = {
    "application/pdf": "pdf",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/x-vnd.oasis.opendocument.spreadsheet": "ods",
    "application/zip": "zip",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
_TABLE_BYTES = "1024"  #: what Google counts for a spreadsheet, see gspread's recordings
_ABILITIES = {
    "canChangeCopyRequiresWriterPermission": "writer",
    "canChangeViewersCanCopyContent": "writer",
    "canComment": "commenter",
    "canDelete": "owner",
    "canDownload": "reader",
    "canEdit": "writer",
    "canModifyContent": "writer",
    "canModifyContentRestriction": "writer",
    "canMoveItemIntoTeamDrive": "owner",
    "canMoveItemOutOfDrive": "owner",
    "canMoveItemWithinDrive": "writer",
    "canRemoveMyDriveParent": "writer",
    "canRename": "writer",
    "canTrash": "owner",
    "canUntrash": "owner",
}  #: what a role must be for it, in My Drive
_OF_FOLDERS = {
    "canAddChildren": "writer",
    "canListChildren": "reader",
    "canMoveChildrenWithinDrive": "writer",
    "canRemoveChildren": "writer",
}
_OF_FILES = {"canCopy": "reader", "canReadRevisions": "writer"}
_IN_A_DRIVE = {
    "canDelete": "organizer",
    "canMoveItemOutOfDrive": "organizer",
    "canTrash": "fileOrganizer",
    "canUntrash": "fileOrganizer",
}
_NEVER = ("canAcceptOwnership", "canAddMyDriveParent", "canModifyLabels", "canReadLabels")


def timestamp(moment: datetime) -> str:
    """Return RFC 3339 in UTC with milliseconds, as Drive writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def file_json(state: State, file: File, email: str) -> Json:
    """Return every field of a file that *email* is shown."""
    body: Json = {
        "kind": "drive#file",
        "id": file.file_id,
        "name": file.name,
        "mimeType": file.mime_type,
        "starred": file.starred,
        "trashed": is_trashed(state, file),
        "explicitlyTrashed": file.trashed,
        "spaces": ["drive"],
        "version": str(file.version),
        "webViewLink": _link(file),
        "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{file.mime_type}",
        "hasThumbnail": False,
        "thumbnailVersion": "0",
        "createdTime": timestamp(file.created),
        "modifiedTime": timestamp(file.modified or file.created),
        "isAppAuthorized": file.made_by == email,
        "viewersCanCopyContent": True,
        "copyRequiresWriterPermission": False,
        "quotaBytesUsed": str(len(file.content or b"")),
    }
    body |= _words(state, file) | _place(state, file, email)
    body |= _sharing(state, file, email) | _traces(file, email)
    return body | _content(file)


def user_json(email: str, *, me: str) -> Json:
    """Return the API's User."""
    return {
        "kind": "drive#user",
        "displayName": email.partition("@")[0],
        "me": email == me,
        "permissionId": permission_id(email),
        "emailAddress": email,
    }


def is_trashed(state: State, file: File) -> bool:
    """Return whether the file, or a folder around it, lies in the bin."""
    return file.trashed or any(above.trashed for above in state.ancestors(file))


def _traces(file: File, email: str) -> Json:
    """Return who changed the file last, and whether the caller ever had it open."""
    last = file.modified_by or file.owner or file.made_by
    mine, when = email == last, timestamp(file.modified or file.created)
    body: Json = {"lastModifyingUser": user_json(last, me=email), "modifiedByMe": mine}
    body["viewedByMe"] = mine or email == file.made_by
    if mine:
        body["modifiedByMeTime"] = when
    if body["viewedByMe"]:
        body["viewedByMeTime"] = when
    return body


def _words(state: State, file: File) -> Json:
    """Return what people wrote about the file; what is empty is left out."""
    found = {
        "description": file.description,
        "properties": dict(file.properties),
        "appProperties": dict(file.app_properties),
    }
    if file.shortcut_to:
        details = {"targetId": file.shortcut_to}
        if target := state.files.get(file.shortcut_to):
            details["targetMimeType"] = target.mime_type
        found["shortcutDetails"] = details
    return {name: value for name, value in found.items() if value}


def _place(state: State, file: File, email: str) -> Json:
    body: Json = {}
    above = state.files.get(file.parent)
    if file.drive_id and file.parent == file.drive_id:
        body["parents"] = [file.drive_id]
    elif above is not None and state.role(above, email):
        body["parents"] = [file.parent]
    if file.drive_id:
        return body | {"driveId": file.drive_id, "teamDriveId": file.drive_id}
    return body | {"owners": [user_json(file.owner, me=email)]}


def _sharing(state: State, file: File, email: str) -> Json:
    """Return who else has the file; of a shared drive's file Google tells the ids only."""
    role = state.role(file, email)
    found = state.people(file)
    body: Json = {"capabilities": _capabilities(file, role)}
    if rank(role) >= rank("writer"):
        body["permissionIds"] = [grants.grant_id(file, who) for who in found]
    if file.drive_id:
        return body
    if rank(role) >= rank("writer"):
        body["permissions"] = [grants.permission_json(state, file, who) for who in found]
    if email in file.roles:
        body["sharedWithMeTime"] = timestamp(file.let_in.get(email, file.created))
    return body | {
        "shared": len(found) > 1,
        "writersCanShare": file.writers_can_share,
        "ownedByMe": email == file.owner,
    }


def _capabilities(file: File, role: str | None) -> Json:
    own, others = _OF_FILES, _OF_FOLDERS
    if file.mime_type == FOLDER:
        own, others = others, own
    needs = _ABILITIES | own | (_IN_A_DRIVE if file.drive_id else {})
    able = dict.fromkeys((*_NEVER, *others), False)
    able |= {name: rank(role) >= rank(need) for name, need in needs.items()}
    able["canShare"] = role == "owner" or (file.writers_can_share and rank(role) >= rank("writer"))
    return able


def _content(file: File) -> Json:
    if file.mime_type == SPREADSHEET:
        address = f"https://docs.google.com/spreadsheets/export?id={file.file_id}&exportFormat="
        links = {kind: address + end for kind, end in _EXPORTS.items()}
        return {"exportLinks": links, "size": _TABLE_BYTES, "quotaBytesUsed": _TABLE_BYTES}
    if file.content is None:
        return {}
    extension = file.name.rpartition(".")[2] if "." in file.name else ""
    return {
        "webContentLink": f"https://drive.google.com/uc?id={file.file_id}&export=download",
        "originalFilename": file.name,
        "fullFileExtension": extension,
        "fileExtension": extension,
        **file.sums(),
        "size": str(len(file.content)),
        "headRevisionId": f"0B{file.file_id[1:20]}{file.revision:06}PQ",
    }


def _link(file: File) -> str:
    match file.mime_type:
        case kind if kind == FOLDER:
            return f"https://drive.google.com/drive/folders/{file.file_id}"
        case kind if kind == SPREADSHEET:
            return f"https://docs.google.com/spreadsheets/d/{file.file_id}/edit?usp=drivesdk"
        case kind if kind == FORM:
            return f"https://docs.google.com/forms/d/{file.file_id}/edit?usp=drivesdk"
        case kind if kind.startswith(GOOGLE):
            return f"https://docs.google.com/document/d/{file.file_id}/edit?usp=drivesdk"
    return f"https://drive.google.com/file/d/{file.file_id}/view?usp=drivesdk"
