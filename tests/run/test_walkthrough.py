"""docs/operate.md and README.id.md, done line by line: each command ends as they promise."""

from __future__ import annotations

import re
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest
import requests
from office import OUR_HEADERS, Office
from walkthrough import ROOT, Operator, new_place, steps

from sync.letter import letter_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.sandbox import Sandbox

OPERATE, README_ID = ROOT / "docs" / "operate.md", ROOT / "README.id.md"
_FOLDER = re.compile(r'drive_folder: "([^"]+)"')
_NUMBER = "500.3/{}/35.07.32.2004/2026"
_WRITTEN = {
    "village.name": "Kebobang",
    "village.district": "Wonosari",
    "village.regency": "Kabupaten Malang",
    "village.province": "Jawa Timur",
    "village.code": "35.07.32.2004",
    "village.postal_code": "65164",
    "village.address": "Jalan Contoh Nomor 1",
    "village.office_hours": "Senin–Jumat 08.00–15.00 WIB",
    "village.timezone": "Asia/Jakarta",
    "signers.kades.name": "NAMA CONTOH",
    "signers.kades.title": "Kepala Desa Kebobang",
    "services.sku.number.code": "500.3",
    "services.sku.number.format": "{code}/{sequence}/{village_code}/{year}",
    "services.sku.number.start": 1,
    "services.sku.fields.nik.region": "350732",
    "services.sku.fields.dusun.options": {"Kebobang": [], "Lopawon": []},
    "services.sku.template": "templates/surat-usaha.docx",
    "google.oauth_client": "secrets/oauth-client.json",
    "google.drive_credentials": "secrets/drive.json",
    "letters.cabinet": "drive",
    "verify.page_url": "https://desa.example/surat/",
    "verify.contact": "Kantor Desa Kebobang",
}


@pytest.fixture
def operator(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Return somebody with the program, a browser, and the files that Google's console gave."""
    office, home = Office(tmp_path / "surat", sandbox), tmp_path / "home"
    new_place(office, home)
    monkeypatch.chdir(office.folder)
    monkeypatch.setattr("webbrowser.open", allow)
    return Operator(
        office=office,
        home=home,
        values=values_for(sandbox),
        before=[
            ("surat-sync check", with_the_sandbox),
            ("surat-sync setup", an_old_request),
            ("surat-sync run --dry-run", two_requests),
            ("surat-sync status", the_evening_went_well),
            ("surat-sync setup", a_second_signer),
            ("tar -xzpf surat-pindah.tar.gz", the_old_computer_is_gone),
            ("surat-sync setup --remove", all_is_in_its_place),
        ],
    )


@pytest.mark.parametrize("document", [OPERATE, README_ID], ids=lambda path: path.name)
def test_every_command_ends_as_promised(operator: Operator, document: Path) -> None:
    """From the first evening to taking surat-sync away, in the document's order."""
    operator.walk(steps(document))

    assert [] == operator.before
    assert not {*OUR_HEADERS, "Penandatangan"} & set(operator.office.header())


def test_both_languages_say_the_same() -> None:
    """What README.id.md says to do stands in docs/operate.md, in the same order."""
    english, indonesian = steps(OPERATE), steps(README_ID)

    assert indonesian == [step for step in english if step in indonesian]


def values_for(sandbox: Sandbox) -> dict[str, Callable[[Operator], Any]]:
    """Return what an operator writes into the config; the village is the sandbox's."""
    address = f"https://docs.google.com/spreadsheets/d/{sandbox.spreadsheet_id}/edit?gid=1#gid=1"
    fixed = _WRITTEN | {
        "services.sku.spreadsheet": address,
        "services.sku.sheet": sandbox.sheet_id,
    }
    return {key: lambda _, value=value: value for key, value in fixed.items()} | {
        "letters.drive_folder": _printed_folder
    }


def allow(address: str) -> None:
    """Let the village's account say yes, as its owner does in the browser."""
    threading.Thread(target=_say_yes, args=(address,)).start()


def with_the_sandbox(operator: Operator) -> None:
    """Point at the sandbox, which the documents do not speak of."""
    operator.change({"google.base_url": operator.office.sandbox.base_url})


def an_old_request(operator: Operator) -> None:
    """See that nothing but the set-up was missing; somebody has filled the form in before."""
    found = operator.printed("surat-sync check").splitlines()
    wrong = [line.removeprefix("FAIL     ") for line in found if line.startswith("FAIL")]
    assert ["cabinet", "ledger", "columns"] == [line.partition(":")[0] for line in wrong]
    operator.office.submit("Ani Lama")


def two_requests(operator: Operator) -> None:
    """Fill the form in once correctly, and once with a NIK of 15 digits."""
    operator.office.submit("Siti Contoh")
    operator.office.submit("Budi Contoh", NIK="350732170885990")


def the_evening_went_well(operator: Operator) -> None:
    """Look into the sheet: the numbers go on after the paper register's."""
    office = operator.office
    assert {
        "Ani Lama": "Arsip",
        "Siti Contoh": "Siap Ditandatangani",
        "Budi Contoh": "Perlu Perbaikan",
    } == office.statuses()
    assert _NUMBER.format(121) == office.record("Siti Contoh")["Nomor Surat"]
    assert "angka" in office.record("Budi Contoh")["Catatan"]
    assert 1 == len(list((operator.home / "usb").glob("surat-?.tar.gz")))


def a_second_signer(operator: Operator) -> None:
    """Name somebody else who signs."""
    text = operator.office.config_file.read_text("utf-8")
    second = '  sekdes: {name: NAMA LAIN, title: Sekretaris Desa, on_behalf_of: "", id_line: ""}\n'
    operator.office.config_file.write_text(text.replace("\ngoogle:", f"{second}\ngoogle:"), "utf-8")


def the_old_computer_is_gone(operator: Operator) -> None:
    """Leave nothing but the packed file; on the new computer somebody waits for a letter."""
    for name in ("state", "secrets", "letters", "templates"):
        shutil.rmtree(operator.folder / name)
    operator.office.config_file.unlink()
    operator.office.submit("Joko Contoh")


def all_is_in_its_place(operator: Operator) -> None:
    """Look at everything that the documents have promised on the way."""
    office = operator.office
    reserved = [_NUMBER.format(number) for number in range(122, 132)]
    taken = 'surat-sync register reserve --count 10 --note "Internet mati"'
    assert reserved == operator.printed(taken).split()
    assert f"{_NUMBER.format(125)}  2026-11-24  void" in operator.printed(
        "surat-sync register list"
    )
    assert [] == re.findall(
        "^(?:FAIL|caution).*", operator.printed("surat-sync check"), re.MULTILINE
    )
    assert "Penandatangan" in office.header()
    (sample,) = (operator.folder / "templates").glob("*-contoh.docx")
    assert "Surat Keterangan Usaha" in letter_text(sample.read_bytes())
    newest = office.record("Joko Contoh")
    assert ("Siap Ditandatangani", _NUMBER.format(132)) == (newest["Status"], newest["Nomor Surat"])
    assert newest["Surat"].startswith("https://drive.google.com/")
    assert (operator.folder / "letters" / office.record("Siti Contoh")["Surat"]).is_file()
    assert [118, *range(119, 133)] == [line.sequence for line in office.register()]


def _printed_folder(operator: Operator) -> str:
    found = _FOLDER.search(operator.printed("surat-sync login"))
    assert found, "login tells the folder's id"
    return found[1]


def _say_yes(address: str) -> None:
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.post(address, data={"decision": "allow"}, timeout=10)
        assert "Izin sudah diterima" in page.text
