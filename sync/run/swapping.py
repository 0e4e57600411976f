"""Writing by marks: claim, read back, write letters, swap (docs/how-it-works.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.errors import GoogleUnknown, LayoutError
from sync.run.claim import claim_cells, confirm
from sync.run.publish import FinalCell, SheetNews, publish
from sync.run.quiet import expected_grids

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.google.interface import Grid
    from sync.model import Column
    from sync.run.claim import Claimed, Ready
    from sync.run.plan import Plan
    from sync.run.publish import Published
    from sync.run.reading import Reading
    from sync.run.work import SpreadsheetWork


_MOST_NAMED = 10


def claim_and_swap(
    work: SpreadsheetWork,
    plans: Sequence[Plan],
    first: Mapping[int, Grid],
    stop: Callable[[], bool],
) -> Mapping[int, Grid] | None:
    """
    Do what is planned; return what the next reading shows if nobody touches the sheets.

    first: the tabs as read at the start; the return is None when it cannot be told
    """
    ready: dict[str, list[Ready]] = {}
    found: list[Claimed] = []
    readings, answered = _claim(work, plans)
    for plan, reading in readings:
        key = reading.service.key
        claimed = confirm(plan, reading, work.entries[key], work.tools.digest)
        if claimed.swallowed and answered:
            work.fail(_merged(claimed))
        ready[key] = work.take_up(key, claimed.ready)
        work.write_letters(reading.service, ready[key], stop)
        found.append(claimed)
    news = [_news(work, claimed, ready[claimed.reading.service.key]) for claimed in found]
    work.publish_elsewhere()
    register = work.registers.news()
    published = publish(
        work.tools.sheets, work.spreadsheet, news, register, lambda: _read_again(work, news)
    )
    work.registers.remember(register)
    for sheet in news:
        some = ready[sheet.reading.service.key]
        tokens = [token for one in some for token in one.tokens.values()]
        work.settle(
            sheet.reading,
            some,
            _visible_after(sheet.reading, published),
            ended_tokens=[token for token in tokens if token in published.visible],
        )
    if published.unknown:
        work.fail(GoogleUnknown("Whether the sheet shows everything is not known."))
    registers = {gid: grid for gid, grid in first.items() if gid not in work.gids.values()}
    return expected_grids(registers, news, published, register)


def _claim(work: SpreadsheetWork, plans: Sequence[Plan]) -> tuple[list[tuple[Plan, Reading]], bool]:
    """
    Mark the cells and look where the marks are; a lost answer is found by looking.

    Return also whether Google said that it took the marks.
    """
    cells = [cell for plan in plans for cell in claim_cells(plan)]
    if not cells:
        return [(plan, plan.reading) for plan in plans], True
    work.claimed.keep(plans)
    lost: GoogleUnknown | None = None
    try:
        work.tools.sheets.claim(work.spreadsheet, cells)
    except GoogleUnknown as error:
        lost = error
    readings = {reading.service.key: reading for reading in work.read_again()}
    if lost is not None and not any(reading.tokens() for reading in readings.values()):
        work.fail(lost)
    found = ((plan, readings.get(plan.reading.service.key)) for plan in plans)
    return [(plan, reading) for plan, reading in found if reading is not None], lost is None


def _merged(claimed: Claimed) -> LayoutError:
    shown = ", ".join(claimed.swallowed[:_MOST_NAMED])
    return LayoutError(
        f"In {claimed.reading.grid.title!r} cells of surat-sync stay empty whatever is written:"
        f" {shown}. Are they merged with others?",
        ["in Google Sheets: select them, then Format > Merge cells > Unmerge"],
    )


def _news(work: SpreadsheetWork, claimed: Claimed, ready: Sequence[Ready]) -> SheetNews:
    """Return what the sheet is to show, now that the letters are as far as they come."""
    texts = work.final_texts(claimed.reading, ready)
    cells = [
        FinalCell(
            submission_id=one.action.submission_id,
            column=column,
            token=token,
            text=texts[one.action.submission_id][column],
        )
        for one in ready
        for column, token in one.tokens.items()
    ]
    return SheetNews(reading=claimed.reading, cells=cells, strays=claimed.strays)


def _read_again(work: SpreadsheetWork, news: Sequence[SheetNews]) -> list[Reading]:
    readings = {reading.service.key: reading for reading in work.read_again()}
    keys = [sheet.reading.service.key for sheet in news]
    if any(key not in readings for key in keys):
        raise LayoutError("A needed column went away while the sheet was written to: mend it.")
    return [readings[key] for key in keys]


def _visible_after(
    reading: Reading, published: Published
) -> Callable[[Ready, Mapping[Column, str]], set[Column]]:
    """Return what tells in which columns a submission's texts stand after the swap."""

    def visible(one: Ready, texts: Mapping[Column, str]) -> set[Column]:
        return {
            column
            for column, text in texts.items()
            if (
                one.tokens[column] in published.visible
                if column in one.tokens
                else reading.shows(one.action.submission_id, column, text)
            )
        }

    return visible
