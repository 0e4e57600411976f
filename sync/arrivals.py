"""New rows of the sheet: each gets a ticket, and some are held until staff have looked."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING

from sync.identity import Doubts, cell_text
from sync.model import Column, Entry, Hold, HoldReason, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sync.identity import KnownRow, Pairing
    from sync.model import Service, SubmissionId

    Ticket = Callable[[int | None, int], SubmissionId]  #: form time and occurrence to a ticket

_HOUR = 3_600_000  #: milliseconds


def welcome(
    pairing: Pairing,
    entries: Sequence[Entry],
    *,
    service: Service,
    gid: int,
    ticket: Ticket,
    tokens: Iterable[str] = (),
    new_rows_per_hour: int,
    accept_flood: bool = False,
    archive_until: int | None = None,
) -> list[tuple[KnownRow, Entry]]:
    """
    Return an entry for each row that belongs to nobody yet, in sheet order.

    A row that may be somebody's lost row or a copy is held, and so is what goes beyond
    *new_rows_per_hour* within any 60 minutes of form time, the newest first.
    archive_until: take up only rows up to this form time, as those that were there before
                   `surat-sync setup`
    """
    doubts = Doubts(entries, pairing, tokens)
    made = _made(entries)
    taken = {str(entry.submission_id) for entry in entries}
    archive = archive_until is not None
    calm = archive or accept_flood
    excess = set() if calm else _excess(pairing.strangers, entries, new_rows_per_hour)
    arrivals = []
    for position, known in enumerate(pairing.strangers):
        serial = known.row.serial
        if archive_until is not None and serial is not None and serial > archive_until:
            continue
        made[serial] += 1
        while (submission_id := ticket(serial, made[serial])) in taken:
            made[serial] += 1  # of an entry whose row was gone when a lost ledger was rebuilt
        entry = Entry(
            submission_id=submission_id,
            service=service.key,
            spreadsheet=service.spreadsheet,
            gid=gid,
            serial=serial,
            occurrence=made[serial],
            identity=known.identity,
            fingerprint=known.fingerprint,
            status=Status.ARCHIVED if archive else Status.RECEIVED,
            hold=None if archive else _hold(known, doubts, flooded=position in excess),
            ignored_action=_ignored(known) if doubts.copied(known) else "",
        )
        doubts.seen(serial)
        arrivals.append((known, entry))
    return arrivals


def _made(entries: Sequence[Entry]) -> defaultdict[int | None, int]:
    """Return how many entries each form time ever made, also where not all of them are known."""
    made: defaultdict[int | None, int] = defaultdict(int)
    for entry in entries:
        made[entry.serial] = max(made[entry.serial], entry.occurrence)
    return made


def _hold(known: KnownRow, doubts: Doubts, *, flooded: bool) -> Hold | None:
    if doubts.about(known):
        return Hold(reason=HoldReason.AMBIGUOUS)
    return Hold(reason=HoldReason.FLOOD) if flooded else None


def _ignored(known: KnownRow) -> str:
    """Return the copied `Tindakan`: it was meant for the other row."""
    return cell_text(known.row.cells.get(Column.ACTION))


def _excess(strangers: Sequence[KnownRow], entries: Sequence[Entry], limit: int) -> set[int]:
    known = ((e.serial, -1) for e in entries if _counts(e) and e.serial is not None)
    new = ((k.row.serial, at) for at, k in enumerate(strangers) if k.row.serial is not None)
    within_hour: deque[int] = deque()
    excess = set()
    for serial, position in sorted([*known, *new]):
        while within_hour and within_hour[0] <= serial - _HOUR:
            within_hour.popleft()
        if position >= 0 and len(within_hour) >= limit:
            excess.add(position)
        else:
            within_hour.append(serial)
    return excess


def _counts(entry: Entry) -> bool:
    """Tell whether the entry took a place; what is held, or was there before us, did not."""
    flooded = entry.hold is not None and entry.hold.reason is HoldReason.FLOOD
    return not flooded and entry.status is not Status.ARCHIVED
