"""What a person at the terminal sees of a run: a progress bar, then one table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

    from sync.run.report import Report

_WORDS = {
    "new": "new submissions",
    "issued": "letters issued",
    "reissued": "letters issued again",
    "needs_correction": "to be corrected",
    "awaiting_approval": "waiting for approval",
    "held": "held for staff",
    "refused": "refused",
    "replaced": "replaced by a newer one",
    "void": "withdrawn",
    "ready": "signed",
    "collected": "handed over",
    "delayed": "delayed now",
    "unchanged": "unchanged",
}


class Screen:
    """Shows progress on a terminal only, so that cron's mail stays short."""

    def __init__(self, *, quiet: bool) -> None:
        self._bar: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._shows_bar = not quiet and sys.stderr.isatty()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def progress(self, stage: str, done: int, total: int) -> None:
        """Move the bar of *stage*."""
        if not self._shows_bar:
            return
        if self._bar is None:
            self._bar = _started_bar()
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done)

    def show(self, report: Report) -> None:
        """Print one table of what was done."""
        if not any(report.counts[name] for name in _WORDS if name != "unchanged"):
            if report.failures:
                return
            sys.stdout.write(
                f"Nothing to do: {report.counts['read']} rows, all as they should be.\n"
            )
            return
        _print_table(report)


def _started_bar() -> Progress:
    from rich.console import Console  # noqa: PLC0415 - an idle run needs no table
    from rich.progress import Progress  # noqa: PLC0415

    bar = Progress(console=Console(stderr=True), transient=True)
    bar.start()
    return bar


def _print_table(report: Report) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    title = "This is what a run would do" if report.dry_run else f"Run {report.run_id}"
    table = Table(show_header=False)
    table.add_column(justify="right")
    table.add_column()
    for name, words in _WORDS.items():
        if report.counts[name]:
            table.add_row(str(report.counts[name]), words)
    calls = sum(report.google_calls.values())
    console = Console()
    console.print(title, highlight=False)
    console.print(table)
    for letter in report.letters:
        console.print(f"{letter.letter_number}  {letter.location}", soft_wrap=True, highlight=False)
    console.print(f"{report.counts['read']} rows, {calls} calls to Google, {report.seconds:.1f} s")
