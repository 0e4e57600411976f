"""Sealed letters: keys, the code on the letter, and what a crash or a new key changes."""

from __future__ import annotations

import json
import re
import stat
from typing import TYPE_CHECKING

import pytest
from codes import code_of
from command_line import command

from sync.commands import program
from sync.errors import UserError
from sync.letter.archive import Member, archive, base, read_archive
from sync.letter.qr import qr_png
from sync.letter.seal import from_base64url, opened, token_in
from sync.letter.signing import forget_key, load_signing_key, make_signing_key, public_keys
from sync.model import Status

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office

    from sync.letter.seal import Seal

PAGE = "https://desa.example/periksa"


def seal_of(office: Office, letter: Path) -> Seal:
    """Return what the code says, checked with the village's public keys."""
    said = code_of(letter)
    assert said is not None
    return opened(token_in(said), public_keys(office.config.state_folder))


def test_setup_makes_the_signing_key(bare_office: Office) -> None:
    """The secret half is the owner's alone; the public half lies beside it, as others read it."""
    lines = bare_office.set_up().lines
    state = bare_office.config.state_folder
    published = json.loads((state / "public-keys.json").read_text())
    (key_id,) = published

    assert f"made the signing key {key_id}" in lines
    assert re.fullmatch("[A-Za-z0-9_-]{8}", key_id)
    assert 32 == len(from_base64url(published[key_id]))
    for name in ("signing.key", "public-keys.json"):
        assert 0o600 == stat.S_IMODE((state / name).stat().st_mode)


def test_setup_keeps_the_signing_key(office: Office) -> None:
    """A second key would make nothing better; letters that are out there have the first."""
    before = (office.config.state_folder / "signing.key").read_bytes()
    office.set_up()

    assert before == (office.config.state_folder / "signing.key").read_bytes()


def test_letter_is_sealed(office: Office) -> None:
    """The code says what the ledger knows, and no name."""
    office.configure(verify__page_url=PAGE)
    office.submit("Siti Contoh")
    office.run()
    (letter,) = office.letters()
    seal = seal_of(office, letter)
    known = office.entries()[0].letter
    assert known is not None

    assert (code_of(letter) or "").startswith(f"{PAGE}#hAFo")
    assert ("35.07.32.2004", "sku", 1) == (seal.village_code, seal.service, seal.revision)
    assert known.letter_number == seal.letter_number == office.record("Siti Contoh")["Nomor Surat"]
    assert (known.issued_on, known.valid_until) == (seal.issued_on, seal.valid_until)
    assert "S*** C*****" == seal.masked_name
    assert any("Kode QR adalah kode pemeriksaan" in line for line in office.letter("Siti Contoh"))


def test_code_without_a_page_is_the_token(office: Office) -> None:
    """A village without a web page seals too; `verify` reads the code alone."""
    office.submit("Siti Contoh")
    office.run()
    said = code_of(office.letters()[0])

    assert said is not None
    assert said == token_in(said)


def test_revision_has_its_own_seal(office: Office) -> None:
    """A re-issued letter says which revision it is, and of what."""
    office.submit("Siti Contoh")
    office.run()
    office.edit("Siti Contoh", "Jenis Usaha", "Bengkel")
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.run()
    first, second = (seal_of(office, letter) for letter in office.letters())

    assert (1, 2) == (first.revision, second.revision)
    assert first.letter_number == second.letter_number
    assert first.digest != second.digest


def test_letter_finished_later_is_the_one_that_was_sealed(office: Office) -> None:
    """Between number and file the key and the page's address change: the letter does not."""
    office.configure(verify__page_url=PAGE)
    office.submit("Siti Contoh")
    state = office.config.state_folder
    (state / "spool").write_text("in the way")
    office.run()
    assert {"Siti Contoh": "Tertunda"} == office.statuses()
    make_signing_key(state)
    office.configure(verify__page_url="https://elsewhere.example")
    (state / "spool").unlink()
    office.settle()
    said = code_of(office.letters()[0])

    assert said is not None
    assert said.startswith(PAGE)
    assert 1 == seal_of(office, office.letters()[0]).revision
    assert Status.ISSUED is office.entries()[0].status


def test_same_values_give_the_same_file(office: Office) -> None:
    """A letter that is lost before it was stored is made again, byte for byte."""
    office.submit("Siti Contoh")
    office.run()
    entry = office.entries()[0]
    with office.ledger() as books:
        values = dict(books.ledger.letter_values(entry.submission_id, 1))
    template = program.open_templates(office.config)["sku"]
    assert not isinstance(template, Exception)
    assert office.letters()[0].read_bytes() == template.fill(values, seal=qr_png(values["seal"]))


def test_template_without_the_picture_needs_no_seal(office: Office) -> None:
    """Where there is no place for a code, none is made, and the words about it are gone."""
    _without_picture(office.folder / "templates/letter_sku.docx")
    office.submit("Siti Contoh")
    office.run()
    entry = office.entries()[0]
    with office.ledger() as books:
        values = books.ledger.letter_values(entry.submission_id, 1)

    assert code_of(office.letters()[0]) is None
    assert "seal" not in values
    assert not any("Kode QR" in line for line in office.letter("Siti Contoh"))


def test_village_of_an_earlier_version_gets_its_key_by_setup(office: Office) -> None:
    """Until `setup` is repeated letters have no code, and `check` says so."""
    state = office.config.state_folder
    (state / "signing.key").unlink()
    (state / "public-keys.json").unlink()
    office.submit("Siti Contoh")
    office.run()
    said = command(office, "check").out

    assert code_of(office.letters()[0]) is None
    assert "caution  seal: letters get no code: there is no signing key" in said
    office.set_up()
    assert "ok       seal: letters are sealed by the key" in command(office, "check").out


@pytest.mark.parametrize("lost", ["signing.key", "public-keys.json"])
def test_lost_key_is_restored_and_not_remade(office: Office, lost: str) -> None:
    """A run without its key would give letters that nobody can check."""
    office.submit("Siti Contoh")
    (office.config.state_folder / lost).unlink()
    outcome = command(office, "run")

    assert 2 == outcome.code
    assert "restore it from a backup" in outcome.err
    assert "FAIL     seal" in command(office, "check").out
    assert [] == office.letters()
    assert 2 == command(office, "setup").code


def test_key_that_others_may_read_is_refused(office: Office) -> None:
    """Whoever can read the key can seal letters."""
    (office.config.state_folder / "signing.key").chmod(0o644)

    assert 2 == command(office, "run").code


@pytest.mark.parametrize("content", [b"", b"[]", b'{"abcdefgh": "AAAA"}', b'{"a": 1}', b"\xff"])
def test_damaged_public_keys_are_refused(office: Office, content: bytes) -> None:
    """A public key under another's name would make forgeries genuine."""
    (office.config.state_folder / "public-keys.json").write_bytes(content)
    outcome = command(office, "run")

    assert 2 == outcome.code
    assert "public-keys.json is damaged" in outcome.err


def test_seals_of_an_earlier_key_stay_genuine(office: Office) -> None:
    """A new key signs from now on; the old public key stays."""
    office.submit("Siti Contoh")
    office.run()
    state = office.config.state_folder
    old, new = load_signing_key(state), make_signing_key(state)
    office.submit("Budi Contoh")
    office.run()
    assert old is not None

    assert [old.key_id, new.key_id] == list(public_keys(state))
    assert [1, 1] == [seal_of(office, letter).revision for letter in office.letters()]


def test_stolen_key_is_trusted_no_more(office: Office) -> None:
    """What a thief could have sealed counts for nothing; the key that signs now must stay."""
    state = office.config.state_folder
    old, new = load_signing_key(state), make_signing_key(state)
    assert old is not None
    forget_key(state, old.key_id)

    assert [new.key_id] == list(public_keys(state))
    with pytest.raises(UserError, match="signs now"):
        forget_key(state, new.key_id)
    with pytest.raises(UserError, match="no key"):
        forget_key(state, old.key_id)


def _without_picture(template: Path) -> None:
    """Take the alternative text `seal` away, so that the picture is one like any other."""
    members = {
        name: Member.deflated(name, member.content().replace(b'descr="seal"', b'descr="x"'))
        for name, member in read_archive(template.read_bytes()).items()
    }
    template.write_bytes(archive(base(members.values()), ()))
