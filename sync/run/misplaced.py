"""Texts of ours on rows that belong to nobody: emptied rows, rows that slipped in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import WORKER_COLUMNS, Column
from sync.run.token import is_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sync.model import Cell, Entry, Row


def misplaced(
    rows: Iterable[Row],
    entries: Iterable[Entry],
    texts: Iterable[Mapping[Column, str]] = (),
) -> Iterator[tuple[Row, Column]]:
    """
    Yield where a text of ours stands on rows that belong to no entry.

    texts: what else is ours, besides what the entries' cells should show
    """
    filled = [row for row in rows if any(row.cells.get(c) for c in WORKER_COLUMNS)]
    if not filled:
        return
    entries = list(entries)
    told = {item for shown in texts for item in shown.items()} | set(_told(entries))
    unique = set(_of_one(entries))
    for row in filled:
        shown = {c: text for c in WORKER_COLUMNS if (text := row.cells.get(c)) not in {None, ""}}
        # Who died after writing by position recorded nothing of it; its number gives it away.
        whole = not unique.isdisjoint(shown.items())
        for column, text in shown.items():
            if whole or (column, text) in told or is_token(text):
                yield row, column


def _told(entries: Iterable[Entry]) -> Iterator[tuple[Column, Cell]]:
    """Yield the texts that the sheet shows of entries, or should."""
    for entry in entries:
        # A claim writes tickets by position: when columns moved, into any of them.
        yield from ((column, str(entry.submission_id)) for column in WORKER_COLUMNS)
        for column, cell in entry.cells.items():
            yield from ((column, text) for text in (cell.wanted, cell.shown) if text)


def _of_one(entries: Iterable[Entry]) -> Iterator[tuple[Column, Cell]]:
    """Yield the texts that can be one submission's only."""
    for entry in entries:
        yield Column.SUBMISSION_ID, str(entry.submission_id)
        if entry.letter is not None:
            yield Column.LETTER_NUMBER, entry.letter.letter_number
            if entry.letter.location:
                yield Column.LETTER, entry.letter.location
