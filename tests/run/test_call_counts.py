"""How many calls a run makes: one without news, at most six with news."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from history import counted, writes
from village_user import VillageUser, people, spread

if TYPE_CHECKING:
    from office import Office


def test_nothing_is_asked_twice(office: Office) -> None:
    """After 40 letters, the next run is one read and no write."""
    VillageUser(office.sandbox).write_rows(people(40, spread(40)))
    office.run()
    before = office.mark()

    report = office.run()

    assert {"sheets_read": 1, "sheets_write": 0, "drive": 0, "forms": 0, "token": 1} == counted(
        office, before
    )
    assert (40, 40, 0) == (
        report.counts["read"],
        report.counts["unchanged"],
        report.counts["issued"],
    )


@pytest.mark.parametrize("count", [1, 200])
def test_calls_do_not_grow_with_the_rows(office: Office, count: int) -> None:
    """One new row and two hundred need the same four calls, and all of them are reported."""
    VillageUser(office.sandbox).write_rows(people(count, spread(count)))
    before = office.mark()

    report = office.run()

    calls = counted(office, before)
    assert count == report.counts["issued"] == report.counts["new"]
    assert {"sheets_read": 2, "sheets_write": 2, "drive": 0, "forms": 0, "token": 1} == calls
    assert calls == dict(report.google_calls)
    assert 4 == len([call for call in office.calls(before) if call.startswith("sheets.")])


def test_rows_beyond_the_limit_wait_untouched(office: Office) -> None:
    """Only so many rows a run; the others keep empty cells and come next, numbers in order."""
    office.configure(limits__rows_per_run=5)
    VillageUser(office.sandbox).write_rows(people(12, spread(12)))

    first = office.run()

    records = office.sandbox.records()
    assert 5 == first.counts["issued"]
    assert [True] * 5 + [False] * 7 == [bool(record["ID Permohonan"]) for record in records]
    assert 5 == len(office.entries())
    assert [5, 2] == [office.run().counts["issued"] for _ in range(2)]
    numbers = [record["Nomor Surat"] for record in office.sandbox.records()]
    assert [f"500.3/{n}/35.07.32.2004/2026" for n in range(1, 13)] == numbers
    before = office.mark()
    office.run()
    assert [] == writes(office, before)
