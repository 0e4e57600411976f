"""What staff do wrong costs nothing, and somebody is told what to do."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from desk import Desk, Story
from mistakes import MISTAKES
from office import TODAY, Office

from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Played = Callable[[str], Story]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Return what a mistake led to; each is made once."""
    with (
        pytest.MonkeyPatch.context() as patches,
        time_machine.travel(TODAY, tick=True) as clock,
        Sandbox(seed=1) as box,
    ):
        # Checking an RSA key takes as long as a run; it is the same key each time.
        patches.setattr(serialization, "load_pem_private_key", cache(load_pem_private_key))
        desk = Desk(Office(tmp_path_factory.mktemp("desk"), box, clock))
        yield cache(lambda name: desk.play(MISTAKES[name]))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_does_no_harm(played: Played, name: str) -> None:
    """The exit code is right, the remedy is told, and every row keeps what is its own."""
    mistake, story = MISTAKES[name], played(name)

    assert mistake.exit == story.done.code, story.done.said
    assert [] == story.wrong
    assert mistake.said in story.done.said
    assert mistake.checked in story.checked


@pytest.mark.parametrize("name", MISTAKES)
def test_a_dry_run_tells_what_the_run_does(played: Played, name: str) -> None:
    """It writes nothing, anywhere; the run has the same counts, or the same words when it stops."""
    mistake, story = MISTAKES[name], played(name)

    assert ([], []) == (story.planned_writes, story.planned_changes)
    if not mistake.foreseen:
        assert 0 == story.planned.code
        return
    assert (story.done.code, story.done.said) == (story.planned.code, story.planned.said)
    assert story.done.counts == story.planned.counts
