"""The form's owner at work: questions come, change their names and go; sheets are linked anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.sandbox.forms.create import COLLECTIONS, add_folders
from sync.sandbox.forms.response_table import follow_switch, grow_response_table
from sync.sandbox.forms.sheet import (
    Tab,
    add_column,
    column_of,
    insert_response,
    new_response_sheet,
    opened,
    unlink,
)
from sync.sandbox.forms.specs import item_from
from sync.sandbox.reply import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from random import Random

    from sync.sandbox.forms.model import Form
    from sync.sandbox.forms.questions import Item
    from sync.sandbox.reply import Json
    from sync.sandbox.state import State


def act(state: State, name: str, details: Json, *, now: datetime, random: Random) -> None:
    """
    Do one of `ACTIONS` to a form; raises `Refused` (400, 404) where it makes no sense.

    details: `form`, its id; without one, the first form
    """
    form_id = details.get("form") or next(iter(state.forms), "")
    ACTIONS[name](state, state.form(form_id), details, now, random)
    state.files[form_id].edited(now)
    state.changed(form_id, now)


def _add(state: State, form: Form, details: Json, now: datetime, random: Random) -> None:
    """Add a question: its column stands at once in the sheet."""
    item, folders = item_from(details["question"], random)
    index = details.get("index", len(form.items))
    if not isinstance(index, int) or not 0 <= index <= len(form.items):
        raise bad_request(f"index is a number from 0 to {len(form.items)}")
    new = form.with_items((*form.items[:index], item, *form.items[index:]))
    add_folders(state, folders, state.files[form.form_id].owner, now)
    tab = opened(state, new)
    if tab is not None:
        for question in item.questions:
            add_column(tab, question.question_id)
        grow_response_table(tab.sheet, 0)
        tab.keep(state, now)
    state.forms[form.form_id] = new


def _rename(state: State, form: Form, details: Json, now: datetime, _random: Random) -> None:
    """Give a question another title: the header changes with it."""
    item = _item(form, details["question"])
    title = details["title"]
    if not isinstance(title, str) or not title:
        raise bad_request("title is a text")
    new_item = item.renamed(title)
    new = form.with_items(tuple(new_item if one is item else one for one in form.items))
    tab = opened(state, new)
    if tab is not None:
        for question in new_item.questions:
            column = column_of(tab.sheet, question.question_id)
            if column is not None:
                tab.sheet.put(0, column, question.title)
        tab.keep(state, now)
    state.forms[form.form_id] = new


def _delete(state: State, form: Form, details: Json, _now: datetime, _random: Random) -> None:
    """Ask a question no more: its column and what was answered stay."""
    item = _item(form, details["question"])
    state.forms[form.form_id] = form.with_items(tuple(one for one in form.items if one is not item))


def _set(state: State, form: Form, details: Json, _now: datetime, _random: Random) -> None:
    """Change what else a form has: `accepting`, `editable`, `email_collection`."""
    wanted = {name: details[name] for name in _SETTINGS if name in details}
    for name, value in wanted.items():
        if value not in _SETTINGS[name]:
            raise bad_request(f"{name} is one of {_SETTINGS[name]}")
    state.forms[form.form_id] = replace(form, revision=form.revision + 1, **wanted)


def _relink(state: State, form: Form, details: Json, now: datetime, random: Random) -> None:
    """Link the form anew, to `spreadsheet` or the one it has: all answers into a new tab."""
    if form.spreadsheet_id in state.spreadsheets:
        old = state.book(form.spreadsheet_id).draft()
        for sheet in old.sheets:
            if sheet.sheet_id == form.sheet_id:
                unlink(sheet)
        state.spreadsheets[old.spreadsheet_id] = old
    spreadsheet_id = details.get("spreadsheet", form.spreadsheet_id)
    book = state.book(spreadsheet_id).draft()
    new = replace(form, spreadsheet_id=spreadsheet_id, sheet_id=random.randrange(1, 2**31))
    sheet = new_response_sheet(new, book)
    tab = Tab(book, sheet, new, state.switches)
    for response in form.responses:
        insert_response(tab, response)
    tab.keep(state, now)
    state.forms[form.form_id] = new
    follow_switch(state, random)


def _item(form: Form, name: object) -> Item:
    """Return the item of that title or id, or with a question of that id."""
    for item in form.items:
        ids = [item.item_id, *(question.question_id for question in item.questions)]
        if name == item.title or name in ids:
            return item
    raise bad_request(f"The form has no question {name!r}")


_SETTINGS: Mapping[str, tuple[object, ...]] = {
    "accepting": (True, False),
    "editable": (True, False),
    "email_collection": COLLECTIONS,
}
ACTIONS: Mapping[str, Callable[[State, Form, Json, datetime, Random], None]] = {
    "add_question": _add,
    "rename_question": _rename,
    "delete_question": _delete,
    "set_form": _set,
    "relink": _relink,
}
NEEDS: dict[str, set[str]] = {
    "add_question": {"question"},
    "rename_question": {"question", "title"},
    "delete_question": {"question"},
    "set_form": set(),
    "relink": set(),
}
