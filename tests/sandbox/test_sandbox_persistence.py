"""`--state`: what was answered is there, however the sandbox ended."""

from __future__ import annotations

import json
import random
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
from sync.sandbox.keys import Keys
from sync.sandbox.sample import SPREADSHEET_ID, USER

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_SCOPES = [
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
]
_FOLDER = "application/vnd.google-apps.folder"


class _Running:
    """A sandbox in its own process, and a client of it."""

    def __init__(self, folder: Path, now: datetime) -> None:
        command = [sys.executable, "-m", "sync", "sandbox", "--port", "0", "--state", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[-1]
        key = json.loads((folder / "service-account.json").read_text("utf-8"))["private_key"]
        self.headers = {"authorization": f"Bearer {Keys(key).access_token(USER, _SCOPES, now)}"}

    def call(self, verb: str, path: str, body: Any = None) -> Any:
        answer = requests.request(
            verb, self.url + path, json=body, headers=self.headers, timeout=10
        )
        answer.raise_for_status()
        return answer.json()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        assert self.process.stdout is not None
        self.process.stdout.close()
        assert -9 == self.process.wait(timeout=10)


def _write(sandbox: _Running, column: str, answered: list[tuple[str, str]]) -> None:
    """Write down a column until the sandbox dies; note what was answered."""
    row = 2
    while True:
        cell = f"{column}{row}"
        path = f"/v4/spreadsheets/{SPREADSHEET_ID}/values/{cell}?valueInputOption=RAW"
        try:
            sandbox.call("PUT", path, {"values": [[f"isi {cell}"]]})
        except requests.RequestException:
            return
        answered.append((cell, f"isi {cell}"))
        row += 1


def _upload(sandbox: _Running, answered: list[tuple[str, str]]) -> None:
    """Make folders in Drive until the sandbox dies; note what was answered."""
    number = 0
    while True:
        body = {"name": f"Map {number}", "mimeType": _FOLDER}
        try:
            answered.append((sandbox.call("POST", "/drive/v3/files", body)["id"], body["name"]))
        except requests.RequestException:
            return
        number += 1


@pytest.mark.parametrize("seed", range(3))
def test_kill_in_the_middle_of_writes_loses_nothing(tmp_path: Path, seed: int) -> None:
    """Several writers at once, SIGKILL at random, twice: every answered write is there."""
    dice, now = random.Random(seed), Sandbox().world.clock()
    cells: dict[str, list[tuple[str, str]]] = {"B": [], "C": []}
    files: list[tuple[str, str]] = []
    for _ in range(2):
        sandbox = _Running(tmp_path, now)
        writers = [threading.Thread(target=_write, args=(sandbox, c, cells[c])) for c in cells]
        writers.append(threading.Thread(target=_upload, args=(sandbox, files)))
        for writer in writers:
            writer.start()
        time.sleep(dice.uniform(0.05, 0.4))
        sandbox.kill()
        for writer in writers:
            writer.join()
    again = _Running(tmp_path, now)
    try:
        found = again.call("GET", f"/v4/spreadsheets/{SPREADSHEET_ID}/values/B1:C1000")["values"]
        for column, at in (("B", 0), ("C", 1)):
            for cell, text in cells[column]:
                assert text == found[int(cell[1:]) - 1][at]
        listed = again.call("GET", "/drive/v3/files?pageSize=1000")["files"]
        assert set(files) <= {(one["id"], one["name"]) for one in listed}
        assert files, "nothing was written before the kill"
    finally:
        again.kill()


def test_two_sandboxes_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second is refused with one sentence; when the first has ended it may."""
    with Sandbox(state=tmp_path), pytest.raises(UserError, match="Another sandbox is at work"):
        Sandbox(state=tmp_path)
    Sandbox(state=tmp_path).stop()


def test_a_damaged_journal_names_its_line(tmp_path: Path) -> None:
    """Nothing is made up for what cannot be read."""
    with Sandbox(state=tmp_path) as sandbox:
        sandbox.switch(find_replace="literal")
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(b"{damaged\n" + journal.read_bytes())

    with pytest.raises(UserError, match=r"journal\.jsonl:1: is damaged"):
        Sandbox(state=tmp_path)


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
