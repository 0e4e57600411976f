"""The codes on letters: check one, put up the page on which everybody can."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer evaluates the annotations
from typing import Annotated

import typer

from sync.cli.frame import as_json, config_of


def add_to(app: typer.Typer) -> None:
    """Add the commands in the order in which `--help` lists them."""
    for command in (verify, publish):
        app.command()(command)


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
    """
    Tell whether a letter is ours, unchanged and still counts; needs no internet.

    Give what the code says, a token or an address with one, or a file: DOCX, PDF or photo.
    """
    from sync.commands.verify import verify as verdict_on  # noqa: PLC0415

    verdict = verdict_on(config_of(context), what)
    typer.echo(as_json(verdict.as_facts()) if json else verdict.as_text())
    raise typer.Exit(verdict.exit_code)


def publish(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where to write both files.", metavar="DIR")],
    *,
    new_key: Annotated[
        bool,
        typer.Option("--new-key", help="Sign with a new key from now on; old seals stay good."),
    ] = False,
    forget_key: Annotated[
        str, typer.Option(help="A stolen key: its seals count no more.", metavar="KEY_ID")
    ] = "",
) -> None:
    """Write the page on which anybody can check a letter, and the list of void ones."""
    from sync.commands.publish import publish as publish_into  # noqa: PLC0415

    done = publish_into(config_of(context), folder, new_key=new_key, forget=forget_key)
    typer.echo(f"{folder}: the page knows {done.known_keys} key(s); {done.key_id} signs now")
    typer.echo(f"{folder}: {done.withdrawn} letter(s) are void or replaced")
