"""`sheet_writes: verify`, the fallback: write by position, look, put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from office import READ, SWAP

if TYPE_CHECKING:
    from office import Office


@pytest.fixture
def careful(office: Office) -> Office:
    """Return an office that writes by position and verifies."""
    office.configure(sheet_writes="verify")
    return office


def test_a_request_takes_two_runs(careful: Office) -> None:
    """A ticket is confirmed on its row before a letter is numbered."""
    careful.submit("Siti Contoh", "Budi Contoh")

    careful.run()
    received = careful.statuses()
    careful.run()

    assert {"Siti Contoh": "Diterima", "Budi Contoh": "Diterima"} == received
    assert ["Siap Ditandatangani"] * 2 == list(careful.statuses().values())
    assert [1, 2] == [line.sequence for line in careful.register()]
    assert careful.record("Budi Contoh")["Nomor Surat"] == careful.register_tab()[2][1]


def test_it_takes_at_most_six_calls_and_then_one(careful: Office) -> None:
    """Read, read again, write, look; a run without news only reads."""
    careful.submit("Siti Contoh")
    careful.run()
    before = careful.mark()
    careful.run()
    news = careful.calls(before)
    before = careful.mark()
    careful.run()

    assert [READ, READ, SWAP, READ] == news
    assert [READ] == careful.calls(before)


def test_rows_that_move_under_the_pen_are_put_right(careful: Office) -> None:
    """What a positional write put on another's row is there no more when the run ends."""
    careful.submit("Siti Contoh", "Budi Contoh", "Ani Contoh")
    careful.run()
    sort = {"sort": {"sheet": careful.sandbox.sheet_id, "column": 1}}
    careful.sandbox.staff(sort, before=SWAP)

    before = careful.mark()

    report = careful.run()

    assert 0 == report.exit_code
    assert [READ, READ, SWAP, READ, SWAP, READ] == careful.calls(before)
    for line in careful.register():
        row = next(r for r in careful.sandbox.records() if r["Nomor Surat"] == line.letter_number)
        assert line.applicant == row["Nama Lengkap"]
        assert line.submission_id == row["ID Permohonan"]


def test_an_inserted_row_keeps_nothing_of_ours(careful: Office) -> None:
    """A row that slips in between gets no text that was meant for another."""
    careful.submit("Siti Contoh", "Budi Contoh")
    careful.run()
    insert = {"insert": {"sheet": careful.sandbox.sheet_id, "row": 1}}
    careful.sandbox.staff(insert, before=SWAP)

    careful.run()

    assert {"Siti Contoh": "Siap Ditandatangani", "Budi Contoh": "Siap Ditandatangani"} == {
        name: status for name, status in careful.statuses().items() if name
    }
    empty = [row for row in careful.sandbox.records() if not row["Nama Lengkap"]]
    assert [] == [row for row in empty if any(row.values())]


def test_a_lost_answer_is_found_by_looking(careful: Office) -> None:
    """The write is not sent again; the reading tells that it was applied."""
    careful.submit("Siti Contoh")
    careful.run()
    careful.sandbox.fault(SWAP, kind="503-after")
    before = careful.mark()

    report = careful.run()

    assert 0 == report.exit_code
    assert [READ, READ, SWAP, READ] == careful.calls(before)
    assert "Siap Ditandatangani" == careful.record("Siti Contoh")["Status"]


def test_a_line_that_did_not_arrive_is_written_again(careful: Office) -> None:
    """A run that ends well leaves no number in a sheet that the register tab does not show."""
    careful.submit("Siti Contoh")
    careful.run()
    careful.sandbox.fault(SWAP, kind="503")

    report = careful.run()

    assert 0 == report.exit_code
    assert careful.record("Siti Contoh")["Nomor Surat"] == careful.register_tab()[1][1]


def test_our_text_on_an_empty_row_goes_without_other_news(careful: Office) -> None:
    """A text of ours that staff pasted beside no request does not stay there."""
    careful.submit("Siti Contoh")
    careful.run()
    careful.run()
    notice = careful.record("Siti Contoh")["Kabari Pemohon"]
    at = {"row": 2, "column": careful.column_index("Kabari Pemohon"), "value": notice}
    careful.sandbox.staff({"edit": {"sheet": careful.sandbox.sheet_id, **at}})

    careful.run()

    assert [notice] == [
        row["Kabari Pemohon"] for row in careful.sandbox.records() if row["Kabari Pemohon"]
    ]


def test_what_a_killed_run_wrote_on_an_empty_row_goes(careful: Office) -> None:
    """It recorded nothing of what it wrote; the number tells that the row's texts are ours."""
    careful.submit("Siti Contoh", "Budi Contoh")
    careful.run()
    sheet = careful.sandbox.sheet_id
    gone = {"delete": {"sheet": sheet, "row": 1}}
    careful.sandbox.staff({"insert": {"sheet": sheet, "row": 2}}, gone, before=SWAP)
    careful.sandbox.fault(READ, kind="403", after=2)  # it cannot look at what it wrote
    careful.run()
    written = careful.sandbox.rows()[1]

    careful.run()

    assert "Siap Ditandatangani" in written
    assert not any(careful.sandbox.rows()[1])
