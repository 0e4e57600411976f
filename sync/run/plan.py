"""What one service's part of the run is about to do, decided before the first write."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sync.arrivals import welcome
from sync.cells import Wording, caught_up, final_texts, news, watched
from sync.decide import Rules, decide, until_confirmed
from sync.ledger.interface import Change
from sync.model import Column, Status, Step, Token
from sync.run.misplaced import misplaced
from sync.run.report import run_id_at
from sync.run.token import new_token

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sync.decide import Action
    from sync.identity import Digest, KnownRow
    from sync.model import Entry, OwnCell, Row, Service, SubmissionId
    from sync.run.reading import Place, Reading
    from sync.run.tools import Settings, Tools


_AT_THE_DESK = {Status.ISSUED, Status.READY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A submission whose cells are marked for this run."""

    action: Action
    tokens: Mapping[Column, str]  #: each cell that will change, but the ticket's
    fresh: frozenset[Column]  #: tokens that do not stand in the sheet yet
    writes_ticket: bool

    @property
    def submission_id(self) -> SubmissionId:
        """The submission's ticket."""
        return self.action.submission_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """A text of ours on a row where nobody asks for anything."""

    row: Row
    column: Column
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The decisions about one service's sheet."""

    reading: Reading
    rules: Rules  #: by which was decided, and will be again after the claim
    claims: Sequence[Claim]
    cleanings: Sequence[Cleaning] = ()
    misplaced: bool = False  #: a text of ours stands on a row where nobody asks for anything
    added: Sequence[Entry] = ()
    quiet: Sequence[Change] = ()  #: what only the ledger must know
    cells: Mapping[SubmissionId, Mapping[Column, OwnCell]] = field(default_factory=dict)
    old_tokens: bool = False  #: some of an earlier run still stand in the sheet
    known_tokens: frozenset[str] = frozenset()  #: of earlier runs, that may still stand
    ended_tokens: Sequence[str] = ()  #: of earlier runs, that stand nowhere any more
    missed: frozenset[tuple[SubmissionId, Column]] = frozenset()
    #: cells that an earlier run marked, and the mark stands nowhere

    @property
    def must_write(self) -> bool:
        """Tell whether the sheet must change."""
        return bool(self.claims or self.misplaced or self.old_tokens)

    @property
    def is_quiet(self) -> bool:
        """Tell whether neither the sheet nor the ledger must change."""
        return not (self.must_write or self.added or self.quiet or self.cells)

    def new_tokens(self, run_id: str) -> list[Token]:
        """Return the tokens that the claim will write."""
        service = self.reading.service.key
        made = [
            Token(
                text=text,
                service=service,
                submission_id=claim.submission_id,
                column=column,
                run_id=run_id,
            )
            for claim in self.claims
            for column, text in claim.tokens.items()
            if column in claim.fresh
        ]
        return made + [
            Token(text=c.token, service=service, submission_id=None, column=c.column, run_id=run_id)
            for c in self.cleanings
        ]


def make_plan(
    reading: Reading,
    entries: Sequence[Entry],
    tokens: Sequence[Token],
    settings: Settings,
    tools: Tools,
) -> Plan:
    """Return what the run will do about this reading; nothing is written."""
    now = tools.local(tools.clock.now())
    by_id = {entry.submission_id: entry for entry in entries}
    cells = _watched(reading, by_id, tokens, tools.digest)
    arrivals = _arrivals(reading, entries, tokens, settings, tools)
    known = [(row, with_cells(by_id[id_], cells)) for id_, row in reading.pairing.pairs.items()]
    rules = _rules(reading.service, entries, settings, tools)
    actions = decide([*known, *arrivals], reading.pairing.lost, rules, tools.digest)
    if settings.verify:
        actions = [until_confirmed(action) for action in actions]
    wording = wording_of(reading, settings, tools, by_id)
    texts = {action.submission_id: final_texts(action, wording) for action in actions}
    with_news = _with_news(actions, texts)
    chosen = with_news[: settings.rows_per_run]
    untouched = {action.submission_id for action, _ in with_news[settings.rows_per_run :]}
    looked_at = [action for action in actions if action.submission_id not in untouched]
    places = reading.tokens() if tokens else {}
    standing = _standing(reading, tokens, places)
    rng = None if settings.verify else tools.rng
    claims = [_claim(action, columns, standing, rng) for action, columns in chosen]
    busy = {claim.submission_id for claim in claims}
    silent = [action for action in looked_at if action.submission_id not in busy]
    _catch_up(silent, texts, cells)
    strays = list(misplaced(reading.pairing.nobodys, entries))
    return Plan(
        reading=reading,
        rules=rules,
        claims=claims,
        cleanings=[] if settings.verify else _cleanings(strays, tools.rng),
        misplaced=bool(strays),
        added=[entry for _, entry in arrivals if entry.submission_id not in untouched],
        quiet=[*_quiet(silent), *_gone(reading.pairing.lost, now)],
        cells={id_: found for id_, found in cells.items() if id_ not in untouched},
        old_tokens=any(token.text in places for token in tokens),
        known_tokens=frozenset(token.text for token in tokens),
        ended_tokens=[t.text for t in tokens if t.text not in places and _is_old(t, now)],
        missed=frozenset(
            (t.submission_id, t.column) for t in tokens if t.submission_id and t.text not in places
        ),
    )


def _arrivals(
    reading: Reading,
    entries: Sequence[Entry],
    tokens: Sequence[Token],
    settings: Settings,
    tools: Tools,
) -> list[tuple[KnownRow, Entry]]:
    """Return an entry for each row that is new."""
    service, gid = reading.service, reading.grid.gid
    return welcome(
        reading.pairing,
        entries,
        service=service,
        gid=gid,
        ticket=lambda serial, count: tools.ticket(service, gid, serial, count),
        tokens=(token.text for token in tokens),
        accept_flood="flood" in settings.accept,
        new_rows_per_hour=settings.new_rows_per_hour,
        archive_until=settings.archive.get(service.key),
    )


def _catch_up(
    actions: Iterable[Action],
    texts: Mapping[SubmissionId, Mapping[Column, str]],
    cells: dict[SubmissionId, Mapping[Column, OwnCell]],
) -> None:
    """Add to *cells* what the sheet shows already and the ledger does not know yet."""
    for action in actions:
        if seen := caught_up(action, texts[action.submission_id]):
            cells[action.submission_id] = {**cells.get(action.submission_id, {}), **seen}


def with_cells(entry: Entry, cells: Mapping[SubmissionId, Mapping[Column, OwnCell]]) -> Entry:
    """Return the entry with what this reading says about its cells."""
    found = cells.get(entry.submission_id)
    return replace(entry, cells={**entry.cells, **found}) if found else entry


def _rules(service: Service, entries: Iterable[Entry], settings: Settings, tools: Tools) -> Rules:
    """Return what the config and the operator say about this service's rows."""
    return Rules(
        service=service,
        today=tools.local(tools.clock.now()).date(),
        duplicate_days=settings.duplicate_days,
        release_flood="flood" in settings.accept,
        files_gone=frozenset(_files_gone(entries, tools)),
    )


def _files_gone(entries: Iterable[Entry], tools: Tools) -> Iterator[SubmissionId]:
    """Yield whose letter still has work before it, and is not where it was stored."""
    for entry in entries:
        letter = entry.letter
        if letter is None or not letter.location or entry.status not in _AT_THE_DESK:
            continue
        if tools.cabinet.is_gone(letter.location):
            yield entry.submission_id


def wording_of(
    reading: Reading,
    settings: Settings,
    tools: Tools,
    entries: Mapping[SubmissionId, Entry],
) -> Wording:
    """Return what the texts in this service's sheet depend on."""

    def number_of(submission_id: SubmissionId) -> str:
        entry = entries.get(submission_id)
        return entry.letter.letter_number if entry and entry.letter else ""

    return Wording(
        service=reading.service,
        village=settings.village,
        questions=reading.layout.questions,
        now=tools.local(tools.clock.now()),
        number_of=number_of,
        whatsapp=settings.whatsapp,
    )


def _with_news(
    actions: Sequence[Action], texts: Mapping[SubmissionId, Mapping[Column, str]]
) -> list[tuple[Action, tuple[Column, ...]]]:
    """Return the actions whose row must be written to, in sheet order."""
    found = []
    for action in sorted(actions, key=lambda action: action.known.row.row_number):
        columns = news(action, texts[action.submission_id])
        if columns:
            found.append((action, columns))
    return found


def _is_old(token: Token, now: datetime) -> bool:
    """Tell whether the call that wrote the token can no longer be on its way."""
    return token.run_id < run_id_at(now - timedelta(hours=1))


def _standing(
    reading: Reading, tokens: Sequence[Token], places: Mapping[str, Sequence[Place]]
) -> dict[tuple[SubmissionId, Column], str]:
    """Return the tokens of an earlier run that stand right: once, on their row, in their column."""
    return {
        (token.submission_id, token.column): token.text
        for token in tokens
        if token.submission_id is not None
        and stands_right(reading, places.get(token.text, ()), token.submission_id, token.column)
    }


def stands_right(
    reading: Reading, places: Sequence[Place], submission_id: SubmissionId, column: Column
) -> bool:
    """Tell whether a token stands once, in its column, on its submission's row."""
    known = reading.pairing.pairs.get(submission_id)
    if known is None or len(places) != 1:
        return False
    place = places[0]
    on_row = place.row_number == known.row.row_number
    return on_row and place.column == reading.layout.columns[column]


def _claim(
    action: Action,
    columns: Sequence[Column],
    standing: Mapping[tuple[SubmissionId, Column], str],
    rng: random.Random | None,
) -> Claim:
    """Return the claim; without *rng* nothing is marked."""
    tokens: dict[Column, str] = {}
    fresh = set()
    for column in columns:
        if column is Column.SUBMISSION_ID or rng is None:
            continue
        text = standing.get((action.submission_id, column))
        if text is None:
            text = new_token(rng)
            fresh.add(column)
        tokens[column] = text
    return Claim(
        action=action,
        tokens=tokens,
        fresh=frozenset(fresh),
        writes_ticket=Column.SUBMISSION_ID in columns,
    )


def _quiet(actions: Iterable[Action]) -> Iterator[Change]:
    """Return the changes that the sheet shows already, or need not show."""
    for action in actions:
        after = action.after
        if action.writes_letter:
            if action.before.step is not Step.STORED:
                continue  # all cells are left alone, so the letter waits with them
            after = replace(after, step=Step.PUBLISHED)
        if after != action.before:
            yield Change(
                before=action.before,
                after=after,
                event="seen",
                voids_number=action.voids_number,
            )


def _gone(lost: Sequence[Entry], now: datetime) -> Iterator[Change]:
    for entry in lost:
        if entry.row_missing_since is None:
            gone = replace(entry, row_missing_since=now)
            yield Change(before=entry, after=gone, event="row-missing")


def _watched(
    reading: Reading,
    entries: Mapping[SubmissionId, Entry],
    tokens: Sequence[Token],
    digest: Digest,
) -> dict[SubmissionId, Mapping[Column, OwnCell]]:
    texts = frozenset(token.text for token in tokens)
    found = (
        (id_, watched(known, entries[id_], texts, digest))
        for id_, known in reading.pairing.pairs.items()
    )
    return {id_: cells for id_, cells in found if cells}


def _cleanings(strays: Iterable[tuple[Row, Column]], rng: random.Random) -> list[Cleaning]:
    """Return our texts on rows without answers, such as those that staff emptied."""
    return [Cleaning(row=row, column=column, token=new_token(rng)) for row, column in strays]
