"""A Drive file, whatever is inside, and the shared drives that files may lie in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sync.sandbox.reply import Json, Principal

GOOGLE = "application/vnd.google-apps."
SPREADSHEET = GOOGLE + "spreadsheet"
FORM = GOOGLE + "form"
FOLDER = GOOGLE + "folder"
SHORTCUT = GOOGLE + "shortcut"
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
    version, revision: how often it changed, how often its content did
    roles:   e-mail, domain or "anyone" to reader, commenter, writer, …
    grants:  whose permission says more than the role: `type` group, `pendingOwner`,
             `allowFileDiscovery`
    let_in:  when each was given a role
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
    grants: dict[str, Json] = field(default_factory=dict)
    let_in: dict[str, datetime] = field(default_factory=dict)
    modified: datetime | None = None
    modified_by: str = ""
    version: int = 1
    revision: int = 0
    description: str = ""
    starred: bool = False
    trashed: bool = False
    writers_can_share: bool = True
    properties: dict[str, str] = field(default_factory=dict)
    app_properties: dict[str, str] = field(default_factory=dict)
    shortcut_to: str = ""
    comments: list[Remark] = field(default_factory=list)
    _sums: tuple[bytes, Json] | None = field(default=None, init=False, compare=False, repr=False)

    def sums(self) -> Json:
        """Return the API's checksums of the content, worked out once."""
        content = self.content or b""
        if self._sums is None or self._sums[0] is not content:
            found = {
                f"{name}Checksum": hashlib.new(name, content, usedforsecurity=False).hexdigest()
                for name in ("md5", "sha1", "sha256")
            }
            self._sums = content, found
        return self._sums[1]

    def role(self, email: str) -> str | None:
        """Return what *email* may do by the file's own list, None for nothing."""
        if email == self.owner:
            return "owner"
        own = (self.roles.get(who) for who in (email, email.partition("@")[2], ANYONE))
        return max(own, key=rank)

    def is_listed_for(self, email: str) -> bool:
        """Return whether the file was shared with *email* by name, or is theirs."""
        return email == self.owner or email in self.roles

    def edited(self, now: datetime, *, by: str = "") -> None:
        """Note that the file changed, and who (e-mail) changed it."""
        self.modified, self.modified_by = now, by
        self.version += 1


@dataclass(slots=True, kw_only=True)
class SharedDrive:
    """
    A drive that belongs to nobody; its members may do what their role says, in all of it.

    request_id: by whom and for what it was made, by which a repeated `drives.create` is known
    look:       colour and restrictions, as the API shows them
    hidden:     e-mails of members who do not want it in their list
    """

    drive_id: str
    name: str
    created: datetime
    request_id: tuple[str, str] = ("", "")
    look: Json = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    roles: dict[str, str] = field(default_factory=dict)
    grants: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Remark:
    """
    A comment on a file, or a reply to a comment.

    by:    the author's e-mail, which the API tells nobody
    extra: what else the API shows: `anchor`, `quotedFileContent`, `resolved`, `action`
    """

    remark_id: str
    by: str
    content: str
    created: datetime
    modified: datetime
    deleted: bool = False
    extra: Json = field(default_factory=dict)
    replies: list[Remark] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Someone can see a file no more: which change that was, and where the file lay."""

    number: int
    at: datetime
    made_by: str
    drive_id: str


@dataclass(slots=True, kw_only=True)
class Upload:
    """A resumable upload: who makes what with it, and how much has arrived."""

    principal: Principal
    method: str
    path: Mapping[str, str]
    query: Mapping[str, object]
    body: Json
    mime_type: str
    received: bytearray = field(default_factory=bytearray)
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
