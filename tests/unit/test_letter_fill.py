"""Filling: what goes in comes out, where it belongs, and nothing else changes."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from hypothesis import given
from hypothesis import strategies as st
from letter_files import (
    Opened,
    cell,
    opener,
    p,
    part,
    parts,
    png,
    relation,
    relations,
    run,
    table,
    unzipped,
    zipped,
)

from sync.errors import TemplateError
from sync.letter import Template, letter_text

XML_TEXT = st.text(
    st.one_of(
        st.sampled_from("&<>\"' {}\n\t\u00a0ꦏ🙂"),
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    )
)


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return opener(tmp_path)


@pytest.fixture(scope="module")
def two_gaps(tmp_path_factory: pytest.TempPathFactory) -> Template:
    body = p("a{{ first }}b", "{{", "second", "}}c")
    return opener(tmp_path_factory.mktemp("letter"))(body)


def paragraph(letter: bytes) -> str:
    return docx.Document(BytesIO(letter)).paragraphs[0].text


@given(first=XML_TEXT, second=XML_TEXT)
def test_any_text_arrives_unchanged(two_gaps: Template, first: str, second: str) -> None:
    """What XML can hold is read back by another library exactly as it was given."""
    letter = two_gaps.fill({"first": first, "second": second})

    assert f"a{first}b{second}c" == paragraph(letter)


@given(first=XML_TEXT)
def test_same_input_gives_same_bytes(two_gaps: Template, first: str) -> None:
    """A letter that is filled again after a crash is the same file."""
    values = {"first": first, "second": "x"}

    assert two_gaps.fill(values) == two_gaps.fill(values)


def test_value_cannot_bring_a_placeholder(two_gaps: Template) -> None:
    """A value that looks like a placeholder is printed, not filled."""
    letter = two_gaps.fill({"first": "{{ second }}", "second": "secret"})

    assert "a{{ second }}bsecretc" == paragraph(letter)


@pytest.mark.parametrize("text, read", [("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a\nb", "a\nb")])
def test_every_new_line_is_a_line_break(two_gaps: Template, text: str, read: str) -> None:
    """Windows, old Mac and Unix line ends become the same break."""
    letter = two_gaps.fill({"first": text, "second": ""})

    assert f"a{read}bc" == paragraph(letter)
    assert 1 == unzipped(letter)["word/document.xml"].count(b"<w:br/>")


@pytest.mark.parametrize("text", ["\x00", "a\x07", "\ud800", "\ufffe", "\uffff", "\x1b[0m"])
def test_text_that_xml_cannot_hold_is_refused(two_gaps: Template, text: str) -> None:
    """The error names the field and keeps the value to itself."""
    with pytest.raises(TemplateError) as caught:
        two_gaps.fill({"first": f"Siti{text}", "second": ""})

    assert "first" in str(caught.value)
    assert "Siti" not in str(caught.value)


def test_missing_value_is_refused(two_gaps: Template) -> None:
    """A name without a value is an error, not a blank."""
    with pytest.raises(TemplateError, match="no value for second"):
        two_gaps.fill({"first": "x"})


def test_dates_in_the_archive_are_fixed(two_gaps: Template) -> None:
    """No member tells when the letter was made."""
    archive = zipfile.ZipFile(BytesIO(two_gaps.fill({"first": "", "second": ""})))

    assert {(1980, 1, 1, 0, 0, 0)} == {info.date_time for info in archive.infolist()}
    assert archive.testzip() is None
    assert "[Content_Types].xml" == archive.namelist()[0]


@pytest.mark.parametrize(
    "body",
    [
        p("{{ nama }}"),
        p("{{nama}}"),
        p("{", "{ na", "m", "a }", "}"),
        "<w:p><w:r><w:t>{{</w:t></w:r><w:proofErr/><w:r><w:t> nama }}</w:t></w:r></w:p>",
        '<w:p><w:bookmarkStart w:id="0" w:name="_GoBack"/>' + run("{{ nama }}") + "</w:p>",
        "<w:p><w:hyperlink>" + run("{{ nama }}") + "</w:hyperlink></w:p>",
        "<w:p><w:smartTag>" + run("{{ na") + "</w:smartTag>" + run("ma }}") + "</w:p>",
        table(cell(p("{{ nama }}"))),
        table(cell(table(cell(p("{{ nama }}"))), p())),
        "<w:sdt><w:sdtPr/><w:sdtContent>" + p("{{ nama }}") + "</w:sdtContent></w:sdt>",
        "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        + run("{{ nama }}")
        + "</w:sdtContent></w:sdt></w:p>",
        "<w:p><w:r><w:drawing><w:txbxContent>"
        + p("{{ na", "ma }}")
        + "</w:txbxContent></w:drawing></w:r></w:p>",
        "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>" + run("{{? nama }}{{ nama }}") + "</w:p>",
    ],
)
def test_placeholder_is_found_wherever_it_stands(opened: Opened, body: str) -> None:
    """Split runs, tables, content controls, links and text boxes hide nothing."""
    assert ["Siti Contoh"] == letter_text(opened(body).fill({"nama": "Siti Contoh"}))


def test_text_box_may_stand_within_a_placeholder(opened: Opened) -> None:
    """Where an editor anchors a text box does not mix its words into the paragraph."""
    box = "<w:r><w:drawing><w:txbxContent>" + p("{{ rt }}") + "</w:txbxContent></w:drawing></w:r>"
    template = opened("<w:p>" + run("{{ na") + box + run("ma }}") + "</w:p>")

    assert ["Siti", "003"] == letter_text(template.fill({"nama": "Siti", "rt": "003"}))


def test_spaces_at_the_ends_are_kept(opened: Opened) -> None:
    """Word drops them unless the text says otherwise, and then words run together."""
    letter = opened("<w:p><w:r><w:t>{{ nama }}</w:t></w:r></w:p>").fill({"nama": " Siti "})

    assert b'<w:t xml:space="preserve"> Siti </w:t>' in unzipped(letter)["word/document.xml"]


def test_content_control_shows_the_value(opened: Opened) -> None:
    """Word would show a control's hint or its bound source instead of the value."""
    settings = '<w:sdtPr><w:showingPlcHdr/><w:dataBinding w:xpath="/a"/></w:sdtPr>'
    body = f"<w:sdt>{settings}<w:sdtContent>{p('{{ nama }}')}</w:sdtContent></w:sdt>"
    xml = unzipped(opened(body).fill({"nama": "Siti"}))["word/document.xml"]

    assert b"<w:sdt><w:sdtPr/>" in xml


def test_both_versions_of_a_text_box_are_filled(opened: Opened) -> None:
    """Word reads one branch of a text box, older programs the other."""
    box = "<w:txbxContent>" + p("{{ nama }}") + "</w:txbxContent>"
    body = (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    xml = unzipped(opened(body).fill({"nama": "Siti"}))["word/document.xml"].decode()

    assert 2 == xml.count("Siti")


def test_headers_footers_and_notes_are_filled(opened: Opened) -> None:
    """Each part with text is filled; header first, then body, then the rest."""
    files = parts(p("{{ a }}")) | {
        "word/header1.xml": part(p("{{ b }}")),
        "word/footer1.xml": part(p("{{ c }}"), root="ftr"),
        "word/footnotes.xml": part(
            "<w:footnote>" + p("{{ d }}") + "</w:footnote>", root="footnotes"
        ),
    }
    letter = opened(zipped(files)).fill({"a": "1", "b": "2", "c": "3", "d": "4"})

    assert ["2", "1", "3", "4"] == letter_text(letter)


def test_value_takes_the_look_of_its_first_run(opened: Opened) -> None:
    """A placeholder that is half bold is printed like its beginning."""
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>{{ na</w:t></w:r>"
    letter = opened(f"<w:p>{bold}{run('ma }} x')}</w:p>").fill({"nama": "Siti"})
    runs = docx.Document(BytesIO(letter)).paragraphs[0].runs

    assert [("Siti", True), (" x", None)] == [(run.text, run.bold) for run in runs]


def test_paragraph_with_an_empty_value_is_dropped(opened: Opened) -> None:
    """`{{? name }}` keeps the paragraph when there is text, and never prints itself."""
    template = opened(p("{{? nip }}", " NIP {{ nip }}") + p("x"))

    assert ["x"] == letter_text(template.fill({"nip": ""}))
    assert ["NIP 1", "x"] == letter_text(template.fill({"nip": "1"}))


def test_row_with_an_empty_value_is_dropped(opened: Opened) -> None:
    """At the start of a row the mark drops the row, not only its first paragraph."""
    rows = cell(p("{{? usaha }}Usaha")) + cell(p("{{ usaha }}")), cell(p("a")) + cell(p("b"))
    template = opened(table(*rows) + p())

    assert ["a\tb"] == letter_text(template.fill({"usaha": ""}))
    assert ["Usaha\tToko", "a\tb"] == letter_text(template.fill({"usaha": "Toko"}))


def test_mark_in_a_later_cell_drops_only_its_paragraph(opened: Opened) -> None:
    """A row may hold more than the paragraph that is dropped."""
    template = opened(table(cell(p("a")) + cell(p("{{? nip }}{{ nip }}"), p("b"))) + p())

    assert ["a\tb"] == letter_text(template.fill({"nip": ""}))


def test_two_marks_need_two_values(opened: Opened) -> None:
    """A paragraph that depends on two values is dropped when either is empty."""
    template = opened(p("{{? a }}{{? b }}x{{ a }}{{ b }}"))

    assert [["x12"], [], []] == [
        letter_text(template.fill({"a": a, "b": b})) for a, b in (("1", "2"), ("", "2"), ("1", ""))
    ]


def test_cell_keeps_a_paragraph(opened: Opened) -> None:
    """Word refuses a cell without a paragraph, so a dropped one leaves an empty one."""
    look = '<w:pPr><w:jc w:val="center"/></w:pPr>'
    line = f"<w:p>{look}{run('{{? nip }}{{ nip }}')}</w:p>"
    template = opened(table(cell(p("a")) + cell(line)) + p())
    rows = docx.Document(BytesIO(template.fill({"nip": ""}))).tables[0].rows

    assert ["a", ""] == [cell.text for cell in rows[0].cells]
    assert [1, 1] == [len(cell.paragraphs) for cell in rows[0].cells]
    assert WD_ALIGN_PARAGRAPH.CENTER == rows[0].cells[1].paragraphs[0].alignment
    assert 1 == len(
        docx.Document(BytesIO(template.fill({"nip": "1"}))).tables[0].cell(0, 1).paragraphs
    )


def test_table_without_rows_is_dropped(opened: Opened) -> None:
    """Word refuses a table without rows, so the table goes with its last row."""
    template = opened(table(cell(p("{{? a }}{{ a }}")), cell(p("{{? b }}{{ b }}"))) + p("x"))

    assert b"<w:tbl>" not in unzipped(template.fill({"a": "", "b": ""}))["word/document.xml"]
    assert ["2", "x"] == letter_text(template.fill({"a": "", "b": "2"}))


def test_content_control_goes_with_its_paragraph(opened: Opened) -> None:
    """A control whose only paragraph is dropped leaves nothing behind."""
    body = "<w:sdt><w:sdtContent>" + p("{{? a }}{{ a }}") + "</w:sdtContent></w:sdt>" + p("x")

    assert b"<w:sdt>" not in unzipped(opened(body).fill({"a": ""}))["word/document.xml"]


def test_content_control_stays_with_its_other_paragraphs(opened: Opened) -> None:
    """Only what is marked is dropped."""
    inside = p("{{? a }}{{ a }}") + p("y")
    template = opened(f"<w:sdt><w:sdtContent>{inside}</w:sdtContent></w:sdt>")

    assert ["y"] == letter_text(template.fill({"a": ""}))


def test_names_are_what_the_template_asks_for(opened: Opened) -> None:
    """Marks count as names; the seal is no value."""
    assert {"a", "b"} == opened(p("{{? a }}{{ b }}") + p("{{? seal }}x")).names


def test_author_of_the_template_does_not_leak(opened: Opened) -> None:
    """Properties are replaced by neutral ones, whoever made the template."""
    core, kind = "package/core.psmdcp", "metadata/core-properties"
    links = relation("officeDocument", "word/document.xml") + relation(kind, core, number=2)
    files = parts(p("x")) | {
        "_rels/.rels": relations(links),
        core: "<c><creator>Siti Contoh</creator></c>",
        "docProps/app.xml": "<c><Company>Siti Contoh</Company></c>",
        "docProps/custom.xml": "<c>Siti Contoh {{ </c>",
    }
    members = unzipped(opened(zipped(files)).fill({}))

    assert not [name for name, content in members.items() if b"Siti" in content]
    assert b"<dc:title>Surat</dc:title>" in members[core]


def test_preview_of_the_template_is_left_out(opened: Opened) -> None:
    """The small picture that file managers show would be of the empty form."""
    preview = relation("metadata/thumbnail", "docProps/thumbnail.png", number=2)
    links = relations(relation("officeDocument", "word/document.xml") + preview)
    files = parts(p("x")) | {"_rels/.rels": links, "docProps/thumbnail.png": png()}
    members = unzipped(opened(zipped(files)).fill({}))

    assert "docProps/thumbnail.png" not in members
    assert b"thumbnail" not in members["_rels/.rels"]


def test_other_members_are_copied_as_they_are(opened: Opened) -> None:
    """Styles and fonts are not unpacked and packed again."""
    styles = part("<w:style/>", root="styles").encode()
    letter = opened(zipped(parts(p("x")) | {"word/styles.xml": styles})).fill({})

    assert styles == unzipped(letter)["word/styles.xml"]


def test_a_filled_letter_is_a_template_without_gaps(opened: Opened) -> None:
    """A finished letter that staff change and give back as template still opens."""
    letter = opened(p("{{ nama }}") + "<w:p/>").fill({"nama": "Siti"}, seal=png())

    assert frozenset() == opened(letter).names


def test_hash_is_of_the_file(opened: Opened, tmp_path: Path) -> None:
    """The ledger keeps which template made a letter."""
    template = opened(p("x"))

    assert re.fullmatch("[0-9a-f]{64}", template.sha256)
    assert template.sha256 == Template.open(tmp_path / "template.docx", logo=png()).sha256
    assert template.sha256 != opened(p("y")).sha256
