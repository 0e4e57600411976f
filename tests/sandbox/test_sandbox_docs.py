"""docs/sandbox.md lists what there is, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sync.sandbox import control, faults, staff
from sync.sandbox.discovery import methods, schema
from sync.sandbox.endpoints import ENDPOINTS
from sync.sandbox.forms import author
from sync.sandbox.sheets.kinds import KINDS
from sync.sandbox.state import SWITCHES

DOCUMENT = Path(__file__).parents[2] / "docs" / "sandbox.md"


def _row(first: str) -> list[list[str]]:
    """Return the names in each further cell of the table's row that begins with *first*."""
    text = DOCUMENT.read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| {first} \|(.*)\|$", text, re.MULTILINE)
    return [re.findall(r"`([\w.]+)`", cell) for cell in row.split("|")]


@pytest.mark.parametrize("api", ["sheets", "drive", "forms"])
def test_every_method_has_a_tick_or_501(api: str) -> None:
    """Each method of Google's document stands in its API's row, on the side that is true."""
    own = [name for name, method in methods().items() if method.api == api]
    short = {
        name: name.removeprefix("sheets.spreadsheets.")
        if name.count(".") > 2 and api == "sheets"
        else name.removeprefix(f"{api}.")
        for name in own
    }
    done = [short[name] for name in own if name in ENDPOINTS]

    assert [done, [short[name] for name in own if name not in ENDPOINTS]] == _row(api)


def test_every_request_kind_has_a_tick_or_501() -> None:
    """Each kind of Google's document is in one of two rows."""
    every = set(schema("sheets", "Request")["properties"])

    assert [sorted(KINDS)] == _row("✓ applied")
    assert [sorted(every - set(KINDS))] == _row("501")


@pytest.mark.parametrize(
    "names",
    [
        faults.KINDS,
        SWITCHES,
        staff.ACTIONS,
        author.ACTIONS,
        {name for _, name in control.HANDLERS},
    ],
    ids=["faults", "switches", "staff", "author", "control"],
)
def test_control_is_described(names: set[str]) -> None:
    """Faults, switches, actions and control calls are all in the document."""
    text = DOCUMENT.read_text(encoding="utf-8")

    assert [] == [name for name in names if f"`{name}`" not in text and f"/{name}`" not in text]
