"""`/_sandbox/`: what tests and the demo may ask of the sandbox itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox import sample, staff
from sync.sandbox.accounts import check_account
from sync.sandbox.incoming import json_in
from sync.sandbox.keys import new_private_key
from sync.sandbox.reply import Refused, Reply, bad_request
from sync.sandbox.state import SWITCHES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.sandbox.forms.model import Form
    from sync.sandbox.reply import Json
    from sync.sandbox.world import World


def reply(world: World, verb: str, path: str, body: bytes) -> Reply:
    """Answer a control request; raises `Refused` for one that is unknown."""
    name = path.removeprefix("/_sandbox/")
    handler = HANDLERS.get((verb, name))
    if handler is None:
        known = ", ".join(f"{verb} {name}" for verb, name in HANDLERS)
        raise Refused(404, f"No {verb} {path}; there are {known}")
    return Reply(body=handler(world, _json(body)))


def _json(body: bytes) -> Json:
    try:
        found = json_in(body) if body.strip() else {}
    except ValueError:
        raise bad_request("The body is no JSON.") from None
    if not isinstance(found, dict):
        raise bad_request("The body is no JSON object.")
    return found


def _reset(world: World, _body: Json) -> Json:
    world.reset()
    return {}


def _history(world: World, _body: Json) -> Json:
    return {"calls": [entry.json() for entry in world.history]}


def _faults(world: World, _body: Json) -> Json:
    return {"faults": [fault.json() for fault in world.faults.waiting]}


def _add_faults(world: World, body: Json) -> Json:
    """Add faults to those that wait; an empty list clears them."""
    wanted = body.get("faults")
    if not isinstance(wanted, list):
        raise bad_request('The body is {"faults": […]}')
    if wanted:
        world.faults.add(wanted)
    else:
        world.faults.clear()
    return _faults(world, {})


def _staff(world: World, _body: Json) -> Json:
    return {"waiting": [script.json() for script in world.staff.waiting]}


def _add_staff(world: World, body: Json) -> Json:
    script = staff.script(body)
    if script.method or script.rate:
        world.staff.waiting.append(script)
    else:
        for action in script.do:
            world.act(action)
    return _staff(world, {})


def _no_staff(world: World, _body: Json) -> Json:
    world.staff.waiting.clear()
    return _staff(world, {})


def _files(world: World, _body: Json) -> Json:
    files = [
        {"id": file.file_id, "name": file.name, "mimeType": file.mime_type, "owner": file.owner}
        for file in world.state.files.values()
        if file.parent
    ]
    forms = _forms(world, {})
    return {"files": files} | next(iter(forms["forms"]), {}) | forms


def _forms(world: World, _body: Json) -> Json:
    return {"forms": [_form(form) for form in world.state.forms.values()]}


def _form(form: Form) -> Json:
    return {
        "form_id": form.form_id,
        "public_form_id": form.public_id,
        "title": form.title,
        "spreadsheet_id": form.spreadsheet_id,
        "sheet_id": form.sheet_id,
        "entries": {question.title: question.entry for question in form.questions},
    }


def _add_form(world: World, body: Json) -> Json:
    """Make a form with a spreadsheet; the village's user owns it, unless told."""
    given = world.record("form", form={"owner": sample.USER} | body)
    return _form(world.state.form(given["form_id"]))


def _accounts(world: World, _body: Json) -> Json:
    accounts = world.state.accounts.values()
    return {"accounts": [{"email": one.email, "kind": one.kind} for one in accounts]}


def _add_account(world: World, body: Json) -> Json:
    """Open an account, or return to one, and answer its credential file."""
    unknown = body.keys() - {"email", "kind", "own_key"}
    if unknown:
        raise bad_request(f"an account has no {', '.join(sorted(unknown))}")
    email, kind = body.get("email"), body.get("kind", "user")
    check_account(world.state, email, kind)
    key = new_private_key() if body.get("own_key") and kind == "service" else ""
    owns = world.service_accounts_own_files
    given = world.record("account", email=email, account=kind, private_key=key, owns_files=owns)
    account = world.state.accounts[str(email)]
    if kind == "service":
        return world.keys.service_account_info(world.base_url, account.email, account.private_key)
    token = world.keys.user_token(account.email, given["grant"], world.clock())
    return world.keys.authorized_user_info(world.base_url, account.email, token)


def _switches(world: World, _body: Json) -> Json:
    return dict(world.state.switches)


def _set_switches(world: World, body: Json) -> Json:
    world.switch(body)
    return _switches(world, {}) | {"choices": {name: list(v) for name, v in SWITCHES.items()}}


HANDLERS: Mapping[tuple[str, str], Callable[[World, Json], Json]] = {
    ("POST", "reset"): _reset,
    ("GET", "history"): _history,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_faults,
    ("GET", "staff"): _staff,
    ("POST", "staff"): _add_staff,
    ("DELETE", "staff"): _no_staff,
    ("GET", "files"): _files,
    ("GET", "forms"): _forms,
    ("POST", "forms"): _add_form,
    ("GET", "accounts"): _accounts,
    ("POST", "accounts"): _add_account,
    ("GET", "switches"): _switches,
    ("POST", "switches"): _set_switches,
}
