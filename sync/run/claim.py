"""
Marking the cells that will change, and looking where the marks landed.

Staff sort, insert and delete while we work and Sheets has no conditional write. So the only
writing by position puts harmless unique tokens; a second reading tells which of them stand on
the row that they were meant for. A claim is never sent twice: the second could hit other rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.decide import LetterWork, decide
from sync.google.interface import CellText
from sync.model import WORKER_COLUMNS, Column
from sync.run.plan import rules_of, stands_right

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.decide import Action
    from sync.identity import KnownRow
    from sync.model import Cell, Entry, SubmissionId
    from sync.run.plan import Claim, Plan
    from sync.run.reading import Place, Reading
    from sync.run.tools import Settings, Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A submission whose marks all stand on its own row; the newest answers count."""

    action: Action
    tokens: Mapping[Column, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A text of ours that stands where it was not meant to."""

    text: str
    column: int  #: from 0, as last read
    becomes: str  #: what stood, or should stand, there


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a second reading made of a claim."""

    reading: Reading
    ready: Sequence[Ready]
    strays: Sequence[Stray]


def claim_cells(plan: Plan) -> list[CellText]:
    """Return what the claim writes, by position as read."""
    columns = plan.reading.layout.columns
    return [
        CellText(
            tab=plan.reading.grid.title,
            row_number=row_number,
            column=columns[column],
            text=text,
        )
        for row_number, column, text in _marks(plan)
    ]


def confirm(
    plan: Plan,
    reading: Reading,
    entries: Mapping[SubmissionId, Entry],
    settings: Settings,
    tools: Tools,
) -> Claimed:
    """
    Return which submissions may go on, decided anew from the answers as they are now.

    reading: the sheet after the claim, or the same one when nothing had to be claimed
    """
    absent = [e for e in entries.values() if e.submission_id not in reading.pairing.pairs]
    paired = [(known, entries[id_]) for id_, known in reading.pairing.pairs.items()]
    rules = rules_of(reading, settings, tools)
    actions = {a.submission_id: a for a in decide(paired, absent, rules, tools.digest)}
    places = reading.tokens()
    ready = [
        Ready(action=actions[claim.submission_id], tokens=claim.tokens)
        for claim in plan.claims
        if _landed(claim, reading, places)
        and _still_fits(claim.action, actions[claim.submission_id])
    ]
    return Claimed(
        reading=reading,
        ready=ready,
        strays=[
            *_stray_tokens(plan, reading, places, ready, entries),
            *_stray_tickets(plan, reading),
        ],
    )


def _marks(plan: Plan) -> Iterator[tuple[int, Column, str]]:
    for claim in plan.claims:
        row_number = claim.action.known.row.row_number
        if claim.writes_ticket:
            yield row_number, Column.SUBMISSION_ID, claim.submission_id
        for column in claim.fresh:
            yield row_number, column, claim.tokens[column]
    for cleaning in plan.cleanings:
        yield cleaning.row.row_number, cleaning.column, cleaning.token


def _landed(claim: Claim, reading: Reading, places: Mapping[str, Sequence[Place]]) -> bool:
    known = reading.pairing.pairs.get(claim.submission_id)
    return (
        known is not None
        and known.ticket == claim.submission_id
        and all(
            stands_right(reading, places.get(text, ()), claim.submission_id, column)
            for column, text in claim.tokens.items()
        )
    )


def _still_fits(planned: Action, now: Action) -> bool:
    """Tell whether the cells that were marked are enough for what is due now."""
    return now.work in {LetterWork.NONE, planned.work}


def _stray_tokens(
    plan: Plan,
    reading: Reading,
    places: Mapping[str, Sequence[Place]],
    ready: Sequence[Ready],
    entries: Mapping[SubmissionId, Entry],
) -> Iterator[Stray]:
    right = {text for one in ready for text in one.tokens.values()}
    for text, found in places.items():
        if text in right:
            continue
        for column in {place.column for place in found}:
            here = [place for place in found if place.column == column]
            texts = {_belongs_at(plan, reading, place, entries) for place in here}
            becomes = texts.pop() if len(texts) == 1 else ""
            yield Stray(text=text, column=column, becomes=becomes)


def _belongs_at(
    plan: Plan, reading: Reading, place: Place, entries: Mapping[SubmissionId, Entry]
) -> str:
    """Return what the cell showed before a mark of ours came to stand in it."""
    owner = reading.owners.get(place.row_number)
    column = reading.layout.column_at(place.column)
    if column in WORKER_COLUMNS:
        entry = entries.get(owner) if owner else None
        cell = entry.cells.get(column) if entry and column else None
        return cell.shown if cell else ""
    known = plan.reading.pairing.pairs.get(owner) if owner else None
    known = known or _same_row(plan, owner)
    header = reading.layout.headers[place.column] if place.column < reading.layout.width else ""
    return "" if known is None else _typed(plan.reading.cell(known, header))


def _same_row(plan: Plan, owner: SubmissionId | None) -> KnownRow | None:
    """Return a new submission's row as it was before the claim."""
    rows = (c.action.known for c in plan.claims if c.submission_id == owner)
    return next(rows, None)


def _stray_tickets(plan: Plan, reading: Reading) -> Iterator[Stray]:
    """Return tickets of this claim that stand outside their own row's cell, and only there."""
    written = frozenset(str(c.submission_id) for c in plan.claims if c.writes_ticket)
    for ticket, places in reading.tickets(written).items():
        if len(places) != 1:
            continue
        place = places[0]
        owner = reading.owners.get(place.row_number)
        column = reading.layout.column_at(place.column)
        if column is Column.SUBMISSION_ID and owner != ticket:
            yield Stray(text=ticket, column=place.column, becomes=owner or "")
        elif column not in WORKER_COLUMNS:
            becomes = _belongs_at(plan, reading, place, {})
            yield Stray(text=ticket, column=place.column, becomes=becomes)


def _typed(cell: Cell) -> str:
    """
    Return a person's answer so that typing it gives it back.

    A column that moved in the moment between reading and claiming puts a mark over an answer;
    digits get an apostrophe, or Sheets would make a damaged number of a NIK.
    """
    if cell is None:
        return ""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    looks_typed = text[:1] in set("=+-@'0123456789")
    return f"'{text}" if isinstance(cell, str) and looks_typed else text
