"""
Which method is answered by which function: one table.

To add a method, write `method(call, state) -> body` and name it here. The world has then
checked the token, its scopes, the caller's access to the file, the query and the body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sync.sandbox.discovery import V2_UPLOAD
from sync.sandbox.drive import (
    about,
    changes,
    comments,
    download,
    drives,
    files,
    listing,
    permissions,
)
from sync.sandbox.forms import methods as forms
from sync.sandbox.forms import responses
from sync.sandbox.sheets import copies, developer_metadata, spreadsheets, values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.sandbox.reply import Call, Json, Reply
    from sync.sandbox.state import State


Answer: TypeAlias = "Callable[[Call, State], Json | Reply]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """
    How one method is answered.

    file:  the path parameter that names the file, empty for none
    write: it changes something, so the caller must be a writer of `file`
    """

    answer: Answer
    file: str = ""
    write: bool = False


def _reads(answer: Answer, file: str = "spreadsheetId") -> Endpoint:
    return Endpoint(answer=answer, file=file)


def _writes(answer: Answer, file: str = "spreadsheetId") -> Endpoint:
    return Endpoint(answer=answer, file=file, write=True)


ENDPOINTS: Mapping[str, Endpoint] = {
    "sheets.spreadsheets.get": _reads(spreadsheets.get),
    "sheets.spreadsheets.getByDataFilter": _reads(spreadsheets.get_by_data_filter),
    "sheets.spreadsheets.create": _writes(spreadsheets.create, ""),
    "sheets.spreadsheets.batchUpdate": _writes(spreadsheets.batch_update),
    "sheets.spreadsheets.developerMetadata.get": _reads(developer_metadata.get),
    "sheets.spreadsheets.developerMetadata.search": _reads(developer_metadata.search),
    "sheets.spreadsheets.sheets.copyTo": _writes(copies.copy_to, ""),
    "sheets.spreadsheets.values.get": _reads(values.get),
    "sheets.spreadsheets.values.batchGet": _reads(values.batch_get),
    "sheets.spreadsheets.values.batchGetByDataFilter": _reads(values.batch_get_by_data_filter),
    "sheets.spreadsheets.values.update": _writes(values.update),
    "sheets.spreadsheets.values.batchUpdate": _writes(values.batch_update),
    "sheets.spreadsheets.values.batchUpdateByDataFilter": _writes(
        values.batch_update_by_data_filter
    ),
    "sheets.spreadsheets.values.append": _writes(values.append),
    "sheets.spreadsheets.values.clear": _writes(values.clear),
    "sheets.spreadsheets.values.batchClear": _writes(values.batch_clear),
    "sheets.spreadsheets.values.batchClearByDataFilter": _writes(values.batch_clear_by_data_filter),
    "forms.forms.get": _reads(forms.get, "formId"),
    "forms.forms.responses.get": _reads(responses.get, "formId"),
    "forms.forms.responses.list": _reads(responses.list_responses, "formId"),
    "drive.about.get": _reads(about.get, ""),
    "drive.changes.getStartPageToken": _reads(changes.start_page_token, ""),
    "drive.changes.list": _reads(changes.list_changes, ""),
    "drive.comments.create": _writes(comments.create, ""),
    "drive.comments.delete": _writes(comments.delete, ""),
    "drive.comments.get": _reads(comments.get, ""),
    "drive.comments.list": _reads(comments.list_comments, ""),
    "drive.comments.update": _writes(comments.update, ""),
    "drive.drives.create": _writes(drives.create, ""),
    "drive.drives.delete": _writes(drives.delete, ""),
    "drive.drives.get": _reads(drives.get, ""),
    "drive.drives.hide": _writes(drives.hide, ""),
    "drive.drives.list": _reads(drives.list_drives, ""),
    "drive.drives.unhide": _writes(drives.unhide, ""),
    "drive.drives.update": _writes(drives.update, ""),
    "drive.files.copy": _writes(files.copy, ""),
    "drive.files.create": _writes(files.create, ""),
    "drive.files.delete": _writes(files.delete, ""),
    "drive.files.emptyTrash": _writes(files.empty_trash, ""),
    "drive.files.export": _reads(download.export, ""),
    "drive.files.generateIds": _writes(files.generate_ids, ""),
    "drive.files.get": _reads(files.get, ""),
    "drive.files.list": _reads(listing.list_files, ""),
    "drive.files.update": _writes(files.update, ""),
    "drive.permissions.create": _writes(permissions.create, ""),
    "drive.permissions.delete": _writes(permissions.delete, ""),
    "drive.permissions.get": _reads(permissions.get, ""),
    "drive.permissions.list": _reads(permissions.list_permissions, ""),
    "drive.permissions.update": _writes(permissions.update, ""),
    "drive.replies.create": _writes(comments.create_reply, ""),
    "drive.replies.delete": _writes(comments.delete_reply, ""),
    "drive.replies.get": _reads(comments.get_reply, ""),
    "drive.replies.list": _reads(comments.list_replies, ""),
    "drive.replies.update": _writes(comments.update_reply, ""),
    V2_UPLOAD: _writes(files.replace_by_csv, ""),
}
