"""New forms: with a spreadsheet that their answers go into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.sandbox.drive.model import FOLDER, FORM, SPREADSHEET, File
from sync.sandbox.forms.model import WORDS, Form
from sync.sandbox.forms.sheet import new_response_sheet
from sync.sandbox.forms.specs import item_from
from sync.sandbox.ids import new_spreadsheet_id
from sync.sandbox.reply import bad_request
from sync.sandbox.sheets.book import Book
from sync.sandbox.sheets.look import new_file_properties

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from random import Random

    from sync.sandbox.forms.specs import Folder
    from sync.sandbox.reply import Json
    from sync.sandbox.state import State

COLLECTIONS = ("DO_NOT_COLLECT", "VERIFIED", "RESPONDER_INPUT")
_KEYS = frozenset(
    ("title", "description", "owner", "questions", "shared_with", "editable", "email_collection")
)


def create_form(state: State, wanted: Json, *, now: datetime, random: Random) -> str:
    """
    Make a form and its linked spreadsheet, and return the form's id.

    wanted: `title`, `owner` (e-mail of an account), and optionally `questions` (see
            `item_from`), `description`, `shared_with` (e-mails of editors), `editable`,
            `email_collection`

    Raises `Refused` (400) saying what is wrong.
    """
    _check(state, wanted)
    made = [item_from(spec, random) for spec in wanted.get("questions", ())]
    form = Form(
        form_id=new_spreadsheet_id(random),
        public_id="1FAIpQLS" + new_spreadsheet_id(random),
        title=wanted["title"],
        description=wanted.get("description", ""),
        items=tuple(item for item, _ in made),
        spreadsheet_id=new_spreadsheet_id(random),
        sheet_id=random.randrange(1, 2**31),
        email_collection=wanted.get("email_collection", COLLECTIONS[0]),
        editable=wanted.get("editable", False),
        words=WORDS[state.switches["form_language"]],
    )
    add_form(state, form, wanted["owner"], wanted.get("shared_with", ()), now)
    for _, folders in made:
        add_folders(state, folders, wanted["owner"], now)
    return form.form_id


def add_form(state: State, form: Form, owner: str, editors: Iterable[str], now: datetime) -> None:
    """Keep a new form and its empty spreadsheet, both shared with *editors*."""
    state.forms[form.form_id] = form
    title = f"{form.title} (Responses)"
    state.spreadsheets[form.spreadsheet_id] = _book(form, title)
    kinds = ((form.form_id, form.title, FORM), (form.spreadsheet_id, title, SPREADSHEET))
    for file_id, name, mime_type in kinds:
        file = File(file_id=file_id, name=name, mime_type=mime_type, owner=owner, created=now)
        file.roles.update(dict.fromkeys(editors, "writer"))
        state.add_file(file, now)


def add_folders(state: State, folders: Iterable[Folder], owner: str, now: datetime) -> None:
    """Make the folders that file questions keep uploads in."""
    for folder in folders:
        file = File(
            file_id=folder.folder_id, name=folder.name, mime_type=FOLDER, owner=owner, created=now
        )
        state.add_file(file, now)


def _book(form: Form, title: str) -> Book:
    properties = new_file_properties(title)
    own = {"locale": "in_ID", "timeZone": "Asia/Jakarta"}
    book = Book(form.spreadsheet_id, properties | own)
    new_response_sheet(form, book)
    return book


def _check(state: State, wanted: Json) -> None:
    if unknown := wanted.keys() - _KEYS:
        raise bad_request(f"a form has no {', '.join(sorted(unknown))}; there are {sorted(_KEYS)}")
    if not isinstance(wanted.get("title"), str) or not wanted["title"]:
        raise bad_request("a form needs a title")
    people = [wanted["owner"], *_list(wanted, "shared_with")]
    _list(wanted, "questions")
    if strangers := [email for email in people if email not in state.accounts]:
        raise bad_request(f"There is no account {', '.join(map(str, strangers))}")
    if wanted["owner"] in state.without_storage:
        raise bad_request(f"{wanted['owner']} may own no files")
    if wanted.get("email_collection", COLLECTIONS[0]) not in COLLECTIONS:
        raise bad_request(f"email_collection is one of {COLLECTIONS}")
    if not isinstance(wanted.get("editable", False), bool):
        raise bad_request("editable is true or false")


def _list(wanted: Json, name: str) -> list[Any]:
    found = wanted.get(name, [])
    if not isinstance(found, list):
        raise bad_request(f"{name} is a list")
    return found
