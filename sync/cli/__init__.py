"""The command line: options in, exit code out; everything that goes wrong is said here, once."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, NoReturn

from sync import logs
from sync.cli import daily, ledger, paper, register, seal, template
from sync.cli.frame import app, say, told
from sync.errors import SyncError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_BUG = 70

daily.add_to(app)
paper.add_to(app)
seal.add_to(app)
app.add_typer(template.app)
app.add_typer(register.app)
app.add_typer(ledger.app)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program; the exit code tells how it went (README.md lists them)."""
    logs.begin()
    gc.set_threshold(50_000)  # what is loaded stays: looking at it again and again costs a tenth
    try:
        app(args=arguments, prog_name="surat-sync")
    except SyncError as error:
        sys.exit(told([error]))
    except Exception:  # noqa: BLE001 - the one place where a bug ends
        say("This is a bug in surat-sync; please report it with the lines above.", bug=True)
        sys.exit(_BUG)
    sys.exit(0)
