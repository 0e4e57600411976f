"""What a search knows of a file: a value for every term of the query language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.sandbox.drive.model import ANYONE, rank
from sync.sandbox.drive.view import is_trashed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sync.sandbox.drive.model import File
    from sync.sandbox.drive.query import Facts
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.state import State

_TEXT_BYTES = 1_000_000  #: of a text that are searched


def facts(state: State, file: File, email: str) -> Facts:
    """Return what *email* can look for in a file; each fact is found out when it is asked for."""
    return lambda term: _FACTS[term](state, file, email)


def shared_time(file: File, email: str) -> datetime | None:
    """Return when the file was shared with *email* by name, None for never."""
    return file.let_in.get(email, file.created) if email in file.roles else None


def viewed_time(file: File, email: str) -> datetime | None:
    """Return when *email* last had the file open, as far as the sandbox knows: changing it."""
    last = file.modified_by or file.owner
    return (file.modified or file.created) if email in {last, file.made_by} else None


def _holders(need: str) -> Callable[[State, File, str], set[str]]:
    def found(state: State, file: File, _email: str) -> set[str]:
        return {who for who, role in state.people(file).items() if rank(role) >= rank(need)}

    return found


def _parents(state: State, file: File, email: str) -> tuple[str, ...]:
    above = state.files.get(file.parent)
    return (file.parent,) if above is not None and state.role(above, email) else ()


def _visibility(state: State, file: File, _email: str) -> str:
    """Return who but the people of the list may find, or open, the file."""
    people = state.people(file)
    findable = {who for who in people if file.grants.get(who, {}).get("allowFileDiscovery")}
    domains = {who for who in people if "@" not in who and who != ANYONE}
    if ANYONE in people:
        return "anyoneCanFind" if ANYONE in findable else "anyoneWithLink"
    if domains:
        return "domainCanFind" if domains & findable else "domainWithLink"
    return "limited"


def _full_text(state: State, file: File, _email: str) -> str:
    return "\n".join((file.name, file.description, _inside(state, file)))


def _inside(state: State, file: File) -> str:
    """Return the words in a text or a spreadsheet; of other kinds Google knows more."""
    if file.content is not None and file.mime_type.startswith("text/"):
        return file.content[:_TEXT_BYTES].decode("utf-8", "replace")
    book = state.spreadsheets.get(file.file_id)
    return " ".join(_cells(book)) if book else ""


def _cells(book: Book) -> list[str]:
    return [str(cell) for sheet in book.sheets for row in sheet.rows for cell in row.cells if cell]


_FACTS: Mapping[str, Callable[[State, File, str], Any]] = {
    "appProperties": lambda _state, file, _email: file.app_properties,
    "createdTime": lambda _state, file, _email: file.created,
    "fullText": _full_text,
    "mimeType": lambda _state, file, _email: file.mime_type,
    "modifiedTime": lambda _state, file, _email: file.modified or file.created,
    "name": lambda _state, file, _email: file.name,
    "owners": _holders("owner"),
    "parents": _parents,
    "properties": lambda _state, file, _email: file.properties,
    "readers": _holders("reader"),
    "sharedWithMe": lambda _state, file, email: email in file.roles,
    "sharedWithMeTime": lambda _state, file, email: shared_time(file, email),
    "shortcutDetails.targetId": lambda _state, file, _email: file.shortcut_to,
    "starred": lambda _state, file, _email: file.starred,
    "trashed": lambda state, file, _email: is_trashed(state, file),
    "viewedByMeTime": lambda _state, file, email: viewed_time(file, email),
    "visibility": _visibility,
    "writers": _holders("writer"),
}
