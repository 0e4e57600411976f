"""More requests in an hour than people send, and a run that takes too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from history import quiet
from village_user import VillageUser, people, spread

from sync.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from office import Office


def test_a_flood_holds_the_newest(office: Office) -> None:
    """Within an hour only so many go on; the operator or *Setujui* releases the others."""
    office.configure(limits__new_rows_per_hour=3)
    VillageUser(office.sandbox).write_rows(people(6, spread(6, minutes=5)))
    report = office.run()

    records = office.sandbox.records()
    assert (3, 3) == (report.counts["issued"], report.counts["held"])
    assert ["Siap Ditandatangani"] * 3 + ["Ditahan"] * 3 == [one["Status"] for one in records]
    assert "permohonan terlalu banyak dalam satu jam." in records[3]["Catatan"]
    assert quiet(office)
    office.ask(records[5]["Nama Lengkap"], "Setujui")
    assert 1 == office.run().counts["issued"]
    assert 2 == office.run(accept=["flood"]).counts["issued"]
    assert quiet(office)


def test_rows_spread_over_hours_are_no_flood(office: Office) -> None:
    """The limit counts form time within 60 minutes, not what one run finds."""
    office.configure(limits__new_rows_per_hour=3)
    VillageUser(office.sandbox).write_rows(people(9, spread(9, minutes=21)))

    assert 9 == office.run().counts["issued"]


def test_a_flood_counts_what_earlier_runs_took_up(office: Office) -> None:
    """The hour is the form's, so that many small runs let no more through than one."""
    office.configure(limits__new_rows_per_hour=3)
    office.submit("Siti Contoh", "Budi Contoh", "Ani Contoh")
    office.run()
    office.submit("Joko Contoh")
    office.run()
    assert "Ditahan" == office.record("Joko Contoh")["Status"]

    office.pass_time(minutes=61)
    office.submit("Sri Contoh")
    office.run()
    assert "Siap Ditandatangani" == office.record("Sri Contoh")["Status"]


def test_archived_rows_are_no_flood(bare_office: Office) -> None:
    """What came in before `setup`, even a minute ago, takes nobody's place."""
    office = bare_office
    office.configure(limits__new_rows_per_hour=3)
    office.submit("Siti Contoh", "Budi Contoh", "Ani Contoh")
    office.set_up()
    office.submit("Joko Contoh")
    office.run()

    assert "Siap Ditandatangani" == office.record("Joko Contoh")["Status"]


class _Hurried(SystemClock):
    """A clock that jumps once something has happened."""

    def __init__(self, has_happened: Callable[[], bool]) -> None:
        self._has_happened = has_happened

    def monotonic(self) -> float:
        return super().monotonic() + (10_000 if self._has_happened() else 0)


def test_a_run_out_of_time_publishes_what_it_has(office: Office) -> None:
    """After `limits.run_minutes` nothing new starts: the rest is *Tertunda*, without number."""
    VillageUser(office.sandbox).write_rows(people(6, spread(6)))
    report = office.run(clock=_Hurried(lambda: len(office.register()) == 3))

    statuses = [record["Status"] for record in office.sandbox.records()]
    assert (1, 3) == (report.exit_code, report.counts["delayed"])
    assert ["Siap Ditandatangani"] * 3 + ["Tertunda"] * 3 == statuses
    assert [1, 2, 3] == [line.sequence for line in office.register()]
    assert 3 == office.run().counts["issued"]
    assert quiet(office)
