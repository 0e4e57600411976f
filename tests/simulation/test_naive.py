"""
A script that remembers row numbers fails in most of the storms that the program comes through.

What is wrong is told from Google's side alone: on whose row, and in which column, the script's
words stand, compared with the row that it had read there.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, ClassVar

import gspread
import pytest
import requests
from google.auth.exceptions import GoogleAuthError
from gspread.utils import a1_range_to_grid_range
from house import town
from naive import Naive
from office import CLAIM, OUR_HEADERS
from schedule import Outcome, Schedule

from sync.errors import SyncError
from sync.google import deadline
from sync.run.report import Report
from sync.sandbox.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from house import House, Town
    from people import People

SCHEDULES = {"push": 40, "nightly": 2_000, "release": 2_000}
OF_THE_PROGRAM = {"push": 10, "nightly": 100, "release": 100}
LENGTH = os.environ.get("SURAT_SYNC_TESTS", "push")
_CALM_RUNS = 4
_READ = "sheets.spreadsheets.values.get"
_NUMBER, _TICKET = "Nomor Surat", "ID Permohonan"
#: how the script ends when Google fails it, or the sheet is not as it thought
_ENDS = (
    gspread.exceptions.GSpreadException,
    requests.RequestException,
    GoogleAuthError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
)


@pytest.fixture(scope="module")
def places() -> Iterator[Town]:
    with town() as found:
        yield found


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # a script that crashes closes nothing
def test_a_script_that_remembers_rows_fails_in_most_storms(
    places: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """In more than half of the schedules its words end where they do not belong."""
    outcomes = [NaiveSchedule(places, seed).play() for seed in range(SCHEDULES[LENGTH])]

    failed = [outcome for outcome in outcomes if outcome.broken]
    kinds = Counter(kind for one in failed for kind in {text.split(":")[0] for text in one.broken})
    with capsys.disabled():
        print(  # noqa: T201 - the figures of the proof
            f"\nthe naive script fails in {len(failed)} of {len(outcomes)} schedules: "
            + ", ".join(f"{kind} in {count}" for kind, count in kinds.most_common())
        )
    assert len(failed) > len(outcomes) / 2


def test_the_program_comes_through_the_same_storms(places: Town) -> None:
    """Where people are as busy as that, the program breaks no invariant."""
    for seed in range(OF_THE_PROGRAM[LENGTH]):
        outcome = BusySchedule(places, seed).play()

        assert [] == outcome.broken, "\n".join([f"seed {seed}", *outcome.story])


class BusySchedule(Schedule):
    """A schedule in which people do more while others work."""

    deed_rate = 0.3


class NaiveSchedule(BusySchedule):
    """A schedule in which the script works instead of the program."""

    rare: ClassVar[Mapping[tuple[str, str], float]] = {}  # a script has no steps

    def __init__(self, places: Town, seed: int) -> None:
        super().__init__(places, seed)
        self._disasters = False  # it has no ledger to lose
        self._sight = Sight(self.house, self.people)
        self._wrote = False

    def play(self) -> Outcome:
        """Storm, calm, then look."""
        world = self.house.sandbox.world
        world.observers.append(self._sight)
        self._storm()
        world.faults = Faults()
        world._late.clear()
        for _ in range(_CALM_RUNS):
            self._run()
            if not self._wrote:
                break
        self.outcome.broken = sorted({*self._sight.broken, *self._sight.in_the_end()})
        return self.outcome

    def _run(self) -> Report:
        try:
            self._wrote = Naive(self.house.sandbox, deadline.TimedAdapter()).run()
        except _ENDS as error:
            raise SyncError(f"the script ends with {error!r}") from error
        return Report(run_id="naive")


class Sight:
    """Sees what the script reads and writes, and on whose row that is."""

    def __init__(self, house: House, people: People) -> None:
        self._house, self._people = house, people
        self.broken: list[str] = []
        self._read: dict[int, str] = {}  #: row of the last reading to whose it was
        self._header: list[str] = []  #: of the last reading
        self._owners: dict[str, set[str]] = defaultdict(set)  #: number to whom it was given
        self._numbers: dict[str, set[str]] = defaultdict(set)  #: the same, the other way round
        self._words: dict[str, dict[str, str]] = defaultdict(dict)  #: who to title to last words

    def __call__(
        self, method: str, body: Any, query: Mapping[str, Any], status: int, answer: Any
    ) -> None:
        """Look at one call, after it was applied."""
        del query, answer
        if status == 200 and method == _READ:
            self._header = self._house.header()
            self._read = dict(self._rows())
        elif status == 200 and method == CLAIM:
            for area in body["data"]:
                self._look_at(area["range"], area["values"][0][0])

    def in_the_end(self) -> Iterator[str]:
        """Tell what calm has not put right."""
        yield from self._twice()
        yield from self._gaps()
        yield from self._spoiled()
        yield from (f"I8: {text}" for text in self._people.wrong_answers())

    def _look_at(self, place: str, text: str) -> None:
        where = a1_range_to_grid_range(place.rpartition("!")[2])
        row, column = where["startRowIndex"], where["startColumnIndex"]
        meant, owner = self._read.get(row, ""), dict(self._rows()).get(row, "")
        title, found = self._header[column], self._house.header()[column]
        if owner != meant:
            self.broken.append(f"I6: {title} of {meant} is written on the row of {owner!r}")
        if found != title:
            self.broken.append(f"I7: {title} is written into {found}")
        if found not in OUR_HEADERS:
            self.broken.append(f"I8: {text!r} is written over what {owner} has in {found}")
        self._words[meant][title] = text
        if title == _NUMBER:
            self._owners[text].add(meant)
            self._numbers[meant].add(text)

    def _twice(self) -> Iterator[str]:
        for number, owners in self._owners.items():
            if len(owners) > 1:
                yield f"I1: {number} was given to {sorted(owners)}"
        for owner, numbers in self._numbers.items():
            if owner and len(numbers) > 1 + self._people.more_requests(owner):
                yield f"I1: {owner} was given the numbers {sorted(numbers)}"

    def _gaps(self) -> Iterator[str]:
        """Tell the numbers that were given and stand nowhere in the spreadsheet any more."""
        book = self._house.sandbox.world.state.book(self._house.sandbox.spreadsheet_id)
        shown = {
            str(cell) for sheet in book.sheets for line in sheet.rows for cell in line.cells if cell
        }
        for number in sorted(self._owners.keys() - shown):
            yield f"I2: {number} was given, and nothing tells of it any more"

    def _spoiled(self) -> Iterator[str]:
        """Tell the cells that show other words than the script's last, and rows that are twins."""
        header = self._house.header()
        shown: Counter[str] = Counter()
        for name, line in self._people.rows():
            shown[str(line.value(header.index(_NUMBER)) or "")] += 1
            for title, text in self._words[name].items() if name else ():
                value = line.value(header.index(title))
                if value != text:
                    yield f"I8: {title} of {name} shows {value!r} for {text!r}"
        for number in self._owners:
            if shown[number] > 1:
                yield f"I1: {number} stands in {shown[number]} rows"

    def _rows(self) -> Iterator[tuple[int, str]]:
        for row, (name, _) in enumerate(self._people.rows(), start=1):
            yield row, name
