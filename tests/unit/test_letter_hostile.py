"""Templates that are broken or mean harm are refused, and the message says where."""

import struct
import zipfile
from pathlib import Path

import pytest
from letter_files import (
    MAIN,
    Opened,
    cell,
    document,
    opener,
    p,
    part,
    parts,
    picture,
    relation,
    relations,
    run,
    table,
    types,
    zipped,
)

from sync.errors import TemplateError
from sync.letter import Template

RELS = "word/_rels/document.xml.rels"
BEGIN, END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return opener(tmp_path)


BODIES = {
    "not closed": (p("x") + p("Nama: {{ nama"), 'paragraph 2: broken placeholder near "Nama: {{'),
    "not opened": (p("nama }}"), "body, paragraph 1: broken placeholder"),
    "closed elsewhere": (p("{{ nama") + p("}}"), "body, paragraph 1: broken"),
    "capitals": (p("{{ Nama }}"), "{{ Nama }}"),
    "inner space": (p("{{ nama lengkap }}"), "{{ nama lengkap }}"),
    "hyphen": (p("{{ nama-usaha }}"), "{{ nama-usaha }}"),
    "accent": (p("{{ namá }}"), "{{ namá }}"),
    "zero-width space": (p("{{ na\u200bma }}"), "body, paragraph 1"),
    "empty": (p("{{ }}"), "{{ }}"),
    "number first": (p("{{ 1nama }}"), "{{ 1nama }}"),
    "three braces": (p("{{{ nama }}}"), "body, paragraph 1"),
    "one brace": (p("{ nama }"), "{ nama }"),
    "spaced braces": (p("{ { nama } }"), "body, paragraph 1"),
    "logic": (p("{% if nama %}"), "body, paragraph 1"),
    "expression": (p("{{ nama|upper }}"), "{{ nama|upper }}"),
    "attribute": (p("{{ nama.__class__ }}"), "{{ nama.__class__ }}"),
    "broken over a tab": (
        "<w:p>" + run("{{ na") + "<w:r><w:tab/></w:r>" + run("ma }}") + "</w:p>",
        "body, paragraph 1",
    ),
    "mark in the middle": (p("NIP {{? nip }}{{ nip }}"), "must stand at the start"),
    "mark in a table": (table(cell(p("x {{? nip }}"))) + p(), "must stand at the start"),
    "seal as text": (p("{{ seal }}"), "alternative text of a picture"),
    "tracked insertion": ("<w:p><w:ins>" + run("{{ nama }}") + "</w:ins></w:p>", "tracked change"),
    "tracked deletion": (
        p("x") + "<w:p><w:del><w:r><w:delText>{{ nama }}</w:delText></w:r></w:del></w:p>",
        "body, paragraph 2: a tracked change",
    ),
    "tracked move": ("<w:p><w:moveFrom>" + run("a") + "</w:moveFrom></w:p>", "tracked change"),
    "field code": (
        f"<w:p>{BEGIN}{code('MERGEFIELD {{ nama }}')}{END}</w:p>",
        "inside a field code",
    ),
    "split field code": (f"<w:p>{BEGIN}{code('A {')}{code('{ b')}{END}</w:p>", "inside a field"),
    "simple field code": ('<w:p><w:fldSimple w:instr="A {{ b }}"/></w:p>', "inside a field code"),
    "field result": (f"<w:p>{BEGIN}{run('{{ nama }}')}{END}</w:p>", "stands inside a field"),
    "simple field result": (
        f'<w:p><w:fldSimple w:instr="TITLE">{run("{{ nama }}")}</w:fldSimple></w:p>',
        "stands inside a field",
    ),
    "DDE": (f"<w:p>{BEGIN}{code(' DDEAUTO cmd')}{END}</w:p>", "DDEAUTO"),
    "outside picture": (
        '<w:p><w:fldSimple w:instr="INCLUDEPICTURE http://198.51.100.1/a.png"/></w:p>',
        "INCLUDEPICTURE",
    ),
    "equation": ("<m:oMath><m:r><m:t>{{ nama }}</m:t></m:r></m:oMath>", "word/document.xml"),
    "attribute value": ('<w:p><w:bookmarkStart w:name="{{ nama }}"/></w:p>', "word/document.xml"),
    "section": (
        "<w:p><w:pPr><w:sectPr/></w:pPr>" + run("{{? nip }}") + "</w:p>",
        '"{{? nip }}": a section',
    ),
    "half a field": (f"<w:p>{run('{{? nip }}')}{BEGIN}</w:p>", '"{{? nip }}": a field'),
    "logo without picture file": (f"<w:p>{picture('seal')}</w:p>", "its pictures are missing"),
}


@pytest.mark.parametrize("body, said", BODIES.values(), ids=BODIES.keys())
def test_text_that_cannot_be_filled_is_refused(opened: Opened, body: str, said: str) -> None:
    """The message names the file, the place and the words."""
    with pytest.raises(TemplateError) as caught:
        opened(body)

    assert str(caught.value).startswith("template.docx: ")
    assert said in str(caught.value)


DOCTYPE = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BOMB = (
    "<!DOCTYPE x ["
    + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    + "]><x>&a9;</x>"
)
PARTS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "macros": ({"word/vbaProject.bin": b"x"}, "word/vbaProject.bin: macros"),
    "control": ({"word/activeX/activeX1.xml": "<x/>"}, "word/activeX/activeX1.xml"),
    "embedded object": ({"word/embeddings/oleObject1.bin": b"x"}, "oleObject1.bin"),
    "macro type": (
        {"[Content_Types].xml": types(main=MAIN.replace("main", "macroEnabled"))},
        ".docx",
    ),
    "other kind": ({"[Content_Types].xml": types(main="application/vnd.ms-excel")}, "not a Word"),
    "climbs": ({"../evil.xml": "<x/>"}, "../evil.xml: a name that leads out"),
    "climbs inside": ({"word/../../evil.xml": "<x/>"}, "evil.xml: a name that leads out"),
    "climbs backwards": ({"word\\..\\evil.xml": "<x/>"}, "a name that leads out"),
    "absolute": ({"/etc/evil.xml": "<x/>"}, "/etc/evil.xml: a name that leads out"),
    "drive": ({"C:evil.xml": "<x/>"}, "C:evil.xml: a name that leads out"),
    "external entity": (
        {"word/document.xml": DOCTYPE + document("")},
        "word/document.xml: a DOCTYPE",
    ),
    "entity bomb": ({"word/styles.xml": BOMB}, "word/styles.xml: a DOCTYPE"),
    "hidden DOCTYPE": (
        {"word/a.xml": ('<?xml version="1.0" encoding="UTF-16"?>' + BOMB).encode("utf-16")},
        "word/a.xml: a DOCTYPE",
    ),
    "DOCTYPE under another name": ({"word/picture.svg": BOMB}, "word/picture.svg: a DOCTYPE"),
    "broken XML": ({"word/header1.xml": "<w:hdr>"}, "word/header1.xml: broken XML"),
    "outside picture": (
        {RELS: relations(relation("image", "http://198.51.100.1/a.png", mode="External"))},
        "document.xml.rels: takes something from outside",
    ),
    "outside picture, hidden": (
        {RELS: relations(relation("image", "http://198.51.100.1/a.png"))},
        "takes something from outside",
    ),
    "outside template": (
        {
            "word/_rels/settings.xml.rels": relations(
                relation("attachedTemplate", "file:///c:/a.dotm", mode="External")
            )
        },
        "settings.xml.rels: attachedTemplate",
    ),
    "embedded page": ({RELS: relations(relation("aFChunk", "a.html"))}, "aFChunk"),
    "embedded program": ({RELS: relations(relation("oleObject", "a.bin"))}, "oleObject"),
    "comments": (
        {"word/comments.xml": part("<w:comment>" + p("hm") + "</w:comment>", root="comments")},
        "word/comments.xml: comments",
    ),
    "chart": ({"word/charts/chart1.xml": "<c>{{ nama }}</c>"}, "word/charts/chart1.xml"),
    "broken in a header": ({"word/header2.xml": part(p("{{ desa"))}, "header2, paragraph 1"),
    "bomb": ({"word/a.xml": b"<x>" + b" " * 900_000 + b"</x>"}, "word/a.xml: packed more than 100"),
    "too many files": ({f"word/{n}.bin": b"" for n in range(200)}, "more than 200 files"),
    "same name twice": ({"WORD/document.xml": document("")}, "there twice"),
    "unusual prefix": (
        {"word/document.xml": document("").replace("w:", "x:").replace("xmlns:x", "xmlns:x", 1)},
        "word/document.xml",
    ),
}


@pytest.mark.parametrize("files, said", PARTS.values(), ids=PARTS.keys())
def test_harmful_part_is_refused(opened: Opened, files: dict[str, str | bytes], said: str) -> None:
    """The message names the file, and the member inside it."""
    with pytest.raises(TemplateError) as caught:
        opened(zipped(parts(p("x")) | files))

    assert str(caught.value).startswith("template.docx: ")
    assert said in str(caught.value)


def changed(data: bytes, **fields: int) -> bytes:
    """Return *data* with the last member's central directory entry changed."""
    places = {"flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<L"), "size": (24, "<L")}
    altered = bytearray(data)
    entry = data.rindex(b"PK\1\2")
    for name, value in fields.items():
        offset, kind = places[name]
        struct.pack_into(kind, altered, entry + offset, value)
    return bytes(altered)


GOOD = zipped(parts(p("x" * 100)))
FILES = {
    "no zip": (b"Surat", "not a DOCX file"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not a DOCX file"),
    "empty": (b"", "not a DOCX file"),
    "cut off": (GOOD[:-40], "not a DOCX file"),
    "another zip": (zipped({"a.txt": "x"}), "not a DOCX file"),
    "too large": (zipped({"a.bin": bytes(5_000_001)}, method=zipfile.ZIP_STORED), "5 MB"),
    "declares too much": (changed(GOOD, size=50_000_001), "more than 50 MB"),
    "declares too little": (changed(GOOD, size=10), "document.xml: size or checksum"),
    "wrong checksum": (changed(GOOD, crc=1), "document.xml: size or checksum"),
    "password": (changed(GOOD, flags=1), "document.xml: protected by a password"),
    "odd method": (changed(GOOD, method=12), "document.xml: packed in a way"),
    "not packed so": (changed(GOOD, method=0), "document.xml: size or checksum"),
}


@pytest.mark.parametrize("content, said", FILES.values(), ids=FILES.keys())
def test_file_that_is_no_sound_archive_is_refused(
    opened: Opened, content: bytes, said: str
) -> None:
    """Sizes are checked before anything is unpacked, and again while it is."""
    with pytest.raises(TemplateError) as caught:
        opened(content)

    assert said in str(caught.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    """Staff learn which file is not there."""
    with pytest.raises(TemplateError, match=r"no\.docx: cannot be read"):
        Template.open(tmp_path / "no.docx")


def test_hyperlinks_may_lead_outside(opened: Opened) -> None:
    """A village's web address in the footer is no danger."""
    link = relations(relation("hyperlink", "https://kebobang.example", mode="External"))

    assert frozenset() == opened(zipped(parts(p("x")) | {RELS: link})).names


def test_braces_that_are_no_placeholder_stay(opened: Opened) -> None:
    """A brace alone is a character like others."""
    assert frozenset() == opened(p("a { b, c } d")).names


def test_unknown_name_is_refused_with_a_hint(opened: Opened) -> None:
    """A typing error is found before the first letter, with the name that was meant."""
    with pytest.raises(TemplateError, match=r'paragraph 1: .*"namaa"; did you mean "nama"\?'):
        opened(p("{{ namaa }}"), names={"nama", "nik"})


def test_all_problems_are_told_at_once(opened: Opened) -> None:
    """Staff mend a template in one go."""
    with pytest.raises(TemplateError, match="and 2 more") as caught:
        opened(p("{{ a") + p("{{ b") + p("{{ c }}"), names={"nik"})

    assert 3 == len(caught.value.problems)


def test_seal_may_be_marked_though_it_is_no_value(opened: Opened) -> None:
    """`{{? seal }}` needs no value of that name."""
    assert frozenset() == opened(p("{{? seal }}x"), names=set()).names
