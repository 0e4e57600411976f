"""What a request says about a file: which fields it may set, and what they become."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from sync.sandbox import discovery
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from sync.sandbox.drive.model import File
    from sync.sandbox.reply import Json

_PARENTS = (
    "The parents field is not directly writable in update requests. Use the addParents and "
    "removeParents parameters instead."
)


def check_writable(wanted: Json, *more: str) -> None:
    """
    Raise `Refused` (403) for fields that only Google sets.

    more: those that this method does not take either
    """
    if "parents" in wanted and "parents" in more:
        raise Refused(403, _PARENTS, reason="fieldNotWritable")
    if wanted.keys() & (_set_by_google() | set(more)):
        message = "The resource body includes fields which are not directly writable."
        raise Refused(403, message, reason="fieldNotWritable")


def describe(file: File, wanted: Json) -> None:
    """Set what people say about a file; a property of null goes."""
    file.description = wanted.get("description", file.description)
    file.starred = wanted.get("starred", file.starred)
    file.writers_can_share = wanted.get("writersCanShare", file.writers_can_share)
    for kept, name in ((file.properties, "properties"), (file.app_properties, "appProperties")):
        given = wanted.get(name, {})
        kept.update({key: value for key, value in given.items() if value is not None})
        for key in [key for key, value in given.items() if value is None]:
            kept.pop(key, None)


def moment(wanted: Json, name: str, otherwise: datetime) -> datetime:
    """Return a time of the request, *otherwise* without one; raises `Refused` (400)."""
    text = wanted.get(name)
    if not text:
        return otherwise
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f'Invalid value for: Invalid format: "{text}"'
        raise Refused(400, message, reason="invalid", location=f"file.{name}") from None


@cache
def _set_by_google() -> set[str]:
    """Return the fields that the discovery document calls output only; `kind` does no harm."""
    properties = discovery.schema("drive", "File")["properties"]
    return {
        name
        for name, schema in properties.items()
        if schema.get("description", "").startswith("Output only.") and name != "kind"
    }
