"""The parts of config.yaml: every key, its meaning, its default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import StrictBool as Flag
from pydantic import StrictInt as Whole

from sync.config import checks
from sync.config.references import NUMBER_FORMAT
from sync.model import Kind

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

Filled = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Positive = Annotated[Whole, Field(ge=1)]
Count = Annotated[Whole, Field(ge=0)]
Texts = Annotated[
    tuple[Filled, ...],
    BeforeValidator(lambda given: [given] if isinstance(given, str) else given),
    Field(min_length=1),
]
Aliases = Annotated[
    tuple[Filled, ...], BeforeValidator(lambda given: () if given is None else given)
]


class Section(BaseModel):
    """A part of the config; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    @classmethod
    def keys(cls) -> dict[str, FieldInfo]:
        """Return what is known of each key, in order, by the key as it is written."""
        return {one.alias or name: one for name, one in cls.model_fields.items()}


class VillageSection(Section):
    """The office, as printed on the letters."""

    name: Filled = Field(description="name of the village, without “Desa”")
    district: Filled = Field(description="kecamatan, without the word")
    regency: Filled = Field(description="with “Kabupaten” or “Kota”, as the letterhead says it")
    province: Filled = Field(description="without “Provinsi”")
    code: Annotated[str, checks.VillageCode] = Field(
        description="Kemendagri code of the village, in quotes"
    )
    address: Filled = Field(description="street and number of the office")
    postal_code: str = Field(default="", description="in quotes")
    phone: str = Field(default="", description="of the office, in quotes; may stay empty")
    email: str = Field(default="", description="of the office; may stay empty")
    office_hours: str = Field(default="", description="as the notices say them")
    timezone: Annotated[str, checks.Timezone] = Field(
        default="Asia/Jakarta",
        description="Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT)",
    )
    logo: str = Field(
        default="", description="picture for the template's `logo`; empty: keep its own"
    )


class SignerSection(Section):
    """Who signs, as printed under the letter."""

    name: Filled = Field(description="as printed below the signature")
    title: Filled = Field(description="as printed above it; Plt., Plh., Pj. belong here too")
    on_behalf_of: str = Field(default="", description="e.g. a.n. Kepala Desa Kebobang")
    id_line: str = Field(default="", description="e.g. NIP 1970…; printed only when filled")


class GoogleSection(Section):
    """How Google knows us."""

    credentials: Filled = Field(
        default="secrets/service-account.json",
        description="key file of the service account (or an authorized-user file), mode 0600",
    )
    oauth_client: str = Field(default="", description="OAuth client file, for `surat-sync login`")
    drive_credentials: str = Field(
        default="", description="file that `surat-sync login` writes, for `cabinet: drive`"
    )
    base_url: Annotated[str, checks.LoopbackUrl] = Field(
        default="", description="only for the sandbox: http://127.0.0.1:8085"
    )


class LettersSection(Section):
    """Where finished letters go."""

    cabinet: Literal["folder", "drive"] = Field(
        default="folder", description="folder: on this computer | drive: in Google Drive"
    )
    folder: Filled = Field(default="letters", description="keeps the mode and group that it has")
    drive_folder: str = Field(
        default="", description="id of the folder in Drive, for `cabinet: drive`"
    )
    pdf: Flag = Field(default=False, description="true: LibreOffice makes a PDF beside each letter")


class ScheduleSection(Section):
    """When the program runs by itself; cron and systemd timers have their own."""

    every_minutes: Positive = Field(default=5, description="minutes from run to run")
    cron: str = Field(default="", description="e.g. */5 7-15 * * 1-5; wins over every_minutes")


class LimitsSection(Section):
    """What one run may do."""

    rows_per_run: Positive = Field(default=200, description="rows with news that one run takes on")
    new_rows_per_hour: Positive = Field(
        default=100, description="more form entries within an hour are a flood: the excess is held"
    )
    duplicate_days: Positive = Field(
        default=30,
        description="how long the same `duplicate_of` answers count as a possible duplicate",
    )
    run_minutes: Positive = Field(default=10, description="then nothing new is begun")


class MonitorSection(Section):
    """Who hears whether the runs work."""

    ping_url: str = Field(
        default="", description="healthchecks.io or alike; env:NAME and file:PATH work"
    )
    metrics_file: str = Field(
        default="", description="Prometheus text file, e.g. for node_exporter"
    )
    stale_after_minutes: Positive = Field(
        default=60, description="a last good run older than this is late"
    )


class PrivacySection(Section):
    """How long answers are kept."""

    retention_days: Positive = Field(
        default=365, description="then a purge drops the answers; number, date and kind stay"
    )


class VerifySection(Section):
    """What the check code on a letter points to."""

    page_url: Annotated[str, checks.PageUrl] = Field(
        default="", description="address of the verification page; empty: the code alone"
    )
    contact: str = Field(default="", description="whom a reader of a doubtful letter may ask")


class NotifySection(Section):
    """How applicants hear that a letter is ready."""

    whatsapp_link: Flag = Field(
        default=True, description="a click-to-chat link in `Kabari Pemohon`; staff press send"
    )
    email: Flag = Field(default=False, description="true: e-mail to those who gave an address")
    smtp_url: str = Field(
        default="", description="smtps://user:password@host; better env:NAME or file:PATH"
    )


class NumberSection(Section):
    """How a service's letters are numbered."""

    format: Filled = Field(
        default=NUMBER_FORMAT,
        description="also {month_roman}, {month}, {sequence:03}",
    )
    code: Filled = Field(description="classification code, in quotes; ask the regency")
    register_name: Annotated[str, checks.RegisterName] = Field(
        alias="register", description="services that name one register share one sequence"
    )
    start: Positive = Field(
        default=1, description="first sequence of the register's first year; sharers agree"
    )


class ColumnsSection(Section):
    """Our headers in the sheet, where other words than ours are wanted."""

    submission_id: str = Field(default="", description="ID Permohonan")
    status: str = Field(default="", description="Status")
    note: str = Field(default="", description="Catatan")
    letter_number: str = Field(default="", description="Nomor Surat")
    letter: str = Field(default="", description="Surat")
    notify: str = Field(default="", description="Kabari Pemohon")
    updated: str = Field(default="", description="Diperbarui")
    action: str = Field(default="", description="Tindakan")
    reason: str = Field(default="", description="Alasan Petugas")
    signer: str = Field(default="", description="Penandatangan")


class FieldSection(Section):
    """One question of the form."""

    question: Texts = Field(description="the question, or a list of wordings it has had")
    kind: Kind = Field(description="what the answer is: " + ", ".join(Kind))
    required: Flag = Field(default=True, description="false: may stay empty")
    options: dict[Filled, Aliases] = Field(
        default={}, description="of a choice: each option with its other spellings"
    )
    region: Annotated[str, checks.Region] = Field(
        default="", description="of a nik: six digits that local ones begin with, in quotes"
    )
    birth_date: str = Field(default="", description="of a nik: the field with the birth date")
    sex: str = Field(
        default="", description="of a nik: the field with the sex (Laki-laki, Perempuan)"
    )
    warn_if_newer_than_months: Count = Field(
        default=0, description="of a month_year: staff are warned when it is more recent"
    )


class ServiceSection(Section):
    """One kind of letter."""

    title: Filled = Field(description="kind of letter, as the register says it")
    spreadsheet: Annotated[str, BeforeValidator(checks.spreadsheet_id)] = Field(
        default="", description="id or URL of the form's response spreadsheet"
    )
    sheet: Filled | Whole = Field(
        default="Form Responses 1", description="tab title, or its gid as a number"
    )
    timestamp: Texts = Field(
        default=("Timestamp", "Cap waktu", "Stempel waktu"),
        description="header of the form's own time column",
    )
    form_url: Annotated[str, checks.WebUrl] = Field(
        default="", description="for the poster and the guide"
    )
    form_id: str = Field(default="", description="optional: lets `check` compare the questions")
    template: str = Field(
        default="", description="the letter; empty: a number-only service (handwritten letters)"
    )
    approval: Literal["none", "staff"] = Field(
        default="none", description="none | staff: staff must choose Setujui first"
    )
    signer: str = Field(default="", description="a key of `signers`; empty: the first")
    valid_months: Count = Field(default=0, description="how long the letter is valid; 0: no end")
    number: NumberSection = Field(description="how the letters are numbered")
    columns: ColumnsSection = Field(
        default_factory=ColumnsSection,
        description="rename our columns, e.g. {status: Status Surat}",
    )
    identity: Texts = Field(description="answers that tell whose row it is")
    duplicate_of: Annotated[tuple[Filled, ...], Texts.__metadata__[0]] = Field(
        default=(), description="same answers within limits.duplicate_days: held"
    )
    whatsapp: str = Field(
        default="", description="the field whose number the click-to-chat link uses"
    )
    email: str = Field(default="", description="the field that notices go to")
    fields: dict[Annotated[str, checks.Key], FieldSection] = Field(
        min_length=1, description="placeholder of the template: question of the form"
    )
