"""
Whose row is this? Rows and ledger entries pair by evidence, never by place.

Evidence is the time at which the form was sent and each `identity` answer of the service;
the ticket in `ID Permohonan` is evidence only once a later reading saw it on its row.
The rules and what they were measured against: docs/how-it-works.md.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.layout import has_answers
from sync.model import Column, Fingerprint, SubmissionId
from sync.validate import evidence_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from sync.model import Cell, Entry, FieldSpec, Row, Service

    Digest = Callable[[str, str], str]  #: purpose and text to a keyed digest

_ENOUGH = 2  #: pieces of evidence that make a row somebody's


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """A row of the sheet, with what tells whose it is."""

    row: Row
    fingerprint: Fingerprint
    identity: Mapping[str, str]  #: identity field to keyed digest; "" when empty

    @property
    def ticket(self) -> str:
        """The text in `ID Permohonan`."""
        return cell_text(self.row.cells.get(Column.SUBMISSION_ID))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """One reading of a sheet against the ledger."""

    pairs: Mapping[SubmissionId, KnownRow]
    strangers: tuple[KnownRow, ...]  #: rows with answers that belong to no entry yet
    nobodys: tuple[Row, ...]  #: rows without answers
    lost: tuple[Entry, ...]  #: entries whose row is not there
    shuffled: tuple[KnownRow, ...]  #: rows whose confirmed ticket and answers disagree
    traded: tuple[KnownRow, ...] = ()  #: rows with an answer that stood beside somebody else before


def know(row: Row, service: Service, digest: Digest, today: date) -> KnownRow:
    """Return *row* with its digests; keyed, so that they tell nothing without the key."""
    specs = {field.name: field for field in service.fields}
    return KnownRow(
        row=row,
        fingerprint=fingerprint(row.answers, digest),
        identity={
            name: _identity(specs[name], row.answers.get(name), digest, today)
            for name in service.identity
        },
    )


def fingerprint(answers: Mapping[str, Cell], digest: Digest) -> Fingerprint:
    """Return which version of the answers this is; spaces and empty answers do not count."""
    texts = {name: cell_text(cell) for name, cell in answers.items()}
    filled = {name: text for name, text in sorted(texts.items()) if text}
    return Fingerprint(digest("fingerprint", json.dumps(filled, ensure_ascii=False)))


def cell_text(cell: Cell) -> str:
    """Return a cell as one line of text; a whole number without a point."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else " ".join(str(cell).split())


def pair(rows: Sequence[KnownRow], entries: Sequence[Entry], nobodys: Sequence[Row]) -> Pairing:
    """
    Pair rows and entries one to one, most evidence first.

    A pair needs all evidence to agree; or the entry's confirmed ticket on the row and,
    before a number, the time or two pieces, after a number two pieces.
    """
    index = _Index(entries)
    candidates = [
        (-_score(known, entry), position, entry)
        for position, known in enumerate(rows)
        for entry in index.candidates(known)
        if _possible(known, entry)
    ]
    candidates.sort(key=lambda item: item[:2])
    pairs: dict[SubmissionId, KnownRow] = {}
    taken: set[int] = set()
    for _, position, entry in candidates:
        if position not in taken and entry.submission_id not in pairs:
            taken.add(position)
            pairs[entry.submission_id] = rows[position]
    return Pairing(
        pairs=pairs,
        strangers=tuple(known for at, known in enumerate(rows) if at not in taken),
        nobodys=tuple(nobodys),
        lost=tuple(entry for entry in entries if entry.submission_id not in pairs),
        shuffled=tuple(known for known in rows if index.contradicts(known)),
        traded=_traded(pairs, {entry.submission_id: entry for entry in entries}),
    )


def _traded(
    pairs: Mapping[SubmissionId, KnownRow], entries: Mapping[SubmissionId, Entry]
) -> tuple[KnownRow, ...]:
    """Return the rows that took over an answer which another row lost at this reading."""
    changes = [
        (known, (name, before), (name, now))
        for id_, known in pairs.items()
        for name, before in entries[id_].identity.items()
        if before and (now := known.identity.get(name)) and now != before
    ]
    lost = {before for _, before, _ in changes}
    found = {known.row.row_number: known for known, _, now in changes if now in lost}
    return tuple(found.values())


def split_rows(rows: Iterable[Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Return the rows in which somebody asks for something, and the others."""
    asked: list[Row] = []
    empty: list[Row] = []
    for row in rows:
        (asked if has_answers(row) else empty).append(row)
    return tuple(asked), tuple(empty)


class Doubts:
    """Tells which strangers may be somebody's lost row, or a copy: they are held."""

    def __init__(self, entries: Sequence[Entry], pairing: Pairing, tokens: Iterable[str]) -> None:
        self._tickets = {str(entry.submission_id) for entry in entries}
        self._serials = {entry.serial for entry in entries if entry.serial is not None}
        self._tokens = frozenset(tokens)
        self._lost_pieces: dict[tuple[str, object], set[SubmissionId]] = defaultdict(set)
        for entry in pairing.lost:
            if entry.row_missing_since is None:
                for piece in _pieces(entry.serial, entry.identity):
                    self._lost_pieces[piece].add(entry.submission_id)

    def about(self, known: KnownRow) -> bool:
        """Tell whether *known* must be held."""
        return known.row.serial is None or self.copied(known)

    def copied(self, known: KnownRow) -> bool:
        """Tell whether *known* looks like a copy or a lost row: staff's action is not for it."""
        cells = {cell_text(cell) for cell in known.row.cells.values()}
        return (
            known.ticket in self._tickets
            or not self._tokens.isdisjoint(cells)
            or known.row.serial in self._serials
            or self._like_a_lost_one(known)
        )

    def seen(self, serial: int | None) -> None:
        """Remember the time of an entry that was just made."""
        if serial is not None:
            self._serials.add(serial)

    def _like_a_lost_one(self, known: KnownRow) -> bool:
        counts: dict[SubmissionId, int] = defaultdict(int)
        for piece in _pieces(known.row.serial, known.identity):
            for submission_id in self._lost_pieces.get(piece, ()):
                counts[submission_id] += 1
        return any(count >= _ENOUGH for count in counts.values())


def equal_answers(one: Mapping[str, str], other: Mapping[str, str]) -> int:
    """Return how many identity answers agree and are not empty."""
    return sum(1 for name, text in one.items() if text and other.get(name) == text)


def changed_answers(before: Mapping[str, str], now: Mapping[str, str]) -> int:
    """Return how many identity answers differ."""
    return sum(1 for name, text in before.items() if now.get(name, "") != text)


class _Index:
    """Finds the entries that a row may belong to."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_ticket = {str(e.submission_id): e for e in entries if e.confirmed}
        self._by_evidence: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
        for entry in entries:
            self._by_evidence[_whole(entry.serial, entry.identity)].append(entry)

    def candidates(self, known: KnownRow) -> list[Entry]:
        found = list(self._by_evidence.get(_whole(known.row.serial, known.identity), ()))
        named = self._by_ticket.get(known.ticket)
        if named is not None and named not in found:
            found.append(named)
        return found

    def contradicts(self, known: KnownRow) -> bool:
        named = self._by_ticket.get(known.ticket)
        return named is not None and not _possible(known, named)


def _identity(spec: FieldSpec, cell: Cell, digest: Digest, today: date) -> str:
    text = evidence_text(spec, cell, today=today)
    return digest(f"identity:{spec.name}", text) if text else ""


def _whole(serial: int | None, identity: Mapping[str, str]) -> tuple[object, ...]:
    return (serial, *sorted(identity.items()))


def _pieces(serial: int | None, identity: Mapping[str, str]) -> list[tuple[str, object]]:
    pieces: list[tuple[str, object]] = [(name, text) for name, text in identity.items() if text]
    return pieces if serial is None else [("", serial), *pieces]


def _agreeing(known: KnownRow, entry: Entry) -> int:
    same_time = known.row.serial is not None and known.row.serial == entry.serial
    return int(same_time) + equal_answers(entry.identity, known.identity)


def _score(known: KnownRow, entry: Entry) -> int:
    named = entry.confirmed and known.ticket == entry.submission_id
    return 2 * _agreeing(known, entry) + int(named)


def _possible(known: KnownRow, entry: Entry) -> bool:
    if _whole(known.row.serial, known.identity) == _whole(entry.serial, entry.identity):
        return True
    if not entry.confirmed or known.ticket != entry.submission_id:
        return False
    agreeing = _agreeing(known, entry)
    if entry.letter is None and known.row.serial is not None and known.row.serial == entry.serial:
        return True
    return agreeing >= _ENOUGH
