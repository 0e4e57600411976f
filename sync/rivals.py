"""Other submissions that one submission may repeat, or be replaced by."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from sync.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.decide import Case
    from sync.model import Entry, SubmissionId

NO_RIVAL = {Status.REFUSED, Status.REPLACED, Status.VOID, Status.ARCHIVED}
_MILLISECONDS_PER_DAY = 86_400_000


class NewerRequests:
    """Finds the next valid request of the same applicant: of several it is the one that goes on."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._valid: dict[tuple[tuple[str, str], ...], list[tuple[int, SubmissionId]]]
        self._valid = defaultdict(list)
        for case in cases:
            if case.goes_on and case.entry.serial is not None:
                for key in _answer_pairs(case.known.identity):
                    self._valid[key].append((case.entry.serial, case.entry.submission_id))

    def than(self, case: Case) -> SubmissionId | None:
        """Return the ticket of the next newer valid request."""
        serial = case.entry.serial
        if serial is None:
            return None
        newer = [
            request
            for key in _answer_pairs(case.known.identity)
            for request in self._valid.get(key, ())
            if request[0] > serial
        ]
        return min(newer)[1] if newer else None


class Rivals:
    """Finds an older or numbered submission with the same `duplicate_of` values."""

    def __init__(self, absent: Iterable[Entry], cases: Sequence[Case], days: int) -> None:
        self._window = days * _MILLISECONDS_PER_DAY
        self._by_key: dict[str, dict[SubmissionId, Entry]] = defaultdict(dict)
        numbered = (case.entry for case in cases if case.entry.letter is not None)
        for entry in (*absent, *numbered):
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Take *entry* into account, as it stands after this run."""
        if entry.duplicate_key:
            self._by_key[entry.duplicate_key][entry.submission_id] = entry

    def of(self, case: Case) -> Entry | None:
        """Return the submission that this one may repeat."""
        if not case.duplicate_key:
            return None
        for other in self._by_key[case.duplicate_key].values():
            if other.submission_id == case.entry.submission_id or other.status in NO_RIVAL:
                continue
            if self._close(case.entry.serial, other.serial):
                return other
        return None

    def _close(self, one: int | None, other: int | None) -> bool:
        return one is None or other is None or abs(one - other) <= self._window


def _answer_pairs(identity: Mapping[str, str]) -> list[tuple[tuple[str, str], ...]]:
    filled = sorted((name, text) for name, text in identity.items() if text)
    return list(combinations(filled, 2))
