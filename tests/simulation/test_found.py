"""What the storms found once, and meet too rarely to be sure that they would again."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from effects import COMMIT, CRASH_AFTER, CRASH_BEFORE, DISK, HTTP, Crash, Effect, Worker
from house import FOLDER, town
from office import resident
from steps import E4, E5, E6, E9, E11

from sync.commands import program
from sync.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A plan by which others act, once, before the first effect of a step and kind."""

    deeds: dict[tuple[str, str], Callable[[], object]]
    dies_after: tuple[str, str] = ("", "")

    def fault(self, effect: Effect) -> str:
        return CRASH_AFTER if (effect.step, effect.kind) == self.dies_after else ""

    def between(self, effect: Effect) -> None:
        """Let others act."""
        self.deeds.pop((effect.step, effect.kind), lambda: None)()


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


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_answer_under_another_runs_mark_comes_back(places: Town) -> None:
    """A run that should not be there claims over this one's marks, and dies, before it looks."""
    house = places.house(FOLDER)
    house.restore(1)
    house.submit("Siti Contoh")
    has_claimed, may_look = threading.Event(), threading.Event()

    def move_a_column() -> None:
        at, to = house.column_index("NIK"), house.column_index("Surat")
        sheet = house.sandbox.sheet_id
        house.sandbox.staff({"move_column": {"sheet": sheet, "column": at, "to": to}})

    def wait() -> None:
        has_claimed.set()
        may_look.wait()

    def work() -> None:
        plan = Meanwhile({(E4, HTTP): move_a_column, (E5, HTTP): wait})
        with places.gate.working(Worker(plan=plan)):
            house.run()

    first = threading.Thread(target=work)

    def let_the_first_claim() -> None:
        first.start()
        has_claimed.wait()

    second = Worker(plan=Meanwhile({(E4, DISK): let_the_first_claim}, dies_after=(E4, HTTP)))
    with mock.patch.object(program, "exclusive_lock", return_value=contextlib.nullcontext()):
        with places.gate.working(second), pytest.raises(Crash):
            house.run()
        may_look.set()
        first.join()
    for _ in range(3):
        house.run()

    assert resident("Siti Contoh", 1)["NIK"] == house.record("Siti Contoh")["NIK"]
    assert "Siap Ditandatangani" == house.record("Siti Contoh")["Status"]
