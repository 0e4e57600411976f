"""What the rest of the house may ask of the ledger, our private record of every submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from sync.model import (
        Column,
        Entry,
        Letter,
        OwnCell,
        RegisterLine,
        SubmissionId,
        Token,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry's next state; applied only while its id, step and rev are those of `before`."""

    before: Entry
    after: Entry  #: its `rev` is set by the ledger; cells that it does not name stay
    event: str  #: what happened, for the history: a word without personal data
    voids_number: bool = False  #: marks its register line void, with `after.reason`


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one transaction writes."""

    added: Sequence[Entry] = ()
    changes: Sequence[Change] = ()
    cells: Mapping[SubmissionId, Mapping[Column, OwnCell]] | None = None  #: no compare-and-set
    tokens: Sequence[Token] = ()  #: newly made
    ended_tokens: Sequence[str] = ()  #: texts that stand nowhere any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A letter as numbered, and the values that it prints."""

    letter: Letter
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOrder:
    """What the register writes down beside a new number."""

    register: str
    start: int  #: first sequence of the register's first year
    issued_on: date  #: its year is the register's
    title: str
    applicant: str
    summary: str
    compose: Callable[[int], Composed]  #: from the sequence; pure


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """Numbers for letters that are written by hand, and what the register says of them."""

    register: str
    start: int  #: first sequence of the register's first year
    issued_on: date  #: its year is the register's
    title: str
    reason: str  #: what for; may be empty
    letter_number: Callable[[int], str]  #: from the sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What register tabs, sheets and cabinet know beyond a ledger."""

    added: Sequence[Entry]  #: in the order in which they came; each with its latest letter
    changed: Sequence[Entry]  #: as they should be; of entries that are there
    letters: Sequence[tuple[SubmissionId, Composed]]  #: revisions that are not whole there
    lines: Sequence[RegisterLine]  #: by register, year and sequence; with none left out
    changed_lines: Sequence[RegisterLine]  #: that were withdrawn, or whose letter was revised
    firsts: Mapping[tuple[str, int], int]  #: what each register's year begins with
    tokens: Sequence[Token]  #: that stand in a sheet
    remembered: Mapping[str, str]

    @property
    def is_nothing(self) -> bool:
        """Tell whether the ledger knows all numbers, letters and submissions."""
        return not (self.added or self.changed or self.lines or self.changed_lines)


class Ledger(Protocol):
    """
    Entries, letters, the number register and the events of one village.

    Every method is one transaction. Raises `LedgerBusy` when another process holds the
    database for 30 s, `DiskError` when it cannot be written.
    """

    def entries(self, service: str) -> tuple[Entry, ...]:
        """Return the service's entries in the order in which they were made."""
        ...

    def tokens(self, service: str) -> tuple[Token, ...]:
        """Return the tokens that may still stand in the service's sheet."""
        ...

    def record(self, batch: Batch) -> Mapping[SubmissionId, Entry]:
        """
        Write *batch* whole; return the added and changed entries as they stand now.

        A change whose entry another run has moved is left out, with its event and its
        cells; its id is then missing in the answer. `LedgerBusy` when an added entry exists.
        """
        ...

    def number(self, entry: Entry, order: NumberOrder) -> Entry | None:
        """
        Take the next number for *entry*, which is `checked` and has no letter.

        Counter, register line, letter with its values and the step `numbered` commit
        together. None when another run moved the entry first: then no number is taken.
        """
        ...

    def revise(self, entry: Entry, composed: Composed, remark: str = "") -> Entry | None:
        """
        Write the next revision of *entry*'s letter, same number; step `numbered`; or None.

        remark: who, when and why, for the register, after what it says of earlier revisions
        """
        ...

    def reserve(self, order: Reservation, count: int) -> tuple[RegisterLine, ...]:
        """Take the next *count* numbers, each with a line that has no submission."""
        ...

    def void_reserved(self, line: RegisterLine, reason: str) -> bool:
        """Mark a reserved line void, for good; False when it is not reserved any more."""
        ...

    def import_lines(self, lines: Sequence[RegisterLine]) -> None:
        """
        Begin a register with lines that were given elsewhere: reserved or void ones.

        lines: of one register, by year and sequence, without a gap in a year; the first
               and the last of each year set what the year begins with and its counter

        Raises `UserError` when the register has begun.
        """
        ...

    def take_over(self, recovered: Recovered) -> None:
        """
        Add what was found outside, whole or not at all; nothing that is known goes.

        Raises `SafetyStop("ledger-corrupt")`, and writes nothing, when the register would not
        be without gap and repeat.
        """
        ...

    def letter_values(self, submission_id: SubmissionId, revision: int) -> Mapping[str, str]:
        """Return the values that this revision prints."""
        ...

    def register_lines(self, register: str, year: int | None = None) -> tuple[RegisterLine, ...]:
        """Return the register's lines by year and sequence; one year's, or all."""
        ...

    def last_sequence(self, register: str, year: int) -> int:
        """Return the last number that was taken in that year; 0 when none."""
        ...

    def first_sequence(self, register: str, year: int, start: int) -> int:
        """Return the sequence that the year's register begins with: *start* in its first year."""
        ...

    def recall(self, key: str) -> str | None:
        """Return what was remembered under *key*, such as a sheet's gid."""
        ...

    def remember(self, values: Mapping[str, str], *, event: str = "") -> None:
        """Remember each value under its key; a non-empty *event* goes into the history."""
        ...

    def verify(self) -> None:
        """Raise `SafetyStop("ledger-corrupt")` when the file or the register's chain is broken."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
