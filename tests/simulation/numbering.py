"""
Numbers a great many submissions in processes that are killed at any moment.

Usage: numbering.py, with one JSON object on stdin: the fields of `Order`. The processes are
forks of this one, which has loaded the ledger already. Each goes through lots of submissions
like a run: writes them down, checks them, takes their numbers, and reserves some for letters
written by hand. A number that is taken is told, after its commit, in the folder `told`, one
file for each life of a process. The answer is one line of JSON: kills, seconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
import traceback
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ledgers import TODAY, entry, open_ledger, order

from sync.errors import LedgerBusy
from sync.ledger.interface import Batch, Change, Reservation
from sync.model import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sync.ledger.store import SqlLedger
    from sync.model import Entry, SubmissionId

REGISTER = "surat-keterangan"
SHARED = 8  #: of so many lots one is everybody's, so that processes meet at its entries
GLANCE_SECONDS = 0.005  #: how often the work of whoever is to die is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    What is to be numbered, and how often that is disturbed.

    target:   the ledger: a file's path, or `postgresql://…`
    folder:   of what was told, and how far each process came
    lots:     how many times `lot` submissions there are; a lot is a service of its own
    reserved: numbers that each process reserves with every lot of its own
    life:     how many numbers the next one to die still tells, on average
    """

    target: str
    folder: str
    lots: int
    lot: int
    reserved: int
    processes: int
    life: int
    seed: int

    @property
    def place(self) -> Path | str:
        return self.target if "://" in self.target else Path(self.target)

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def service(lot: int) -> str:
    """Return the key of the service whose submissions a lot is."""
    return f"lot-{lot:06d}"


def told(folder: Path) -> Iterator[tuple[int, str]]:
    """Yield each number that any process told, with its ticket; "" for a reserved one."""
    for file in sorted((folder / "told").iterdir()):
        whole, _, _ = file.read_text("utf-8").rpartition("\n")  # the last may be cut by the kill
        for line in whole.splitlines():
            sequence, _, ticket = line.partition(" ")
            yield int(sequence), ticket


def supervise(wanted: Order) -> dict[str, float]:
    """Let the processes live and die until all is numbered; return the figures."""
    dice, began = random.Random(wanted.seed), time.monotonic()
    (Path(wanted.folder) / "told").mkdir()
    _number(open_ledger(":memory:"), 0, 1, len)  # what this loads, no fork has to load
    kills = 0
    living = {process: _Life.begin(wanted, process, 0) for process in range(wanted.processes)}
    while living:
        process = dice.choice(sorted(living))
        code = living[process].end(dice)
        if code == -signal.SIGKILL:
            kills += 1
            living[process] = _Life.begin(wanted, process, kills)
        elif code:
            raise SystemExit(f"a process ended with {code}")
        else:
            del living[process]
    return {"kills": kills, "seconds": time.monotonic() - began}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Life:
    """One process, from its fork to its death."""

    pid: int
    ear: Path  #: what it tells
    length: int  #: bytes that it still tells, on average, when it is to die

    @classmethod
    def begin(cls, wanted: Order, process: int, number: int) -> _Life:
        ear = Path(wanted.folder) / "told" / f"{number}-{process}"
        ear.touch()
        return cls(
            pid=_born(wanted, process, ear),
            ear=ear,
            length=wanted.life * len("10000 SKU-00010000-0 "),
        )

    def end(self, dice: random.Random) -> int:
        """Kill it after a random while of work, and return its exit code."""
        enough = self.ear.stat().st_size + dice.expovariate(1 / self.length)
        while self.ear.stat().st_size < enough:
            time.sleep(dice.uniform(0, 2 * GLANCE_SECONDS))
            if code := self._code(os.WNOHANG):
                return code[0]
        time.sleep(dice.uniform(0, GLANCE_SECONDS))
        os.kill(self.pid, signal.SIGKILL)  # it may have ended, but nobody has asked yet
        return self._code(0)[0]

    def _code(self, options: int) -> tuple[int, ...]:
        ended, status = os.waitpid(self.pid, options)
        return (os.waitstatus_to_exitcode(status),) if ended else ()


def _born(wanted: Order, process: int, ear: Path) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _work(wanted, process, ear)
        code = 0
    except BaseException:  # noqa: BLE001 - a fork must not go on as this program
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _work(wanted: Order, process: int, ear: Path) -> None:
    """Go on where the process before this one was killed."""
    ledger = open_ledger(wanted.place)
    with (
        ear.open("ab", buffering=0) as telling,
        (Path(wanted.folder) / f"lots-done-{process}").open("ab", buffering=0) as done,
    ):
        for lot in _lots(wanted, process)[done.tell() :]:
            _number(ledger, lot, wanted.lot, lambda line: telling.write(line.encode()))
            if lot % SHARED:
                for line in ledger.reserve(_reservation(), wanted.reserved):
                    telling.write(f"{line.sequence} \n".encode())
            done.write(b".")
    ledger.close()


def _lots(wanted: Order, process: int) -> list[int]:
    return [
        lot for lot in range(wanted.lots) if lot % SHARED == 0 or lot % wanted.processes == process
    ]


def _number(ledger: SqlLedger, lot: int, size: int, tell: Callable[[str], object]) -> None:
    entries = {one.submission_id: one for one in ledger.entries(service(lot))}
    if not entries:
        with contextlib.suppress(LedgerBusy):  # another process wrote the lot down first
            entries = dict(ledger.record(Batch(added=_submissions(lot, size))))
    entries |= _checked(ledger, entries.values())
    for ready in entries.values():
        if ready.step is Step.CHECKED:
            numbered = ledger.number(ready, order(ready))
            if numbered is not None and numbered.letter is not None:
                tell(f"{numbered.letter.sequence} {numbered.submission_id}\n")


def _submissions(lot: int, size: int) -> list[Entry]:
    return [entry(number, service=service(lot)) for number in range(lot * size, (lot + 1) * size)]


def _checked(ledger: SqlLedger, entries: Iterable[Entry]) -> Mapping[SubmissionId, Entry]:
    changes = [
        Change(before=one, after=replace(one, step=Step.CHECKED), event="checked")
        for one in entries
        if one.step is Step.SEEN
    ]
    return ledger.record(Batch(changes=changes)) if changes else {}


def _reservation() -> Reservation:
    return Reservation(
        register=REGISTER,
        start=1,
        issued_on=TODAY,
        title="Surat Keterangan Usaha",
        reason="ditulis tangan",
        letter_number=lambda sequence: f"500.3/{sequence}/35.07.32.2004/2026",
    )


if __name__ == "__main__":
    print(json.dumps(supervise(Order(**json.loads(sys.stdin.read())))))  # noqa: T201
