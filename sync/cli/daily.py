"""The commands of every day: run, check, status, setup; demo and sandbox beside them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from sync.cli.frame import OVERRIDES, as_json, config_of, say, told
from sync.errors import SyncError


def add_to(app: typer.Typer) -> None:
    """Add the commands in the order in which `--help` lists them."""
    for command in (demo, setup, login, run, check, status, sandbox):
        app.command()(command)


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


def setup(
    context: typer.Context,
    *,
    existing: Annotated[
        str, typer.Option(help="Rows that are there already: archive or process.")
    ] = "archive",
    remove: Annotated[
        bool, typer.Option("--remove", help="Take away what was added; the ledger stays.")
    ] = False,
) -> None:
    """Add our columns, drop-downs and the register tab to the sheet; safe to repeat."""
    from sync.commands.setup import set_up, take_away  # noqa: PLC0415

    if remove:
        for line in take_away(config_of(context)) or ("nothing of surat-sync was there",):
            typer.echo(line)
        return
    if existing not in {"archive", "process"}:
        raise typer.BadParameter("must be archive or process", param_hint="--existing")
    prepared = set_up(config_of(context), archive=existing == "archive")
    for line in prepared.lines or ("everything was there already",):
        typer.echo(line)
    raise typer.Exit(told(prepared.failures))


def login(
    context: typer.Context,
    *,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address only; open nothing.")
    ] = False,
) -> None:
    """Let the village's own Google account keep the letters (cabinet: drive)."""
    from sync.commands.login import log_in  # noqa: PLC0415

    log_in(config_of(context, complete=False), typer.echo, browser=not no_browser)


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
    for caution in report.cautions:
        say(f"surat-sync: {caution}")
    told(report.failures)
    raise typer.Exit(report.exit_code)


def check(
    context: typer.Context,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    bundle: Annotated[
        Path | None,
        typer.Option(help="Write a ZIP for somebody who helps; no personal data.", metavar="FILE"),
    ] = None,
) -> None:
    """Look at everything that a run needs, and say how to mend what is wrong."""
    from sync.commands.check import findings_as_json, findings_as_text, look  # noqa: PLC0415

    findings = look(context.obj)
    if bundle is not None:
        from sync.commands.bundle import write_bundle  # noqa: PLC0415

        write_bundle(context.obj, bundle, findings)
    typer.echo(findings_as_json(findings) if json else findings_as_text(findings))
    raise typer.Exit(2 if any(finding.level == "fail" for finding in findings) else 0)


def status(
    context: typer.Context,
    ticket: Annotated[str, typer.Argument(help="A ticket, for that submission only.")] = "",
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell the last run, the backlog and the next numbers; or one submission's status."""
    from sync.commands.status import overall, overall_text, submission  # noqa: PLC0415

    config = config_of(context)
    if ticket:
        found = submission(config, ticket)
        typer.echo(as_json(found) if json else "  ".join(filter(None, found.values())))
        return
    facts = overall(config)
    typer.echo(as_json(facts) if json else overall_text(facts, config))
    raise typer.Exit(1 if facts["stale"] else 0)


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
