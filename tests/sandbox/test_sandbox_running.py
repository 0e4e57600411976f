"""The server itself: control, persistence, headers, speed of answers."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
from real_clients import ANSWERS, session

from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from sync.sandbox import Sandbox
Sandbox(state=Path(sys.argv[1])).run_forever(lambda url: print(url, flush=True))
"""


def _started(folder: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def _stopped(process: subprocess.Popen[str], kind: signal.Signals) -> int:
    process.send_signal(kind)
    assert process.stdout is not None
    process.stdout.close()
    return process.wait(timeout=10)


@pytest.mark.parametrize("kind,code", [(signal.SIGKILL, -9), (signal.SIGTERM, 0)])
def test_state_folder_survives(tmp_path: Path, kind: signal.Signals, code: int) -> None:
    """Every answered change is there after kill -9 and after a clean stop."""
    process, url = _started(tmp_path)
    form = requests.get(f"{url}/_sandbox/files", timeout=5).json()
    fields = {form["entries"][title]: text for title, text in ANSWERS.items()}
    answer = f"{url}/forms/d/e/{form['public_form_id']}/formResponse"
    for _ in range(3):
        assert 200 == requests.post(answer, data=fields, timeout=5).status_code
    edit = {"do": [{"edit": {"sheet": form["sheet_id"], "row": 2, "column": 1, "value": "Budi"}}]}
    requests.post(f"{url}/_sandbox/staff", json=edit, timeout=5).raise_for_status()
    switches = {"find_replace": "literal"}
    requests.post(f"{url}/_sandbox/switches", json=switches, timeout=5).raise_for_status()
    assert code == _stopped(process, kind)

    again = Sandbox(state=tmp_path)
    try:
        names = [record["Nama Lengkap"] for record in again.records()]
        assert ["Siti Contoh", "Budi", "Siti Contoh"] == names
        assert "literal" == again.world.state.switches["find_replace"]
    finally:
        again.stop()


def test_api_writes_survive(tmp_path: Path) -> None:
    """New tabs, values and ids come back as they were; a reset empties the folder's state."""
    with Sandbox(state=tmp_path) as first, session(first) as own:
        base = f"{first.base_url}/v4/spreadsheets/{first.spreadsheet_id}"
        body = {"requests": [{"addSheet": {"properties": {"title": "T"}}}]}
        added = own.post(f"{base}:batchUpdate", json=body).json()
        gid = added["replies"][0]["addSheet"]["properties"]["sheetId"]
        values = {"values": [["x", 1.5, True]]}
        own.put(f"{base}/values/T!A1", json=values, params={"valueInputOption": "RAW"})
        token = own.credentials.token
    with Sandbox(state=tmp_path) as second:
        assert [["x", 1.5, True]] == second.rows(gid)
        headers = {"authorization": f"Bearer {token}"}
        url = f"{second.base_url}/v4/spreadsheets/{second.spreadsheet_id}"
        assert 200 == requests.get(url, headers=headers, timeout=5).status_code
        second.reset()
    third = Sandbox(state=tmp_path)
    assert 1 == len(third.world.state.book(third.spreadsheet_id).sheets)
    third.stop()


def test_half_a_line_of_the_journal_is_dropped(tmp_path: Path) -> None:
    """What a crash left unfinished was never answered: it is cut off."""
    sandbox = Sandbox(state=tmp_path)
    sandbox.submit(ANSWERS)
    sandbox.stop()
    journal = tmp_path / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + whole.splitlines()[-1][:40])
    again = Sandbox(state=tmp_path)
    again.submit(ANSWERS)
    again.stop()
    last = Sandbox(state=tmp_path)
    last.stop()

    assert 2 == len(last.records())


def test_credential_files_are_private(tmp_path: Path) -> None:
    """Both files are 0600, name this port, and keep their keys from run to run."""
    with Sandbox(state=tmp_path) as first:
        keys = [json.loads((tmp_path / name).read_text()) for name in _CREDENTIALS]
        assert [f"{first.base_url}/token"] * 2 == [key["token_uri"] for key in keys]
        assert [first.service_account_info, first.authorized_user_info] == keys
    with Sandbox(state=tmp_path) as second:
        assert keys[0]["private_key"] == second.service_account_info["private_key"]
        assert keys[1]["refresh_token"] == second.authorized_user_info["refresh_token"]
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in _CREDENTIALS]
    assert [0o600, 0o600] == modes


_CREDENTIALS = ("service-account.json", "authorized-user.json")


def test_headers_are_google_s(sandbox: Sandbox, call: Callable[..., Any], api: Any) -> None:
    """JSON with charset, a Date, gzip for large answers; no ETag, no Retry-After."""
    call("GET", "")
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}?includeGridData=true"
    headers = api.get(url).headers

    assert "application/json; charset=UTF-8" == headers["content-type"]
    assert headers["date"].endswith(" GMT")
    assert "gzip" == headers["content-encoding"]
    assert not {"etag", "retry-after", "server"} & {name.lower() for name in headers}
    plain = api.get(url, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


def test_reset_restores_the_fresh_sandbox(sandbox: Sandbox) -> None:
    """After a reset there is the empty form sheet, no fault, no staff, no history."""
    fresh = sandbox.rows()
    sandbox.submit(ANSWERS)
    sandbox.fault("token", kind="503")
    sandbox.staff({"hide": {"row": 1}}, before="token")
    sandbox.switch(find_replace="literal")
    requests.post(f"{sandbox.base_url}/_sandbox/reset", timeout=5).raise_for_status()

    assert fresh == sandbox.rows()
    assert ([], [], []) == (
        sandbox.history(),
        sandbox.unused_faults(),
        sandbox.world.staff.waiting,
    )
    assert "typed" == sandbox.world.state.switches["find_replace"]


def test_files_and_switches(sandbox: Sandbox) -> None:
    """Control tells the files with their owner, the form's entries, and the switches."""
    base = f"{sandbox.base_url}/_sandbox"
    files = requests.get(f"{base}/files", timeout=5).json()
    assert {sandbox.form_id, sandbox.spreadsheet_id} == {one["id"] for one in files["files"]}
    assert {"desa.contoh@gmail.com"} == {one["owner"] for one in files["files"]}
    assert files["entries"]["NIK"].startswith("entry.")
    changed = requests.post(f"{base}/switches", json={"digit_answers": "number"}, timeout=5)
    assert "number" == changed.json()["digit_answers"]
    assert "number" == requests.get(f"{base}/switches", timeout=5).json()["digit_answers"]
    wrong = requests.post(f"{base}/switches", json={"digit_answers": "x"}, timeout=5)
    assert 400 == wrong.status_code
    assert 404 == requests.get(f"{base}/tiada", timeout=5).status_code


def test_unknown_calls_are_501_with_their_name(sandbox: Sandbox, api: Any) -> None:
    """A path that no document describes is named."""
    response = api.get(f"{sandbox.base_url}/v4/tiada/5")

    assert 501 == response.status_code
    assert "The sandbox does not know GET /v4/tiada/5." == response.json()["error"]["message"]


def test_stop_lets_hanging_calls_go(sandbox: Sandbox) -> None:
    """A call that hangs does not hold the sandbox up."""
    with Sandbox() as other:
        other.fault("token", kind="hang")
        url = f"{other.base_url}/token"
        caught: list[Exception] = []

        def ask() -> None:
            try:
                requests.post(url, data={}, timeout=30)
            except requests.ConnectionError as error:
                caught.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while not other.history():
            time.sleep(0.01)
        started = time.monotonic()
    thread.join()

    assert time.monotonic() - started < 1.5
    assert 1 == len(caught)
    assert sandbox.base_url != url
