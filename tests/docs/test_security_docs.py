"""docs/security.md: each rule names its tests, and those exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| (?!against|---)(.+?) \| (.+) \| (.+?) \|$",
    (ROOT / "docs/security.md").read_text("utf-8"),
    re.MULTILINE,
)
_TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")


@cache
def names_in(file: str) -> frozenset[str]:
    """Return the names of the test functions in a file below the project."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def path_of(named: str) -> str:
    return named if "/" in named else f"tests/security/{named}"


@pytest.mark.parametrize("against, held_by", [(row[0], row[2]) for row in ROWS])
def test_every_rule_has_tests_that_exist(against: str, held_by: str) -> None:
    """A rule without a test is a wish."""
    named = _TEST.findall(held_by)
    missing = [f"{file}::{name}" for file, name in named if name not in names_in(path_of(file))]

    assert named, against
    assert [] == missing
    assert "" == re.sub(r"[\s,]", "", _TEST.sub("", held_by)), "nothing but tests stands there"


def test_every_file_of_security_tests_is_named() -> None:
    """Whoever adds a file of tests says which rule it holds."""
    files = {path.name for path in (ROOT / "tests/security").glob("test_*.py")}
    named = {file for row in ROWS for file, _ in _TEST.findall(row[2])}

    assert {"test_canaries.py"} == files - named
    assert len(ROWS) >= 20
