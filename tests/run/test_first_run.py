"""From a resident's answers to a letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from office import CLAIM, READ, SWAP

if TYPE_CHECKING:
    from office import Office


def test_one_resident_gets_one_letter(office: Office) -> None:
    """A valid submission becomes a numbered, stored and linked letter in one run."""
    office.submit("Siti Contoh")

    report = office.run()

    assert 0 == report.exit_code
    row = office.record("Siti Contoh")
    assert "Siap Ditandatangani" == row["Status"]
    assert "500.3/1/35.07.32.2004/2026" == row["Nomor Surat"]
    assert "Nama lengkap\t:\tSiti Contoh" in office.letter("Siti Contoh")
    assert [row["Nomor Surat"]] == [line.letter_number for line in office.register()]
    assert row["Nomor Surat"] == office.register_tab()[1][1]


def test_a_quiet_run_is_one_read(office: Office) -> None:
    """When nothing changed, one Sheets call is made and nothing is written."""
    office.submit("Siti Contoh")
    office.run()
    before = office.mark()

    report = office.run()

    assert [READ] == office.calls(before)
    assert 1 == report.counts["unchanged"]


def test_a_run_with_news_takes_four_calls(office: Office) -> None:
    """Read, claim, read back, swap."""
    office.submit("Siti Contoh")
    before = office.mark()

    report = office.run()

    assert [READ, CLAIM, READ, SWAP] == office.calls(before)
    assert (2, 2) == (report.google_calls["sheets_read"], report.google_calls["sheets_write"])
