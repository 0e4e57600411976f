"""A fresh sandbox: the sample form, and its empty response sheet, shared as a village does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive.model import FORM, SPREADSHEET, File
from sync.sandbox.forms.model import Form, Kind, Question
from sync.sandbox.forms.submit import link
from sync.sandbox.sheets.book import Book, Sheet
from sync.sandbox.sheets.look import new_file_properties
from sync.sandbox.state import State

if TYPE_CHECKING:
    from datetime import datetime

USER = "desa.contoh@gmail.com"
SERVICE_ACCOUNT = "surat-sync@desa-contoh.iam.gserviceaccount.com"

SPREADSHEET_ID = "1SandboxJawabanSuratKeteranganUsaha0000000001"
FORM_ID = "1SandboxFormulirSuratKeteranganUsaha00000001"
PUBLIC_ID = "1FAIpQLSandboxFormulirSuratKeteranganUsaha000000000000001"
SHEET_ID = 1_407_245_618

_TITLE = "Permohonan Surat Keterangan Usaha (SKU)"
_PRIVACY = (
    "Data Anda hanya dipakai untuk surat ini, disimpan paling lama 365 hari di Google dan "
    "kantor desa, dan hanya dibuka petugas. Untuk melihat, membetulkan, atau menghapusnya, "
    "hubungi kantor desa."
)
_DESCRIPTION = (
    f"Isi data sesuai KTP. Surat diambil di kantor desa dengan membawa KTP.\n\n{_PRIVACY}"
)
_LANGUAGES = {
    "en": ("Timestamp", "Form Responses 1"),
    "id": ("Stempel waktu", "Respons Formulir 1"),
}
_ROWS = 1000

_QUESTIONS: tuple[tuple[str, Kind, bool, tuple[str, ...], str], ...] = (
    ("Nama Lengkap", "text", True, (), "Sesuai KTP"),
    ("NIK", "text", True, (), "16 angka di KTP, tanpa spasi"),
    ("Tempat Lahir", "text", True, (), ""),
    ("Tanggal Lahir", "date", True, (), ""),
    ("Jenis Kelamin", "choice", True, ("Laki-laki", "Perempuan"), ""),
    (
        "Agama",
        "list",
        True,
        (
            "Islam",
            "Kristen",
            "Katolik",
            "Hindu",
            "Buddha",
            "Khonghucu",
            "Kepercayaan terhadap Tuhan YME",
        ),
        "",
    ),
    (
        "Status Perkawinan",
        "choice",
        True,
        ("Belum Kawin", "Kawin", "Cerai Hidup", "Cerai Mati"),
        "",
    ),
    ("Pekerjaan", "text", True, (), ""),
    ("Dusun", "choice", True, ("Kebobang", "Tumpangrejo", "Lopawon", "Bumirejo"), ""),
    ("RT", "text", True, (), "Contoh: 005"),
    ("RW", "text", True, (), "Contoh: 002"),
    ("Nama Usaha", "text", False, (), "Kosongkan bila usaha belum bernama"),
    ("Jenis Usaha", "text", True, (), "Contoh: warung makan, jahit, ternak kambing"),
    ("Alamat Usaha", "paragraph", True, (), ""),
    ("Mulai Usaha", "text", True, (), "Bulan dan tahun, contoh: Maret 2019"),
    ("Keperluan", "text", True, (), "Contoh: pengajuan KUR"),
    ("Nomor WhatsApp", "text", False, (), "Untuk kabar bila surat siap"),
    ("Email", "text", False, (), ""),
    ("Diisi Oleh", "text", False, (), "Sendiri, keluarga, Ketua RT, atau perangkat desa"),
    (
        "Pernyataan",
        "checkbox",
        True,
        ("Saya menyatakan data yang saya isi benar",),
        "",
    ),
)


def fresh(*, now: datetime, language: str = "en") -> State:
    """Return the state of a new sandbox: form and sheet of the village, sheet shared."""
    state = State()
    state.switches["form_language"] = language
    header, tab = _LANGUAGES[language]
    form = Form(
        form_id=FORM_ID,
        public_id=PUBLIC_ID,
        title=_TITLE,
        description=_DESCRIPTION,
        questions=tuple(_questions()),
        spreadsheet_id=SPREADSHEET_ID,
        sheet_id=SHEET_ID,
        timestamp_header=header,
    )
    state.forms[FORM_ID] = form
    state.spreadsheets[SPREADSHEET_ID] = _book(form, tab)
    state.without_storage.add(SERVICE_ACCOUNT)
    state.add_root(USER, now)
    state.add_root(SERVICE_ACCOUNT, now)
    state.add_file(_file(FORM_ID, _TITLE, FORM, now), now)
    state.add_file(_file(SPREADSHEET_ID, f"{_TITLE} (Responses)", SPREADSHEET, now), now)
    return state


def _questions() -> list[Question]:
    return [
        Question(
            question_id=f"{0x2A10C3D1 + 0x01F2D7B3 * number:08x}",
            title=title,
            kind=kind,
            required=required,
            options=options,
            hint=hint,
        )
        for number, (title, kind, required, options, hint) in enumerate(_QUESTIONS)
    ]


def _book(form: Form, tab: str) -> Book:
    properties = new_file_properties(f"{_TITLE} (Responses)")
    book = Book(SPREADSHEET_ID, properties | {"locale": "in_ID", "timeZone": "Asia/Jakarta"})
    sheet = Sheet(SHEET_ID, tab, _ROWS, 1 + len(form.questions))
    book.add_sheet(sheet)
    link(sheet, form)
    return book


def _file(file_id: str, name: str, mime_type: str, now: datetime) -> File:
    return File(
        file_id=file_id,
        name=name,
        mime_type=mime_type,
        owner=USER,
        created=now,
        roles={SERVICE_ACCOUNT: "writer"},
    )
