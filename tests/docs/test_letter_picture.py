"""The shipped letter as it comes out of the printer, laid out by LibreOffice."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import docx
import pytest
import zxingcpp
from PIL import Image

from sync.letter import Template, letter_text
from sync.letter.archive import read_archive
from sync.letter.form import template as made_of
from sync.letter.make import TEMPLATES as FORMS
from sync.letter.qr import qr_png

TEMPLATES = Path(__file__).parents[2] / "templates"
LOGO = (TEMPLATES / "logo.png").read_bytes()
SHORT = {
    "kabupaten": "Kabupaten Malang",
    "kecamatan": "Wonosari",
    "desa": "Kebobang",
    "provinsi": "Jawa Timur",
    "alamat_kantor": "Jalan Raya Kebobang Nomor 1",
    "kode_pos": "65164",
    "nomor_surat": "500.3/24/35.07.32.2004/2026",
    "jabatan": "Kepala Desa Kebobang",
    "nama": "Siti Contoh",
    "nik": "3507326403739901",
    "tempat_lahir": "Malang",
    "tanggal_lahir_panjang": "24 Maret 1973",
    "jenis_kelamin": "Perempuan",
    "agama": "Islam",
    "status_kawin": "Kawin",
    "pekerjaan": "Pedagang",
    "dusun": "Lopawon",
    "rt": "003",
    "rw": "001",
    "nama_usaha": 'Toko "Ani & Budi" <Jaya>',
    "jenis_usaha": "Perdagangan bahan pokok",
    "alamat_usaha": "Dusun Lopawon RT 003 RW 001, Desa Kebobang",
    "mulai_usaha": "Januari 2019",
    "keperluan": "pengajuan kredit usaha rakyat di bank",
    "masa_berlaku": "3 (tiga) bulan",
    "berlaku_sampai": "24 Februari 2027",
    "tanggal_surat": "24 November 2026",
    "atas_nama": "",
    "penandatangan": "NAMA KEPALA DESA",
    "nip": "",
    "revisi": "",
    "id_permohonan": "SKU-7K2M-9QXT-4",
}
LONG = SHORT | {
    "nama": "Raden Ajeng Siti Contoh Wijayaningrum Kusumaningsih, S.Pd.I.",
    "alamat_usaha": ("Jalan Raya Kebobang Gang Melati Nomor 12 sebelah utara balai " * 3)[:150],
    "keperluan": ("melengkapi syarat pengajuan kredit usaha rakyat pada bank umum " * 4)[:200],
    "atas_nama": "a.n. Kepala Desa Kebobang",
    "jabatan": "Sekretaris Desa Kebobang",
    "penandatangan": "Drs. H. Raden Mas Budi Contoh Purnomo Wiryokusumo, M.Si.",
    "nip": "NIP 197001011990019901",
    "revisi": "2",
}
#: as long as that of the long letter: a page's address of 45 letters, a token of 290
CODE = "https://kebobang.desa.example/layanan/periksa#" + "hAFoVmtkYXAxUmpYVIhtMzUuMDcuMzIuMj" * 9
LETTERS: Mapping[str, tuple[Mapping[str, str], bool]] = {
    "short": (SHORT, False),
    "empty": (SHORT | {"nama_usaha": "", "masa_berlaku": ""}, False),
    "sealed": (SHORT, True),
    "long": (LONG, True),
}

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None and "CI" not in os.environ, reason="LibreOffice is missing"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with each letter as DOCX and PDF, all made in one call."""
    folder = tmp_path_factory.mktemp("letters")
    template = Template.open(TEMPLATES / "letter_sku.docx", names=SHORT, logo=LOGO)
    for name, (values, sealed) in LETTERS.items():
        letter = template.fill(values, seal=qr_png(CODE) if sealed else None)
        (folder / f"{name}.docx").write_bytes(letter)
    convert(folder, "pdf", *folder.glob("*.docx"))
    return folder


def convert(folder: Path, kind: str, *files: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    output(["soffice", "--headless", profile, "--convert-to", kind, "--outdir", folder, *files])


def output(command: list[str | Path]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=180).stdout


def lines(pdf: Path) -> list[str]:
    """Return the lines as they are printed, spaces folded."""
    text = output(["pdftotext", "-layout", pdf, "-"])
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("name", LETTERS)
def test_letter_is_one_page_without_gaps(folder: Path, name: str) -> None:
    """Long names, addresses and purposes still leave the signature on the first page."""
    text = output(["pdftotext", folder / f"{name}.pdf", "-"])

    assert 1 == text.count("\f")
    assert "{{" not in text


@pytest.mark.parametrize("name", LETTERS)
def test_page_is_f4(folder: Path, name: str) -> None:
    """215 × 330 mm, the paper of village offices."""
    size = output(["pdftotext", "-bbox", folder / f"{name}.pdf", "-"])
    width, height = map(float, re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', size)[0])

    assert (215, 330) == (round(width / 72 * 25.4), round(height / 72 * 25.4))


@pytest.mark.parametrize("name, expected", [("short", 12), ("empty", 11), ("long", 12)])
def test_colons_stand_in_one_column(folder: Path, name: str, expected: int) -> None:
    """The colons of identity and business lie within one point of each other."""
    words = output(["pdftotext", "-bbox", folder / f"{name}.pdf", "-"])
    places = [float(place) for place in re.findall(r'<word xMin="([\d.]+)".*>:</word>', words)]

    assert expected == len(places)
    assert max(places) - min(places) <= 1


@pytest.mark.parametrize(
    "line",
    [
        "PEMERINTAH KABUPATEN MALANG",
        "DESA KEBOBANG",
        "SURAT KETERANGAN USAHA",
        "Nomor: 500.3/24/35.07.32.2004/2026",
        "Tempat, tanggal lahir : Malang, 24 Maret 1973",
        "Alamat : Dusun Lopawon, RT 003 RW 001, Desa Kebobang",
        'Nama usaha : Toko "Ani & Budi" <Jaya>',
        "Pemegang Surat, Kepala Desa Kebobang,",
        "ID SKU-7K2M-9QXT-4.",
        "Surat sah bila ditandatangani dan distempel.",
    ],
)
def test_value_is_printed_beside_its_label(folder: Path, line: str) -> None:
    """What belongs together is on one line, in the words of the form."""
    assert line in lines(folder / "short.pdf")


def test_capitals_are_only_shown(folder: Path) -> None:
    """The letterhead shows capitals; the file keeps what was typed."""
    assert "Pemerintah Kabupaten Malang" in letter_text((folder / "short.docx").read_bytes())


def test_empty_lines_close_up(folder: Path) -> None:
    """No name of the business, no validity, no deputy, no staff number: no such lines."""
    printed = lines(folder / "empty.pdf")
    text = "\n".join(printed)
    place = printed.index("Pemegang Surat, Kepala Desa Kebobang,")

    assert "Nama usaha" not in text
    assert "berlaku selama" not in text
    assert "revisi" not in text
    assert "Kebobang, 24 November 2026" == printed[place - 1]


def test_words_about_the_code_come_with_the_code(folder: Path) -> None:
    """A letter without a code says nothing about one."""
    words = "Kode QR adalah kode pemeriksaan, bukan tanda tangan elektronik tersertifikasi."

    assert words not in lines(folder / "short.pdf")
    assert words in lines(folder / "sealed.pdf")
    assert 1 == len(pictures(folder / "short.pdf"))
    assert 2 == len(pictures(folder / "sealed.pdf"))


@pytest.mark.parametrize("dots_per_inch", [100, 150, 300])
@pytest.mark.parametrize("name", ["sealed", "long"])
def test_code_is_read_from_paper(folder: Path, name: str, dots_per_inch: int) -> None:
    """A poor copy of the printed letter is enough."""
    picture = folder / f"{name}-{dots_per_inch}"
    output(
        [
            "pdftoppm",
            "-r",
            str(dots_per_inch),
            "-png",
            "-singlefile",
            folder / f"{name}.pdf",
            picture,
        ]
    )
    found = zxingcpp.read_barcode(Image.open(picture.with_suffix(".png")))

    assert found is not None
    assert CODE == found.text


def pictures(pdf: Path) -> list[str]:
    return output(["pdfimages", "-list", pdf]).splitlines()[2:]


def test_libreoffice_may_save_the_template(folder: Path) -> None:
    """After staff change the template in LibreOffice, gaps and pictures are still found."""
    convert(folder, "docx:MS Word 2007 XML", TEMPLATES / "letter_sku.docx")
    saved = Template.open(folder / "letter_sku.docx", names=SHORT, logo=LOGO)

    assert set(SHORT) == saved.names
    assert saved.has_seal
    assert LOGO in [member.content() for member in read_archive(saved.fill(SHORT)).values()]


@pytest.mark.parametrize("place", FORMS)
def test_template_is_what_the_script_makes(place: str) -> None:
    """`scripts/make_template` gives the shipped file; a change by hand would be lost."""
    made = read_archive(made_of(FORMS[place], LOGO))
    shipped = read_archive((TEMPLATES.parent / place).read_bytes())

    assert made.keys() == shipped.keys()
    for name in made:
        if name.endswith(".xml"):
            assert made[name].content() == shipped[name].content()


def test_styles_are_named() -> None:
    """Staff change the look of all such lines in one place."""
    document = docx.Document(str(TEMPLATES / "letter_sku.docx"))
    used = {paragraph.style.name for paragraph in document.paragraphs if paragraph.style}

    assert {"Isi Surat", "Judul Surat", "Nomor Surat", "Garis Kop", "Kaki Surat"} == used
