"""What the ledger promises about entries, cells, tokens and its own history."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import KEY, NOW, checked, entry, open_ledger, sql

from sync.errors import LedgerBusy, LedgerTooNew, TryLater, UserError
from sync.ledger.interface import Batch, Change
from sync.ledger.store import SqlLedger
from sync.model import (
    Column,
    Entry,
    Hold,
    HoldReason,
    OwnCell,
    StaffAction,
    Status,
    Step,
    SubmissionId,
    Token,
)

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
CELLS = st.builds(
    OwnCell, wanted=TEXTS, shown=TEXTS, defied=st.integers(0, 9), defiance=TEXTS
) | TEXTS.map(lambda text: OwnCell(wanted=text, shown=text))
IDS = st.none() | st.just(SubmissionId("SKU-00000009-0"))
CHANGING: dict[str, st.SearchStrategy[object]] = {
    "identity": st.dictionaries(TEXTS, TEXTS, max_size=3),
    "fingerprint": TEXTS,
    "status": st.sampled_from(Status),
    "step": st.sampled_from(Step),
    "confirmed": st.booleans(),
    "approved": st.booleans(),
    "hold": st.none() | st.builds(Hold, reason=st.sampled_from(HoldReason), other=IDS),
    "duplicate_key": TEXTS,
    "action": st.none() | st.sampled_from(StaffAction),
    "ignored_action": TEXTS,
    "reason": TEXTS,
    "replaced_by": IDS,
    "row_missing_since": st.none() | st.datetimes(timezones=st.just(UTC)),
    "cells": st.dictionaries(st.sampled_from(Column), CELLS),
}
CHANGES = st.fixed_dictionaries(CHANGING)
OWNER = SubmissionId("SKU-00000001-0")
FIXED = {"submission_id", "service", "spreadsheet", "gid", "serial", "occurrence", "rev", "letter"}


def test_generated_changes_name_every_field() -> None:
    """A field that is added to Entry must be in the test of what comes back."""
    assert CHANGING.keys() | FIXED == {field.name for field in fields(Entry)}


@given(st.lists(st.tuples(CHANGES, CHANGES), max_size=3), st.none() | st.integers(-(2**60), 2**60))
def test_what_is_recorded_comes_back(
    pairs: list[tuple[dict[str, Any], dict[str, Any]]], serial: int | None
) -> None:
    """Entries come back in order and field by field as they were added and changed."""
    ledger = open_ledger(":memory:")
    added = [
        entry(number, serial=serial, occurrence=number, **before)
        for number, (before, _) in enumerate(pairs, 1)
    ]
    told = ledger.record(Batch(added=added))

    assert {one.submission_id: one for one in added} == told
    assert tuple(added) == ledger.entries("sku")

    wanted = [
        replace(one, **after | {"cells": {**one.cells, **after["cells"]}, "rev": 1})
        for one, (_, after) in zip(added, pairs, strict=True)
    ]
    told = ledger.record(Batch(changes=list(map(_change, added, wanted))))

    assert {one.submission_id: one for one in wanted} == told
    assert tuple(wanted) == ledger.entries("sku")
    ledger.close()


def test_entries_come_in_the_order_in_which_they_were_made(ledger: SqlLedger) -> None:
    """A later entry stands after an earlier one, whatever its id."""
    ledger.record(Batch(added=[entry(3), entry(1)]))
    ledger.record(Batch(added=[entry(2)]))

    assert (entry(3), entry(1), entry(2)) == ledger.entries("sku")


def test_services_and_villages_do_not_mix(target: Path | str) -> None:
    """Each sees its own entries, memories and tokens only."""
    here, there = open_ledger(target), open_ledger(target, village="35.07.32.2005")
    here.record(Batch(added=[entry(1), entry(2, service="skck")], tokens=[_token("a")]))
    here.remember({"gid": "1"})
    there.record(Batch(added=[entry(1)]))

    assert (entry(1),) == here.entries("sku")
    assert (entry(1),) == there.entries("sku")
    assert () == there.entries("skck")
    assert () == there.tokens("sku")
    assert None is there.recall("gid")
    here.close()
    there.close()


@pytest.mark.parametrize("moved", [{"step": Step.CLAIMED}, {"confirmed": True}])
def test_a_change_to_a_moved_entry_is_left_out(ledger: SqlLedger, moved: dict[str, Any]) -> None:
    """Of two runs that change one entry the later loses, with its event and its cells."""
    ledger.record(Batch(added=[entry(1), entry(2)]))
    first = _change(entry(1), replace(entry(1), **moved))
    ledger.record(Batch(changes=[first]))
    stored = ledger.entries("sku")

    late = _change(
        entry(1), replace(entry(1), status=Status.VOID, cells={Column.NOTE: OwnCell(wanted="a")})
    )
    other = _change(entry(2), replace(entry(2), status=Status.HELD))
    cells = {entry(1).submission_id: {Column.STATUS: OwnCell(wanted="b")}}
    told = ledger.record(Batch(changes=[late, other], cells=cells))

    assert [entry(2).submission_id] == list(told)
    assert stored[0] == ledger.entries("sku")[0]


def test_each_change_counts(ledger: SqlLedger) -> None:
    """Every change raises rev by one, so none can be mistaken for another."""
    ledger.record(Batch(added=[entry(1)]))
    before = entry(1)
    for _ in range(3):
        before = ledger.record(Batch(changes=[_change(before, before)]))[before.submission_id]

    assert 3 == before.rev


def test_history_tells_what_happened_and_not_what_did_not(
    ledger: SqlLedger, target: Path | str
) -> None:
    """Each change that was applied leaves an event; one that lost leaves none."""
    ledger.record(Batch(added=[entry(1)]))
    ledger.record(Batch(changes=[_change(entry(1), replace(entry(1), status=Status.HELD))]))
    ledger.record(Batch(changes=[_change(entry(1), replace(entry(1), status=Status.VOID))]))
    ledger.remember({}, event="accepted flood")

    assert [
        ("SKU-00000001-0", "seen", "RECEIVED", 0, NOW.isoformat()),
        ("SKU-00000001-0", "changed", "HELD", 1, NOW.isoformat()),
        ("", "accepted flood", "", 0, NOW.isoformat()),
    ] == sql(target, "SELECT submission_id, event, status, rev, at FROM events ORDER BY number")


def test_cells_are_put_right_one_by_one(ledger: SqlLedger) -> None:
    """Cells written alone leave other cells, and rev, as they are."""
    status, note = OwnCell(wanted="Diterima"), OwnCell(wanted="a", shown="b", defied=2)
    ledger.record(Batch(added=[entry(1, cells={Column.STATUS: status, Column.NOTE: status})]))
    ledger.record(Batch(cells={entry(1).submission_id: {Column.NOTE: note}}))

    assert (entry(1, cells={Column.STATUS: status, Column.NOTE: note}),) == ledger.entries("sku")


def test_an_entry_is_added_once(ledger: SqlLedger) -> None:
    """A batch that adds a known entry is refused whole."""
    ledger.record(Batch(added=[entry(1)]))

    with pytest.raises(LedgerBusy):
        ledger.record(Batch(added=[entry(2), entry(1)], tokens=[_token("a")]))
    assert (entry(1),) == ledger.entries("sku")
    assert () == ledger.tokens("sku")


@pytest.mark.parametrize("serial", [4_000_000_000_000, None])
def test_a_row_makes_one_entry(ledger: SqlLedger, serial: int | None) -> None:
    """The same row of the same tab, seen by two runs at once, is one entry."""
    ledger.record(Batch(added=[entry(1, serial=serial)]))

    with pytest.raises(LedgerBusy):
        ledger.record(Batch(added=[entry(2, serial=serial)]))


def test_tokens_are_open_until_they_end(ledger: SqlLedger) -> None:
    """A token that may stand in the sheet is told, one that ended is not."""
    ledger.record(Batch(added=[entry(1)], tokens=[_token("a"), _token("b", owner=None)]))
    ledger.record(Batch(ended_tokens=["a"]))

    assert (_token("b", owner=None),) == ledger.tokens("sku")


def test_a_token_is_never_used_twice(ledger: SqlLedger) -> None:
    """Also one that ended stays known."""
    ledger.record(Batch(added=[entry(1)], tokens=[_token("a")]))
    ledger.record(Batch(ended_tokens=["a"]))

    with pytest.raises(LedgerBusy):
        ledger.record(Batch(tokens=[_token("a")]))


def test_the_ledger_remembers(target: Path | str) -> None:
    """What was remembered last is told, also after the ledger was closed."""
    ledger = open_ledger(target)
    ledger.remember({"gid": "1", "tab": "x"})
    ledger.remember({"gid": "2"})
    ledger.close()
    ledger = open_ledger(target)

    assert ["2", "x", None] == [ledger.recall(key) for key in ("gid", "tab", "other")]
    ledger.close()


def test_a_missing_ledger_is_told_and_not_made(target: Path | str) -> None:
    """Only `create` makes a ledger: a lost one must stop the run."""
    opened = SqlLedger.open(target, village="v", key=KEY, now=lambda: NOW, create=False)

    assert opened is None


def test_another_village_has_no_ledger_here(target: Path | str) -> None:
    """A database that holds a ledger of one village holds none of another."""
    open_ledger(target).close()

    assert None is SqlLedger.open(target, village="v", key=KEY, now=lambda: NOW, create=False)


def test_a_ledger_has_an_identity_of_its_own(target: Path | str) -> None:
    """Each ledger gets a uuid once and keeps it."""
    here, there = open_ledger(target), open_ledger(target, village="35.07.32.2005")
    first = here.recall("ledger_uuid")
    here.close()
    here = open_ledger(target)

    assert first == here.recall("ledger_uuid")
    assert first != there.recall("ledger_uuid")
    here.close()
    there.close()


def test_a_newer_ledger_is_refused(target: Path | str) -> None:
    """An older program does not touch it, and tells both versions."""
    open_ledger(target).close()
    sql(target, "UPDATE meta SET value = '7' WHERE key = 'schema_version'")

    with pytest.raises(LedgerTooNew, match=r"version 7.* up to 2"):
        open_ledger(target)


@pytest.mark.parametrize("url", ["mysql://somewhere/x", "no url", ""])
def test_only_two_databases_will_do(url: str) -> None:
    """Another URL is the user's mistake."""
    with pytest.raises(UserError):
        open_ledger(url)


def test_a_server_that_is_away_is_tried_later() -> None:
    """Its address is told without the password."""
    with pytest.raises(TryLater, match="cannot be reached") as caught:
        open_ledger("postgresql://office:verysecret@127.0.0.1:1/ledger")
    assert "verysecret" not in str(caught.value)


def test_a_thousand_changes_are_one_transaction(ledger: SqlLedger) -> None:
    """A big batch is written whole, and quickly enough not to be noticed."""
    added = checked(ledger, *range(1000))
    started = time.process_time()
    told = ledger.record(Batch(changes=[_change(one, one) for one in added]))

    assert 1000 == len(told)
    assert time.process_time() - started < 3


def _change(before: Entry, after: Entry) -> Change:
    return Change(before=before, after=after, event="changed")


def _token(text: str, *, owner: SubmissionId | None = OWNER) -> Token:
    return Token(text=text, service="sku", submission_id=owner, column=Column.NOTE, run_id="r1")
