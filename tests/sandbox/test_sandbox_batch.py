"""`/batch`: many calls of googleapiclient's in one request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from googleapiclient.http import BatchHttpRequest
from real_clients import SessionHttp, service

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

_FOLDER = "application/vnd.google-apps.folder"


class _Answers:
    """What came back for each call, in order: a body, or the error's status."""

    def __init__(self) -> None:
        self.found: list[Any] = []

    def __call__(self, _id: str, answer: Any, error: Any) -> None:
        self.found.append(answer if error is None else error.resp.status)


def _batch(sandbox: Sandbox, session: Any, *calls: Any, path: str = "/batch/drive/v3") -> list[Any]:
    answers = _Answers()
    batch = BatchHttpRequest(callback=answers, batch_uri=f"{sandbox.base_url}{path}")
    for call in calls:
        batch.add(call)
    batch.execute(http=SessionHttp(session))
    return answers.found


def test_each_call_has_its_own_answer(sandbox: Sandbox, village: Any) -> None:
    """Made, read, missing, refused: in order, and each a call of its own in the history."""
    session, files = village._http.session, village.files()
    made = files.create(body={"name": "Map", "mimeType": _FOLDER}, fields="name")
    before = len(sandbox.history())
    found = _batch(
        sandbox,
        session,
        made,
        files.get(fileId="x" * 33),
        files.list(q="name ="),
        files.list(q="name = 'Map'", fields="files(name)"),
    )

    assert [{"name": "Map"}, 404, 400, {"files": [{"name": "Map"}]}] == found
    methods = [one.method.rpartition(".")[2] for one in sandbox.history()[before:]]
    assert ["token", "create", "get", "list", "list"] == methods


def test_sheets_and_drive_may_share_a_batch(sandbox: Sandbox, village: Any) -> None:
    """The global address takes calls of several APIs."""
    session = village._http.session
    sheets = service(sandbox, "sheets", "v4", session)
    values = sheets.spreadsheets().values()
    place = {"spreadsheetId": sandbox.spreadsheet_id, "range": "B2"}
    write = values.update(**place, valueInputOption="RAW", body={"values": [["Ü & <x>"]]})
    found = _batch(
        sandbox, session, write, values.get(**place), village.files().list(), path="/batch"
    )

    assert [1, [["Ü & <x>"]], "drive#fileList"] == [
        found[0]["updatedCells"],
        found[1]["values"],
        found[2]["kind"],
    ]


def test_a_fault_hits_one_call_of_the_batch(sandbox: Sandbox, village: Any) -> None:
    """The others are answered; one whose answer is lost was applied all the same."""
    sandbox.fault("drive.files.create", kind="close-after", after=1)
    calls = [
        village.files().create(body={"name": name, "mimeType": _FOLDER}, fields="name")
        for name in "abc"
    ]
    found = _batch(sandbox, village._http.session, *calls)

    assert [{"name": "a"}, 503, {"name": "c"}] == found
    names = [one["name"] for one in village.files().list(orderBy="name").execute()["files"]]
    assert ["a", "b", "c"] == names[:3]


def test_what_is_no_batch_is_refused(sandbox: Sandbox, api: Any) -> None:
    """No boundary, no call, too many calls: 400, and nothing is done."""
    url = f"{sandbox.base_url}/batch/drive/v3"
    kind = {"Content-Type": "multipart/mixed; boundary=b"}
    part = "--b\r\nContent-Type: application/http\r\n\r\nGET /drive/v3/files HTTP/1.1\r\n\r\n\r\n"
    bodies: list[tuple[str, dict[str, str]]] = [
        (part + "--b--", {}),
        ("--b--", kind),
        ("--b\r\n\r\nnonsense\r\n--b--", kind),
        (part * 101 + "--b--", kind),
    ]
    before = len(sandbox.history())

    assert [400] * 4 == [
        api.post(url, data=body, headers=headers).status_code for body, headers in bodies
    ]
    assert before == len([one for one in sandbox.history() if one.method != "token"])


def test_a_part_has_the_batchs_token_or_its_own(
    sandbox: Sandbox, call: Callable[..., Any], api: Any
) -> None:
    """Each call is answered for whoever its own header names."""
    call("GET", "")  # a token
    part = (
        "--b\r\nContent-Type: application/http\r\nContent-ID: <x + {n}>\r\n\r\n"
        "GET /drive/v3/about?fields=user HTTP/1.1\r\n{own}\r\n\r\n"
    )
    keys = sandbox.world.keys
    scope = "https://www.googleapis.com/auth/drive"
    account = sandbox.authorized_user_info["account"]
    token = keys.access_token(account, [scope], sandbox.world.clock())
    own = f"Authorization: Bearer {token}\r\n"
    body = part.format(n=1, own="") + part.format(n=2, own=own) + "--b--"
    answer = api.post(
        f"{sandbox.base_url}/batch/drive/v3",
        data=body,
        headers={"Content-Type": "multipart/mixed; boundary=b"},
    )
    bodies = [json.loads(line) for line in answer.text.splitlines() if line.startswith("{")]

    assert [sandbox.service_account_info["client_email"], account] == [
        one["user"]["emailAddress"] for one in bodies
    ]
    assert answer.text.index("<response-x + 1>") < answer.text.index("<response-x + 2>")


def test_the_global_address_takes_a_thousand_calls(sandbox: Sandbox, api: Any) -> None:
    """Drive takes 100 calls in a batch, other addresses 1,000; a part may have no id."""
    kind = {"Content-Type": "multipart/mixed; boundary=b"}
    part = "--b\r\nContent-Type: application/http\r\n\r\nGET /v4/spreadsheets/x HTTP/1.1\r\n\r\n"
    answers = [
        api.post(f"{sandbox.base_url}/batch", data=part * count + "--b--", headers=kind)
        for count in (1000, 1001)
    ]

    assert [200, 400] == [answer.status_code for answer in answers]
    assert 1000 == answers[0].text.count("HTTP/1.1 404 Not Found")
    assert "Content-ID" not in answers[0].text
