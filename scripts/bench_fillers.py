"""
Fills letters as one library does, in a process of its own, when the bench asks.

Usage: bench_fillers.py NAME FOLDER    each line of the standard input is a command:
       fill N       fills N letters in memory and prints the seconds that took
       write PATH   writes the first letter to PATH and prints an empty line
"""

# docxtpl, jinja2 and mailmerge are there only for this bench.

from __future__ import annotations

import marshal
import sys
import time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Filler = Callable[[int], bytes]  # from which letter it is to the letter

EMU = 1_080_000  #: side of the picture, in English Metric Units (ECMA-376, 20.1.10.16)


class Work:
    """What all fillers are given: the values, the picture, and what the codes say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Not from JSON, whose reader takes memory that would count as each library's own.
        content = marshal.loads((folder / "work.marshal").read_bytes())
        self.letters: Sequence[dict[str, str]] = content["letters"]
        self.codes: Sequence[str] = content["codes"]
        self.picture = (folder / "seal.png").read_bytes()


def ours(work: Work) -> Filler:
    """Return ours: the template compiled once."""
    from sync.letter import Template  # noqa: PLC0415 - a filler loads its own library only

    template = Template.open(work.folder / "ours.docx")
    return lambda at: template.fill(work.letters[at], seal=work.picture)


def ours_sealed(work: Work) -> Filler:
    """Return ours with each letter's own seal, signed and drawn."""
    from sync.letter import Template  # noqa: PLC0415
    from sync.letter.sealing import qr_png  # noqa: PLC0415

    template, sealed = Template.open(work.folder / "ours.docx"), seals(work.letters)
    return lambda at: template.fill(work.letters[at], seal=qr_png(sealed(at)))


def seals(letters: Sequence[dict[str, str]]) -> Callable[[int], str]:
    """Return what seals a letter, as a run does; with a made-up key."""
    from datetime import date  # noqa: PLC0415

    from sync.letter.seal import SigningKey  # noqa: PLC0415
    from sync.letter.sealing import Sealer  # noqa: PLC0415
    from sync.model import Fingerprint, Letter, Signer  # noqa: PLC0415

    key = SigningKey.of(bytes(32))
    sealer = Sealer(
        signing_key=key,
        secret=bytes(32),
        village_code="35.07.32.2004",
        page_url="https://contoh.desa.id/cek",
    )

    def sealed(at: int) -> str:
        values = letters[at]
        letter = Letter(
            letter_number=values["nomor_surat"],
            register="surat-keterangan",
            year=2026,
            sequence=at + 1,
            revision=1,
            issued_on=date(2026, 11, 24),
            valid_until=date(2027, 2, 24),
            signer=Signer(key="kades", name=values["penandatangan"], title=values["jabatan"]),
            fingerprint=Fingerprint(""),
            identity={},
            template_hash="",
        )
        return sealer.text(letter, service="sku", applicant=values["nama"], values=values)

    return sealed


def docxtpl(work: Work) -> Filler:
    """Return docxtpl as its documentation has it: opened and rendered for each letter."""
    return _docxtpl(work, lambda _: work.picture)


def docxtpl_qrcode(work: Work) -> Filler:
    """Return docxtpl with a picture of each letter's own code by the library qrcode."""
    return _docxtpl(work, lambda at: _qrcode(work.codes[at]))


def _docxtpl(work: Work, picture: Callable[[int], bytes]) -> Filler:
    from docxtpl import DocxTemplate, InlineImage  # noqa: PLC0415

    path = work.folder / "docxtpl.docx"

    def fill(at: int) -> bytes:
        template = DocxTemplate(path)
        image = InlineImage(template, BytesIO(picture(at)), width=EMU)
        template.render({**work.letters[at], "seal": image})
        target = BytesIO()
        template.save(target)
        return target.getvalue()

    return fill


def docxtpl_cached(work: Work) -> Filler:
    """
    Return docxtpl with everything kept that does not change between letters.

    The file stays in memory, its XML is prepared once and Jinja compiles each part once.
    """
    import jinja2  # noqa: PLC0415
    from docxtpl import DocxTemplate, InlineImage  # noqa: PLC0415

    content = (work.folder / "docxtpl.docx").read_bytes()

    class Cached(DocxTemplate):  # type: ignore[misc] # untyped
        patch_xml = staticmethod(lru_cache(DocxTemplate(BytesIO(content)).patch_xml))

    environment = jinja2.Environment()
    environment.from_string = lru_cache(environment.from_string)

    def fill(at: int) -> bytes:
        template = Cached(BytesIO(content))
        image = InlineImage(template, BytesIO(work.picture), width=EMU)
        template.render({**work.letters[at], "seal": image}, environment)
        target = BytesIO()
        template.save(target)
        return target.getvalue()

    return fill


def mailmerge(work: Work) -> Filler:
    """Return docx-mailmerge2, which cannot fill pictures in."""
    from mailmerge import MailMerge  # noqa: PLC0415

    def fill(at: int) -> bytes:
        target = BytesIO()
        with MailMerge(work.folder / "mailmerge.docx") as document:
            document.merge(**work.letters[at])
            document.write(target)
        return target.getvalue()

    return fill


def python_docx(work: Work) -> Filler:
    """Return the loop over runs that many scripts have."""
    import docx  # noqa: PLC0415

    def fill(at: int) -> bytes:
        document = docx.Document(str(work.folder / "docxtpl.docx"))
        values = {f"{{{{ {name} }}}}": text for name, text in work.letters[at].items()}
        for paragraph in _paragraphs(document):
            for run in paragraph.runs:
                _fill_run(run, values, work.picture)
        target = BytesIO()
        document.save(target)
        return target.getvalue()

    return fill


def _paragraphs(document: Any) -> list[Any]:  # noqa: ANN401 # python-docx is untyped
    places = [document, *(section.footer for section in document.sections)]
    cells = [
        cell
        for place in places
        for table in place.tables
        for row in table.rows
        for cell in row.cells
    ]
    return [paragraph for place in (*places, *cells) for paragraph in place.paragraphs]


def _fill_run(run: Any, values: dict[str, str], picture: bytes) -> None:  # noqa: ANN401
    text = run.text
    if "{{ seal }}" in text:
        run.text = ""
        run.add_picture(BytesIO(picture), width=EMU)
    elif "{{" in text:
        for gap, value in values.items():
            text = text.replace(gap, value)
        run.text = text


def _qrcode(text: str) -> bytes:
    import qrcode  # noqa: PLC0415

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, box_size=8, border=4)
    code.add_data(text)
    code.make(fit=True)
    target = BytesIO()
    code.make_image().save(target, "PNG")
    return target.getvalue()


FILLERS = {
    filler.__name__: filler
    for filler in (
        ours,
        ours_sealed,
        docxtpl,
        docxtpl_cached,
        docxtpl_qrcode,
        mailmerge,
        python_docx,
    )
}


def main(name: str, folder: str) -> None:
    """Do what the standard input says."""
    work = Work(Path(folder))
    fill = FILLERS[name](work)
    print("ready", flush=True)
    for line in sys.stdin:
        verb, _, rest = line.strip().partition(" ")
        if verb == "write":
            Path(rest).write_bytes(fill(0))
            print(flush=True)
        else:
            started = time.perf_counter()
            for at in range(int(rest)):
                fill(at % len(work.letters))
            print(time.perf_counter() - started, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
