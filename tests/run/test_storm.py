"""Seeded days on which everything happens at once; in the calm after, everything is right."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import time_machine
from office import TODAY, Office
from oracle import problems, settle
from scene import Empty
from storm import Storm, wrong_entries, wrong_rows

from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = int(os.environ.get("SURAT_SYNC_TEST_STORMS", "48"))  #: a night looks at thousands
PARTS = 4


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
