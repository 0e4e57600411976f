"""
Measures speed, side by side in one run; nothing of it is a test.

Usage: ./scripts/bench sandbox [--json]    the stand-in for Google, from a real client
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from sync.sandbox.keys import Keys
from sync.sandbox.sample import SPREADSHEET_ID, USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ROWS, _COLUMNS = 50_000, 25
_REPLACEMENTS = 10_000
_CALLS = 3000
_CLIENTS = 2
_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
_FLOOR = (
    "import sys, uvicorn\n"
    "from sync.sandbox.server import listening_socket\n"
    "async def app(scope, receive, send):\n"
    "    head = [(b'content-type', b'application/json')]\n"
    "    await send({'type': 'http.response.start', 'status': 200, 'headers': head})\n"
    "    await send({'type': 'http.response.body', 'body': b'{}'})\n"
    "config = uvicorn.Config(app, lifespan='off', ws='none', log_config=None, access_log=False)\n"
    "listener = listening_socket(0)\n"
    "print(f'http://127.0.0.1:{listener.getsockname()[1]}', flush=True)\n"
    "uvicorn.Server(config).run(sockets=[listener])\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was measured."""

    name: str
    value: float
    unit: str
    goal: str = ""


def main() -> None:
    """Measure what the command line names, and print it."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure speed side by side.")
    parser.add_argument("what", choices=sorted(BENCHES))
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    figures = list(BENCHES[asked.what]())
    if asked.json:
        print(json.dumps({"figures": [asdict(figure) for figure in figures]}))
        return
    for one in figures:
        goal = f"   (goal: {one.goal})" if one.goal else ""
        print(f"{one.name:52} {one.value:10,.2f} {one.unit}{goal}")


def sandbox() -> Iterator[Figure]:
    """Yield what the sandbox does in its own process, as `surat-sync sandbox` runs it."""
    yield from _small_calls()
    yield from _large_sheet()


def _small_calls() -> Iterator[Figure]:
    """Yield small calls per second of requests sessions that keep their connections."""
    with _process([sys.executable, "-c", _FLOOR]) as (floor, _):
        least = _rate(floor, "", "GET", None)
    with _running() as (url, token, _):
        ranges = f"{url}/v4/spreadsheets/{SPREADSHEET_ID}/values/A1:B2"
        read = _rate(ranges, token, "GET", None)
        write = _rate(f"{ranges}?valueInputOption=RAW", token, "PUT", {"values": [["a", "b"]]})
    unit = f"calls/s, {_CLIENTS} clients"
    yield Figure(name="floor: uvicorn with a constant answer", value=least, unit=unit)
    yield Figure(name="values.get of 4 cells", value=read, unit=unit, goal="1,500")
    yield Figure(name="values.update of 2 cells", value=write, unit=unit)
    yield Figure(name="values.get against the floor", value=read / least, unit="times")


def _large_sheet() -> Iterator[Figure]:
    with _running() as (url, token, process_id):
        client = _Client(url, token)
        before = _megabytes(process_id)
        client.batch({"addSheet": {"properties": _LARGE}})
        rows = [[f"sel {row} {column}" for column in range(_COLUMNS)] for row in range(_ROWS)]
        content = json.dumps({"values": rows}).encode()
        write = _seconds(lambda: client.call("PUT", "/values/Besar!A1", content, _RAW))
        read = min(_seconds(lambda: client.call("GET", "/values/Besar")) for _ in range(3))
        cells = f"{_ROWS:,} x {_COLUMNS} cells"
        yield Figure(name=f"{cells}: written", value=write, unit="s")
        yield Figure(name=f"{cells}: read", value=read, unit="s", goal="2")
        swap = _seconds(lambda: client.batch(*map(_replacement, range(1, _REPLACEMENTS + 1))))
        name = f"{_REPLACEMENTS:,} findReplace on one column"
        yield Figure(name=name, value=swap, unit="s", goal="5")
        used = (_megabytes(process_id) - before) * 1_000_000 / (_ROWS * _COLUMNS)
        yield Figure(name="a million cells in memory", value=used, unit="MB", goal="1,000")


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


def _rate(url: str, token: str, verb: str, body: Any) -> float:  # noqa: ANN401  # JSON
    """Return calls per second of several client processes at once."""
    with multiprocessing.get_context("spawn").Pool(_CLIENTS) as pool:
        pool.starmap(_called, [(url, token, verb, body, 50)] * _CLIENTS)
        seconds = _seconds(
            lambda: pool.starmap(_called, [(url, token, verb, body, _CALLS)] * _CLIENTS)
        )
    return _CLIENTS * _CALLS / seconds


def _called(url: str, token: str, verb: str, body: Any, times: int) -> None:  # noqa: ANN401
    with _session(token) as session:
        for _ in range(times):
            session.request(verb, url, json=body).raise_for_status()


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


@contextmanager
def _running() -> Iterator[tuple[str, str, int]]:
    """Yield base URL, an access token and the process id of a sandbox."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sync", "sandbox", "--port", "0", "--state", folder]
        with _process(command) as (ready, process_id):
            key = json.loads((Path(folder) / "service-account.json").read_text("utf-8"))
            keys = Keys(key["private_key"])
            yield (
                ready.split()[-1],
                keys.access_token(USER, [_SCOPE], datetime.now(UTC)),
                process_id,
            )


@contextmanager
def _process(command: list[str]) -> Iterator[tuple[str, int]]:
    """Yield the first line that a process prints, and its id."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.terminate()
        process.wait()


def _megabytes(process_id: int) -> float:
    """Return what a process holds in memory."""
    status = Path(f"/proc/{process_id}/status").read_text("ascii")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


BENCHES = {"sandbox": sandbox}

if __name__ == "__main__":
    main()
