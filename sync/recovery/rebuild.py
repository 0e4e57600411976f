"""All that is known outside against an old ledger, or none: what the ledger must take over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.errors import SafetyStop
from sync.identity import cell_text
from sync.keys import is_submission_id
from sync.ledger.interface import Recovered
from sync.model import Column, RegisterLine, Status, Token
from sync.recovery.entries import Found, Rebuilder
from sync.recovery.facts import letter_files, service_of
from sync.recovery.numbers import Numbers
from sync.recovery.rows import SheetRows
from sync.run.register import sequence_of
from sync.run.remembered import register_key, served_key, settled_key, sheet_key
from sync.run.safety import was_given
from sync.run.token import is_token
from sync.text import status_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.identity import KnownRow
    from sync.model import Entry, Service, SubmissionId
    from sync.recovery.entries import Rebuilt
    from sync.recovery.facts import Inside, Means, Outside, Place
    from sync.recovery.rows import FoundRow


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
        self._numbers = Numbers(outside, inside, means)
        self._problems, self._remarks = self._numbers.problems, self._numbers.remarks
        self._files = letter_files(outside.files)
        self._sheets = [SheetRows(service, grid, means) for service, grid in outside.sheets]
        self._rows: dict[SubmissionId, FoundRow] = {}
        self._timeless: dict[str, set[int]] = {}

    def result(self) -> Recovery:
        self._find_rows()
        self._numbers.take_letters(self._files, self._rows)
        self._numbers.complete()
        self._check_rows()
        rebuilt = [] if self._problems else self._rebuilt()
        if self._problems:
            name = "ledger-behind" if self._inside.entries else "ledger-missing"
            raise SafetyStop(name, "The ledger cannot be rebuilt from this.", self._problems)
        return Recovery(recovered=self._recovered(rebuilt), remarks=tuple(self._remarks))

    def _find_rows(self) -> None:
        lines = self._numbers.by_ticket()
        tickets = {*lines, *self._files}
        for sheet in self._sheets:
            rows = sheet.found(self._inside.entries, tickets, lines)
            self._rows |= {row.submission_id: row for row in rows}
        for sheet in self._sheets:
            lost = {t: files for t, files in self._files.items() if t not in self._rows}
            for row in sheet.told_by_letters(lost, self._outside.content, self._rows.values()):
                self._rows[row.submission_id] = row

    def _check_rows(self) -> None:
        """Refuse a number beside a row that the register does not know, or knows for another."""
        owners = {row.known.row.row_number: row for row in self._rows.values()}
        for sheet in self._sheets:
            self._check_keys(sheet)
            for known in sheet.rows:
                owner = owners.get(known.row.row_number)
                ours = owner if owner is not None and owner.known is known else None
                self._check_row(sheet, known, ours)

    def _check_keys(self, sheet: SheetRows) -> None:
        """Refuse keys that have made none of a sheet's tickets, and no line of a register."""
        if self._numbers.shown:
            return  # who edits an answer gets another time, by which the ticket was made
        shown = {known.ticket for known in sheet.rows if is_submission_id(known.ticket)}
        proved = any(row.service is sheet.service for row in self._rows.values())
        if shown and not proved and shown.isdisjoint(self._inside.entries):
            self._problems.append(
                f"{sheet.grid.title!r} holds tickets, and these keys have made none of them"
            )

    def _check_row(self, sheet: SheetRows, known: KnownRow, owner: FoundRow | None) -> None:
        spec = sheet.service.number
        text = cell_text(known.row.cells.get(Column.LETTER_NUMBER))
        number = sequence_of(spec, self._means.village.code, text)
        if number is None or not was_given(known.row, *number):
            return
        line = self._numbers.lines.get((spec.register, *number))
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
        lines = self._numbers.by_ticket()
        found = []
        for submission_id in {**self._rows, **lines}:
            service = service_of(self._means, submission_id)
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
            in_register=place in self._numbers.shown or bool(base and base.letter),
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

    def _gids(self) -> dict[str, int]:
        return {sheet.service.key: sheet.grid.gid for sheet in self._sheets}

    def _recovered(self, rebuilt: Sequence[tuple[Entry | None, Rebuilt]]) -> Recovered:
        new = [one for base, one in rebuilt if base is None]
        known = [(base, one) for base, one in rebuilt if base is not None]
        every = self._with_revisions([one for _, one in rebuilt])
        lines = [every[place] for place in sorted(every) if place not in self._inside.lines]
        moved = [
            line
            for place, line in every.items()
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
            firsts={year: sequences[0] for year, sequences in self._numbers.sequences().items()},
            tokens=[token for sheet in self._sheets for token in self._tokens(sheet)],
            remembered=dict(self._remembered()),
        )

    def _with_revisions(self, rebuilt: Sequence[Rebuilt]) -> dict[Place, RegisterLine]:
        """Return the lines, each with its letter's latest revision: some nobody was told of."""
        letters = {
            one.entry.submission_id: one.entry.letter.revision
            for one in rebuilt
            if one.entry.letter is not None
        }

        def revision(line: RegisterLine) -> int:
            known = letters.get(line.submission_id, 0) if line.submission_id else 0
            return max(line.revision, known)

        return {
            place: replace(line, revision=revision(line))
            for place, line in self._numbers.lines.items()
        }

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
        numbered = (service_of(self._means, ticket) for ticket in self._numbers.by_ticket())
        return begun or sheet.service in numbered or len(known) == len(sheet.rows)


def _differs(base: Entry, entry: Entry) -> bool:
    names = ("status", "step", "letter", "hold", "reason", "replaced_by")
    return any(getattr(base, name) != getattr(entry, name) for name in names)


def _by_time(entry: Entry) -> tuple[float, str]:
    return (float("inf") if entry.serial is None else entry.serial, entry.submission_id)
