"""A letter is what it was when it got its number, whatever the office changes meanwhile."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from command_line import command
from history import quiet
from PIL import Image
from test_verify_command import rewritten

if TYPE_CHECKING:
    from office import Office

_OLD = "menerangkan bahwa"


@pytest.fixture
def unstored(office: Office) -> tuple[Office, bytes]:
    """Return an office whose one letter has a number and is in no cabinet, and its bytes."""
    office.submit("Siti Contoh")
    in_the_way = office.folder / "letters" / "surat-keterangan"
    in_the_way.touch()
    assert 2 == office.run().exit_code
    in_the_way.unlink()
    (spooled,) = (office.folder / "state" / "spool").iterdir()
    content = spooled.read_bytes()
    spooled.unlink()
    return office, content


def _new_emblem(office: Office) -> None:
    Image.new("RGB", (120, 150), "green").save(office.folder / "templates" / "logo.png")


def test_a_letter_is_filled_again_as_it_was(unstored: tuple[Office, bytes]) -> None:
    """Another signer, other words, another emblem: they are for later letters."""
    office, content = unstored
    office.configure(signers={"pj": {"name": "WATI CONTOH", "title": "Pj. Kepala Desa Kebobang"}})
    office.reword_template(_OLD, "menyatakan bahwa")
    _new_emblem(office)
    office.run()

    (path,) = office.letters()
    assert content == path.read_bytes()
    assert ["NAMA KEPALA DESA"] == [e.letter.signer.name for e in office.entries() if e.letter]
    assert quiet(office)
    office.submit("Budi Contoh")
    office.run()
    assert any("menyatakan bahwa" in line for line in office.letter("Budi Contoh"))
    kept = list((office.folder / "state" / "templates").iterdir())
    assert [".docx", ".docx", ".png", ".png"] == sorted(path.suffix for path in kept)
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in kept}


def test_a_changed_word_is_found_after_the_template_was_replaced(office: Office) -> None:
    """`verify` compares a letter with the template that it was made from."""
    office.submit("Siti Contoh")
    office.run()
    office.reword_template(_OLD, "menyatakan bahwa")
    _new_emblem(office)
    (letter,) = office.letters()
    changed = rewritten(letter, ("Demikian surat", "Demikiam surat"))

    assert [("genuine", []), ("changed", ["(text)"])] == [
        (found["result"], found["differences"])
        for found in (
            command(office, "verify", str(one), "--json").json for one in (letter, changed)
        )
    ]
