"""
Turning marks into final text: an atomic batch that needs no row number.

Each token becomes what its cell should show wherever the token stands now, so sorting,
inserting and deleting cannot send anything to another applicant's row. The register's new
lines travel in the same batch: a number that the sheet shows is in the register tab.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sync.errors import GoogleUnknown
from sync.google.interface import Replacement
from sync.run.claim import covering_tickets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.google.interface import Line, NewTab, Spreadsheets
    from sync.model import Column, SubmissionId
    from sync.run.claim import Stray
    from sync.run.reading import Reading


#: Of one batch, some 600 kB: Google advises 2 MB at most. 200 rows with news need 1,400.
MOST_REQUESTS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalCell:
    """A marked cell of one submission, and the text that belongs there."""

    submission_id: SubmissionId
    column: Column
    token: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterNews:
    """What the register tabs of one spreadsheet do not show yet."""

    lines: Sequence[Line] = ()
    new_tabs: Sequence[NewTab] = ()
    row_counts: Mapping[int, int] = field(default_factory=dict)
    column_counts: Mapping[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether there is anything to write."""
        return bool(self.lines or self.new_tabs)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetNews:
    """What one service's sheet is to show."""

    reading: Reading
    cells: Sequence[FinalCell]
    strays: Sequence[Stray]

    def replacements(self) -> list[Replacement]:
        """Return one replacement for each marked cell, then those of the strays."""
        gid, columns = self.reading.grid.gid, self.reading.layout.columns
        return [
            *(
                Replacement(gid=gid, column=columns[c.column], find=c.token, text=c.text)
                for c in self.cells
            ),
            *(
                Replacement(gid=gid, column=s.column, find=s.text, text=s.becomes)
                for s in self.strays
            ),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Which of the marked cells are known to show their text."""

    visible: frozenset[str]  #: tokens
    unknown: bool = False  #: the last answer was lost


def publish(
    sheets: Spreadsheets,
    spreadsheet: str,
    news: Sequence[SheetNews],
    register: RegisterNews,
    read_again: Callable[[], Sequence[Reading]],
) -> Published:
    """
    Write everything in one batch; look, and write once more, only where that is needed.

    read_again: reads the same sheets once more, in the order of *news*
    """
    replacements = [one for sheet in news for one in sheet.replacements()]
    if not replacements and not register:
        return Published(visible=frozenset())  # the claim put back a ticket, and that was all
    cells = [(sheet, cell) for sheet in news for cell in sheet.cells]
    changed = _try_swap(sheets, spreadsheet, replacements, register)
    if changed is not None:
        counts: Counter[str] = Counter()
        for one, count in zip(replacements, changed, strict=True):
            counts[one.find] += count
        visible = {cell.token for _, cell in cells if counts[cell.token] == 1}
        strays = [stray for sheet in news for stray in sheet.strays]
        gone = all(counts[stray.text] and stray.becomes == stray.literal for stray in strays)
        if len(visible) == len(cells) and gone:
            return Published(visible=frozenset(visible))
    else:
        visible = set()
    return _look_and_repair(
        sheets, spreadsheet, news, register=register, read_again=read_again, visible=visible
    )


def _look_and_repair(
    sheets: Spreadsheets,
    spreadsheet: str,
    news: Sequence[SheetNews],
    *,
    register: RegisterNews,
    read_again: Callable[[], Sequence[Reading]],
    visible: set[str],
) -> Published:
    left: list[Replacement] = []
    for sheet, reading in zip(news, read_again(), strict=True):
        places = reading.tokens()
        for cell in sheet.cells:
            if reading.shows(cell.submission_id, cell.column, cell.text):
                visible.add(cell.token)
        now = SheetNews(reading=reading, cells=sheet.cells, strays=_moved(sheet, reading))
        left += [one for one in now.replacements() if one.find in places]
        tickets = list(covering_tickets(reading))
        left += SheetNews(reading=reading, cells=(), strays=tickets).replacements()
        left += _taken_literally(sheet, reading)
    if not left:
        return Published(visible=frozenset(visible))
    changed = _try_swap(sheets, spreadsheet, left, register)
    if changed is not None:
        done = zip(left, changed, strict=True)
        visible |= {one.find for one, count in done if count == 1}
    tokens = {cell.token for sheet in news for cell in sheet.cells}
    return Published(visible=frozenset(visible & tokens), unknown=changed is None)


def _moved(sheet: SheetNews, reading: Reading) -> list[Stray]:
    """Return the strays of *sheet* where they stand in the newest reading."""
    places = reading.tokens()
    return [
        replace(stray, column=place.column)
        for stray in sheet.strays
        for place in places.get(stray.text, ())
    ]


def _taken_literally(sheet: SheetNews, reading: Reading) -> list[Replacement]:
    """Return what gives people's answers back where Google did not read them as typed."""
    answers = {s.becomes: s.literal for s in sheet.strays if s.becomes != s.literal}
    return [
        Replacement(gid=reading.grid.gid, column=place.column, find=text, text=answers[text])
        for text, places in reading.places(frozenset(answers)).items()
        for place in places
    ]


def send(
    sheets: Spreadsheets,
    spreadsheet: str,
    register: RegisterNews,
    replacements: Sequence[Replacement] = (),
) -> tuple[int, ...]:
    """
    Write register lines, then final texts; return how many cells each replacement changed.

    One atomic batch, unless there is more than one call can carry: then the lines go before the
    texts, so that also in between no number is in the sheet and not in its register.
    """
    lines, counts = register.lines, list[int]()
    for start in range(0, max(len(lines) + len(replacements), 1), MOST_REQUESTS):
        end = start + MOST_REQUESTS
        first = max(start - len(lines), 0)
        counts += sheets.swap(
            spreadsheet,
            replacements=replacements[first : max(end - len(lines), 0)],
            lines=lines[start:end],
            new_tabs=() if start else register.new_tabs,
            row_counts={} if start else register.row_counts,
            column_counts={} if start else register.column_counts,
        )
    return tuple(counts)


def _try_swap(
    sheets: Spreadsheets,
    spreadsheet: str,
    replacements: Sequence[Replacement],
    register: RegisterNews,
) -> tuple[int, ...] | None:
    """Return the counts; None when an answer was lost."""
    try:
        return send(sheets, spreadsheet, register, replacements)
    except GoogleUnknown:
        return None
