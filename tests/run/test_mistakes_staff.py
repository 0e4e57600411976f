"""What staff do wrong costs nothing, and somebody is told what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import time_machine
from desk import Desk, Mistake, Story
from mistakes import MISTAKES
from office import TODAY, Office

from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with time_machine.travel(TODAY, tick=True) as clock, Sandbox(seed=1) as box:
        yield Desk(Office(tmp_path_factory.mktemp("desk"), box, clock))


@pytest.fixture(scope="module", params=MISTAKES)
def made(desk: Desk, request: pytest.FixtureRequest) -> tuple[Mistake, Story]:
    """Return a mistake and what it led to; each is made once, and all tests look at it then."""
    mistake = MISTAKES[request.param]
    return mistake, desk.play(mistake)


def test_a_mistake_does_no_harm(made: tuple[Mistake, Story]) -> None:
    """The exit code is right, the remedy is told, and every row keeps what is its own."""
    mistake, story = made

    assert mistake.exit == story.done.code, story.done.said
    assert [] == story.wrong
    assert mistake.said in story.done.said
    assert mistake.checked in story.checked


def test_a_dry_run_tells_what_the_run_does(made: tuple[Mistake, Story]) -> None:
    """It writes nothing, anywhere; the run has the same counts, or the same words when it stops."""
    mistake, story = made

    assert ([], []) == (story.planned_writes, story.planned_changes)
    if not mistake.foreseen:
        assert 0 == story.planned.code
        return
    assert (story.done.code, story.done.said) == (story.planned.code, story.planned.said)
    assert story.done.counts == story.planned.counts
