"""
Marking the cells that will change, and looking where the marks landed.

Staff sort, insert and delete while we work and Sheets has no conditional write. So the only
writing by position puts harmless unique tokens; a second reading tells which of them stand on
the row that they were meant for. A claim is never sent twice: the second could hit other rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.cells import left_alone
from sync.decide import LetterWork, decide
from sync.google.interface import CellText
from sync.layout import column_letters
from sync.model import WORKER_COLUMNS, Column
from sync.run.covered import ClaimedTab, spelled
from sync.run.plan import stands_right
from sync.run.token import is_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.decide import Action
    from sync.identity import Digest
    from sync.model import Entry, SubmissionId
    from sync.run.plan import Claim, Plan
    from sync.run.reading import Place, Reading


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
    literal: str  #: the same for a Google that does not read it as typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a second reading made of a claim."""

    reading: Reading
    ready: Sequence[Ready]
    strays: Sequence[Stray]
    swallowed: Sequence[str] = ()  #: cells, such as `C2`, that stay empty whatever is written


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
    digest: Digest,
) -> Claimed:
    """
    Return which submissions may go on, decided anew from the answers as they are now.

    reading: the sheet after the claim, or the same one when nothing had to be claimed
    """
    absent = [e for e in entries.values() if e.submission_id not in reading.pairing.pairs]
    paired = [(known, entries[id_]) for id_, known in reading.pairing.pairs.items()]
    actions = {a.submission_id: a for a in decide(paired, absent, plan.rules, digest)}
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
            *_stray_tokens(reading, _ours(reading, places, plan), ready, entries),
            *_stray_tickets(plan, reading),
            *covering_tickets(reading),
        ],
        swallowed=list(_swallowed(plan, reading, places)),
    )


def _ours(
    reading: Reading, places: Mapping[str, Sequence[Place]], plan: Plan
) -> dict[str, list[Place]]:
    """Return the tokens that we wrote; elsewhere than in our columns only if we know them."""
    columns = {reading.layout.columns[column] for column in WORKER_COLUMNS}
    known = {*plan.known_tokens, *(text for _, _, text in _marks(plan))}
    found = {
        text: [place for place in at if text in known or place.column in columns]
        for text, at in places.items()
    }
    return {text: at for text, at in found.items() if at}


def claimed_tab(plan: Plan) -> ClaimedTab:
    """Return what the claim writes to, as it was read."""
    marks = {text: row_number for row_number, _, text in _marks(plan)}
    return ClaimedTab(marks, plan.reading.grid)


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
        and (known.ticket == claim.submission_id or _ticket_is_left_alone(claim))
        and all(
            stands_right(reading, places.get(text, ()), claim.submission_id, column)
            for column, text in claim.tokens.items()
        )
    )


def _swallowed(
    plan: Plan, reading: Reading, places: Mapping[str, Sequence[Place]]
) -> Iterator[str]:
    """
    Yield the cells that took no text of ours, although their row stayed where it was.

    A mark must be gone without a trace in two runs: staff may have emptied the cell once.
    """
    for claim in plan.claims:
        known = reading.pairing.pairs.get(claim.submission_id)
        if known is None or known.row.row_number != claim.action.known.row.row_number:
            continue
        gone = [
            column
            for column in WORKER_COLUMNS
            if column in claim.fresh
            and claim.tokens[column] not in places
            and (claim.submission_id, column) in plan.missed
        ]
        if claim.writes_ticket:
            gone.append(Column.SUBMISSION_ID)
        for column in gone:
            if not known.row.cells.get(column):
                yield f"{column_letters(reading.layout.columns[column])}{known.row.row_number}"


def _ticket_is_left_alone(claim: Claim) -> bool:
    """Tell whether a script keeps overwriting the ticket, so that it cannot stand there."""
    return Column.SUBMISSION_ID in left_alone(claim.action.after)


def _still_fits(planned: Action, now: Action) -> bool:
    """Tell whether the cells that were marked are enough for what is due now."""
    return now.work in {LetterWork.NONE, planned.work}


def _stray_tokens(
    reading: Reading,
    places: Mapping[str, Sequence[Place]],
    ready: Sequence[Ready],
    entries: Mapping[SubmissionId, Entry],
) -> Iterator[Stray]:
    right = {text for one in ready for text in one.tokens.values()}
    for text, found in places.items():
        if text in right:
            continue
        for at in {place.column for place in found}:
            column = reading.layout.column_at(at)
            if column not in WORKER_COLUMNS:
                yield _answer_back(reading, text, at)
                continue
            owners = {reading.owners.get(place.row_number) for place in found if place.column == at}
            texts = {_shown(entries.get(owner) if owner else None, column) for owner in owners}
            becomes = texts.pop() if len(texts) == 1 else ""
            yield Stray(text=text, column=at, becomes=becomes, literal=becomes)


def _shown(entry: Entry | None, column: Column) -> str:
    """Return what the cell showed before a mark of ours came to stand in it."""
    cell = entry.cells.get(column) if entry else None
    return cell.shown if cell else ""


def _answer_back(reading: Reading, text: str, column: int) -> Stray:
    """Return what a person typed to its cell."""
    spelling = spelled(reading.covered.get(text))
    return Stray(text=text, column=column, becomes=spelling.typed, literal=spelling.literal)


def _stray_tickets(plan: Plan, reading: Reading) -> Iterator[Stray]:
    """Return tickets of this claim in another row's cell, if they stand nowhere else there."""
    written = frozenset(str(c.submission_id) for c in plan.claims if c.writes_ticket)
    at = reading.layout.columns[Column.SUBMISSION_ID]
    for ticket, places in reading.places(written).items():
        rows = [place.row_number for place in places if place.column == at]
        owner = reading.owners.get(rows[0]) if len(rows) == 1 else ticket
        if owner != ticket:
            becomes = owner or ""
            yield Stray(text=ticket, column=at, becomes=becomes, literal=becomes)


def covering_tickets(reading: Reading) -> Iterator[Stray]:
    """Return tickets that stand over people's answers."""
    ours = {reading.layout.columns[column] for column in WORKER_COLUMNS}
    tickets = frozenset(text for text in reading.covered if not is_token(text))
    for ticket, places in reading.places(tickets).items():
        for at in {place.column for place in places} - ours:
            yield _answer_back(reading, ticket, at)
