"""`Catatan`: what it says, and that the sheet cannot misread it."""

from __future__ import annotations

import dataclasses
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model import (
    Caution,
    CautionCode,
    Hold,
    HoldReason,
    Problem,
    ProblemCode,
    StaffAction,
    Status,
    SubmissionId,
)
from sync.text.note import NOTE_LIMIT, Note, note_text

HOURS = "Senin–Jumat 08.00–15.00 WIB"
OTHER = SubmissionId("SKU-0000-0000-0")
QUESTIONS = {"nik": "NIK", "nama": "Nama Lengkap sesuai KTP"}


def text_of(note: Note) -> str:
    return note_text(note, questions=QUESTIONS, office_hours=HOURS)


@pytest.mark.parametrize(
    "note, expected",
    [
        (Note(status=Status.RECEIVED), "Permohonan diterima dan akan diperiksa."),
        (
            Note(status=Status.AWAITING_APPROVAL),
            'Data lengkap. Pilih "Setujui" atau "Tolak".',
        ),
        (
            Note(
                status=Status.HELD,
                hold=Hold(reason=HoldReason.DUPLICATE, other=OTHER),
                other_number="500.3/1/35.07.32.2004/2026",
            ),
            (
                "Ditahan: mirip permohonan SKU-0000-0000-0, nomor 500.3/1/35.07.32.2004/2026. "
                'Pilih "Setujui" bila benar, atau "Tolak".'
            ),
        ),
        (
            Note(status=Status.HELD, hold=Hold(reason=HoldReason.DUPLICATE, other=OTHER)),
            'Ditahan: mirip permohonan SKU-0000-0000-0. Pilih "Setujui" bila benar, atau "Tolak".',
        ),
        (
            Note(status=Status.HELD, hold=Hold(reason=HoldReason.FLOOD)),
            (
                "Ditahan: permohonan terlalu banyak dalam satu jam. "
                'Pilih "Setujui" bila benar, atau "Tolak".'
            ),
        ),
        (
            Note(status=Status.HELD, hold=Hold(reason=HoldReason.AMBIGUOUS)),
            'Ditahan: baris ini belum pasti milik siapa. Pilih "Setujui" bila benar, atau "Tolak".',
        ),
        (
            Note(status=Status.ISSUED),
            'Surat sudah dibuat. Cetak, mintakan tanda tangan, lalu pilih "Sudah Ditandatangani".',
        ),
        (
            Note(status=Status.READY),
            f"Surat siap diambil di kantor desa, {HOURS}. Bawa KTP asli.",
        ),
        (Note(status=Status.COLLECTED), "Surat sudah diserahkan. Terima kasih."),
        (
            Note(status=Status.REFUSED, reason="bukan warga\n desa ini\x07"),
            "Permohonan ditolak: bukan warga desa ini",
        ),
        (Note(status=Status.REFUSED), "Permohonan ditolak: tanpa keterangan."),
        (Note(status=Status.VOID, reason=" "), "Dibatalkan: tanpa keterangan."),
        (Note(status=Status.VOID, reason="salah nama"), "Dibatalkan: salah nama"),
        (
            Note(status=Status.VOID, reason="salah nama", numbered=True),
            "Dibatalkan: salah nama. Nomor tetap tercatat dan tidak dipakai lagi.",
        ),
        (
            Note(status=Status.DELAYED),
            "Ada gangguan; akan dicoba lagi otomatis. Tidak perlu mengisi ulang.",
        ),
        (
            Note(status=Status.REPLACED, replaced_by=OTHER),
            "Diganti oleh permohonan SKU-0000-0000-0 yang lebih baru dari pemohon yang sama.",
        ),
        (
            Note(status=Status.ARCHIVED),
            "Permohonan lama, dari sebelum layanan ini dipasang.",
        ),
    ],
)
def test_note_begins_with_the_status(note: Note, expected: str) -> None:
    """Each status has its sentence."""
    assert expected == text_of(note)


def test_note_lists_problems_then_cautions() -> None:
    """What to correct and what to check, by the header as it stands in the sheet."""
    note = Note(
        status=Status.NEEDS_CORRECTION,
        problems=(
            Problem(ProblemCode.NIK_LENGTH, "nik", {"count": 15}),
            Problem(ProblemCode.MISSING, "agama"),
        ),
        cautions=(Caution(CautionCode.NAME_CASE, "nama"),),
    )
    assert [
        "Mohon perbaiki yang berikut; setelah itu diperiksa lagi otomatis.",
        "NIK: harus 16 angka; yang tertulis 15 angka.",
        "agama: belum diisi.",
        "Cek Nama Lengkap sesuai KTP: huruf kecil semua; samakan dengan KTP.",
    ] == text_of(note).split("\n")


@pytest.mark.parametrize(
    "changed, expected",
    [
        (
            {"changed": True},
            'Data berubah setelah surat terbit. Pilih "Terbitkan Ulang" bila surat perlu diganti.',
        ),
        (
            {"changed": True, "identity_changed": True},
            (
                "Data berubah setelah surat terbit, dan tampaknya milik orang lain; "
                '"Terbitkan Ulang" tidak berlaku. Kembalikan datanya, atau minta pemohon '
                "mengisi formulir baru."
            ),
        ),
        (
            {"unfit": StaffAction.APPROVE},
            (
                'Setujui tidak berlaku sekarang; pilih "Sudah Ditandatangani", "Sudah Diambil", '
                '"Terbitkan Ulang", atau "Batalkan".'
            ),
        ),
        (
            {"unknown_action": True},
            "Tindakan yang tertulis tidak dikenal; pilih dari daftar.",
        ),
        (
            {"unknown_signer": True},
            "Penandatangan yang tertulis tidak dikenal; dipakai penandatangan utama.",
        ),
        (
            {"left_alone": ("Status", "Nomor\nSurat")},
            (
                "Kolom Status, Nomor Surat terus ditimpa, jadi tidak diisi lagi sampai berubah; "
                "hubungi pengelola layanan."
            ),
        ),
    ],
)
def test_note_warns_staff(changed: dict[str, Any], expected: str) -> None:
    """What staff must know besides comes last."""
    note = dataclasses.replace(Note(status=Status.ISSUED), **changed)
    assert expected == text_of(note).split("\n")[-1]


def test_long_reason_is_cut() -> None:
    """Staff's reason takes at most 300 characters."""
    text = text_of(Note(status=Status.REFUSED, reason="x" * 400))
    assert "Permohonan ditolak: " + "x" * 299 + "…" == text


def test_note_that_does_not_fit_counts_the_rest() -> None:
    """Whole lines are left out, and their number is told."""
    problem = Problem(ProblemCode.CHOICE_UNKNOWN, "nik", {"options": "x" * 500})
    lines = text_of(Note(status=Status.NEEDS_CORRECTION, problems=(problem,) * 5)).split("\n")

    assert 5 == len(lines)
    assert "Masih ada 2 catatan lain." == lines[-1]


HEADERS = st.text(max_size=200) | st.sampled_from(["=1+1", "+x", "{question}", "{0}", "\ud800", ""])
NOTES = st.builds(
    Note,
    status=st.sampled_from(Status),
    problems=st.lists(
        st.builds(
            Problem,
            st.sampled_from(ProblemCode),
            st.sampled_from(["nik", "nama", "lain"]),
            st.just({"count": 15, "max": 200, "options": "Ya, Tidak"}),
        ),
        max_size=60,
    ).map(tuple),
    cautions=st.lists(
        st.builds(
            Caution,
            st.sampled_from(CautionCode),
            st.sampled_from(["nik", "nama"]),
            st.just({"months": 6}),
        ),
        max_size=20,
    ).map(tuple),
    hold=st.none() | st.builds(Hold, reason=st.sampled_from(HoldReason), other=st.just(OTHER)),
    reason=HEADERS,
    numbered=st.booleans(),
    by_hand=st.booleans(),
    replaced_by=st.just(OTHER),
    unfit=st.none() | st.sampled_from(StaffAction),
    unknown_action=st.booleans(),
    changed=st.booleans(),
    identity_changed=st.booleans(),
    unknown_signer=st.booleans(),
    left_alone=st.lists(HEADERS, max_size=7).map(tuple),
)


@given(note=NOTES, nik=HEADERS, nama=HEADERS, office_hours=HEADERS)
def test_note_is_safe_in_a_sheet(note: Note, nik: str, nama: str, office_hours: str) -> None:
    """No header or reason makes a formula, a number, a date or a broken cell of it."""
    text = note_text(note, questions={"nik": nik, "nama": nama}, office_hours=office_hours)

    first = text.split(maxsplit=1)[0]
    assert first.rstrip(".:").isalpha()
    assert first[0].isupper()
    assert len(text) <= NOTE_LIMIT
    assert "" not in text.split("\n")
    assert not {unicodedata.category(c) for c in text if c != "\n"} & {"Cc", "Cs", "Zl", "Zp"}
