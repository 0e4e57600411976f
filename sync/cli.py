"""The command line: options in, exit code out; everything that goes wrong is said here, once."""

from __future__ import annotations

import gc
import logging
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sync.errors import SafetyStop, SyncError, TryLater, gravest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.config import Config

OVERRIDES = ("rows-vanished", "rows-shuffled", "clock-skew", "flood")
_LEDGER_STOPS = {"ledger-behind", "ledger-corrupt", "ledger-missing"}
_LEDGER_REMEDY = "Put the state folder's newest backup in its place (README.md, “Safety”)."
_BUG = 70
_MANY_DIGITS = re.compile(r"\d{9,}")

app = typer.Typer(
    name="surat-sync",
    help="Turns the answers of a village's Google Form into numbered official letters.",
    no_args_is_help=True,
    add_completion=False,
    suggest_commands=False,  # click does it
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
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


@app.command()
def demo(
    *,
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep form, sheet and letters open in the browser.")
    ] = False,
    keep: Annotated[Path, typer.Option(help="Folder for the letters.", metavar="DIR")] = Path(
        "surat-demo"
    ),
) -> None:
    """Show the whole job on the built-in sandbox with invented residents."""
    from sync.commands.demo import show  # noqa: PLC0415 - each command loads only what it needs

    raise typer.Exit(show(keep, serve=serve))


@app.command()
def setup(
    context: typer.Context,
    *,
    existing: Annotated[
        str, typer.Option(help="Rows that are there already: archive or process.")
    ] = "archive",
) -> None:
    """Add our columns, drop-downs and the register tab to the sheet; safe to repeat."""
    from sync.commands.setup import set_up  # noqa: PLC0415

    if existing not in {"archive", "process"}:
        raise typer.BadParameter("must be archive or process", param_hint="--existing")
    prepared = set_up(_config(context), archive=existing == "archive")
    for line in prepared.lines or ("everything was there already",):
        typer.echo(line)
    raise typer.Exit(_told(prepared.failures))


@app.command()
def run(
    context: typer.Context,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be done; write nothing.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print nothing unless something is wrong.")
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(help=f"Pass over a safety stop, this once: {', '.join(OVERRIDES)}."),
    ] = None,
) -> None:
    """Read the sheet once, do what is due, and exit."""
    from sync.commands.run import run_from_file  # noqa: PLC0415
    from sync.commands.screen import Screen  # noqa: PLC0415
    from sync.run.report import Report  # noqa: PLC0415

    for name in accept or ():
        if name not in OVERRIDES:
            raise typer.BadParameter(
                f"must be one of {', '.join(OVERRIDES)}", param_hint="--accept"
            )
    if quiet or json:
        logging.disable(logging.WARNING)  # what was mended by itself is no news for cron
    screen = Screen(quiet=quiet or json)
    try:
        with screen:
            report = run_from_file(
                context.obj, dry_run=dry_run, accept=accept or (), progress=screen.progress
            )
    except SyncError as error:
        report = Report(run_id="", dry_run=dry_run, failures=[error])
    if json:
        typer.echo(report.as_json())
    elif not quiet:
        screen.show(report)
    _told(report.failures)
    raise typer.Exit(report.exit_code)


@app.command()
def check(
    context: typer.Context,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look at everything that a run needs, and say how to mend what is wrong."""
    from sync.commands.check import findings_as_json, findings_as_text, look  # noqa: PLC0415

    findings = look(context.obj)
    typer.echo(findings_as_json(findings) if json else findings_as_text(findings))
    raise typer.Exit(2 if any(finding.level == "fail" for finding in findings) else 0)


@app.command()
def status(
    context: typer.Context,
    ticket: Annotated[str, typer.Argument(help="A ticket, for that submission only.")] = "",
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell the last run, the backlog and the next numbers; or one submission's status."""
    from sync.commands.status import overall, overall_text, submission  # noqa: PLC0415

    config = _config(context)
    if ticket:
        found = submission(config, ticket)
        typer.echo(_as_json(found) if json else "  ".join(filter(None, found.values())))
        return
    facts = overall(config)
    typer.echo(_as_json(facts) if json else overall_text(facts))
    raise typer.Exit(1 if facts["stale"] else 0)


@app.command()
def sandbox(
    *,
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8085,
    state: Annotated[
        Path | None, typer.Option(help="Folder that keeps everything.", metavar="DIR")
    ] = None,
    faults: Annotated[
        str, typer.Option(help="off, mild, or a JSON file.", metavar="off|mild|FILE")
    ] = "off",
    quota: Annotated[str, typer.Option(help="off or google.", metavar="off|google")] = "off",
    service_accounts_own_files: Annotated[
        bool, typer.Option("--service-accounts-own-files", help="As Google does not allow.")
    ] = False,
    seed: Annotated[int | None, typer.Option(help="Makes ids and faults repeatable.")] = None,
) -> None:
    """Run the local stand-in for Google until it is stopped."""
    from sync.commands.sandbox import serve  # noqa: PLC0415

    serve(
        port=port,
        state=state,
        faults=faults,
        quota=quota,
        service_accounts_own_files=service_accounts_own_files,
        seed=seed,
    )


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program; the exit code tells how it went (README.md lists them)."""
    gc.set_threshold(50_000)  # what is loaded stays: looking at it again and again costs a tenth
    try:
        app(args=arguments, prog_name="surat-sync")
    except SyncError as error:
        sys.exit(_told([error]))
    except Exception:  # noqa: BLE001 - the one place where a bug ends
        say("This is a bug in surat-sync; please report it with the lines above.", bug=True)
        sys.exit(_BUG)
    sys.exit(0)


def say(text: str, *, bug: bool = False) -> None:
    """Write to the log; long runs of digits, such as a NIK or a phone number, are masked."""
    lines = f"{traceback.format_exc()}\n{text}" if bug else text
    typer.echo(_MANY_DIGITS.sub("…", lines), err=True)


def _config(context: typer.Context) -> Config:
    from sync.config import load_config  # noqa: PLC0415

    path: Path = context.obj
    return load_config(path)


def _told(failures: Sequence[SyncError]) -> int:
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
        return _LEDGER_REMEDY if failure.name in _LEDGER_STOPS else ""
    if isinstance(failure, TryLater):
        return "Nothing is lost: the next run tries again."
    return ""


def _as_json(facts: object) -> str:
    import json  # noqa: PLC0415

    return json.dumps(facts)
