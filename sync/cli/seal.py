"""The codes on letters: check one, put up the page on which everybody can."""

from __future__ import annotations

from typing import Annotated

import typer

from sync.cli.frame import as_json, config_of


def add_to(app: typer.Typer) -> None:
    """Add the commands in the order in which `--help` lists them."""
    app.command()(verify)


def verify(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            help="What the code says, or a file: DOCX, PDF, photo.", metavar="TOKEN|URL|FILE"
        ),
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell whether a letter is ours, unchanged and still counts; needs no internet."""
    from sync.commands.verify import verify as verdict_on  # noqa: PLC0415

    verdict = verdict_on(config_of(context), what)
    typer.echo(as_json(verdict.as_facts()) if json else verdict.as_text())
    raise typer.Exit(verdict.exit_code)
