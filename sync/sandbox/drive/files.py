"""The `files` methods: create, get, update, delete, copy, generateIds, emptyTrash."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sync.sandbox.drive import access, convert, download
from sync.sandbox.drive.model import FOLDER, GOOGLE, SPREADSHEET, File, rank
from sync.sandbox.drive.view import file_json
from sync.sandbox.ids import new_file_id
from sync.sandbox.reply import Refused, Reply

if TYPE_CHECKING:
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_UNTITLED = "Untitled"
_BINARY = "application/octet-stream"
_MOST_IDS = 1000


def create(call: Call, state: State) -> Json:
    """Answer drive.files.create, with a file's content or without."""
    wanted = call.body
    folder = _parent(call, state, wanted.get("parents", []))
    access.check_storage(call, state, folder.drive_id)
    kind = wanted.get("mimeType") or (call.media.mime_type if call.media else _BINARY)
    file = File(
        file_id=_id_for(call, state, kind),
        name=wanted.get("name") or _UNTITLED,
        mime_type=kind,
        owner="" if folder.drive_id else call.principal.email,
        created=_moment(wanted.get("createdTime"), call.now),
        made_by=call.principal.email,
        parent=folder.file_id,
        drive_id=folder.drive_id,
    )
    _describe(file, wanted)
    file.modified = _moment(wanted.get("modifiedTime"), call.now)
    file.shortcut_to = wanted.get("shortcutDetails", {}).get("targetId", "")
    _fill(call, state, file)
    state.generated.discard(file.file_id)
    state.add_file(file, call.now)
    return file_json(state, file, call.principal.email)


def check(call: Call, state: State) -> None:
    """Raise `Refused` where a create or update that is about to begin could not end well."""
    if call.path:
        _need(call, state, access.named(call, state), "edit")
        return
    folder = _parent(call, state, call.body.get("parents", []))
    access.check_storage(call, state, folder.drive_id)
    _id_for(call, state, call.body.get("mimeType", _BINARY))


def get(call: Call, state: State) -> Json | Reply:
    """Answer drive.files.get: what is known of a file, or with `alt=media` its content."""
    file = access.named(call, state)
    if call.query.get("alt") == "media":
        return download.content(file, call.header)
    return file_json(state, file, call.principal.email)


def update(call: Call, state: State) -> Json:
    """Answer drive.files.update: other words about a file, another place, another content."""
    wanted = call.body
    file = access.named(call, state)
    trashes = wanted.get("trashed", file.trashed) != file.trashed
    _need(call, state, file, "delete" if trashes else "edit")
    folder = _moved_to(call, state, file)
    if call.media is not None:
        _replace_content(call, state, file)
    if folder is not None:
        file.parent, file.drive_id = folder.file_id, folder.drive_id
        file.owner = "" if folder.drive_id else file.owner
    _describe(file, wanted)
    file.trashed = wanted.get("trashed", file.trashed)
    file.modified = _moment(wanted.get("modifiedTime"), call.now)
    if "name" in wanted:
        file.name = wanted["name"]
        _rename_book(state, file)
    file.version += 1
    state.changed(file.file_id, call.now)
    return file_json(state, file, call.principal.email)


def delete(call: Call, state: State) -> Reply:
    """Answer drive.files.delete: gone for good, a folder with everything in it."""
    file = access.named(call, state)
    _need(call, state, file, "delete")
    state.remove_file(file, call.now)
    return Reply(status=204, content_type="text/html")


def empty_trash(call: Call, state: State) -> Reply:
    """Answer drive.files.emptyTrash: the caller's own bin."""
    drive_id = call.query.get("driveId", "")
    for file in list(state.files.values()):
        mine = file.drive_id == drive_id and file.owner == (
            "" if drive_id else call.principal.email
        )
        if file.trashed and mine and file.file_id in state.files:
            state.remove_file(file, call.now)
    return Reply(status=204, content_type="text/html")


def copy(call: Call, state: State) -> Json:
    """Answer drive.files.copy; a spreadsheet's copy is a spreadsheet of its own."""
    source, wanted = access.named(call, state), call.body
    if source.mime_type == FOLDER:
        message = "This file cannot be copied by the user."
        raise Refused(403, message, reason="cannotCopyFile")
    folder = _parent(call, state, wanted.get("parents", []) or _same_place(call, state, source))
    access.check_storage(call, state, folder.drive_id)
    twin = File(
        file_id=_id_for(call, state, source.mime_type),
        name=wanted.get("name") or f"Copy of {source.name}",
        mime_type=source.mime_type,
        owner="" if folder.drive_id else call.principal.email,
        created=call.now,
        content=source.content,
        made_by=call.principal.email,
        parent=folder.file_id,
        drive_id=folder.drive_id,
        description=source.description,
        properties=dict(source.properties),
        app_properties=dict(source.app_properties),
    )
    _describe(twin, wanted)
    if source.mime_type == SPREADSHEET:
        state.spreadsheets[twin.file_id] = convert.copied(
            state.book(source.file_id), twin.file_id, twin.name
        )
    state.generated.discard(twin.file_id)
    state.add_file(twin, call.now)
    return file_json(state, twin, call.principal.email)


def generate_ids(call: Call, state: State) -> Json:
    """Answer drive.files.generateIds: ids that a later create may use."""
    count = call.query.get("count", 10)
    if not 1 <= count <= _MOST_IDS:
        raise Refused(400, f"Invalid value '{count}'.", reason="invalidParameter", location="count")
    ids = [new_file_id(call.random) for _ in range(count)]
    state.generated.update(ids)
    return {"kind": "drive#generatedIds", "space": call.query.get("space", "drive"), "ids": ids}


def replace_by_csv(call: Call, state: State) -> Json:
    """Answer the v2 upload with `convert`: a CSV instead of all of a spreadsheet's tabs."""
    file = access.named(call, state, "writer")
    _fill(call, state, file)
    file.edited(call.now)
    state.changed(file.file_id, call.now)
    return {
        "kind": "drive#file",
        "id": file.file_id,
        "title": file.name,
        "mimeType": file.mime_type,
    }


def _parent(call: Call, state: State, folder_ids: list[str]) -> File:
    if len(folder_ids) > 1:
        message = "A shared drive item must have exactly one parent."
        raise Refused(403, message, reason="teamDrivesParentLimit")
    return access.parent_for(call, state, folder_ids[0] if folder_ids else "root")


def _same_place(call: Call, state: State, source: File) -> list[str]:
    """Return the folder of *source* where the caller may put something into it, else none."""
    above = state.files.get(source.parent)
    may = above is not None and rank(state.role(above, call.principal.email)) >= rank("writer")
    return [source.parent] if may else []


def _id_for(call: Call, state: State, kind: str) -> str:
    wanted = call.body.get("id")
    if not wanted:
        return new_file_id(call.random)
    if wanted in state.files:
        message = "A file already exists with the provided ID."
        raise Refused(409, message, reason="fileIdInUse")
    if kind.startswith(GOOGLE) and kind != FOLDER:
        message = "Generated IDs are not supported for Docs Editors formats."
        raise Refused(400, message, reason="invalid")
    if wanted not in state.generated:
        message = "The provided file ID is not usable."
        raise Refused(400, message, reason="invalid", location="file.id")
    return str(wanted)


def _fill(call: Call, state: State, file: File) -> None:
    """Give a file its content: bytes, or a spreadsheet made of them."""
    if file.mime_type == SPREADSHEET:
        state.spreadsheets[file.file_id] = convert.imported(
            state.spreadsheets.get(file.file_id), file.file_id, file.name, call
        )
    elif not file.mime_type.startswith(GOOGLE):
        file.content = call.media.content if call.media else b""
    elif call.media:
        raise Refused(501, f"The sandbox does not convert into {file.mime_type}.")


def _replace_content(call: Call, state: State, file: File) -> None:
    media = call.media
    if not file.mime_type.startswith(GOOGLE) and media is not None:
        file.mime_type = call.body.get("mimeType") or media.mime_type
    _fill(call, state, file)


def _describe(file: File, wanted: Json) -> None:
    file.description = wanted.get("description", file.description)
    file.starred = wanted.get("starred", file.starred)
    file.writers_can_share = wanted.get("writersCanShare", file.writers_can_share)
    file.properties |= wanted.get("properties", {})
    file.app_properties |= wanted.get("appProperties", {})


def _moved_to(call: Call, state: State, file: File) -> File | None:
    added = [one for one in call.query.get("addParents", "").split(",") if one]
    if not added:
        return None
    folder = _parent(call, state, added)
    within = [folder, *state.ancestors(folder)]
    if any(above.file_id == file.file_id for above in within):
        message = "A folder cannot be moved into itself."
        raise Refused(403, message, reason="cannotMoveIntoItself")
    return folder


def _need(call: Call, state: State, file: File, act: str) -> None:
    """Raise `Refused` (403) where the caller may not edit, or not throw away, the file."""
    throws = "fileOrganizer" if file.drive_id else "owner"
    need = throws if act == "delete" else "writer"
    if rank(state.role(file, call.principal.email)) < rank(need):
        raise access.insufficient()


def _rename_book(state: State, file: File) -> None:
    book = state.spreadsheets.get(file.file_id)
    if book is not None:
        book.properties = book.properties | {"title": file.name}


def _moment(text: str | None, otherwise: datetime) -> datetime:
    if not text:
        return otherwise
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refused(400, "Invalid value for: Invalid format", reason="invalid") from None
