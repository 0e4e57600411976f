"""`surat-sync check --bundle`: enough to help with, and nobody in it."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest
from command_line import command

if TYPE_CHECKING:
    from collections.abc import Callable

    from office import Office

_NIK = "3507326107649907"
_PHONE = "081200000001"


def _bundle(office: Office) -> dict[str, str]:
    path = office.folder / "bantuan.zip"
    command(office, "check", "--bundle", str(path))
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_it_tells_versions_findings_and_counts(office: Office) -> None:
    """Somebody far away sees what is installed, what check said and how far things are."""
    office.submit("Siti Contoh")
    office.run()
    office.key_file.chmod(0o644)
    parts = _bundle(office)

    assert {"README.txt", "findings.txt", "versions.json", "config.json", "state.json"} == set(
        parts
    )
    assert "FAIL     credentials" in parts["findings.txt"]
    assert {"python", "gspread"} <= set(json.loads(parts["versions.json"]))
    state = json.loads(parts["state.json"])
    assert {"sku": {"ISSUED published": 1}} == state["entries"]
    assert 0 == state["last_run"]["exit"]
    config = json.loads(parts["config.json"])
    assert (200, "Asia/Jakarta") == (
        config["limits"]["rows_per_run"],
        config["village"]["timezone"],
    )


def _sound(_office: Office) -> None:
    """Leave everything as it is."""


def _broken_config(office: Office) -> None:
    office.config_file.write_text(office.config_file.read_text("utf-8") + "\nsigners: {x: Joko}\n")


def _damaged_ledger(office: Office) -> None:
    (office.config.state_folder / "ledger.db").write_bytes(b"Siti Contoh " * 500)


@pytest.mark.parametrize("spoil", [_sound, _broken_config, _damaged_ledger])
def test_nobody_is_in_it(office: Office, spoil: Callable[[Office], None]) -> None:
    """No name, id, phone, e-mail, signer, key or address of a file, whatever is broken."""
    office.configure(signers__kades__name="Contoh Wibowo", village__phone="0341123456")
    office.submit("Siti Contoh", NIK=_NIK, **{"Nomor WhatsApp": _PHONE})
    office.run()
    spoil(office)
    text = "\n".join(_bundle(office).values())
    secrets = (
        "Siti",
        _NIK,
        _PHONE,
        "Contoh Wibowo",
        "0341123456",
        "desa.contoh@gmail.com",
        "iam.gserviceaccount.com",
        office.sandbox.spreadsheet_id,
        "PRIVATE KEY",
        "Joko",
    )

    assert [] == [secret for secret in secrets if secret in text]


def test_a_place_that_cannot_be_written_is_told(office: Office) -> None:
    """Exit 2 and the path."""
    outcome = command(office, "check", "--bundle", str(office.folder / "tidak" / "ada.zip"))

    assert 2 == outcome.code
    assert "ada.zip cannot be written" in outcome.err
