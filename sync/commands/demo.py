"""`surat-sync demo`: the real thing, end to end, on the built-in sandbox."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from sync.commands.check import look
from sync.commands.residents import CORRECTION, RESIDENTS, SIGNED
from sync.commands.run import run_once
from sync.commands.setup import set_up
from sync.config import load_config
from sync.errors import UserError
from sync.paths import data_root
from sync.platform import write_private
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from sync.config import Config
    from sync.run.report import Report

_WIDTH = 118
_SECONDS_BETWEEN_RUNS = 5
_SECONDS_BETWEEN_RESIDENTS = 0.01  #: so that no two answers bear the same time
_MANIFEST = "demo.json"


def show(keep: Path, *, serve: bool) -> int:
    """Show a village office at work and return the exit code; letters stay in *keep*."""
    terminal = Console()
    console = terminal if terminal.is_terminal else Console(width=_WIDTH)
    _clear(keep)
    with tempfile.TemporaryDirectory(prefix="surat-sync-demo-") as folder, Sandbox() as sandbox:
        config = _config(Path(folder), sandbox, keep.absolute())
        code = _tell(console, config, sandbox)
        _write_manifest(keep)
        console.print(f"\nThe letters lie in {keep.absolute()}", soft_wrap=True, highlight=False)
        if serve:
            _serve(console, config, sandbox)
        else:
            console.print("See form, sheet and letters in the browser: ./scripts/demo --serve")
    return code


def _tell(console: Console, config: Config, sandbox: Sandbox) -> int:
    console.print(f"A stand-in for Google listens at {sandbox.base_url}", highlight=False)
    for line in set_up(config).lines:
        console.print(f"setup: {line}", highlight=False)
    console.print(f"{len(RESIDENTS)} invented residents fill the form in.")
    for answers in RESIDENTS:
        sandbox.submit(answers)
        time.sleep(_SECONDS_BETWEEN_RESIDENTS)
    first = run_once(config)
    _show_sheet(console, sandbox, "After the first run", first)
    console.print("\nThe office corrects one answer, and has one letter signed. The next run:")
    for name, header, text in (CORRECTION, SIGNED):
        _type(sandbox, name, header, text)
    second = run_once(config)
    _show_sheet(console, sandbox, "After the second run", second)
    idle = run_once(config)
    console.print(f"\nA third run finds nothing to do: {_calls(idle)}.")
    return max(report.exit_code for report in (first, second, idle))


def _show_sheet(console: Console, sandbox: Sandbox, title: str, report: Report) -> None:
    table = Table(title=f"\n{title}: {_calls(report)}", title_justify="left", show_lines=True)
    for header, ratio in (("Row", 1), ("Nama Lengkap", 5), ("Status", 4), ("Catatan", 12)):
        table.add_column(header, ratio=ratio)
    table.add_column("Nomor Surat", ratio=6)
    for row_number, row in enumerate(sandbox.records(), start=2):
        table.add_row(
            str(row_number), row["Nama Lengkap"], row["Status"], row["Catatan"], row["Nomor Surat"]
        )
    console.print(table, highlight=False, markup=False)


def _calls(report: Report) -> str:
    count = sum(report.google_calls.values())
    return f"{count} calls to Google, {report.seconds:.1f} s"


def _type(sandbox: Sandbox, name: str, header: str, text: str) -> None:
    """Let staff type into the first row of a resident."""
    headers, *rows = sandbox.rows()
    row = next(at for at, cells in enumerate(rows, start=1) if name in cells)
    sandbox.staff(
        {
            "edit": {
                "sheet": sandbox.sheet_id,
                "row": row,
                "column": headers.index(header),
                "value": text,
            }
        }
    )


def _serve(console: Console, config: Config, sandbox: Sandbox) -> None:
    """Run every few seconds until Ctrl-C, while people try form and sheet."""
    console.print(f"\nOpen {sandbox.base_url} in your browser; Ctrl-C ends it.", highlight=False)
    try:
        while True:
            time.sleep(_SECONDS_BETWEEN_RUNS)
            report = run_once(config)
            for letter in report.letters:
                console.print(f"issued {letter.letter_number}", highlight=False)
    except KeyboardInterrupt:
        console.print("bye")


def _config(folder: Path, sandbox: Sandbox, letters: Path) -> Config:
    """Write the example config, pointed at the sandbox, and its key."""
    key = folder / "service-account.json"
    write_private(key, json.dumps(sandbox.service_account_info).encode())
    text = (data_root() / "config.example.yaml").read_text("utf-8")
    changes = {
        "base_url": sandbox.base_url,
        "credentials": str(key),
        "folder": str(letters),
        "logo": str(data_root() / "templates" / "logo.png"),
        "template": str(data_root() / "templates" / "letter_sku.docx"),
        "spreadsheet": sandbox.spreadsheet_id,
        "form_id": sandbox.form_id,
    }
    path = folder / "config.yaml"
    path.write_text(_changed(text, changes), "utf-8")
    config = load_config(path)
    wrong = [finding for finding in look(path) if finding.code in {"config", "template", "form"}]
    problems = [finding.message for finding in wrong if finding.level == "fail"]
    if problems:
        raise UserError("The demo's own config is not sound.", problems)
    return config


def _changed(text: str, changes: dict[str, str]) -> str:
    """Return the YAML *text* with each key, which stands there once, given another value."""
    lines = []
    for line in text.splitlines():
        key, colon, rest = line.strip().partition(":")
        if colon and key in changes and not line.lstrip().startswith("#"):
            indent = line[: len(line) - len(line.lstrip())]
            comment = rest.partition(" #")[2]
            value = json.dumps(changes[key])
            lines.append(f"{indent}{key}: {value}" + (f"  #{comment}" if comment else ""))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _clear(keep: Path) -> None:
    """Take the letters of an earlier demo away, and nothing else."""
    manifest = keep / _MANIFEST
    if manifest.exists():
        for name in json.loads(manifest.read_text("utf-8")):
            letter = (keep / name).resolve()
            if letter.is_relative_to(keep.resolve()):  # the folder may be somebody else's
                letter.unlink(missing_ok=True)


def _write_manifest(keep: Path) -> None:
    names = [str(path.relative_to(keep)) for path in sorted(keep.rglob("*.docx"))]
    (keep / _MANIFEST).write_text(json.dumps(names, indent=1), "utf-8")
