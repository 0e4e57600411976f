"""Several accounts and several forms in one sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from real_clients import ANSWERS, SCOPES, SERVICE_CREDENTIALS, USER_CREDENTIALS

from sync.sandbox import Sandbox
from sync.sandbox.sample import SERVICE_ACCOUNT, USER

if TYPE_CHECKING:
    from pathlib import Path

# google-auth is untyped.
SESSION: Any = AuthorizedSession
TRANSPORT: Any = Request

BUDI = "budi.contoh@gmail.com"
ROBOT = "robot@desa-lain.iam.gserviceaccount.com"


def _opened(sandbox: Sandbox, **body: Any) -> dict[str, Any]:
    url = f"{sandbox.base_url}/_sandbox/accounts"
    response = requests.post(url, json=body, timeout=5)
    assert 200 == response.status_code, response.text
    info: dict[str, Any] = response.json()
    return info


def _ask(info: dict[str, Any], verb: str, url: str, body: Any = None) -> tuple[int, Any]:
    """Call the API with a credential file's content, as google-auth does."""
    if info["type"] == "service_account":
        credentials = SERVICE_CREDENTIALS.from_service_account_info(info, scopes=SCOPES)
    else:
        credentials = USER_CREDENTIALS.from_authorized_user_info(info)
        credentials = credentials.with_token_uri(info["token_uri"])
    with requests.Session() as plain:
        plain.trust_env = False
        credentials.refresh(TRANSPORT(plain))
        headers = {"authorization": f"Bearer {credentials.token}"}
        response = plain.request(verb, url, json=body, headers=headers)
    return response.status_code, response.json()


@pytest.mark.parametrize(
    "body",
    [
        {"email": BUDI, "kind": "user"},
        {"email": ROBOT, "kind": "service"},
        {"email": ROBOT, "kind": "service", "own_key": True},
    ],
)
def test_new_account_logs_in(sandbox: Sandbox, body: dict[str, Any]) -> None:
    """The answer is a credential file, and real clients work with it as that account."""
    info = _opened(sandbox, **body)
    url = f"{sandbox.base_url}/drive/v3/about?fields=user"
    status, answer = _ask(info, "GET", url)

    assert (200, body["email"]) == (status, answer["user"]["emailAddress"])
    shared_key = sandbox.service_account_info["private_key"] == info.get("private_key")
    assert shared_key == (body["kind"] == "service" and "own_key" not in body)


def test_accounts_see_their_own(sandbox: Sandbox) -> None:
    """A new account sees nothing of the village's; what it makes is its own."""
    budi = _opened(sandbox, email=BUDI)
    village = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}"
    assert 403 == _ask(budi, "GET", village)[0]
    status, made = _ask(budi, "POST", f"{sandbox.base_url}/v4/spreadsheets", {})
    assert 200 == status
    assert BUDI == sandbox.world.state.files[made["spreadsheetId"]].owner
    own = f"{sandbox.base_url}/v4/spreadsheets/{made['spreadsheetId']}"
    assert 403 == _ask(sandbox.authorized_user_info, "GET", own)[0]


def test_new_service_account_owns_nothing(sandbox: Sandbox) -> None:
    """It may create no files, as the village's own."""
    robot = _opened(sandbox, email=ROBOT, kind="service")
    status, body = _ask(robot, "POST", f"{sandbox.base_url}/v4/spreadsheets", {})

    assert (403, "PERMISSION_DENIED") == (status, body["error"]["status"])


def test_keys_are_not_each_other_s() -> None:
    """A JWT in the name of an account with its own key must be signed with that key."""
    sandbox = Sandbox(seed=1)
    sandbox.account(ROBOT, "service", own_key=True)
    forged = sandbox.service_account_info | {"client_email": ROBOT}
    credentials = SERVICE_CREDENTIALS.from_service_account_info(forged, scopes=SCOPES)
    fields = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
    jwt = credentials._make_authorization_grant_assertion().decode()  # the wire form
    reply = sandbox.world.call("POST", "/token", body=(fields + jwt).encode())

    error = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    assert (400, error) == (reply.status, reply.body)


def test_account_opened_again_keeps_its_key() -> None:
    """The second credential file is the first one."""
    sandbox = Sandbox(seed=1)
    first = sandbox.account(ROBOT, "service", own_key=True)

    assert first == sandbox.account(ROBOT, "service", own_key=False)


def test_list_of_accounts(sandbox: Sandbox) -> None:
    """Two at first; one that is opened again is not there twice."""
    for _ in range(2):
        _opened(sandbox, email=BUDI, kind="user")
    found = requests.get(f"{sandbox.base_url}/_sandbox/accounts", timeout=5).json()

    expected = [(USER, "user"), (SERVICE_ACCOUNT, "service"), (BUDI, "user")]
    assert expected == [(one["email"], one["kind"]) for one in found["accounts"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "tiada"},
        {"email": BUDI, "kind": "robot"},
        {"email": BUDI, "kind": "service"},
        {"email": ROBOT, "kind": "user"},
        {"email": SERVICE_ACCOUNT, "kind": "user"},
        {"email": BUDI, "kunci": True},
    ],
)
def test_accounts_that_cannot_be(sandbox: Sandbox, body: dict[str, Any]) -> None:
    """They are refused with words, and not opened."""
    response = requests.post(f"{sandbox.base_url}/_sandbox/accounts", json=body, timeout=5)

    assert 400 == response.status_code
    assert 2 == len(sandbox.world.state.accounts)


# -- forms


def test_new_form_has_a_sheet_of_its_own(sandbox: Sandbox) -> None:
    """The answer names form, sheet and fields; answers go where they belong."""
    budi = _opened(sandbox, email=BUDI)
    wanted = {
        "title": "Surat Domisili",
        "owner": BUDI,
        "questions": [{"title": "Nama", "required": True}, {"title": "Alamat"}],
    }
    url = f"{sandbox.base_url}/_sandbox/forms"
    form = requests.post(url, json=wanted, timeout=5).json()
    assert {"Nama", "Alamat"} == form["entries"].keys()
    page = f"{sandbox.base_url}/forms/d/e/{form['public_form_id']}/formResponse"
    fields = {form["entries"]["Nama"]: "Siti Contoh"}
    requests.post(page, data=fields, timeout=5).raise_for_status()
    sandbox.submit(ANSWERS)

    values = f"{sandbox.base_url}/v4/spreadsheets/{form['spreadsheet_id']}/values/B1:B9"
    status, answer = _ask(budi, "GET", values)
    assert (200, [["Nama"], ["Siti Contoh"]]) == (status, answer["values"])
    assert 1 == len(sandbox.records())
    assert 403 == _ask(sandbox.service_account_info, "GET", values)[0]
    status, answer = _ask(budi, "GET", f"{sandbox.base_url}/v1/forms/{form['form_id']}")
    assert form["spreadsheet_id"] == answer["linkedSheetId"]


def test_form_is_shared_with_whom_it_says(sandbox: Sandbox) -> None:
    """Its editors reach form and sheet; the village's user owns it by default."""
    form = sandbox.form(title="F", shared_with=[SERVICE_ACCOUNT])
    for file_id in (form["form_id"], form["spreadsheet_id"]):
        file = sandbox.world.state.files[file_id]
        assert (USER, {SERVICE_ACCOUNT: "writer"}) == (file.owner, file.roles)


def test_files_name_all_forms(sandbox: Sandbox) -> None:
    """The sample form stands where it always stood, all of them in a list."""
    form = sandbox.form(title="F", questions=[{"title": "Nama"}])
    files = requests.get(f"{sandbox.base_url}/_sandbox/files", timeout=5).json()

    assert (sandbox.form_id, sandbox.spreadsheet_id) == (files["form_id"], files["spreadsheet_id"])
    assert 20 == len(files["entries"])
    assert [sandbox.form_id, form["form_id"]] == [one["form_id"] for one in files["forms"]]
    assert form == files["forms"][1]
    listed = requests.get(f"{sandbox.base_url}/_sandbox/forms", timeout=5).json()
    assert files["forms"] == listed["forms"]
    index = requests.get(f"{sandbox.base_url}/", timeout=5).text
    assert f"/forms/d/e/{form['public_form_id']}/viewform" in index
    assert f"/spreadsheets/d/{form['spreadsheet_id']}/edit" in index


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": "F", "owner": "tiada@contoh.example"},
        {"title": "F", "owner": SERVICE_ACCOUNT},
        {"title": "F", "shared_with": ["tiada@contoh.example"]},
        {"title": "F", "questions": "Nama"},
        {"title": "F", "questions": [{"kind": "text"}]},
        {"title": "F", "email_collection": "YA"},
        {"title": "F", "warna": "ungu"},
    ],
)
def test_forms_that_cannot_be(sandbox: Sandbox, body: dict[str, Any]) -> None:
    """They are refused with words, and nothing is made."""
    before = set(sandbox.world.state.files)
    response = requests.post(f"{sandbox.base_url}/_sandbox/forms", json=body, timeout=5)

    assert 400 == response.status_code
    assert before == set(sandbox.world.state.files)


def test_indonesian_form(sandbox: Sandbox) -> None:
    """A new form's headers and tab follow the language that is set."""
    sandbox.switch(form_language="id")
    form = sandbox.form(title="F", email_collection="VERIFIED")
    sheet = sandbox.world.state.book(form["spreadsheet_id"]).sheet(form["sheet_id"])

    assert "Respons Formulir 1" == sheet.title
    assert ["Stempel waktu", "Alamat Email"] == sheet.rows[0].cells[:2]


def test_restart_keeps_accounts_and_reset_does_not(tmp_path: Path) -> None:
    """Credentials work after a restart, own keys too; a reset closes the accounts."""
    with Sandbox(state=tmp_path) as first:
        budi = first.account(BUDI)
        robot = first.account(ROBOT, "service", own_key=True)
    with Sandbox(state=tmp_path) as second:
        about = f"{second.base_url}/drive/v3/about?fields=user"
        for info in (budi, robot):
            info["token_uri"] = f"{second.base_url}/token"
            assert 200 == _ask(info, "GET", about)[0]
        second.reset()
        assert {USER, SERVICE_ACCOUNT} == second.world.state.accounts.keys()
        fields = {name: budi[name] for name in ("client_id", "client_secret", "refresh_token")}
        fields["grant_type"] = "refresh_token"
        again = requests.post(budi["token_uri"], data=fields, timeout=5)
        assert "invalid_grant" == again.json()["error"]
