"""
Runs the real command in processes of their own, one or two at once, that die at any moment.

Usage: processes.py, with a JSON array of workers (`Worker`) a line on stdin. Each worker is a
fork of this process and runs `surat-sync run`. It is sent SIGKILL after so many effects, or so
long after its fork, or never. The answer is a line for each array: for each of its workers the
exit code, negative for a signal, and its stderr. The first line's worker is a rehearsal, which
nobody answers: it runs in this process itself, so that its forks have everything loaded.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import signal
import sys
import time
import warnings
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import time_machine
from killed import Effects

from sync.clock import SystemClock
from sync.commands import idle, program

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import typer.main

    from sync.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

HUNG = 99  #: the exit code of a worker that came to no end
_LONGEST_SECONDS = 120
_GLANCE_SECONDS = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """
    One run of the command.

    moment:  what its clock says at its start, in ISO 8601
    after:   it dies after that many effects; 0: not so
    seconds: it dies so long after its fork; 0: not so
    locked:  False takes the lock away, as if the state folder lay on a bad network drive
    """

    config: str
    moment: str
    accept: tuple[str, ...] = ()
    after: int = 0
    seconds: float = 0.0
    locked: bool = True

    def as_fields(self) -> dict[str, Any]:
        return asdict(self)


def serve() -> None:
    """Rehearse, then answer each line of stdin."""
    vars(typer.main)["get_command"] = functools.cache(typer.main.get_command)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        _run(Worker(**json.loads(sys.stdin.readline())[0]))
    for line in sys.stdin:
        workers = [Worker(**fields) for fields in json.loads(line)]
        print(json.dumps(_lived(workers)), flush=True)  # noqa: T201


def _lived(workers: list[Worker]) -> list[tuple[int, str]]:
    """Let *workers* live at the same time; return how each of them ended."""
    began = time.monotonic()
    living = {at: _born(worker, at) for at, worker in enumerate(workers)}
    codes: dict[int, int] = {}
    while living:
        time.sleep(_GLANCE_SECONDS)
        age = time.monotonic() - began
        for at, pid in list(living.items()):
            late = age > _LONGEST_SECONDS
            if late or 0 < workers[at].seconds < age:
                os.kill(pid, signal.SIGKILL)  # it may have ended, but nobody has asked yet
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                codes[at] = HUNG if late else os.waitstatus_to_exitcode(status)
                del living[at]
    return [(codes[at], _log(worker, at).read_text("utf-8")) for at, worker in enumerate(workers)]


def _log(worker: Worker, at: int) -> Path:
    return Path(worker.config).with_name(f"stderr-{at}.log")


def _born(worker: Worker, at: int) -> int:
    child = os.fork()
    if not child:
        _live(worker, _log(worker, at))
    return child


def _live(worker: Worker, log: Path) -> None:
    sys.stdin.close()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), sys.stderr.fileno())
    code = 70
    try:
        _prepare(worker)
        _run(worker)
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.stderr.flush()
        os._exit(code)


def _run(worker: Worker) -> None:
    with time_machine.travel(datetime.fromisoformat(worker.moment), tick=True):
        accept = [f"--accept={name}" for name in worker.accept]
        main(["--config", worker.config, "run", *accept])


def _prepare(worker: Worker) -> None:
    """Change in this fork what a test changes: no pauses, perhaps no lock, perhaps an end."""
    clock: Any = SystemClock
    clock.sleep = lambda *_: None
    if not worker.locked:
        for module in (idle, program):
            vars(module)["exclusive_lock"] = _no_lock
    if worker.after:
        Effects(worker.after).watch()


@contextlib.contextmanager
def _no_lock(_: Path) -> Iterator[None]:
    yield


if __name__ == "__main__":
    serve()
