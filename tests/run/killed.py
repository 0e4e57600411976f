"""
Runs the real command in processes of their own, each of which kills itself after an effect.

Usage: killed.py, with one JSON object a line on stdin: config, moment, command, after, log. For
each, a fork of this process, which has loaded the program already, runs the command and sends
itself SIGKILL once it has had `after` effects (0: never); the answer is a line with its exit
code, negative for a signal. Effects, whose kinds go to `log`, are: an HTTP request sent, an
answer read, a transaction committed, a file renamed, linked, removed or flushed.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import warnings
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests.adapters
import time_machine
from sqlalchemy.engine.default import DefaultDialect

from sync.commands import check, program, rebuild, restore, setup  # noqa: F401 - loaded before the fork
from sync.run import run  # noqa: F401

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from sync.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

_FILE_EFFECTS = ("replace", "rename", "link", "unlink", "fsync")


@dataclass
class Effects:
    """Counts what the run did to the world, and ends the process after the one that is named."""

    after: int
    kinds: list[str] = field(default_factory=list)

    def add(self, kind: str) -> None:
        self.kinds.append(kind)
        if len(self.kinds) == self.after:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Count everything that leaves this process."""
        for name in _FILE_EFFECTS:
            setattr(os, name, self._counted(getattr(os, name), name))
        adapter: Any = requests.adapters.HTTPAdapter
        adapter.send = self._counted(adapter.send, "answered")
        dialect: Any = DefaultDialect
        dialect.do_commit = self._counted(dialect.do_commit, "commit")
        connection: Any = http.client.HTTPConnection
        wait = connection.getresponse

        def getresponse(*args: Any, **kwargs: Any) -> Any:
            self.add("sent")
            return wait(*args, **kwargs)

        connection.getresponse = getresponse

    def _counted(self, call: Callable[..., Any], kind: str) -> Callable[..., Any]:
        @wraps(call)
        def counted(*args: Any, **kwargs: Any) -> Any:
            done = call(*args, **kwargs)
            self.add(kind)
            return done

        return counted


def serve() -> None:
    """Answer each line of stdin."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _live(order)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def _live(order: dict[str, Any]) -> None:
    sys.stdin.close()
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    effects = Effects(order["after"])
    code = 70
    try:
        with time_machine.travel(datetime.fromisoformat(order["moment"]), tick=True):
            effects.watch()
            main(["--config", order["config"], *order["command"]])
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        Path(order["log"]).write_text(json.dumps(effects.kinds), "utf-8")
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
