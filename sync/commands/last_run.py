"""What the last run leaves behind for `status` and monitors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sync.platform import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from sync.clock import Clock
    from sync.run.report import Report

_FILE = "last-run.json"


def remember_run(state: Path, report: Report, clock: Clock) -> None:
    """Write down when the run ended and how, and what someone should hear."""
    ended = {
        "run_id": report.run_id,
        "at": clock.now().isoformat(),
        "exit": report.exit_code,
        "cautions": report.cautions,
    }
    write_private(state / _FILE, json.dumps(ended).encode())


def last_run(state: Path) -> dict[str, Any]:
    """Return what the last run wrote down; empty before the first."""
    try:
        found: dict[str, Any] = json.loads((state / _FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    return found
