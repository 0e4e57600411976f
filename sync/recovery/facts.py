"""What a ledger is rebuilt from."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.model import SubmissionId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sync.cabinet.interface import StoredLetter
    from sync.google.interface import Grid
    from sync.identity import Digest
    from sync.letter.sealing import Sealer
    from sync.model import Entry, RegisterLine, Service, Village
    from sync.run.register import RegisterTab

    Place = tuple[str, int, int]  #: register, year and sequence

_TICKET_TAIL = 12  #: characters of a ticket after its service's key
_NAME = re.compile(r"([^/]+)/([0-9]{4})/([0-9]{4,})_([A-Z0-9_-]+)_r([0-9]+)\.docx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What Google and the cabinet show."""

    sheets: Sequence[tuple[Service, Grid]]
    tabs: Sequence[RegisterTab]  #: every year of every register
    files: Sequence[StoredLetter]
    content: Callable[[StoredLetter], bytes]
    marks: Mapping[str, int]  #: `register/year` to the largest number ever given


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What an old ledger knows; nothing when there is none."""

    entries: Mapping[str, Entry]  #: by ticket
    lines: Mapping[Place, RegisterLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """The village's keys, and what else is fixed."""

    village: Village
    services: Sequence[Service]
    templates: Mapping[str, str]  #: service to its template's hash; none: numbers only
    sealers: Mapping[str, Sealer]  #: of the services whose letters have a code
    digest: Digest
    ticket: Callable[[Service, int, int | None, int], SubmissionId]
    now: datetime  #: village time
    run_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFile:
    """A letter of the cabinet, as its name tells."""

    register: str
    year: int
    sequence: int
    submission_id: SubmissionId
    revision: int
    stored: StoredLetter

    @property
    def place(self) -> Place:
        """Its number."""
        return self.register, self.year, self.sequence


def letter_files(
    files: Iterable[StoredLetter],
) -> dict[SubmissionId, dict[int, LetterFile]]:
    """Return the letters by ticket and revision; what has no letter's name is none."""
    found: dict[SubmissionId, dict[int, LetterFile]] = defaultdict(dict)
    for stored in files:
        parts = _NAME.fullmatch(stored.name)
        if parts:
            file = LetterFile(
                register=parts[1],
                year=int(parts[2]),
                sequence=int(parts[3]),
                submission_id=SubmissionId(parts[4]),
                revision=int(parts[5]),
                stored=stored,
            )
            found[file.submission_id].setdefault(file.revision, file)
    return dict(found)


def service_of(means: Means, submission_id: str) -> Service | None:
    """Return whose tickets begin as this one does; None when the config has no such service."""
    prefix = submission_id[:-_TICKET_TAIL]
    return next((one for one in means.services if one.key.upper() == prefix), None)
