"""Google that does not answer: a run says so, and the next one goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import patient
import pytest
from office import CLAIM, READ, SWAP
from oracle import settle

if TYPE_CHECKING:
    from office import Office


def test_a_claim_that_never_arrived_is_no_success(office: Office) -> None:
    """Nothing was marked and nothing is shown: the run ends with 75, and sent it once."""
    office.submit("Siti Contoh")
    office.sandbox.fault(CLAIM, kind="503")
    before = office.mark()

    report = patient.run(office)
    later = patient.run(office)

    assert (75, 0) == (report.exit_code, later.exit_code)
    assert 1 == office.calls(before)[:3].count(CLAIM)
    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]
    assert 1 == len(office.register())


def test_a_claim_whose_answer_was_lost_goes_on(office: Office) -> None:
    """The read-back finds the marks: nothing is missing."""
    office.submit("Siti Contoh")
    office.sandbox.fault(CLAIM, kind="503-after")

    report = patient.run(office)

    assert 0 == report.exit_code
    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]


@pytest.mark.parametrize("kind", ["503", "close-before"])
def test_a_swap_that_never_arrives_is_no_success(office: Office, kind: str) -> None:
    """The letter has its number and its file; the sheet shows it after the next run."""
    office.submit("Siti Contoh")
    office.sandbox.fault(SWAP, kind=kind, times=8)

    report = patient.run(office)
    shown = office.record("Siti Contoh")["Status"]
    before = office.mark()
    later = patient.run(office)

    assert (75, 0) == (report.exit_code, later.exit_code)
    assert shown.startswith("Diproses")
    assert [READ, SWAP] == office.calls(before)
    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]
    assert (1, 1) == (len(office.register()), len(office.letters()))
    assert (1, 0) == (report.counts["issued"], later.counts["issued"])


def test_an_answer_under_a_mark_comes_back_after_a_lost_look(office: Office) -> None:
    """The next claim finds the ticket where the answer was, and does not take it for one."""
    office.submit("Siti Contoh", "Budi Contoh")
    typed = sorted(row["Pernyataan"] for row in office.sandbox.records())
    at, to = office.column_index("Status"), office.column_index("Timestamp")
    move = {"move_column": {"sheet": office.sandbox.sheet_id, "column": at, "to": to}}
    office.sandbox.staff(move, before=CLAIM)
    office.sandbox.fault(READ, kind="403", after=1)

    office.run()

    assert [] == settle(office)
    assert typed == sorted(row["Pernyataan"] for row in office.sandbox.records())
