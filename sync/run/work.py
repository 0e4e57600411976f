"""What a run knows about one spreadsheet, and the steps that every way of writing shares."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.cells import final_texts, left_alone, settled
from sync.decide import LetterWork
from sync.errors import LayoutError, TemplateError
from sync.google.interface import TabMissing
from sync.ledger.interface import Batch, Change
from sync.model import Status, Step
from sync.run.claims import Claims
from sync.run.letters import LetterWriter
from sync.run.plan import wording_of
from sync.run.publish import send
from sync.run.reading import read_sheet
from sync.run.registers import Registers, homes
from sync.run.remembered import settled_key, sheet_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.errors import SyncError
    from sync.google.interface import Grid
    from sync.model import Column, Entry, Service, SubmissionId
    from sync.run.claim import Ready
    from sync.run.reading import Reading
    from sync.run.report import Report
    from sync.run.tools import Settings, Tools

    Texts = Mapping[SubmissionId, Mapping[Column, str]]


class SpreadsheetWork:
    """One spreadsheet with the services in it, their entries and its registers."""

    def __init__(self, spreadsheet: str, settings: Settings, tools: Tools, report: Report) -> None:
        self.spreadsheet, self.settings, self.tools = spreadsheet, settings, tools
        self.report = report
        self.registers = Registers(spreadsheet, settings, tools)
        self.elsewhere: dict[str, Registers] = {}  #: by spreadsheet, read before numbers are taken
        here = [service for service in settings.active if service.spreadsheet == spreadsheet]
        found = {service.key: self._gid(service) for service in here if self._usable(service)}
        self.gids = {key: gid for key, gid in found.items() if gid is not None}
        self.services = {service.key: service for service in here if service.key in self.gids}
        self.entries: dict[str, dict[SubmissionId, Entry]] = {
            key: {e.submission_id: e for e in tools.ledger.entries(key)} for key in self.services
        }
        tabs = [(self.gids[key], service) for key, service in self.services.items()]
        self.claimed = Claims(spreadsheet, tabs, report.run_id, settings, tools)

    def read(self, gids: Sequence[int]) -> Mapping[int, Grid]:
        """Return these tabs; those of registers that are gone are left out."""
        sheets = self.tools.sheets
        try:
            return sheets.read(self.spreadsheet, gids)
        except TabMissing:
            present = {tab.gid for tab in sheets.info(self.spreadsheet).tabs}
            for key, gid in self.gids.items():
                if gid not in present:
                    raise LayoutError(
                        f"The sheet of service {key!r} (gid {gid}) is gone: bring it back from"
                        " the version history, or run `surat-sync setup` for the new one."
                    ) from None
            return sheets.read(self.spreadsheet, [gid for gid in gids if gid in present])

    def readings(self, grids: Mapping[int, Grid]) -> list[Reading]:
        """Return the reading of each service that can be read; the others are failures."""
        today = self.tools.local(self.tools.clock.now()).date()
        readings = []
        for key, service in self.services.items():
            grid = grids[self.gids[key]]
            entries = list(self.entries[key].values())
            try:
                readings.append(
                    read_sheet(
                        service, grid, entries, self.tools.digest, today, self.claimed.covered
                    )
                )
            except LayoutError as error:
                self.fail(error)
        return readings

    def read_again(self, *, also_registers: bool = False) -> list[Reading]:
        """Return the services' sheets as they are now; the registers may be taken, too."""
        registers = self.registers.gids() if also_registers else []
        grids = self.read([*self.gids.values(), *registers])
        if also_registers:
            self.registers.take(grids)
        self.claimed.look(grids)
        return self.readings(grids)

    def take_up(self, key: str, ready: Sequence[Ready]) -> list[Ready]:
        """Record what was decided; a letter's own effects wait for the letter's steps."""
        changes = [
            Change(
                before=self.entries[key][one.action.submission_id],
                after=_taken_up(one, self.entries[key][one.action.submission_id]),
                event=one.action.after.status.value.lower(),
                voids_number=one.action.voids_number,
            )
            for one in ready
            if one.action.work is not LetterWork.REISSUE
        ]
        moved = self.tools.ledger.record(Batch(changes=changes)) if changes else {}
        self.remember(moved)
        lost = {change.before.submission_id for change in changes} - moved.keys()
        return [one for one in ready if one.action.submission_id not in lost]

    def write_letters(
        self, service: Service, ready: Sequence[Ready], stop: Callable[[], bool]
    ) -> None:
        """Write the letters that are due and remember how far they came."""
        entries = self.entries[service.key]
        in_order = sorted(
            (one for one in ready if one.action.writes_letter),
            key=lambda one: one.action.in_order,
        )
        due = [(one, entries[one.action.submission_id]) for one in in_order]
        written = LetterWriter(service, self.settings, self.tools, stop).write(due)
        self.remember({entry.submission_id: entry for entry in written.entries})
        self.report.failures += written.failures

    def final_texts(
        self, reading: Reading, ready: Sequence[Ready]
    ) -> dict[SubmissionId, dict[Column, str]]:
        """Return what our cells should show, now that the letters are as far as they come."""
        entries = self.entries[reading.service.key]
        wording = wording_of(reading, self.settings, self.tools, entries)
        return {
            one.action.submission_id: final_texts(
                one.action.now_at(entries[one.action.submission_id]), wording
            )
            for one in ready
        }

    def read_elsewhere(self) -> list[Registers]:
        """Read the registers of our services that live in other spreadsheets."""
        at_home = homes(self.settings.services)
        used = {at_home[service.number.register] for service in self.services.values()}
        for home in sorted(used - {self.spreadsheet}):
            registers = Registers(home, self.settings, self.tools)
            gids = registers.gids()
            registers.take(self.tools.sheets.read(home, gids) if gids else {})
            self.elsewhere[home] = registers
        return list(self.elsewhere.values())

    def publish_elsewhere(self) -> None:
        """
        Bring registers in other spreadsheets up to date before a number is shown here.

        Then no number is in a sheet and not in its register.
        """
        for home, registers in self.elsewhere.items():
            news = registers.news()
            if news:
                send(self.tools.sheets, home, news)
                registers.remember(news)

    def raise_high_water(self) -> None:
        """Keep the largest numbers of all registers that this run may have used."""
        for registers in (self.registers, *self.elsewhere.values()):
            self.tools.high_water.raise_to(registers.marks())

    def settle(
        self,
        reading: Reading,
        ready: Sequence[Ready],
        visible: Callable[[Ready, Mapping[Column, str]], set[Column]],
        *,
        ended_tokens: Sequence[str] = (),
    ) -> None:
        """
        Record what the sheet shows now, and count it.

        visible: tells in which columns a submission's texts are known to stand
        """
        key = reading.service.key
        texts = self.final_texts(reading, ready)
        changes = []
        for one in ready:
            submission_id = one.action.submission_id
            entry = self.entries[key][submission_id]
            shown = visible(one, texts[submission_id])
            after = replace(entry, cells=settled(entry, texts[submission_id], shown))
            if one.action.writes_letter and entry.step is Step.STORED:
                if one.action.before.step is not Step.STORED:  # or an earlier run counted it
                    self._count_letter(one, entry)
                whole = set(texts[submission_id]) - shown <= left_alone(entry)
                after = replace(after, step=Step.PUBLISHED if whole else Step.STORED)
            elif one.action.work is LetterWork.NONE:
                self.report.count(one.action)
            changes.append(Change(before=entry, after=after, event="shown"))
        batch = Batch(changes=changes, ended_tokens=ended_tokens)
        self.remember(self.tools.ledger.record(batch))

    def empty_spool(self) -> None:
        """Forget the letters that are in the cabinet; a run that was killed may have left them."""
        spool = self.tools.spool
        for submission_id, revision in spool.kept():
            entries = (found.get(submission_id) for found in self.entries.values())
            entry = next((entry for entry in entries if entry is not None), None)
            if entry is not None and not _is_on_its_way(entry, revision):
                spool.remove(submission_id, revision)

    def delayed(self) -> int:
        """Return how many submissions are DELAYED now; without its row none can be tried again."""
        every = (entry for entries in self.entries.values() for entry in entries.values())
        present = (entry for entry in every if entry.row_missing_since is None)
        return sum(1 for entry in present if entry.status is Status.DELAYED)

    def fail(self, error: SyncError) -> None:
        """Report what stops a service, once."""
        if str(error) not in map(str, self.report.failures):
            self.report.failures.append(error)

    def remember(self, entries: Mapping[SubmissionId, Entry]) -> None:
        """Keep the entries as the ledger has them now."""
        for submission_id, entry in entries.items():
            self.entries[entry.service][submission_id] = entry

    def _usable(self, service: Service) -> bool:
        """Tell whether the service's template is; else the service is not touched."""
        template = self.tools.templates.get(service.key)
        if isinstance(template, TemplateError):
            self.fail(template)
            return False
        return True

    def _gid(self, service: Service) -> int | None:
        """Return the gid of a service's sheet; None, and a failure, when it is not set up."""
        recall = self.tools.ledger.recall
        gid = recall(sheet_key(service.key))
        archiving = service.key in self.settings.archive
        if gid and (archiving or recall(settled_key(service.key, int(gid)))):
            return int(gid)
        how = "was not set up to the end" if gid else "is not set up yet"
        self.fail(LayoutError(f"Service {service.key!r} {how}: run `surat-sync setup`."))
        return None

    def _count_letter(self, one: Ready, entry: Entry) -> None:
        self.report.count(one.action.now_at(entry))
        letter = entry.letter
        if letter is not None:
            where = self.tools.cabinet.where(letter.location) if letter.location else ""
            self.report.add_letter(entry.submission_id, letter, where)


def _is_on_its_way(entry: Entry, revision: int) -> bool:
    """Tell whether the letter must still be stored."""
    latest = entry.letter is not None and entry.letter.revision == revision
    return (
        latest and entry.step in {Step.NUMBERED, Step.SPOOLED} and entry.status is not Status.VOID
    )


def _taken_up(one: Ready, entry: Entry) -> Entry:
    """Return the entry with the decision; nothing is ISSUED before its letter is stored."""
    after = replace(one.action.after, rev=entry.rev, cells=entry.cells)
    if one.action.work is LetterWork.RESUME:
        return replace(after, status=entry.status, step=entry.step, letter=entry.letter)
    if one.action.work is LetterWork.ISSUE:
        return replace(after, status=entry.status, step=Step.CLAIMED)
    return replace(after, step=Step.CLAIMED if entry.letter is None else entry.step)
