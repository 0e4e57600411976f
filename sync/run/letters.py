"""
From a claimed submission to a stored letter: number, fill, spool, store.

Each step is recorded before the next effect, so that after a crash the next run knows which
effects may have happened, and doing those again is harmless.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.decide import LetterWork
from sync.errors import (
    CabinetError,
    DiskError,
    GoogleRefused,
    GoogleUnavailable,
    SyncError,
    TemplateError,
)
from sync.ledger.interface import Batch, Change, Composed, NumberOrder
from sync.letter.sealing import SEAL, qr_png
from sync.model import Kind, Letter, Status, Step
from sync.run.pictures import template_of, with_pictures
from sync.run.register import revised_remark
from sync.values import letter_number, letter_values, longest_number, valid_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.decide import Action
    from sync.letter import Template
    from sync.letter.sealing import Sealer
    from sync.model import Entry, Service, SubmissionId
    from sync.run.claim import Ready
    from sync.run.tools import Settings, Tools

    Stop = Callable[[], bool]  #: tells whether nothing new may start

#: what keeps letters from being stored, but not the run from telling it in the sheet
_NO_LETTERS = (CabinetError, DiskError, TemplateError, GoogleRefused, GoogleUnavailable)
_LEAST_FREE_BYTES = 50_000_000
_ROOM_PER_LETTER = 20  #: times a letter's size
PURPOSE_FIELD = "keperluan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How far the letters of one service came."""

    entries: Sequence[Entry]  #: as the ledger has them now
    failures: Sequence[SyncError] = ()


class LetterWriter:
    """Writes the letters of one service's claimed submissions."""

    def __init__(self, service: Service, settings: Settings, tools: Tools, stop: Stop) -> None:
        self._service, self._settings, self._tools, self._stop = service, settings, tools, stop
        self._today = tools.local(tools.clock.now()).date()
        template = tools.templates.get(service.key)
        if isinstance(template, TemplateError):
            raise template
        self._template: Template | None = template
        has_seal = template is not None and template.has_seal
        self._sealer: Sealer | None = tools.sealer if has_seal else None
        self._longest_code: bytes | None = None
        self._latest: dict[SubmissionId, Entry] = {}
        self._file_ids: list[str] = []

    def write(self, due: Sequence[tuple[Ready, Entry]]) -> Written:
        """
        Take numbers for what is due, fill and store the letters; in order of form time.

        A letter that cannot be stored keeps its number and is DELAYED, as is everything
        after it; so is what could not be filled, which keeps no number.
        """
        stored = [entry for _, entry in due if entry.step is Step.STORED]
        done = [finished for entry in stored for finished in self._finish(entry)]
        new = self._write_new([pair for pair in due if pair[1].step is not Step.STORED])
        return Written(entries=[*done, *new.entries], failures=new.failures)

    def _write_new(self, due: Sequence[tuple[Ready, Entry]]) -> Written:
        """Write the letters that are not in the cabinet yet."""
        if not due:
            return Written(entries=())
        try:
            checked, size = self._check(due)
            self._need_room(size * len(due))
            self._file_ids = self._new_file_ids(checked)
        except _NO_LETTERS as error:
            return Written(entries=self._delay([entry for _, entry in due]), failures=(error,))
        numbered = [
            entry
            for ready, before in checked
            if not self._stop() and (entry := self._number(ready.action, before)) is not None
        ]
        self._latest |= {entry.submission_id: entry for entry in numbered}
        done = self._store_all(numbered)
        late = self._late([before for _, before in checked], numbered)
        return Written(entries=[*done.entries, *late], failures=done.failures)

    def _check(self, due: Sequence[tuple[Ready, Entry]]) -> tuple[list[tuple[Ready, Entry]], int]:
        """Fill each new letter once in memory, so that a broken template burns no number."""
        new = [pair for pair in due if pair[0].action.work is not LetterWork.RESUME]
        size = max((len(self._dry_fill(ready.action)) for ready, _ in new), default=0)
        changes = [
            Change(before=entry, after=replace(entry, step=Step.CHECKED), event="checked")
            for ready, entry in new
            if ready.action.work is LetterWork.ISSUE
        ]
        if new and self._template is not None:
            self._tools.kept_templates.keep(self._template)
        moved = self._record(changes)
        lost = {change.before.submission_id for change in changes} - moved.keys()
        return [
            (ready, moved.get(entry.submission_id, entry))
            for ready, entry in due
            if entry.submission_id not in lost
        ], size

    def _new_file_ids(self, checked: Sequence[tuple[Ready, Entry]]) -> list[str]:
        """Return an id for each letter to be numbered, in one call; each goes into the ledger."""
        new = [ready for ready, _ in checked if ready.action.work is not LetterWork.RESUME]
        return list(self._tools.cabinet.new_ids(len(new))) if new and self._template else []

    def _dry_fill(self, action: Action) -> bytes:
        village = self._settings.village
        number = longest_number(
            self._service.number, village_code=village.code, issued_on=self._today
        )
        composed = self._compose(action, number, 1, self._today.year, 1)
        if self._sealer and self._longest_code is None:  # one serves for all: no code breaks a fill
            longest = self._sealer.longest(composed.letter, service=self._service.key)
            self._longest_code = qr_png(longest)
        return _filled(self._template, composed.values, self._longest_code)

    def _need_room(self, size: int) -> None:
        free = self._tools.free_bytes()
        need = max(_LEAST_FREE_BYTES, _ROOM_PER_LETTER * size)
        if free < need:
            raise DiskError(
                f"Only {free // 1_000_000} MB are free on the disk, {need // 1_000_000} MB are"
                " needed before letters get numbers: make room, then run again."
            )

    def _number(self, action: Action, entry: Entry) -> Entry | None:
        ledger = self._tools.ledger
        if action.work is LetterWork.RESUME:
            return entry
        letter = entry.letter
        if letter is not None:
            asked = replace(
                action.after, status=entry.status, step=entry.step, rev=entry.rev, letter=letter
            )
            revised = self._compose(
                action, letter.letter_number, letter.sequence, letter.year, letter.revision + 1
            )
            remark = revised_remark(revised.letter, action.reason)
            return ledger.revise(asked, self._sealed(action, revised), remark)
        order = NumberOrder(
            register=self._service.number.register,
            start=self._service.number.start,
            issued_on=self._today,
            title=self._service.title,
            applicant=action.values.get(name_field(self._service), ""),
            summary=action.values.get(PURPOSE_FIELD, ""),
            compose=lambda sequence: self._first(action, sequence),
        )
        # Should we die before the letter is stored, a number is nobody's who is held or refused.
        return ledger.number(replace(entry, status=Status.DELAYED), order)

    def _first(self, action: Action, sequence: int) -> Composed:
        number = letter_number(
            self._service.number,
            sequence=sequence,
            village_code=self._settings.village.code,
            issued_on=self._today,
        )
        return self._sealed(action, self._compose(action, number, sequence, self._today.year, 1))

    def _sealed(self, action: Action, composed: Composed) -> Composed:
        return with_pictures(
            composed,
            template=self._template,
            sealer=self._sealer,
            service=self._service,
            applicant=action.values.get(name_field(self._service), ""),
        )

    def _compose(
        self, action: Action, number: str, sequence: int, year: int, revision: int
    ) -> Composed:
        until = valid_until(self._today, self._service.valid_months)
        letter = Letter(
            letter_number=number,
            register=self._service.number.register,
            year=year,
            sequence=sequence,
            revision=revision,
            issued_on=self._today,
            valid_until=until,
            signer=action.signer,
            fingerprint=action.known.fingerprint,
            identity=action.known.identity,
            template_hash=self._template.sha256 if self._template else "",
            file_id=self._file_ids.pop() if self._file_ids else "",
        )
        values = letter_values(
            values=action.values,
            service=self._service,
            village=self._settings.village,
            signer=action.signer,
            submission_id=action.submission_id,
            letter_number=number,
            revision=revision,
            issued_on=self._today,
            valid_until=until,
        )
        return Composed(letter=letter, values=values)

    def _store_all(self, numbered: Sequence[Entry]) -> Written:
        done: list[Entry] = []
        for count, entry in enumerate(numbered, start=1):
            try:
                done += self._finish(entry)
            except _NO_LETTERS as error:
                late = self._delay(numbered[count - 1 :])
                return Written(entries=[*done, *late], failures=(error,))
            self._tools.progress("letters", count, len(numbered))
        return Written(entries=done)

    def _finish(self, entry: Entry) -> list[Entry]:
        """Spool and store one numbered letter; return it as it stands in the ledger now."""
        letter = entry.letter
        if letter is None or (entry.step is Step.STORED and entry.status is Status.ISSUED):
            return [entry]
        if entry.step is Step.STORED:
            return self._advance(entry, Step.STORED, status=Status.ISSUED)
        if self._template is None:
            return self._advance(entry, Step.STORED, status=Status.ISSUED)
        spool, key = self._tools.spool, (entry.submission_id, letter.revision)
        content = spool.get(*key, sha256=letter.sha256)
        if content is None:
            values = self._tools.ledger.letter_values(*key)
            template = template_of(letter, values, self._template, self._tools.kept_templates)
            content = _filled(template, values)
            letter = replace(letter, sha256=spool.put(*key, content))
        if not letter.file_id:
            letter = replace(letter, file_id=self._tools.cabinet.new_ids(1)[0])
        spooled = self._advance(entry, Step.SPOOLED, letter=letter)
        if not spooled:
            return []
        location = self._tools.cabinet.store(file_name(entry, letter), content, letter.file_id)
        letter = replace(letter, location=location)
        stored = self._advance(spooled[0], Step.STORED, letter=letter, status=Status.ISSUED)
        with contextlib.suppress(DiskError):  # it is tried again when the run ends
            spool.remove(*key)
        return stored

    def _advance(self, entry: Entry, step: Step, **changes: object) -> list[Entry]:
        after = replace(entry, step=step, **changes)  # type: ignore[arg-type]
        return list(self._record([Change(before=entry, after=after, event=step.value)]).values())

    def _late(self, checked: Sequence[Entry], numbered: Sequence[Entry]) -> list[Entry]:
        """Delay what another run moved first, or what the run's time did not suffice for."""
        reached = {entry.submission_id for entry in numbered}
        return self._delay([e for e in checked if e.submission_id not in reached])

    def _delay(self, entries: Sequence[Entry]) -> list[Entry]:
        """Delay them where they have come to; a re-issue not begun leaves a letter as it is."""
        latest = [self._latest.get(entry.submission_id, entry) for entry in entries]
        changes = [
            Change(before=e, after=replace(e, status=Status.DELAYED), event="delayed")
            for e in latest
            if e.step is not Step.PUBLISHED
        ]
        return list(self._record(changes).values())

    def _record(self, changes: Sequence[Change]) -> Mapping[SubmissionId, Entry]:
        moved = self._tools.ledger.record(Batch(changes=changes))
        self._latest |= moved
        return moved


def _filled(
    template: Template | None, values: Mapping[str, str], code: bytes | None = None
) -> bytes:
    """Return the letter; without a template, of a letter written by hand, nothing."""
    said = values.get(SEAL)
    return template.fill(values, seal=qr_png(said) if said else code) if template else b""


def file_name(entry: Entry, letter: Letter) -> str:
    """Return the path of a letter below the letters folder; nothing personal is in it."""
    name = f"{letter.sequence:04d}_{entry.submission_id}_r{letter.revision}.docx"
    return f"{letter.register}/{letter.year}/{name}"


def name_field(service: Service) -> str:
    """Return the field whose answer is the applicant's name in the register; "" for none."""
    return next((field.name for field in service.fields if field.kind is Kind.NAME), "")
