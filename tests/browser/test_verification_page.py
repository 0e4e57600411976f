"""The verification page in a real browser: what it says of each kind of code, and what it asks."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from browser import CHROMIUM, Shown, served, shown
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.handouts.page import verification_page
from sync.letter.seal import Seal, SigningKey, from_base64url, to_base64url
from sync.letter.withdrawn import signed_list
from sync.model import Village

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    CHROMIUM is None and "CI" not in os.environ, reason="Chromium is missing"
)

SIGNER, STRANGER = SigningKey.of(bytes(range(32))), SigningKey.of(bytes(32))
VILLAGE = Village(
    name="Kebobang",
    district="Wonosari",
    regency="Kabupaten <Malang> & kota",
    province="Jawa Timur",
    code="35.07.32.2004",
    address="",
    postal_code="",
)
MORNING = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
SEAL = Seal(
    village_code=VILLAGE.code,
    service="sku",
    letter_number="500.3/24/35.07.32.2004/2026",
    revision=1,
    issued_on=date(2026, 11, 24),
    valid_until=date(2099, 2, 24),
    masked_name="S*** C*****",
    digest=bytes(16),
)
TOKEN = SIGNER.token(SEAL)
VOID, REVISED = "500.3/8/x", "500.3/9/x"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: the order of the curve's base point (RFC 8032, 5.1)
ORDER = 2**252 + 27742317777372353535851937790883648493
#: makes the page's today 24 November 2026, one minute before its midnight
FREEZE = """<script>(function (Real) {
  window.Date = function (day) {
    return arguments.length ? new Real(day) : new Real(2026, 10, 24, 23, 59);
  };
  window.Date.UTC = Real.UTC;
  window.Date.now = Real.now;
}(Date));</script>"""
#: gives the page one code after the other, once its list is there, and notes what it shows
ASK = """<script>setTimeout(function () {
  var found = TOKENS.map(function (token) {
    history.replaceState(null, "", "#" + token);
    window.onhashchange();
    return ["state", "facts"].map(function (id) {
      return document.getElementById(id).textContent;
    });
  });
  var note = document.createElement("script");
  note.type = "application/json";
  note.textContent = JSON.stringify(found).replace(/</g, "\\\\u003c");
  note.setAttribute("data-found", "");
  document.body.appendChild(note);
}, 500);</script>"""


def withdrawn(
    *letters: tuple[str, str, int | None], signer: SigningKey = SIGNER, made_at: datetime = MORNING
) -> dict[str, str]:
    return signed_list(
        signer,
        letters,
        village_code=VILLAGE.code,
        made_at=made_at,
        made_on=f"diperbarui {made_at:%H.%M}",
    )


OLD = withdrawn(made_at=MORNING - timedelta(hours=1))
NEW = withdrawn(("sku", VOID, None), ("sku", REVISED, 3))


def written(folder: Path, inside: dict[str, str], beside: object = None) -> Path:
    """Write the page with one list inside and another beside it; return the page."""
    page = verification_page(
        village=VILLAGE,
        contact="telepon 0341-000001",
        titles={"sku": "Surat Keterangan Usaha"},
        keys={SIGNER.key_id: to_base64url(SIGNER.public_key)},
        withdrawn=inside,
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
    if beside is not None:
        (folder / "void.json").write_text(json.dumps(beside), encoding="utf-8")
    return folder / "index.html"


def asked(folder: Path, tokens: Sequence[str]) -> list[tuple[str, str]]:
    """Return state and facts that the page in *folder* shows for each of *tokens*."""
    page = folder / "index.html"
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', FREEZE, page.read_text())
    questions = ASK.replace("TOKENS", json.dumps(tokens))
    page.write_text(text.replace("</body>", f"{questions}</body>"))
    with served(folder) as address:
        dom = shown(address, folder).dom
    answers = re.search(r'<script type="application/json" data-found="">(.*?)</script>', dom)
    assert answers is not None
    return [(state, facts) for state, facts in json.loads(answers[1])]


def test_each_kind_of_code_is_told(tmp_path: Path) -> None:
    """Genuine, expired, void, replaced, forged, garbage; and what stands on the paper."""
    written(tmp_path, OLD, NEW)
    until = date(2026, 11, 24)
    codes = {
        TOKEN: "✓ Berlaku",
        SIGNER.token(replace(SEAL, valid_until=None)): "✓ Berlaku",
        SIGNER.token(replace(SEAL, valid_until=until)): "✓ Berlaku",
        SIGNER.token(replace(SEAL, valid_until=until - timedelta(days=1))): "⏱ Kedaluwarsa",
        SIGNER.token(replace(SEAL, letter_number=VOID)): "✗ Dibatalkan",
        SIGNER.token(replace(SEAL, letter_number=VOID, valid_until=until - timedelta(days=1))): (
            "✗ Dibatalkan"
        ),
        SIGNER.token(replace(SEAL, letter_number=REVISED, revision=2)): "✗ Diganti",
        SIGNER.token(replace(SEAL, letter_number=REVISED, revision=3)): "✓ Berlaku",
        SIGNER.token(replace(SEAL, letter_number=VOID, service="skd")): "✓ Berlaku",
        STRANGER.token(SEAL): "✗ Tidak dikenal",
        "hAFo": "✗ Tidak terbaca",
        "bukan-kode": "✗ Tidak terbaca",
        "%3Cscript%3E": "✗ Tidak terbaca",
        "x" * 5000: "✗ Tidak terbaca",
        "": "Belum ada kode",
    }
    found = asked(tmp_path, list(codes))

    assert list(codes.values()) == [state for state, _ in found]
    assert found[0][1] == (
        "Jenis surat · KindSurat Keterangan UsahaNomor · Number500.3/24/35.07.32.2004/2026"
        "Nama pemohon · ApplicantS*** C*****Tanggal surat · Issued on24 November 2026"
        "Berlaku sampai · Valid until24 Februari 2099"
    )
    assert "tanpa batas waktu" in found[1][1]
    assert "revisi 3" in found[7][1]
    assert "skd" in found[8][1]
    assert {""} == {facts for _, facts in found[9:]}


def test_changed_or_otherwise_spelled_token_is_refused(tmp_path: Path) -> None:
    """Bits flipped all over it, and each other way to write the same: as `verify` refuses."""
    written(tmp_path, OLD)
    content = from_base64url(TOKEN)
    number, size = int.from_bytes(content), len(content)
    late = (int.from_bytes(content[-32:], "little") + ORDER).to_bytes(32, "little")
    forged = [(number ^ 1 << bit).to_bytes(size) for bit in range(0, 8 * size, 23)]
    forged += [
        b"\x9f" + content[1:] + b"\xff",
        b"\x98\x04" + content[1:],
        content[:1] + b"\x18\x01" + content[2:],
        content[:11] + b"\x59\x00" + content[12:],
        b"\xd9\xd9\xf7" + content,
        content + b"\0",
        content[:-32] + late,
    ]
    tokens = [to_base64url(one) for one in forged]
    last = ALPHABET.index(TOKEN[-1])
    tokens += [f"{TOKEN[:-1]}{ALPHABET[last ^ 1 << bit]}" for bit in range(6)]
    tokens += [f"{TOKEN}=", f"{TOKEN}A", TOKEN[:-1], f" {TOKEN[1:]}"]
    found = asked(tmp_path, [*tokens, TOKEN])

    assert "✓ Berlaku" == found[-1][0]
    assert {"✗ Tidak dikenal", "✗ Tidak terbaca"} == {state for state, _ in found[:-1]}


def test_nothing_of_a_code_becomes_markup(tmp_path: Path) -> None:
    """Even a code with a good signature is only text; so is what the config says."""
    written(tmp_path, OLD)
    evil = "<img src=x onerror=alert(1)>"
    seal = replace(SEAL, letter_number=evil, masked_name="</dd><script>", service="<b>")
    (state, facts), *_ = asked(tmp_path, [SIGNER.token(seal)])
    page = (tmp_path / "index.html").read_text()

    assert "✓ Berlaku" == state
    assert evil in facts
    assert "</dd><script>" in facts
    assert "Kabupaten &lt;Malang&gt; &amp; kota" in page


def test_list_of_strangers_or_of_yesterday_does_not_count(tmp_path: Path) -> None:
    """What is beside the page counts only if it is signed, and newer than the one inside."""
    void = SIGNER.token(replace(SEAL, letter_number=VOID))
    for beside in (withdrawn(signer=STRANGER, made_at=MORNING + timedelta(1)), OLD):
        written(tmp_path, NEW, beside)
        assert ["✗ Dibatalkan"] == [state for state, _ in asked(tmp_path, [void])]


def look(tmp_path: Path, address: str) -> Shown:
    return shown(f"{address}#{TOKEN}", tmp_path)


@pytest.mark.parametrize("secure", [False, True])
def test_page_asks_for_its_list_and_nothing_else(tmp_path: Path, secure: bool) -> None:  # noqa: FBT001 - pytest's
    """Over http and https, as it is published, with its policy."""
    folder = tmp_path / "web"
    folder.mkdir()
    written(folder, OLD, NEW)
    certificate = self_signed(tmp_path) if secure else ()
    with served(folder, certificate) as address:
        page = look(tmp_path, address)

    assert "✓ Berlaku" == page.text("state")
    assert (f"{address}void.json",) == page.requests
    assert page.text("list").startswith("Daftar surat batal diperbarui 03.15.")
    assert page.text("contact").endswith("kantor desa: telepon 0341-000001")
    assert page.is_hidden("ask")


def test_page_without_its_list_says_so(tmp_path: Path) -> None:
    """The list inside serves, with a warning."""
    folder = tmp_path / "web"
    folder.mkdir()
    written(folder, OLD)
    with served(folder) as address:
        page = look(tmp_path, address)

    assert "✓ Berlaku" == page.text("state")
    assert "yang terbaru tidak dapat dibuka; dipakai yang diperbarui 02.15" in page.text("list")


def test_page_works_from_disk(tmp_path: Path) -> None:
    """A file that somebody was sent: the void letter is known by the list inside."""
    page = written(tmp_path, NEW)
    void = SIGNER.token(replace(SEAL, letter_number=VOID))
    found = shown(f"{page.as_uri()}#{void}", tmp_path)

    assert "✗ Dibatalkan" == found.text("state")
    assert () == found.requests
    assert "tidak dapat dibuka" in found.text("list")


def test_pasted_code_is_checked(tmp_path: Path) -> None:
    """Without a camera: what another scanner read, address and all."""
    page = written(tmp_path, OLD)
    paste = f"""<script>setTimeout(function () {{
      document.getElementById("code").value = " https://desa.example/periksa#{TOKEN} ";
      document.getElementById("ask").onsubmit();
    }}, 100);</script></body>"""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text())
    page.write_text(text.replace("</body>", paste))

    assert "✓ Berlaku" == shown(page.as_uri(), tmp_path).text("state")


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Return certificate and key files for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(pem))
    files[1].write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files
