"""What the storms found once, and meet too rarely to be sure that they would again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from effects import COMMIT, CRASH_BEFORE, DISK, HTTP, Crash, Effect, Worker
from house import FOLDER, town
from office import resident
from steps import E6, E9, E11

from sync.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from house import Town


@dataclass(frozen=True, slots=True)
class At:
    """A plan by which every effect of a kind in one step meets a fault."""

    step: str
    kind: str
    trouble: str

    def fault(self, effect: Effect) -> str:
        return self.trouble if (effect.step, effect.kind) == (self.step, self.kind) else ""

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
    with places.gate.working(Worker(plan=At(E9, DISK, CRASH_BEFORE))), pytest.raises(Crash):
        house.run()
    row, sheet = house.row_index("Budi Contoh"), house.sandbox.sheet_id
    house.sandbox.staff({"delete": {"sheet": sheet, "row": row}})
    house.run()

    (numbered,) = [entry for entry in house.entries() if entry.row_missing_since]
    assert (Status.DELAYED, 2) == (numbered.status, numbered.letter and numbered.letter.sequence)
    assert 0 == house.run().exit_code


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_stored_letter_goes_out_though_another_cannot_be_made(places: Town) -> None:
    """Its run died before it told; the next one's disk is full when it looks at a new request."""
    house = places.house(FOLDER)
    house.restore(1)
    house.submit("Siti Contoh")
    with places.gate.working(Worker(plan=At(E11, HTTP, CRASH_BEFORE))), pytest.raises(Crash):
        house.run()
    house.submit("Budi Contoh")
    with places.gate.working(Worker(plan=At(E6, COMMIT, "full"))):
        assert 2 == house.run().exit_code

    assert "Siap Ditandatangani" == house.statuses()["Siti Contoh"]
    house.run()
    assert {"Siap Ditandatangani"} == {*house.statuses().values()}
