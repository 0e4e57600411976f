"""The numbers: what register tabs, letters and our own mark prove, against an old ledger's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sync.letter import letter_text
from sync.model import Column, LineState, RegisterLine
from sync.recovery.facts import service_of
from sync.recovery.tabs import TabLines
from sync.run.letters import PURPOSE_FIELD, name_field
from sync.run.token import is_token
from sync.text import REGISTER_UNKNOWN, long_date
from sync.values import letter_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.model import Service, SubmissionId
    from sync.recovery.facts import Inside, LetterFile, Means, Outside, Place
    from sync.recovery.rows import FoundRow


class Numbers:
    """
    Every number that was given, and to whom.

    problems: what forbids a rebuild; remarks: what people should know about it
    """

    def __init__(self, outside: Outside, inside: Inside, means: Means) -> None:
        self._outside, self._inside, self._means = outside, inside, means
        self.problems: list[str] = []
        self.remarks: list[str] = []
        self.shown: dict[Place, RegisterLine] = {}  #: what the register tabs prove
        self.lines: dict[Place, RegisterLine] = dict(inside.lines)
        self._read()

    def by_ticket(self) -> dict[SubmissionId, RegisterLine]:
        """Return the numbers that a submission has."""
        return {line.submission_id: line for line in self.lines.values() if line.submission_id}

    def sequences(self) -> dict[tuple[str, int], list[int]]:
        """Return the numbers of each register's year, in order."""
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for register, year, sequence in sorted(self.lines):
            found[register, year].append(sequence)
        return found

    def take_letters(
        self,
        files: Mapping[SubmissionId, Mapping[int, LetterFile]],
        rows: Mapping[SubmissionId, FoundRow],
    ) -> None:
        """Take over numbers that reached the cabinet, and not the register tab any more."""
        places = defaultdict(list)
        for revisions in files.values():
            for file in revisions.values():
                places[file.place].append(file)
        registers = {service.number.register for service in self._means.services}
        for place, of_place in sorted(places.items()):
            if place[0] in registers:
                self._take_file(place, of_place, rows)

    def complete(self) -> None:
        """Add what only our mark knows; refuse gaps and repeats."""
        self._fill_to_the_marks()
        self._check_years()
        self._check_owners()

    def _read(self) -> None:
        today = self._means.now.date()
        for tab in self._outside.tabs:
            read = TabLines(tab, self._means.digest, today)
            self.shown |= read.lines
            known = max(
                (s for r, y, s in self._inside.lines if (r, y) == (tab.register, tab.year)),
                default=0,
            )
            if read.highest > known or not self._inside.lines:
                self.problems += read.problems
        for place, line in self.shown.items():
            known_line = self._inside.lines.get(place)
            self.lines[place] = line if known_line is None else self._newer(known_line, line)

    def _newer(self, known: RegisterLine, shown: RegisterLine) -> RegisterLine:
        """Return the ledger's line with what has become of it since."""
        same = ("letter_number", "submission_id", "issued_on")
        if any(getattr(known, name) != getattr(shown, name) for name in same):
            self.problems.append(
                f"number {known.sequence} of {known.register} {known.year}: the ledger has it for"
                f" {known.submission_id or 'a handwritten letter'}, the register tab for"
                f" {shown.submission_id or 'a handwritten letter'}"
            )
        void = shown.state is LineState.VOID and known.state is not LineState.VOID
        newer = void or (shown.revision > known.revision and known.state is shown.state)
        return replace(
            known,
            state=shown.state if void else known.state,
            reason=shown.reason if newer else known.reason,
            revision=max(known.revision, shown.revision),
        )

    def _take_file(
        self,
        place: Place,
        files: Sequence[LetterFile],
        rows: Mapping[SubmissionId, FoundRow],
    ) -> None:
        line = self.lines.get(place)
        tickets = {file.submission_id for file in files}
        if line is None:
            line = (
                self._line_of(files[0], rows.get(files[0].submission_id))
                if len(tickets) == 1
                else None
            )
            if line is not None:
                self.lines[place] = line
        if line is None or tickets != {line.submission_id}:
            names = ", ".join(file.stored.name for file in files)
            wanted = "no line of the register tab" if line is None else "another ticket there"
            self.problems.append(f"the cabinet has {names}, but there is {wanted}")

    def _line_of(self, file: LetterFile, row: FoundRow | None) -> RegisterLine | None:
        """
        Return the line of a letter that a run stored before it died, by the letter's text.

        None for one that was published: its line was in the register tab, and may be void.
        """
        service = service_of(self._means, file.submission_id)
        if service is None or row is None or service.number.register != file.register:
            return None
        told = max((s for r, y, s in self.shown if (r, y) == file.place[:2]), default=0)
        shown = row.text(Column.LETTER_NUMBER)
        if file.sequence <= told or (shown and not is_token(shown)):
            return None
        text = "\n".join(letter_text(self._outside.content(file.stored)))
        code = self._means.village.code
        for on in _days(file.year, self._means.now.date()):
            number = letter_number(
                service.number, sequence=file.sequence, village_code=code, issued_on=on
            )
            if long_date(on) in text and number in text:
                return self._new_line(service, file, number, on, row)
        return None

    def _new_line(
        self, service: Service, file: LetterFile, number: str, on: date, row: FoundRow
    ) -> RegisterLine:
        printed = row.printed(on)
        return RegisterLine(
            register=file.register,
            year=file.year,
            sequence=file.sequence,
            letter_number=number,
            issued_on=on,
            state=LineState.ISSUED,
            title=service.title,
            submission_id=file.submission_id,
            applicant=printed.get(name_field(service), ""),
            summary=printed.get(PURPOSE_FIELD, ""),
            revision=1,
            reason="",
            line_hash="",
        )

    def _fill_to_the_marks(self) -> None:
        """Reserve numbers that were given, as only our own mark beside the ledger tells."""
        for mark, highest in sorted(self._outside.marks.items()):
            register, _, year = mark.rpartition("/")
            service = next((s for s in self._means.services if s.number.register == register), None)
            sequences = self.sequences().get((register, int(year)), [])
            if service is None or not sequences:
                self.problems.append(
                    f"register {register} {year} has reached number {highest}, but there is no"
                    " line of it: bring its tab back from the version history"
                )
                continue
            for sequence in range(sequences[-1] + 1, highest + 1):
                line = self._unknown(service, int(year), sequence)
                self.lines[register, int(year), sequence] = line
                self.remarks.append(
                    f"number {line.letter_number} was given, and nothing tells to whom: it stays"
                    " reserved"
                )

    def _unknown(self, service: Service, year: int, sequence: int) -> RegisterLine:
        on = min(self._means.now.date(), date(year, 12, 31))
        return RegisterLine(
            register=service.number.register,
            year=year,
            sequence=sequence,
            letter_number=letter_number(
                service.number,
                sequence=sequence,
                village_code=self._means.village.code,
                issued_on=on,
            ),
            issued_on=on,
            state=LineState.RESERVED,
            title=service.title,
            submission_id=None,
            applicant="",
            summary="",
            revision=0,
            reason=REGISTER_UNKNOWN,
            line_hash="",
        )

    def _check_years(self) -> None:
        """Refuse gaps; a year may begin above 1 where it goes on after a paper register."""
        years = self.sequences()
        for (register, year), sequences in years.items():
            first = self.lines[register, year, sequences[0]]
            starts = {s.number.start for s in self._means.services if s.number.register == register}
            is_first_year = year == min(y for name, y in years if name == register)
            begins = first.submission_id is None or (is_first_year and first.sequence in starts)
            lowest = first.sequence if begins or first.sequence == 1 else 1
            known = set(sequences)
            missing = [n for n in range(lowest, sequences[-1] + 1) if n not in known]
            if missing:
                self.problems.append(
                    f"register {register} {year}: no line for {_ranges(missing)}: bring the tab"
                    " back from the version history"
                )

    def _check_owners(self) -> None:
        owners: dict[str, RegisterLine] = {}
        for line in self.lines.values():
            if line.submission_id is None:
                continue
            other = owners.setdefault(line.submission_id, line)
            if other is not line:
                self.problems.append(
                    f"{line.submission_id} has two numbers: {other.letter_number} and"
                    f" {line.letter_number}"
                )


def _days(year: int, today: date) -> Iterator[date]:
    """Yield the days of *year* up to today, the latest first."""
    day = min(today, date(year, 12, 31))
    while day.year == year:
        yield day
        day -= timedelta(days=1)


def _ranges(numbers: Iterable[int]) -> str:
    """Return numbers as people write them: 3, 5 to 7."""
    parts = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        parts.append(f"{found[0]} to {found[-1]}" if found[1:] else f"{found[0]}")
    return ", ".join(parts)
