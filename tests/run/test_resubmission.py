"""Told to correct something, residents fill the form in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from history import quiet
from office import resident

if TYPE_CHECKING:
    from office import Office

_NUMBER = "500.3/{}/35.07.32.2004/2026"
_REPLACED = "Diganti oleh permohonan {} yang lebih baru dari pemohon yang sama."
_DONE, _REPAIR, _HELD = "Siap Ditandatangani", "Perlu Perbaikan", "Ditahan"


def _send(office: Office, keyword: str = "", **answers: str) -> str:
    """Let Siti send the form, marked by *keyword* in what she needs it for; return the mark."""
    changed = {question.replace("_", " "): text for question, text in answers.items()}
    office.sandbox.submit(resident("Siti Contoh", 1) | changed | {"Keperluan": f"KUR {keyword}"})
    office.pass_time(minutes=1)
    return keyword


def _rows(office: Office) -> dict[str, dict[str, str]]:
    """Return Siti's rows by their mark."""
    return {str(one["Keperluan"]).removeprefix("KUR "): one for one in office.sandbox.records()}


def _shown(office: Office) -> dict[str, str]:
    return {mark: row["Status"] for mark, row in _rows(office).items()}


@pytest.fixture
def corrected(office: Office) -> Office:
    """Return an office where Siti was told to correct her NIK."""
    _send(office, "pertama", NIK="350732")
    office.run()
    assert {"pertama": _REPAIR} == _shown(office)
    return office


def test_of_two_new_requests_the_first_goes_on(corrected: Office) -> None:
    """The old one names the one that gets the letter; the second is held as its duplicate."""
    office = corrected
    _send(office, "kedua")
    _send(office, "ketiga")
    office.run()

    rows = _rows(office)
    assert {"pertama": "Diganti", "kedua": _DONE, "ketiga": _HELD} == _shown(office)
    assert _REPLACED.format(rows["kedua"]["ID Permohonan"]) == rows["pertama"]["Catatan"]
    assert f"mirip permohonan {rows['kedua']['ID Permohonan']}" in rows["ketiga"]["Catatan"]
    assert [_NUMBER.format(1)] == [line.letter_number for line in office.register()]
    assert quiet(office)


def test_a_wrong_one_replaces_nothing(corrected: Office) -> None:
    """Both wait until a right one comes, that takes the place of both."""
    office = corrected
    _send(office, "kedua", RT="entah")
    office.run()
    assert {"pertama": _REPAIR, "kedua": _REPAIR} == _shown(office)

    _send(office, "ketiga")
    office.run()
    rows = _rows(office)
    assert {"pertama": "Diganti", "kedua": "Diganti", "ketiga": _DONE} == _shown(office)
    ticket = rows["ketiga"]["ID Permohonan"]
    assert {_REPLACED.format(ticket)} == {rows[m]["Catatan"] for m in ("pertama", "kedua")}
    assert quiet(office)


def test_a_wrong_one_that_staff_correct_goes_on(corrected: Office) -> None:
    """What matters is that it is valid now."""
    office = corrected
    _send(office, "kedua", RT="entah")
    office.run()
    row = next(
        i for i, r in enumerate(office.sandbox.records(), 1) if r["Keperluan"] == "KUR kedua"
    )
    place = {"sheet": office.sandbox.sheet_id, "row": row, "column": office.column_index("RT")}
    office.sandbox.staff({"edit": place | {"value": "'003"}})
    office.run()

    assert {"pertama": "Diganti", "kedua": _DONE} == _shown(office)
    assert 1 == len(office.register())


def test_the_old_row_corrected_meanwhile_goes_on(corrected: Office) -> None:
    """Staff mend the cell while the resident sends again: one letter, the other is held."""
    office = corrected
    office.edit("Siti Contoh", "NIK", f"'{resident('Siti Contoh', 1)['NIK']}")
    _send(office, "kedua")
    office.run()

    rows = _rows(office)
    assert {"pertama": _DONE, "kedua": _HELD} == _shown(office)
    assert (
        f"{rows['pertama']['ID Permohonan']}, nomor {_NUMBER.format(1)}."
        in (rows["kedua"]["Catatan"])
    )
    assert quiet(office)


def test_sent_again_after_the_letter_it_is_a_duplicate(corrected: Office) -> None:
    """What went on has a letter; a third one of the same person waits for staff."""
    office = corrected
    _send(office, "kedua")
    office.run()
    _send(office, "ketiga")
    office.run()

    assert {"pertama": "Diganti", "kedua": _DONE, "ketiga": _HELD} == _shown(office)
    assert _NUMBER.format(1) in _rows(office)["ketiga"]["Catatan"]
    assert 1 == len(office.register())


def test_what_was_replaced_stays_so(corrected: Office) -> None:
    """Neither a corrected cell, nor the end of the newer one, brings it back."""
    office = corrected
    _send(office, "kedua")
    office.run()
    gid = office.sandbox.sheet_id
    for column, value in (
        ("NIK", f"'{resident('Siti Contoh', 1)['NIK']}"),
        ("Tindakan", "Setujui"),
    ):
        place = {"sheet": gid, "row": 1, "column": office.column_index(column), "value": value}
        office.sandbox.staff({"edit": place})
    withdraw = {"row": 2, "column": office.column_index("Tindakan"), "value": "Batalkan"}
    office.sandbox.staff({"edit": {"sheet": gid} | withdraw})
    office.run()

    rows = _rows(office)
    assert {"pertama": "Diganti", "kedua": "Dibatalkan"} == _shown(office)
    assert 'pilih "Batalkan", atau kosongkan.' in rows["pertama"]["Catatan"]
    assert quiet(office)


def test_somebody_else_replaces_nobody(corrected: Office) -> None:
    """One equal answer, here the birth date, is not the same person."""
    office = corrected
    born = resident("Siti Contoh", 1)["Tanggal Lahir"]
    office.sandbox.submit(
        resident("Budi Contoh", 2) | {"Tanggal Lahir": born, "Keperluan": "KUR x"}
    )
    office.run()

    assert {"pertama": _REPAIR, "x": _DONE} == _shown(office)


def test_a_held_duplicate_learns_the_older_ones_number(office: Office) -> None:
    """Its note names the number as soon as there is one."""
    office.configure(services__sku__approval="staff")
    _send(office, "pertama")
    _send(office, "kedua")
    office.run()
    office.sandbox.staff(
        {
            "edit": {
                "sheet": office.sandbox.sheet_id,
                "row": 1,
                "column": office.column_index("Tindakan"),
                "value": "Setujui",
            }
        }
    )
    assert ", nomor" not in _rows(office)["kedua"]["Catatan"]
    office.settle()

    assert {"pertama": _DONE, "kedua": _HELD} == _shown(office)
    assert f", nomor {_NUMBER.format(1)}." in _rows(office)["kedua"]["Catatan"]
    assert quiet(office)
