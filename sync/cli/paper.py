"""Letters on paper: what is to be printed and signed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sync.cli.frame import config_of, say


def add_to(app: typer.Typer) -> None:
    """Add the command to those that `--help` lists."""
    app.command(name="print")(print_letters)


def print_letters(
    context: typer.Context,
    *,
    out: Annotated[
        Path,
        typer.Option(help="A file that ends with .pdf, or a folder.", metavar="PATH"),
    ] = Path("untuk-ditandatangani.pdf"),
) -> None:
    """
    Put the letters that wait for a signature into one PDF, or a folder, for the printer.

    They come in the order of the register. A folder gets a file for each: a PDF, or without
    LibreOffice the DOCX.
    """
    from sync.commands.paper import print_waiting  # noqa: PLC0415

    done = print_waiting(config_of(context), out)
    for problem in (*done.problems, *filter(None, [done.caution])):
        say(f"surat-sync: {problem}")
    if not done.letters:
        typer.echo(
            "no letter could be printed" if done.problems else "no letter waits for a signature"
        )
    else:
        typer.echo(f"{out}: {len(done.letters)} letter(s) wait for a signature")
        for one in done.letters:
            typer.echo(f"  {one.letter.letter_number}  {one.entry.submission_id}")
    raise typer.Exit(2 if done.problems else 0)
