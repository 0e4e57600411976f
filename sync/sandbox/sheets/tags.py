"""Developer metadata: what programs pin to a spreadsheet, a tab, a row or a column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.moves import Change

_SERVICE_ACCOUNT_DOMAIN = ".iam.gserviceaccount.com"
_OAUTH_PROJECT = "oauth"


def project(email: str) -> str:
    """
    Return the Cloud project that *email* calls from.

    A service account has its own; every person comes through the one OAuth app.
    """
    _, _, domain = email.partition("@")
    if domain.endswith(_SERVICE_ACCOUNT_DOMAIN):
        return domain.removesuffix(_SERVICE_ACCOUNT_DOMAIN)
    return _OAUTH_PROJECT


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """
    One piece of metadata.

    body:    the API's DeveloperMetadata
    project: who made it; nobody else sees it when its visibility is PROJECT
    """

    body: Json
    project: str

    @property
    def location(self) -> Json:
        """The API's DeveloperMetadataLocation."""
        found: Json = self.body["location"]
        return found

    def visible_to(self, email: str) -> bool:
        """Return whether *email* may see this."""
        return self.body["visibility"] != "PROJECT" or self.project == project(email)

    def shifted(self, change: Change) -> Tag | None:
        """Return this after lines came, went or moved; None when its own line went."""
        body = change.moved(self.body)
        return None if body is None else replace(self, body=body)

    def carried(self, places: Mapping[int, int], *, rows: bool) -> Tag:
        """Return this at the new place of its row or column; *places* maps old to new."""
        lines = self.location.get("dimensionRange", {})
        if not lines or (lines["dimension"] == "ROWS") != rows:
            return self
        place = places.get(lines["startIndex"], lines["startIndex"])
        moved = lines | {"startIndex": place, "endIndex": place + 1}
        return replace(
            self, body=self.body | {"location": self.location | {"dimensionRange": moved}}
        )
