"""`--state`: what was answered is there, however the sandbox ended."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sync.errors import UserError
from sync.sandbox import Sandbox
from sync.sandbox.sample import SERVICE_ACCOUNT, SPREADSHEET_ID, USER

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sync.sandbox.reply import Reply

_NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"

_SCOPES = [
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
]
_FOLDER = "application/vnd.google-apps.folder"


PROGRAM = """
import sys
from pathlib import Path
from sync.sandbox import Sandbox
Sandbox(state=Path(sys.argv[1])).run_forever(lambda url: print(url, flush=True))
"""


class _Running:
    """A sandbox in its own process."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-c", PROGRAM, str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        assert self.process.stdout is not None
        self.process.stdout.close()
        assert -9 == self.process.wait(timeout=10)


class _Client:
    """Writes into one column and one Drive folder, and notes what was answered."""

    def __init__(self, column: str, headers: dict[str, str]) -> None:
        self.column, self.headers = column, headers
        self.cells: list[str] = []
        self.folders: dict[str, str] = {}

    def write(self, sandbox: _Running) -> None:
        """Write a block of three cells and make a folder, again and again, until it dies."""
        while True:
            row = 3 * len(self.cells) + 2
            text = f"isi {self.column}{row}"
            body = {"values": [[text]] * 3}
            place = f"/v4/spreadsheets/{SPREADSHEET_ID}/values/{self.column}{row}"
            name = {"name": f"Map {text}", "mimeType": _FOLDER}
            try:
                self.call(sandbox, "PUT", f"{place}?valueInputOption=RAW", body)
                self.cells.append(text)
                made = self.call(sandbox, "POST", "/drive/v3/files", name)
            except requests.RequestException:
                return
            self.folders[made["id"]] = made["name"]

    def call(self, sandbox: _Running, verb: str, path: str, body: Any = None) -> Any:
        answer = requests.request(
            verb, sandbox.url + path, json=body, headers=self.headers, timeout=10
        )
        answer.raise_for_status()
        return answer.json()


def _killed_in_the_middle(folder: Path, clients: Sequence[_Client], seconds: float) -> None:
    sandbox = _Running(folder)
    writers = [threading.Thread(target=one.write, args=(sandbox,)) for one in clients]
    for writer in writers:
        writer.start()
    time.sleep(seconds)
    sandbox.kill()
    for writer in writers:
        writer.join()


@pytest.mark.parametrize("seed", range(20 if _NIGHTLY else 1))
def test_kill_in_the_middle_of_writes_loses_nothing(tmp_path: Path, seed: int) -> None:
    """
    Several writers at once, SIGKILL at random, twice: every answered write is there.

    One that was not answered is wholly there, or not at all.
    """
    dice = random.Random(seed)
    with Sandbox(state=tmp_path) as begun:
        token = begun.world.keys.access_token(USER, _SCOPES, begun.world.clock())
    headers = {"authorization": f"Bearer {token}"}
    clients = [_Client(column, headers) for column in "BCD"]
    for _ in range(2):
        _killed_in_the_middle(tmp_path, clients, dice.uniform(0.1, 0.4))

    again = Sandbox(state=tmp_path)
    again.stop()
    rows = again.rows()[1:]
    names = {one.file_id: one.name for one in again.world.state.files.values()}
    for at, client in enumerate(clients, start=1):
        found = [row[at] for row in rows if at < len(row) and row[at] != ""]
        blocks = found[::3]
        assert [text for text in blocks for _ in range(3)] == found
        assert client.cells == blocks[: len(client.cells)]
        assert len(blocks) <= len(client.cells) + 1
        assert client.folders.items() <= names.items()
        assert client.folders, "nothing was answered before the kill"


def test_two_sandboxes_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second is refused with one sentence; when the first has ended it may."""
    with Sandbox(state=tmp_path), pytest.raises(UserError, match="Another sandbox is at work"):
        Sandbox(state=tmp_path)
    Sandbox(state=tmp_path).stop()


@pytest.mark.parametrize(
    "line",
    [
        b"{damaged",
        b"5",
        b'{"kind": "switch"}',
        b'{"kind": "tiada", "at": "2026-11-24T10:00:00+07:00", "seed": 1}',
        b'{"kind": "switch", "at": "2026-11-24T10:00:00+07:00", "seed": 1, "switches": {"x": ""}}',
    ],
)
def test_a_damaged_journal_names_its_line(tmp_path: Path, line: bytes) -> None:
    """Nothing is made up for what cannot be read, or cannot have happened."""
    with Sandbox(state=tmp_path) as sandbox:
        sandbox.switch(find_replace="literal")
    journal = tmp_path / "journal.jsonl"
    first, second = journal.read_bytes().splitlines()
    journal.write_bytes(b"\n".join((first, line, second, b"")))

    for _ in range(2):  # the folder is not held by the one that gave up
        with pytest.raises(UserError, match=r"journal\.jsonl:2: is damaged"):
            Sandbox(state=tmp_path)


def test_a_journal_of_another_version_is_refused(tmp_path: Path) -> None:
    """What another version wrote may come to another state here."""
    Sandbox(state=tmp_path).stop()
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b'"version":1', b'"version":99'))

    with pytest.raises(
        UserError, match=r"journal\.jsonl:1: is of version 99, this sandbox is of 1"
    ):
        Sandbox(state=tmp_path)


def test_ids_of_a_seed_are_not_given_twice(tmp_path: Path) -> None:
    """A sandbox of the same seed goes on, and does not begin its ids again."""
    found: list[str] = []
    for _ in range(3):
        sandbox = Sandbox(state=tmp_path, seed=1)
        found += [_created(sandbox), _created(sandbox)]
        assert set(found) <= sandbox.world.state.spreadsheets.keys()
        sandbox.stop()

    assert 6 == len(set(found))


def test_whether_service_accounts_own_files_may_change(tmp_path: Path) -> None:
    """Each start says it anew, and what was made before stays."""
    sheets: list[str] = []
    for owns in (True, False, True):
        sandbox = Sandbox(state=tmp_path, service_accounts_own_files=owns)
        if owns:
            sheets.append(_created(sandbox, SERVICE_ACCOUNT))
        else:
            assert 403 == _create(sandbox, SERVICE_ACCOUNT).status
        assert set(sheets) <= sandbox.world.state.spreadsheets.keys()
        sandbox.stop()

    assert 2 == len(sheets)


def test_a_full_disk_takes_no_more_writes(tmp_path: Path) -> None:
    """What could not be kept is no half line; later writes fail until the next start."""
    sandbox = Sandbox(state=tmp_path)
    kept = _created(sandbox)
    full = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (tmp_path / "journal.jsonl").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, full[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            _create(sandbox)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, full)
    with pytest.raises(ValueError, match="closed file"):
        _create(sandbox)
    sandbox.stop()
    again = Sandbox(state=tmp_path)
    again.stop()

    assert {SPREADSHEET_ID, kept} == again.world.state.spreadsheets.keys()
    assert size == (tmp_path / "journal.jsonl").stat().st_size


def _create(sandbox: Sandbox, email: str = USER) -> Reply:
    world = sandbox.world
    token = world.keys.access_token(email, _SCOPES, world.clock())
    return world.call("POST", "/v4/spreadsheets", "", {"authorization": f"Bearer {token}"}, b"{}")


def _created(sandbox: Sandbox, email: str = USER) -> str:
    body = _create(sandbox, email).body
    assert body is not None
    return str(body["spreadsheetId"])


def test_uploads_in_pieces_go_on_after_a_restart(tmp_path: Path) -> None:
    """A resumable upload that a restart interrupted ends with the whole file."""
    with Sandbox(state=tmp_path) as first:
        token = first.world.keys.access_token(USER, _SCOPES, first.world.clock())
        headers = {"authorization": f"Bearer {token}"}
        begun = requests.post(
            f"{first.base_url}/upload/drive/v3/files?uploadType=resumable",
            json={"name": "surat.docx"},
            headers=headers,
            timeout=5,
        )
        place = begun.headers["Location"]
        part = {**headers, "Content-Range": "bytes 0-2/6"}
        assert 308 == requests.put(place, b"abc", headers=part, timeout=5).status_code
    with Sandbox(state=tmp_path) as second:
        place = place.replace(first.base_url, second.base_url)
        rest = {**headers, "Content-Range": "bytes 3-5/6"}
        file = requests.put(place, b"def", headers=rest, timeout=5).json()
        content = requests.get(
            f"{second.base_url}/drive/v3/files/{file['id']}?alt=media", headers=headers, timeout=5
        )

    assert b"abcdef" == content.content
