"""Staff merge cells of ours: Google takes what is written into all but the first, and drops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from command_line import command
from history import quiet
from village_user import VillageUser

if TYPE_CHECKING:
    from office import Office


def _merge(office: Office, kind: str, first: str, last: str, *, row: int, rows: int = 1) -> None:
    area = {
        "sheetId": office.sandbox.sheet_id,
        "startRowIndex": row,
        "endRowIndex": row + rows,
        "startColumnIndex": office.column_index(first),
        "endColumnIndex": office.column_index(last) + 1,
    }
    more = {"mergeType": "MERGE_ALL"} if kind == "mergeCells" else {}
    VillageUser(office.sandbox).change({kind: {"range": area} | more})


@pytest.mark.parametrize(
    "first, last, cells",
    [
        ("Status", "Nomor Surat", ("X2", "Y2")),
        ("ID Permohonan", "Status", ("W2",)),
        ("Pernyataan", "ID Permohonan", ("V2",)),
    ],
)
def test_the_run_says_which_cells_to_unmerge(
    office: Office, first: str, last: str, cells: tuple[str, ...]
) -> None:
    """Other rows get their letters meanwhile; unmerged, everything is put right."""
    office.submit("Siti Contoh")
    office.settle()
    before = office.record("Siti Contoh")
    _merge(office, "mergeCells", first, last, row=1)
    office.submit("Budi Contoh")
    command(office, "run")
    assert "Siap Ditandatangani" == office.record("Budi Contoh")["Status"]

    told = command(office, "run")
    assert 2 == told.code
    assert "Format > Merge cells > Unmerge" in told.err
    assert [] == [cell for cell in cells if cell not in told.err], told.err

    _merge(office, "unmergeCells", first, last, row=1)
    assert 0 == command(office, "run").code
    assert before == office.record("Siti Contoh")
    assert 2 == len(office.register())
    assert quiet(office)


def test_a_new_row_with_merged_cells_waits_for_its_letter(office: Office) -> None:
    """No number is taken while the row cannot show it."""
    office.submit("Siti Contoh", "Budi Contoh")
    _merge(office, "mergeCells", "Status", "Status", row=1, rows=2)
    command(office, "run")
    told = command(office, "run")

    assert (2, True) == (told.code, "W3" in told.err), told.err
    assert ["Siti Contoh"] == [line.applicant for line in office.register()]
    _merge(office, "unmergeCells", "Status", "Status", row=1, rows=2)
    assert 0 == command(office, "run").code
    assert {"Siap Ditandatangani"} == set(office.statuses().values())
    assert quiet(office)
