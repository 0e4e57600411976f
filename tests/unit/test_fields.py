"""Every example of the village's rules, one kind after the other; the day is 7 March 2026."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specs import FIELDS, field, spec

from sync.fields import Parsed, parse
from sync.fields.months import month_of
from sync.model import Cell, FieldSpec, Kind, Problem, ProblemCode

TODAY = date(2026, 3, 7)
NIK = spec("nik")
DATE = spec("tanggal_lahir")
SINCE = spec("mulai_usaha")
PHONE = spec("no_wa", required=True)
TEXT = spec("jenis_usaha")
CELLS = st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text())
EVERY_KIND = (
    *FIELDS,
    field("catatan", Kind.LONG_TEXT),
    field("jumlah", Kind.NUMBER),
    field("penghasilan", Kind.MONEY),
    field("lampiran", Kind.FILES),
)


def outcome(of: FieldSpec, cell: Cell) -> str:
    """Return the value, or the problem's code."""
    parsed = parse(of, cell, today=TODAY)
    return parsed.code.value if isinstance(parsed, Problem) else parsed.value


def cautions(of: FieldSpec, cell: Cell) -> list[str]:
    parsed = parse(of, cell, today=TODAY)
    assert isinstance(parsed, Parsed)
    return [caution.code.value for caution in parsed.cautions]


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("3507 3255 0885 9901", "3507325508859901"),
        ("'350732.550885-9901", "3507325508859901"),
        ("3507325508859901\u00a0", "3507325508859901"),
        ("NIK: 3507325508859901", "3507325508859901"),
        ("\u200e3507325508859901\ufeff", "3507325508859901"),
        (3507325508859901.0, "nik_number_cell"),
        (3507325508859901, "nik_number_cell"),
        ("3507325508859901.0", "nik_number_cell"),
        ("3,50733E+15", "nik_number_cell"),
        ("35O7325508859901", "nik_letters"),
        ("350732550885990²", "nik_letters"),
        ("٣507325508859901", "nik_letters"),
        ("0350732200499901", "nik_temporary"),
        ("350732550885990", "nik_length"),
        ("35073255088599011", "nik_length"),
        ("9701015508859901", "nik_region"),
        ("3507005508859901", "nik_region"),
        ("3500325508859901", "nik_region"),
        ("3507328108859901", "nik_birth_date"),
        ("3507325513859901", "nik_birth_date"),
        ("3507322902019901", "nik_birth_date"),
        ("3507324008859901", "nik_birth_date"),
        ("3507322902009901", "3507322902009901"),
        ("3507325508850000", "nik_serial"),
        ("9501015508859901", "9501015508859901"),
        ("6501015508859901", "6501015508859901"),
        ("tidak ada", "missing"),
    ],
)
def test_nik_is_read_or_refused(cell: Cell, expected: str) -> None:
    """A NIK is cleaned of separators, never repaired; the first problem is told."""
    assert expected == outcome(NIK, cell)


@pytest.mark.parametrize("cell, count", [("350732550885990", 15), ("35073255088599011", 17)])
def test_nik_of_wrong_length_tells_its_length(cell: str, count: int) -> None:
    """Staff read how many digits stand there."""
    assert Problem(ProblemCode.NIK_LENGTH, "nik", {"count": count}) == parse(NIK, cell, today=TODAY)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("3507325508859901", []),
        ("9501015508859901", ["nik_other_region"]),
        ("6501015508859901", ["nik_other_region"]),
    ],
)
def test_nik_from_elsewhere_is_only_a_caution(cell: str, expected: list[str]) -> None:
    """People who moved here keep their NIK."""
    assert expected == cautions(NIK, cell)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("15/8/85", "15-08-1985"),
        ("1985-08-15 00:00", "15-08-1985"),
        ("15081985", "15-08-1985"),
        (15081985, "15-08-1985"),
        (31274.5, "15-08-1985"),
        (31274, "15-08-1985"),
        ("Kamis, 15 agustus 1985", "15-08-1985"),
        ("Malang, 15-08-1985", "15-08-1985"),
        ("15 Agt 85", "15-08-1985"),
        ("15 Agustsu 1985", "15-08-1985"),
        ("15.8.1985", "15-08-1985"),
        ("15 08 1985", "15-08-1985"),
        ("1 Nopember 1990", "01-11-1990"),
        ("1 Pebruari 1990", "01-02-1990"),
        ("5/8/1985", "05-08-1985"),
        ("7/3/26", "07-03-2026"),
        ("8/3/26", "08-03-1926"),
        ("29/2/00", "29-02-2000"),
        ("08/15/1985", "date_impossible"),
        ("31-02-1985", "date_impossible"),
        ("Agustus 1985", "date_unreadable"),
        ("5 Jumi 1985", "date_unreadable"),
        ("31274", "date_unreadable"),
        (1985, "date_unreadable"),
        ("kemarin", "date_unreadable"),
        ("15-08-2030", "date_future"),
    ],
)
def test_date_is_read_day_first(cell: Cell, expected: str) -> None:
    """All usual ways to write a day are read, the day always first."""
    assert expected == outcome(DATE, cell)


def test_date_is_kept_for_other_checks() -> None:
    """The day itself comes with the text."""
    assert Parsed("15-08-1985", on=date(1985, 8, 15)) == parse(DATE, "15 Agt 85", today=TODAY)


@pytest.mark.parametrize(
    "word, expected",
    [
        ("Peb", 2),
        ("MRT", 3),
        ("mai", 5),
        ("Ags", 8),
        ("agus", 8),
        ("Sept", 9),
        ("NOP", 11),
        ("October", 10),
        ("Desembar", 12),
        ("Januarry", 1),
        ("Junii", 6),
        ("Jumi", None),
        ("Julni", None),
        ("Senin", None),
        ("mmaret", 3),
        ("ktober", 10),
        ("gustusa", None),
    ],
)
def test_month_word_is_guessed_only_when_one_is_near(word: str, expected: int | None) -> None:
    """One slip from five letters on, and only towards one month."""
    assert expected == month_of(word)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("januari 2019", "Januari 2019"),
        ("01/2019", "Januari 2019"),
        ("2019-01", "Januari 2019"),
        (43466, "Januari 2019"),
        ("15-01-2019", "Januari 2019"),
        ("15 Jan 2019", "Januari 2019"),
        ("bulan januari tahun 2019", "Januari 2019"),
        (2019, "2019"),
        (2019.0, "2019"),
        ("sejak th. 2019", "2019"),
        ("2026", "2026"),
        ("Maret 2026", "Maret 2026"),
        ("2 tahun", "month_year_duration"),
        ("sudah lama", "month_year_duration"),
        ("kurang lebih 1,5 th", "month_year_duration"),
        ("dua puluh tahun", "month_year_duration"),
        ("setahun", "month_year_duration"),
        ("2 tahun sejak 2019", "month_year_duration"),
        ("Mei 2027", "month_year_future"),
        ("April 2026", "month_year_future"),
        ("2027", "month_year_future"),
        ("dulu", "month_year_unreadable"),
        ("13/2019", "month_year_unreadable"),
        ("0019", "month_year_unreadable"),
        (7, "month_year_unreadable"),
    ],
)
def test_start_is_a_month_or_a_year(cell: Cell, expected: str) -> None:
    """A month and a year, or a year; a duration is asked back and never computed."""
    assert expected == outcome(SINCE, cell)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("Oktober 2025", ["month_year_recent"]),
        ("September 2025", []),
        ("2025", ["month_year_recent"]),
        ("2024", []),
    ],
)
def test_recent_start_is_told(cell: str, expected: list[str]) -> None:
    """Banks want six months of business; a bare year counts as its December."""
    assert expected == cautions(SINCE, cell)


@pytest.mark.parametrize(
    "cell, expected",
    [
        (3, "003"),
        (3.0, "003"),
        ("RT 03", "003"),
        ("RW05", "005"),
        ("rt.3", "003"),
        ("003", "003"),
        ("3a", "003A"),
        ("12 B", "012B"),
        ("3/5", "rt_rw_invalid"),
        (46145, "rt_rw_invalid"),
        (3.5, "rt_rw_invalid"),
        ("0", "rt_rw_invalid"),
        ("RT 03 RW 05", "rt_rw_invalid"),
        ("tiga", "rt_rw_invalid"),
    ],
)
def test_neighbourhood_has_three_digits(cell: Cell, expected: str) -> None:
    """RT and RW print as three digits; a date that Sheets made of 3/5 is refused."""
    assert expected == outcome(spec("rt"), cell)


@pytest.mark.parametrize(
    "cell, expected, doubts",
    [
        ("0812-0000-0001", "6281200000001", []),
        (81200000001, "6281200000001", []),
        ("81200000001", "6281200000001", []),
        ("6281200000001", "6281200000001", []),
        ("+62 812 0000 0001", "6281200000001", []),
        ("+62 0812 0000 0001", "6281200000001", []),
        ("wa.me/6281200000001", "6281200000001", []),
        ("https://wa.me/6281200000001?text=halo", "6281200000001", []),
        ("+65 9123 4567", "6591234567", []),
        ("081200000001 / 081300000002", "6281200000001", ["phone_two_numbers"]),
        ("081200000001 081300000002", "6281200000001", ["phone_two_numbers"]),
        ("(0341) 000001", "62341000001", ["phone_not_mobile"]),
        (
            "(0341) 000001 atau 081200000001",
            "62341000001",
            ["phone_two_numbers", "phone_not_mobile"],
        ),
    ],
)
def test_phone_is_written_for_whatsapp(cell: Cell, expected: str, doubts: list[str]) -> None:
    """A number in any usual shape becomes digits with the country code."""
    assert (expected, doubts) == (outcome(PHONE, cell), cautions(PHONE, cell))


@pytest.mark.parametrize("cell", ["08120", "tidak tahu 12", "budi@contoh.id", "0812", 12.5, "/"])
def test_no_phone_number_is_a_problem_when_required(cell: Cell) -> None:
    """What is no number is asked back."""
    assert "phone_invalid" == outcome(PHONE, cell)


@pytest.mark.parametrize("cell", ["08120", "tidak tahu 12", "#REF!", "\x07", "1" * 300])
def test_optional_phone_that_fails_is_empty(cell: str) -> None:
    """No letter waits for a phone number that need not be given."""
    of = spec("no_wa")
    assert ("", ["phone_invalid"]) == (outcome(of, cell), cautions(of, cell))


@pytest.mark.parametrize(
    "cell, expected",
    [
        (" siti@contoh.id ", "siti@contoh.id"),
        ("Siti.Contoh+x@mail.contoh.id", "Siti.Contoh+x@mail.contoh.id"),
        ("siti@gmail,com", "email_invalid"),
        ("siti@gmail", "email_invalid"),
        ("siti@@gmail.com", "email_invalid"),
        ("siti@gmail..com", "email_invalid"),
        ("siti @gmail.com", "email_invalid"),
        ("a@contoh.id, b@contoh.id", "email_invalid"),
    ],
)
def test_email_is_one_address(cell: str, expected: str) -> None:
    """One @, a dot in the domain, no comma."""
    assert expected == outcome(spec("email", required=True), cell)


def test_optional_email_that_fails_is_empty() -> None:
    """No letter waits for an address that need not be given."""
    of = spec("email")
    assert ("", ["email_invalid"]) == (
        outcome(of, "siti@gmail,com"),
        cautions(of, "siti@gmail,com"),
    )


@pytest.mark.parametrize(
    "name, cell, expected",
    [
        ("jenis_kelamin", "P", "Perempuan"),
        ("status_kawin", "belum  nikah", "Belum Kawin"),
        ("agama", "BUDHA", "Buddha"),
        ("jenis_kelamin", "laki laki", "Laki-laki"),
        ("jenis_kelamin", "Laki2", "choice_unknown"),
        ("jenis_kelamin", "()", "choice_unknown"),
        ("agama", "Zzz", "choice_unknown"),
    ],
)
def test_choice_is_one_option(name: str, cell: str, expected: str) -> None:
    """Options and aliases match after folding case, spaces and punctuation."""
    assert expected == outcome(spec(name), cell)


def test_unknown_choice_lists_the_options() -> None:
    """Staff read what may be chosen, not what the resident wrote."""
    told = parse(spec("jenis_kelamin"), "Laki2", today=TODAY)
    assert (
        Problem(ProblemCode.CHOICE_UNKNOWN, "jenis_kelamin", {"options": "Laki-laki, Perempuan"})
        == told
    )


def test_option_may_read_like_an_empty_answer() -> None:
    """An option of the config is an answer, also when it says "Tidak ada"."""
    of = field("utang", Kind.CHOICE, options={"Ada": (), "Tidak ada": ()})
    assert "Tidak ada" == outcome(of, "tidak ada")


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("Budi   Contoh ", "Budi Contoh"),
        ("Hj. Siti Contoh, S.Pd.", "Hj. Siti Contoh, S.Pd."),
        ("Nur’aini D'Contoh-Contoh", "Nur’aini D'Contoh-Contoh"),
        ("José Contoh", "José Contoh"),
        ("BUDI CONTOH", "BUDI CONTOH"),
        ("siti contoh", "siti contoh"),
        ("S", "name_short"),
        ("S.", "name_short"),
        ("Siti 123", "name_characters"),
        ("Siti https://x.id", "name_characters"),
        ("Siti (Ani)", "name_characters"),
        ("Siti\u200dContoh", "name_characters"),
        (12345, "name_characters"),
        ("x" * 101, "too_long"),
        ("x" * 100, "x" * 100),
    ],
)
def test_name_is_kept_as_typed(cell: Cell, expected: str) -> None:
    """Titles and case stay; anything but letters and their marks is asked back."""
    assert expected == outcome(spec("nama"), cell)


@pytest.mark.parametrize(
    "cell, expected",
    [("siti contoh", ["name_case"]), ("Siti contoh", []), ("SITI", []), ("ꦱꦶꦠꦶ", [])],
)
def test_name_in_small_letters_is_a_caution(cell: str, expected: list[str]) -> None:
    """A name without capitals is compared with the KTP."""
    assert expected == cautions(spec("nama"), cell)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ('Toko A & B <Jaya> "24"', 'Toko A & B <Jaya> "24"'),
        ("{{ nama }}", "{{ nama }}"),
        ("=1+1", "=1+1"),
        ("Toko\tA\u00a0B\nC\u2028D", "Toko A B C D"),
        ("e\u0301", "\u00e9"),
        ("\u200bToko\u200e", "Toko"),
        (24.0, "24"),
        (1.5, "1.5"),
        (1e20, "100000000000000000000"),
        (1e-7, "0.0000001"),
        (True, "TRUE"),
        ("-", "missing"),
        (" . ", "missing"),
        ("Tidak Ada", "missing"),
        ("tdk ada", "missing"),
        ("nihil", "missing"),
        ("KOSONG", "missing"),
        ("\u200b", "missing"),
        (None, "missing"),
        ("#REF!", "cell_error"),
        (" #N/A", "cell_error"),
        (float("nan"), "cell_error"),
        ("#1 di desa", "#1 di desa"),
        ("\x07", "control_character"),
        ("Toko\x0bA", "control_character"),
        ("Toko\ud800", "control_character"),
        ("Toko\u202eA", "control_character"),
        ("Toko\u2066A", "control_character"),
        ("Toko\ufffe", "control_character"),
        ("x" * 201, "too_long"),
        ("x" * 200, "x" * 200),
    ],
)
def test_text_is_printed_as_typed(cell: Cell, expected: str) -> None:
    """Spaces are folded, nothing else is changed, and what cannot be printed is refused."""
    assert expected == outcome(TEXT, cell)


def test_optional_text_may_be_empty() -> None:
    """A dash in an optional answer drops its line."""
    assert Parsed("") == parse(spec("nama_usaha"), "-", today=TODAY)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("Malang, 15-08-1985", ["text_date"]),
        ("Malang, Kamis, 15 Agustus 1985", ["text_date"]),
        ("Malang", []),
        ("15-08-1985", []),
        ("Jalan Contoh, 15", []),
    ],
)
def test_place_with_a_date_is_a_caution(cell: str, expected: list[str]) -> None:
    """The place of birth needs no date."""
    assert expected == cautions(spec("tempat_lahir"), cell)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("satu \r\n  dua\t tiga\n", "satu\ndua tiga"),
        ("x" * 1000, "x" * 1000),
        ("x" * 1001, "too_long"),
    ],
)
def test_long_text_keeps_its_lines(cell: str, expected: str) -> None:
    """Lines stay lines; spaces within them are folded."""
    assert expected == outcome(field("catatan", Kind.LONG_TEXT), cell)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("1.250", "1.250"),
        ("1250", "1.250"),
        (1250.0, "1.250"),
        ("1,5", "1,5"),
        ("1.5", "1,5"),
        (1.5, "1,5"),
        ("1.250,75", "1.250,75"),
        ("0", "0"),
        ("1,250", "number_invalid"),
        ("3 atau 4", "number_invalid"),
        ("-5", "number_invalid"),
        (-5, "number_invalid"),
        ("12.34.56", "number_invalid"),
        ("²", "number_invalid"),
    ],
)
def test_number_has_points_and_a_comma(cell: Cell, expected: str) -> None:
    """Thousands have points, fractions a comma; what could mean two things is asked back."""
    assert expected == outcome(field("jumlah", Kind.NUMBER), cell)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("Rp 1.500.000", "Rp1.500.000"),
        ("Rp. 1.500.000,-", "Rp1.500.000"),
        ("rp1500000,00", "Rp1.500.000"),
        ("500rb", "Rp500.000"),
        ("500 ribu rupiah", "Rp500.000"),
        ("1,5 juta", "Rp1.500.000"),
        ("2 miliar", "Rp2.000.000.000"),
        (1500000, "Rp1.500.000"),
        ("1,500,000", "money_invalid"),
        ("1.500.000 - 2.000.000", "money_invalid"),
        ("banyak", "money_invalid"),
        (0.5, "money_invalid"),
        ("9" * 16, "money_invalid"),
    ],
)
def test_money_is_whole_rupiah(cell: Cell, expected: str) -> None:
    """Amounts print as Rp1.500.000."""
    assert expected == outcome(field("penghasilan", Kind.MONEY), cell)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("Ya, saya setuju", "true"),
        (True, "true"),
        ("Saya menyatakan data ini tidak palsu. " * 10, "true"),
        ("Tidak keberatan", "true"),
        ("Tidak", "agreement_missing"),
        ("tidak setuju", "agreement_missing"),
        ("Tidak (setuju)", "agreement_missing"),
        ("Saya tidak setuju", "agreement_missing"),
        ("tdk", "agreement_missing"),
        ("belum", "agreement_missing"),
        ("Tidak.", "agreement_missing"),
        ("", "agreement_missing"),
        (None, "agreement_missing"),
        (False, "agreement_missing"),
    ],
)
def test_agreement_is_anything_but_a_refusal(cell: Cell, expected: str) -> None:
    """A ticked box, or any text that does not refuse."""
    assert expected == outcome(spec("pernyataan"), cell)


def test_agreement_that_need_not_be_given_may_be_refused() -> None:
    """Saying no to what is optional blocks no letter."""
    assert Parsed("") == parse(spec("pernyataan", required=False), "Tidak", today=TODAY)


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("https://drive.google.com/open?id=Ab1", "Ab1"),
        (
            "https://drive.google.com/open?id=Ab1, https://drive.google.com/file/d/C_2-d/view",
            "Ab1, C_2-d",
        ),
        ("nanti", "files_unreadable"),
        ("https://contoh.example/open?id=Ab1", "files_unreadable"),
        ("https://drive.google.com/open?id=../x", "files_unreadable"),
        ("https://drive.google.com/open?id=Ab1, nanti", "files_unreadable"),
        ("https://[", "files_unreadable"),
    ],
)
def test_files_are_drive_ids(cell: str, expected: str) -> None:
    """Only links to Drive are taken, and only their ids are kept."""
    assert expected == outcome(field("lampiran", Kind.FILES), cell)


@given(cell=CELLS)
@pytest.mark.parametrize("of", EVERY_KIND, ids=lambda of: of.name)
def test_no_cell_raises(of: FieldSpec, cell: Cell) -> None:
    """Whatever stands in a cell, there is an outcome, and it is printable."""
    parsed = parse(of, cell, today=TODAY)
    if isinstance(parsed, Parsed):
        kinds = {unicodedata.category(c) for c in parsed.value if c != "\n"}
        assert not kinds & {"Cc", "Cs"}


@given(text=st.text(max_size=60))
@pytest.mark.parametrize(
    "of",
    [f for f in EVERY_KIND if f.kind not in {Kind.AGREEMENT, Kind.FILES}],
    ids=lambda of: of.name,
)
def test_a_value_reads_as_itself(of: FieldSpec, text: str) -> None:
    """What the letter prints, typed again, comes to the same."""
    parsed = parse(of, text, today=TODAY)
    if isinstance(parsed, Parsed) and parsed.value:
        again = parse(of, parsed.value, today=TODAY)
        assert isinstance(again, Parsed)
        assert parsed.value == again.value


@given(
    digits=st.text("0123456789", min_size=16, max_size=16),
    place=st.integers(0, 16),
    more=st.sampled_from("OIl²٣x/"),
)
def test_nik_is_never_repaired(digits: str, place: int, more: str) -> None:
    """No other character is dropped or taken for a digit."""
    told = parse(NIK, digits[:place] + more + digits[place:], today=TODAY)
    assert Problem(ProblemCode.NIK_LETTERS, "nik") == told


@given(digits=st.text("0123456789", min_size=1, max_size=20))
def test_accepted_nik_is_what_was_typed(digits: str) -> None:
    """A NIK that passes holds exactly the digits of the answer."""
    parsed = parse(NIK, " ".join(digits), today=TODAY)
    if isinstance(parsed, Parsed):
        assert digits == parsed.value


@given(on=st.dates(date(1927, 1, 1), TODAY))
def test_every_day_reads_back(on: date) -> None:
    """Serial, text and words tell the same day."""
    serial = on.toordinal() - date(1899, 12, 30).toordinal()
    texts: list[Cell] = [
        serial,
        f"{on:%d/%m/%Y}",
        f"{on:%d%m%Y}",
        f"{on:%d-%m-%y}",
        f"{on:%Y-%m-%d %H:%M}",
    ]
    assert [on] * 5 == [getattr(parse(DATE, cell, today=TODAY), "on", None) for cell in texts]
