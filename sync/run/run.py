"""One run over every spreadsheet; a failure of one does not stop the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.errors import SyncError
from sync.run.report import Report, new_run_id
from sync.run.spreadsheet import SpreadsheetRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.google.interface import Grid
    from sync.run.tools import Settings, Tools


class Run:
    """Carries every spreadsheet once through the services' rules."""

    def __init__(self, settings: Settings, tools: Tools) -> None:
        self._settings, self._tools = settings, tools
        self._parts: dict[str, SpreadsheetRun] = {}
        self._started = tools.clock.monotonic()
        self._run_id = new_run_id(tools.clock.now(), tools.rng)

    def plan(self) -> Report:
        """
        Return what `run` would do now; nothing is written, numbered or stored.

        Raises `CabinetError` as `run` does.
        """
        self._tools.cabinet.check()
        report = Report(run_id=self._run_id, dry_run=True)

        def look(part: SpreadsheetRun) -> None:
            for plan in part.plan():
                for claim in plan.claims:
                    report.count(claim.action)

        return self._through_all(report, look)

    def run(self) -> Report:
        """
        Do what is due and return what was done; a failure of one spreadsheet is in the report.

        Raises `CabinetError` before anything is read when letters could not be stored.
        """
        self._tools.cabinet.check()
        report = Report(run_id=self._run_id)
        deadline = self._started + self._settings.run_seconds
        clock = self._tools.clock
        return self._through_all(
            report, lambda part: part.run(lambda: clock.monotonic() > deadline)
        )

    def quiet_grids(self) -> dict[str, Mapping[int, Grid]] | None:
        """
        Return what the next run reads, by spreadsheet, if it will have nothing to do.

        None when it may have something to do even though nobody touches the sheets.
        """
        found = {spreadsheet: part.quiet_grids() for spreadsheet, part in self._parts.items()}
        known = {spreadsheet: grids for spreadsheet, grids in found.items() if grids is not None}
        wanted = {service.spreadsheet for service in self._settings.services}
        return known if known.keys() == wanted else None

    def _through_all(self, report: Report, work: Callable[[SpreadsheetRun], None]) -> Report:
        for spreadsheet in dict.fromkeys(s.spreadsheet for s in self._settings.active):
            try:
                part = SpreadsheetRun(spreadsheet, self._settings, self._tools, report)
                work(part)
                report.counts["delayed"] += part.delayed()
                self._parts[spreadsheet] = part
            except SyncError as error:
                report.failures.append(error)
        report.google_calls = self._tools.sheets.calls()
        report.seconds = self._tools.clock.monotonic() - self._started
        return report
