"""
The simulator's world, its choices made by Hypothesis, which shrinks what breaks.

A step is something that somebody does, trouble that the next run is to meet, or a run. In the
end comes calm, in which the invariants are looked at as after every other schedule.
"""

from __future__ import annotations

import os
import random
import sys
from typing import TYPE_CHECKING, ClassVar

import pytest
from effects import BEGIN, COMMIT, CRASHES, DISK, HTTP, Effect
from house import APPROVAL, DRIVE, FOLDER, VERIFY, town
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from people import DEEDS
from privacy import listening
from schedule import NEW_YEAR, Schedule
from wire import KINDS

if TYPE_CHECKING:
    from house import Town

LENGTH = os.environ.get("SURAT_SYNC_TESTS", "push")
EXAMPLES = {"push": 30, "nightly": 500, "release": 5_000}[LENGTH]
STEPS = {"push": 25, "nightly": 50, "release": 50}[LENGTH]
_MOST_EFFECTS = 40  #: of a run, mostly; trouble that is to come later never comes
_MOST_TROUBLES = 4
_EFFECTS = [Effect(kind, "", "") for kind in (HTTP, DISK, COMMIT, BEGIN)]
_TROUBLES = sorted({kind for effect in _EFFECTS for kind in effect.kinds(KINDS)} - {*CRASHES})
_WHEN = st.integers(0, _MOST_EFFECTS)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # a worker that crashes closes nothing
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_whatever_happens_calm_puts_it_right() -> None:
    """No sequence of deeds, troubles and runs breaks an invariant."""
    with listening(), town() as Machine.places:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                derandomize=LENGTH == "push",
                deadline=None,
                phases=[phase for phase in Phase if phase is not Phase.explain],  # takes minutes
                suppress_health_check=list(HealthCheck),
            ),
        )


class Machine(RuleBasedStateMachine):
    """Everything that may happen in one house; each rule is one thing."""

    places: ClassVar[Town]  #: one for all examples, each of which finds it as it was at first

    @initialize(
        house=st.sampled_from((FOLDER, DRIVE, APPROVAL, VERIFY)),
        at_new_year=st.booleans(),
        data=st.data(),
    )
    def begin(self, house: str, at_new_year: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
        self.schedule = Scripted(self.places, house, Drawn(data))
        if at_new_year:
            self.schedule.house.time.move_to(NEW_YEAR)
        self.schedule.people.submit()

    @rule()
    def submit(self) -> None:
        self.schedule.people.submit()

    @rule(deed=st.sampled_from(sorted(DEEDS)))
    def somebody_does(self, deed: str) -> None:
        self.schedule.people.do(deed)

    @rule()
    def ask(self) -> None:
        self.schedule.people.do("ask")

    @precondition(lambda self: self.schedule.has_room)
    @rule(after=_WHEN, deed=st.sampled_from(sorted(DEEDS)))
    def somebody_will_do(self, after: int, deed: str) -> None:
        self.schedule.deeds.append((after, deed))

    @precondition(lambda self: self.schedule.has_room)
    @rule(after=_WHEN, trouble=st.sampled_from(_TROUBLES), times=st.sampled_from((1, 1, 1, 3, 5)))
    def trouble_will_come(self, after: int, trouble: str, times: int) -> None:
        self.schedule.troubles += [(after, trouble)] * times

    @precondition(lambda self: self.schedule.has_room)
    @rule(after=_WHEN, crash=st.sampled_from(CRASHES))
    def power_will_go(self, after: int, crash: str) -> None:
        self.schedule.troubles.append((after, crash))

    @rule(minutes=st.sampled_from((5, 1, 600)))
    def run(self, minutes: int) -> None:
        self.schedule.work(minutes)

    @rule()
    def run_at_once(self) -> None:
        self.schedule.work(0)

    @precondition(lambda self: self.schedule.may_lose)
    @rule(what=st.sampled_from(("ledger", "state", "sheet")))
    def lose(self, what: str) -> None:
        self.schedule.lose(what)

    def teardown(self) -> None:
        """Look at what is true when calm has come, unless the example was given up."""
        if sys.exception() is None and hasattr(self, "schedule"):
            broken = self.schedule.calm().broken
            for line in self.schedule.outcome.story if broken else ():
                note(line)
            assert [] == broken


class Scripted(Schedule):
    """A schedule of which every step is told; troubles and deeds come after so many effects."""

    def __init__(self, places: Town, house: str, dice: random.Random) -> None:
        super().__init__(places, seed=0, dice=dice, house=house)
        self.troubles: list[tuple[int, str]] = []
        self.deeds: list[tuple[int, str]] = []
        self.house.sandbox.world.observers.append(self.watch)
        self.keep_sheet()
        self._done = 0  #: effects of the run
        self._may_lose = True

    @property
    def has_room(self) -> bool:
        """Whether one more thing may be told for the next run."""
        return len(self.troubles) + len(self.deeds) < _MOST_TROUBLES

    @property
    def may_lose(self) -> bool:
        """Whether there is something to lose; once: of two losses, nothing could know the rest."""
        return self._may_lose and bool(self.watch.seen)

    def work(self, minutes: int) -> None:
        """Run, meeting what was told, and let time pass."""
        self._done = 0
        self._work()
        self.troubles.clear()
        self.deeds.clear()
        self.keep_sheet()
        self.house.pass_time(minutes=minutes)

    def lose(self, what: str) -> None:
        self._may_lose = False
        super().lose(what)

    def fault(self, effect: Effect) -> str:
        """Return the first trouble whose time has come and that such an effect can meet, or ""."""
        self._done += 1
        possible = effect.kinds(KINDS)
        for at, (after, trouble) in enumerate(self.troubles):
            if after < self._done and trouble in possible:
                del self.troubles[at]
                self.people.story.append(f"{effect.step}: {effect.name} meets {trouble}")
                return trouble
        return ""

    def between(self, effect: Effect) -> None:
        """Let people do what was told for about now."""
        if effect.kind != HTTP:
            return
        due = [deed for after, deed in self.deeds if after <= self._done]
        self.deeds = [(after, deed) for after, deed in self.deeds if after > self._done]
        for deed in due:
            if (self.house.name, deed) != (VERIFY, "move_column"):
                self.people.do(deed)


class Drawn(random.Random):
    """Dice that Hypothesis throws; `random` is simplest near 1, where nothing special happens."""

    def __init__(self, data: st.DataObject) -> None:
        super().__init__(0)
        self._data = data

    def random(self) -> float:
        return 1 - self._data.draw(st.integers(1, _PARTS)) / _PARTS

    def _randbelow(self, n: int) -> int:
        return self._data.draw(st.integers(0, n - 1))


_PARTS = 1_000
