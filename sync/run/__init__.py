"""
One run: read, decide, do, record, report.

The order of effects, and what the next run finds after a crash: docs/how-it-works.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.errors import SyncError
from sync.run.plan import run_id_at
from sync.run.report import IssuedLetter, Report
from sync.run.spreadsheet import SpreadsheetRun, gid_key
from sync.run.tools import Settings, Tools

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["IssuedLetter", "Report", "Run", "Settings", "Tools", "gid_key"]


class Run:
    """Carries every spreadsheet once through the services' rules."""

    def __init__(self, settings: Settings, tools: Tools) -> None:
        self._settings, self._tools = settings, tools
        self._started = tools.clock.monotonic()
        suffix = "".join(tools.rng.choices("0123456789abcdef", k=4))
        self._run_id = f"{run_id_at(tools.clock.now())}-{suffix}"

    def plan(self) -> Report:
        """Return what `run` would do now; nothing is written, numbered or stored."""
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

    def _through_all(self, report: Report, work: Callable[[SpreadsheetRun], None]) -> Report:
        for spreadsheet in dict.fromkeys(s.spreadsheet for s in self._settings.services):
            try:
                part = SpreadsheetRun(spreadsheet, self._settings, self._tools, report)
                work(part)
                report.counts["delayed"] += part.delayed()
            except SyncError as error:
                report.failures.append(error)
        report.google_calls = self._tools.sheets.calls()
        report.seconds = self._tools.clock.monotonic() - self._started
        return report
