"""The office's number register: look at it, take numbers for handwritten letters, carry it over."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer evaluates the annotations
from typing import Annotated

import typer

from sync.cli.frame import as_json, config_of, typer_app

app = typer_app(name="register", help="The number register: list, reserve, void, export, import.")

_REGISTER = Annotated[
    str, typer.Option(help="Which register.  [default: the only one]", metavar="NAME")
]
_YEAR = Annotated[int | None, typer.Option(help="One year only.")]


@app.command("list")
def list_lines(
    context: typer.Context,
    *,
    register: _REGISTER = "",
    year: _YEAR = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the numbers that were given, in order."""
    from sync.commands.register import as_facts, as_text, lines_of  # noqa: PLC0415

    lines = lines_of(config_of(context), register=register, year=year)
    typer.echo(as_json({"lines": as_facts(lines)}) if json else as_text(lines))


@app.command()
def reserve(
    context: typer.Context,
    *,
    count: Annotated[int, typer.Option(min=1, max=500, help="How many numbers.")] = 1,
    service: Annotated[
        str,
        typer.Option(
            help="Whose numbers: the key of a letter type.  [default: the only one]", metavar="KEY"
        ),
    ] = "",
    note: Annotated[str, typer.Option(help="What for; stands in the register.")] = "",
) -> None:
    """Take the next numbers for letters that are written by hand; needs no internet."""
    from sync.commands.register import reserve_numbers  # noqa: PLC0415

    for line in reserve_numbers(config_of(context), service=service, count=count, note=note):
        typer.echo(line.letter_number)


@app.command()
def void(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="The letter number, as printed.")],
    *,
    reason: Annotated[str, typer.Option(help="Why; stands in the register for good.")],
) -> None:
    """Withdraw a number: it stays in the register, marked void, and is never given again."""
    from sync.commands.register import void_number  # noqa: PLC0415

    line = void_number(config_of(context), number=number, reason=reason)
    typer.echo(f"{line.letter_number} is void; the next run marks it in the register tab")


@app.command()
def export(
    context: typer.Context,
    *,
    agenda: Annotated[
        bool, typer.Option("--agenda", help="As the village's book of letters (Buku Agenda).")
    ] = False,
    register: _REGISTER = "",
    year: _YEAR = None,
    out: Annotated[
        Path | None, typer.Option(help="The file to write.  [default: print]", metavar="PATH")
    ] = None,
) -> None:
    """Write the register as CSV."""
    from sync.commands.register import exported, write_out  # noqa: PLC0415

    text = exported(config_of(context), register=register, year=year, agenda=agenda)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_out(out, text)


@app.command("import")
def import_lines(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV: the paper register's earlier numbers.")],
    *,
    register: _REGISTER = "",
) -> None:
    """Bring in a paper register's earlier numbers, before the first letter of ours."""
    from sync.commands.register import import_file  # noqa: PLC0415

    lines = import_file(config_of(context), file, register=register)
    typer.echo(f"{len(lines)} numbers, {lines[0].letter_number} to {lines[-1].letter_number}")
