"""A village office for the benches: the real program, and the sandbox, each in its own process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from bench_figures import process
from bench_relay import Relay
from ruamel.yaml import YAML

from sync.commands.residents import RESIDENTS
from sync.sandbox.keys import Keys
from sync.sandbox.sample import SHEET_ID, SPREADSHEET_ID, USER

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
_SCOPE = "https://www.googleapis.com/auth/spreadsheets"
_CHUNK = 5000  #: rows of one write
_ZERO_DAY = datetime(1899, 12, 30, tzinfo=UTC)  #: of Google's serial dates
_SECONDS_BETWEEN_ROWS = 20
#: Runs a module or file, then notes its peak memory: what the parent learns of a child counts
#: the memory of the parent itself too, from which the child was forked.
_NOTING_MEMORY = """
import atexit, runpy, sys
def note():
    with open("/proc/self/status") as status, open("memory", "w") as out:
        out.write(next(line for line in status if line.startswith("VmHWM")).split()[1])
atexit.register(note)
name = sys.argv.pop(1)
run = runpy.run_path if name.endswith(".py") else runpy.run_module
run(name, run_name="__main__")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What one run of the program took."""

    report: dict[str, Any]  #: what it printed
    seconds: float  #: from the start of its process to the end
    cpu_seconds: float
    megabytes: float  #: at most, imports and all
    sent: int  #: bytes
    received: int

    @property
    def calls(self) -> int:
        """How many calls to Google there were, that for the token left out."""
        counts: dict[str, int] = self.report.get("google_calls") or {"all": self.report["calls"]}
        return sum(counts.values()) - counts.get("token", 0)


class Office:
    """One village in *folder*, whose Google listens at *url*."""

    def __init__(self, folder: Path, url: str, relay: Relay) -> None:
        self.folder = folder
        self._relay = relay
        self._url = f"{url}/v4/spreadsheets/{SPREADSHEET_ID}"
        key = json.loads((folder / "sandbox" / "service-account.json").read_text("utf-8"))
        token = Keys(key["private_key"]).access_token(USER, [_SCOPE], datetime.now(UTC))
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["authorization"] = f"Bearer {token}"

    def configure(self, **limits: int) -> None:
        """Write config.yaml: the example, pointed at the sandbox, with other *limits*."""
        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.width = 10_000
        plain = yaml.load((ROOT / "config.example.yaml").read_text("utf-8"))
        plain["google"] |= {
            "base_url": self._relay.url,
            "credentials": "sandbox/service-account.json",
        }
        plain["services"]["sku"]["spreadsheet"] = SPREADSHEET_ID
        plain["limits"] |= limits
        with (self.folder / "config.yaml").open("w", encoding="utf-8") as file:
            yaml.dump(plain, file)
        shutil.copytree(ROOT / "templates", self.folder / "templates", dirs_exist_ok=True)

    def add_rows(self, count: int) -> None:
        """Write *count* invented residents below what is there, as their form would."""
        header = self._call("GET", "/values/A1:Z1")["values"][0]
        first = len(self._call("GET", "/values/A:A")["values"])
        size = {"sheetId": SHEET_ID, "gridProperties": {"rowCount": first + count + 10}}
        fields = "gridProperties.rowCount"
        grow = {"updateSheetProperties": {"properties": size, "fields": fields}}
        self._call("POST", ":batchUpdate", {"requests": [grow]})
        begin = datetime.now(UTC) - timedelta(seconds=(count + 1) * _SECONDS_BETWEEN_ROWS)
        for start in range(0, count, _CHUNK):
            numbers = range(start + 1, min(start + _CHUNK, count) + 1)
            rows = [_row(header, first + number, begin, number) for number in numbers]
            path = f"/values/A{first + start + 1}?valueInputOption=RAW"
            self._call("PUT", path, {"values": rows})

    def records(self) -> list[dict[str, str]]:
        """Return the rows by header."""
        header, *rows = self._call("GET", "/values/A:AZ")["values"]
        return [dict(zip(header, row, strict=False)) for row in rows]

    def program(self, *words: str) -> str:
        """Run a command of the program; return what it prints."""
        command = [sys.executable, "-m", "sync", *words]
        done = subprocess.run(
            command, cwd=self.folder, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    def run(self) -> Worked:
        """Do one run as cron would."""
        return self._measured("sync", "run", "--json")

    def run_naively(self) -> Worked:
        """Do what most scripts do."""
        script = str(ROOT / "scripts" / "bench_naive.py")
        return self._measured(script, self._relay.url, "sandbox/service-account.json")

    def _measured(self, *words: str) -> Worked:
        """Run a module or script in a process of its own; it prints one JSON object."""
        sent, received = self._relay.sent, self._relay.received
        started = time.perf_counter()
        with (self.folder / "report.json").open("w+", encoding="utf-8") as out:
            command = [sys.executable, "-c", _NOTING_MEMORY, *words]
            child = subprocess.Popen(command, cwd=self.folder, stdout=out)
            _, status, used = os.wait4(child.pid, 0)
            seconds = time.perf_counter() - started
            child.returncode = os.waitstatus_to_exitcode(status)
            assert not child.returncode, f"{words} ended with {child.returncode}"
            out.seek(0)
            report = json.load(out)
        return Worked(
            report=report,
            seconds=seconds,
            cpu_seconds=used.ru_utime + used.ru_stime,
            megabytes=int((self.folder / "memory").read_text("ascii")) / 1024,
            sent=self._relay.sent - sent,
            received=self._relay.received - received,
        )

    def _call(self, verb: str, path: str, body: object = None) -> dict[str, Any]:
        answer = self._session.request(verb, self._url + path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def office(folder: Path, *, quota: bool) -> Iterator[Office]:
    """
    Yield an office whose sandbox runs in a process of its own.

    quota: whether the sandbox refuses what is above Google's limits a minute
    """
    state = folder / "sandbox"
    command = [sys.executable, "-m", "sync", "sandbox", "--port", "0", "--state", str(state)]
    with process([*command, "--quota", "google" if quota else "off"]) as (ready, _):
        url = ready.split()[-1]
        with Relay(int(url.rpartition(":")[2])) as relay:
            yield Office(folder, url, relay)


def _row(header: list[str], key: int, begin: datetime, number: int) -> list[object]:
    at = begin + timedelta(seconds=number * _SECONDS_BETWEEN_ROWS)
    serial = round((at - _ZERO_DAY).total_seconds() / 86_400, 9)
    answers = _answers(key)
    return [serial, *(answers.get(question, "") for question in header[1:])]


def _answers(number: int) -> dict[str, str]:
    """Return valid answers of an invented person; *number* makes them this person's own."""
    born = date(1950, 1, 1) + timedelta(days=number % 18_000)
    return {
        **RESIDENTS[0],
        "Nama Lengkap": f"{_FIRST[number % 10]} {_letters(number)} Contoh",
        "NIK": f"350732{born:%d%m%y}{9900 + number % 100:04d}",
        "Tanggal Lahir": f"{born:%d-%m-%Y}",
        "Jenis Kelamin": "Laki-laki",
        "Nama Usaha": f"Toko {number}",
    }


_FIRST = ("Siti", "Budi", "Ani", "Joko", "Sri", "Dewi", "Agus", "Rina", "Slamet", "Wati")


def _letters(number: int) -> str:
    """Return *number* in letters: names hold no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).capitalize()
