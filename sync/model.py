"""The words of the house as frozen values; standard library only (docs/glossary.md)."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

Cell = str | float | bool | None  #: what the API returned; never converted on reading
SubmissionId = NewType("SubmissionId", str)
Fingerprint = NewType("Fingerprint", str)  #: keyed digest of a row's answers


class Status(StrEnum):
    """What people read beside a submission."""

    RECEIVED = "RECEIVED"
    NEEDS_CORRECTION = "NEEDS_CORRECTION"
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    HELD = "HELD"
    ISSUED = "ISSUED"
    READY = "READY"
    COLLECTED = "COLLECTED"
    REFUSED = "REFUSED"
    REPLACED = "REPLACED"
    VOID = "VOID"
    DELAYED = "DELAYED"
    ARCHIVED = "ARCHIVED"


class StaffAction(StrEnum):
    """What staff want to be true: a level that may be read twice, not a button."""

    APPROVE = "APPROVE"
    REFUSE = "REFUSE"
    SIGNED = "SIGNED"
    COLLECTED = "COLLECTED"
    REISSUE = "REISSUE"
    VOID = "VOID"


class Step(StrEnum):
    """How far an issue has come; each is one transaction of the ledger."""

    SEEN = "seen"
    CLAIMED = "claimed"
    CHECKED = "checked"
    NUMBERED = "numbered"
    SPOOLED = "spooled"
    STORED = "stored"
    PUBLISHED = "published"


class HoldReason(StrEnum):
    """Why staff must look before a submission goes on."""

    DUPLICATE = "duplicate"
    FLOOD = "flood"
    AMBIGUOUS = "ambiguous"


class Column(StrEnum):
    """Our columns and the staff's, by their key in `columns` of the config."""

    SUBMISSION_ID = "submission_id"
    STATUS = "status"
    NOTE = "note"
    LETTER_NUMBER = "letter_number"
    LETTER = "letter"
    NOTIFY = "notify"
    UPDATED = "updated"
    ACTION = "action"
    REASON = "reason"
    SIGNER = "signer"


WORKER_COLUMNS = (
    Column.SUBMISSION_ID,
    Column.STATUS,
    Column.NOTE,
    Column.LETTER_NUMBER,
    Column.LETTER,
    Column.NOTIFY,
    Column.UPDATED,
)
STAFF_COLUMNS = (Column.ACTION, Column.REASON, Column.SIGNER)


class ProblemCode(StrEnum):
    """What blocks a letter until the answer is corrected."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    CELL_ERROR = "cell_error"
    NAME_CHARACTERS = "name_characters"
    NAME_SHORT = "name_short"
    NIK_NUMBER_CELL = "nik_number_cell"
    NIK_LETTERS = "nik_letters"
    NIK_LENGTH = "nik_length"
    NIK_TEMPORARY = "nik_temporary"
    NIK_REGION = "nik_region"
    NIK_BIRTH_DATE = "nik_birth_date"
    NIK_SERIAL = "nik_serial"
    DATE_UNREADABLE = "date_unreadable"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_FUTURE = "date_future"
    DATE_TOO_OLD = "date_too_old"
    MONTH_YEAR_UNREADABLE = "month_year_unreadable"
    MONTH_YEAR_DURATION = "month_year_duration"
    MONTH_YEAR_FUTURE = "month_year_future"
    CHOICE_UNKNOWN = "choice_unknown"
    RT_RW_INVALID = "rt_rw_invalid"
    NUMBER_INVALID = "number_invalid"
    MONEY_INVALID = "money_invalid"
    PHONE_INVALID = "phone_invalid"
    EMAIL_INVALID = "email_invalid"
    AGREEMENT_MISSING = "agreement_missing"
    FILES_UNREADABLE = "files_unreadable"


class CautionCode(StrEnum):
    """What staff should look at; the letter goes on."""

    NAME_CASE = "name_case"
    NIK_BIRTH_MISMATCH = "nik_birth_mismatch"
    NIK_SEX_MISMATCH = "nik_sex_mismatch"
    NIK_BIRTH_SWAPPED = "nik_birth_swapped"
    NIK_MAYBE_KK = "nik_maybe_kk"
    NIK_OTHER_REGION = "nik_other_region"
    DATE_UNDER_17 = "date_under_17"
    MONTH_YEAR_RECENT = "month_year_recent"
    MONTH_YEAR_BEFORE_BIRTH = "month_year_before_birth"
    PHONE_INVALID = "phone_invalid"
    PHONE_NOT_MOBILE = "phone_not_mobile"
    PHONE_TWO_NUMBERS = "phone_two_numbers"
    EMAIL_INVALID = "email_invalid"
    TEXT_DATE = "text_date"


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that blocks the letter; words: `[problem]` in text/id.toml."""

    code: ProblemCode
    field: str
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caution:
    """An answer that staff should check; words: `[caution]` in text/id.toml."""

    code: CautionCode
    field: str
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Kind(StrEnum):
    """What a field's answer is; the parsers are in `fields/`."""

    NAME = "name"
    NIK = "nik"
    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    MONTH_YEAR = "month_year"
    CHOICE = "choice"
    RT_RW = "rt_rw"
    PHONE = "phone"
    EMAIL = "email"
    NUMBER = "number"
    MONEY = "money"
    AGREEMENT = "agreement"
    FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One question of the form, as the config describes it."""

    name: str
    kind: Kind
    question: tuple[str, ...]  #: headers that the question may have
    required: bool = True
    options: Mapping[str, tuple[str, ...]] = dataclasses.field(
        default_factory=dict
    )  #: option to aliases
    region: str = ""  #: six digits that a local NIK begins with
    birth_date: str = ""  #: a nik field's birth date field
    sex: str = ""  #: a nik field's sex field
    warn_if_newer_than_months: int = 0  #: a month_year field: 0 never warns


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSpec:
    """How a service's letters are numbered."""

    format: str
    code: str
    register: str
    start: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs, as printed under the letter."""

    key: str
    name: str
    title: str
    on_behalf_of: str = ""
    id_line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """The office, as printed on the letter."""

    name: str
    district: str
    regency: str
    province: str
    code: str
    address: str
    postal_code: str
    phone: str = ""
    email: str = ""
    office_hours: str = ""
    timezone: str = "Asia/Jakarta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One kind of letter: which sheet, which questions, which rules."""

    key: str
    title: str
    spreadsheet: str  #: id
    sheet: str | int  #: tab title, or its gid
    timestamp: tuple[str, ...]  #: headers of the form's own time column
    needs_approval: bool
    signers: tuple[Signer, ...]  #: the default first
    valid_months: int
    number: NumberSpec
    columns: Mapping[Column, str]  #: our headers and the staff's
    identity: tuple[str, ...]
    duplicate_of: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    whatsapp: str = ""
    email: str = ""
    by_hand: bool = False  #: numbers only: staff write the letters themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the sheet as it is now."""

    row_number: int  #: where, header = 1; changes when staff sort
    serial: int | None  #: submit time, milliseconds since 1899-12-30 in the village's zone
    answers: Mapping[str, Cell]  #: field name to cell, as Google returned it
    cells: Mapping[Column, Cell]  #: our columns and the staff's


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Answers that a letter can be written from."""

    values: Mapping[str, str]  #: field name to the text that the letter prints; "" when empty
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Answers that must be corrected first."""

    problems: tuple[Problem, ...]
    cautions: tuple[Caution, ...] = ()
    values: Mapping[str, str] = dataclasses.field(
        default_factory=dict
    )  #: of the fields that are fine


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why a submission waits for staff."""

    reason: HoldReason
    other: SubmissionId | None = None  #: the older submission, for a duplicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One revision of a numbered letter."""

    letter_number: str
    register: str
    year: int
    sequence: int
    revision: int  #: 1 on the first issue
    issued_on: date  #: printed on it, village time
    valid_until: date | None
    signer: Signer
    fingerprint: Fingerprint  #: of the answers it was written from
    identity: Mapping[str, str]  #: keyed digests of the identity answers at issue
    template_hash: str
    sha256: str = ""  #: of the finished file; "" until it is spooled
    location: str = ""  #: path below the letters folder, or a link; "" until it is stored
    file_id: str = ""  #: the id that Drive's file has, or will have; "" in a folder


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCell:
    """One of our cells: what it should show, and what we last saw or put there."""

    wanted: str = ""
    shown: str = ""
    defied: int = 0  #: runs in a row in which something else stood there
    defiance: str = ""  #: keyed digest of that something


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The ledger's present record of one submission."""

    submission_id: SubmissionId
    service: str
    spreadsheet: str
    gid: int
    serial: int | None
    occurrence: int  #: counts the entries ever made for that serial, from 1
    identity: Mapping[str, str]  #: identity field to keyed digest; "" when empty
    fingerprint: Fingerprint
    status: Status = Status.RECEIVED
    step: Step = Step.SEEN
    rev: int = 0  #: counts the changes; every change compares it
    confirmed: bool = False  #: a read-back saw the id on its row
    approved: bool = False
    hold: Hold | None = None
    duplicate_key: str = ""  #: keyed digest of the `duplicate_of` values; "" when not valid
    action: StaffAction | None = None  #: as read by the last run
    ignored_action: str = ""  #: a copied row's `Tindakan`, void until it changes
    reason: str = ""  #: staff's, for REFUSED and VOID
    replaced_by: SubmissionId | None = None
    row_missing_since: datetime | None = None
    letter: Letter | None = None  #: the latest revision
    cells: Mapping[Column, OwnCell] = dataclasses.field(default_factory=dict)


class LineState(StrEnum):
    """What became of a number in the register."""

    ISSUED = "issued"
    VOID = "void"
    RESERVED = "reserved"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """One number of the office's register; it stays for good."""

    register: str
    year: int
    sequence: int
    letter_number: str
    issued_on: date
    state: LineState
    title: str  #: kind of letter
    submission_id: SubmissionId | None
    applicant: str  #: name, as the letter prints it; "" after a purge
    summary: str  #: purpose; "" after a purge
    revision: int
    reason: str  #: why it is void, or was issued again by whom and when; what was written by hand
    line_hash: str  #: chains the lines; docs/how-it-works.md


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A harmless unique text that marks one of our cells during a run."""

    text: str
    service: str  #: whose sheet it stands in
    submission_id: SubmissionId | None  #: None: it stands on nobody's row
    column: Column
    run_id: str
