"""What the storms found once, and meet too rarely to be sure that they would again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from effects import CRASH_BEFORE, Crash, Effect, Worker
from house import FOLDER, town
from office import resident
from steps import E9

from sync.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from house import Town


class DiesBeforeTheLetter:
    """A plan by which the power goes when a number is taken and its letter is not yet written."""

    def fault(self, effect: Effect) -> str:
        return CRASH_BEFORE if effect.step == E9 else ""

    def between(self, effect: Effect) -> None:
        """Let nobody do anything."""


@pytest.fixture
def places() -> Iterator[Town]:
    with town() as found:
        yield found


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # a worker that crashes closes nothing
def test_nobody_is_held_and_has_a_number(places: Town) -> None:
    """A released duplicate got its number, the run died, and then its row was deleted."""
    house = places.house(FOLDER)
    house.restore(1)
    house.submit("Siti Contoh")
    again = resident("Budi Contoh", 2) | {"NIK": resident("", 1)["NIK"], "Nama Usaha": "Toko 1"}
    house.sandbox.submit(again)
    house.run()
    assert "Ditahan" == house.statuses()["Budi Contoh"]
    house.ask("Budi Contoh", "Setujui")
    with places.gate.working(Worker(plan=DiesBeforeTheLetter())), pytest.raises(Crash):
        house.run()
    row, sheet = house.row_index("Budi Contoh"), house.sandbox.sheet_id
    house.sandbox.staff({"delete": {"sheet": sheet, "row": row}})
    house.run()

    (numbered,) = [entry for entry in house.entries() if entry.row_missing_since]
    assert (Status.DELAYED, 2) == (numbered.status, numbered.letter and numbered.letter.sequence)
    assert 0 == house.run().exit_code
