"""A run that dies after any of its effects is finished by the next ones, and nothing twice."""

from __future__ import annotations

import os
import signal
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import time_machine
from office import READ, TODAY, Office
from oracle import problems, settle, wrong_owners
from scene import SIGNED, STATUSES, Scene
from undertaker import hired

from sync.commands.run import run_from_file
from sync.model import Status
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undertaker import Undertaker

STRIDE = 3 if os.environ.get("SURAT_SYNC_TESTS", "push") == "push" else 1  #: among kill points
PARTS = 4  #: tests among which the kill points are dealt out
AT_LEAST = 60  #: kill points, or the hooks have come loose


class Withdrawn(Scene):
    """Three new requests, a re-issue, and an issued letter that is withdrawn."""

    def _prepare(self) -> None:
        super()._prepare()
        self.office.submit("Hadi Contoh")
        self.office.ask(SIGNED, "Batalkan", "salah kirim")


EXPECTED = Counter(
    [*(STATUSES | {SIGNED: "Dibatalkan", "Hadi Contoh": "Siap Ditandatangani"}).items()]
)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with time_machine.travel(TODAY, tick=True) as clock, Sandbox(seed=1) as box:
        yield Withdrawn(Office(tmp_path_factory.mktemp("kills"), box, clock))


@pytest.fixture(scope="module")
def undertaker(scene: Scene) -> Iterator[Undertaker]:
    with hired(scene.office) as one:
        yield one


@pytest.fixture(scope="module")
def points(scene: Scene, undertaker: Undertaker) -> int:
    """Return how many effects a run has that nobody kills."""
    office = scene.restore()
    assert undertaker.run() == 0
    assert [] == wrong(office)
    kinds = undertaker.kinds
    print(f"{len(kinds)} kill points: {dict(Counter(kinds))}")  # noqa: T201
    assert len(kinds) >= AT_LEAST
    return len(kinds)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_run_killed_after_any_effect_is_finished_by_the_next(
    scene: Scene, undertaker: Undertaker, points: int, part: int
) -> None:
    """One number, one file, one status for each submission, whatever the kill left half done."""
    unfinished = {}
    for after in range(1 + part * STRIDE, points + 1, PARTS * STRIDE):
        office = scene.restore()
        assert -signal.SIGKILL == undertaker.run(after)
        if found := [*issued_too_early(office), *wrong(office)]:
            unfinished[after] = found

    assert {} == unfinished


def issued_too_early(office: Office) -> list[str]:
    """Return the entries that a killed run left ISSUED without a stored letter."""
    issued = (entry for entry in office.entries() if entry.status is Status.ISSUED)
    return [
        f"{entry.submission_id} is ISSUED and has no letter"
        for entry in issued
        if entry.letter is None or (entry.letter.revision == 1 and not entry.letter.location)
    ]


def wrong(office: Office) -> list[str]:
    """Let at most three runs finish the work; return what is wrong then."""
    found = settle(office)
    for way in ("whole", "at a glance"):
        before = office.mark()
        run_from_file(office.config_file)
        if (calls := office.calls(before)) != [READ]:
            found.append(f"the command, {way}, still calls {calls}")
    rows = office.sandbox.records()
    shown = Counter((row["Nama Lengkap"], row["Status"]) for row in rows)
    if shown != EXPECTED:
        found.append(f"the sheet shows {shown}")
    return [*found, *problems(office), *wrong_owners(office, office.register())]
