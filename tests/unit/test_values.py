"""What a letter is filled with, and how its number is written."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specs import NUMBER, SERVICE, SIGNER, VILLAGE

from sync.model import NumberSpec, Service, Signer, SubmissionId
from sync.values import (
    PLACEHOLDERS,
    letter_number,
    letter_values,
    longest_number,
    number_format_problem,
    valid_until,
)

ISSUED = date(2026, 3, 7)


def numbered(number_format: str, code: str = "500.3") -> NumberSpec:
    return NumberSpec(format=number_format, code=code, register="surat")


def filled(
    service: Service = SERVICE, signer: Signer = SIGNER, revision: int = 1
) -> dict[str, str]:
    return letter_values(
        values={"nama": "Siti Contoh"},
        service=service,
        village=VILLAGE,
        signer=signer,
        submission_id=SubmissionId("SKU-0000-0000-0"),
        letter_number="500.3/1/35.07.32.2004/2026",
        revision=revision,
        issued_on=ISSUED,
        valid_until=valid_until(ISSUED, service.valid_months),
    )


def test_every_placeholder_has_a_value() -> None:
    """The answers and exactly the placeholders of the contract."""
    assert PLACEHOLDERS | {"nama"} == set(filled())


def test_letter_tells_who_when_and_how_long() -> None:
    """Dates print long, validity also in words; the first issue has no revision."""
    values = filled()
    wanted = {
        "nama": "Siti Contoh",
        "nomor_surat": "500.3/1/35.07.32.2004/2026",
        "tanggal_surat": "7 Maret 2026",
        "berlaku_sampai": "7 Juni 2026",
        "masa_berlaku": "3 (tiga) bulan",
        "desa": "Kebobang",
        "kecamatan": "Wonosari",
        "kabupaten": "Kabupaten Malang",
        "provinsi": "Jawa Timur",
        "kode_desa": "35.07.32.2004",
        "alamat_kantor": "Jalan Raya Kebobang Nomor 1",
        "kode_pos": "65164",
        "telepon": "",
        "surel": "",
        "penandatangan": "NAMA KEPALA DESA",
        "jabatan": "Kepala Desa Kebobang",
        "atas_nama": "",
        "nip": "",
        "id_permohonan": "SKU-0000-0000-0",
        "revisi": "",
    }
    assert wanted == values


def test_letter_without_end_tells_no_validity() -> None:
    """`valid_months: 0` leaves both placeholders empty, so that their line is dropped."""
    values = filled(dataclasses.replace(SERVICE, valid_months=0))
    assert ("", "") == (values["masa_berlaku"], values["berlaku_sampai"])


def test_secretary_signs_on_behalf() -> None:
    """Another signer brings title, line above it and NIP."""
    signer = Signer(
        key="sekdes",
        name="NAMA SEKRETARIS",
        title="Sekretaris Desa Kebobang",
        on_behalf_of="a.n. Kepala Desa Kebobang",
        id_line="NIP 1970",
    )
    values = filled(signer=signer)
    assert (
        "NAMA SEKRETARIS",
        "Sekretaris Desa Kebobang",
        "a.n. Kepala Desa Kebobang",
        "NIP 1970",
    ) == (
        values["penandatangan"],
        values["jabatan"],
        values["atas_nama"],
        values["nip"],
    )


def test_second_revision_says_so() -> None:
    """A re-issue prints which revision it is."""
    assert "2" == filled(revision=2)["revisi"]


@pytest.mark.parametrize(
    "issued_on, months, expected",
    [
        (date(2026, 3, 7), 3, date(2026, 6, 7)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 7), 0, None),
    ],
)
def test_validity_ends_on_the_same_day(issued_on: date, months: int, expected: date | None) -> None:
    """The same day so many months later, else that month's last."""
    assert expected == valid_until(issued_on, months)


@pytest.mark.parametrize(
    "number_format, code, expected",
    [
        ("{code}/{sequence}/{village_code}/{year}", "500.3", "500.3/12/35.07.32.2004/2026"),
        ("517/{sequence}/{village_code}/{year}", "", "517/12/35.07.32.2004/2026"),
        ("{code}/{sequence:03}/Ds/{month_roman}/{year}", "500", "500/012/Ds/III/2026"),
        ("{code}/{sequence:04}/K/{month:02}/{year}", "500", "500/0012/K/03/2026"),
        ("{code}/{sequence}/K/{month}/{year}", "500", "500/12/K/3/2026"),
    ],
)
def test_number_follows_the_format(number_format: str, code: str, expected: str) -> None:
    """All gaps of the contract are filled, padded where the format says so."""
    spec = numbered(number_format, code)
    assert expected == letter_number(spec, sequence=12, village_code=VILLAGE.code, issued_on=ISSUED)


@pytest.mark.parametrize(
    "number_format",
    [
        "{code}/{sequence}/{village_code}/{year}",
        "517/{sequence}/{village_code}/{year}",
        "{code}/{sequence:03}/Ds.Kbg/{month_roman}/{year}",
        "{code}/{sequence}/{year}",
        "Nomor {sequence} Tahun {year}",
        "{sequence}/SKU/{month}/{year}",
    ],
)
def test_usual_formats_are_fine(number_format: str) -> None:
    """Formats of the district's offices are accepted."""
    assert number_format_problem(numbered(number_format)) is None


@pytest.mark.parametrize(
    "number_format, code, part",
    [
        ("{sequence}/{month}/{year}", "", "date"),
        ("{sequence}-{month}-{year}", "", "date"),
        ("{month}/{year}/{sequence}", "", "date"),
        ("{sequence}.{month}.{year}", "", "date"),
        ("{sequence}/{code}/{year}", "Mei", "date"),
        ("{code} {sequence}, {year}", "Maret", "date"),
        ("{sequence}/{year}", "", "date"),
        ("{year}.{sequence}", "", "amount"),
        ("{year},{sequence:03}", "", "amount"),
        ("Rp {sequence}.{year}", "", "amount"),
        ("{year}.{sequence} %", "", "amount"),
        ("{sequence}E{year}", "", "amount"),
        ("{sequence}:{year}", "", "date"),
        ("{sequence}", "", "{year}"),
        ("{code}/{year}", "500", "{sequence}"),
        ("={sequence}/SKU/{year}", "", "begin"),
        ("+{sequence}/SKU/{year}", "", "begin"),
        ("{code}/{sequence}/SKU/{year}", "-1", "begin"),
        ("@{sequence}/SKU/{year}", "", "begin"),
        ("'{sequence}/SKU/{year}", "", "begin"),
        ("{sequence}{month}/SKU/{year}", "", "beside other digits"),
        ("1{sequence}/SKU/{year}", "", "beside other digits"),
        ("{sequence}/SKU/{tahun}", "", "unknown gap"),
        ("{sequence.real}/SKU/{year}", "", "unknown gap"),
        ("{sequence!r}/SKU/{year}", "", "unknown gap"),
        ("{sequence:>99}/SKU/{year}", "", "unknown width"),
        ("{year:02}/SKU/{sequence}", "", "unknown width"),
        ("{sequence/SKU/{year}", "", "expected"),
    ],
)
def test_unsafe_format_is_refused(number_format: str, code: str, part: str) -> None:
    """A number that Sheets would change, or that two letters could share, is a config error."""
    assert part in (number_format_problem(numbered(number_format, code)) or "")


def test_longest_number_is_of_the_longest_month() -> None:
    """The dry fill is tried with August in Roman figures and a sequence of six digits."""
    spec = numbered("{code}/{sequence}/{month_roman}/{year}")
    assert "500.3/999999/VIII/2026" == longest_number(
        spec, village_code=VILLAGE.code, issued_on=ISSUED
    )


@given(
    sequence=st.integers(1, 99_999), day=st.integers(0, 3650).map(lambda n: ISSUED + timedelta(n))
)
def test_no_number_is_longer_than_the_longest(sequence: int, day: date) -> None:
    """Whatever is issued that year fits where the longest fits."""
    number = letter_number(NUMBER, sequence=sequence, village_code=VILLAGE.code, issued_on=day)
    longest = longest_number(NUMBER, village_code=VILLAGE.code, issued_on=day)
    assert len(number) <= len(longest)


def test_every_placeholder_can_stand_in_a_template() -> None:
    """Names are plain words."""
    assert all(re.fullmatch("[a-z_]+", name) for name in PLACEHOLDERS)
