"""An office for every test of a whole run; today is 24 November 2026, 10.15 WIB."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import time_machine
from office import TODAY, Office
from prepared import Prepared

from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TODAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare a test the seconds between two tries at Google."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.fixture
def sandbox(clock: time_machine.Traveller) -> Iterator[Sandbox]:
    """Start the sandbox; a scripted fault that is left unused fails the test."""
    assert clock, "the sandbox lives in the frozen time"
    with Sandbox(seed=1) as box:
        yield box
        assert [] == box.unused_faults()


@pytest.fixture
def bare_office(tmp_path: Path, sandbox: Sandbox, clock: time_machine.Traveller) -> Office:
    """Return an office before `surat-sync setup`."""
    return Office(tmp_path, sandbox, clock)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Set one office up, as every other of this process is found."""
    with time_machine.travel(TODAY, tick=True) as clock, Sandbox(seed=1) as box:
        return Prepared(Office(tmp_path_factory.mktemp("prepared"), box, clock))


@pytest.fixture
def office(bare_office: Office, prepared: Prepared) -> Office:
    """Return an office that is set up."""
    prepared.give(bare_office)
    return bare_office
