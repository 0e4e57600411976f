"""`surat-sync ledger rebuild`: from register tabs, sheets and cabinet, with the village's keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync import setup
from sync.cabinet.folder import FolderCabinet
from sync.commands import program
from sync.commands.restore import aside_folder, replace_ledger
from sync.errors import SafetyStop, TemplateError, UserError
from sync.keys import KEY_FILE, Keys, register_gid, submission_id
from sync.ledger import backup
from sync.ledger.high_water import HighWaterFile
from sync.ledger.store import SqlLedger
from sync.platform import disk_errors, private_folder, write_private
from sync.recovery import Inside, Means, Outside, recover
from sync.run.register import RegisterTab
from sync.run.registers import homes
from sync.run.report import run_id_at

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sync.cabinet.interface import Cabinet, StoredLetter
    from sync.clock import Clock
    from sync.config import Config
    from sync.google.interface import Grid, Tab
    from sync.google.sheets import GspreadSheets
    from sync.ledger.interface import Recovered
    from sync.model import Service, SubmissionId

_NEW = "ledger.rebuilt.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What `ledger rebuild` did, or would do."""

    lines: tuple[str, ...]  #: for the operator
    aside: Path | None = None  #: the folder of the ledger that was there


def rebuild_ledger(
    config: Config,
    *,
    dry_run: bool = False,
    clock: Clock | None = None,
    rng: random.Random | None = None,
) -> Rebuilt:
    """
    Make a lost ledger anew, or add to an old one what is known outside; nothing known goes.

    Raises `SafetyStop`, and writes nothing, when the keys are lost, or register, sheets and
    cabinet contradict each other; `LayoutError`, `CabinetError`, and Google's errors.
    """
    clock, rng = clock or program.system_clock(), rng or program.system_random()
    with program.run_lock(config):
        keys = _keys(config)
        old, remarks = _old_ledger(config, keys, clock)
        try:
            outside = _outside(config, clock, rng)
            inside = _inside(config, old)
            found = recover(outside, inside, _means(config, keys, clock))
            told = (*remarks, *found.remarks, *_told(found.recovered))
            if dry_run or (old is not None and found.recovered.is_nothing):
                return Rebuilt(lines=told)
            if config.ledger_url():
                _write_to_server(config, keys, clock, old, found.recovered)
                aside = None
            else:
                aside = _write_file(config, keys, clock, old, found.recovered)
        finally:
            if old is not None:
                old.close()
    return Rebuilt(lines=told, aside=aside)


def _keys(config: Config) -> Keys:
    keys = Keys.load(config.state_folder)
    if keys is None:
        raise SafetyStop(
            "ledger-missing",
            f"{config.state_folder / KEY_FILE} is gone: without the keys nothing proves which"
            " numbers and tickets are ours.",
            ["the keys come back only with a backup: surat-sync ledger restore FILE"],
        )
    return keys


def _open(
    target: Path | str, config: Config, keys: Keys, clock: Clock, *, create: bool
) -> SqlLedger | None:
    return SqlLedger.open(
        target,
        village=config.village.code,
        key=keys.derive(program.REGISTER_LINE_KEY),
        now=clock.now,
        create=create,
    )


def _old_ledger(config: Config, keys: Keys, clock: Clock) -> tuple[SqlLedger | None, list[str]]:
    """Return the ledger that is there; None when there is none, or it is broken."""
    target = config.ledger_url() or config.state_folder / program.LEDGER_FILE
    ledger = None
    try:
        ledger = _open(target, config, keys, clock, create=False)
        if ledger is not None:
            ledger.verify()
    except SafetyStop as error:
        if ledger is not None:
            ledger.close()
        if config.ledger_url():
            raise
        return None, [f"the ledger that is there is broken and does not count: {error}"]
    return ledger, []


def _inside(config: Config, old: SqlLedger | None) -> Inside:
    if old is None:
        return Inside(entries={}, lines={})
    services = config.service_values()
    registers = dict.fromkeys(service.number.register for service in services)
    lines = [line for register in registers for line in old.register_lines(register)]
    return Inside(
        entries={e.submission_id: e for s in services for e in old.entries(s.key)},
        lines={(line.register, line.year, line.sequence): line for line in lines},
    )


def _means(config: Config, keys: Keys, clock: Clock) -> Means:
    def ticket(service: Service, gid: int, serial: int | None, occurrence: int) -> SubmissionId:
        return submission_id(
            keys,
            prefix=service.key,
            spreadsheet=service.spreadsheet,
            gid=gid,
            serial=serial,
            occurrence=occurrence,
        )

    templates = program.open_templates(config)
    sealer = program.sealer_of(config, keys)
    return Means(
        village=config.village_value(),
        services=config.service_values(),
        templates={
            key: "" if isinstance(template, TemplateError) else template.sha256
            for key, template in templates.items()
        },
        sealers={
            key: sealer
            for key, template in templates.items()
            if sealer and not isinstance(template, TemplateError) and template.has_seal
        },
        digest=keys.digest,
        ticket=ticket,
        now=program.village_time(config, clock.now()),
        run_id=run_id_at(clock.now()),
    )


def _outside(config: Config, clock: Clock, rng: random.Random) -> Outside:
    sheets = program.sheets_of(config, clock, rng=rng)
    found: list[tuple[Service, Grid]] = []
    registers: list[RegisterTab] = []
    services = config.service_values()
    for spreadsheet in dict.fromkeys(service.spreadsheet for service in services):
        here = [service for service in services if service.spreadsheet == spreadsheet]
        names = [name for name, home in homes(services).items() if home == spreadsheet]
        ours, tabs = _read(spreadsheet, here, names, sheets)
        found += ours
        registers += tabs
    cabinets = list(_cabinets(config, sheets, clock, rng))
    files = {one: cabinet for cabinet in cabinets for one in cabinet.stored()}

    def content(letter: StoredLetter) -> bytes:
        return files[letter].content(letter)

    return Outside(
        sheets=found,
        tabs=registers,
        files=list(files),
        content=content,
        marks=HighWaterFile(config.state_folder / program.HIGH_WATER_FILE).read(),
    )


def _read(
    spreadsheet: str, services: Sequence[Service], names: Sequence[str], sheets: GspreadSheets
) -> tuple[list[tuple[Service, Grid]], list[RegisterTab]]:
    """Read a spreadsheet's sheets and all its register tabs: two calls."""
    tabs = sheets.info(spreadsheet).tabs
    ours = [(service, setup.tab_of(service, tabs, None)) for service in services]
    years = list(_register_tabs(names, tabs))
    grids = sheets.read(
        spreadsheet, [*(tab.gid for _, tab in ours), *(tab.gid for _, _, tab in years)]
    )
    return (
        [(service, grids[tab.gid]) for service, tab in ours],
        [_register(name, year, grids[tab.gid]) for name, year, tab in years],
    )


def _register_tabs(names: Sequence[str], tabs: Sequence[Tab]) -> Iterator[tuple[str, int, Tab]]:
    """Yield the register tabs with their years: by our own gid, or by the title."""
    years = range(2000, 2100)
    by_gid = {register_gid(name, year): (name, year) for name in names for year in years}
    for tab in tabs:
        titled = re.fullmatch(r"Register (.+) ([0-9]{4})", tab.title)
        if tab.gid in by_gid:
            yield (*by_gid[tab.gid], tab)
        elif titled and titled[1] in names:
            yield titled[1], int(titled[2]), tab


def _register(name: str, year: int, grid: Grid) -> RegisterTab:
    return RegisterTab(
        register=name, year=year, gid=grid.gid, first=1, row_count=grid.row_count, rows=grid.rows
    )


def _cabinets(
    config: Config, sheets: GspreadSheets, clock: Clock, rng: random.Random
) -> Iterator[Cabinet]:
    """Yield where letters are, and were before the office went over to Drive."""
    yield program.cabinet_of(config, sheets.transport, clock=clock, rng=rng)
    if config.letters.cabinet != "folder" and config.letters_folder.is_dir():
        yield FolderCabinet(config.letters_folder)


def _told(recovered: Recovered) -> Iterator[str]:
    if recovered.is_nothing:
        yield "the ledger knows every number and every ticket that is known outside"
        return
    yield f"{len(recovered.lines)} numbers, {len(recovered.added)} requests that it did not know"
    moved, numbers = len(recovered.changed), len(recovered.changed_lines)
    yield f"{moved} requests and {numbers} numbers of which it knew an earlier state"


def _write_to_server(
    config: Config, keys: Keys, clock: Clock, old: SqlLedger | None, recovered: Recovered
) -> None:
    """Write into a database server: one transaction."""
    ledger = old or _open(config.ledger_url(), config, keys, clock, create=True)
    if ledger is None:
        raise UserError("ledger: the database cannot be opened")
    try:
        ledger.take_over(recovered)
    finally:
        ledger.close()


def _write_file(
    config: Config, keys: Keys, clock: Clock, old: SqlLedger | None, recovered: Recovered
) -> Path | None:
    """Build the new ledger beside the old one, and put it in place when it is whole."""
    state = config.state_folder
    new, ledger = state / _NEW, state / program.LEDGER_FILE
    private_folder(state)
    for half_made in (new, new.with_name(f"{_NEW}-journal")):
        with disk_errors(half_made):
            half_made.unlink(missing_ok=True)
    if old is not None:
        write_private(new, backup.snapshot(ledger))
        old.close()
    built = _open(new, config, keys, clock, create=True)
    if built is None:
        raise UserError(f"{new} cannot be made")
    try:
        built.take_over(recovered)
        built.verify()
    finally:
        built.close()
    aside = aside_folder(config, "before-rebuild", clock)
    replace_ledger(new, ledger, aside)
    return aside
