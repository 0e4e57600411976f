"""
What happens to the sandbox apart from API calls: answers, staff's work, accounts, switches.

Each is a change of its own in the journal. To add one, write its function and name it in
`HAPPENINGS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox import sample, staff
from sync.sandbox.accounts import Account, check_account, open_account
from sync.sandbox.forms.create import create_form
from sync.sandbox.forms.response_table import follow_switch
from sync.sandbox.forms.submit import submit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from random import Random

    from sync.sandbox.reply import Json
    from sync.sandbox.state import State


def happen(state: State, change: Json, *, now: datetime, random: Random) -> Json:
    """Do what the change says, and return what came of it; raises `Refused` (400, 404)."""
    return HAPPENINGS[change["kind"]](state, change, now, random)


def _submit(state: State, change: Json, now: datetime, random: Random) -> Json:
    """Take an answer to a form."""
    fields, uploads = change["fields"], change.get("uploads", ())
    response_id = submit(state, change["form"], fields, uploads, now=now, random=random)
    return {"response_id": response_id}


def _staff(state: State, change: Json, now: datetime, random: Random) -> Json:
    staff.act(state, change["action"], now=now, random=random, email=sample.USER)
    return {}


def _switch(state: State, change: Json, _now: datetime, random: Random) -> Json:
    state.switch(change["switches"].items())
    if "response_table" in change["switches"]:
        follow_switch(state, random)
    return {}


def _account(state: State, change: Json, now: datetime, random: Random) -> Json:
    """Open an account, and return the id of a new grant; one that is there stays as it is."""
    email, kind = change["email"], change["account"]
    check_account(state, email, kind)
    if email not in state.accounts:
        account = Account(email=email, kind=kind, opened=now, private_key=change["private_key"])
        open_account(state, account, owns_files=change["owns_files"])
    return {"grant": f"account {random.getrandbits(64):016x}"}


def _form(state: State, change: Json, now: datetime, random: Random) -> Json:
    return {"form_id": create_form(state, change["form"], now=now, random=random)}


def _spent(state: State, change: Json, _now: datetime, _random: Random) -> Json:
    """Remember a code that was used, or a grant that was revoked."""
    state.spent.add(change["id"])
    return {}


def _storage(state: State, change: Json, _now: datetime, _random: Random) -> Json:
    """Let service accounts own files from now on, or no more."""
    services = (one.email for one in state.accounts.values() if one.kind == "service")
    state.without_storage = set(() if change["owns_files"] else services)
    return {}


HAPPENINGS: Mapping[str, Callable[[State, Json, datetime, Random], Json]] = {
    "submit": _submit,
    "staff": _staff,
    "switch": _switch,
    "account": _account,
    "form": _form,
    "spent": _spent,
    "storage": _storage,
}
