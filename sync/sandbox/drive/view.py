"""How the API shows a file: `File` of the discovery document."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING

from sync.sandbox.drive.model import (
    ANYONE,
    FOLDER,
    FORM,
    GOOGLE,
    SPREADSHEET,
    permission_id,
    rank,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Json
    from sync.sandbox.state import State

_EXPORTS = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_ABILITIES = {
    "canAddChildren": "writer",
    "canComment": "commenter",
    "canCopy": "reader",
    "canDownload": "reader",
    "canEdit": "writer",
    "canListChildren": "reader",
    "canModifyContent": "writer",
    "canReadRevisions": "reader",
    "canRename": "writer",
    "canDelete": "owner",
    "canTrash": "owner",
    "canUntrash": "owner",
    "canChangeCopyRequiresWriterPermission": "writer",
}  #: what a role must be for it, in My Drive


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
        "viewedByMe": False,
        "createdTime": timestamp(file.created),
        "modifiedTime": timestamp(file.modified or file.created),
        "modifiedByMe": email == file.owner,
        "isAppAuthorized": file.made_by == email,
        "viewersCanCopyContent": True,
        "copyRequiresWriterPermission": False,
        "writersCanShare": file.writers_can_share,
        "ownedByMe": email == file.owner,
        "quotaBytesUsed": str(len(file.content or b"")),
    }
    for more in (_words(file), _place(state, file, email), _sharing(state, file, email)):
        body |= more
    return body | _content(file)


def permission_json(state: State, file: File, who: str, role: str) -> Json:
    """Return the API's Permission of one person, domain or "anyone"."""
    body: Json = {"kind": "drive#permission", "id": permission_id(who), "role": role}
    if who == ANYONE:
        return body | {"type": "anyone", "allowFileDiscovery": False}
    name = who.partition("@")[0]
    body |= {"displayName": name, "deleted": False, "pendingOwner": False}
    if "@" in who:
        body |= {"type": "user", "emailAddress": who}
    else:
        body |= {"type": "domain", "domain": who, "allowFileDiscovery": False}
    if file.drive_id:
        inherited = who in state.drives[file.drive_id].roles
        body["permissionDetails"] = [
            {
                "permissionType": "member" if inherited else "file",
                "role": role,
                "inherited": inherited,
            }
        ]
    return body


def people(state: State, file: File) -> dict[str, str]:
    """Return who may do what with the file, inherited roles included; the owner first."""
    found = {file.owner: "owner"} if file.owner else {}
    sources = [file.roles, *(above.roles for above in state.ancestors(file))]
    if file.drive_id:
        sources.append(state.drives[file.drive_id].roles)
    for roles in sources:
        for who, role in roles.items():
            found[who] = max(found.get(who), role, key=rank) or role
    return found


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


def _words(file: File) -> Json:
    """Return what people wrote about the file; what is empty is left out."""
    found = {
        "description": file.description,
        "properties": dict(file.properties),
        "appProperties": dict(file.app_properties),
    }
    if file.shortcut_to:
        found["shortcutDetails"] = {"targetId": file.shortcut_to}
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
    owner = user_json(file.owner, me=email)
    return body | {"owners": [owner], "lastModifyingUser": owner}


def _sharing(state: State, file: File, email: str) -> Json:
    role = state.role(file, email)
    found = people(state, file)
    body: Json = {"shared": len(found) > 1, "capabilities": _capabilities(file, role)}
    if rank(role) >= rank("writer"):
        body["permissions"] = [permission_json(state, file, *pair) for pair in found.items()]
        body["permissionIds"] = [permission_id(who) for who in found]
    return body


def _capabilities(file: File, role: str | None) -> Json:
    able = {name: rank(role) >= rank(need) for name, need in _ABILITIES.items()}
    able["canShare"] = role == "owner" or (file.writers_can_share and rank(role) >= rank("writer"))
    if file.mime_type != FOLDER:
        able["canAddChildren"] = able["canListChildren"] = False
    if file.drive_id:
        for name in ("canDelete", "canTrash", "canUntrash"):
            able[name] = rank(role) >= rank("fileOrganizer")
    return able


def _content(file: File) -> Json:
    if file.mime_type == SPREADSHEET:
        address = f"https://docs.google.com/spreadsheets/export?id={file.file_id}&exportFormat="
        return {"exportLinks": {kind: address + end for kind, end in _EXPORTS.items()}}
    if file.content is None:
        return {}
    extension = file.name.rpartition(".")[2] if "." in file.name else ""
    return {
        "webContentLink": f"https://drive.google.com/uc?id={file.file_id}&export=download",
        "originalFilename": file.name,
        "fullFileExtension": extension,
        "fileExtension": extension,
        "md5Checksum": hashlib.md5(file.content, usedforsecurity=False).hexdigest(),
        "sha1Checksum": hashlib.sha1(file.content, usedforsecurity=False).hexdigest(),
        "sha256Checksum": hashlib.sha256(file.content).hexdigest(),
        "size": str(len(file.content)),
        "headRevisionId": f"0B{file.version:04}{file.file_id[:20]}",
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
