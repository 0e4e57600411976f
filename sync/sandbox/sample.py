"""A fresh sandbox: the sample form, and its empty response sheet, shared as a village does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.accounts import Account, open_account
from sync.sandbox.forms.create import add_form
from sync.sandbox.forms.model import WORDS, Form
from sync.sandbox.forms.questions import Details, Item, Kind, Question
from sync.sandbox.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sync.sandbox.accounts import AccountKind

USER = "desa.contoh@gmail.com"
SERVICE_ACCOUNT = "surat-sync@desa-contoh.iam.gserviceaccount.com"
_ACCOUNTS: Mapping[str, AccountKind] = {USER: "user", SERVICE_ACCOUNT: "service"}

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


def fresh(
    *, now: datetime, language: str = "en", service_accounts_own_files: bool = False
) -> State:
    """Return the state of a new sandbox: two accounts, form and sheet of the village, shared."""
    state = State()
    state.switches["form_language"] = language
    for email, kind in _ACCOUNTS.items():
        account = Account(email=email, kind=kind, opened=now)
        open_account(state, account, owns_files=service_accounts_own_files)
    form = Form(
        form_id=FORM_ID,
        public_id=PUBLIC_ID,
        title=_TITLE,
        description=_DESCRIPTION,
        items=tuple(_items()),
        spreadsheet_id=SPREADSHEET_ID,
        sheet_id=SHEET_ID,
        editable=True,
        words=WORDS[language],
    )
    add_form(state, form, USER, [SERVICE_ACCOUNT], now)
    return state


def _items() -> Iterator[Item]:
    for number, (title, kind, required, options, hint) in enumerate(_QUESTIONS):
        own = 0x2A10C3D1 + 0x01F2D7B3 * number
        question = Question(
            question_id=f"{own:08x}",
            title=title,
            kind=kind,
            required=required,
            details=Details(options=options),
        )
        item_id = f"{own ^ 0x5A5A5A5A:08x}"
        yield Item(item_id=item_id, title=title, hint=hint, questions=(question,))
