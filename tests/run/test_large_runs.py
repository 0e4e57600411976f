"""A run with more news than one batch can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from office import CLAIM, READ, SWAP, names

from sync.run import publish

if TYPE_CHECKING:
    from office import Office

MOST_REQUESTS = 8  #: three rows with news are a line and six texts each
ROWS = 3


@pytest.fixture
def waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return an office whose batches are small, with news for three of them."""
    monkeypatch.setattr(publish, "MOST_REQUESTS", MOST_REQUESTS)
    office.submit(*names(ROWS))
    return office


def settled(office: Office) -> bool:
    """Tell whether sheet and register show every letter."""
    numbers = [f"500.3/{sequence}/35.07.32.2004/2026" for sequence in range(1, ROWS + 1)]
    shown = [row["Nomor Surat"] for row in office.sandbox.records()]
    return sorted(shown) == numbers == [str(line[1]) for line in office.register_tab()[1:]] and {
        "Siap Ditandatangani"
    } == set(office.statuses().values())


def test_only_the_swap_is_split(waiting: Office) -> None:
    """Reading, claim and read-back stay one call each, and everything is shown at the end."""
    before = waiting.mark()

    waiting.run()

    assert [READ, CLAIM, READ, SWAP, SWAP, SWAP] == waiting.calls(before)
    assert settled(waiting)


def test_register_lines_go_first(waiting: Office) -> None:
    """A run that dies between two batches leaves no number outside its register."""
    waiting.sandbox.fault(SWAP, kind="403", after=1)

    waiting.run()
    shown = {row["Nomor Surat"] for row in waiting.sandbox.records()}
    lines = {line[1] for line in waiting.register_tab()[1:]}
    waiting.run()

    assert {number for number in shown if not number.startswith("Diproses")} <= lines
    assert ROWS == len(lines)
    assert settled(waiting)


def test_a_lost_answer_in_the_middle_is_looked_up(waiting: Office) -> None:
    """What the lost batch did is seen in a reading, and the rest is written then."""
    waiting.sandbox.fault(SWAP, kind="503-after", after=1, times=4)
    before = waiting.mark()

    report = waiting.run()
    waiting.run()

    assert 0 in {report.exit_code, 75}
    assert READ in waiting.calls(before)[6:]
    assert settled(waiting)
