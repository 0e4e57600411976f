"""What a run is given: its settings, and the objects that it works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sync.cabinet.interface import Cabinet
    from sync.clock import Clock
    from sync.errors import TemplateError
    from sync.google.interface import Grid, Spreadsheets
    from sync.identity import Digest
    from sync.ledger.interface import Ledger
    from sync.letter import Template
    from sync.letter.kept import KeptTemplates
    from sync.letter.sealing import Sealer
    from sync.model import Service, SubmissionId, Village


class Spool(Protocol):
    """Finished letters on their way into the cabinet, safe on our own disk."""

    def put(self, submission_id: SubmissionId, revision: int, content: bytes) -> str:
        """Keep *content*, on the disk when this returns; return its SHA-256 in hexadecimal."""
        ...

    def get(self, submission_id: SubmissionId, revision: int, *, sha256: str) -> bytes | None:
        """Return the letter; None when it is not there or has another hash."""
        ...

    def remove(self, submission_id: SubmissionId, revision: int) -> None:
        """Forget the letter, if it is there."""
        ...

    def kept(self) -> list[tuple[SubmissionId, int]]:
        """Return ticket and revision of every letter that is here."""
        ...


class HighWater(Protocol):
    """The largest number ever given, kept beside the ledger: an old ledger is found out by it."""

    def read(self) -> Mapping[str, int]:
        """Return `register/year` to sequence."""
        ...

    def raise_to(self, marks: Mapping[str, int]) -> None:
        """Keep the larger of each mark."""
        ...


class ClaimedRows(Protocol):
    """What rows held when they were claimed; for the next run, should this one die."""

    def recall(self, *, but: str = "") -> Mapping[str, list[dict[str, object]]]:
        """Return what is kept by run, as JSON values; not of the run *but*."""
        ...

    def keep(self, run_id: str, claims: Sequence[dict[str, object]]) -> None:
        """Keep just *claims* of that run."""
        ...


class Progress(Protocol):
    """Is told how far the run has come."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """*done* of *total* items of *stage* are done."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the config and the operator want of this run."""

    village: Village
    services: tuple[Service, ...]
    rows_per_run: int = 200
    new_rows_per_hour: int = 100
    duplicate_days: int = 30
    run_seconds: float = 600
    whatsapp: bool = True
    accept: frozenset[str] = frozenset()  #: safety stops to pass over, this once
    verify: bool = False  #: write by position and look, instead of by marks
    archive: Mapping[str, int] = field(default_factory=dict)
    #: `setup`: services to archive, and nothing else, to the form time of their latest old row

    @property
    def active(self) -> tuple[Service, ...]:
        """The services that this run is about."""
        return tuple(s for s in self.services if not self.archive or s.key in self.archive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The world that a run works in."""

    clock: Clock
    rng: random.Random
    sheets: Spreadsheets
    ledger: Ledger
    cabinet: Cabinet
    spool: Spool
    high_water: HighWater
    claimed: ClaimedRows
    templates: Mapping[str, Template | TemplateError]  #: by service; none: numbers only
    kept_templates: KeptTemplates  #: also those that are not in the config any more
    digest: Digest
    ticket: Callable[[Service, int, int | None, int], SubmissionId]
    register_gid: Callable[[str, int], int]
    free_bytes: Callable[[], int]
    progress: Progress
    local: Callable[[datetime], datetime]  #: to village time
    sealer: Sealer | None = None  #: None: letters have no code
    first_reading: Mapping[str, Mapping[int, Grid]] = field(default_factory=dict)
    #: what was read a moment ago, by spreadsheet and gid; it is not read again
