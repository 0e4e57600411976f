"""
Writing by position, then looking: the fallback for where `findReplace` cannot be trusted.

A request takes two runs, because a letter is written only when a second run has found the
ticket on its row. For some seconds a text may stand on a wrong row; a run that ends well has
looked and put it right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cells import left_alone
from sync.errors import GoogleUnavailable, GoogleUnknown
from sync.google.interface import Placement
from sync.model import WORKER_COLUMNS
from sync.run.claim import Ready
from sync.run.misplaced import misplaced
from sync.run.publish import RegisterNews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sync.model import Column, SubmissionId
    from sync.run.plan import Plan
    from sync.run.reading import Reading
    from sync.run.work import SpreadsheetWork

    Texts = Mapping[SubmissionId, Mapping[Column, str]]


def write_and_verify(
    work: SpreadsheetWork, plans: Sequence[Plan], stop: Callable[[], bool]
) -> None:
    """
    Do what is planned: letters, one writing by position, a look, at most one repair.

    Reports `GoogleUnavailable` when the sheet did not stand still long enough.
    """
    ready: dict[str, list[Ready]] = {}
    for plan in plans:
        service = plan.reading.service
        due = [Ready(action=claim.action, tokens={}) for claim in plan.claims]
        ready[service.key] = work.take_up(service.key, due)
        work.write_letters(service, ready[service.key], stop)
    work.publish_elsewhere()
    register = work.registers.news()
    readings = work.read_again()
    is_known = _place(work, _placements(work, readings, ready), register)
    work.registers.remember(register)
    readings = work.read_again(also_registers=not is_known)
    register = RegisterNews() if is_known else work.registers.news()
    wrong = _placements(work, readings, ready)
    if wrong or register:
        _place(work, wrong, register)
        readings = work.read_again()
        if _placements(work, readings, ready):
            work.fail(GoogleUnavailable("The sheet changes faster than it can be written to."))
    for reading in readings:
        work.settle(reading, ready.get(reading.service.key, ()), _visible_in(reading))


def _place(work: SpreadsheetWork, placements: Sequence[Placement], news: RegisterNews) -> bool:
    """Write; tell whether it is known to be written."""
    if not placements and not news:
        return True
    try:
        work.tools.sheets.place(
            work.spreadsheet,
            placements=placements,
            lines=news.lines,
            new_tabs=news.new_tabs,
            row_counts=news.row_counts,
            column_counts=news.column_counts,
        )
    except GoogleUnknown:
        return False
    return True


def _placements(
    work: SpreadsheetWork,
    readings: Sequence[Reading],
    ready: Mapping[str, Sequence[Ready]],
) -> list[Placement]:
    """Return the cells that show something else than they should, on whosever row."""
    return [
        placement
        for reading in readings
        for placement in _differences(
            work, reading, work.final_texts(reading, ready.get(reading.service.key, ()))
        )
    ]


def _differences(work: SpreadsheetWork, reading: Reading, texts: Texts) -> Iterator[Placement]:
    entries = work.entries[reading.service.key]
    for submission_id, known in reading.pairing.pairs.items():
        entry = entries[submission_id]
        settled = {column: cell.wanted for column, cell in entry.cells.items()}
        wanted = texts.get(submission_id, settled)
        for column, text in wanted.items():
            shown = reading.shows(submission_id, column, text)
            if not shown and column not in left_alone(entry):
                yield _at(reading, known.row.row_number, column, text)
    pairing = reading.pairing
    rows = [*pairing.nobodys, *(known.row for known in pairing.strangers)]
    for row, column in misplaced(rows, entries.values(), texts.values()):
        yield _at(reading, row.row_number, column, "")


def _at(reading: Reading, row_number: int, column: Column, text: str) -> Placement:
    return Placement(
        gid=reading.grid.gid,
        row_number=row_number,
        column=reading.layout.columns[column],
        text=text,
    )


def _visible_in(reading: Reading) -> Callable[[Ready, Mapping[Column, str]], set[Column]]:
    def visible(one: Ready, texts: Mapping[Column, str]) -> set[Column]:
        submission_id = one.action.submission_id
        return {c for c in WORKER_COLUMNS if reading.shows(submission_id, c, texts[c])}

    return visible
