"""docs/how-it-works.md says of each step what is true if a run dies there, and what always is."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIMULATION = ROOT / "tests" / "simulation"
TEXT = (ROOT / "docs/how-it-works.md").read_text("utf-8")
CRASHES = TEXT.partition("## When it is stopped half-way")[2].partition("\n## ")[0]
ROWS = [line.strip("|").split("|") for line in CRASHES.splitlines() if line.startswith("| ")][1:]


def test_every_step_has_its_row() -> None:
    """The simulator's steps stand in the table, in their order, under their names."""
    told = [found[1] for row in ROWS if (found := re.match(r" \*\*(E[0-9]+ .+?)\*\*", row[0]))]

    assert steps() == told


def test_every_row_says_everything() -> None:
    """Where it dies, what is there, what others see, what the next run does; of a known step."""
    known = {step.partition(" ")[0] for step in steps()}

    assert {4} == {len(row) for row in ROWS}
    assert known == {row[0].strip(" *").partition(" ")[0].rstrip(",") for row in ROWS}
    assert all(cell.strip() for row in ROWS for cell in row)


def test_every_invariant_is_told() -> None:
    """The list is whole, and has all that the simulator names."""
    told = re.findall(r"^- \*\*(I[0-9]+)\*\* ", TEXT, re.MULTILINE)
    sources = [path.read_text("utf-8") for path in SIMULATION.glob("*.py")]
    named = {name for source in sources for name in re.findall(r"\bI[0-9]+\b", source)}

    assert [f"I{number}" for number in range(1, 21)] == told
    assert {"I6", "I17"} <= named <= {*told}


def test_tests_that_are_named_exist() -> None:
    """Whoever wants to see the proof finds it."""
    proof = TEXT.partition("## How that is proved")[2].partition("\n## ")[0]
    named = re.findall(r"`(tests/[\w/]+\.py|tests/[\w/]+/)`", proof)

    assert len(named) > 1
    assert [] == [name for name in named if not (ROOT / name).exists()]


def steps() -> list[str]:
    """Return the steps as the simulator names them."""
    sys.path.insert(0, str(SIMULATION))
    try:
        return list(runpy.run_path(str(SIMULATION / "steps.py"))["STEPS"])
    finally:
        sys.path.remove(str(SIMULATION))
