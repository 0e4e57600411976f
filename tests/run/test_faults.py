"""Every call of a run meets every kind of trouble; the same day comes out in the end."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import time_machine
from office import CLAIM, READ, SWAP, TODAY, Office
from oracle import problems, settle, wrong_owners
from patient import run
from scene import STATUSES, Scene

from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator


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
    if call == "claim" and kind in {*LATER, "401", *NOT_APPLIED}:
        return TRY_LATER  # sent once, and nothing was marked
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

    report = run(office, read_timeout_seconds=patience(kind))

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

    report = run(office, read_timeout_seconds=patience(kind))

    assert TRY_LATER == report.exit_code
    assert 9 >= office.calls(before).count(method) - after
    office.sandbox.world.faults.clear()
    assert [] == wrong(office)


def patience(kind: str) -> float:
    """Return for how many seconds a run waits; a busy computer answers late, too."""
    return 0.4 if kind.startswith("hang") else 5


def make_the_run_look_again(office: Office, call: str) -> None:
    """Move one of our columns before the swap, so that marks are left and the run looks."""
    if call in {"verify read", "second swap"}:
        columns = {"column": office.column_index("Diperbarui"), "to": office.column_index("Status")}
        office.sandbox.staff({"move_column": {"sheet": 0} | columns}, before=SWAP)


def wrong(office: Office) -> list[str]:
    """Let at most three calm runs finish the work; return what is wrong then."""
    found = [*settle(office), *problems(office), *wrong_owners(office, office.register())]
    shown = Counter((r["Nama Lengkap"], r["Status"]) for r in office.sandbox.records())
    return found if shown == Counter(STATUSES.items()) else [*found, f"the sheet shows {shown}"]
