"""What a run did, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from sync.errors import gravest
from sync.model import Status

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping
    from datetime import datetime

    from sync.decide import Action
    from sync.errors import SyncError
    from sync.model import Letter, SubmissionId

_COUNTED = {
    Status.NEEDS_CORRECTION: "needs_correction",
    Status.AWAITING_APPROVAL: "awaiting_approval",
    Status.HELD: "held",
    Status.REFUSED: "refused",
    Status.REPLACED: "replaced",
    Status.VOID: "void",
    Status.READY: "ready",
    Status.COLLECTED: "collected",
}
_ORDER = ("new", "issued", "reissued", *_COUNTED.values(), "delayed", "unchanged")


def run_id_at(now: datetime) -> str:
    """Return what the ids of runs that begin at *now* begin with; they sort by time."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def new_run_id(now: datetime, rng: random.Random) -> str:
    """Return the id of a run that begins now."""
    return f"{run_id_at(now)}-{''.join(rng.choices('0123456789abcdef', k=4))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLetter:
    """A letter that this run finished."""

    submission_id: SubmissionId
    letter_number: str
    revision: int
    location: str  #: absolute path, or link


@dataclass(slots=True, kw_only=True)
class Report:
    """Counts of what one run changed; `read`, `unchanged` and `delayed` tell how things are."""

    run_id: str
    dry_run: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    letters: list[IssuedLetter] = field(default_factory=list)
    google_calls: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    failures: list[SyncError] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)  #: that someone should hear; no failures

    @property
    def exit_code(self) -> int:
        """0 done; 1 some submission is delayed; else the gravest failure's."""
        late = 1 if self.counts["delayed"] else 0
        return gravest([late, *(failure.exit_code for failure in self.failures)])

    def count(self, action: Action) -> None:
        """Count what became of one submission."""
        after = action.after
        if action.writes_letter and after.status is Status.ISSUED:
            self.counts["reissued" if action.is_reissue else "issued"] += 1
        elif after.status is not action.before.status and after.status in _COUNTED:
            self.counts[_COUNTED[after.status]] += 1

    def add_letter(self, submission_id: SubmissionId, letter: Letter, location: str) -> None:
        """List a finished letter."""
        self.letters.append(
            IssuedLetter(
                submission_id=submission_id,
                letter_number=letter.letter_number,
                revision=letter.revision,
                location=location,
            )
        )

    def as_json(self) -> str:
        """Return one JSON object; its keys are part of the command's contract."""
        counts = {name: self.counts[name] for name in ("read", *_ORDER)}
        letters = [
            {
                "submission_id": letter.submission_id,
                "letter_number": letter.letter_number,
                "revision": letter.revision,
                "location": letter.location,
            }
            for letter in self.letters
        ]
        calls = ("sheets_read", "sheets_write", "drive", "forms", "token")
        return json.dumps(
            {
                "run_id": self.run_id,
                "dry_run": self.dry_run,
                **counts,
                "google_calls": {kind: self.google_calls.get(kind, 0) for kind in calls},
                "seconds": round(self.seconds, 3),
                "letters": letters,
            }
        )
