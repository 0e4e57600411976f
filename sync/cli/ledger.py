"""The village's own record: copy it, put it back, make it anew."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer evaluates the annotations
from typing import Annotated

import typer

from sync.cli.frame import config_of, typer_app

app = typer_app(name="ledger", help="The ledger and the keys: back up, restore, rebuild.")


@app.command()
def backup(
    context: typer.Context,
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="The file to write.  [default: in state/backups]", metavar="FILE"),
    ] = None,
) -> None:
    """Write ledger and keys into one private file; a run may be at work."""
    from sync.commands.backups import back_up  # noqa: PLC0415

    config = config_of(context)
    typer.echo(f"{back_up(config, out=out)} holds the keys: lock it up")
    if config.ledger_url():
        typer.echo("it holds no ledger: that is in PostgreSQL; copy it with pg_dump")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A backup that surat-sync has made.")],
) -> None:
    """Put a backup's ledger and keys in place; what is there now is kept aside."""
    from sync.commands.restore import restore as put_back  # noqa: PLC0415

    aside = put_back(config_of(context), file)
    typer.echo(f"restored; what was there before is in {aside}")
    typer.echo("next: surat-sync run; if it stops as ledger-behind: surat-sync ledger rebuild")


@app.command()
def rebuild(
    context: typer.Context,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be done; write nothing.")
    ] = False,
) -> None:
    """Make a lost ledger anew, or mend an old one, from register tab, sheet and letters."""
    from sync.commands.rebuild import rebuild_ledger  # noqa: PLC0415

    done = rebuild_ledger(config_of(context), dry_run=dry_run)
    for line in done.lines:
        typer.echo(line)
    if done.aside is not None:
        typer.echo(f"rebuilt; what was there before is in {done.aside}")
