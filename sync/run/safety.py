"""When going on could lose or repeat letters: the stops, each with what mends it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sync.clock import MOST_SKEW
from sync.errors import SafetyStop
from sync.identity import cell_text
from sync.keys import is_submission_id
from sync.model import Column, Status
from sync.run.register import foreign_line, high_water, sequence_of
from sync.text import status_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sync.identity import Digest
    from sync.ledger.interface import Ledger
    from sync.model import Cell, Entry, Row
    from sync.run.reading import Reading
    from sync.run.register import RegisterTab

_DONE = {Status.COLLECTED, Status.REFUSED, Status.REPLACED, Status.VOID, Status.ARCHIVED}
_LETTERED = (Status.ISSUED, Status.READY, Status.COLLECTED)
_MOST_VANISHED = 0.2
_FEW_VANISHED = 5
_FEW_SHUFFLED = 3


def check_rows(reading: Reading, entries: Sequence[Entry], accept: frozenset[str]) -> None:
    """Raise the stops `ledger-missing`, `rows-vanished` and `rows-shuffled`."""
    _check_ledger_knows(reading, entries)
    if "rows-shuffled" not in accept:
        _check_shuffled(reading)
    if "rows-vanished" not in accept:
        _check_vanished(reading, entries)


def check_clock(
    skew: timedelta | None, *, today: date, last_date: date | None, accept: frozenset[str]
) -> None:
    """Raise the stop `clock-skew`; last_date: of the register's latest letter."""
    if "clock-skew" in accept:
        return
    if skew is not None and abs(skew) > MOST_SKEW:
        minutes = round(abs(skew).total_seconds() / 60)
        way = "behind" if skew > timedelta() else "ahead of"
        raise SafetyStop(
            "clock-skew",
            f"This computer's clock is {minutes} minutes {way} Google's.",
            ["set the clock (and switch on automatic time), then run again"],
        )
    if last_date is not None and today < last_date:
        raise SafetyStop(
            "clock-skew",
            f"Today is {today}, but the register's last letter is dated {last_date}.",
            ["set the clock, then run again"],
        )


def check_register(
    tabs: Iterable[RegisterTab],
    readings: Iterable[Reading],
    marks: Mapping[str, int],
    *,
    ledger: Ledger,
    digest: Digest,
    village_code: str,
) -> None:
    """Raise the stop `ledger-behind` when a number was given that the ledger does not know."""
    found = dict(marks)
    for tab in tabs:
        _check_lines(tab, ledger, digest)
        _raise(found, tab.register, tab.year, high_water(tab, digest))
    for reading in readings:
        _from_cells(found, reading, village_code)
    for mark, sequence in sorted(found.items()):
        register, _, year = mark.rpartition("/")
        last = ledger.last_sequence(register, int(year))
        if sequence > last:
            raise SafetyStop(
                "ledger-behind",
                f"Register {register} {year} has reached number {sequence}, but the ledger"
                f" knows only {last}: it is older than the letters, perhaps from a backup.",
                ["surat-sync ledger rebuild; until then no number is given"],
            )


def _check_lines(tab: RegisterTab, ledger: Ledger, digest: Digest) -> None:
    """Refuse a line of ours that gives a number to another request than the ledger does."""
    texts = foreign_line(tab, ledger.register_lines(tab.register, tab.year), digest)
    if texts is not None:
        raise SafetyStop(
            "ledger-behind",
            f"{tab.title!r} has number {texts[0]} for {texts[6] or 'a handwritten letter'}, the"
            " ledger for another: it was restored from an old backup, and went on.",
            ["surat-sync ledger restore FILE, with the newest backup; until then no number"],
        )


def refuse_used_sheet(cells: Sequence[Sequence[Cell]], title: str) -> None:
    """Raise the stop `ledger-missing` when a sheet without a ledger already holds tickets."""
    if holds_tickets(cells):
        raise ledger_missing(f"{title!r} holds tickets that no ledger here knows")


def holds_tickets(cells: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether a surat-sync has been at work in a sheet."""
    return any(is_submission_id(cell_text(cell)) for row in cells for cell in row)


def refuse_used_register(tab: RegisterTab) -> None:
    """Raise the stop `ledger-missing` when a register without a ledger already has lines."""
    if any(cell_text(cell) for row in tab.rows[1:] for cell in row):
        raise ledger_missing(f"{tab.title!r} has lines that no ledger here knows")


def ledger_missing(what: str) -> SafetyStop:
    """Return the stop for a village whose numbers are known, but not by a ledger."""
    return SafetyStop(
        "ledger-missing",
        f"{what}: numbers could be given twice.",
        ["put back ledger and keys from a backup: surat-sync ledger restore FILE"],
    )


def _check_ledger_knows(reading: Reading, entries: Sequence[Entry]) -> None:
    if entries:
        return
    strangers = reading.pairing.strangers
    if any(is_submission_id(known.ticket) for known in strangers):
        raise ledger_missing(f"{reading.grid.title!r} holds tickets that the ledger does not know")


def _check_vanished(reading: Reading, entries: Sequence[Entry]) -> None:
    mixed_up = {known.ticket for known in reading.pairing.shuffled}
    present = [
        e
        for e in entries
        if e.row_missing_since is None and e.status not in _DONE and e.submission_id not in mixed_up
    ]
    gone = [e for e in present if e.submission_id not in reading.pairing.pairs]
    many = len(gone) >= _FEW_VANISHED and len(gone) > _MOST_VANISHED * len(present)
    if gone and (many or len(gone) == len(present)):
        raise SafetyStop(
            "rows-vanished",
            f"{len(gone)} of {len(present)} rows with an open request are gone from"
            f" {reading.grid.title!r}.",
            [
                "bring them back (File > Version history in Google Sheets), or",
                "if they were deleted on purpose: surat-sync run --accept rows-vanished",
            ],
        )


def _check_shuffled(reading: Reading) -> None:
    pairing = reading.pairing
    for known, what, otherwise in (
        (
            pairing.shuffled,
            "tickets stand beside other people's answers",
            "hold those rows for staff to look at",
        ),
        (
            pairing.traded,
            "answers stand beside other people than before",
            "if these are corrections by staff",
        ),
    ):
        rows = sorted(one.row.row_number for one in known)
        if len(rows) >= _FEW_SHUFFLED:
            raise SafetyStop(
                "rows-shuffled",
                f"In {reading.grid.title!r} {what}, in rows {', '.join(map(str, rows[:10]))}: was"
                " only a part of the columns sorted?",
                [
                    "undo the sort, then run again, or",
                    f"{otherwise}: surat-sync run --accept rows-shuffled",
                ],
            )


def _from_cells(found: dict[str, int], reading: Reading, village_code: str) -> None:
    """Take numbers in `Nomor Surat` into account, unless somebody just typed them there."""
    spec = reading.service.number
    pairing = reading.pairing
    unknown = [k.row for id_, k in pairing.pairs.items() if id_ not in reading.numbered]
    for row in (*unknown, *(known.row for known in pairing.strangers), *pairing.nobodys):
        number = sequence_of(spec, village_code, cell_text(row.cells.get(Column.LETTER_NUMBER)))
        if number is not None and was_given(row, *number):
            _raise(found, spec.register, *number)


def was_given(row: Row, year: int, sequence: int) -> bool:
    """Tell whether the row's other cells say so too; a letter without a file has only these."""
    letter = cell_text(row.cells.get(Column.LETTER))
    if letter and not letter.startswith("https://"):  # a link tells no number
        return f"/{year}/{sequence:04d}_" in letter
    ticket = cell_text(row.cells.get(Column.SUBMISSION_ID))
    status = cell_text(row.cells.get(Column.STATUS))
    return is_submission_id(ticket) and status in map(status_word, _LETTERED)


def _raise(found: dict[str, int], register: str, year: int, sequence: int) -> None:
    mark = f"{register}/{year}"
    if sequence:
        found[mark] = max(found.get(mark, 0), sequence)
