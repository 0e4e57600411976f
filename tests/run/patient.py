"""Runs that wait for no pause between tries, and as long for an answer as a test can."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from sync.clock import SystemClock
from sync.commands.idle import Glance
from sync.commands.run import run_once
from sync.google.credentials import load_account
from sync.google.sheets import GspreadSheets
from sync.google.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from office import Office

    from sync.run.report import Report


class PatientClock(SystemClock):
    """A clock that waits for nothing, and still lets the time pass that it was to wait."""

    def __init__(self) -> None:
        self._waited = 0.0

    def monotonic(self) -> float:
        return time.perf_counter() + self._waited

    def sleep(self, seconds: float) -> None:
        self._waited += seconds


def run(
    office: Office,
    *,
    read_timeout_seconds: float = 5,
    deadline_seconds: float = 20,
    accept: Sequence[str] = (),
) -> Report:
    """Run once."""
    clock = PatientClock()
    transport = Transport(
        load_account(office.key_file, base_url=office.sandbox.base_url),
        clock=clock,
        rng=random.Random(1),
        base_url=office.sandbox.base_url,
        read_timeout_seconds=read_timeout_seconds,
        call_deadline_seconds=deadline_seconds,
    )
    try:
        first = Glance(sheets=GspreadSheets(transport))
        return run_once(office.config, accept=accept, clock=clock, first=first)
    finally:
        transport.close()
