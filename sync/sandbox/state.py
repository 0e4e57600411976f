"""Everything that the sandbox remembers: files, spreadsheets, forms, switches."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.sandbox.drive.model import FOLDER, File, Loss, rank, root_id
from sync.sandbox.reply import Refused, bad_request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sync.sandbox.accounts import Account
    from sync.sandbox.drive.model import SharedDrive, Upload
    from sync.sandbox.forms.model import Form
    from sync.sandbox.sheets.book import Book

#: what Google's documents leave open: each switch, its values, the first is the default
SWITCHES = {
    "find_replace": ("typed", "literal"),
    "find_replace_hidden_rows": ("include", "skip"),
    "null_echo": ("untouched", "touched"),
    "digit_answers": ("text", "number"),
    "inserted_row_format": ("inherit", "none"),
    "timestamp_precision": ("milliseconds", "seconds"),
    "form_language": ("en", "id"),
    "metadata_on_sort": ("stays", "moves"),
    "response_table": ("none", "table"),
    "foreign_parents": ("taken", "refused"),
    "new_question_column": ("after_form", "right"),
    "edited_timestamp": ("new", "kept"),
    "edited_after_sort": ("found", "lost"),
    "oauth_consent": ("production", "testing"),
}

_WRITER = rank("writer")
_DEEPEST = 100  #: folders within folders, as at Google

#: spreadsheets that Drive keeps as files: the Sheets API does not open them
_OFFICE = frozenset(
    (
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
)


@dataclass(slots=True, kw_only=True)
class State:
    """
    What a reset throws away and `--state` keeps.

    changes:   file id to the number of its last change, by which `changes.list` goes
    losses:    file id to those who cannot see it any more
    accounts:  by e-mail
    without_storage: e-mails of accounts that may own no file
    spent:     authorization codes that were used, and grants that were revoked, by their ids
    generated: file ids that were given out and not used yet
    uploads:   resumable uploads by their id
    """

    files: dict[str, File] = field(default_factory=dict)
    spreadsheets: dict[str, Book] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    drives: dict[str, SharedDrive] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    without_storage: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)
    generated: set[str] = field(default_factory=set)
    changes: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    losses: dict[str, dict[str, Loss]] = field(default_factory=dict)
    change_count: int = 0
    switches: dict[str, str] = field(
        default_factory=lambda: {name: values[0] for name, values in SWITCHES.items()}
    )

    def book(self, spreadsheet_id: str) -> Book:
        """Return a spreadsheet; raises `Refused`: 404 without one, 400 for a file of Excel's."""
        book = self.spreadsheets.get(spreadsheet_id)
        file = self.files.get(spreadsheet_id)
        if book is None and file is not None and file.mime_type in _OFFICE:
            message = "This operation is not supported for this document"
            raise Refused(400, message, name="FAILED_PRECONDITION")
        if book is None:
            raise Refused(404, "Requested entity was not found.")
        return book

    def form(self, form_id: str) -> Form:
        """Return a form; raises `Refused` (404) without one."""
        form = self.forms.get(form_id)
        if form is None:
            raise Refused(404, "Requested entity was not found.")
        return form

    # -- files

    def root(self, email: str, now: datetime) -> File:
        """Return the My Drive of an account; a new account's is not kept yet."""
        folder = File(
            file_id=root_id(email), name="My Drive", mime_type=FOLDER, owner=email, created=now
        )
        return self.files.get(folder.file_id, folder)

    def add_root(self, email: str, now: datetime) -> File:
        """Return the My Drive of an account, kept from now on."""
        return self.files.setdefault(root_id(email), self.root(email, now))

    def add_file(self, file: File, now: datetime) -> File:
        """Keep a new file; without a parent it lies in its owner's My Drive."""
        if file.owner and file.parent in {"", root_id(file.owner)}:
            file.parent = self.add_root(file.owner, now).file_id
        self.files[file.file_id] = file
        self.changed(file.file_id, now)
        return file

    def remove_file(self, file: File, now: datetime) -> None:
        """Delete a file for good, a folder with everything in it."""
        for one in reversed(self._tree(file)):
            self.lost(one, self.people(one), now, drive_id=one.drive_id)
            self.files.pop(one.file_id)
            self.spreadsheets.pop(one.file_id, None)
            self.forms.pop(one.file_id, None)
            self.changes.pop(one.file_id, None)

    def children(self, folder_id: str) -> Iterator[File]:
        """Yield what lies in a folder."""
        return (file for file in self.files.values() if file.parent == folder_id)

    def changed(self, file_id: str, now: datetime) -> None:
        """Note that something about a file changed."""
        self.change_count += 1
        self.changes.pop(file_id, None)
        self.changes[file_id] = (self.change_count, now)

    def lost(self, file: File, whom: Iterable[str], now: datetime, *, drive_id: str) -> None:
        """Note that people cannot see a file any more, which lay in a shared drive, or "" not."""
        self.change_count += 1
        loss = Loss(number=self.change_count, at=now, made_by=file.made_by, drive_id=drive_id)
        self.losses.setdefault(file.file_id, {}).update(dict.fromkeys(whom, loss))

    @contextmanager
    def watched(self, file: File, now: datetime) -> Iterator[None]:
        """Note who can see a file, or what lies in it, before the block and not after it."""
        before = [(one, one.drive_id, self.people(one)) for one in self._tree(file)]
        yield
        for one, drive_id, people in before:
            gone = people.keys() - self.people(one).keys()
            if gone:
                self.lost(one, sorted(gone), now, drive_id=drive_id)

    def _tree(self, file: File) -> list[File]:
        inside = self.children(file.file_id) if file.mime_type == FOLDER else ()
        return [file, *(one for child in inside for one in self._tree(child))]

    def people(self, file: File) -> dict[str, str]:
        """Return who may do what with a file, inherited roles included; the owner first."""
        found = {file.owner: "owner"} if file.owner else {}
        for roles in (file.roles, *(roles for _, _, roles in self.inherited(file))):
            for who, role in roles.items():
                found[who] = max(found.get(who), role, key=rank) or role
        return found

    def inherited(self, file: File) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Yield id, `file` or `member`, and roles of each folder around a file, then its drive."""
        for above in self.ancestors(file):
            if above.parent:  # someone's whole My Drive gives nobody anything
                owner = {above.owner: "writer"} if above.owner else {}
                yield above.file_id, "file", above.roles | owner
        if drive := self.drives.get(file.drive_id):
            yield drive.drive_id, "member", drive.roles

    def role(self, file: File, email: str) -> str | None:
        """Return what *email* may do with a file: its own list, its folders', its drive's."""
        best = file.role(email)
        for above in self.ancestors(file):
            role = above.role(email) if above.parent else None
            best = max(best, "writer" if role == "owner" else role, key=rank)
        drive = self.drives.get(file.drive_id) if file.drive_id else None
        return max(best, drive.roles.get(email), key=rank) if drive else best

    def ancestors(self, file: File) -> Iterator[File]:
        """Yield the folders that a file lies in, the nearest first."""
        for _ in range(_DEEPEST):
            above = self.files.get(file.parent) if file.parent else None
            if above is None:
                return
            yield above
            file = above

    def check_access(self, file_id: str, email: str, *, write: bool) -> None:
        """Raise `Refused`: 404 for an unknown file, 403 for one that is not shared."""
        file = self.files.get(file_id)
        if file is None:
            raise Refused(404, "Requested entity was not found.")
        role = self.role(file, email)
        if role is None or (write and rank(role) < _WRITER):
            raise Refused(403, "The caller does not have permission")

    # -- switches

    def switch(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Set switches; raises `Refused` (400), and sets none, when one is unknown."""
        pairs = list(wanted)
        for name, value in pairs:
            if name not in SWITCHES or value not in SWITCHES[name]:
                known = {name: "|".join(values) for name, values in SWITCHES.items()}
                raise bad_request(f"No switch {name}={value}; there are {known}")
        self.switches.update(pairs)
