"""A template made to do harm is refused with its place named, or is just a letter."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from unit.letter_files import p, parts, zipped

from templates import hostile

if TYPE_CHECKING:
    from collections.abc import Mapping

CASES = {name: (content, expected) for name, content, expected in hostile()}
LONGEST_SECONDS = 60  #: for whoever waits, on a busy machine
MOST_BYTES = 400_000_000
_CUTS = 150


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Open all of them in one process, which tells the most memory that any took."""
    folder = tmp_path_factory.mktemp("templates")
    files = {f"{at:03d}.docx": content for at, (content, _) in enumerate(CASES.values())}
    return _opened(folder, files)


def _opened(folder: Path, files: Mapping[str, bytes]) -> dict[str, Any]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    script = str(Path(__file__).with_name("opening.py"))
    done = subprocess.run(
        [sys.executable, script, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_there_are_enough_of_them() -> None:
    """Each is another file."""
    assert len({content for content, _ in CASES.values()}) == len(CASES) >= 100


@pytest.mark.parametrize("at, name", list(enumerate(CASES)), ids=list(CASES))
def test_hostile_template_is_refused_or_just_a_letter(
    opened: dict[str, Any], at: int, name: str
) -> None:
    """No other exception, soon, and with the file and the place in the message."""
    expected = CASES[name][1]
    outcome, said, seconds = opened["files"][f"{at:03d}.docx"]

    assert seconds < LONGEST_SECONDS
    if expected.startswith("="):
        assert "filled" == outcome, said
        assert expected[1:] in said
    elif expected:
        assert "refused" == outcome, said[:200]
        assert said.startswith(f"{at:03d}.docx: ")
        assert expected.casefold() in said.casefold()
    else:
        assert outcome in {"filled", "refused"}, said
    assert "{{" not in said or outcome == "refused"


def test_memory_is_bounded(opened: dict[str, Any]) -> None:
    """Opening takes what a village's old computer has."""
    assert opened["memory"] < MOST_BYTES


def test_damaged_files_are_refused_or_letters(tmp_path: Path) -> None:
    """Bytes changed by chance bring no other exception than ours."""
    chance = random.Random(5)
    good = zipped(parts(p("{{ nama }}")))
    stored = zipped(parts(p("{{ nama }}")), method=zipfile.ZIP_STORED)
    files = {
        f"{at:03d}.docx": _damaged(chance.choice((good, stored)), chance) for at in range(_CUTS)
    }
    outcomes = _opened(tmp_path, files)["files"]

    assert {"filled", "refused"} >= {outcome for outcome, _, _ in outcomes.values()}, outcomes


def _damaged(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(len(changed))] = chance.choice((0, 0xFF, chance.randrange(256)))
    return bytes(changed[: len(changed) - chance.choice((0, 0, 0, chance.randrange(200)))])
