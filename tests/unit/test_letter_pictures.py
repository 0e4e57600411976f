"""Pictures: the seal and the village's logo take the places that the template gives them."""

import posixpath
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from letter_files import (
    Opened,
    opener,
    p,
    parts,
    picture,
    png,
    relation,
    relations,
    run,
    unzipped,
    zipped,
)

from sync.errors import TemplateError
from sync.letter import Template, letter_text

OLD, SEAL, LOGO = png(2, 2, 10), png(8, 8, 20), png(200, 100, 30)


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return opener(tmp_path)


def with_picture(body: str) -> bytes:
    files = parts(body) | {
        "word/_rels/document.xml.rels": relations(relation("image", "media/old.png")),
        "word/media/old.png": OLD,
    }
    return zipped(files)


def shown(letter: bytes) -> list[bytes]:
    """Return the pictures of the body in order, found as a reader finds them."""
    document = docx.Document(BytesIO(letter))
    ids = document.element.xpath("//a:blip/@r:embed")
    return [document.part.related_parts[key].blob for key in ids]


def test_seal_replaces_its_picture(opened: Opened) -> None:
    """The picture named `seal` becomes the code; the placeholder is gone from the file."""
    letter = opened(with_picture(f"<w:p>{picture('seal')}</w:p>")).fill({}, seal=SEAL)

    assert [SEAL] == shown(letter)
    assert OLD not in unzipped(letter).values()


def test_without_a_seal_picture_and_words_go(opened: Opened) -> None:
    """No picture, no words about it, and no reference that leads nowhere."""
    body = f"<w:p>{run('a')}{picture(' Seal ')}</w:p>" + p("{{? seal }}Kode QR") + p("b")
    letter = opened(with_picture(body)).fill({})

    assert ["a", "b"] == letter_text(letter)
    assert [] == shown(letter)
    assert b"media" not in unzipped(letter)["word/_rels/document.xml.rels"]
    assert not [name for name in unzipped(letter) if posixpath.dirname(name) == "word/media"]


def test_words_about_the_seal_stay_with_it(opened: Opened) -> None:
    """`{{? seal }}` holds when there is a seal."""
    template = opened(with_picture(f"<w:p>{picture('seal')}</w:p>" + p("{{? seal }}Kode QR")))

    assert template.has_seal
    assert ["Kode QR"] == letter_text(template.fill({}, seal=SEAL))


def test_seal_without_a_place_adds_nothing(opened: Opened) -> None:
    """A template without the picture gives the same members with and without a seal."""
    template = opened(p("x"))

    assert not template.has_seal
    assert template.fill({}) == template.fill({}, seal=SEAL)


def test_logo_keeps_its_shape_within_the_frame(opened: Opened) -> None:
    """A wide emblem in a square frame becomes less high, not flat."""
    letter = opened(with_picture(f"<w:p>{picture('logo')}</w:p>"), logo=LOGO).fill({})
    extent = docx.Document(BytesIO(letter)).inline_shapes[0]

    assert [LOGO] == shown(letter)
    assert (1000, 500) == (extent.width, extent.height)


def test_without_a_logo_the_template_keeps_its_own(opened: Opened) -> None:
    """No picture given: the one in the template is printed."""
    assert [OLD] == shown(opened(with_picture(f"<w:p>{picture('logo')}</w:p>")).fill({}))


def test_other_pictures_stay(opened: Opened) -> None:
    """Only the two names are special; a picture used twice may be replaced once."""
    body = f"<w:p>{picture('seal')}{picture('photo')}{picture('logo')}</w:p>"
    letter = opened(with_picture(body), logo=LOGO).fill({}, seal=SEAL)

    assert [SEAL, OLD, LOGO] == shown(letter)


def test_old_word_pictures_are_replaced_too(opened: Opened) -> None:
    """VML, which older programs write, has its alternative text elsewhere."""
    vml = '<w:r><w:pict><v:shape alt="seal"><v:imagedata r:id="rId1"/></v:shape></w:pict></w:r>'
    template = opened(with_picture(f"<w:p>{vml}</w:p>"))

    assert b"rIdSuratSeal" in unzipped(template.fill({}, seal=SEAL))["word/document.xml"]
    assert b"w:pict" not in unzipped(template.fill({}))["word/document.xml"]


def test_finished_letter_may_become_a_template(opened: Opened) -> None:
    """Names that the engine gave to pictures before do not collide."""
    template = opened(with_picture(f"<w:p>{picture('seal')}</w:p>"))
    again = opened(template.fill({}, seal=SEAL)).fill({}, seal=OLD)

    assert [OLD] == shown(again)
    assert 1 == zipfile.ZipFile(BytesIO(again)).namelist().count("word/media/surat_seal.png")
    assert 1 == unzipped(again)["word/_rels/document.xml.rels"].count(b"<Relationship ")


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0 a JPEG, not a PNG at all", SEAL[:20]])
def test_only_png_is_taken(opened: Opened, content: bytes) -> None:
    """Another format under a PNG's name would not be shown by Word."""
    template = opened(with_picture(f"<w:p>{picture('seal')}</w:p>"))

    with pytest.raises(TemplateError, match="not a PNG"):
        template.fill({}, seal=content)
    with pytest.raises(TemplateError, match="not a PNG"):
        opened(p("x"), logo=content)


def test_shipped_template_has_places_for_both() -> None:
    """The Surat Keterangan Usaha shows the village's emblem and the code."""
    folder = Path(__file__).parents[2] / "templates"
    template = Template.open(folder / "letter_sku.docx", logo=LOGO)

    assert template.has_seal
    assert LOGO in unzipped(template.fill(dict.fromkeys(template.names, "x"))).values()
