"""A Drive file, whatever is inside, and the shared drives that files may lie in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sync.sandbox.reply import Json

GOOGLE = "application/vnd.google-apps."
SPREADSHEET = GOOGLE + "spreadsheet"
FORM = GOOGLE + "form"
FOLDER = GOOGLE + "folder"
ANYONE = "anyone"  #: whom a link is for, in `roles`

#: what each may do includes what the ones before may
ROLES = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")


def rank(role: str | None) -> int:
    """Return how much *role* may do; 0 for nothing."""
    return ROLES.index(role) + 1 if role else 0


@dataclass(slots=True, kw_only=True)
class File:
    """
    A file: who owns it, who may do what, and what is known about it.

    content: bytes of a binary file; None for Google's own kinds
    owner:   e-mail; "" in a shared drive
    made_by: whose app made it: a `drive.file` token sees no other
    roles:   e-mail, domain or "anyone" to reader, commenter, writer, …
    """

    file_id: str
    name: str
    mime_type: str
    owner: str
    created: datetime
    content: bytes | None = None
    made_by: str = ""
    parent: str = ""
    drive_id: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    modified: datetime | None = None
    version: int = 1
    description: str = ""
    starred: bool = False
    trashed: bool = False
    writers_can_share: bool = True
    properties: dict[str, str] = field(default_factory=dict)
    app_properties: dict[str, str] = field(default_factory=dict)
    shortcut_to: str = ""
    comments: list[Json] = field(default_factory=list)

    def role(self, email: str) -> str | None:
        """Return what *email* may do by the file's own list, None for nothing."""
        if email == self.owner:
            return "owner"
        own = (self.roles.get(who) for who in (email, email.partition("@")[2], ANYONE))
        return max(own, key=rank)

    def is_listed_for(self, email: str) -> bool:
        """Return whether the file was shared with *email* by name, or is theirs."""
        return email == self.owner or email in self.roles

    def edited(self, now: datetime, *, content: bytes | None = None) -> None:
        """Note that the file's content changed."""
        self.modified = now
        self.version += 1
        if content is not None:
            self.content = content


@dataclass(slots=True, kw_only=True)
class SharedDrive:
    """A drive that belongs to nobody; its members may do what their role says, in all of it."""

    drive_id: str
    name: str
    created: datetime
    hidden: bool = False
    roles: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Upload:
    """A resumable upload: what it will make, and how much has arrived."""

    method: str
    path: Mapping[str, str]
    query: Mapping[str, object]
    body: Json
    mime_type: str
    received: bytes = b""
    answer: Json | None = None  #: of the finished upload


def permission_id(who: str) -> str:
    """Return Google's stable id of a person, the same on every file."""
    if who == ANYONE:
        return "anyoneWithLink"
    number = int.from_bytes(hashlib.sha256(who.encode()).digest()[:8])
    return f"{number:020d}" + ("k" if "@" not in who else "")


def root_id(email: str) -> str:
    """Return the id of an account's My Drive folder."""
    return "0A" + hashlib.sha256(email.encode()).hexdigest()[:14] + "Uk9PVA"
