"""The steps of an operator's document, taken from its fenced blocks and tables, and done."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command_line import Outcome, in_process
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from office import Office

ROOT = Path(__file__).parents[2]
PLACE = "/srv/surat"  #: where the documents have the program
STICK = "/media/usb"
CSV_FILE = "buku.csv"

_BLOCK = re.compile(r"^ *```(sh|cron|csv)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^ *\| ((?:`[a-z_.]+`(?:, )?)+) \|", re.MULTILINE)
_KEY = re.compile(r"`([a-z_]+(?:\.[a-z_]+)+)`")
_CODE = re.compile(r"#.*(?:exit code|kode keluar) (\d+)")
_CRON = re.compile(r"^\S+ \S+ \S+ \S+ \S+ ")
_TICKET = re.compile(r"\bSKU-7K2M-Q9TD-4\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that a document says to do."""

    kind: str  #: sh, cron: a command; csv: a file's text; fields: keys of the config to change
    text: str
    code: int = 0


def steps(document: Path) -> list[Step]:
    """Return what *document* says to do, in its order."""
    text = document.read_text(encoding="utf-8")
    found = [(block.start(), list(_of_block(block))) for block in _BLOCK.finditer(text)]
    found += [(row.start(), [Step(kind="fields", text=row[1])]) for row in _ROW.finditer(text)]
    return [step for _, several in sorted(found, key=lambda one: one[0]) for step in several]


def keys_of(step: Step) -> list[str]:
    """Return the keys of the config that a table's row names."""
    return _KEY.findall(step.text)


def _of_block(block: re.Match[str]) -> Iterator[Step]:
    indent = len(block[0]) - len(block[0].lstrip(" "))
    lines = [line[indent:] for line in block[2].splitlines()]
    if block[1] == "csv":
        yield Step(kind="csv", text="\n".join(lines) + "\n")
        return
    for line in lines:
        code = _CODE.search(line)
        command = line.partition("  #")[0].rstrip() if block[1] == "sh" else line
        yield Step(kind=block[1], text=command, code=int(code[1]) if code else 0)


Event = Callable[["Operator"], None]


@dataclass(kw_only=True)
class Operator:
    """
    Somebody who does what a document says, in a folder of their own.

    values: what to write for each key of the config that a document names
    before: what happens in the world before a command; each once, so the second goes before the
            second time
    """

    office: Office
    home: Path
    values: dict[str, Callable[[Operator], Any]]
    before: list[tuple[str, Event]]
    done: list[tuple[Step, Outcome]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.office.folder

    def walk(self, what: Sequence[Step]) -> None:
        """Do all steps; stop at the first that ends otherwise than promised."""
        for kind, group in groupby(what, lambda step: step.kind):
            several = list(group)
            match kind:
                case "csv":
                    (self.folder / CSV_FILE).write_text(several[-1].text, encoding="utf-8")
                case "fields":
                    keys = [key for step in several for key in keys_of(step)]
                    self.change({key: self.values[key](self) for key in keys})
                case _:
                    for step in several:
                        self._command(step)

    def change(self, changes: dict[str, Any]) -> None:
        """Edit the config; each key must be there already, as in the example."""
        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.width = 10_000
        plain = yaml.load(self.office.config_file.read_text("utf-8"))
        for path, value in changes.items():
            *above, last = path.split(".")
            section = plain
            for key in above:
                section = section[key]
            assert last in section, f"the example has no {path}"
            section[last] = value
        with self.office.config_file.open("w", encoding="utf-8") as file:
            yaml.dump(plain, file)

    def printed(self, command: str) -> str:
        """Return what *command* printed when it was given last."""
        return next(out.out for step, out in reversed(self.done) if step.text == command)

    def _command(self, step: Step) -> None:
        due = next((one for one in self.before if one[0] == step.text), None)
        if due:
            self.before.remove(due)
            due[1](self)
        outcome = self.outcome(self._as_here(step))
        self.done.append((step, outcome))
        assert (step.text, step.code) == (step.text, outcome.code), outcome.out + outcome.err

    def _as_here(self, step: Step) -> str:
        text = step.text
        if step.kind == "cron":
            text = _CRON.sub("", text).replace(r"\%", "%")
        elif _TICKET.search(text):
            text = _TICKET.sub(str(self.office.entries()[-1].submission_id), text)
        return text.replace(STICK, str(self.home / "usb"))

    def outcome(self, text: str) -> Outcome:
        """Do one command; the program runs in this process, everything else in a shell."""
        program = f"{PLACE}/.venv/bin/surat-sync"
        if text.startswith(("surat-sync ", program)):
            arguments, _, log = text.replace(PLACE, str(self.folder)).partition(" >>")
            outcome = in_process(shlex.split(arguments)[1:])
            assert not (log and outcome.out + outcome.err), "cron's log has no news"
            return outcome
        return self.shell(text)

    def shell(self, text: str) -> Outcome:
        done = subprocess.run(
            ["/bin/sh", "-c", text.replace(PLACE, str(self.folder))],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.home)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Outcome(code=done.returncode, out=done.stdout, err=done.stderr)


def new_place(office: Office, home: Path) -> None:
    """Leave in the office's folder what comes with the program; the downloads lie in *home*."""
    shutil.rmtree(office.folder / "secrets")
    office.config_file.unlink()
    shutil.copy(ROOT / "config.example.yaml", office.folder)
    activate = office.folder / ".venv" / "bin" / "activate"
    activate.parent.mkdir(parents=True)
    activate.touch()
    (home / "usb").mkdir(parents=True)
    (home / "Downloads").mkdir()
    sandbox = office.sandbox
    downloads = {
        "surat-desa-1a2b3c.json": sandbox.service_account_info,
        "client_secret_1234.json": sandbox.client_secret_info,
    }
    for name, info in downloads.items():
        (home / "Downloads" / name).write_text(json.dumps(info), encoding="utf-8")
