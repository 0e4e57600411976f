"""`surat-sync publish`: the page and its list, and a new signing key with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from codes import code_of
from command_line import command

from sync.commands import program
from sync.letter.seal import from_base64url, is_signed
from sync.letter.signing import load_signing_key, public_keys

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office


def published(folder: Path, office: Office) -> dict[str, Any]:
    """Return the list beside the page, once its signature was found good."""
    signed = json.loads((folder / "void.json").read_text("utf-8"))
    key = public_keys(office.config.state_folder)[signed["key_id"]]
    assert is_signed(signed["signed"].encode(), from_base64url(signed["signature"]), key)
    found = json.loads(signed["signed"])
    assert isinstance(found, dict)
    return found


def test_page_and_list_are_written(office: Office, tmp_path: Path) -> None:
    """The list names void and replaced numbers and nobody; nothing is asked of Google."""
    office.submit("Siti Contoh", "Budi Contoh", "Ani Contoh")
    office.run()
    office.ask("Siti Contoh", "Batalkan", "Salah data")
    office.edit("Budi Contoh", "Jenis Usaha", "Bengkel")
    office.ask("Budi Contoh", "Terbitkan Ulang")
    office.settle()
    before, web = office.mark(), tmp_path / "web" / "periksa"
    outcome = command(office, "publish", str(web))
    page = (web / "index.html").read_text("utf-8")

    assert 0 == outcome.code
    assert "2 letter(s) are void or replaced" in outcome.out
    assert ["index.html", "void.json"] == sorted(path.name for path in web.iterdir())
    assert [
        ["sku", "500.3/1/35.07.32.2004/2026", None],
        ["sku", "500.3/2/35.07.32.2004/2026", 2],
    ] == published(web, office)["letters"]
    assert before == office.mark()
    assert "Salah data" not in page
    for name in ("Siti", "Budi", "350732"):
        assert name not in page.replace("35.07.32.2004", "")


def test_page_has_every_public_key_and_no_secret(office: Office, tmp_path: Path) -> None:
    """With a new key the page still knows the old one, and no file of it a secret."""
    state = office.config.state_folder
    secrets = [(state / "signing.key").read_text().strip()]
    old = load_signing_key(state)
    assert 0 == command(office, "publish", str(tmp_path / "web"), "--new-key").code
    new = load_signing_key(state)
    secrets += [(state / name).read_text().strip() for name in ("signing.key", "secret.key")]
    page = (tmp_path / "web" / "index.html").read_text("utf-8")
    assert old is not None
    assert new is not None

    assert old.key_id != new.key_id
    assert all(key_id in page for key_id in (old.key_id, new.key_id))
    assert not any(secret in page for secret in secrets)


def test_letter_of_the_old_key_stays_genuine(office: Office, tmp_path: Path) -> None:
    """A new key is no reason to print letters again; a stolen one is."""
    office.submit("Siti Contoh")
    office.run()
    code, old = code_of(office.letters()[0]), load_signing_key(office.config.state_folder)
    assert code is not None
    assert old is not None
    command(office, "publish", str(tmp_path / "web"), "--new-key")
    assert 0 == command(office, "verify", code).code

    outcome = command(office, "publish", str(tmp_path / "web"), "--forget-key", old.key_id)
    assert 0 == outcome.code
    assert 1 == command(office, "verify", code).code
    assert old.key_id not in (tmp_path / "web" / "index.html").read_text("utf-8")


def test_key_that_signs_is_not_forgotten(office: Office, tmp_path: Path) -> None:
    """It would seal letters that are unknown at once; a wrong id changes nothing either."""
    signer = load_signing_key(office.config.state_folder)
    assert signer is not None
    for key_id in (signer.key_id, "abcdefgh"):
        assert 2 == command(office, "publish", str(tmp_path / "web"), "--forget-key", key_id).code

    assert [signer.key_id] == list(public_keys(office.config.state_folder))


@pytest.mark.parametrize("lost", ["signing.key", "public-keys.json"])
def test_new_key_after_one_was_lost(office: Office, tmp_path: Path, lost: str) -> None:
    """Where no backup is left: what can be kept of the old key is kept, and runs go on."""
    office.submit("Siti Contoh")
    office.run()
    code, state = code_of(office.letters()[0]), office.config.state_folder
    assert code is not None
    (state / lost).unlink()
    assert 2 == command(office, "publish", str(tmp_path / "web")).code
    assert 0 == command(office, "publish", str(tmp_path / "web"), "--new-key").code

    assert 2 == len(public_keys(state))
    assert 0 == command(office, "verify", code).code
    assert 0 == command(office, "run").code


def test_publishing_waits_for_a_run(office: Office, tmp_path: Path) -> None:
    """A list made in the middle of a run could miss what it withdraws."""
    with program.run_lock(office.config):
        assert 75 == command(office, "publish", str(tmp_path / "web")).code


def test_folder_that_cannot_be_written(office: Office, tmp_path: Path) -> None:
    """Exit code 2, and which file it was about."""
    (tmp_path / "web").write_text("a file")
    outcome = command(office, "publish", str(tmp_path / "web"))

    assert 2 == outcome.code
    assert "index.html cannot be written" in outcome.err


def test_village_without_a_key(office: Office, tmp_path: Path) -> None:
    """Set up by an earlier version: `setup` first."""
    for name in ("signing.key", "public-keys.json"):
        (office.config.state_folder / name).unlink()
    outcome = command(office, "publish", str(tmp_path / "web"))

    assert 2 == outcome.code
    assert "run `surat-sync setup` again" in outcome.err
