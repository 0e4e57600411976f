"""Seeded days on which everything happens at once; in the calm after, everything is right."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import time_machine
from office import TODAY, Office
from oracle import problems, settle
from scene import Empty
from storm import Storm

from sync.model import Status, SubmissionId
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = int(os.environ.get("SURAT_SYNC_TEST_STORMS", "48"))  #: a night looks at thousands
PARTS = 4
NUMBERLESS = {
    Status.NEEDS_CORRECTION,
    Status.AWAITING_APPROVAL,
    Status.HELD,
    Status.REFUSED,
    Status.REPLACED,
}
UNSETTLED = {Status.RECEIVED, Status.DELAYED}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Empty]:
    with time_machine.travel(TODAY, tick=True) as clock, Sandbox(seed=1) as box:
        yield Empty(Office(tmp_path_factory.mktemp("storm"), box, clock))


@pytest.mark.parametrize("part", range(PARTS))
def test_calm_follows_every_storm(scene: Empty, part: int) -> None:
    """Three calm runs settle what a stormy day left, with nothing on another's row."""
    for seed in range(part, DAYS, PARTS):
        storm = Storm(scene.restore(), seed)
        storm.blow()

        assert [] == wrong(storm), "\n".join([f"seed {seed}", *storm.story])


def wrong(storm: Storm) -> list[str]:
    office = storm.office
    found = settle(office, accept=("rows-vanished", "rows-shuffled"))
    return [
        *found,
        *problems(office),
        *storm.wrong_answers(),
        *wrong_rows(storm),
        *wrong_entries(office),
    ]


def wrong_rows(storm: Storm) -> Iterator[str]:
    """No number ever stood on another applicant's row, and no ticket stands there now."""
    office = storm.office
    entries = {e.submission_id: e for e in office.entries()}
    owners = {}
    for issued in office.register():
        if issued.submission_id is not None:
            serial = entries[issued.submission_id].serial
            owners[issued.letter_number] = storm.applicants.get(serial)
    for number, name in sorted(storm.seen):
        if owners.get(number) not in {None, name}:
            yield f"{number} of {owners[number]} stood on the row of {name}"
    at = office.header().index("ID Permohonan")
    for name, line in storm.rows():
        entry = entries.get(SubmissionId(str(line.value(at))))
        owner = storm.applicants.get(entry.serial) if entry else None
        if owner is not None and owner != name:
            yield f"the ticket of {owner} stands on the row of {name}"


def wrong_entries(office: Office) -> Iterator[str]:
    """Who must not have a number has none, and whoever is there is settled."""
    for entry in office.entries():
        if entry.status in NUMBERLESS and entry.letter is not None:
            yield f"{entry.submission_id} is {entry.status} and has a number"
        if entry.row_missing_since is None and entry.status in UNSETTLED:
            yield f"{entry.submission_id} is still {entry.status}"
