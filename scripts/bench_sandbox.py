"""The stand-in for Google, from a real client."""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from bench_figures import Figure, megabytes, process, seconds

from sync.sandbox.keys import Keys
from sync.sandbox.sample import SPREADSHEET_ID, USER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.pool import Pool

_ROWS, _COLUMNS = 50_000, 25
_REPLACEMENTS = 10_000
_CHANGES = 20_000
_CALLS = 1000
_CLIENTS = 2
_ROUNDS = 5
_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
_FLOOR = """
from datetime import UTC, datetime
from sync.sandbox.reply import Reply
from sync.sandbox.server import Server, listening_socket
class Constant:
    def call(self, *request):
        return Reply(body={})
    def clock(self):
        return datetime.now(UTC)
listener = listening_socket(0)
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
Server(Constant(), listener)._run()
"""


def sandbox() -> Iterator[Figure]:
    """Yield what the sandbox does in its own process, as `surat-sync sandbox` runs it."""
    yield from _small_calls()
    yield from _large_sheet()
    yield from _starts()


def _small_calls() -> Iterator[Figure]:
    """
    Yield small calls per second of requests sessions that keep their connections.

    Each takes its turn in every round, and its best round counts: a busy computer
    disturbs all of them alike.
    """
    pools = multiprocessing.get_context("spawn").Pool(_CLIENTS)
    with pools as pool, process([sys.executable, "-c", _FLOOR]) as (floor, _), _running() as one:
        values = f"{one.url}/v4/spreadsheets/{SPREADSHEET_ID}/values/A1:B2"
        calls = {
            "floor: a constant answer": (floor, one.token, "GET", None),
            "values.get of 4 cells": (values, one.token, "GET", None),
            "values.update of 2 cells": (
                f"{values}?valueInputOption=RAW",
                one.token,
                "PUT",
                {"values": [["a", "b"]]},
            ),
        }
        best: dict[tuple[str, int], float] = {}
        for _ in range(_ROUNDS):
            for name, call in calls.items():
                for clients in (1, _CLIENTS):
                    rate = _rate(pool, clients, call)
                    best[name, clients] = max(rate, best.get((name, clients), 0))
    for clients in (1, _CLIENTS):
        unit = f"calls/s of {clients} client" + "s" * (clients > 1)
        for name in calls:
            goal = "1,500" if name.startswith("values") and clients > 1 else ""
            yield Figure(name=name, value=best[name, clients], unit=unit, goal=goal)
    least, read = (best[name, _CLIENTS] for name in list(calls)[:2])
    yield Figure(name="values.get against the floor", value=read / least, unit="times")


def _large_sheet() -> Iterator[Figure]:
    with _running() as one:
        client = _Client(one.url, one.token)
        before = megabytes(one.process_id)
        client.batch({"addSheet": {"properties": _LARGE}})
        rows = [[f"sel {row} {column}" for column in range(_COLUMNS)] for row in range(_ROWS)]
        content = json.dumps({"values": rows}).encode()
        write = seconds(lambda: client.call("PUT", "/values/Besar!A1", content, _RAW))
        read = min(seconds(lambda: client.call("GET", "/values/Besar")) for _ in range(3))
        cells = f"{_ROWS:,} x {_COLUMNS} cells"
        yield Figure(name=f"{cells}: written", value=write, unit="s")
        yield Figure(name=f"{cells}: read", value=read, unit="s", goal="2")
        swap = seconds(lambda: client.batch(*map(_replacement, range(1, _REPLACEMENTS + 1))))
        name = f"{_REPLACEMENTS:,} findReplace on one column"
        yield Figure(name=name, value=swap, unit="s", goal="5")
        used = (megabytes(one.process_id) - before) * 1_000_000 / (_ROWS * _COLUMNS)
        yield Figure(name="a million cells in memory", value=used, unit="MB", goal="1,000")


def _starts() -> Iterator[Figure]:
    """Yield how long a start takes with nothing, and with many changes, in the folder."""
    with tempfile.TemporaryDirectory() as folder:
        empty = seconds(lambda: _visit(folder))
        with _running(folder) as one:
            for first in range(0, _CHANGES, _BATCH):
                _write_batch(one, range(first, first + _BATCH))
        again = seconds(lambda: _visit(folder))
    yield Figure(name="a start with an empty folder", value=empty, unit="s")
    yield Figure(name=f"a start that repeats {_CHANGES:,} changes", value=again, unit="s")


_BATCH = 100


def _write_batch(one: _Running, rows: Iterable[int]) -> None:
    """Write a cell of each row, each with a call of its own in one `/batch`."""
    body = '{"values": [["isi"]]}'
    parts = "".join(
        "--b\r\nContent-Type: application/http\r\n\r\n"
        f"PUT /v4/spreadsheets/{SPREADSHEET_ID}/values/B{2 + row % 900}?valueInputOption=RAW "
        f"HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}\r\n"
        for row in rows
    )
    with _session(one.token) as session:
        kind = {"content-type": "multipart/mixed; boundary=b"}
        answer = session.post(f"{one.url}/batch", data=f"{parts}--b--", headers=kind)
    assert answer.text.count("HTTP/1.1 200 OK") == _BATCH, answer.text


def _visit(folder: str) -> None:
    with _running(folder):
        pass


_LARGE = {
    "sheetId": 7,
    "title": "Besar",
    "gridProperties": {"rowCount": _ROWS, "columnCount": _COLUMNS},
}
_RAW = {"valueInputOption": "RAW"}


def _replacement(row: int) -> Any:  # noqa: ANN401  # JSON
    place = {"sheetId": 7, "startRowIndex": 1, "startColumnIndex": 3, "endColumnIndex": 4}
    wanted = {"find": f"sel {row} 3", "replacement": f"baru {row}", "range": place}
    return {"findReplace": wanted | {"matchCase": True, "matchEntireCell": True}}


class _Client:
    """A session that calls the sample spreadsheet."""

    def __init__(self, url: str, token: str) -> None:
        self._url = f"{url}/v4/spreadsheets/{SPREADSHEET_ID}"
        self._session = _session(token)

    def call(self, verb: str, path: str, content: bytes = b"", query: Any = None) -> Any:  # noqa: ANN401
        answer = self._session.request(verb, self._url + path, data=content, params=query)
        answer.raise_for_status()
        return answer.json()

    def batch(self, *kinds: Any) -> None:  # noqa: ANN401  # JSON
        self.call("POST", ":batchUpdate", json.dumps({"requests": kinds}).encode())


def _session(token: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["authorization"] = f"Bearer {token}"
    return session


def _rate(pool: Pool, clients: int, call: tuple[Any, ...]) -> float:
    """Return calls per second of several client processes at once."""
    each = _CALLS // clients
    pool.starmap(_called, [(*call, 20)] * clients)
    took = seconds(lambda: pool.starmap(_called, [(*call, each)] * clients))
    return clients * each / took


def _called(url: str, token: str, verb: str, body: Any, times: int) -> None:  # noqa: ANN401
    with _session(token) as session:
        for _ in range(times):
            session.request(verb, url, json=body).raise_for_status()


@dataclass(frozen=True, slots=True)
class _Running:
    """A sandbox in its own process, and a token for it."""

    url: str
    token: str
    process_id: int


@contextmanager
def _running(folder: str = "") -> Iterator[_Running]:
    """Run a sandbox, with its state in *folder* or in one that is thrown away."""
    with tempfile.TemporaryDirectory() as thrown_away:
        state = folder or thrown_away
        command = [sys.executable, "-m", "sync", "sandbox", "--port", "0", "--state", state]
        with process(command) as (ready, process_id):
            key = json.loads((Path(state) / "service-account.json").read_text("utf-8"))
            token = Keys(key["private_key"]).access_token(USER, [_SCOPE], datetime.now(UTC))
            yield _Running(ready.split()[-1], token, process_id)
