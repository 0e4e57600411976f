"""
What `Catatan` says: the status, what to correct, what to check, what else staff must know.

The text is written by findReplace, which Google may parse as if typed: it begins with a
word of ours and holds no answer of the resident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.model import HoldReason, StaffAction, Status
from sync.text.clean import HEADER_LIMIT, one_line, reason_text
from sync.text.words import word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.model import Caution, Hold, Problem, SubmissionId

NOTE_LIMIT = 2000
_ROOM_FOR_MORE = 40
_LINE_LIMIT = 600
_FOR_GOOD = {Status.COLLECTED: "still_collected", Status.VOID: "still_void"}
_OF_A_SIGNED_LETTER = {StaffAction.SIGNED, StaffAction.COLLECTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What there is to say about one submission."""

    status: Status
    problems: tuple[Problem, ...] = ()
    cautions: tuple[Caution, ...] = ()
    hold: Hold | None = None
    other_number: str = ""  #: letter number of the older submission, for a duplicate
    reason: str = ""  #: staff's, for REFUSED and VOID
    numbered: bool = False  #: whether a void submission has used a number
    by_hand: bool = False  #: staff write the letter themselves
    replaced_by: SubmissionId | None = None
    unfit: StaffAction | None = None  #: an action that does not fit the status
    taken_back: bool = False  #: `Tindakan` asks no more for what it has made true for good
    file_gone: bool = False  #: the letter's file is not where it was stored
    unknown_action: bool = False
    changed: bool = False  #: answers changed after the letter was issued
    identity_changed: bool = False  #: so much that it would be another person's letter
    unknown_signer: bool = False
    left_alone: tuple[str, ...] = ()  #: headers of our columns that something keeps overwriting


def note_text(note: Note, *, questions: Mapping[str, str], office_hours: str) -> str:
    """
    Return the text of `Catatan`, one statement a line, at most 2,000 characters.

    questions: field name to header as it stands in the sheet
    """
    lines = [_sentence(note, office_hours)]
    lines += [problem_text(problem, questions) for problem in note.problems]
    lines += [caution_text(caution, questions) for caution in note.cautions]
    lines += _warnings(note)
    return _fitted([one_line(line, limit=_LINE_LIMIT) for line in lines])


def problem_text(problem: Problem, questions: Mapping[str, str]) -> str:
    """Return what must be corrected, beginning with the question."""
    question = _question(problem.field, questions)
    return word("problem", problem.code.value, question=question, **problem.details)


def caution_text(caution: Caution, questions: Mapping[str, str]) -> str:
    """Return what staff should look at."""
    question = _question(caution.field, questions)
    return word("caution", caution.code.value, question=question, **caution.details)


def _question(field: str, questions: Mapping[str, str]) -> str:
    return one_line(questions.get(field, ""), limit=HEADER_LIMIT) or field


def _sentence(note: Note, office_hours: str) -> str:
    if note.status is Status.ISSUED and note.by_hand:
        return word("note", "by_hand")
    reason = reason_text(note.reason) or word("note", "no_reason")
    if note.status is Status.HELD:
        reason = _hold_reason(note)
    sentence = word(
        "sentence",
        note.status.value,
        reason=reason,
        office_hours=one_line(office_hours, limit=HEADER_LIMIT),
        id=note.replaced_by or "",
    )
    if note.status is Status.VOID and note.numbered:
        return f"{_with_stop(sentence)} {word('note', 'number_stays')}"
    return sentence


def _hold_reason(note: Note) -> str:
    hold = note.hold
    if hold is None:
        return word("hold", HoldReason.AMBIGUOUS.value)
    number = word("note", "held_number", letter_number=note.other_number)
    number = number if note.other_number else ""
    return word("hold", hold.reason.value, id=hold.other or "", number=number)


def _with_stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."


def _warnings(note: Note) -> Iterator[str]:
    if note.identity_changed:
        yield word("note", "identity_changed")
    elif note.changed:
        yield word("note", "changed")
    if note.unfit:
        early = note.status is Status.ISSUED and note.unfit in _OF_A_SIGNED_LETTER
        remedy = word("note", "early") if early else word("remedy", note.status.value)
        yield word("note", "unfit", action=word("action", note.unfit.value), remedy=remedy)
    if note.taken_back and note.status in _FOR_GOOD:
        yield word("note", _FOR_GOOD[note.status])
    if note.file_gone:
        yield word("note", "file_gone")
    if note.unknown_action:
        yield word("note", "unknown_action")
    if note.unknown_signer:
        yield word("note", "unknown_signer")
    if note.left_alone:
        headers = ", ".join(one_line(header, limit=HEADER_LIMIT) for header in note.left_alone)
        yield word("note", "left_alone", headers=headers)


def _fitted(lines: Sequence[str]) -> str:
    """Join as many whole lines as fit, and count the others."""
    text = lines[0]
    for index, line in enumerate(lines[1:], start=1):
        if len(text) + 1 + len(line) > NOTE_LIMIT - _ROOM_FOR_MORE:
            return f"{text}\n{word('note', 'more', count=len(lines) - index)}"
        text = f"{text}\n{line}"
    return text
