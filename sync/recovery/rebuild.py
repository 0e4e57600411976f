"""All that is known outside against an old ledger, or none: what the ledger must take over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sync.errors import SafetyStop
from sync.identity import cell_text
from sync.ledger.interface import Recovered
from sync.letter import letter_text
from sync.model import Column, LineState, RegisterLine, Status, Token
from sync.recovery.entries import Found, Rebuilder
from sync.recovery.facts import letter_files
from sync.recovery.rows import SheetRows
from sync.recovery.tabs import TabLines
from sync.run.letters import PURPOSE_FIELD, name_field
from sync.run.register import sequence_of
from sync.run.remembered import register_key, served_key, settled_key, sheet_key
from sync.run.safety import was_given
from sync.run.token import is_token
from sync.text import REGISTER_UNKNOWN, long_date, status_word
from sync.values import letter_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.identity import KnownRow
    from sync.model import Entry, Service, SubmissionId
    from sync.recovery.entries import Rebuilt
    from sync.recovery.facts import Inside, LetterFile, Means, Outside, Place
    from sync.recovery.rows import FoundRow

_TICKET_TAIL = 12  #: characters of a ticket after its service's key


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What must be taken over, and what people should know about it."""

    recovered: Recovered
    remarks: tuple[str, ...]


def recover(outside: Outside, inside: Inside, means: Means) -> Recovery:
    """
    Return what the ledger must take over; nothing is written.

    Raises `SafetyStop` with every line, gap or contradiction that forbids it, `LayoutError`.
    """
    return _Recovery(outside, inside, means).result()


class _Recovery:
    def __init__(self, outside: Outside, inside: Inside, means: Means) -> None:
        self._outside, self._inside, self._means = outside, inside, means
        self._problems: list[str] = []
        self._remarks: list[str] = []
        self._files = letter_files(outside.files)
        self._sheets = [SheetRows(service, grid, means) for service, grid in outside.sheets]
        self._shown: dict[Place, RegisterLine] = {}  #: what the register tabs prove
        self._lines: dict[Place, RegisterLine] = dict(inside.lines)
        self._rows: dict[SubmissionId, FoundRow] = {}
        self._timeless: dict[str, set[int]] = {}

    def result(self) -> Recovery:
        self._read_tabs()
        self._find_rows()
        self._take_files()
        self._fill_to_the_marks()
        self._check_years()
        self._check_owners()
        self._check_rows()
        rebuilt = [] if self._problems else self._rebuilt()
        if self._problems:
            name = "ledger-behind" if self._inside.entries else "ledger-missing"
            raise SafetyStop(name, "The ledger cannot be rebuilt from this.", self._problems)
        return Recovery(recovered=self._recovered(rebuilt), remarks=tuple(self._remarks))

    # -- numbers

    def _read_tabs(self) -> None:
        today = self._means.now.date()
        for tab in self._outside.tabs:
            read = TabLines(tab, self._means.digest, today)
            self._shown |= read.lines
            known = max(
                (s for r, y, s in self._inside.lines if (r, y) == (tab.register, tab.year)),
                default=0,
            )
            if read.highest > known or not self._inside.lines:
                self._problems += read.problems
        for place, line in self._shown.items():
            known_line = self._inside.lines.get(place)
            self._lines[place] = line if known_line is None else self._newer(known_line, line)

    def _newer(self, known: RegisterLine, shown: RegisterLine) -> RegisterLine:
        """Return the ledger's line with what has become of it since."""
        same = ("letter_number", "submission_id", "issued_on")
        if any(getattr(known, name) != getattr(shown, name) for name in same):
            self._problems.append(
                f"number {known.sequence} of {known.register} {known.year}: the ledger has it for"
                f" {known.submission_id or 'a handwritten letter'}, the register tab for"
                f" {shown.submission_id or 'a handwritten letter'}"
            )
        void = shown.state is LineState.VOID and known.state is not LineState.VOID
        return replace(
            known,
            state=shown.state if void else known.state,
            reason=shown.reason if void else known.reason,
            revision=max(known.revision, shown.revision),
        )

    def _take_files(self) -> None:
        """Take over numbers that reached the cabinet, and not the register tab any more."""
        places = defaultdict(list)
        for revisions in self._files.values():
            for file in revisions.values():
                places[file.place].append(file)
        registers = {service.number.register for service in self._means.services}
        for place, files in sorted(places.items()):
            if place[0] in registers:
                self._take_file(place, files)

    def _take_file(self, place: Place, files: Sequence[LetterFile]) -> None:
        line = self._lines.get(place)
        tickets = {file.submission_id for file in files}
        if line is None:
            line = self._line_of(files[0]) if len(tickets) == 1 else None
            if line is not None:
                self._lines[place] = line
        if line is None or tickets != {line.submission_id}:
            names = ", ".join(file.stored.name for file in files)
            wanted = "no line of the register tab" if line is None else "another ticket there"
            self._problems.append(f"the cabinet has {names}, but there is {wanted}")

    def _line_of(self, file: LetterFile) -> RegisterLine | None:
        """
        Return the line of a letter that a run stored before it died, by the letter's text.

        None for one that was published: its line was in the register tab, and may be void.
        """
        service = self._service_of(file.submission_id)
        row = self._rows.get(file.submission_id)
        if service is None or row is None or service.number.register != file.register:
            return None
        told = max((s for r, y, s in self._shown if (r, y) == file.place[:2]), default=0)
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
            sequences = self._sequences().get((register, int(year)), [])
            if service is None or not sequences:
                self._problems.append(
                    f"register {register} {year} has reached number {highest}, but there is no"
                    " line of it: bring its tab back from the version history"
                )
                continue
            for sequence in range(sequences[-1] + 1, highest + 1):
                line = self._unknown(service, int(year), sequence)
                self._lines[register, int(year), sequence] = line
                self._remarks.append(
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

    def _sequences(self) -> dict[tuple[str, int], list[int]]:
        """Return the numbers of each register's year, in order."""
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for register, year, sequence in sorted(self._lines):
            found[register, year].append(sequence)
        return found

    def _check_years(self) -> None:
        """Refuse gaps; a year may begin above 1 where it goes on after a paper register."""
        years = self._sequences()
        for (register, year), sequences in years.items():
            first = self._lines[register, year, sequences[0]]
            starts = {s.number.start for s in self._means.services if s.number.register == register}
            is_first_year = year == min(y for name, y in years if name == register)
            begins = first.submission_id is None or (is_first_year and first.sequence in starts)
            lowest = first.sequence if begins or first.sequence == 1 else 1
            known = set(sequences)
            missing = [n for n in range(lowest, sequences[-1] + 1) if n not in known]
            if missing:
                self._problems.append(
                    f"register {register} {year}: no line for {_ranges(missing)}: bring the tab"
                    " back from the version history"
                )

    def _check_owners(self) -> None:
        owners: dict[str, RegisterLine] = {}
        for line in self._lines.values():
            if line.submission_id is None:
                continue
            other = owners.setdefault(line.submission_id, line)
            if other is not line:
                self._problems.append(
                    f"{line.submission_id} has two numbers: {other.letter_number} and"
                    f" {line.letter_number}"
                )

    # -- submissions

    def _find_rows(self) -> None:
        lines = {line.submission_id: line for line in self._lines.values() if line.submission_id}
        tickets = {*lines, *self._files}
        for sheet in self._sheets:
            rows = sheet.found(self._inside.entries, tickets, lines)
            self._rows |= {row.submission_id: row for row in rows}

    def _check_rows(self) -> None:
        """Refuse a number beside a row that the register does not know, or knows for another."""
        owners = {row.known.row.row_number: row for row in self._rows.values()}
        for sheet in self._sheets:
            for known in sheet.rows:
                owner = owners.get(known.row.row_number)
                ours = owner if owner is not None and owner.known is known else None
                self._check_row(sheet, known, ours)

    def _check_row(self, sheet: SheetRows, known: KnownRow, owner: FoundRow | None) -> None:
        spec = sheet.service.number
        text = cell_text(known.row.cells.get(Column.LETTER_NUMBER))
        number = sequence_of(spec, self._means.village.code, text)
        if number is None or not was_given(known.row, *number):
            return
        line = self._lines.get((spec.register, *number))
        where = f"{sheet.grid.title!r}, row {known.row.row_number}, shows number {text}"
        if line is None:
            self._problems.append(f"{where}, and no line of the register tab has it")
        elif owner is not None and line.submission_id != owner.submission_id:
            self._problems.append(
                f"{where}, which the register has for {line.submission_id or 'somebody else'}"
            )

    def _rebuilt(self) -> list[tuple[Entry | None, Rebuilt]]:
        """Return each submission with what an old ledger knows of it."""
        rebuilder = Rebuilder(self._means, self._outside.content)
        lines = {line.submission_id: line for line in self._lines.values() if line.submission_id}
        found = []
        for submission_id in {**self._rows, **lines}:
            service = self._service_of(submission_id)
            if service is None:
                self._problems.append(f"{submission_id}: no service of the config has such tickets")
                continue
            one = self._found(submission_id, service, lines.get(submission_id))
            rebuilt = rebuilder.rebuilt(one)
            if rebuilt.lacks_letter:
                self._remarks.append(
                    f"{submission_id}: its letter is gone; `Terbitkan Ulang` makes it again"
                )
            found.append((one.base, rebuilt))
        return found

    def _found(
        self, submission_id: SubmissionId, service: Service, line: RegisterLine | None
    ) -> Found:
        row, base = self._rows.get(submission_id), self._inside.entries.get(submission_id)
        place = (line.register, line.year, line.sequence) if line else None
        files = self._files.get(submission_id, {}) if line else {}
        return Found(
            submission_id=submission_id,
            service=service,
            gid=self._gids()[service.key],
            occurrence=row.occurrence if row else base.occurrence if base else self._spare(service),
            base=base,
            row=row,
            line=line,
            in_register=place in self._shown or bool(base and base.letter),
            files=files,
        )

    def _spare(self, service: Service) -> int:
        """Return an occurrence among rows without a time: that of a row which is gone is lost."""
        taken = self._timeless.setdefault(
            service.key,
            {
                *(
                    e.occurrence
                    for e in self._inside.entries.values()
                    if e.service == service.key and e.serial is None
                ),
                *(
                    r.occurrence
                    for r in self._rows.values()
                    if r.service.key == service.key and r.known.row.serial is None
                ),
            },
        )
        spare = next(n for n in range(1, len(taken) + 2) if n not in taken)
        taken.add(spare)
        return spare

    def _service_of(self, submission_id: str) -> Service | None:
        prefix = submission_id[:-_TICKET_TAIL]
        return next((s for s in self._means.services if s.key.upper() == prefix), None)

    def _gids(self) -> dict[str, int]:
        return {sheet.service.key: sheet.grid.gid for sheet in self._sheets}

    # -- what must be taken over

    def _recovered(self, rebuilt: Sequence[tuple[Entry | None, Rebuilt]]) -> Recovered:
        new = [one for base, one in rebuilt if base is None]
        known = [(base, one) for base, one in rebuilt if base is not None]
        lines = [self._lines[p] for p in sorted(self._lines) if p not in self._inside.lines]
        moved = [
            line
            for place, line in self._lines.items()
            if place in self._inside.lines and line != self._inside.lines[place]
        ]
        behind = new or lines or moved or any(one.letters for _, one in known)
        changed = [one for base, one in known if behind and _differs(base, one.entry)]
        return Recovered(
            added=sorted((one.entry for one in new), key=_by_time),
            changed=[one.entry for one in changed],
            letters=[
                (one.entry.submission_id, composed)
                for one in [*new, *changed]
                for composed in one.letters
            ],
            lines=lines,
            changed_lines=moved,
            firsts={year: sequences[0] for year, sequences in self._sequences().items()},
            tokens=[token for sheet in self._sheets for token in self._tokens(sheet)],
            remembered=dict(self._remembered()),
        )

    def _tokens(self, sheet: SheetRows) -> Iterator[Token]:
        """Yield the marks of runs that died, so that the next run takes them away."""
        owners = {
            row.known.row.row_number: row
            for row in self._rows.values()
            if row.service is sheet.service
        }
        columns = {at: column for column, at in sheet.layout.columns.items()}
        seen = set()
        for row_number, cells in enumerate(sheet.grid.rows[1:], start=2):
            for at, cell in enumerate(cells):
                if not is_token(cell) or cell in seen:
                    continue
                seen.add(cell)
                owner = owners.get(row_number) if at in columns else None
                yield Token(
                    text=str(cell),
                    service=sheet.service.key,
                    submission_id=owner.submission_id if owner else None,
                    column=columns.get(at, Column.STATUS),
                    run_id=self._means.run_id,
                )

    def _remembered(self) -> Iterator[tuple[str, str]]:
        for sheet in self._sheets:
            service, gid = sheet.service, sheet.grid.gid
            yield sheet_key(service.key), str(gid)
            yield served_key(service.spreadsheet, gid), service.key
            if self._is_settled(sheet):
                yield settled_key(service.key, gid), "yes"
        for tab in self._outside.tabs:
            yield register_key(tab.register, tab.year), str(tab.gid)

    def _is_settled(self, sheet: SheetRows) -> bool:
        """Tell whether `setup` came to its end: else rows that were there before it are left."""
        known = [row for row in self._rows.values() if row.service is sheet.service]
        archived = status_word(Status.ARCHIVED)
        begun = any(row.text(Column.STATUS) != archived for row in known)
        return begun or len(known) == len(sheet.rows)


def _differs(base: Entry, entry: Entry) -> bool:
    names = ("status", "step", "letter", "hold", "reason", "replaced_by")
    return any(getattr(base, name) != getattr(entry, name) for name in names)


def _by_time(entry: Entry) -> tuple[float, str]:
    return (float("inf") if entry.serial is None else entry.serial, entry.submission_id)


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
