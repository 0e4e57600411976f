"""The documents say what is so: commands, help texts, the example config, links."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sync.config.example import example_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("", "docs", "deploy", "examples", "templates")
DOCUMENTS = [
    path for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.md")) if path.is_file()
]
README = (ROOT / "README.md").read_text(encoding="utf-8")

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
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
