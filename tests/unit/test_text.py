"""Words, dates and numbers as the village writes them."""

from __future__ import annotations

from datetime import date, datetime
from string import Formatter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sync.text
from sync.model import (
    STAFF_COLUMNS,
    WORKER_COLUMNS,
    CautionCode,
    Cell,
    Column,
    HoldReason,
    ProblemCode,
    StaffAction,
    Status,
)
from sync.text import (
    ACTION_WORDS,
    COLUMN_HEADERS,
    COLUMN_HELP,
    REGISTER_HANDWRITTEN,
    REGISTER_HEADER,
    STATUS_WORDS,
    TOKEN_PREFIX,
    UNKNOWN,
    Unknown,
    action_of,
    action_word,
    folded,
    long_date,
    month_roman,
    register_void,
    spelled,
    status_word,
    updated_text,
    zone_word,
)
from sync.text.words import words

if TYPE_CHECKING:
    from enum import StrEnum


@pytest.mark.parametrize(
    "table, codes",
    [
        ("problem", ProblemCode),
        ("caution", CautionCode),
        ("status", Status),
        ("sentence", Status),
        ("remedy", Status),
        ("action", StaffAction),
        ("column", Column),
        ("column_help", Column),
        ("hold", HoldReason),
    ],
)
def test_every_code_has_words(table: str, codes: type[StrEnum]) -> None:
    """Codes and words match: none missing, none left over."""
    assert {code.value for code in codes} == set(words()[table])


def test_notices_are_about_statuses() -> None:
    """A message to the applicant belongs to a status."""
    assert set(words()["notice"]["message"]) < {status.value for status in Status}


@pytest.mark.parametrize(
    "table, start", [("problem", "{question}: "), ("caution", "Cek {question}: ")]
)
def test_words_name_the_question_first(table: str, start: str) -> None:
    """Staff find the column by what the line begins with."""
    assert [] == [text for text in words()[table].values() if not text.startswith(start)]


@pytest.mark.parametrize("table", ["problem", "caution"])
def test_words_have_only_known_gaps(table: str) -> None:
    """A gap that no detail fills would stop a run."""
    known = {"question", "count", "max", "options", "months"}
    gaps = {
        name
        for text in words()[table].values()
        for _, name, _, _ in Formatter().parse(text)
        if name is not None
    }
    assert gaps <= known


def test_sheet_shows_the_words_of_the_design() -> None:
    """Status words and drop-down words are what the guidebook explains."""
    assert [
        "Diterima",
        "Perlu Perbaikan",
        "Menunggu Persetujuan",
        "Ditahan",
        "Siap Ditandatangani",
        "Siap Diambil",
        "Selesai",
        "Ditolak",
        "Diganti",
        "Dibatalkan",
        "Tertunda",
        "Arsip",
    ] == list(STATUS_WORDS.values())
    assert [
        "Setujui",
        "Tolak",
        "Sudah Ditandatangani",
        "Sudah Diambil",
        "Terbitkan Ulang",
        "Batalkan",
    ] == list(ACTION_WORDS.values())
    assert "Siap Diambil" == status_word(Status.READY)
    assert "Batalkan" == action_word(StaffAction.VOID)


def test_columns_have_the_headers_of_the_design() -> None:
    """Ours first, then the staff's."""
    assert [
        "ID Permohonan",
        "Status",
        "Catatan",
        "Nomor Surat",
        "Surat",
        "Kabari Pemohon",
        "Diperbarui",
        "Tindakan",
        "Alasan Petugas",
        "Penandatangan",
    ] == [COLUMN_HEADERS[column] for column in (*WORKER_COLUMNS, *STAFF_COLUMNS)]


def test_headers_differ_after_folding() -> None:
    """Columns are found by folded header, so no two may look the same."""
    assert len(Column) == len({folded(header) for header in COLUMN_HEADERS.values()})


def test_help_is_one_sentence_each() -> None:
    """The notes on the headers fit beside a cell."""
    assert [] == [text for text in COLUMN_HELP.values() if len(text) > 100 or text[-1] != "."]


def test_register_has_the_books_columns() -> None:
    """Row 1 of a register tab; the line code comes last, and there is no NIK."""
    assert (
        "No. Urut",
        "Nomor Surat",
        "Tanggal Surat",
        "Jenis Surat",
        "Nama Pemohon",
        "Isi Singkat",
        "ID Permohonan",
        "Revisi",
        "Keterangan",
        "Kode Baris",
    ) == REGISTER_HEADER


@pytest.mark.parametrize(
    "reason, expected",
    [
        ("salah nama", "Batal: salah nama"),
        (" salah\n nama\x07 ", "Batal: salah nama"),
        ("", "Batal: tanpa keterangan"),
    ],
)
def test_void_number_keeps_its_reason(reason: str, expected: str) -> None:
    """The remark in the register is one clean line."""
    assert expected == register_void(reason)


def test_small_words() -> None:
    """A token is told by its beginning, a handwritten letter by its remark."""
    assert ("Diproses · ", "Surat tulis tangan") == (TOKEN_PREFIX, REGISTER_HANDWRITTEN)


@pytest.mark.parametrize(
    "cell, expected",
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("Setujui", StaffAction.APPROVE),
        (" tolak ", StaffAction.REFUSE),
        ("SUDAH DITANDATANGANI", StaffAction.SIGNED),
        ("Sudah  Diambil.", StaffAction.COLLECTED),
        ("terbitkan-ulang", StaffAction.REISSUE),
        ("Batalkan", StaffAction.VOID),
        ("Batal", UNKNOWN),
        ("Setujui Tolak", UNKNOWN),
        (1.0, UNKNOWN),
        (False, UNKNOWN),
    ],
)
def test_action_is_read_from_its_word(cell: Cell, expected: StaffAction | Unknown | None) -> None:
    """Case, spaces and punctuation aside; any other text is unknown, never guessed."""
    assert expected is action_of(cell)


@pytest.mark.parametrize(
    "number, expected",
    [
        (0, "nol"),
        (3, "tiga"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (200, "dua ratus"),
        (999, "sembilan ratus sembilan puluh sembilan"),
        (1000, "seribu"),
        (1001, "seribu satu"),
        (1100, "seribu seratus"),
        (2000, "dua ribu"),
        (11000, "sebelas ribu"),
        (21100, "dua puluh satu ribu seratus"),
        (100000, "seratus ribu"),
        (101000, "seratus satu ribu"),
        (1000000, "satu juta"),
        (1001000, "satu juta seribu"),
        (1500000, "satu juta lima ratus ribu"),
        (2000000000, "dua miliar"),
        (10**12, "satu triliun"),
    ],
)
def test_number_is_spelled(number: int, expected: str) -> None:
    """Terbilang, with sepuluh, sebelas, seratus and seribu."""
    assert expected == spelled(number)


@pytest.mark.parametrize("number", [-1, 10**15])
def test_number_without_words_is_refused(number: int) -> None:
    """Out of range is an error, not a wrong text."""
    with pytest.raises(ValueError, match="cannot spell"):
        spelled(number)


@given(number=st.integers(1, 10**15 - 2))
def test_neighbours_are_spelled_differently(number: int) -> None:
    """Each number has words of its own."""
    assert spelled(number) != spelled(number + 1)


@pytest.mark.parametrize(
    "on, expected",
    [
        (date(2026, 3, 7), "7 Maret 2026"),
        (date(1985, 8, 17), "17 Agustus 1985"),
        (date(2026, 2, 1), "1 Februari 2026"),
        (date(2026, 11, 30), "30 November 2026"),
    ],
)
def test_date_prints_long(on: date, expected: str) -> None:
    """Day without zero, month in Indonesian."""
    assert expected == long_date(on)


def test_months_have_roman_figures() -> None:
    """As letter numbers write them."""
    roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
    assert roman == [month_roman(month) for month in range(1, 13)]


@pytest.mark.parametrize(
    "timezone, expected",
    [
        ("Asia/Jakarta", "diperbarui 24 November 2026 pukul 10.05 WIB"),
        ("Asia/Makassar", "diperbarui 24 November 2026 pukul 11.05 WITA"),
        ("Asia/Jayapura", "diperbarui 24 November 2026 pukul 12.05 WIT"),
        ("UTC", "diperbarui 24 November 2026 pukul 03.05 UTC"),
    ],
)
def test_update_is_told_in_local_time(timezone: str, expected: str) -> None:
    """Words around date and time keep Sheets from reading it as a date."""
    moment = datetime(2026, 11, 24, 3, 5, tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(timezone))
    assert expected == updated_text(moment, zone_word(timezone))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("No. HP/WA", "nohpwa"),
        (" Nomor  WhatsApp* ", "nomorwhatsapp"),
        ("ＮＩＫ", "nik"),
        ("?!", ""),
    ],
)
def test_folding_leaves_letters_and_digits(text: str, expected: str) -> None:
    """Headers that people take for the same are the same."""
    assert expected == folded(text)


def test_constant_that_is_not_there_is_an_error() -> None:
    """The lazy constants do not hide a misspelling."""
    with pytest.raises(AttributeError, match="NO_SUCH_WORD"):
        sync.text.NO_SUCH_WORD  # noqa: B018
