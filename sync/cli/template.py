"""Look at a letter's template before it is used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sync.cli.frame import config_of, typer_app

app = typer_app(name="template", help="A letter's template: check it, fill in a sample.")

_FILE = Annotated[Path, typer.Argument(help="The template, a DOCX.")]
_SERVICE = Annotated[
    str,
    typer.Option(
        help="For which kind of letter.  [default: the one that uses FILE, or the only one]",
        metavar="KEY",
    ),
]


@app.command()
def check(context: typer.Context, file: _FILE, *, service: _SERVICE = "") -> None:
    """Tell what the template asks for, and what is wrong with it."""
    from sync.commands.template import described  # noqa: PLC0415

    for line in described(config_of(context, complete=False), file, service=service):
        typer.echo(line)


@app.command()
def preview(
    context: typer.Context,
    file: _FILE,
    *,
    service: _SERVICE = "",
    out: Annotated[
        Path | None,
        typer.Option(help="The letter to write.  [default: FILE-contoh.docx]", metavar="PATH"),
    ] = None,
) -> None:
    """Fill in a sample letter with invented answers; takes no number."""
    from sync.commands.template import write_sample  # noqa: PLC0415

    written = write_sample(config_of(context, complete=False), file, service=service, out=out)
    typer.echo(str(written))
