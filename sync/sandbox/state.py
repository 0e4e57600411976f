"""Everything that the sandbox remembers: files, spreadsheets, forms, switches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.sandbox.reply import Refused, bad_request

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sync.sandbox.forms.model import Form
    from sync.sandbox.sheets.book import Book

SPREADSHEET_TYPE = "application/vnd.google-apps.spreadsheet"
FORM_TYPE = "application/vnd.google-apps.form"

#: what Google's documents leave open: each switch, its values, the first is the default
SWITCHES = {
    "find_replace": ("typed", "literal"),
    "find_replace_hidden_rows": ("include", "skip"),
    "null_echo": ("untouched", "touched"),
    "digit_answers": ("text", "number"),
    "inserted_row_format": ("inherit", "none"),
    "timestamp_precision": ("milliseconds", "seconds"),
    "form_language": ("en", "id"),
}

_WRITERS = frozenset(("owner", "writer"))


@dataclass(slots=True, kw_only=True)
class File:
    """A Drive file, whatever is inside: who owns it and who may do what."""

    file_id: str
    name: str
    mime_type: str
    owner: str
    created: datetime
    roles: dict[str, str] = field(default_factory=dict)  #: e-mail to reader, writer, …

    def role(self, email: str) -> str | None:
        """Return what *email* may do with the file, None for nothing."""
        return "owner" if email == self.owner else self.roles.get(email)


@dataclass(slots=True, kw_only=True)
class State:
    """What a reset throws away and `--state` keeps."""

    files: dict[str, File] = field(default_factory=dict)
    spreadsheets: dict[str, Book] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    switches: dict[str, str] = field(
        default_factory=lambda: {name: values[0] for name, values in SWITCHES.items()}
    )

    def book(self, spreadsheet_id: str) -> Book:
        """Return a spreadsheet; raises `Refused` (404) without one."""
        book = self.spreadsheets.get(spreadsheet_id)
        if book is None:
            raise Refused(404, "Requested entity was not found.")
        return book

    def form(self, form_id: str) -> Form:
        """Return a form; raises `Refused` (404) without one."""
        form = self.forms.get(form_id)
        if form is None:
            raise Refused(404, "Requested entity was not found.")
        return form

    def check_access(self, file_id: str, email: str, *, write: bool) -> None:
        """Raise `Refused`: 404 for an unknown file, 403 for one that is not shared."""
        file = self.files.get(file_id)
        if file is None:
            raise Refused(404, "Requested entity was not found.")
        role = file.role(email)
        if role is None or (write and role not in _WRITERS):
            raise Refused(403, "The caller does not have permission")

    def switch(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Set switches; raises `Refused` (400), and sets none, when one is unknown."""
        pairs = list(wanted)
        for name, value in pairs:
            if name not in SWITCHES or value not in SWITCHES[name]:
                known = {name: "|".join(values) for name, values in SWITCHES.items()}
                raise bad_request(f"No switch {name}={value}; there are {known}")
        self.switches.update(pairs)
