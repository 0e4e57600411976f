"""Whole rows: what is accepted, in which order it is told, and what two answers betray."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specs import FIELDS, field, spec

from sync.model import Accepted, Caution, Cell, Kind, Problem, ProblemCode, Rejected
from sync.validate import duplicate_text, evidence_text, validate

TODAY = date(2026, 3, 7)
ANSWERS: dict[str, Cell] = {
    "nama": "Siti Contoh",
    "nik": "3507325508859901",
    "tempat_lahir": "Malang",
    "tanggal_lahir": "15-08-1985",
    "jenis_kelamin": "Perempuan",
    "agama": "Islam",
    "status_kawin": "Kawin",
    "pekerjaan": "Pedagang",
    "dusun": "Lopawon",
    "rt": 3.0,
    "rw": "05",
    "nama_usaha": "Toko Contoh",
    "jenis_usaha": "Perdagangan",
    "alamat_usaha": "Dusun Lopawon",
    "mulai_usaha": "Januari 2019",
    "keperluan": "Pengajuan KUR",
    "no_wa": "081200000001",
    "email": "",
    "diisi_oleh": "Sendiri",
    "pernyataan": "Ya, saya setuju",
}


def told(**changed: Cell) -> list[str]:
    """Return problems, then cautions, of a good row with *changed* answers: field and code."""
    outcome = validate(ANSWERS | changed, FIELDS, today=TODAY)
    problems = outcome.problems if isinstance(outcome, Rejected) else ()
    said: list[Problem | Caution] = [*problems, *outcome.cautions]
    return [f"{one.field} {one.code.value}" for one in said]


def test_good_row_is_accepted_with_the_letters_texts() -> None:
    """Every field has its printed text, a date also in words."""
    outcome = validate(ANSWERS, FIELDS, today=TODAY)

    assert (
        Accepted(
            values={
                **{name: str(cell) for name, cell in ANSWERS.items()},
                "tanggal_lahir_panjang": "15 Agustus 1985",
                "rt": "003",
                "rw": "005",
                "no_wa": "6281200000001",
                "pernyataan": "true",
            }
        )
        == outcome
    )


def test_problems_come_in_the_order_of_the_form() -> None:
    """Staff read the problems from left to right; good answers keep their values."""
    answers = ANSWERS | {"pernyataan": None, "nik": "123", "nama": ""}
    outcome = validate(answers, FIELDS, today=TODAY)

    assert isinstance(outcome, Rejected)
    assert ["nama", "nik", "pernyataan"] == [problem.field for problem in outcome.problems]
    assert "Malang" == outcome.values["tempat_lahir"]
    assert "nik" not in outcome.values


@pytest.mark.parametrize(
    "changed, expected",
    [
        ({}, []),
        ({"nik": "9501015508859901"}, ["nik nik_other_region"]),
        ({"nik": "3507325608859901"}, ["nik nik_birth_mismatch"]),
        ({"nik": "3507321508859902"}, ["nik nik_sex_mismatch"]),
        ({"nik": "3507321608859902"}, ["nik nik_birth_mismatch", "nik nik_sex_mismatch"]),
        (
            {"nik": "3507324508859901", "tanggal_lahir": "08-05-1985"},
            ["nik nik_birth_swapped"],
        ),
        ({"nik": "3507321203089905"}, ["nik nik_maybe_kk"]),
        ({"nik": "3507325203089905"}, ["nik nik_birth_mismatch"]),
        ({"nik": "3507321203039905"}, ["nik nik_birth_mismatch", "nik nik_sex_mismatch"]),
        ({"nik": "3507321203279905"}, ["nik nik_birth_mismatch", "nik nik_sex_mismatch"]),
        (
            {"nik": "3507322902009901", "tanggal_lahir": "29-02-2000", "jenis_kelamin": "L"},
            [],
        ),
        ({"tanggal_lahir": "15-08-2030"}, ["tanggal_lahir date_future"]),
        ({"tanggal_lahir": "15-08-1885"}, ["tanggal_lahir date_too_old"]),
        ({"tanggal_lahir": "06-03-1906"}, ["tanggal_lahir date_too_old"]),
        (
            {"nik": "3507325508159901", "tanggal_lahir": "15-08-2015"},
            ["tanggal_lahir date_under_17"],
        ),
        (
            {"nik": "3507324703099901", "tanggal_lahir": "07-03-2009"},
            [],
        ),
        (
            {"nik": "3507324803099901", "tanggal_lahir": "08-03-2009"},
            ["tanggal_lahir date_under_17"],
        ),
        ({"mulai_usaha": "Juli 1985"}, ["mulai_usaha month_year_before_birth"]),
        ({"mulai_usaha": "Agustus 1985"}, []),
        ({"mulai_usaha": "1985"}, []),
        ({"mulai_usaha": "1984"}, ["mulai_usaha month_year_before_birth"]),
        ({"mulai_usaha": "Oktober 2025"}, ["mulai_usaha month_year_recent"]),
        ({"no_wa": "08120"}, ["no_wa phone_invalid"]),
        ({"nama": "siti contoh", "email": "x"}, ["nama name_case", "email email_invalid"]),
    ],
)
def test_doubtful_answers_are_told(changed: dict[str, Cell], expected: list[str]) -> None:
    """Each example of the village's rules, as a whole row."""
    assert expected == told(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"nik": "123", "tanggal_lahir": "16-08-1985"},
        {"tanggal_lahir": "15-08-1885", "mulai_usaha": "1884"},
        {"jenis_kelamin": "Laki2", "nik": "3507325508859901"},
    ],
)
def test_answers_are_compared_only_when_both_are_valid(changed: dict[str, Cell]) -> None:
    """A wrong answer casts no doubt on another one."""
    outcome = validate(ANSWERS | {"mulai_usaha": "2000"} | changed, FIELDS, today=TODAY)
    assert isinstance(outcome, Rejected)
    assert () == tuple(c for c in outcome.cautions if c.code.value != "month_year_recent")


def test_optional_answers_may_be_missing_altogether() -> None:
    """A question that the form does not have is an empty answer."""
    answers = {n: c for n, c in ANSWERS.items() if n not in {"nama_usaha", "no_wa", "diisi_oleh"}}
    outcome = validate(answers, FIELDS, today=TODAY)

    assert isinstance(outcome, Accepted)
    assert ("", "") == (outcome.values["nama_usaha"], outcome.values["no_wa"])


def test_empty_date_is_empty_in_words_too() -> None:
    """A template may use both placeholders of an optional date."""
    outcome = validate({}, [field("sejak", Kind.DATE, required=False)], today=TODAY)
    assert {"sejak": "", "sejak_panjang": ""} == outcome.values


def test_no_answer_stands_in_what_is_told() -> None:
    """Details hold lengths and options, never what a resident wrote."""
    planted = dict.fromkeys(ANSWERS, "KENARI 12")
    outcome = validate(planted, FIELDS, today=TODAY)

    assert isinstance(outcome, Rejected)
    assert "KENARI" not in repr((outcome.problems, outcome.cautions))


@pytest.mark.parametrize(
    "name, cell, expected",
    [
        ("nik", "'350732.550885-9901", "3507325508859901"),
        ("nik", 3507325508859901.0, "3507325508859901"),
        ("nik", "35O7 32", "35o732"),
        ("nik", "-", ""),
        ("nik", None, ""),
        ("nama", " SITI  Contoh ", "siti contoh"),
        ("nama", "Siti 123", "siti123"),
        ("tanggal_lahir", "15 Agt 85", "1985-08-15"),
        ("tanggal_lahir", 31274, "1985-08-15"),
        ("tanggal_lahir", "15-08-2030", "2030-08-15"),
        ("tanggal_lahir", "Kemarin!", "kemarin"),
        ("no_wa", "tidak tahu 12", "tidaktahu12"),
        ("jenis_kelamin", "P", "perempuan"),
    ],
)
def test_evidence_is_the_same_for_the_same_answer(name: str, cell: Cell, expected: str) -> None:
    """A corrected spelling of the same answer still tells whose row it is."""
    assert expected == evidence_text(spec(name), cell, today=TODAY)


@given(cell=st.one_of(st.none(), st.booleans(), st.floats(), st.text()))
@pytest.mark.parametrize("name", ["nama", "nik", "tanggal_lahir"])
def test_evidence_can_always_be_hashed(name: str, cell: Cell) -> None:
    """Evidence never raises, can be encoded, and is folded."""
    text = evidence_text(spec(name), cell, today=TODAY)
    assert text == text.encode("utf-8").decode("utf-8")


def test_duplicates_have_one_text() -> None:
    """Case aside, the same values give the same text."""
    one = duplicate_text(("nik", "usaha"), {"nik": "1", "usaha": "Toko CONTOH"})
    other = duplicate_text(("usaha", "nik"), {"usaha": "toko contoh", "nik": "1", "rt": "003"})

    assert '{"nik":"1","usaha":"toko contoh"}' == one == other


def test_duplicate_may_leave_an_optional_answer_empty() -> None:
    """Two requests without a business name can be duplicates."""
    assert '{"nik":"1","usaha":""}' == duplicate_text(("nik", "usaha"), {"nik": "1", "usaha": ""})


@pytest.mark.parametrize("values", [{"usaha": "Toko"}, {"nik": "", "usaha": ""}, {}])
def test_nothing_is_a_duplicate_of_the_unknown(values: dict[str, str]) -> None:
    """Without a valid value to compare there is no duplicate."""
    assert duplicate_text(("nik", "usaha"), values) is None


def test_service_without_duplicate_rule_has_no_duplicates() -> None:
    """An empty `duplicate_of` holds nothing."""
    assert duplicate_text((), {"nik": "1"}) is None


def test_birth_date_that_is_too_old_is_not_printed() -> None:
    """A refused date is in no value of the letter."""
    outcome = validate(ANSWERS | {"tanggal_lahir": "15-08-1885"}, FIELDS, today=TODAY)
    assert isinstance(outcome, Rejected)
    assert [ProblemCode.DATE_TOO_OLD] == [problem.code for problem in outcome.problems]
    assert not {"tanggal_lahir", "tanggal_lahir_panjang"} & set(outcome.values)
