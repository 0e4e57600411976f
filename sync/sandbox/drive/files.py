"""The `files` methods: create, get, update, delete, copy, generateIds, emptyTrash."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.sandbox.drive import access, convert, download, fields, places
from sync.sandbox.drive.model import FOLDER, FORM, GOOGLE, SHORTCUT, SPREADSHEET, File, rank
from sync.sandbox.drive.view import file_json
from sync.sandbox.ids import new_file_id, new_spreadsheet_id
from sync.sandbox.reply import Media, Refused, Reply

if TYPE_CHECKING:
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_UNTITLED = "Untitled"
_BINARY = "application/octet-stream"
_MOST_IDS = 1000


def create(call: Call, state: State) -> Json:
    """Answer drive.files.create, with a file's content or without."""
    wanted = call.body
    fields.check_writable(wanted)
    folder = places.named(call, state)
    access.check_storage(call, state, folder.drive_id)
    kind = wanted.get("mimeType") or (call.media.mime_type if call.media else _BINARY)
    file = _new(call, state, kind, wanted.get("name") or _UNTITLED, folder)
    file.created = fields.moment(wanted, "createdTime", call.now)
    file.modified = fields.moment(wanted, "modifiedTime", call.now)
    file.shortcut_to = _target(call, state)
    _fill(call, state, file)
    return _kept(call, state, file)


def check(call: Call, state: State) -> None:
    """Raise `Refused` where a create or update that is about to begin could not end well."""
    if call.path:
        fields.check_writable(call.body, "id", "parents")
        _need(call, state, access.named(call, state), "edit")
        return
    fields.check_writable(call.body)
    folder = places.named(call, state)
    access.check_storage(call, state, folder.drive_id)
    _id_for(call, state, call.body.get("mimeType", _BINARY))


def get(call: Call, state: State) -> Json | Reply:
    """Answer drive.files.get: what is known of a file, or with `alt=media` its content."""
    file = access.named(call, state)
    if call.query.get("alt") == "media":
        access.check_app(call, file, "read")
        return download.content(file, call.header)
    return file_json(state, file, call.principal.email)


def update(call: Call, state: State) -> Json:
    """Answer drive.files.update: other words about a file, another place, another content."""
    wanted = call.body
    file = access.named(call, state)
    fields.check_writable(wanted, "id", "parents")
    trashes = wanted.get("trashed", file.trashed) != file.trashed
    _need(call, state, file, "trash" if trashes else "edit")
    folder = places.ahead(call, state, file)
    if folder is not None and folder.drive_id != file.drive_id:
        access.check_storage(call, state, folder.drive_id)
    modified = fields.moment(wanted, "modifiedTime", call.now)
    if call.media is not None:
        _replace_content(call, state, file)
    if folder is not None:
        with state.watched(file, call.now):
            places.put(state, file, folder, call.principal.email)
    fields.describe(file, wanted)
    file.trashed = wanted.get("trashed", file.trashed)
    if wanted.get("name"):
        file.name = wanted["name"]
        _rename_book(state, file)
    file.edited(modified, by=call.principal.email)
    state.changed(file.file_id, call.now)
    return file_json(state, file, call.principal.email)


def delete(call: Call, state: State) -> Reply:
    """Answer drive.files.delete: gone for good, a folder with everything in it."""
    file = access.named(call, state)
    _need(call, state, file, "delete")
    state.remove_file(file, call.now)
    return Reply(status=204, content_type="text/html")


def empty_trash(call: Call, state: State) -> Reply:
    """Answer drive.files.emptyTrash: the caller's own bin, or a shared drive's."""
    drive_id, owner = call.query.get("driveId", ""), call.principal.email
    if drive_id:
        if access.drive(call, state, drive_id).roles[owner] != "organizer":
            raise access.insufficient()
        owner = ""
    for file in list(state.files.values()):
        there = file.file_id in state.files and file.trashed
        if there and (file.drive_id, file.owner) == (drive_id, owner):
            state.remove_file(file, call.now)
    return Reply(status=204, content_type="text/html")


def copy(call: Call, state: State) -> Json:
    """Answer drive.files.copy; a spreadsheet's copy is a spreadsheet of its own."""
    source, wanted = access.named(call, state), call.body
    access.check_app(call, source, "read")
    fields.check_writable(wanted)
    if source.mime_type == FOLDER:
        message = "This file cannot be copied by the user."
        raise Refused(403, message, reason="cannotCopyFile")
    folder = places.beside(call, state, source)
    access.check_storage(call, state, folder.drive_id)
    kind = wanted.get("mimeType") or source.mime_type
    twin = _new(call, state, kind, wanted.get("name") or f"Copy of {source.name}", folder)
    twin.modified = fields.moment(wanted, "modifiedTime", call.now)
    twin.shortcut_to = source.shortcut_to
    twin.description = twin.description or source.description
    twin.properties = source.properties | twin.properties
    twin.app_properties = source.app_properties | twin.app_properties
    _fill_from(call, state, source, twin)
    return _kept(call, state, twin)


def generate_ids(call: Call, state: State) -> Json:
    """Answer drive.files.generateIds: ids that a later create may use."""
    count = call.query.get("count", 10)
    if not 1 <= count <= _MOST_IDS:
        message = f"Invalid value '{count}'. Values must be within the range: [1, {_MOST_IDS}]"
        raise Refused(400, message, reason="invalidParameter", location="count")
    ids = [new_file_id(call.random) for _ in range(count)]
    state.generated.update(ids)
    return {"kind": "drive#generatedIds", "space": call.query.get("space", "drive"), "ids": ids}


def replace_by_csv(call: Call, state: State) -> Json:
    """Answer the v2 upload with `convert`: a CSV instead of all of a spreadsheet's tabs."""
    file = access.named(call, state, "writer")
    _replace_content(call, state, file)
    file.edited(call.now, by=call.principal.email)
    state.changed(file.file_id, call.now)
    return {
        "kind": "drive#file",
        "id": file.file_id,
        "title": file.name,
        "mimeType": file.mime_type,
    }


def _new(call: Call, state: State, kind: str, name: str, folder: File) -> File:
    """Return a file that nobody knows yet, as the request describes it."""
    if kind == FORM:
        raise Refused(501, "The sandbox makes no forms through Drive.")
    file = File(
        file_id=_id_for(call, state, kind),
        name=name,
        mime_type=kind,
        owner="" if folder.drive_id else call.principal.email,
        created=call.now,
        made_by=call.principal.email,
        parent=folder.file_id,
        drive_id=folder.drive_id,
    )
    fields.describe(file, call.body)
    return file


def _kept(call: Call, state: State, file: File) -> Json:
    state.generated.discard(file.file_id)
    state.add_file(file, call.now)
    return file_json(state, file, call.principal.email)


def _id_for(call: Call, state: State, kind: str) -> str:
    wanted = call.body.get("id")
    if not wanted:
        is_long = kind.startswith(GOOGLE) and kind not in {FOLDER, SHORTCUT}
        return new_spreadsheet_id(call.random) if is_long else new_file_id(call.random)
    if wanted in state.files:
        message = "A file already exists with the provided ID."
        raise Refused(409, message, reason="fileIdInUse")
    if kind.startswith(GOOGLE) and kind not in {FOLDER, SHORTCUT}:
        message = "Generated IDs are not supported for Docs Editors formats."
        raise Refused(403, message, reason="generatedIdNotSupported")
    if wanted not in state.generated or kind == SHORTCUT:
        message = "The provided file ID is not usable."
        raise Refused(400, message, reason="invalid", location="file.id")
    return str(wanted)


def _target(call: Call, state: State) -> str:
    """Return what a new shortcut leads to."""
    target = call.body.get("shortcutDetails", {}).get("targetId", "")
    return access.required(call, state, target).file_id if target else ""


def _fill(call: Call, state: State, file: File) -> None:
    """Give a file its content: bytes, or a spreadsheet made of them."""
    if file.mime_type == SPREADSHEET:
        state.spreadsheets[file.file_id] = convert.imported(file.file_id, file.name, call)
    elif not file.mime_type.startswith(GOOGLE):
        file.content = call.media.content if call.media else b""
        file.revision += 1
    elif call.media:
        raise Refused(501, f"The sandbox does not convert into {file.mime_type}.")


def _fill_from(call: Call, state: State, source: File, twin: File) -> None:
    """Give a copy its content; one of another type is converted."""
    if source.mime_type == SPREADSHEET and twin.mime_type == SPREADSHEET:
        book = state.book(source.file_id)
        state.spreadsheets[twin.file_id] = convert.copied(book, twin.file_id, twin.name)
    elif source.content is not None:
        media = Media(content=source.content, mime_type=source.mime_type)
        _fill(replace(call, media=media), state, twin)
    elif source.mime_type != twin.mime_type:
        raise convert.unsupported()


def _replace_content(call: Call, state: State, file: File) -> None:
    """Put the uploaded content in the place of the old; a Google file stays of its kind."""
    kind = file.mime_type
    if not kind.startswith(GOOGLE) and call.media is not None:
        kind = call.body.get("mimeType") or call.media.mime_type
        if kind.startswith(GOOGLE):
            raise convert.unsupported()
    _fill(call, state, file)
    file.mime_type = kind


def _need(call: Call, state: State, file: File, act: str) -> None:
    """Raise `Refused` (403) where the caller, or the app, may not do that to the file."""
    needs = _IN_A_DRIVE if file.drive_id else _IN_MY_DRIVE
    is_root = not file.parent
    if is_root or rank(state.role(file, call.principal.email)) < rank(needs[act]):
        raise access.insufficient()
    access.check_app(call, file, "write")


_IN_MY_DRIVE = {"edit": "writer", "trash": "owner", "delete": "owner"}
_IN_A_DRIVE = {"edit": "writer", "trash": "fileOrganizer", "delete": "organizer"}


def _rename_book(state: State, file: File) -> None:
    book = state.spreadsheets.get(file.file_id)
    if book is not None:
        book.properties = book.properties | {"title": file.name}
