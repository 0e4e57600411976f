"""One submission as the ledger must have known it: from its row, its number and its letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sync.keys import is_submission_id
from sync.ledger.interface import Composed
from sync.letter import letter_text
from sync.letter.sealing import SEAL
from sync.model import (
    Accepted,
    Column,
    Entry,
    Fingerprint,
    Hold,
    HoldReason,
    Letter,
    LineState,
    StaffAction,
    Status,
    Step,
    SubmissionId,
)
from sync.run.letters import name_field
from sync.run.token import is_token
from sync.text import action_of, long_date, status_word
from sync.text.words import word
from sync.validate import duplicate_text, evidence_text, validate
from sync.values import letter_values, valid_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from sync.cabinet.interface import StoredLetter
    from sync.model import RegisterLine, Service, Signer
    from sync.recovery.facts import LetterFile, Means
    from sync.recovery.rows import FoundRow

_LETTERED = {Status.ISSUED, Status.READY, Status.COLLECTED}
_LINK = re.compile(r"https://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that is known about one ticket."""

    submission_id: SubmissionId
    service: Service
    gid: int
    occurrence: int
    base: Entry | None  #: of an old ledger
    row: FoundRow | None
    line: RegisterLine | None
    in_register: bool  #: the register tab has the line, too
    files: Mapping[int, LetterFile]  #: by revision

    @property
    def latest(self) -> int:
        """The latest revision; 0 without a number."""
        return max([self.line.revision, 1, *self.files]) if self.line else 0

    def text(self, column: Column) -> str:
        """Return what the row shows; "" when the row is gone."""
        return self.row.text(column) if self.row else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A submission as it must be taken over."""

    entry: Entry
    letters: tuple[Composed, ...]  #: revisions that the old ledger does not know whole
    lacks_letter: bool = False  #: numbered, and nothing that a letter could be made from


class Rebuilder:
    """Makes entries and letters from what was found."""

    def __init__(self, means: Means, content: Callable[[StoredLetter], bytes]) -> None:
        self._means, self._content = means, content

    def rebuilt(self, found: Found) -> Rebuilt:
        """Return the submission as its row, its line and its files tell."""
        entry = self._entry(found)
        if found.line is None:
            return Rebuilt(entry=entry, letters=())
        letters = [
            self._letter(found, found.line, revision) for revision in range(1, found.latest + 1)
        ]
        latest, values = letters[-1], dict[str, str]()
        stored = latest.location or found.service.key not in self._means.templates
        if found.base is not None and found.base.letter == latest:
            step = Step.PUBLISHED if entry.status is Status.VOID else found.base.step
            entry = replace(entry, step=step)
        elif found.line.state is LineState.ISSUED and not stored:
            values = self._values(found, latest)
            step = Step.NUMBERED if values else Step.PUBLISHED
            status = Status.DELAYED if values else entry.status
            entry = replace(entry, step=step, status=status)
        composed = [Composed(letter=one, values={}) for one in letters[:-1]]
        composed.append(Composed(letter=latest, values=values))
        return Rebuilt(
            entry=replace(entry, letter=latest),
            letters=tuple(one for one in composed if _is_news(one.letter, found.base)),
            lacks_letter=entry.status is Status.ISSUED
            and entry.step is Step.PUBLISHED
            and not stored,
        )

    def _entry(self, found: Found) -> Entry:
        known = found.row.known if found.row else None
        status = _status(found)
        entry = found.base or Entry(
            submission_id=found.submission_id,
            service=found.service.key,
            spreadsheet=found.service.spreadsheet,
            gid=found.gid,
            serial=known.row.serial if known else None,
            occurrence=found.occurrence,
            identity={},
            fingerprint=Fingerprint(""),
        )
        named = found.line is not None or bool(found.row and found.row.named)
        return replace(
            entry,
            identity=known.identity if known else entry.identity or self._identity(found),
            fingerprint=known.fingerprint if known else entry.fingerprint,
            status=status,
            step=_step(found, status),
            confirmed=entry.confirmed or named,
            hold=_hold(found, status),
            duplicate_key=entry.duplicate_key or self._duplicate_key(found),
            action=_action(found),
            ignored_action=entry.ignored_action or _ignored(found),
            reason=_reason(found, status),
            replaced_by=entry.replaced_by or _replaced_by(found, status),
            row_missing_since=None if known else entry.row_missing_since or self._means.now,
        )

    def _identity(self, found: Found) -> dict[str, str]:
        """Return what the register tells of an applicant whose row is gone: the name."""
        name = name_field(found.service)
        if found.line is None or name not in found.service.identity:
            return {}
        spec = next(field for field in found.service.fields if field.name == name)
        text = evidence_text(spec, found.line.applicant, today=self._means.now.date())
        return {spec.name: self._means.digest(f"identity:{spec.name}", text)} if text else {}

    def _duplicate_key(self, found: Found) -> str:
        if found.row is None:
            return ""
        printed = found.row.printed(self._means.now.date())
        text = duplicate_text(found.service.duplicate_of, printed)
        return "" if text is None else self._means.digest("duplicate", text)

    def _letter(self, found: Found, line: RegisterLine, revision: int) -> Letter:
        """Return one revision; what it was written from counts as the answers of today."""
        base = found.base
        file = found.files.get(revision)
        if base is not None and base.letter is not None and base.letter.revision == revision:
            return _placed(base.letter, file, found)
        issued_on = self._issued_on(line.issued_on, file) if revision > 1 else line.issued_on
        changed = revision == found.latest and _is_changed(found)
        known = found.row.known if found.row else None
        identity = dict(known.identity) if known else self._identity(found)
        if changed and file is not None and found.row is not None:
            identity = self._identity_at_issue(found.row, file, identity)
        letter = Letter(
            letter_number=line.letter_number,
            register=line.register,
            year=line.year,
            sequence=line.sequence,
            revision=revision,
            issued_on=issued_on,
            valid_until=valid_until(issued_on, found.service.valid_months),
            signer=_signer(found),
            fingerprint=Fingerprint("") if changed or known is None else known.fingerprint,
            identity=identity,
            template_hash=self._means.templates.get(found.service.key, "") if not file else "",
        )
        return _placed(letter, file, found)

    def _issued_on(self, first: date, file: LetterFile | None) -> date:
        """Return the day of a later revision: the latest that its text names."""
        today = self._means.now.date()
        if file is None:
            return first
        text = "\n".join(letter_text(self._content(file.stored)))
        days = (today - timedelta(days=back) for back in range((today - first).days + 1))
        return next((day for day in days if long_date(day) in text), first)

    def _identity_at_issue(
        self, row: FoundRow, file: LetterFile, identity: dict[str, str]
    ) -> dict[str, str]:
        """Return *identity* without the answers that are not in the letter any more."""
        text = "\n".join(letter_text(self._content(file.stored)))
        values = row.printed(self._means.now.date())
        return {
            name: digest
            for name, digest in identity.items()
            if values.get(f"{name}_panjang", values.get(name, "")) in text
        }

    def _values(self, found: Found, letter: Letter) -> dict[str, str]:
        """Return what a letter that is not stored yet prints; nothing when answers do not do."""
        if found.row is None:
            return {}
        answers, fields = found.row.known.row.answers, found.service.fields
        result = validate(answers, fields, today=letter.issued_on)
        if not isinstance(result, Accepted):
            return {}
        values = letter_values(
            values=result.values,
            service=found.service,
            village=self._means.village,
            signer=letter.signer,
            submission_id=found.submission_id,
            letter_number=letter.letter_number,
            revision=letter.revision,
            issued_on=letter.issued_on,
            valid_until=letter.valid_until,
        )
        sealer = self._means.sealers.get(found.service.key)
        if sealer is None:
            return values
        applicant = result.values.get(name_field(found.service), "")
        code = sealer.text(letter, service=found.service.key, applicant=applicant, values=values)
        return {**values, SEAL: code}


def _placed(letter: Letter, file: LetterFile | None, found: Found) -> Letter:
    """Return *letter* with where it lies: as the cabinet says, else as the row has shown."""
    if file is not None:
        stored = file.stored
        return replace(
            letter, location=stored.location, sha256=stored.sha256, file_id=stored.file_id
        )
    if letter.location or letter.revision != found.latest:
        return letter
    shown = found.text(Column.LETTER)
    end = f"{letter.sequence:04d}_{found.submission_id}_r{letter.revision}.docx"
    ours = shown.endswith(end) or _LINK.fullmatch(shown)
    return replace(letter, location=shown) if ours else letter


def _is_news(letter: Letter, base: Entry | None) -> bool:
    """Tell whether an old ledger lacks the revision, or its file."""
    known = base.letter if base else None
    if known is None or letter.revision > known.revision:
        return True
    return letter.revision == known.revision and letter.location != known.location


def _status(found: Found) -> Status:
    if found.line is not None and found.line.state is LineState.VOID:
        return Status.VOID
    shown = _shown_status(found.text(Column.STATUS))
    if found.line is not None:
        if shown is not None and shown in _LETTERED and not _is_unpublished(found):
            return shown
        same = found.base and found.base.letter and found.base.letter.revision == found.latest
        return found.base.status if found.base and same else Status.ISSUED
    if shown is not None and shown not in _LETTERED:
        doubtful = shown is Status.RECEIVED and found.base is None and found.occurrence > 1
        return Status.HELD if doubtful else shown  # a copy waits for a release
    if found.base is not None:
        return found.base.status
    fresh = found.occurrence == 1 and found.row is not None and found.row.known.row.serial
    return Status.RECEIVED if fresh and is_token(found.text(Column.STATUS)) else Status.HELD


def _shown_status(text: str) -> Status | None:
    return next((status for status in Status if status_word(status) == text), None)


def _is_unpublished(found: Found) -> bool:
    """Tell whether a run died after it stored the letter, before it told anybody."""
    return bool(found.line) and (not found.in_register or found.latest > max(_told(found), 1))


def _shows_number(found: Found, line: RegisterLine) -> bool:
    return found.text(Column.LETTER_NUMBER) == line.letter_number


def _told(found: Found) -> int:
    return found.line.revision if found.line else 0


def _step(found: Found, status: Status) -> Step:
    if found.line is None:
        confirmed = found.base is not None and found.base.step is not Step.SEEN
        return Step.CLAIMED if confirmed or (found.row and found.row.named) else Step.SEEN
    if status is not Status.VOID and _is_unpublished(found):
        return Step.STORED
    if status is Status.ISSUED and found.row is not None and not _shows_number(found, found.line):
        return Step.STORED  # nobody could print it: nothing that staff typed means this letter
    if status is Status.DELAYED and found.base is not None:  # then nobody was told
        return Step.STORED if found.latest in found.files else found.base.step
    return Step.PUBLISHED


def _hold(found: Found, status: Status) -> Hold | None:
    """Return why it waits; one that is RECEIVED may be waiting for its confirmation first."""
    if status is not Status.HELD:
        return found.base.hold if found.base and status is Status.RECEIVED else None
    note = found.text(Column.NOTE)
    if word("hold", "flood") in note:
        return Hold(reason=HoldReason.FLOOD)
    if word("hold", "duplicate", id="|", number="").partition("|")[0] in note:
        return Hold(reason=HoldReason.DUPLICATE, other=next(_tickets(note), None))
    return Hold(reason=HoldReason.AMBIGUOUS)


def _action(found: Found) -> StaffAction | None:
    """Return what staff had asked for, and was done; a first re-issue is still to be made."""
    asked = action_of(found.row.known.row.cells.get(Column.ACTION)) if found.row else None
    if not isinstance(asked, StaffAction):
        return None
    return None if asked is StaffAction.REISSUE and found.latest == 1 else asked


def _ignored(found: Found) -> str:
    """Return the `Tindakan` of a held copy: it was meant for the row that it is a copy of."""
    copied = found.occurrence > 1 and found.base is None and found.line is None
    return found.text(Column.ACTION) if copied and _status(found) is Status.HELD else ""


def _reason(found: Found, status: Status) -> str:
    if found.line is not None and status is Status.VOID:
        return found.line.reason
    if status in {Status.VOID, Status.REFUSED}:
        return (found.base.reason if found.base else "") or found.text(Column.REASON)
    return ""


def _replaced_by(found: Found, status: Status) -> SubmissionId | None:
    return next(_tickets(found.text(Column.NOTE)), None) if status is Status.REPLACED else None


def _tickets(note: str) -> Iterator[SubmissionId]:
    return (SubmissionId(t) for t in re.findall(r"[A-Z0-9_-]+", note) if is_submission_id(t))


def _is_changed(found: Found) -> bool:
    """Tell whether staff read that answers differ from what the letter was written from."""
    note = found.text(Column.NOTE)
    return word("note", "changed") in note or word("note", "identity_changed") in note


def _signer(found: Found) -> Signer:
    signers = found.service.signers
    chosen = found.text(Column.SIGNER).casefold()
    return next((one for one in signers if chosen and one.name.casefold() == chosen), signers[0])
