"""Entries as rows of the database: reading all, adding, and moving one if nobody else did."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.sql import and_, bindparam, func, insert, select, update

from sync.ledger.cells import cells_as_text, cells_from_text
from sync.ledger.schema import entries, letters, register_lines
from sync.model import (
    Entry,
    Fingerprint,
    Hold,
    HoldReason,
    Letter,
    Signer,
    StaffAction,
    Status,
    Step,
    SubmissionId,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

_ENTRY = (
    entries.c.submission_id,
    entries.c.service,
    entries.c.spreadsheet,
    entries.c.gid,
    entries.c.serial,
    entries.c.occurrence,
    entries.c.identity,
    entries.c.fingerprint,
    entries.c.status,
    entries.c.step,
    entries.c.rev,
    entries.c.confirmed,
    entries.c.approved,
    entries.c.hold_reason,
    entries.c.hold_other,
    entries.c.duplicate_key,
    entries.c.action,
    entries.c.ignored_action,
    entries.c.reason,
    entries.c.replaced_by,
    entries.c.row_missing_since,
    entries.c.cells,
)
_LETTER = (
    register_lines.c.letter_number,
    register_lines.c.register,
    register_lines.c.year,
    register_lines.c.sequence,
    letters.c.revision,
    letters.c.issued_on,
    letters.c.valid_until,
    letters.c.signer,
    letters.c.fingerprint,
    letters.c.identity,
    letters.c.template_hash,
    letters.c.sha256,
    letters.c.location,
    letters.c.file_id,
)
_WITH_LATEST_LETTER = entries.outerjoin(
    register_lines,
    and_(
        register_lines.c.village == entries.c.village,
        register_lines.c.submission_id == entries.c.submission_id,
    ),
).outerjoin(
    letters,
    and_(
        letters.c.village == entries.c.village,
        letters.c.submission_id == entries.c.submission_id,
        letters.c.revision == register_lines.c.revision,
    ),
)
_MOVE = (
    update(entries)
    .where(entries.c.village == bindparam("key_village"))
    .where(entries.c.submission_id == bindparam("key_submission"))
    .where(entries.c.step == bindparam("key_step"), entries.c.rev == bindparam("key_rev"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "identity",
                "fingerprint",
                "status",
                "step",
                "rev",
                "confirmed",
                "approved",
                "hold_reason",
                "hold_other",
                "duplicate_key",
                "action",
                "ignored_action",
                "reason",
                "replaced_by",
                "row_missing_since",
            )
        }
    )
)

_ALL = (
    select(*_ENTRY, *_LETTER)
    .select_from(_WITH_LATEST_LETTER)
    .where(entries.c.village == bindparam("of_village"))
    .where(entries.c.service == bindparam("of_service"))
    .order_by(entries.c.ordinal)
)


def all_entries(transaction: Connection, village: str, service: str) -> tuple[Entry, ...]:
    """Return the service's entries, each with its latest letter and its cells, in one SELECT."""
    found = transaction.execute(_ALL, {"of_village": village, "of_service": service})
    return tuple(_entry(row) for row in found.all())


def add(transaction: Connection, village: str, added: Sequence[Entry]) -> None:
    """Insert new entries, after the others of their service."""
    ordinals: dict[str, int] = {}
    rows = []
    for entry in added:
        if entry.service not in ordinals:
            ordinals[entry.service] = _last_ordinal(transaction, village, entry.service)
        ordinals[entry.service] += 1
        rows.append(
            {"village": village, "ordinal": ordinals[entry.service], **_fixed(entry)}
            | {"rev": entry.rev, "cells": cells_as_text(entry.cells)}
            | _changing(entry)
        )
    if rows:
        transaction.execute(insert(entries), rows)


def move(transaction: Connection, village: str, before: Entry, after: Entry) -> Entry | None:
    """Write *after* if the entry is still at *before*'s step and rev; None when it moved."""
    moved = replace(after, rev=before.rev + 1)
    place = {
        "key_village": village,
        "key_submission": before.submission_id,
        "key_step": before.step.value,
        "key_rev": before.rev,
    }
    row = place | {"rev": moved.rev} | _changing(moved)
    return moved if transaction.execute(_MOVE, row).rowcount == 1 else None


def letter_row(letter: Letter, values: Mapping[str, str]) -> dict[str, object]:
    """Return a letter as a row of `letters`, without its key."""
    signer = letter.signer
    return {
        "revision": letter.revision,
        "issued_on": letter.issued_on.isoformat(),
        "valid_until": letter.valid_until.isoformat() if letter.valid_until else "",
        "signer": _as_text(
            [signer.key, signer.name, signer.title, signer.on_behalf_of, signer.id_line]
        ),
        "fingerprint": letter.fingerprint,
        "identity": _as_text(dict(letter.identity)),
        "values": _as_text(dict(values)),
        "template_hash": letter.template_hash,
        "sha256": letter.sha256,
        "location": letter.location or None,
        "file_id": letter.file_id or None,
    }


def _last_ordinal(transaction: Connection, village: str, service: str) -> int:
    last = transaction.execute(
        select(func.max(entries.c.ordinal)).where(
            entries.c.village == village, entries.c.service == service
        )
    ).scalar_one()
    return last or 0


def _fixed(entry: Entry) -> dict[str, object]:
    return {
        "submission_id": entry.submission_id,
        "service": entry.service,
        "spreadsheet": entry.spreadsheet,
        "gid": entry.gid,
        "serial": "" if entry.serial is None else str(entry.serial),
        "occurrence": entry.occurrence,
    }


def _changing(entry: Entry) -> dict[str, object]:
    return {
        "identity": _as_text(dict(entry.identity)),
        "fingerprint": entry.fingerprint,
        "status": entry.status.value,
        "step": entry.step.value,
        "confirmed": int(entry.confirmed),
        "approved": int(entry.approved),
        "hold_reason": entry.hold.reason.value if entry.hold else "",
        "hold_other": (entry.hold.other if entry.hold else None) or "",
        "duplicate_key": entry.duplicate_key,
        "action": entry.action.value if entry.action else "",
        "ignored_action": entry.ignored_action,
        "reason": entry.reason,
        "replaced_by": entry.replaced_by or "",
        "row_missing_since": entry.row_missing_since.isoformat() if entry.row_missing_since else "",
    }


def _as_text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _entry(row: Sequence[Any]) -> Entry:
    return Entry(
        submission_id=row[0],
        service=row[1],
        spreadsheet=row[2],
        gid=row[3],
        serial=int(row[4]) if row[4] else None,
        occurrence=row[5],
        identity=json.loads(row[6]),
        fingerprint=row[7],
        status=Status(row[8]),
        step=Step(row[9]),
        rev=row[10],
        confirmed=bool(row[11]),
        approved=bool(row[12]),
        hold=_hold(row[13], row[14]),
        duplicate_key=row[15],
        action=StaffAction(row[16]) if row[16] else None,
        ignored_action=row[17],
        reason=row[18],
        replaced_by=row[19] or None,
        row_missing_since=datetime.fromisoformat(row[20]) if row[20] else None,
        cells=cells_from_text(row[21]),
        letter=None if row[22] is None else _letter(row[22:]),
    )


def _hold(reason: str, other: str) -> Hold | None:
    if not reason:
        return None
    return Hold(reason=HoldReason(reason), other=SubmissionId(other) if other else None)


def _letter(row: Sequence[Any]) -> Letter:
    return Letter(
        letter_number=row[0],
        register=row[1],
        year=row[2],
        sequence=row[3],
        revision=row[4],
        issued_on=date.fromisoformat(row[5]),
        valid_until=date.fromisoformat(row[6]) if row[6] else None,
        signer=_signer(row[7]),
        fingerprint=Fingerprint(row[8]),
        identity=json.loads(row[9]),
        template_hash=row[10],
        sha256=row[11],
        location=row[12] or "",
        file_id=row[13] or "",
    )


@cache
def _signer(text: str) -> Signer:
    key, name, title, on_behalf_of, id_line = json.loads(text)
    return Signer(key=key, name=name, title=title, on_behalf_of=on_behalf_of, id_line=id_line)
