"""One spreadsheet's part of a run: read, decide, record, and write what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.ledger.interface import Batch
from sync.run.plan import make_plan, with_cells
from sync.run.safety import check_clock, check_register, check_rows
from sync.run.swapping import claim_and_swap
from sync.run.verified import write_and_verify
from sync.run.work import SpreadsheetWork

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.google.interface import Grid
    from sync.run.plan import Plan
    from sync.run.reading import Reading
    from sync.run.registers import Registers
    from sync.run.report import Report
    from sync.run.tools import Settings, Tools


class SpreadsheetRun:
    """Carries one spreadsheet, with all services in it, through a run."""

    def __init__(self, spreadsheet: str, settings: Settings, tools: Tools, report: Report) -> None:
        self._work = SpreadsheetWork(spreadsheet, settings, tools, report)
        self._grids: Mapping[int, Grid] = {}  #: as read at the start
        self._expected: Mapping[int, Grid] | None = None  #: at the next reading

    def plan(self) -> list[Plan]:
        """Read and decide; nothing is written anywhere. Raises `SafetyStop`, `UserError`."""
        readings = self._first_reading()
        self._check_safety(readings)
        plans = []
        for reading in readings:
            key = reading.service.key
            plan = make_plan(
                reading,
                list(self._work.entries[key].values()),
                self._work.tools.ledger.tokens(key),
                self._work.settings,
                self._work.tools,
            )
            plans.append(plan)
            rows = len(reading.owners) + len(reading.pairing.strangers)
            self._work.report.counts["read"] += rows
            self._work.report.counts["new"] += len(plan.added)
            self._work.report.counts["unchanged"] += rows - len(plan.claims)
        self._check_elsewhere(plans)
        return plans

    def run(self, stop: Callable[[], bool]) -> None:
        """Do what is due; raises what stops the spreadsheet as a whole."""
        work = self._work
        plans = self.plan()
        self._record(plans)
        if not any(plan.must_write for plan in plans) and not work.registers.news():
            self._expected = self._grids
        elif work.settings.verify:
            write_and_verify(work, plans, stop)
        else:
            self._expected = claim_and_swap(work, plans, self._grids, stop)
        work.raise_high_water()
        work.empty_spool()
        work.claimed.forget()

    def delayed(self) -> int:
        """Return how many submissions are DELAYED now."""
        return self._work.delayed()

    def quiet_grids(self) -> Mapping[int, Grid] | None:
        """Return what the sheets show now, when a run that reads just that has nothing to do."""
        grids, tools = self._expected, self._work.tools
        if grids is None or self._work.delayed():
            return None
        self._work.registers.take(grids)
        for reading in self._work.readings(grids):
            key = reading.service.key
            entries, tokens = list(self._work.entries[key].values()), tools.ledger.tokens(key)
            plan = make_plan(reading, entries, tokens, self._work.settings, tools)
            if not plan.is_quiet:
                return None  # a token that may still arrive would change what is read
        return None if self._work.registers.news() else grids

    def _first_reading(self) -> list[Reading]:
        gids = [*self._work.gids.values(), *self._work.registers.gids()]
        read_before = self._work.tools.first_reading.get(self._work.spreadsheet, {})
        self._grids = read_before if read_before.keys() == set(gids) else self._work.read(gids)
        self._work.registers.take(self._grids)
        self._work.claimed.look(self._grids)
        return self._work.readings(self._grids)

    def _check_safety(self, readings: Sequence[Reading]) -> None:
        work = self._work
        self._check_registers([work.registers], readings)
        for reading in readings:
            if not work.settings.archive:
                entries = list(work.entries[reading.service.key].values())
                check_rows(reading, entries, work.settings.accept)

    def _check_elsewhere(self, plans: Sequence[Plan]) -> None:
        """Look at registers in other spreadsheets before a number is taken from them."""
        if any(claim.action.concerns_register for plan in plans for claim in plan.claims):
            self._check_registers(self._work.read_elsewhere(), [plan.reading for plan in plans])

    def _check_registers(self, books: Sequence[Registers], readings: Sequence[Reading]) -> None:
        work, tools = self._work, self._work.tools
        dates = [on for registers in books if (on := registers.last_date())]
        check_clock(
            tools.sheets.clock_skew(),
            today=tools.local(tools.clock.now()).date(),
            last_date=max(dates, default=None),
            accept=work.settings.accept,
        )
        check_register(
            [tab for registers in books for tab in registers.tabs()],
            readings,
            tools.high_water.read(),
            ledger=tools.ledger,
            digest=tools.digest,
            village_code=work.settings.village.code,
        )

    def _record(self, plans: Sequence[Plan]) -> None:
        """Tell the ledger first: new entries, tokens, and what needs no writing."""
        batch = Batch(
            added=[entry for plan in plans for entry in plan.added],
            changes=[change for plan in plans for change in plan.quiet],
            cells={key: cells for plan in plans for key, cells in plan.cells.items()},
            tokens=[token for plan in plans for token in plan.new_tokens(self._work.report.run_id)],
            ended_tokens=[text for plan in plans for text in plan.ended_tokens],
        )
        if any((batch.added, batch.changes, batch.cells, batch.tokens, batch.ended_tokens)):
            self._work.remember(self._work.tools.ledger.record(batch))
        for plan in plans:
            known = self._work.entries[plan.reading.service.key]
            known |= {id_: with_cells(known[id_], plan.cells) for id_ in plan.cells}
