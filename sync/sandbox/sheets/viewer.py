"""Who looks at a spreadsheet: some of what it holds is not shown to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sync.sandbox.reply import Call, Json
    from sync.sandbox.sheets.tags import Tag
    from sync.sandbox.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who reads, and whose file it is."""

    email: str
    owner: str

    def metadata(self, tags: Iterable[Tag]) -> list[Json]:
        """Return the API's DeveloperMetadata of those *tags* that the viewer may see."""
        return [tag.body for tag in tags if tag.visible_to(self.email)]

    def protection(self, protected: Json) -> Json:
        """Return the API's ProtectedRange: only who may edit the cells sees who else may."""
        kept = {name: value for name, value in protected.items() if name != "requestingUserCanEdit"}
        users = kept.get("editors", {}).get("users", ())
        if kept.get("warningOnly") or self.email == self.owner or self.email in users:
            return kept | {"requestingUserCanEdit": True}
        return {name: value for name, value in kept.items() if name != "editors"}


def viewer(call: Call, state: State, spreadsheet_id: str) -> Viewer:
    """Return the caller as one who reads that spreadsheet."""
    return Viewer(email=call.principal.email, owner=state.files[spreadsheet_id].owner)
