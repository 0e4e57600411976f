"""What the ledger promises when several processes use it, and when one is killed."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from ledgers import checked, open_ledger, order, sequences

from sync.errors import LedgerBusy
from sync.model import Step

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.connection import Connection
    from pathlib import Path

    from sync.ledger.interface import Composed
    from sync.ledger.store import SqlLedger
    from sync.model import Entry

SPAWN = multiprocessing.get_context("spawn")
LETTERS = 200


def number_all(target: Path | str, told: Connection) -> None:
    """Take a number for all that is ready, like a run; tell each number once it is taken."""
    ledger = open_ledger(target)
    told.send("ready")
    for entry in ledger.entries("sku"):
        if entry.step is Step.CHECKED:
            done = ledger.number(entry, order(entry))
            if done is not None and done.letter is not None:
                told.send((entry.submission_id, done.letter.sequence))
    told.send("done")
    ledger.close()


def test_two_processes_take_no_number_twice(target: Path | str) -> None:
    """Two runs number the same 200 submissions at once: 1..200, one each."""
    ledger = open_ledger(target)
    checked(ledger, *range(LETTERS))
    runs = [_Run(target), _Run(target)]
    numbers = [pair for run in runs for pair in run.numbers_until_its_end()]

    assert list(range(1, LETTERS + 1)) == sorted(sequence for _, sequence in numbers)
    assert dict(numbers) == _numbers(ledger)
    assert list(range(1, LETTERS + 1)) == sequences(ledger)
    ledger.verify()
    ledger.close()


def test_a_run_that_waited_takes_the_next_number(target: Path | str) -> None:
    """A run that asks while another's number is not committed yet goes on behind it."""
    first, second = open_ledger(target), open_ledger(target)
    one, two = checked(first, 1, 2)
    with ThreadPoolExecutor(1) as other_run:
        asked: list[Future[Entry | None]] = []

        def compose(sequence: int) -> Composed:
            asked.append(other_run.submit(second.number, two, order(two)))
            time.sleep(0.3)  # the other one has looked and waits
            return order(one).compose(sequence)

        done = [first.number(one, replace(order(one), compose=compose)), asked[0].result()]

    assert [1, 2] == [entry.letter.sequence for entry in done if entry and entry.letter]
    assert [1, 2] == sequences(first)
    first.close()
    second.close()


def test_a_killed_process_loses_and_repeats_no_number(target: Path | str) -> None:
    """Runs are killed at any moment; what they told is in the register, and 1..N is whole."""
    chance = random.Random(7)
    ledger = open_ledger(target)
    made = kills = 0
    told: dict[str, int] = {}
    while kills < 6:
        checked(ledger, *range(made, made + 40))
        made += 40
        run = _Run(target)
        told |= run.numbers_until_killed(after=chance.randrange(30), wait=chance.random() / 200)
        kills += run.was_killed
        ledger.verify()
    told |= dict(_Run(target).numbers_until_its_end())

    assert told.items() <= _numbers(ledger).items()
    assert made == len(_numbers(ledger))
    assert list(range(1, made + 1)) == sequences(ledger)
    ledger.close()


def test_a_busy_ledger_is_waited_for_and_then_left(
    target: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that cannot write in time ends with "try again later"."""
    monkeypatch.setattr("sync.ledger.database.BUSY_SECONDS", 1)
    monkeypatch.setattr("sync.ledger.database._POSTGRES_OPTIONS", "-c lock_timeout=1s")
    first, second = open_ledger(target), open_ledger(target)
    (entry,) = checked(first, 1)

    with first._database.write() as transaction:
        transaction.exec_driver_sql("UPDATE entries SET rev = rev")
        with pytest.raises(LedgerBusy):
            second.number(entry, order(entry))
    assert second.number(entry, order(entry)) is not None
    first.close()
    second.close()


def test_one_run_holds_the_lock(target: Path | str) -> None:
    """On PostgreSQL a second computer's run is kept away; a file has the lock file for that."""
    first, second = open_ledger(target), open_ledger(target)
    with first.run_lock():
        if isinstance(target, str):
            with pytest.raises(LedgerBusy), second.run_lock():
                pass
    with second.run_lock():
        pass
    first.close()
    second.close()


class _Run:
    """One process that numbers, and what it has told."""

    def __init__(self, target: Path | str) -> None:
        self._heard, told = SPAWN.Pipe(duplex=False)
        self._process = SPAWN.Process(target=number_all, args=(target, told))
        self._process.start()
        told.close()
        assert "ready" == self._heard.recv()

    @property
    def was_killed(self) -> bool:
        return self._process.exitcode == -signal.SIGKILL

    def numbers_until_its_end(self) -> list[tuple[str, int]]:
        numbers = list(iter(self._heard.recv, "done"))
        self._process.join()
        return numbers

    def numbers_until_killed(self, *, after: int, wait: float) -> dict[str, int]:
        """Kill it some time after it told that many numbers; return all that it told."""
        numbers: list[tuple[str, int]] = []
        while len(numbers) < after and (pair := self._next()):
            numbers.append(pair)
        self._process.join(wait)
        if self._process.pid and self._process.exitcode is None:
            os.kill(self._process.pid, signal.SIGKILL)
        while pair := self._next():
            numbers.append(pair)
        self._process.join()
        return dict(numbers)

    def _next(self) -> tuple[str, int] | None:
        try:
            said = self._heard.recv()
        except EOFError:
            return None
        return None if said == "done" else said


def _numbers(ledger: SqlLedger) -> dict[str, int]:
    return {
        entry.submission_id: entry.letter.sequence
        for entry in ledger.entries("sku")
        if entry.letter is not None
    }
