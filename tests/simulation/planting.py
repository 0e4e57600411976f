"""
Plants a bug in a copy of the program, lets a detector look for it, and takes it out again.

The working tree is never touched: a workshop holds a copy of package and tests in a folder of
its own, and every detector is a process whose `sync` is that copy.
"""

from __future__ import annotations

import compileall
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planted import Edit, Planted

ROOT = Path(__file__).parents[2]
SIMULATOR = "tests/simulation/simulate.py"
_FOLDERS = ("sync", "tests", "templates", "examples")
_FILES = ("pyproject.toml", "config.example.yaml")
_TESTS_FAILED = 1  #: pytest's exit code; others mean that the tests could not be run


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a detector said about a planted bug."""

    caught: bool
    schedules: int  #: of the simulator; 1 for a test
    seconds: float
    evidence: str  #: the first thing that is wrong, or the detector's last words


class Workshop:
    """A copy of the program to plant bugs in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _FOLDERS:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=_ignored)
        for name in _FILES:
            shutil.copy2(ROOT / name, folder / name)
        compileall.compile_dir(folder / "sync", quiet=2)
        self._require_copy()

    @contextlib.contextmanager
    def planted(self, edits: Sequence[Edit]) -> Iterator[None]:
        """Have the bug in the copy as long as the block lasts."""
        package = self.folder / "sync"
        files = {package / edit.file for edit in edits}
        before = {file: (file.read_bytes(), file.stat()) for file in files}
        try:
            for name, text in mutated(edits, package).items():
                (package / name).write_text(text, "utf-8")
            yield
        finally:
            for file, (content, stat) in before.items():
                file.write_bytes(content)
                os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    def look(self, bug: Planted, *, schedules: int, seconds: float) -> Verdict:
        """Plant *bug* and return what its detector finds within its bounds."""
        with self.planted(bug.edits):
            if bug.test:
                return self.test(bug.test, seconds=seconds)
            return self.simulate(schedules, seconds=seconds)

    def simulate(self, schedules: int, *, seconds: float) -> Verdict:
        """Let the simulator run schedules 0, 1, 2… until one breaks an invariant."""
        command = [SIMULATOR, "--seeds", f"0:{schedules}", "--stop-at-first"]
        began = time.monotonic()
        done = self._run(command, seconds)
        took = time.monotonic() - began
        said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        broken = [one for one in said if one.get("broken")]
        ends = [one["schedules"] for one in said if "schedules" in one]
        return Verdict(
            caught=bool(broken) and done.returncode == 1,
            schedules=ends[-1] if ends else schedules,
            seconds=took,
            evidence=broken[0]["broken"][0] if broken else _last_words(done),
        )

    def test(self, node: str, *, seconds: float) -> Verdict:
        """Run one test of the suite."""
        began = time.monotonic()
        done = self._run(["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", node], seconds)
        return Verdict(
            caught=done.returncode == _TESTS_FAILED,
            schedules=1,
            seconds=time.monotonic() - began,
            evidence=_last_words(done),
        )

    def _run(self, command: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
        with subprocess.Popen(
            [sys.executable, "-P", *command],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as detector:
            try:
                out, err = detector.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                os.killpg(detector.pid, signal.SIGKILL)  # with whatever it has started
                out, err = "", f"no end after {seconds} s"
        return subprocess.CompletedProcess(command, detector.returncode, out, err)

    def _environment(self) -> Mapping[str, str]:
        """Return ours, but with the copy first, a host in UTC, and nothing of our own pytest."""
        ours = {key: text for key, text in os.environ.items() if not key.startswith(_OWN)}
        paths = [self.folder, self.folder / "tests" / "run", self.folder / "tests" / "simulation"]
        return ours | {
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "TZ": "UTC",
        }

    def _require_copy(self) -> None:
        """Raise when a detector would look at the installed program instead."""
        found = self._run(["-c", "import sync; print(sync.__file__)"], 60).stdout.strip()
        if Path(found) != self.folder / "sync" / "__init__.py":
            raise RuntimeError(f"the detectors would look at {found}")


_OWN = ("PYTEST_", "SURAT_SYNC_TEST", "PYTHONPATH")


def mutated(edits: Sequence[Edit], package: Path) -> dict[str, str]:
    """
    Return the changed text of each file; nothing is written.

    Raises `ValueError` when the text to be changed does not stand there exactly once.
    """
    texts: dict[str, str] = {}
    for edit in edits:
        text = texts.get(edit.file) or (package / edit.file).read_text("utf-8")
        count = text.count(edit.old)
        if count != 1:
            raise ValueError(f"{edit.file} holds {count} times: {edit.old}")
        texts[edit.file] = text.replace(edit.old, edit.new)
    return texts


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    failed = [line for line in lines if line.startswith(("E  ", "FAILED"))]
    return (failed or lines or ["nothing was said"])[0 if failed else -1].strip()


def _ignored(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name == "__pycache__" or name.startswith(".")}
