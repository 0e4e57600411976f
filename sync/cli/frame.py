"""What every command shares: the options before it, and how failures are told."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sync import logs
from sync.errors import SafetyStop, SyncError, TryLater, gravest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.config import Config

OVERRIDES = ("rows-vanished", "rows-shuffled", "clock-skew", "flood")
_LEDGER_REMEDIES = {
    "ledger-behind": "To add what the ledger does not know: surat-sync ledger rebuild",
    "ledger-corrupt": (
        "Put the newest backup (state/backups) in its place: surat-sync ledger restore FILE;"
        " without one: surat-sync ledger rebuild"
    ),
    "ledger-missing": (
        "Put the newest backup in its place: surat-sync ledger restore FILE; where the keys are"
        " still there: surat-sync ledger rebuild"
    ),
}


def typer_app(**options: Any) -> typer.Typer:  # noqa: ANN401 - typer's own
    """Return a group of commands that behaves as all others do."""
    return typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        suggest_commands=False,  # click does it
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        **options,
    )


app = typer_app(
    name="surat-sync",
    help="Turns the answers of a village's Google Form into numbered official letters.",
)


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(envvar="SURAT_SYNC_CONFIG", help="The config file.  [default: ./config.yaml]"),
    ] = None,
) -> None:
    """Turn the answers of a village's Google Form into numbered official letters."""
    context.obj = config or Path("config.yaml")


def say(text: str, *, bug: bool = False) -> None:
    """Write to the log; *bug*: after where the exception that is being handled was raised."""
    error = sys.exception() if bug else None
    lines = f"{logs.traceback_of(error)}\n\n{text}" if error else text
    typer.echo(logs.masked(lines), err=True)


def config_of(context: typer.Context, *, complete: bool = True) -> Config:
    """Return the config that the command line names, see `load_config`; `ConfigError`."""
    from sync.config import load_config  # noqa: PLC0415

    path: Path = context.obj
    return load_config(path, complete=complete)


def told(failures: Sequence[SyncError]) -> int:
    """Say each failure with what mends it; return the gravest one's exit code."""
    for failure in failures:
        stop = f"safety stop {failure.name}: " if isinstance(failure, SafetyStop) else ""
        say(f"surat-sync: {stop}{failure}")
        for problem in failure.problems:
            say(f"  - {problem}")
        remedy = _remedy(failure)
        if remedy:
            say(f"  {remedy}")
    return gravest(failure.exit_code for failure in failures)


def _remedy(failure: SyncError) -> str:
    if isinstance(failure, SafetyStop) and failure.name in OVERRIDES and failure.can_pass:
        return f"That sheet was left as it is. To go on all the same, once: --accept {failure.name}"
    if isinstance(failure, SafetyStop):
        return _LEDGER_REMEDIES.get(failure.name, "")
    if isinstance(failure, TryLater):
        return "Nothing is lost: the next run tries again."
    return ""


def as_json(facts: object) -> str:
    """Return *facts* as the one line that `--json` prints."""
    import json  # noqa: PLC0415

    return json.dumps(facts)
