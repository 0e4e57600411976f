"""Whose row is it: what makes a row somebody's, and what does not."""

from __future__ import annotations

from datetime import date

from sync.identity import KnownRow, pair
from sync.model import Column, Entry, Fingerprint, Letter, Row, Signer, SubmissionId

TICKET = SubmissionId("SKU-0000-0001-1")
SITI, BUDI = {"nama": "a", "nik": "b"}, {"nama": "c", "nik": "d"}


def _entry(*, confirmed: bool = True, letter: Letter | None = None) -> Entry:
    return Entry(
        submission_id=TICKET,
        service="sku",
        spreadsheet="sheet",
        gid=1,
        serial=1,
        occurrence=1,
        identity=SITI,
        fingerprint=Fingerprint("f"),
        confirmed=confirmed,
        letter=letter,
    )


def _letter() -> Letter:
    return Letter(
        letter_number="500.3/1",
        register="surat",
        year=2026,
        sequence=1,
        revision=1,
        issued_on=date(2026, 11, 24),
        valid_until=None,
        signer=Signer(key="kades", name="KADES", title="Kepala Desa"),
        fingerprint=Fingerprint("f"),
        identity=SITI,
        template_hash="t",
    )


def _row(*, serial: int, identity: dict[str, str], ticket: str = "") -> KnownRow:
    row = Row(row_number=2, serial=serial, answers={}, cells={Column.SUBMISSION_ID: ticket})
    return KnownRow(row=row, fingerprint=Fingerprint("f"), identity=identity)


def test_the_same_person_at_another_time_asks_anew() -> None:
    """Content alone makes no row somebody's: the form's time belongs to the evidence."""
    row = _row(serial=2, identity=SITI)

    assert (row,) == pair([row], [_entry()], ()).strangers


def test_a_ticket_is_evidence_once_it_was_seen_on_its_row() -> None:
    """Before that it may have landed there by a sort."""
    row = _row(serial=1, identity=BUDI, ticket=TICKET)

    assert {} == pair([row], [_entry(confirmed=False)], ()).pairs
    assert {TICKET: row} == pair([row], [_entry()], ()).pairs


def test_after_a_number_the_time_alone_is_not_enough() -> None:
    """Another person's answers under the same time and ticket are not the letter's."""
    row = _row(serial=1, identity=BUDI, ticket=TICKET)

    assert {} == pair([row], [_entry(letter=_letter())], ()).pairs
