"""One spreadsheet's part of a run: read, decide, claim, write letters, publish."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.cells import final_texts, settled
from sync.decide import LetterWork
from sync.errors import GoogleUnknown, LayoutError, TemplateError
from sync.google.interface import TabMissing
from sync.ledger.interface import Batch, Change
from sync.model import Status, Step
from sync.run.claim import claim_cells, confirm
from sync.run.letters import LetterWriter
from sync.run.plan import make_plan, with_cells, wording_of
from sync.run.publish import FinalCell, SheetNews, publish
from sync.run.quiet import expected_grids
from sync.run.reading import read_sheet
from sync.run.registers import Registers, publish_elsewhere
from sync.run.safety import check_clock, check_register, check_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.errors import SyncError
    from sync.google.interface import Grid
    from sync.model import Column, Entry, Service, SubmissionId
    from sync.run.claim import Claimed, Ready
    from sync.run.plan import Plan
    from sync.run.publish import Published
    from sync.run.reading import Reading
    from sync.run.report import Report
    from sync.run.tools import Settings, Tools


def gid_key(service: str) -> str:
    """Return the key under which the ledger remembers the gid of a service's sheet."""
    return f"gid:{service}"


class SpreadsheetRun:
    """Carries one spreadsheet, with all services in it, through a run."""

    def __init__(self, spreadsheet: str, settings: Settings, tools: Tools, report: Report) -> None:
        self._spreadsheet, self._settings, self._tools = spreadsheet, settings, tools
        self._report = report
        self._registers = Registers(spreadsheet, settings, tools)
        services = [
            s for s in settings.services if s.spreadsheet == spreadsheet and self._usable(s)
        ]
        self._gids = {service.key: self._gid(service) for service in services}
        self._grids: Mapping[int, Grid] = {}  #: as read at the start
        self._expected: Mapping[int, Grid] | None = None  #: at the next reading
        self._services = {service.key: service for service in services}
        self._entries: dict[str, dict[SubmissionId, Entry]] = {
            key: {e.submission_id: e for e in tools.ledger.entries(key)} for key in self._services
        }

    def plan(self) -> list[Plan]:
        """Read and decide; nothing is written anywhere. Raises `SafetyStop`, `UserError`."""
        readings = self._first_reading()
        self._check_safety(readings)
        plans = []
        for reading in readings:
            key = reading.service.key
            plan = make_plan(
                reading,
                list(self._entries[key].values()),
                self._tools.ledger.tokens(key),
                self._settings,
                self._tools,
            )
            plans.append(plan)
            rows = len(reading.owners) + len(reading.pairing.strangers)
            self._report.counts["read"] += rows
            self._report.counts["new"] += len(plan.added)
            self._report.counts["unchanged"] += rows - len(plan.claims)
        return plans

    def run(self, stop: Callable[[], bool]) -> None:
        """Do what is due; raises what stops the spreadsheet as a whole."""
        plans = self.plan()
        self._record(plans)
        if not any(plan.must_write for plan in plans) and not self._registers.news():
            self._expected = self._grids
            return
        ready: dict[str, list[Ready]] = {}
        found: list[Claimed] = []
        for plan, reading in self._claim(plans):
            key = reading.service.key
            claimed = confirm(plan, reading, self._entries[key], self._settings, self._tools)
            ready[key] = self._take_up(key, claimed.ready)
            self._write_letters(reading.service, ready[key], stop)
            found.append(claimed)
        self._publish([self._news(claimed, ready) for claimed in found], ready)

    def quiet_grids(self) -> Mapping[int, Grid] | None:
        """Return what the sheets show now, when a run that reads just that has nothing to do."""
        grids, tools = self._expected, self._tools
        if grids is None or self.delayed():
            return None
        self._registers.take(grids)
        for reading in self._readings(grids):
            key = reading.service.key
            entries, tokens = list(self._entries[key].values()), tools.ledger.tokens(key)
            plan = make_plan(reading, entries, tokens, self._settings, tools)
            if tokens or not plan.is_quiet:
                return None
        return None if self._registers.news() else grids

    def _usable(self, service: Service) -> bool:
        """Tell whether the service's template is; else the service is not touched."""
        template = self._tools.templates.get(service.key)
        if isinstance(template, TemplateError):
            self._fail(template)
            return False
        return True

    def _gid(self, service: Service) -> int:
        known = self._tools.ledger.recall(gid_key(service.key))
        if known is None:
            raise LayoutError(
                f"Service {service.key!r} has not been set up: run `surat-sync setup` first."
            )
        return int(known)

    def _first_reading(self) -> list[Reading]:
        gids = [*self._gids.values(), *self._registers.gids()]
        read_before = self._tools.first_reading.get(self._spreadsheet, {})
        self._grids = read_before if read_before.keys() == set(gids) else self._read(gids)
        self._registers.take(self._grids)
        return self._readings(self._grids)

    def _read(self, gids: Sequence[int]) -> Mapping[int, Grid]:
        sheets = self._tools.sheets
        try:
            return sheets.read(self._spreadsheet, gids)
        except TabMissing:
            present = {tab.gid for tab in sheets.info(self._spreadsheet).tabs}
            for key, gid in self._gids.items():
                if gid not in present:
                    raise LayoutError(
                        f"The sheet of service {key!r} (gid {gid}) is gone: bring it back from"
                        " the version history, or run `surat-sync setup` for the new one."
                    ) from None
            return sheets.read(self._spreadsheet, [gid for gid in gids if gid in present])

    def _readings(self, grids: Mapping[int, Grid]) -> list[Reading]:
        """Return the reading of each service that can be read; the others are failures."""
        today = self._tools.local(self._tools.clock.now()).date()
        readings = []
        for key, service in self._services.items():
            grid = grids[self._gids[key]]
            entries = list(self._entries[key].values())
            try:
                readings.append(read_sheet(service, grid, entries, self._tools.digest, today))
            except LayoutError as error:
                self._fail(error)
        return readings

    def _fail(self, error: SyncError) -> None:
        if str(error) not in map(str, self._report.failures):
            self._report.failures.append(error)

    def _check_safety(self, readings: Sequence[Reading]) -> None:
        tools, accept = self._tools, self._settings.accept
        today = tools.local(tools.clock.now()).date()
        check_clock(
            tools.sheets.clock_skew(),
            today=today,
            last_date=self._registers.last_date(),
            accept=accept,
        )
        for reading in readings:
            if not self._settings.archive:
                entries = list(self._entries[reading.service.key].values())
                check_rows(reading, entries, accept)
        check_register(
            self._registers.tabs(),
            readings,
            tools.high_water.read(),
            ledger=tools.ledger,
            digest=tools.digest,
            village_code=self._settings.village.code,
        )

    def _record(self, plans: Sequence[Plan]) -> None:
        """Tell the ledger first: new entries, tokens, and what needs no writing."""
        batch = Batch(
            added=[entry for plan in plans for entry in plan.added],
            changes=[change for plan in plans for change in plan.quiet],
            cells={key: cells for plan in plans for key, cells in plan.cells.items()},
            tokens=[token for plan in plans for token in plan.new_tokens(self._report.run_id)],
            ended_tokens=[text for plan in plans for text in plan.ended_tokens],
        )
        if any((batch.added, batch.changes, batch.cells, batch.tokens, batch.ended_tokens)):
            self._remember(self._tools.ledger.record(batch))
        for plan in plans:
            known = self._entries[plan.reading.service.key]
            known |= {id_: with_cells(known[id_], plan.cells) for id_ in plan.cells}

    def _remember(self, entries: Mapping[SubmissionId, Entry]) -> None:
        for submission_id, entry in entries.items():
            self._entries[entry.service][submission_id] = entry

    def _claim(self, plans: Sequence[Plan]) -> list[tuple[Plan, Reading]]:
        """Mark the cells and look where the marks are; a lost answer is found by looking."""
        cells = [cell for plan in plans for cell in claim_cells(plan)]
        if not cells:
            return [(plan, plan.reading) for plan in plans]
        try:
            self._tools.sheets.claim(self._spreadsheet, cells)
        except GoogleUnknown:
            self._tools.progress("claim", 0, len(cells))
        readings = {r.service.key: r for r in self._read_again()}
        found = ((plan, readings.get(plan.reading.service.key)) for plan in plans)
        return [(plan, reading) for plan, reading in found if reading is not None]

    def _read_again(self) -> list[Reading]:
        return self._readings(self._read(list(self._gids.values())))

    def _take_up(self, key: str, ready: Sequence[Ready]) -> list[Ready]:
        """Record what was decided; a letter's own effects wait for the letter's steps."""
        changes = [
            Change(
                before=self._entries[key][one.action.submission_id],
                after=_taken_up(one, self._entries[key][one.action.submission_id]),
                event=one.action.after.status.value.lower(),
                voids_number=one.action.voids_number,
            )
            for one in ready
            if one.action.work is not LetterWork.REISSUE
        ]
        moved = self._tools.ledger.record(Batch(changes=changes)) if changes else {}
        self._remember(moved)
        lost = {change.before.submission_id for change in changes} - moved.keys()
        return [one for one in ready if one.action.submission_id not in lost]

    def _write_letters(
        self, service: Service, ready: Sequence[Ready], stop: Callable[[], bool]
    ) -> None:
        entries = self._entries[service.key]
        in_order = sorted(
            (one for one in ready if one.action.writes_letter),
            key=lambda one: one.action.in_order,
        )
        due = [(one, entries[one.action.submission_id]) for one in in_order]
        written = LetterWriter(service, self._settings, self._tools, stop).write(due)
        self._remember({entry.submission_id: entry for entry in written.entries})
        self._report.failures += written.failures

    def _news(self, claimed: Claimed, ready: Mapping[str, Sequence[Ready]]) -> SheetNews:
        """Return what the sheet is to show, now that the letters are as far as they come."""
        reading = claimed.reading
        cells = self._final_cells(reading, ready[reading.service.key])
        return SheetNews(reading=reading, cells=cells, strays=claimed.strays)

    def _final_cells(self, reading: Reading, ready: Sequence[Ready]) -> list[FinalCell]:
        texts = self._final_texts(reading, ready)
        return [
            FinalCell(
                submission_id=one.action.submission_id,
                column=column,
                token=token,
                text=texts[one.action.submission_id][column],
            )
            for one in ready
            for column, token in one.tokens.items()
        ]

    def _final_texts(
        self, reading: Reading, ready: Sequence[Ready]
    ) -> dict[SubmissionId, dict[Column, str]]:
        entries = self._entries[reading.service.key]
        wording = wording_of(reading, self._settings, self._tools, entries)
        return {
            one.action.submission_id: final_texts(
                one.action.now_at(entries[one.action.submission_id]), wording
            )
            for one in ready
        }

    def _publish(self, news: Sequence[SheetNews], ready: Mapping[str, Sequence[Ready]]) -> None:
        publish_elsewhere(
            self._spreadsheet,
            [sheet.reading.service for sheet in news if sheet.cells],
            self._settings,
            self._tools,
        )
        register = self._registers.news()
        published = publish(
            self._tools.sheets,
            self._spreadsheet,
            news,
            register,
            lambda: self._read_again_for(news),
        )
        self._registers.remember(register)
        registers = {gid: g for gid, g in self._grids.items() if gid not in self._gids.values()}
        self._expected = expected_grids(registers, news, published, register)
        for sheet in news:
            key = sheet.reading.service.key
            self._settle(sheet.reading, ready[key], published)
        self._tools.high_water.raise_to(self._registers.marks())

    def _read_again_for(self, news: Sequence[SheetNews]) -> list[Reading]:
        readings = {r.service.key: r for r in self._read_again()}
        keys = [sheet.reading.service.key for sheet in news]
        if any(key not in readings for key in keys):
            raise self._report.failures[-1]
        return [readings[key] for key in keys]

    def _settle(self, reading: Reading, ready: Sequence[Ready], published: Published) -> None:
        """Record what the sheet shows now, and count it."""
        key = reading.service.key
        texts = self._final_texts(reading, ready)
        changes = []
        for one in ready:
            submission_id = one.action.submission_id
            entry = self._entries[key][submission_id]
            visible = _visible(one, texts[submission_id], reading, published)
            after = replace(entry, cells=settled(entry, texts[submission_id], visible))
            if one.action.writes_letter and entry.step is Step.STORED:
                self._count_letter(one, entry)
                whole = set(one.tokens) <= visible
                after = replace(after, step=Step.PUBLISHED if whole else Step.STORED)
            elif one.action.work is LetterWork.NONE:
                self._report.count(one.action)
            changes.append(Change(before=entry, after=after, event="shown"))
        tokens = [token for one in ready for token in one.tokens.values()]
        shown = [token for token in tokens if token in published.visible]
        self._remember(self._tools.ledger.record(Batch(changes=changes, ended_tokens=shown)))

    def _count_letter(self, one: Ready, entry: Entry) -> None:
        self._report.count(one.action.now_at(entry))
        letter = entry.letter
        if letter is not None and letter.location:
            where = self._tools.cabinet.where(letter.location)
            self._report.add_letter(entry.submission_id, letter, where)

    def delayed(self) -> int:
        """Return how many submissions are DELAYED now."""
        every = (entry for entries in self._entries.values() for entry in entries.values())
        return sum(1 for entry in every if entry.status is Status.DELAYED)


def _taken_up(one: Ready, entry: Entry) -> Entry:
    """Return the entry with the decision; nothing is ISSUED before its letter is stored."""
    after = replace(one.action.after, rev=entry.rev, cells=entry.cells)
    if one.action.work is LetterWork.RESUME:
        return replace(after, status=entry.status, step=entry.step, letter=entry.letter)
    if one.action.work is LetterWork.ISSUE:
        return replace(after, status=entry.status, step=Step.CLAIMED)
    return replace(after, step=Step.CLAIMED if entry.letter is None else entry.step)


def _visible(
    one: Ready, texts: Mapping[Column, str], reading: Reading, published: Published
) -> set[Column]:
    """Return the columns that show their text."""
    submission_id = one.action.submission_id
    return {
        column
        for column, text in texts.items()
        if (
            one.tokens[column] in published.visible
            if column in one.tokens
            else reading.shows(submission_id, column, text)
        )
    }
