"""
A schedule: everything that happens in one house, all of it from one seed.

First a storm: residents, staff, Google's and the disk's troubles, crashes, workers that overlap,
spreadsheets put back to an old version. Then calm, in which the invariants are looked at.
"""

from __future__ import annotations

import contextlib
import random
import traceback
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar
from unittest import mock

from afterwards import wrong_afterwards
from checker import settle, wrong
from effects import BEGIN, COMMIT, CRASHES, HTTP, Crash, Effect, Worker
from house import APPROVAL, DRIVE, FOLDER, VERIFY
from people import People
from privacy import Privacy
from steps import E0, E2, E4, E5, E7, E10, E11, E12, E13
from turns import Turns
from watch import Watch
from wire import KINDS

from sync.commands import program
from sync.commands.rebuild import rebuild_ledger
from sync.errors import LayoutError, SafetyStop, SyncError
from sync.sandbox.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from house import House, Town

    from sync.run.report import Report
    from sync.sandbox.sheets.book import Book

_HOUSES = (*[FOLDER] * 5, *[DRIVE] * 2, APPROVAL, VERIFY)
_DISASTROUS = 0.1  #: of schedules in which the ledger may be lost, or put back to an old one
_DISASTER = 0.5  #: of pauses in those
_LASTING = 0.3  #: of Google's faults that meet the next requests, too
_NEEDS_REBUILDING = {"ledger-behind", "ledger-missing", "ledger-corrupt"}
_MAY_BE_ACCEPTED = {"rows-vanished", "rows-shuffled", "clock-skew"}
NEW_YEAR = datetime(2026, 12, 31, 16, 45, tzinfo=UTC)  #: 23.45 WIB
_AT_NEW_YEAR = 0.1
_RUNS = (1, 2, 3)
_FAULT_RATE = 0.03  #: of effects that meet trouble
_RARE = {  #: of those that few schedules have, so that a night sees each with each fault
    (E0, HTTP): 0.25,
    (E0, BEGIN): 0.15,
    (E0, COMMIT): 0.1,
    (E2, HTTP): 0.04,
    (E4, HTTP): 0.1,
    (E5, HTTP): 0.06,
    (E7, HTTP): 0.4,
    (E10, HTTP): 0.4,
    (E11, HTTP): 0.12,
    (E12, HTTP): 0.6,
    (E13, BEGIN): 0.9,
    (E13, COMMIT): 0.3,
}
_OVERLAPPING = 0.2  #: of runs beside which another worker is at work, without any lock
_LOOKED_AT_AFTERWARDS = 10  #: schedules for one after which everything is checked and rebuilt
_OLD_SHEET = 0.04  #: of pauses in which the spreadsheet is put back to an old version


@dataclass(slots=True)
class Outcome:
    """What became of a schedule."""

    seed: int
    house: str
    broken: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)  #: by step and kind
    effects: int = 0
    runs: int = 0


def play(town: Town, seed: int) -> Outcome:
    """Play one schedule from beginning to end."""
    return Schedule(town, seed).play()


class Schedule:
    """
    One seeded time in a house; a `Plan` for the workers in its storm.

    dice:  whose throws decide everything, in place of the seed's
    house: where, instead of anywhere
    """

    deed_rate = 0.12  #: how often somebody does something before or after an effect
    rare: ClassVar[Mapping[tuple[str, str], float]] = _RARE

    def __init__(
        self, town: Town, seed: int, *, dice: random.Random | None = None, house: str = ""
    ) -> None:
        self.dice = dice or random.Random(seed)
        self.house: House = town.house(house or self.dice.choice(_HOUSES))
        self.gate = town.gate
        self.house.restore(seed)
        self.people = People(self.house, self.dice)
        self.watch = Watch(self.house, self.people, town.gate)
        self.privacy = Privacy(self.house)
        self.outcome = Outcome(seed, self.house.name, story=self.people.story)
        self._turns: Turns | None = None
        self._older: list[Book] = []
        self._accepted: set[str] = set()  #: what the operator says of the last run's stop
        self._must_rebuild = False
        self._outages: dict[int, tuple[str, int]] = {}  #: worker to fault and how often again
        self._disasters = self.dice.random() < _DISASTROUS
        self._lost = False  #: ledger and sheet never both: nothing could know the numbers

    def play(self) -> Outcome:
        """Storm, calm, then look."""
        world = self.house.sandbox.world
        if self.dice.random() < _AT_NEW_YEAR:
            self.house.time.move_to(NEW_YEAR)
        world.observers.append(self.watch)
        self._storm()
        return self.calm()

    def calm(self) -> Outcome:
        """Let nothing happen any more but runs, and tell what they do not put right."""
        world = self.house.sandbox.world
        world.faults = Faults()
        world._late.clear()
        self.people.story.append("calm")
        self.house.pass_time(minutes=5)
        if self.house.name != VERIFY:
            self.watch.look()
        self.outcome.broken += settle(self.house, self._run)
        self.outcome.broken += [*self.watch.in_the_end(), *wrong(self.house, self.people)]
        self.outcome.broken += self.privacy.leaks()
        if not self.outcome.broken and self.outcome.seed % _LOOKED_AT_AFTERWARDS == 0:
            self.outcome.broken += wrong_afterwards(self.house)
        return self.outcome

    # -- the storm

    def _storm(self) -> None:
        for _ in range(self.dice.choice((1, 2, 3))):
            self.people.submit()
        for _ in range(self.dice.choice(_RUNS)):
            if self.dice.random() < _OVERLAPPING:
                self._work_together()
            else:
                self._work()
            self._pause()

    def _pause(self) -> None:
        """Let time pass between two runs."""
        for _ in range(self.dice.randrange(3)):
            self.people.do_something()
        self.house.pass_time(minutes=self.dice.choice((1, 5, 5, 5, 600)))
        self.keep_sheet()
        if not self._lost and self.dice.random() < _OLD_SHEET:
            self.lose("sheet")
        if self._disasters and self.watch.seen and self.dice.random() < _DISASTER:
            self.lose("ledger" if self.dice.random() < 0.5 else "state")

    def keep_sheet(self) -> None:
        """Keep a version of the spreadsheet that may be put back."""
        box = self.house.sandbox
        self._older.append(box.world.state.spreadsheets[box.spreadsheet_id].draft())

    def lose(self, what: str) -> None:
        """Take the `ledger` away, or put `state` folder or `sheet` back to an old version."""
        self.people.story.append(f"lost: {what}")
        self._disasters = False
        self._lost |= what != "sheet"
        if what == "ledger":
            (self.house.folder / "state" / program.LEDGER_FILE).unlink()
        elif what == "state":
            self.house.put_back("state")
        else:
            box = self.house.sandbox
            older = self.dice.choice(self._older).draft()
            box.world.state.spreadsheets[box.spreadsheet_id] = older

    def _work(self) -> None:
        """Do one run; whatever it meets, it must end in our own terms."""
        with self.gate.working(Worker(plan=self)) as worker:
            try:
                self._note(self._run())
            except Crash:
                self.people.story.append("a worker crashes")
            except SyncError as error:
                self.people.story.append(f"a run stops: {error!r}")
                self.privacy.hear(error)
            except Exception:  # noqa: BLE001 - a bug, to be told with its seed
                self._tell_bug()
        self.outcome.runs += 1
        self.outcome.effects += len(worker.happened)
        self.outcome.faults.update((e.step, fault) for e, fault in worker.happened if fault)

    def _run(self) -> Report:
        """Run, after the operator has done what the last run's stop asked for."""
        if self._must_rebuild and self._turns is None:  # nobody rebuilds beside a run
            self.people.story.append("the operator rebuilds the ledger")
            rebuilt = rebuild_ledger(self.house.config, clock=self.house.time, rng=self.house.dice)
            self.people.story += rebuilt.lines
            self._must_rebuild = False
        try:
            report = self.house.run(accept=sorted(self._accepted))
        except SafetyStop as stop:
            self._heed(stop)
            raise
        except LayoutError as error:
            self._must_rebuild |= "not set up" in str(error)
            raise
        self.privacy.read(report)
        for failure in report.failures:
            if isinstance(failure, SafetyStop):
                self._heed(failure)
        return report

    def _heed(self, stop: SafetyStop) -> None:
        self.privacy.hear(stop)
        self._accepted |= {stop.name} & _MAY_BE_ACCEPTED
        self._must_rebuild |= stop.name in _NEEDS_REBUILDING

    def _work_together(self) -> None:
        """Let two workers run at once, as if there were no lock."""
        self.people.story.append("two workers at once")
        self._turns = Turns(self.dice)
        with mock.patch.object(program, "exclusive_lock", _no_lock):
            self._turns.take([self._work, self._work])
        self._turns = None

    def _note(self, report: Report) -> None:
        self.people.story.append(f"a run ends with {report.exit_code}: {report.failures}")
        if report.exit_code == 0 and self._turns is None:
            self.watch.look()

    def _tell_bug(self) -> None:
        text = traceback.format_exc()
        self.people.story.append(text)
        self.outcome.broken.append(f"a run ends with a bug: {text.strip().splitlines()[-1]}")

    # -- the workers' plan

    def fault(self, effect: Effect) -> str:
        """Return the fault that the effect meets, or ""."""
        worker = id(self.gate.worker)
        if effect.kind == HTTP and worker in self._outages:
            return self._goes_on(worker)
        if self.dice.random() >= self.rare.get((effect.step, effect.kind), _FAULT_RATE):
            return ""
        fault = self.dice.choice(effect.kinds(KINDS))
        self.people.story.append(f"{effect.step}: {effect.name} meets {fault}")
        if effect.kind == HTTP and fault not in CRASHES and self.dice.random() < _LASTING:
            self._outages[worker] = fault, self.dice.randint(1, 5)
        return fault

    def _goes_on(self, worker: int) -> str:
        fault, left = self._outages.pop(worker)
        if left > 1:
            self._outages[worker] = fault, left - 1
        return fault

    def between(self, effect: Effect) -> None:
        """Let people, or the other worker, do something."""
        if effect.kind == HTTP:
            # Who writes by position cannot know of a column that moves at that very moment.
            but = "move_column" if self.house.name == VERIFY else ""
            self.people.beside_a_run = True
            while self.dice.random() < self.deed_rate:
                self.people.do_something(but=but)
            self.people.beside_a_run = False
        if self._turns is not None and effect.kind != COMMIT:
            self._turns.pass_on()


@contextlib.contextmanager
def _no_lock(_: object) -> Iterator[None]:
    yield
