"""Several workers at once, one step at a time: chance says whose turn it is."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence


class Turns:
    """Runs jobs in threads of which only one moves at any time, so that a seed repeats them."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._waiting: dict[int, threading.Semaphore] = {}
        self._over = threading.Semaphore(0)
        self._current = 0

    def take(self, jobs: Sequence[Callable[[], None]]) -> None:
        """Do all *jobs*; none of them may raise."""
        self._waiting = {number: threading.Semaphore(0) for number in range(len(jobs))}
        threads = [
            threading.Thread(target=self._work, args=(number, job), daemon=True)
            for number, job in enumerate(jobs)
        ]
        for thread in threads:
            thread.start()
        self._give_to(self._dice.choice(sorted(self._waiting)))
        self._over.acquire()
        for thread in threads:
            thread.join()

    def pass_on(self) -> None:
        """Let another job have its turn, perhaps; called by the one whose turn it is."""
        mine = self._current
        chosen = self._dice.choice(sorted(self._waiting))
        if chosen != mine:
            own = self._waiting[mine]
            self._give_to(chosen)
            own.acquire()

    def _give_to(self, number: int) -> None:
        self._current = number
        self._waiting[number].release()

    def _work(self, number: int, job: Callable[[], None]) -> None:
        self._waiting[number].acquire()
        try:
            job()
        finally:
            del self._waiting[number]
            if self._waiting:
                self._give_to(self._dice.choice(sorted(self._waiting)))
            else:
                self._over.release()
