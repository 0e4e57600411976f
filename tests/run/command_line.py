"""The program as its user calls it: arguments in, exit code and what it prints out."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # typer itself, on newer clicks
    from sync.cli import main
    from sync.cli.frame import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from office import Office

    from sync.errors import SyncError


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def command(office: Office, *arguments: str) -> Outcome:
    """Call the program in this process."""
    return in_process(["--config", str(office.config_file), *arguments])


def in_process(arguments: Sequence[str]) -> Outcome:
    """Call the program in this process, with nothing but *arguments*."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main(arguments)
    code = ended.value.code
    assert isinstance(code, int)
    return Outcome(code=code, out=out.getvalue(), err=err.getvalue())


def words_for(failures: Sequence[SyncError]) -> str:
    """Return what the program says about failures, each with what mends it."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        told(failures)
    return said.getvalue()


def process(office: Office, *arguments: str) -> Outcome:
    """Call the program in a process of its own, as cron does."""
    done = subprocess.run(
        [sys.executable, "-m", "sync", "--config", str(office.config_file), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Outcome(code=done.returncode, out=done.stdout, err=done.stderr)
