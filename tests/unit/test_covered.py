"""What lay under our marks is found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from specs import SERVICE

from sync.google.interface import Grid
from sync.run.covered import ClaimedTab, covered_answers

if TYPE_CHECKING:
    from sync.model import Cell

MARK = "SKU-2V4K-8H3D-X"
HEADER: tuple[Cell, ...] = ("Nama Lengkap", "NIK", "Tanggal Lahir", "Agama", "Pernyataan")
SITI: tuple[Cell, ...] = ("Siti", "1", "2", "Islam", "Saya menyatakan")
COVERED = (*SITI[:4], MARK)
BEFORE = ClaimedTab({MARK: 2}, Grid(gid=0, title="", row_count=2, rows=(HEADER, SITI)))


def test_an_answer_is_found_by_the_rest_of_its_row() -> None:
    """Wherever the row stands now."""
    assert {MARK: "Saya menyatakan"} == _covered(("", "", "", "", ""), COVERED)


def test_a_copy_made_another_persons_hides_no_answer() -> None:
    """Staff copied the row with the mark on it, and typed somebody else's name there."""
    copy = ("Budi", "7", "8", "Hindu", MARK)

    assert {MARK: "Saya menyatakan"} == _covered(COVERED, copy) == _covered(copy, COVERED)


def test_a_copy_of_the_same_row_hides_no_answer() -> None:
    """Both say the same; where the row was meant to be, another stands now."""
    rows = (HEADER, SITI, SITI, ("Budi", "7", "8", "Hindu", "Ya"))
    before = ClaimedTab({MARK: 4}, Grid(gid=0, title="", row_count=4, rows=rows))

    assert {MARK: "Saya menyatakan"} == _covered(COVERED, before=before)


def test_a_row_is_known_by_its_time_however_much_was_edited() -> None:
    """Staff made the row another person's in the very moment; nobody else sent at that time."""
    header = ("Timestamp", *HEADER)
    before = _claimed(header, (45000.5, *SITI), (45001.5, "Budi", "7", "8", "Hindu", "Ya"))

    found = covered_answers(
        before, _grid(header, (45000.5, "Ani", "3", "4", "Islam", MARK)), SERVICE
    )

    assert {MARK: "Saya menyatakan"} == found


def test_a_row_is_known_by_its_ticket_when_its_form_is_sent_again() -> None:
    """An edited response has another time, and the ticket that it had."""
    header = ("Timestamp", *HEADER, "ID Permohonan")
    ticket = "SKU-7K3F-9QXM-T"
    before = _claimed(header, (45000.5, *SITI, ticket))
    edited = (45002.5, "Siti A", "3", "4", "Islam", MARK, ticket)

    assert {MARK: "Saya menyatakan"} == covered_answers(before, _grid(header, edited), SERVICE)


def test_a_strangers_row_gets_nobodys_answer() -> None:
    """Too much differs, and neither time nor ticket is the same."""
    assert {MARK: None} == _covered(("Ani", "3", "4", "Islam", MARK))


def _claimed(*rows: tuple[Cell, ...]) -> ClaimedTab:
    return ClaimedTab({MARK: 2}, _grid(*rows))


def _grid(*rows: tuple[Cell, ...]) -> Grid:
    return Grid(gid=0, title="", row_count=len(rows), rows=rows)


def _covered(*rows: tuple[Cell, ...], before: ClaimedTab = BEFORE) -> dict[str, Cell]:
    now = Grid(gid=0, title="", row_count=len(rows) + 1, rows=(HEADER, *rows))
    return covered_answers(before, now, SERVICE)
