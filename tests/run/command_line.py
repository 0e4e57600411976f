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

if TYPE_CHECKING:
    from office import Office


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
    out, err = io.StringIO(), io.StringIO()
    everything = ["--config", str(office.config_file), *arguments]
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main(everything)
    code = ended.value.code
    assert isinstance(code, int)
    return Outcome(code=code, out=out.getvalue(), err=err.getvalue())


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
