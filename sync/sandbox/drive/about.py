"""`about.get`: the caller, and what Drive can do for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive.comments import require_fields
from sync.sandbox.drive.download import EXPORTED
from sync.sandbox.drive.model import SPREADSHEET
from sync.sandbox.drive.view import is_trashed, user_json

if TYPE_CHECKING:
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_LIMIT = 15 * 1024**3  #: bytes of a free account
_LARGEST_UPLOAD = 5 * 1024**4


def get(call: Call, state: State) -> Json:
    """Answer drive.about.get; Google wants `fields`."""
    require_fields(call)
    email = call.principal.email
    mine = [file for file in state.files.values() if file.owner == email]
    used = sum(len(file.content or b"") for file in mine)
    binned = sum(len(file.content or b"") for file in mine if is_trashed(state, file))
    limit = 0 if email in state.without_storage else _LIMIT
    return {
        "kind": "drive#about",
        "user": user_json(email, me=email),
        "storageQuota": {
            "limit": str(limit),
            "usage": str(used),
            "usageInDrive": str(used),
            "usageInDriveTrash": str(binned),
        },
        "importFormats": {"text/csv": [SPREADSHEET], "text/tab-separated-values": [SPREADSHEET]},
        "exportFormats": {SPREADSHEET: list(EXPORTED)},
        "maxImportSizes": {SPREADSHEET: "104857600"},
        "maxUploadSize": str(_LARGEST_UPLOAD),
        "appInstalled": True,
        "canCreateDrives": True,
        "canCreateTeamDrives": True,
        "folderColorPalette": ["#ac725e", "#d06b64", "#f83a22"],
        "driveThemes": [],
    }
