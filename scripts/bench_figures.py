"""What the benches share: a figure, and looking at processes."""

from __future__ import annotations

import re
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was measured."""

    name: str
    value: float
    unit: str
    low: float | None = None  #: of several rounds, the least
    high: float | None = None
    goal: str = ""

    def line(self) -> str:
        """Return the figure for people."""
        spread = "" if self.low is None else f"   ({self.low:,.1f} to {self.high:,.1f})"
        goal = f"   (goal: {self.goal})" if self.goal else ""
        return f"{self.name:60} {self.value:10,.2f} {self.unit}{spread}{goal}"


def seconds(act: Callable[[], object]) -> float:
    """Return how long *act* takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


@contextmanager
def process(command: list[str]) -> Iterator[tuple[str, int]]:
    """Yield the first line that a process prints, and its id; end it afterwards."""
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout
        yield running.stdout.readline().strip(), running.pid
    finally:
        running.terminate()
        running.wait()


def megabytes(process_id: int, what: str = "VmRSS") -> float:
    """Return what a process holds in memory, or with `VmHWM` held at most (Linux, proc(5))."""
    status = Path(f"/proc/{process_id}/status").read_text("ascii")
    found = re.search(rf"{what}:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0
