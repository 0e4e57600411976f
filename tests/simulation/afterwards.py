"""I20, what an operator finds after a storm: `check` is content, the ledger can be rebuilt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.commands.check import look
from sync.commands.program import LEDGER_FILE
from sync.commands.rebuild import rebuild_ledger
from sync.errors import SyncError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from house import House

    from sync.model import LineState

_REGISTER = "surat-keterangan"


def wrong_afterwards(house: House) -> Iterator[str]:
    """Tell what `check` and a rebuild from nothing show; the house's ledger is gone then."""
    for finding in look(house.config_file, house.time):
        if finding.level == "fail":
            yield f"I20: check says {finding.code}: {finding.message}"
    before = _numbers(house)
    if not before:
        return  # without a number nothing may prove the keys, nor is there anything to lose
    (house.folder / "state" / LEDGER_FILE).unlink()
    try:
        rebuild_ledger(house.config, clock=house.time, rng=house.dice)
    except SyncError as error:
        yield f"I20: the ledger cannot be rebuilt: {error.problems}"
    else:
        if before != (after := _numbers(house)):
            yield f"I20: {before} were given, and {after} are rebuilt"


def _numbers(house: House) -> list[tuple[int, int, str, str | None, LineState]]:
    with house.ledger() as books:
        lines = books.ledger.register_lines(_REGISTER)
    return [
        (one.year, one.sequence, one.letter_number, one.submission_id, one.state) for one in lines
    ]
