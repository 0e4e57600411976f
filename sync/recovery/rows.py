"""Which row of a sheet belongs to which ticket: the keys make the ticket from the row's time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.identity import cell_text, know, pair, split_rows
from sync.layout import read_layout, read_rows
from sync.letter import letter_text
from sync.model import SubmissionId
from sync.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from sync.cabinet.interface import StoredLetter
    from sync.google.interface import Grid
    from sync.identity import KnownRow
    from sync.layout import Layout
    from sync.model import Column, Entry, RegisterLine, Service
    from sync.recovery.facts import LetterFile, Means

_MOST_COPIES = 20  #: of one row that ever had a ticket of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """A row with the ticket that is proved to be its own."""

    service: Service
    gid: int
    known: KnownRow
    submission_id: SubmissionId
    occurrence: int

    @property
    def named(self) -> bool:
        """Tell whether the ticket stands in the row."""
        return self.known.ticket == self.submission_id

    def printed(self, today: date) -> Mapping[str, str]:
        """Return the answers as a letter prints them, by field; those that can be read."""
        return validate(self.known.row.answers, self.service.fields, today=today).values

    def is_named_in(self, lines: Iterable[str], means: Means) -> bool:
        """Tell whether the letter with that text has this row's answers that tell who asks."""
        printed, text = self.printed(means.now.date()), "\n".join(lines)
        who = [printed.get(f"{name}_panjang", printed.get(name)) for name in self.service.identity]
        return bool(who) and all(answer and answer in text for answer in who)

    def text(self, column: Column) -> str:
        """Return what the row shows in *column*."""
        return cell_text(self.known.row.cells.get(column))


class SheetRows:
    """The rows of one service's sheet."""

    def __init__(self, service: Service, grid: Grid, means: Means) -> None:
        self.service, self.grid = service, grid
        self._means = means
        self.layout: Layout = read_layout(grid.rows[0] if grid.rows else (), service)
        asked, _ = split_rows(read_rows(grid.rows, self.layout))
        today = means.now.date()
        self.rows = [know(row, service, means.digest, today) for row in asked]

    def found(
        self,
        entries: Mapping[str, Entry],
        tickets: Iterable[str],
        lines: Mapping[SubmissionId, RegisterLine],
    ) -> list[FoundRow]:
        """
        Return the rows whose ticket is proved, by the ledger's evidence or by the keys.

        entries: of an old ledger
        tickets: that are known from outside, so that a row whose ticket is gone is found too
        lines:   the numbered ones by ticket; they tell a row from its copy
        """
        ours = [e for e in entries.values() if e.service == self.service.key]
        pairing = pair(self.rows, ours, ())
        found = [
            self._row(known, entries[id_].submission_id, entries[id_].occurrence)
            for id_, known in pairing.pairs.items()
        ]
        wanted = set(tickets) - pairing.pairs.keys()
        proved: dict[SubmissionId, list[FoundRow]] = defaultdict(list)
        for known in pairing.strangers:
            one = self._proved(known, wanted)
            if one is not None and one.submission_id not in pairing.pairs:
                proved[one.submission_id].append(one)
        return [*found, *(_original(rows, lines) for rows in proved.values())]

    def told_by_letters(
        self,
        letters: Mapping[SubmissionId, Mapping[int, LetterFile]],
        content: Callable[[StoredLetter], bytes],
        others: Collection[FoundRow],
    ) -> Iterator[FoundRow]:
        """
        Yield rows that show the ticket of a letter which names the same person.

        A form that was sent again has another time, so that the keys prove its ticket no more.
        """
        taken = {one.known.row.row_number for one in others if one.gid == self.grid.gid}
        for known in self.rows:
            submission_id = SubmissionId(known.ticket)
            files = letters.get(submission_id)
            if not files or known.row.row_number in taken:
                continue
            row = self._row(known, submission_id, self._spare(known.row.serial, others))
            if row.is_named_in(letter_text(content(files[max(files)].stored)), self._means):
                letters = {t: revisions for t, revisions in letters.items() if t != submission_id}
                yield row

    def _spare(self, serial: int | None, others: Iterable[FoundRow]) -> int:
        """Return an occurrence that no other row of that time has."""
        here = (one for one in others if one.gid == self.grid.gid)
        taken = {one.occurrence for one in here if one.known.row.serial == serial}
        return next(n for n in range(1, len(taken) + 2) if n not in taken)

    def _proved(self, known: KnownRow, wanted: set[str]) -> FoundRow | None:
        made = [
            self._means.ticket(self.service, self.grid.gid, known.row.serial, occurrence)
            for occurrence in range(1, _MOST_COPIES + 1)
        ]
        for occurrence, ticket in enumerate(made, start=1):
            if ticket == known.ticket:
                return self._row(known, ticket, occurrence)
        for occurrence, ticket in enumerate(made, start=1):
            if ticket in wanted and known.row.serial is not None:
                return self._row(known, ticket, occurrence)
        return None

    def _row(self, known: KnownRow, submission_id: SubmissionId, occurrence: int) -> FoundRow:
        return FoundRow(
            service=self.service,
            gid=self.grid.gid,
            known=known,
            submission_id=submission_id,
            occurrence=occurrence,
        )


def _original(rows: Sequence[FoundRow], lines: Mapping[SubmissionId, RegisterLine]) -> FoundRow:
    """Return the row that a copy was made of: with the register's name, and its ticket."""
    line = lines.get(rows[0].submission_id)

    def likeness(found: FoundRow) -> tuple[bool, bool, int]:
        answers = map(cell_text, found.known.row.answers.values())
        named = line is not None and line.applicant in answers
        return named, found.named, -found.known.row.row_number

    return max(rows, key=likeness)
