"""`surat-sync template`: a template is looked at before a letter depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import docx
import pytest
from command_line import command

from sync.letter import letter_text

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office


def _template(office: Office, *paragraphs: str) -> Path:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = office.folder / "baru.docx"
    document.save(str(path))
    return path


def test_check_tells_what_the_template_asks_for(bare_office: Office) -> None:
    """Before setup, too: placeholders by where they come from, and what stays unprinted."""
    path = _template(bare_office, "{{ nama }} {{ tanggal_lahir_panjang }} {{ nomor_surat }}")
    outcome = command(bare_office, "template", "check", str(path))

    assert 0 == outcome.code
    assert "from the form: nama, tanggal_lahir\n" in outcome.out
    assert "from the office: nomor_surat\n" in outcome.out
    assert "not printed: agama, " in outcome.out
    assert "pernyataan" not in outcome.out
    assert [] == bare_office.sandbox.history()


def test_check_names_what_nobody_can_fill(bare_office: Office) -> None:
    """A placeholder that the form does not ask is named, with the nearest one that it does."""
    path = _template(bare_office, "{{ namaa }}", "{{ nik }")
    outcome = command(bare_office, "template", "check", str(path))

    assert 2 == outcome.code
    assert "namaa" in outcome.err
    assert "{{ nik }" in outcome.err


def test_preview_is_a_letter_that_nobody_takes_for_one(bare_office: Office) -> None:
    """Every gap is filled; number 0 is no number, and none is taken."""
    template = bare_office.folder / "templates" / "letter_sku.docx"
    outcome = command(bare_office, "template", "preview", str(template))
    letter = bare_office.folder / "templates" / "letter_sku-contoh.docx"
    lines = letter_text(letter.read_bytes())

    assert (0, f"{letter}\n") == (outcome.code, outcome.out)
    assert "Nomor: 500.3/0/35.07.32.2004/2026" in lines
    assert not [line for line in lines if "{{" in line]
    assert any("Kode QR adalah kode pemeriksaan" in line for line in lines)
    assert not bare_office.config.state_folder.exists()


def test_preview_goes_where_it_is_sent(bare_office: Office) -> None:
    """`--out` names the file, but never the template itself."""
    template = str(bare_office.folder / "templates" / "letter_sku.docx")
    out = bare_office.folder / "coba.docx"

    assert 0 == command(bare_office, "template", "preview", template, "--out", str(out)).code
    assert out.exists()
    assert 2 == command(bare_office, "template", "preview", template, "--out", template).code


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["check", "tidak-ada.docx"], "cannot be read"),
        (["check", "config.yaml"], "config.yaml:"),
        (["check", "templates/letter_sku.docx", "--service", "skd"], "--service sku"),
        (["preview", "templates/letter_sku.docx", "--out", "tidak/ada.docx"], "cannot be written"),
    ],
)
def test_mistakes_are_met_with_a_sentence(
    bare_office: Office, arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2 and what to mend."""
    monkeypatch.chdir(bare_office.folder)
    outcome = command(bare_office, "template", *arguments)

    assert 2 == outcome.code
    assert said in outcome.err
