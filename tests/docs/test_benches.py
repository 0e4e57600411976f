"""`scripts/bench` runs to its end and tells what it measured; how fast that was is no matter."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]


def figures(tmp_path: Path, *options: str) -> Mapping[str, Any]:
    """Return the figures of a small bench by name; no node is found."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "benches.py"), *options, "--json"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
    )
    found = json.loads(done.stdout)["figures"]
    assert all(figure["value"] >= 0 for figure in found)
    return {figure["name"]: figure for figure in found}


def test_letters_are_measured(tmp_path: Path) -> None:
    """Ours with and without its own seal, whatever else is installed."""
    found = figures(tmp_path, "letters", "--rounds", "1")

    assert {"ours", "own seal: ours", "python-docx, loop over runs"} <= found.keys()
    assert found["ours"]["value"] > found["own seal: ours"]["value"]
    assert found["ours: peak memory"]["value"] > 0


def test_runs_are_measured(tmp_path: Path) -> None:
    """With news and without, each in a process of its own."""
    found = figures(tmp_path, "run", "--rows", "2", "--idle", "--naive")

    assert 4 == found["2 new rows: calls to Google"]["value"]
    assert 1 == found["idle, 2 rows just issued: calls to Google"]["value"]
    assert found["2 new rows: sent"]["value"] > found["idle, 2 rows just issued: sent"]["value"] > 0
