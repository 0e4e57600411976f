"""Processes that number at once and are killed at any moment lose and repeat no number."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ledgers import ENGINES, fresh_target, open_ledger
from numbering import REGISTER, SHARED, Order, service, told

from sync.model import LineState, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.ledger.store import SqlLedger
    from sync.model import RegisterLine, SubmissionId

SIZES = {"push": 20_000, "nightly": 20_000, "release": 1_000_000}
SIZE = SIZES[os.environ.get("SURAT_SYNC_TESTS", "push")]
LOT = 180
RESERVED = 40
KILLS_AT_LEAST = SIZE // 1_000


@pytest.mark.skipif(sys.platform == "win32", reason="the processes are forks")
@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_outlive_killed_processes(engine: str, tmp_path: Path) -> None:
    """1..N whole, each submission one of them, and every number that was told is still there."""
    with fresh_target(engine, tmp_path) as target:
        order = _order(target, tmp_path)
        figures = _numbered(order)
        began = time.monotonic()
        ledger = open_ledger(target)
        lines = ledger.register_lines(REGISTER)

        assert [] == list(_wrong(ledger, lines, order, set(told(tmp_path))))
        ledger.verify()
        ledger.close()
    print(  # noqa: T201 - the figures of the proof
        f"{engine}: {len(lines):,} numbers, {figures['kills']:,} kills,"
        f" {figures['seconds']:.0f} s, checked in {time.monotonic() - began:.0f} s,"
        f" in {tmp_path}"
    )
    assert figures["kills"] >= KILLS_AT_LEAST


def _order(target: Path | str, folder: Path) -> Order:
    """Order at least SIZE numbers: those of the submissions and the reserved ones."""
    lots = SIZE // (LOT + RESERVED * (SHARED - 1) // SHARED) + 2
    return Order(
        target=str(target),
        folder=str(folder),
        lots=lots,
        lot=LOT,
        reserved=RESERVED,
        processes=3,
        life=40,
        seed=1,
    )


def _numbered(order: Order) -> dict[str, float]:
    program = [sys.executable, str(Path(__file__).with_name("numbering.py"))]
    found: dict[str, float] = json.loads(
        subprocess.run(
            program,
            input=order.as_json(),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
    )
    return found


def _wrong(
    ledger: SqlLedger, lines: tuple[RegisterLine, ...], order: Order, heard: set[tuple[int, str]]
) -> Iterator[str]:
    count = len(lines)
    if [line.sequence for line in lines] != list(range(1, count + 1)) or count < SIZE:
        yield f"the {count} numbers have gaps or repeats"
    if (last := ledger.last_sequence(REGISTER, 2026)) != count:
        yield f"the counter says {last}, there are {count} numbers"
    known = {line.sequence: line.submission_id or "" for line in lines}
    lost = heard - known.items()
    yield from (f"{number} was told to {ticket!r} and is not there" for number, ticket in lost)
    if len(heard) < count * 0.9:
        yield f"only {len(heard)} of {count} numbers were told"
    numbers = {line.submission_id: line.sequence for line in lines if line.submission_id}
    if len(numbers) != sum(line.state is LineState.ISSUED for line in lines):
        yield "a submission has two numbers"
    for lot in range(order.lots):
        yield from _wrong_lot(ledger, service(lot), order.lot, numbers)
    if numbers:
        yield f"numbers for submissions that are not there: {sorted(numbers)[:10]}"


def _wrong_lot(
    ledger: SqlLedger, key: str, size: int, numbers: dict[SubmissionId, int]
) -> Iterator[str]:
    """Take the lot's submissions out of *numbers*; tell what is wrong with them."""
    entries = ledger.entries(key)
    if len(entries) != size:
        yield f"{key} has {len(entries)} submissions"
    for entry in entries:
        sequence = entry.letter.sequence if entry.letter else None
        if entry.step is not Step.NUMBERED or numbers.pop(entry.submission_id, None) != sequence:
            yield f"{entry.submission_id} is {entry.step} with {sequence}"
