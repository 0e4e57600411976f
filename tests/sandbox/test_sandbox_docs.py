"""docs/sandbox.md lists what there is, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sync.sandbox import control, faults, staff
from sync.sandbox.endpoints import ENDPOINTS
from sync.sandbox.sheets.kinds import KINDS
from sync.sandbox.state import SWITCHES

DOCUMENT = Path(__file__).parents[2] / "docs" / "sandbox.md"


def _short(method: str) -> str:
    """Return a method's name as the document spells it."""
    for prefix in ("sheets.spreadsheets.values", "sheets.spreadsheets", "forms.forms"):
        if method.startswith(f"{prefix}."):
            kept = {"sheets.spreadsheets.values": "values", "forms.forms": "forms"}
            return f"{kept.get(prefix, 'spreadsheets')}.{method.removeprefix(prefix + '.')}"
    return method


def test_request_kinds_are_listed() -> None:
    """The table of kinds names each one, in its row, once."""
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| about [^|]+\| ([^|]+) \|$", text, re.MULTILINE)

    assert sorted(KINDS) == sorted(name for row in rows for name in row.split(", "))


def test_methods_are_listed() -> None:
    """Each method with a tick is answered, and each answered one has a tick."""
    text = DOCUMENT.read_text(encoding="utf-8")
    ticked = re.findall(r"\| `([\w.]+)` \| ✓", text)

    assert sorted(map(_short, ENDPOINTS)) == sorted(ticked)


@pytest.mark.parametrize(
    "names",
    [faults.KINDS, SWITCHES, staff.ACTIONS, {name for _, name in control.HANDLERS}],
    ids=["faults", "switches", "staff", "control"],
)
def test_control_is_described(names: set[str]) -> None:
    """Faults, switches, staff's actions and control calls are all in the document."""
    text = DOCUMENT.read_text(encoding="utf-8")

    assert [] == [name for name in names if f"`{name}`" not in text and f"/{name}`" not in text]
