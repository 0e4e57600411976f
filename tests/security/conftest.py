"""The village office of tests/run, in memory: nothing here is about power cuts."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from office import Office
from run.conftest import clock, no_pauses, office, sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    import time_machine

    from sync.sandbox import Sandbox

__all__ = ["clock", "no_pauses", "office", "sandbox"]

_MEMORY = Path("/dev/shm")  # Linux


@pytest.fixture
def bare_office(sandbox: Sandbox, clock: time_machine.Traveller) -> Iterator[Office]:
    """Return an office before `surat-sync setup`; its disk is memory where there is such."""
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        yield Office(Path(folder), sandbox, clock)
