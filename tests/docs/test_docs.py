"""The documents say what is so: commands, help texts, the example config, links."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sync.config.example import example_yaml
from sync.text import ACTION_WORDS, STATUS_WORDS

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # typer itself, on newer clicks
    from typer.main import get_command

    from sync.cli.frame import OVERRIDES

    APP = import_module("sync.cli").app  # with its commands

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("", "docs", "deploy", "examples", "templates")
DOCUMENTS = [
    path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.md")) if path.is_file()
]
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ID, OPERATE, HOW_IT_WORKS = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.id.md", "docs/operate.md", "docs/how-it-works.md")
)

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE_SPAN = re.compile(r"`(surat-sync(?: [^`]*)?)`")
_COMMAND_LINE = re.compile(r"^ *(?:\$ )?(?:\S+/)?(surat-sync(?: .*)?)$", re.MULTILINE)
_HOSTS = [name + end for name in ("pypi", "pythonhosted", "npmjs", "debian") for end in (".org",)]
_MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:root|tmp|opt/pypi|wo" + r"rk|Users)/")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def help_blocks() -> Iterator[tuple[str, str, str]]:
    """Yield document, command and printed text of each `$ surat-sync … --help` block."""
    for document in DOCUMENTS:
        for language, block in _FENCE.findall(document.read_text(encoding="utf-8")):
            command, _, printed = block.partition("\n")
            if language == "console" and re.fullmatch(r"\$ surat-sync .*--help", command):
                yield name_of(document), command.removeprefix("$ "), printed


def program_output(command: str) -> str:
    """Return what the installed program prints on a plain terminal of 90 columns."""
    plain = {"COLUMNS": "90", "TERM": "dumb", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    finished = subprocess.run(
        [sys.executable, "-m", "sync", *shlex.split(command)[1:]],
        env={**os.environ, **plain},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return finished.stdout


def stripped(text: str) -> list[str]:
    """Return the lines without the space at their ends, nor empty ones at top and bottom."""
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def anchors(document: Path) -> set[str]:
    """Return what a link into *document* may name after `#`."""
    headings = _HEADING.findall(_FENCE.sub("", document.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("command", ["./scripts/demo", "./scripts/test"])
def test_readme_names_a_command_that_can_be_run(command: str) -> None:
    """What a newcomer types first is there and is executable."""
    assert f"\n$ {command}" in README
    assert os.access(ROOT / command, os.X_OK)


def test_readme_shows_the_programs_help() -> None:
    """There is at least the main help to compare."""
    assert "surat-sync --help" in {command for _, command, _ in help_blocks()}


@pytest.mark.parametrize("document, command, printed", list(help_blocks()))
def test_help_is_as_printed(document: str, command: str, printed: str) -> None:
    """A help text in a document is the program's own."""
    assert stripped(program_output(command)) == stripped(printed), f"{document}: {command}"


def test_example_config_is_as_generated() -> None:
    """`python -m sync.config > config.example.yaml` was run after the last change."""
    assert example_yaml() == (ROOT / "config.example.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_yaml_in_documents_is_in_the_example(document: Path) -> None:
    """A line of config that a document shows is a line of the example."""
    example = {line.strip().partition("  #")[0] for line in example_yaml().splitlines()}
    blocks = _FENCE.findall(document.read_text(encoding="utf-8"))
    shown = "".join(block for language, block in blocks if language == "yaml")

    assert set() == {line.strip() for line in shown.splitlines()} - example


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    """Every file and heading that a document links to exists."""
    broken = []
    for link in _LINK.findall(document.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        target = (document.parent / path) if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert [] == broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_documents_name_no_machine(document: Path) -> None:
    """No package registry's host and no path of the computer that it was written on."""
    text = document.read_text(encoding="utf-8")

    assert [] == [host for host in _HOSTS if host in text]
    assert [] == _MACHINE_PATHS.findall(text)


def commands_in(document: Path) -> Iterator[str]:
    """Yield what a document gives as a command of ours: in fenced blocks, and in the text."""
    text = document.read_text(encoding="utf-8")
    for language, block in _FENCE.findall(text):
        if language in {"sh", "console", "cron"}:
            lines = re.sub(r"^ *(?:\S+ ){5}(?=/)", "", block, flags=re.MULTILINE)
            yield from _COMMAND_LINE.findall(lines)
    yield from (span.replace("\n", " ") for span in _CODE_SPAN.findall(_FENCE.sub("", text)))


def unknown_words(words: Sequence[str]) -> list[str]:
    """Return what of a command line the program does not know."""
    command, unknown = get_command(APP), []
    for word in words:
        if word.startswith("--"):
            options = {name for one in command.params for name in one.opts}
            unknown += [] if word in options | {"--help"} else [word]
        elif word in getattr(command, "commands", {}):
            command = command.commands[word]  # type: ignore[attr-defined]
        elif hasattr(command, "commands") and re.fullmatch("[a-z]+", word):
            unknown.append(word)
    return unknown


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_commands_in_documents_exist(document: Path) -> None:
    """No document names a command or an option that the program does not have."""
    found = {
        line: unknown_words(shlex.split(line, comments=True)[1:]) for line in commands_in(document)
    }

    assert {} == {line: words for line, words in found.items() if words}


def test_there_are_commands_to_look_at() -> None:
    """Commands are found in fenced blocks, in cron lines and in the text; wrong ones are seen."""
    found = set(commands_in(ROOT / "README.md"))

    assert {"surat-sync check", "surat-sync --help"} <= found
    assert [line for line in found if "/srv/surat/config.yaml run --quiet" in line]
    assert ["books", "--backup"] == unknown_words(["books", "--backup"])
    assert ["--counts"] == unknown_words(["register", "reserve", "--counts", "10"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_overrides_in_documents_exist(document: Path) -> None:
    """Every `--accept NAME` is one that `run` takes."""
    named = re.findall(r"--accept ([a-z-]+)", document.read_text(encoding="utf-8"))

    assert set() == set(named) - {*OVERRIDES}


@pytest.mark.parametrize("text", [README_ID, OPERATE], ids=["README.id.md", "operate.md"])
def test_stops_and_exit_codes_are_all_told(text: str) -> None:
    """The operator's tables have each safety stop and each exit code of docs/how-it-works.md."""
    row = re.compile(r"^\| `?([0-9]+|[a-z]+-[a-z]+)`? \|", re.MULTILINE)

    assert sorted(row.findall(HOW_IT_WORKS)) == sorted(row.findall(text))


def test_staff_read_every_status_and_action_in_the_sheets_words() -> None:
    """README.id.md has a row for each status and each action, in the program's order."""
    rows = re.findall(r"^\| ([A-Z][A-Za-z ]+) \|", README_ID, re.MULTILINE)

    assert ["Status", *STATUS_WORDS.values(), "Tindakan", *ACTION_WORDS.values()] == rows


def test_readme_leads_to_the_operators_documents() -> None:
    """An operator who opens README.md finds the way, in both languages."""
    assert {"docs/operate.md", "README.id.md"} <= set(_LINK.findall(README))
