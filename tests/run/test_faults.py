"""Every call of a run meets every kind of trouble; the same day comes out in the end."""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import time_machine
from office import CLAIM, READ, SWAP, TODAY, Office
from oracle import problems, settle, wrong_owners
from scene import STATUSES, Scene

from sync.clock import SystemClock
from sync.commands.run import run_once
from sync.google.credentials import load_account
from sync.google.sheets import GspreadSheets
from sync.google.transport import Transport
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.run.report import Report

#: the calls of a run, by method and how many of it pass before
CALLS = {
    "token": ("token", 0),
    "read": (READ, 0),
    "claim": (CLAIM, 0),
    "read-back": (READ, 1),
    "swap": (SWAP, 0),
    "verify read": (READ, 2),
    "second swap": (SWAP, 1),
}
APPLIED = ("503-after", "close-after", "hang", "truncate")
NOT_APPLIED = ("500", "503", "close-before", "hang-before", "late", "html-503", "html-200")
LATER = ("429", "403-rate")
REFUSED = ("403", "404")
DONE, FIX, TRY_LATER = 0, 2, 75
READ_TIMEOUT_SECONDS = 0.3


class PatientClock(SystemClock):
    """A clock that waits for nothing, and still lets the time pass that it was to wait."""

    def __init__(self) -> None:
        self._waited = 0.0

    def monotonic(self) -> float:
        return time.perf_counter() + self._waited

    def sleep(self, seconds: float) -> None:
        self._waited += seconds


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with time_machine.travel(TODAY, tick=True) as clock, Sandbox(seed=1) as box:
        yield Scene(Office(tmp_path_factory.mktemp("faults"), box, clock))


def expected(call: str, kind: str) -> int:
    """Return the exit code of a run in which *call* meets *kind* once."""
    if call == "token":
        return FIX if kind == "401" else DONE
    if kind in REFUSED:
        return FIX
    if call == "claim" and kind in {*LATER, "401"}:
        return TRY_LATER
    return DONE


@pytest.mark.parametrize("kind", [*LATER, *REFUSED, "401", *NOT_APPLIED, *APPLIED])
@pytest.mark.parametrize("call", CALLS)
def test_one_fault_at_any_call_changes_no_outcome(scene: Scene, call: str, kind: str) -> None:
    """The exit code tells, the claim is sent once, and calm runs end as if nothing had been."""
    office = scene.restore()
    method, after = CALLS[call]
    make_the_run_look_again(office, call)
    office.sandbox.fault(method, kind=kind, after=after)
    before = office.mark()

    report = run(office)

    assert [] == office.sandbox.unused_faults(), f"the run ended before its {call}"
    assert expected(call, kind) == report.exit_code
    assert 1 >= office.calls(before).count(CLAIM)
    assert [] == wrong(office)


@pytest.mark.parametrize("call", CALLS)
def test_an_answer_that_trickles_ends_with_the_deadline(scene: Scene, call: str) -> None:
    """An answer of one byte now and then holds nobody for ever; writes are looked after."""
    office = scene.restore()
    method, after = CALLS[call]
    make_the_run_look_again(office, call)
    office.sandbox.fault(method, kind="trickle", after=after, seconds=15)
    began = time.perf_counter()

    report = run(office, deadline_seconds=1)

    assert 10 > time.perf_counter() - began
    writes = {"claim", "swap"}
    assert (DONE if call in writes else TRY_LATER) == report.exit_code
    assert [] == wrong(office)


@pytest.mark.parametrize("kind", ["429", "503", "close-before", "hang-before"])
@pytest.mark.parametrize("call", ["token", "read", "read-back", "swap"])
def test_trouble_that_lasts_ends_the_run_until_the_next(scene: Scene, call: str, kind: str) -> None:
    """After a few tries the run gives up with exit code 75, and nothing is lost."""
    office = scene.restore()
    method, after = CALLS[call]
    office.sandbox.fault(method, kind=kind, after=after, times=1000)
    before = office.mark()

    report = run(office)

    assert TRY_LATER == report.exit_code
    assert 9 >= office.calls(before).count(method) - after
    office.sandbox.world.faults.clear()
    assert [] == wrong(office)


def make_the_run_look_again(office: Office, call: str) -> None:
    """Move one of our columns before the swap, so that marks are left and the run looks."""
    if call in {"verify read", "second swap"}:
        columns = {"column": office.column_index("Diperbarui"), "to": office.column_index("Status")}
        office.sandbox.staff({"move_column": {"sheet": 0} | columns}, before=SWAP)


def run(office: Office, *, deadline_seconds: float = 20) -> Report:
    """Run with short patience for answers, and none for pauses."""
    clock = PatientClock()
    transport = Transport(
        load_account(office.key_file, base_url=office.sandbox.base_url),
        clock=clock,
        rng=random.Random(1),
        base_url=office.sandbox.base_url,
        read_timeout_seconds=READ_TIMEOUT_SECONDS,
        call_deadline_seconds=deadline_seconds,
    )
    try:
        return run_once(office.config, clock=clock, sheets=GspreadSheets(transport))
    finally:
        transport.close()


def wrong(office: Office) -> list[str]:
    """Let at most three calm runs finish the work; return what is wrong then."""
    found = [*settle(office), *problems(office), *wrong_owners(office, office.register())]
    shown = Counter((r["Nama Lengkap"], r["Status"]) for r in office.sandbox.records())
    return found if shown == Counter(STATUSES.items()) else [*found, f"the sheet shows {shown}"]
