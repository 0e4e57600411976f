"""Builds what a command works with: config, keys, ledger, Google, templates, cabinet."""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sync.cabinet.folder import FolderCabinet
from sync.cabinet.spool import Spool
from sync.clock import SystemClock
from sync.commands.idle import LOCK_FILE
from sync.errors import DiskError, TemplateError, UserError
from sync.google.credentials import DRIVE_FILE, DRIVE_METADATA, SPREADSHEETS, load_account
from sync.google.sheets import GspreadSheets
from sync.google.transport import Transport
from sync.keys import (
    KEY_FILE,
    PUBLIC_FILE,
    SIGNING_FILE,
    Keys,
    register_gid,
    submission_id,
)
from sync.ledger.claimed import ClaimedFiles
from sync.ledger.high_water import HighWaterFile
from sync.ledger.store import SqlLedger
from sync.letter import Template
from sync.letter.kept import KeptTemplates
from sync.model import Kind
from sync.platform import exclusive_lock, free_bytes, private_folder, sweep_folder
from sync.run.safety import ledger_missing
from sync.run.tools import Settings, Tools
from sync.values import PLACEHOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sync.cabinet.interface import Cabinet
    from sync.clock import Clock
    from sync.config import Config
    from sync.google.interface import Grid
    from sync.letter.sealing import Sealer
    from sync.model import Service, SubmissionId
    from sync.run.tools import Progress

LEDGER_FILE = "ledger.db"
HIGH_WATER_FILE = "high-water.json"
CLAIMED = "claimed"
SPOOL = "spool"
TEMPLATES = "templates"
BACKUPS = "backups"
REGISTER_LINE_KEY = "register-line"
LETTER_VALUES_KEY = "letter-values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The village's own record: its keys and its ledger."""

    keys: Keys
    ledger: SqlLedger


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""
    del stage, done, total


def open_books(config: Config, clock: Clock) -> Books | None:
    """
    Return keys and ledger; None when the village has neither.

    Raises `SafetyStop("ledger-missing")` when one is there and the other should be, and
    whatever keeps a ledger from being opened.
    """
    state = config.state_folder
    if not state.is_dir():
        return None
    keys, marks = Keys.load(state), HighWaterFile(state / HIGH_WATER_FILE)
    if keys is None:
        ledger = _open_ledger(config, b"", clock, create=False)
        if ledger is not None:
            ledger.close()
        elif not marks.read():
            return None
        raise ledger_missing(f"{state / KEY_FILE} is gone")
    ledger = _open_ledger(config, keys.derive(REGISTER_LINE_KEY), clock, create=False)
    if ledger is None and marks.read():
        raise ledger_missing(f"{state} has keys and numbers, but the ledger is gone")
    return None if ledger is None else Books(keys=keys, ledger=ledger)


@contextlib.contextmanager
def opened_books(config: Config, clock: Clock) -> Iterator[Books]:
    """Yield the books of a village that is set up; raises `UserError` when it is not."""
    books = open_books(config, clock)
    if books is None:
        raise UserError("This village is not set up yet: run `surat-sync setup` first.")
    try:
        yield books
    finally:
        books.ledger.close()


def new_books(config: Config, clock: Clock) -> Books:
    """Make the village's keys and ledger; keys that are there already are kept."""
    state = config.state_folder
    private_folder(state)
    keys = Keys.load(state) or Keys.create(state)
    ledger = _open_ledger(config, keys.derive(REGISTER_LINE_KEY), clock, create=True)
    if ledger is None:
        raise DiskError(f"{state}: the ledger could not be made")
    return Books(keys=keys, ledger=ledger)


def connect(
    config: Config, clock: Clock, *, rng: random.Random, scopes: Sequence[str] = (SPREADSHEETS,)
) -> Transport:
    """Return the connection to Google; nothing is sent yet. Raises `CredentialsError`."""
    base_url = config.google.base_url
    account = load_account(config.credentials_file, base_url=base_url, scopes=scopes)
    return Transport(account, clock=clock, rng=rng, base_url=base_url)


@contextlib.contextmanager
def run_lock(config: Config) -> Iterator[None]:
    """Keep other runs on this computer away; raises `LedgerBusy`."""
    private_folder(config.state_folder)
    with exclusive_lock(config.state_folder / LOCK_FILE):
        yield


def tidy(config: Config, tools: Tools) -> None:
    """Remove what runs that were killed left half written; under the run's lock."""
    state = config.state_folder
    for folder in (state, *(state / name for name in (SPOOL, CLAIMED, BACKUPS, TEMPLATES))):
        sweep_folder(folder)
    tools.cabinet.tidy()


def settings_of(config: Config, *, accept: Sequence[str] = ()) -> Settings:
    """Return what the config and the operator want of a run."""
    limits = config.limits
    return Settings(
        village=config.village_value(),
        services=config.service_values(),
        rows_per_run=limits.rows_per_run,
        new_rows_per_hour=limits.new_rows_per_hour,
        duplicate_days=limits.duplicate_days,
        run_seconds=limits.run_minutes * 60,
        whatsapp=config.notify.whatsapp_link,
        accept=frozenset(accept),
        verify=config.sheet_writes == "verify",
    )


def tools_of(
    config: Config,
    books: Books,
    sheets: GspreadSheets,
    *,
    clock: Clock,
    rng: random.Random,
    progress: Progress = silent,
    first_reading: Mapping[str, Mapping[int, Grid]] | None = None,
) -> Tools:
    """Return the world that a run works in."""
    state = config.state_folder

    def ticket(service: Service, gid: int, serial: int | None, occurrence: int) -> SubmissionId:
        return submission_id(
            books.keys,
            prefix=service.key,
            spreadsheet=service.spreadsheet,
            gid=gid,
            serial=serial,
            occurrence=occurrence,
        )

    return Tools(
        clock=clock,
        rng=rng,
        sheets=sheets,
        ledger=books.ledger,
        cabinet=cabinet_of(config, sheets.transport, clock=clock, rng=rng),
        spool=Spool(state / SPOOL),
        high_water=HighWaterFile(state / HIGH_WATER_FILE),
        claimed=ClaimedFiles(state / CLAIMED),
        templates=open_templates(config),
        kept_templates=kept_templates(config),
        digest=books.keys.digest,
        ticket=ticket,
        register_gid=register_gid,
        free_bytes=lambda: free_bytes(state),
        progress=progress,
        local=lambda moment: village_time(config, moment),
        sealer=sealer_of(config, books.keys),
        first_reading=first_reading or {},
    )


def sealer_of(config: Config, keys: Keys) -> Sealer | None:
    """Return what seals letters; None in a village that has no signing key. `UserError`."""
    from sync.letter.sealing import Sealer  # noqa: PLC0415 - only runs and publishing seal
    from sync.letter.signing import load_signing_key  # noqa: PLC0415

    signing_key = load_signing_key(config.state_folder)
    if signing_key is None:
        return None
    return Sealer(
        signing_key=signing_key,
        secret=keys.derive(LETTER_VALUES_KEY),
        village_code=config.village.code,
        page_url=config.verify.page_url,
    )


def provide_signing_key(config: Config) -> list[str]:
    """Make the village's first signing key, where there is none; return what was done."""
    from sync.letter.signing import load_signing_key, make_signing_key  # noqa: PLC0415

    if load_signing_key(config.state_folder) is not None:
        return []
    return [f"made the signing key {make_signing_key(config.state_folder).key_id}"]


def cabinet_of(
    config: Config, beside: Transport | None = None, *, clock: Clock, rng: random.Random
) -> Cabinet:
    """
    Return where letters are kept; nothing is sent yet. Raises `CredentialsError`.

    beside: the run's connection to Sheets, whose counts take Drive's requests in
    """
    if config.letters.cabinet == "folder":
        return FolderCabinet(config.letters_folder)
    from sync.google.drive import DriveCabinet  # noqa: PLC0415 - googleapiclient is slow to load

    transport = drive_transport(config, beside, clock=clock, rng=rng)
    return DriveCabinet(transport, config.letters.drive_folder)


def drive_transport(
    config: Config, beside: Transport | None = None, *, clock: Clock, rng: random.Random
) -> Transport:
    """Return the connection to Drive, as the account that letters are stored by."""
    base_url = config.google.base_url
    # A service account works in a folder that others made: to see it takes one scope more.
    account = load_account(
        config.drive_account_file,
        base_url=base_url,
        scopes=(DRIVE_FILE,),
        service_scopes=(DRIVE_METADATA,),
    )
    traffic = beside.traffic if beside else None
    return Transport(account, clock=clock, rng=rng, base_url=base_url, traffic=traffic)


def open_templates(config: Config) -> dict[str, Template | TemplateError]:
    """Return each service's template, or why it cannot be used; none for numbers only."""
    templates: dict[str, Template | TemplateError] = {}
    for service in config.service_values():
        path = config.template_file(service.key)
        if path is not None:
            try:
                templates[service.key] = open_template(config, service, path)
            except TemplateError as error:
                templates[service.key] = error
    return templates


def kept_templates(config: Config) -> KeptTemplates:
    """Return the templates that letters were numbered with."""
    return KeptTemplates(config.state_folder / TEMPLATES)


def require_templates(config: Config) -> None:
    """Raise the first `TemplateError` among the services' templates."""
    for template in open_templates(config).values():
        if isinstance(template, TemplateError):
            raise template


def village_time(config: Config, moment: datetime) -> datetime:
    """Return *moment* as the village's clocks show it."""
    return moment.astimezone(ZoneInfo(config.village.timezone))


def open_template(config: Config, service: Service, path: Path) -> Template:
    """Return a template, checked against what the service's letters know; `TemplateError`."""
    return Template.open(path, names=placeholders(service), logo=_logo(config))


def placeholders(service: Service) -> frozenset[str]:
    """Return every name that a template of this service may use."""
    dates = {f"{field.name}_panjang" for field in service.fields if field.kind is Kind.DATE}
    return PLACEHOLDERS | dates | {field.name for field in service.fields}


def system_random() -> random.Random:
    """Return randomness that nobody can repeat."""
    return random.SystemRandom()


def system_clock() -> Clock:
    """Return the computer's clock."""
    return SystemClock()


def _open_ledger(config: Config, key: bytes, clock: Clock, *, create: bool) -> SqlLedger | None:
    return SqlLedger.open(
        config.ledger_url() or config.state_folder / LEDGER_FILE,
        village=config.village.code,
        key=key,
        now=clock.now,
        create=create,
    )


def _logo(config: Config) -> bytes | None:
    path = config.logo_file
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise TemplateError(f"{path}: the logo cannot be read ({error.strerror})") from error


def files_read(config: Config) -> list[Path]:
    """Return the files, besides config and program, that a run reads and decides by."""
    templates = [config.template_file(service) for service in config.services]
    keys = [config.state_folder / name for name in (KEY_FILE, SIGNING_FILE, PUBLIC_FILE)]
    found = [
        *keys,
        config.credentials_file,
        config.drive_account_file,
        config.logo_file,
        *templates,
    ]
    return [path for path in found if path is not None]


def files_written(config: Config) -> list[Path]:
    """Return the files that a run decides by and writes, and the folders of letters."""
    in_folder = config.letters.cabinet == "folder"
    of_letters = sorted(config.letters_folder.glob("*/*/")) if in_folder else []
    return [config.state_folder / LEDGER_FILE, config.state_folder / HIGH_WATER_FILE, *of_letters]


def sheets_of(config: Config, clock: Clock, *, rng: random.Random) -> GspreadSheets:
    """Return Google Sheets as the config's account sees it."""
    return GspreadSheets(connect(config, clock, rng=rng))
