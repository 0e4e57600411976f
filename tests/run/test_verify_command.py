"""`surat-sync verify`: what is ours, what was changed, and what does not count any more."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import docx
import pytest
from codes import code_of
from command_line import command
from PIL import Image

from sync.letter.archive import Member, archive, base, read_archive
from sync.letter.qr import qr_png
from sync.letter.seal import Seal, SigningKey, token_in
from sync.letter.signing import forget_key, load_signing_key, make_signing_key

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office

PAGE = "https://desa.example/periksa"
SEAL_FILE = "word/media/surat_seal.png"
NUMBER = "500.3/1/35.07.32.2004/2026"
SEAL = Seal(
    village_code="35.07.32.2004",
    service="sku",
    letter_number=NUMBER,
    revision=1,
    issued_on=date(2026, 11, 24),
    valid_until=None,
    masked_name="S*** C*****",
    digest=bytes(16),
)


@pytest.fixture
def letter(office: Office) -> Path:
    """Return the one letter that was issued."""
    office.configure(verify__page_url=PAGE)
    office.submit("Siti Contoh")
    office.run()
    return office.letters()[0]


def verdict(office: Office, what: str | Path) -> tuple[int, dict[str, Any]]:
    outcome = command(office, "verify", str(what), "--json")
    return outcome.code, outcome.json


def said(letter: Path) -> str:
    code = code_of(letter)
    assert code is not None
    return code


def rewritten(letter: Path, *changes: tuple[str, str], **members: bytes) -> Path:
    """Return a copy with text of the body changed, as with a word processor."""
    content = read_archive(letter.read_bytes())
    body = content["word/document.xml"].content()
    for before, after in changes:
        assert before.encode() in body
        body = body.replace(before.encode(), after.encode(), 1)
    content["word/document.xml"] = Member.deflated("word/document.xml", body)
    for name, picture in members.items():
        content[name] = Member.stored(name, picture)
    copy = letter.with_name("copy.docx")
    copy.write_bytes(archive(base(content.values()), ()))
    return copy


def test_genuine_letter(office: Office, letter: Path) -> None:
    """Token, address and file say the same; nothing is asked of anybody."""
    expected = {
        "result": "genuine",
        "letter_number": NUMBER,
        "revision": 1,
        "issued_on": "2026-11-24",
        "valid_until": "2027-02-24",
        "masked_name": "S*** C*****",
        "differences": [],
    }
    before = office.mark()

    for what in (said(letter), token_in(said(letter)), letter):
        assert (0, expected) == verdict(office, what)
    assert before == office.mark()


def test_verdict_for_people(office: Office, letter: Path) -> None:
    """Without --json it is a few lines, and no full name."""
    outcome = command(office, "verify", str(letter))

    assert 0 == outcome.code
    assert outcome.out.startswith("GENUINE: issued by this village")
    assert NUMBER in outcome.out
    assert "Siti" not in outcome.out


def test_saved_again_is_still_genuine(office: Office, letter: Path) -> None:
    """A word processor that changes nothing but the file keeps it genuine."""
    saved = letter.with_name("saved.docx")
    docx.Document(str(letter)).save(str(saved))

    assert saved.read_bytes() != letter.read_bytes()
    assert (0, "genuine") == (verdict(office, saved)[0], verdict(office, saved)[1]["result"])


def test_changed_character_is_named(office: Office, letter: Path) -> None:
    """One changed character of the file: verify says which field it is in."""
    changes = {
        ("Warung makan", "Warung makam"): "jenis_usaha",
        ("Siti Contoh", "Siti Contih"): "nama",
        ("RT 003 RW", "RT 004 RW"): "rt",
        (NUMBER, NUMBER.replace("/1/", "/7/")): "nomor_surat",
        ("24 Februari 2027", "24 Februari 2028"): "berlaku_sampai",
        ("Demikian surat", "Demikiam surat"): "(text)",
        ("bukan izin usaha", "adalah izin usaha"): "(text)",
    }

    for change, field in changes.items():
        code, facts = verdict(office, rewritten(letter, change))
        assert (1, "changed", [field]) == (code, facts["result"], facts["differences"])


def test_several_changes_are_all_named(office: Office, letter: Path) -> None:
    """Each field once, in the order of the letter."""
    changed = rewritten(letter, ("Warung makan", "Bengkel"), ("Siti Contoh", "Budi Contoh"))

    assert ["nama", "jenis_usaha"] == verdict(office, changed)[1]["differences"]


def test_added_line_is_found(office: Office, letter: Path) -> None:
    """Words that nobody issued, in a paragraph of their own."""
    document = docx.Document(str(letter))
    document.add_paragraph("Surat ini juga berlaku sebagai jaminan.")
    longer = letter.with_name("longer.docx")
    document.save(str(longer))

    assert ["(text)"] == verdict(office, longer)[1]["differences"]


def test_other_code_is_found(office: Office, letter: Path) -> None:
    """The right text with another code, or with none."""
    for other in (qr_png("https://elsewhere.example"), b"no picture"):
        code, facts = verdict(office, rewritten(letter, **{SEAL_FILE: other}))
        assert (1, ["(seal)"]) == (code, facts["differences"])


def test_changed_template_leaves_old_letters_comparable(office: Office, letter: Path) -> None:
    """Staff have changed the template since: each value is still looked for."""
    template = office.folder / "templates/letter_sku.docx"
    document = docx.Document(str(template))
    document.add_paragraph("Baris baru.")
    document.save(str(template))
    changed = rewritten(letter, ("Warung makan", "Warung makam"))

    assert ["jenis_usaha"] == verdict(office, changed)[1]["differences"]
    assert "genuine" == verdict(office, rewritten(letter))[1]["result"]


def test_withdrawn_letter_is_void(office: Office, letter: Path) -> None:
    """Batalkan: the code on paper that is out there tells it, also when its time is over."""
    code = said(letter)
    office.ask("Siti Contoh", "Batalkan", "Salah data")
    office.settle()
    assert (1, "void") == (verdict(office, code)[0], verdict(office, code)[1]["result"])
    assert "Salah data" in command(office, "verify", code).out
    office.pass_time(days=100)

    assert "void" == verdict(office, letter)[1]["result"]


def test_revised_letter_is_replaced(office: Office, letter: Path) -> None:
    """The former revision does not count any more, the newer does."""
    former = said(letter)
    office.edit("Siti Contoh", "Jenis Usaha", "Bengkel")
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.settle()
    first, second = office.letters()

    assert (1, "replaced") == (verdict(office, former)[0], verdict(office, former)[1]["result"])
    assert "replaced" == verdict(office, first)[1]["result"]
    assert 1 == verdict(office, first)[1]["revision"]
    for what in (said(second), second):
        assert (0, "genuine") == (verdict(office, what)[0], verdict(office, what)[1]["result"])


def test_expired_letter_is_still_ours(office: Office, letter: Path) -> None:
    """Valid to the end of its last day; then expired, and the exit code is 0."""
    code = said(letter)
    office.pass_time(days=92)
    assert "genuine" == verdict(office, code)[1]["result"]
    office.pass_time(days=1)

    assert (0, "expired") == (verdict(office, code)[0], verdict(office, code)[1]["result"])
    assert "expired" == verdict(office, letter)[1]["result"]


@pytest.mark.usefixtures("letter")
def test_forged_seal_is_unknown(office: Office) -> None:
    """Somebody else's signature; and one of ours for a letter that the ledger never saw."""
    for signer in (SigningKey.of(bytes(32)), _signer(office)):
        seal = replace(SEAL, letter_number=NUMBER.replace("/1/", "/99/"))
        code, facts = verdict(office, signer.token(seal))
        assert (1, "unknown") == (code, facts["result"])


@pytest.mark.usefixtures("letter")
def test_seal_with_other_answers_is_changed(office: Office) -> None:
    """A seal of ours whose digest is not that of the ledger's answers: look at the ledger."""
    code, facts = verdict(office, _signer(office).token(SEAL))

    assert (1, "changed", ["(seal)"]) == (code, facts["result"], facts["differences"])


def test_flipped_character_is_refused(office: Office, letter: Path) -> None:
    """A token with one other character is no seal of ours."""
    token = token_in(said(letter))
    other = token[:-20] + ("A" if token[-20] != "A" else "B") + token[-19:]

    assert "unknown" == verdict(office, other)[1]["result"]


def test_stolen_keys_seals_are_unknown(office: Office, letter: Path) -> None:
    """After a key was forgotten its codes count for nothing; files still compare."""
    state = office.config.state_folder
    stolen = _signer(office)
    make_signing_key(state)
    forget_key(state, stolen.key_id)

    assert "unknown" == verdict(office, said(letter))[1]["result"]
    assert "genuine" == verdict(office, letter)[1]["result"]


def test_letter_of_nobody_is_unknown(office: Office, letter: Path) -> None:
    """A document with no ticket and no number of ours."""
    document = docx.Document()
    document.add_paragraph("Surat Keterangan Usaha")
    strange = letter.with_name("strange.docx")
    document.save(str(strange))

    assert (1, "unknown") == (verdict(office, strange)[0], verdict(office, strange)[1]["result"])


def test_nothing_that_can_be_read(office: Office, letter: Path) -> None:
    """Exit code 2, one JSON object, no traceback."""
    broken = letter.with_name("broken")
    for content in (b"PK\3\4 no zip", b"text", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\nbroken"):
        broken.write_bytes(content)
        code, facts = verdict(office, broken)
        assert (2, "unreadable") == (code, facts["result"])
    for text in ("", "hello", "x" * 5000, "letters/missing.docx", "a#b", "\0"):
        code, facts = verdict(office, text)
        assert (2, "unreadable") == (code, facts["result"])


def test_photo_and_pdf(office: Office, letter: Path) -> None:
    """A page with the code and with another one; turned a little, as photos are."""
    page = Image.new("L", (1000, 1400), 245)
    photo = letter.with_name("photo")
    page.save(photo, "PNG")
    assert (2, "unreadable") == (verdict(office, photo)[0], verdict(office, photo)[1]["result"])

    page.paste(_code("https://toko.example"), (80, 80))
    page.paste(_code(said(letter)), (600, 1000))
    for kind in ("PNG", "JPEG", "PDF"):
        page.rotate(4, fillcolor=230).convert("RGB").save(photo, kind)
        code, facts = verdict(office, photo)
        assert (0, "genuine", NUMBER) == (code, facts["result"], facts["letter_number"])


@pytest.mark.skipif(
    shutil.which("soffice") is None and "CI" not in os.environ, reason="LibreOffice is missing"
)
def test_printed_letter_is_genuine(office: Office, letter: Path, tmp_path: Path) -> None:
    """The letter as PDF, and as a poor copy of the paper: 100 dots per inch."""
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    pdf = tmp_path / f"{letter.stem}.pdf"
    to_pdf = ["--convert-to", "pdf", "--outdir", str(tmp_path), str(letter)]
    to_png = ["-r", "100", "-png", "-singlefile", str(pdf), str(tmp_path / "copy")]
    subprocess.run(
        ["soffice", "--headless", profile, *to_pdf], check=True, capture_output=True, timeout=180
    )
    subprocess.run(["pdftoppm", *to_png], check=True, timeout=60)

    for what in (pdf, tmp_path / "copy.png"):
        code, facts = verdict(office, what)
        assert (0, "genuine", NUMBER) == (code, facts["result"], facts["letter_number"])


def test_missing_packages_are_named(
    office: Office, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra, photos are not read, and it is said what to install."""
    photo = letter.with_name("photo.png")
    Image.new("L", (300, 300), 255).save(photo)
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    outcome = command(office, "verify", str(photo))

    assert 2 == outcome.code
    assert "pip install 'surat-sync[verify]'" in outcome.out


def test_village_that_is_not_set_up(bare_office: Office) -> None:
    """Nothing can be checked without keys."""
    assert 2 == command(bare_office, "verify", "x").code


def _signer(office: Office) -> SigningKey:
    signer = load_signing_key(office.config.state_folder)
    assert signer is not None
    return signer


def _code(text: str) -> Image.Image:
    with Image.open(BytesIO(qr_png(text))) as picture:
        return picture.convert("L").resize((260, 260))
