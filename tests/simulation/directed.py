"""
The n-th effect: a busy run in which effect 1, 2, 3… meets each fault that it can meet.

Every scene is played once without a fault, to count its effects; then once for each effect and
each kind, followed by the calm. So no moment of a run is left to chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from house import DRIVE, FOLDER, VERIFY
from office import resident
from schedule import Schedule
from wire import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from effects import Effect
    from house import Town
    from schedule import Outcome

SCENES = (FOLDER, DRIVE, VERIFY)
_SEED = 1
_RUNS_BEFORE = 2  #: of which the fallback needs both for a letter


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one effect, counted from 1, of a scene's run."""

    scene: str
    nth: int
    effect: Effect
    kind: str


class Directed(Schedule):
    """A busy run that meets one fault, or none; nothing else is left to chance."""

    def __init__(self, town: Town, scene: str, nth: int = 0, kind: str = "") -> None:
        super().__init__(town, _SEED, house=scene)
        self._nth, self._kind = nth, kind
        self._count, self._is_busy = 0, False
        self.effects: list[Effect] = []

    def fault(self, effect: Effect) -> str:
        """Return the fault at the n-th effect of the busy run."""
        if not self._is_busy:
            return ""
        self._count += 1
        self.effects.append(effect)
        return self._kind if self._count == self._nth else ""

    def between(self, effect: Effect) -> None:
        """Let nobody do anything."""

    def _storm(self) -> None:
        self._make_busy()
        self._is_busy = True
        self._work()

    def _make_busy(self) -> None:
        """Prepare: two new requests, a wrong one, a re-issue, one signed, one withdrawn."""
        people = self.people
        for number, name in enumerate(("Warga A", "Warga B", "Warga C"), start=1):
            people.send(name, resident(name, number))
        for _ in range(_RUNS_BEFORE):
            self._work()
            self.house.pass_time(minutes=5)
        people.change("Warga A", "Nama Usaha", "Toko Lebih Baru")
        people.ask("Warga A", "Terbitkan Ulang")
        people.ask("Warga B", "Sudah Ditandatangani")
        people.ask("Warga C", "Batalkan")
        people.send("Warga D", resident("Warga D", 4))
        people.send("Warga E", resident("Warga E", 5))
        people.send("Warga F", resident("Warga F", 6) | {"NIK": "12"})


def cases(town: Town, scene: str) -> Iterator[Case]:
    """Yield every effect of the scene's run with every fault that it can meet."""
    calm = Directed(town, scene)
    outcome = calm.play()
    assert not outcome.broken, outcome.broken
    for nth, effect in enumerate(calm.effects, start=1):
        for kind in effect.kinds(KINDS):
            yield Case(scene, nth, effect, kind)


def play_case(town: Town, case: Case) -> Outcome:
    """Play one case, and the calm after it."""
    return Directed(town, case.scene, case.nth, case.kind).play()
