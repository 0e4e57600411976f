"""Real commands that kill themselves after an effect; see killed.py."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scene import MOMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from office import Office


@dataclass
class Undertaker:
    """A process that loads the program once and lets it run, and die, in its forks."""

    office: Office
    process: subprocess.Popen[str]

    def run(self, after: int = 0, command: Sequence[str] = ("run",)) -> int:
        """Run *command* until it had *after* effects; 0: to its end. Return its exit code."""
        order = {
            "config": str(self.office.config_file),
            "moment": MOMENT.isoformat(),
            "command": [*command],
            "after": after,
            "log": str(self.log),
        }
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(order), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    @property
    def log(self) -> Path:
        return self.office.folder / "effects.json"

    @property
    def kinds(self) -> list[str]:
        """Return the effects of the last run that came to its end."""
        found: list[str] = json.loads(self.log.read_text("utf-8"))
        return found


@contextlib.contextmanager
def hired(office: Office) -> Iterator[Undertaker]:
    """Start the process, and end it."""
    program = [sys.executable, str(Path(__file__).with_name("killed.py"))]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Undertaker(office, process)
        assert process.stdin
        process.stdin.close()
