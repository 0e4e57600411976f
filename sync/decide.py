"""
What a run should do about each row: rows and ledger entries in, a list of actions out; pure.

The states, what staff may ask for in `Tindakan` and what fits when: docs/how-it-works.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from sync.identity import cell_text, changed_answers
from sync.model import (
    Accepted,
    Column,
    Hold,
    HoldReason,
    Rejected,
    StaffAction,
    Status,
    Step,
)
from sync.rivals import NO_RIVAL, NewerRequests, Rivals
from sync.text import UNKNOWN, action_of
from sync.text.note import Note
from sync.validate import duplicate_text, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sync.identity import Digest, KnownRow
    from sync.model import Entry, Problem, Service, Signer, SubmissionId

_SHOWS_CAUTIONS = {
    Status.NEEDS_CORRECTION,
    Status.AWAITING_APPROVAL,
    Status.HELD,
    Status.ISSUED,
}
_ANOTHER_PERSON = 2  #: identity answers that differ


class LetterWork(Enum):
    """What an action needs from the letter's side."""

    NONE = auto()
    ISSUE = auto()  #: a number and the first letter
    REISSUE = auto()  #: the next revision under the same number
    RESUME = auto()  #: an earlier run took the number or the revision and did not finish


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What should become of one submission."""

    known: KnownRow
    before: Entry
    after: Entry
    note: Note
    signer: Signer
    values: Mapping[str, str]  #: the accepted answers; empty when some are not
    phone: str = ""  #: for the click-to-chat link, digits
    work: LetterWork = LetterWork.NONE

    @property
    def submission_id(self) -> SubmissionId:
        """The submission's ticket."""
        return self.before.submission_id

    @property
    def reason(self) -> str:
        """What staff wrote beside the row."""
        return cell_text(self.known.row.cells.get(Column.REASON))

    @property
    def writes_letter(self) -> bool:
        """Tell whether a letter must be written or finished."""
        return self.work is not LetterWork.NONE

    @property
    def is_reissue(self) -> bool:
        """Tell whether the letter is a later revision than the first."""
        letter = self.after.letter
        revised = letter is not None and letter.revision > 1
        return revised or self.work is LetterWork.REISSUE

    @property
    def concerns_register(self) -> bool:
        """Tell whether a line of the register may come or change."""
        return self.writes_letter or self.voids_number

    @property
    def in_order(self) -> tuple[float, int]:
        """By form timestamp, then row: the order in which numbers are given."""
        return _time_then_row((self.known, self.before))

    def now_at(self, entry: Entry) -> Action:
        """Return the action with its submission as far as it has come."""
        return replace(self, after=entry, note=replace(self.note, status=entry.status))

    @property
    def voids_number(self) -> bool:
        """Tell whether this withdraws a number that was given."""
        newly = self.before.status is not Status.VOID and self.after.status is Status.VOID
        return newly and self.after.letter is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the config and the operator say about this run."""

    service: Service
    today: date  #: village time
    duplicate_days: int
    release_flood: bool = False
    files_gone: frozenset[SubmissionId] = frozenset()  #: whose letter is not where it was stored
    checked: dict[object, Accepted | Rejected] = field(default_factory=dict)
    #: answers that were looked at already: a run decides twice, before the claim and after


def decide(
    paired: Sequence[tuple[KnownRow, Entry]],
    absent: Iterable[Entry],
    rules: Rules,
    digest: Digest,
) -> list[Action]:
    """
    Return what this run should do, by form timestamp, then row; nothing is written.

    paired: each row with its entry; absent: the entries whose row is not in the sheet
    """
    in_order = sorted(paired, key=_time_then_row)
    cases = [Case(known, entry, rules, digest) for known, entry in in_order]
    newer = NewerRequests(cases)
    rivals = Rivals(absent, cases, rules.duplicate_days)
    actions = []
    for case in cases:
        action = _decide_one(case, newer, rivals)
        rivals.add(action.after)
        actions.append(action)
    return actions


def until_confirmed(action: Action) -> Action:
    """Return the action, or only a receipt while no reading has seen the ticket on its row."""
    if action.after.confirmed or action.after.status is Status.ARCHIVED:
        return action
    after = replace(action.before, status=Status.RECEIVED, row_missing_since=None)
    return replace(action, after=after, note=Note(status=Status.RECEIVED), work=LetterWork.NONE)


class Case:
    """One submission with everything that the decision looks at."""

    def __init__(self, known: KnownRow, entry: Entry, rules: Rules, digest: Digest) -> None:
        self.known, self.entry, self.rules = known, entry, rules
        text = cell_text(known.row.cells.get(Column.ACTION))
        self.ignored = entry.ignored_action if text == entry.ignored_action else ""
        asked = None if self.ignored else action_of(known.row.cells.get(Column.ACTION))
        self.unknown_action = asked is UNKNOWN
        self.asked: StaffAction | None = asked if isinstance(asked, StaffAction) else None
        self.reason = cell_text(known.row.cells.get(Column.REASON))
        self.result = self._checked()
        self.duplicate_key = self._duplicate_key(digest)

    @property
    def valid(self) -> bool:
        """Tell whether a letter can be written from the answers."""
        return isinstance(self.result, Accepted)

    @property
    def goes_on(self) -> bool:
        """Tell whether a letter may still come of it, so that it can replace an older one."""
        withdrawn = self.asked in {StaffAction.VOID, StaffAction.REFUSE}
        return self.valid and not withdrawn and self.entry.status not in NO_RIVAL

    @property
    def takes_back(self) -> bool:
        """Tell whether staff no longer refuse; a word that we do not know is no such sign."""
        return self.asked in {None, StaffAction.APPROVE} and not self.unknown_action

    @property
    def changed(self) -> bool:
        """Tell whether the answers differ from those that the letter was written from."""
        letter = self.entry.letter
        return letter is not None and letter.fingerprint != self.known.fingerprint

    def _checked(self) -> Accepted | Rejected:
        """Check as of the letter's day once there is one, so that old notes stay as they are."""
        letter = self.entry.letter
        again = self.asked is StaffAction.REISSUE
        today = letter.issued_on if letter is not None and not again else self.rules.today
        answers = self.known.row.answers
        key = today, *((name, type(cell), cell) for name, cell in answers.items())
        if key not in self.rules.checked:
            fields = self.rules.service.fields
            self.rules.checked[key] = validate(answers, fields, today=today)
        return self.rules.checked[key]

    def _duplicate_key(self, digest: Digest) -> str:
        if self.entry.letter is not None:
            return self.entry.duplicate_key
        text = duplicate_text(self.rules.service.duplicate_of, self.result.values)
        return "" if text is None else digest("duplicate", text)

    def signer(self) -> tuple[Signer, bool]:
        """Return who signs, and whether the cell names nobody that we know."""
        signers = self.rules.service.signers
        text = cell_text(self.known.row.cells.get(Column.SIGNER)).casefold()
        chosen = next((s for s in signers if text and s.name.casefold() == text), None)
        return chosen or signers[0], bool(text) and chosen is None


def _decide_one(case: Case, newer: NewerRequests, rivals: Rivals) -> Action:
    entry, asked = case.entry, case.asked
    if entry.status is Status.ARCHIVED:
        if asked is not StaffAction.APPROVE:
            return _settle(case, Status.ARCHIVED, unfit=asked)
        return _before_letter(case, newer, rivals, approved=True)
    if entry.status is Status.VOID:
        return _settle(case, Status.VOID, unfit=_unless(asked, StaffAction.VOID))
    if asked is StaffAction.VOID:
        return _settle(case, Status.VOID, reason=case.reason)
    if entry.letter is not None:
        return _with_letter(case)
    return _before_letter(case, newer, rivals, approved=entry.approved)


def _before_letter(case: Case, newer: NewerRequests, rivals: Rivals, *, approved: bool) -> Action:
    entry, asked = case.entry, case.asked
    if entry.status is Status.REPLACED:
        return _settle(case, Status.REPLACED, unfit=asked)
    if asked is StaffAction.REFUSE:
        return _settle(case, Status.REFUSED, reason=case.reason, hold=entry.hold)
    if entry.status is Status.REFUSED and not case.takes_back:
        return _settle(case, Status.REFUSED, unfit=asked, hold=entry.hold)
    hold = _standing_hold(case)
    approves = asked is StaffAction.APPROVE
    approved = approved or (approves and (hold is not None or entry.status is Status.REFUSED))
    if hold is not None and not approved:
        return _settle(case, Status.HELD, hold=hold, unfit=asked)
    if not case.valid:
        return _ask_correction(case, newer, approved=approved)
    rival = rivals.of(case)
    approved = approved or approves
    if rival is not None and not approved:
        hold = Hold(reason=HoldReason.DUPLICATE, other=rival.submission_id)
        return _settle(case, Status.HELD, hold=hold, unfit=asked)
    if case.rules.service.needs_approval and not approved:
        return _settle(case, Status.AWAITING_APPROVAL, unfit=asked)
    unfit = _unless(asked, StaffAction.APPROVE)
    return _settle(case, Status.ISSUED, approved=approved, unfit=unfit, work=LetterWork.ISSUE)


def _ask_correction(case: Case, newer: NewerRequests, *, approved: bool) -> Action:
    other = newer.than(case)
    if other is not None:
        return _settle(case, Status.REPLACED, unfit=case.asked, replaced_by=other)
    unfit = _unless(case.asked, StaffAction.APPROVE) if approved else case.asked
    return _settle(case, Status.NEEDS_CORRECTION, approved=approved, unfit=unfit)


def _standing_hold(case: Case) -> Hold | None:
    hold = case.entry.hold
    if hold is None or hold.reason is HoldReason.DUPLICATE:
        return None
    released = case.rules.release_flood and hold.reason is HoldReason.FLOOD
    return None if released else hold


def _with_letter(case: Case) -> Action:
    entry, asked = case.entry, case.asked
    if entry.step is not Step.PUBLISHED:
        still_due = asked is StaffAction.REISSUE and entry.action is not StaffAction.REISSUE
        return _settle(
            case,
            Status.ISSUED,
            unfit=_unless(asked, StaffAction.APPROVE),
            work=LetterWork.RESUME,
            action=None if still_due else asked,
        )
    if asked is StaffAction.SIGNED and entry.status is Status.ISSUED:
        return _settle(case, Status.READY)
    if asked is StaffAction.COLLECTED:
        return _settle(case, Status.COLLECTED)
    if asked is StaffAction.REISSUE:
        return _reissue(case)
    return _settle(case, entry.status, unfit=asked if asked is StaffAction.REFUSE else None)


def _reissue(case: Case) -> Action:
    entry = case.entry
    done_before = entry.action is StaffAction.REISSUE
    letter = entry.letter
    other_person = letter is not None and (
        changed_answers(letter.identity, case.known.identity) >= _ANOTHER_PERSON
    )
    if other_person or not case.valid:
        return _settle(
            case,
            entry.status,
            action=StaffAction.REISSUE if done_before else None,
            identity_changed=other_person,
        )
    if done_before and not case.changed:
        return _settle(case, entry.status)
    return _settle(case, Status.ISSUED, work=LetterWork.REISSUE)


def _unless(asked: StaffAction | None, fitting: StaffAction) -> StaffAction | None:
    return None if asked is fitting else asked


def _settle(
    case: Case,
    status: Status,
    *,
    unfit: StaffAction | None = None,
    work: LetterWork = LetterWork.NONE,
    identity_changed: bool = False,
    approved: bool | None = None,
    hold: Hold | None = None,
    reason: str = "",
    replaced_by: SubmissionId | None = None,
    action: StaffAction | bool | None = False,
) -> Action:
    entry, known = case.entry, case.known
    signer, unknown_signer = case.signer()
    after = replace(
        entry,
        status=status,
        identity=known.identity,
        fingerprint=known.fingerprint,
        confirmed=entry.confirmed or known.ticket == entry.submission_id,
        approved=entry.approved if approved is None else approved,
        hold=hold,
        duplicate_key=case.duplicate_key,
        action=case.asked if isinstance(action, bool) else action,
        ignored_action=case.ignored,
        reason=reason or (entry.reason if status in {Status.VOID, Status.REFUSED} else ""),
        replaced_by=replaced_by or entry.replaced_by,
        row_missing_since=None,
    )
    rewriting = work in {LetterWork.ISSUE, LetterWork.REISSUE, LetterWork.RESUME}
    note = Note(
        status=status,
        problems=_problems(case, status),
        cautions=case.result.cautions if status in _SHOWS_CAUTIONS else (),
        hold=hold,
        reason=after.reason,
        numbered=after.letter is not None,
        replaced_by=after.replaced_by,
        unfit=unfit,
        taken_back=_taken_back(case, status),
        file_gone=entry.submission_id in case.rules.files_gone and not rewriting,
        unknown_action=case.unknown_action,
        changed=case.changed and not rewriting and status not in NO_RIVAL,
        identity_changed=identity_changed,
        unknown_signer=unknown_signer,
    )
    return Action(
        known=known,
        before=entry,
        after=after,
        note=note,
        signer=signer,
        values=case.result.values if case.valid else {},
        phone=case.result.values.get(case.rules.service.whatsapp, ""),
        work=work,
    )


def _taken_back(case: Case, status: Status) -> bool:
    """Tell whether staff ask no more for what they have asked for, and cannot have it back."""
    emptied = case.asked is None and not case.unknown_action
    return emptied and case.entry.status is status


def _problems(case: Case, status: Status) -> tuple[Problem, ...]:
    """Return what the applicant or staff must mend before the submission can go on."""
    waits = status is Status.NEEDS_CORRECTION or case.asked is StaffAction.REISSUE
    return case.result.problems if isinstance(case.result, Rejected) and waits else ()


def _time_then_row(pair: tuple[KnownRow, Entry]) -> tuple[float, int]:
    known, entry = pair
    time = float("inf") if entry.serial is None else float(entry.serial)
    return (time, known.row.row_number)
