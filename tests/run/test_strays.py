"""Texts of ours on rows where they do not belong, and what becomes of the rows' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from office import CLAIM

if TYPE_CHECKING:
    from office import Office


def test_a_mark_on_a_neighbours_row_leaves_the_row_as_it_was(office: Office) -> None:
    """A sort just before the claim: the neighbour gets back what stood there, nobody else's."""
    office.submit("Siti Contoh", "Budi Contoh")
    office.settle()
    budi = office.record("Budi Contoh")
    office.ask("Siti Contoh", "Sudah Ditandatangani")
    office.sandbox.staff(
        {
            "sort": {
                "sheet": office.sandbox.sheet_id,
                "column": office.column_index("Nama Lengkap"),
                "descending": office.row_index("Siti Contoh") > office.row_index("Budi Contoh"),
            }
        },
        before=CLAIM,
    )
    office.run()

    assert budi == office.record("Budi Contoh")
    office.settle()
    assert "Siap Diambil" == office.record("Siti Contoh")["Status"]


def test_a_status_on_nobodys_row_goes_alone(office: Office) -> None:
    """A word that others show too is taken off that row, and off no other."""
    office.submit("Siti Contoh", "Budi Contoh")
    office.settle()
    place = {"sheet": office.sandbox.sheet_id, "row": 6, "column": office.column_index("Status")}
    office.sandbox.staff({"edit": place | {"value": "Siap Ditandatangani"}})
    office.run()

    assert {"Siti Contoh": "Siap Ditandatangani", "Budi Contoh": "Siap Ditandatangani"} == {
        name: status for name, status in office.statuses().items() if name or status
    }
