"""What the ledger promises about numbers: each once, in order, for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import (
    TODAY,
    changed,
    checked,
    entry,
    letter,
    numbered,
    open_ledger,
    order,
    sequences,
    sql,
)

from sync.errors import SafetyStop
from sync.ledger.interface import Batch, Change, Composed
from sync.model import LineState, Status, Step

if TYPE_CHECKING:
    from pathlib import Path

    from sync.ledger.interface import NumberOrder
    from sync.ledger.store import SqlLedger
    from sync.model import Entry, SubmissionId

NEW_YEAR = date(2027, 1, 2)


def test_a_number_its_line_and_its_letter_come_together(ledger: SqlLedger) -> None:
    """Entry, register line and the letter's values hold the number that was taken."""
    done = numbered(ledger, 1)
    (line,) = ledger.register_lines("surat-keterangan")

    assert replace(entry(1, step=Step.NUMBERED, rev=1), letter=letter(done, 1)) == done
    assert (done,) == ledger.entries("sku")
    assert {"nama": "Siti Contoh", "nomor_surat": "1"} == ledger.letter_values(
        done.submission_id, 1
    )
    assert ("500.3/1/35.07.32.2004/2026", TODAY, LineState.ISSUED, done.submission_id, 1) == (
        line.letter_number,
        line.issued_on,
        line.state,
        line.submission_id,
        line.revision,
    )
    assert ("Surat Keterangan Usaha", "Siti Contoh", "modal usaha", "") == (
        line.title,
        line.applicant,
        line.summary,
        line.reason,
    )


def test_an_entry_that_moved_takes_no_number(ledger: SqlLedger) -> None:
    """Of two runs that number one entry, one gets None and no number is lost."""
    (ready,) = checked(ledger, 1)
    first, second = (ledger.number(ready, order(ready)) for _ in range(2))

    assert first is not None
    assert None is second
    assert [1] == sequences(ledger)
    assert 1 == ledger.last_sequence("surat-keterangan", 2026)


def test_the_step_counts_besides_rev(ledger: SqlLedger) -> None:
    """An entry that is not where the run believes it takes no number, whatever its rev."""
    ledger.record(Batch(added=[entry(1)]))
    believed = entry(1, step=Step.CHECKED)

    assert None is ledger.number(believed, order(believed))
    assert (entry(1),) == ledger.entries("sku")


def test_only_a_checked_entry_takes_a_number(ledger: SqlLedger) -> None:
    """The dry fill comes first, so that a broken template burns no number."""
    ledger.record(Batch(added=[entry(1)]))

    with pytest.raises(ValueError, match="not ready"):
        ledger.number(entry(1), order(entry(1)))
    assert [] == sequences(ledger)


def test_a_numbered_entry_takes_no_second_number(ledger: SqlLedger) -> None:
    """Not even when it is checked again."""
    again = changed(ledger, numbered(ledger, 1), step=Step.CHECKED)

    with pytest.raises(ValueError, match="not ready"):
        ledger.number(again, order(again))
    assert [1] == sequences(ledger)


def test_a_letter_that_cannot_be_composed_takes_no_number(ledger: SqlLedger) -> None:
    """Whatever fails inside the transaction undoes all of it."""
    (ready,) = checked(ledger, 1)

    with pytest.raises(ZeroDivisionError):
        ledger.number(ready, replace(order(ready), compose=_fail))
    assert (ready,) == ledger.entries("sku")
    assert 0 == ledger.last_sequence("surat-keterangan", 2026)


def test_a_letter_carries_the_number_that_was_taken(ledger: SqlLedger) -> None:
    """A letter composed with another sequence is refused."""
    (ready,) = checked(ledger, 1)
    wrong = Composed(letter=letter(ready, 9), values={})

    with pytest.raises(ValueError, match="does not carry"):
        ledger.number(ready, replace(order(ready), compose=lambda _: wrong))
    assert [] == sequences(ledger)


def test_start_continues_the_paper_register_in_its_first_year_only(ledger: SqlLedger) -> None:
    """The first year begins at `start`, every later one at 1."""
    for number, day in enumerate([TODAY, TODAY, NEW_YEAR, NEW_YEAR], 1):
        numbered(ledger, number, issued_on=day, start=41)

    assert [41, 42] == sequences(ledger, 2026)
    assert [1, 2] == sequences(ledger, 2027)
    assert [41, 42, 1, 2] == sequences(ledger)


def test_the_first_sequence_of_a_year_stays(ledger: SqlLedger) -> None:
    """It is `start` before the first number, and what it was afterwards."""
    before = ledger.first_sequence("surat-keterangan", 2026, 41)
    numbered(ledger, 1, start=41)
    after = [ledger.first_sequence("surat-keterangan", year, 7) for year in (2026, 2027)]

    assert 41 == before
    assert [41, 1] == after


def test_registers_count_apart(ledger: SqlLedger) -> None:
    """Each register has its own sequence."""
    numbered(ledger, 1)
    (ready,) = checked(ledger, 2)
    ledger.number(ready, _in_register("skck", order(ready)))

    assert [1] == sequences(ledger)
    assert 1 == ledger.last_sequence("skck", 2026)


def test_villages_count_apart(target: Path | str) -> None:
    """Two villages in one database each begin at their own 1."""
    here, there = open_ledger(target), open_ledger(target, village="35.07.32.2005")
    numbered(here, 1)
    numbered(there, 1)

    assert [1] == sequences(here) == sequences(there)
    here.verify()
    there.close()
    here.close()


def test_a_new_revision_keeps_the_number(ledger: SqlLedger) -> None:
    """A re-issue adds a letter beside the old one; the register has one line."""
    first = numbered(ledger, 1)
    composed = Composed(letter=letter(first, 1, revision=2), values={"nama": "Budi Contoh"})
    second = ledger.revise(first, composed)

    assert second is not None
    assert (second,) == ledger.entries("sku")
    assert composed.letter == second.letter
    assert [(1, 2)] == [
        (line.sequence, line.revision) for line in ledger.register_lines("surat-keterangan")
    ]
    assert ["Siti Contoh", "Budi Contoh"] == [
        ledger.letter_values(first.submission_id, revision)["nama"] for revision in (1, 2)
    ]


def test_the_register_keeps_what_is_said_of_each_revision(ledger: SqlLedger) -> None:
    """Remarks follow one another; a revision without one leaves them as they are."""
    now = numbered(ledger, 1)
    for revision, remark in ((2, "two"), (3, ""), (4, "four")):
        composed = Composed(letter=letter(now, 1, revision=revision), values={})
        revised = ledger.revise(now, composed, remark)
        assert revised is not None
        now = revised

    assert ["two; four"] == [line.reason for line in ledger.register_lines("surat-keterangan")]


def test_an_entry_that_moved_is_not_revised(ledger: SqlLedger) -> None:
    """Of two runs that re-issue a letter, one makes the revision."""
    first = numbered(ledger, 1)
    composed = Composed(letter=letter(first, 1, revision=2), values={})
    answers = [ledger.revise(first, composed) for _ in range(2)]

    assert [False, True] == [answer is None for answer in answers]


@pytest.mark.parametrize("wrong", [{"revision": 3}, {"sequence": 2}, {"letter_number": "x"}])
def test_a_revision_follows_the_last_one(ledger: SqlLedger, wrong: dict[str, Any]) -> None:
    """Another number, or a revision left out, is refused."""
    first = numbered(ledger, 1)
    composed = Composed(letter=replace(letter(first, 1, revision=2), **wrong), values={})

    with pytest.raises(ValueError, match="not the next revision"):
        ledger.revise(first, composed)
    assert (first,) == ledger.entries("sku")


def test_a_void_number_stays_taken_and_never_revives(ledger: SqlLedger) -> None:
    """The line keeps its number with the reason, and the next letter gets the next one."""
    void = _void(ledger, 1, reason="salah ketik")
    numbered(ledger, 2)

    assert [(1, LineState.VOID, "salah ketik"), (2, LineState.ISSUED, "")] == [
        (line.sequence, line.state, line.reason)
        for line in ledger.register_lines("surat-keterangan")
    ]
    with pytest.raises(ValueError, match="never revives"):
        ledger.revise(void, Composed(letter=letter(void, 1, revision=2), values={}))
    assert void == ledger.entries("sku")[0]
    ledger.verify()


def test_where_the_file_lies_is_kept_with_its_revision(ledger: SqlLedger) -> None:
    """Hash and location of a letter are what a change says; its other parts never change."""
    done = numbered(ledger, 1)
    stored = replace(letter(done, 1), sha256="s", location="r/2026/0001_x_r1.docx")
    told = changed(ledger, done, step=Step.STORED, letter=stored)

    assert stored == told.letter
    assert (told,) == ledger.entries("sku")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE register_lines SET letter_number = '500.3/8/35.07.32.2004/2026' WHERE sequence = 2",
        "UPDATE register_lines SET issued_on = '2026-11-25' WHERE sequence = 2",
        "UPDATE register_lines SET issued_on = '2026-11-54' WHERE sequence = 2",
        "UPDATE register_lines SET title = 'Surat Lain' WHERE sequence = 3",
        "UPDATE register_lines SET submission_id = NULL WHERE sequence = 1",
        "UPDATE register_lines SET line_hash = 'x' WHERE sequence = 3",
        "UPDATE register_lines SET sequence = 9 WHERE sequence = 3",
        "DELETE FROM register_lines WHERE sequence = 1",
        "DELETE FROM register_lines WHERE sequence = 2",
        "DELETE FROM register_lines WHERE sequence = 3",
        "DELETE FROM register_lines",
        "DELETE FROM counters",
        "UPDATE counters SET last = 4",
        "UPDATE counters SET last = 2",
    ],
)
def test_a_damaged_register_is_found(ledger: SqlLedger, target: Path | str, damage: str) -> None:
    """A changed, lost or slipped-in number, or a counter that is off, is a safety stop."""
    for number in (1, 2, 3):
        numbered(ledger, number)
    ledger.verify()
    sql(target, damage)

    with pytest.raises(SafetyStop) as stop:
        ledger.verify()
    assert "ledger-corrupt" == stop.value.name


def test_a_line_of_another_history_does_not_fit(tmp_path: Path) -> None:
    """The code of a line hangs on the lines before it: two backups cannot be mixed unseen."""
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    for file, first in ((one, 1), (other, 3)):
        ledger = open_ledger(file)
        numbered(ledger, first)
        numbered(ledger, 2)
        ledger.close()
    [(code,)] = sql(other, "SELECT line_hash FROM register_lines WHERE sequence = 2")
    sql(one, "UPDATE register_lines SET line_hash = :code WHERE sequence = 2", code=code)

    ledger = open_ledger(one)
    with pytest.raises(SafetyStop):
        ledger.verify()
    ledger.close()


def test_a_purge_leaves_the_chain_whole(ledger: SqlLedger, target: Path | str) -> None:
    """Names and purposes may go; number, date, kind and id stay proven."""
    numbered(ledger, 1)
    sql(target, "UPDATE register_lines SET applicant = '', summary = ''")

    ledger.verify()


@given(st.lists(st.tuples(st.sampled_from(["number", "void", "revise"]), st.booleans())))
def test_numbers_have_no_gap_whatever_happens(steps: list[tuple[str, bool]]) -> None:
    """Letters, re-issues and withdrawals in any order leave 1..N and a whole chain."""
    ledger = open_ledger(":memory:")
    made = 0
    for what, newest in steps:
        live = [one for one in ledger.entries("sku") if one.status is not Status.VOID]
        if what == "number" or not live:
            made += 1
            numbered(ledger, made)
        elif what == "void":
            _withdraw(ledger, live[-1 if newest else 0].submission_id)
        else:
            _revise(ledger, live[-1 if newest else 0].submission_id)

    assert list(range(1, made + 1)) == sequences(ledger)
    ledger.verify()
    ledger.close()


def _fail(sequence: int) -> Composed:
    raise ZeroDivisionError(sequence)


def _in_register(register: str, order: NumberOrder) -> NumberOrder:
    def compose(sequence: int) -> Composed:
        composed = order.compose(sequence)
        return replace(composed, letter=replace(composed.letter, register=register))

    return replace(order, register=register, compose=compose)


def _void(ledger: SqlLedger, number: int, *, reason: str) -> Entry:
    return _withdraw(ledger, numbered(ledger, number).submission_id, reason=reason)


def _withdraw(ledger: SqlLedger, submission_id: SubmissionId, *, reason: str = "batal") -> Entry:
    before = _now(ledger, submission_id)
    after = replace(before, status=Status.VOID, reason=reason)
    change = Change(before=before, after=after, event="void", voids_number=True)
    return ledger.record(Batch(changes=[change]))[submission_id]


def _revise(ledger: SqlLedger, submission_id: SubmissionId) -> None:
    before = _now(ledger, submission_id)
    assert before.letter is not None
    next_letter = replace(before.letter, revision=before.letter.revision + 1)
    ledger.revise(before, Composed(letter=next_letter, values={}))


def _now(ledger: SqlLedger, submission_id: SubmissionId) -> Entry:
    (found,) = (one for one in ledger.entries("sku") if one.submission_id == submission_id)
    return found
