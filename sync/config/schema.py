"""The model of config.yaml as a whole, and what the rest of the house gets from it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PrivateAttr

from sync.config import checks, house
from sync.config.secret import secret
from sync.config.sections import (
    Filled,
    GoogleSection,
    LettersSection,
    LimitsSection,
    MonitorSection,
    NotifySection,
    PrivacySection,
    ScheduleSection,
    Section,
    ServiceSection,
    SignerSection,
    VerifySection,
    VillageSection,
)

if TYPE_CHECKING:
    from sync.model import Service, Signer, Village


class Config(Section):
    """The whole of config.yaml."""

    village: VillageSection = Field(description="the office, as printed on the letters")
    signers: dict[Annotated[str, checks.Key], SignerSection] = Field(
        min_length=1, description="the first is the default; staff choose in `Penandatangan`"
    )
    google: GoogleSection = Field(default_factory=GoogleSection, description="how Google knows us")
    state: Filled = Field(default="state", description="ledger, spool, lock, keys; created 0700")
    ledger: str = Field(
        default="", description="empty: SQLite in `state`; or postgresql://…, env:NAME, file:PATH"
    )
    sheet_writes: Literal["auto", "swap", "verify"] = Field(
        default="auto", description="auto (what `check --probe` found, else swap) | swap | verify"
    )
    backup_to: str = Field(
        default="", description="second place for the daily ledger backup, e.g. a USB stick"
    )
    letters: LettersSection = Field(
        default_factory=LettersSection, description="where finished letters go"
    )
    schedule: ScheduleSection = Field(
        default_factory=ScheduleSection,
        description="for `serve`, a later version; cron and systemd have their own",
    )
    limits: LimitsSection = Field(default_factory=LimitsSection, description="what one run may do")
    monitor: MonitorSection = Field(
        default_factory=MonitorSection, description="who hears whether runs work"
    )
    privacy: PrivacySection = Field(
        default_factory=PrivacySection, description="how long answers are kept"
    )
    verify: VerifySection = Field(
        default_factory=VerifySection, description="what the check code points to"
    )
    notify: NotifySection = Field(
        default_factory=NotifySection, description="how applicants hear of it"
    )
    services: dict[Annotated[str, checks.ServiceKey], ServiceSection] = Field(
        min_length=1, description="kinds of letter; the key, in capitals, begins their ticket ids"
    )

    _folder: Path = PrivateAttr()

    def model_post_init(self, context: object) -> None:
        """Remember the folder that relative paths start from: *context*, a `Path`."""
        self._folder = checks.folder(context)

    def path(self, written: str) -> Path:
        """Return a path of the config, relative ones below the config file's folder."""
        return self._folder / written

    @property
    def state_folder(self) -> Path:
        """Where ledger, spool, lock and keys are."""
        return self.path(self.state)

    @property
    def letters_folder(self) -> Path:
        """Where finished letters go."""
        return self.path(self.letters.folder)

    @property
    def credentials_file(self) -> Path:
        """The key file that runs use."""
        return self.path(self.google.credentials)

    @property
    def drive_account_file(self) -> Path:
        """The credentials with which letters go to Drive: the village's own, if there are some."""
        return self.path(self.google.drive_credentials or self.google.credentials)

    @property
    def logo_file(self) -> Path | None:
        """The village's logo; None: the template keeps its own."""
        return self.path(self.village.logo) if self.village.logo else None

    def template_file(self, service: str) -> Path | None:
        """Return a service's template; None for a number-only service."""
        template = self.services[service].template
        return self.path(template) if template else None

    def ledger_url(self) -> str:
        """Return the ledger's database URL; "" for SQLite in `state`. Raises `ConfigError`."""
        return secret(self.ledger, key="ledger", folder=self._folder)

    def smtp_url(self) -> str:
        """Return the mail server's URL; "" for none. Raises `ConfigError`."""
        return secret(self.notify.smtp_url, key="notify.smtp_url", folder=self._folder)

    def ping_url(self) -> str:
        """Return the monitor's URL; "" for none. Raises `ConfigError`."""
        return secret(self.monitor.ping_url, key="monitor.ping_url", folder=self._folder)

    def village_value(self) -> Village:
        """Return the office as the rest of the house knows it."""
        return house.village(self.village)

    def signer_values(self) -> tuple[Signer, ...]:
        """Return all signers, in the config's order."""
        return house.signers(self.signers)

    def service_values(self) -> tuple[Service, ...]:
        """Return the services as the rest of the house knows them, in the config's order."""
        signers = self.signer_values()
        return tuple(house.service(key, one, signers) for key, one in self.services.items())
