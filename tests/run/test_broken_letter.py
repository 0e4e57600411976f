"""A letter that cannot be filled costs no number: each is filled once before numbers are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.errors import TemplateError

if TYPE_CHECKING:
    from office import Office

CONTROL_CHARACTER = "\x0b"  #: no document can hold it, and YAML can spell it


def test_a_letter_that_cannot_be_filled_takes_no_number(office: Office) -> None:
    """The request waits, the run says why, and the first number is still the first."""
    office.submit("Siti Contoh")
    office.configure(signers__kades__name=f"BUDI{CONTROL_CHARACTER}CONTOH")
    report = office.run()

    assert [TemplateError] == [type(failure) for failure in report.failures]
    assert ("Tertunda", "") == _row(office)
    assert () == office.register()

    office.configure()
    office.run()

    assert "Siap Ditandatangani" == _row(office)[0]
    assert [1] == [line.sequence for line in office.register()]


def _row(office: Office) -> tuple[str, str]:
    record = office.record("Siti Contoh")
    return record["Status"], record["Nomor Surat"]
