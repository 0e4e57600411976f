"""Letters on paper: a PDF beside each, and what `print` puts on the desk."""

from __future__ import annotations

import os
import shutil
import stat
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from command_line import command
from office import READ
from test_drive_cabinet import drive_office

from sync.letter import pdf as pdf_module
from sync.letter.pdf import joined, page_count, to_pdf
from sync.platform import run_within

if TYPE_CHECKING:
    from office import Office

__all__ = ["drive_office"]

_NUMBER = "500.3/{}/35.07.32.2004/2026"
_NOTHING = "no letter waits for a signature"
_FAKE = """#!/bin/sh
echo "$@" >>'{log}'
/bin/mkdir -p out
for file in "$@"; do
    case "$file" in *.docx) {does} ;; esac
done
"""
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None and "CI" not in os.environ, reason="LibreOffice is missing"
)


class Programs:
    """The programs that a run finds on its computer: what we let stand in for LibreOffice."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._log = folder / "bin", folder / "calls.log"
        self._page = folder / "page.pdf"
        self._folder.mkdir()
        with pypdfium2.PdfDocument.new() as document, self._page.open("wb") as file:
            document.new_page(595, 842)
            document.save(file)
        monkeypatch.setenv("PATH", str(self._folder))
        monkeypatch.setattr(pdf_module, "_USUAL_PLACES", ())

    def missing(self) -> None:
        (self._folder / "soffice").unlink(missing_ok=True)

    def does(self, what: str = "") -> None:
        """Let it do this to each letter, called `$file`; print it when nothing is told."""
        what = what or f"/bin/cp '{self._page}' out/${{file%.docx}}.pdf"
        program = self._folder / "soffice"
        program.write_text(_FAKE.format(log=self._log, does=what))
        program.chmod(0o755)

    def calls(self) -> int:
        """Return how often it was asked for PDFs."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        return sum("--convert-to pdf" in line for line in lines)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(tmp_path, monkeypatch)


def _pdfs(office: Office) -> list[str]:
    letters = office.folder / "letters"
    return sorted(path.relative_to(letters).as_posix() for path in letters.rglob("*.pdf"))


def _wanted_pdfs(office: Office) -> list[str]:
    """Return where the PDFs must lie: each beside its letter, called as it is."""
    letters = office.folder / "letters"
    return [p.relative_to(letters).with_suffix(".pdf").as_posix() for p in office.letters()]


def _text(path: Path) -> list[str]:
    """Return the text of each page."""
    with pypdfium2.PdfDocument(path) as document:
        return [document[at].get_textpage().get_text_bounded() for at in range(len(document))]


@needs_office
def test_what_waits_for_a_signature_is_printed(office: Office) -> None:
    """One PDF by LibreOffice itself: a page each, by number, without what is signed already."""
    office.submit("Siti Contoh", "Budi Contoh", "Ani Contoh")
    office.run()
    office.ask("Budi Contoh", "Sudah Ditandatangani")
    office.run()
    out = office.folder / "cetak.pdf"
    done = command(office, "print", "--out", str(out))

    assert 0 == done.code, done.err
    first, second = _text(out)
    assert (True, True) == (_NUMBER.format(1) in first, _NUMBER.format(3) in second)
    assert [_NUMBER.format(n) for n in (1, 3)] == [
        line.split()[0] for line in done.out.splitlines()[1:]
    ]
    assert 0o600 == stat.S_IMODE(out.stat().st_mode)


@pytest.mark.usefixtures("no_pauses")
def test_one_call_a_run_and_none_when_nothing_is_new(office: Office, programs: Programs) -> None:
    """All letters of a run in one call; a PDF that is gone is made again, when Google answers."""
    programs.does()
    office.configure(letters__pdf=True)
    office.submit("Siti Contoh", "Budi Contoh")
    assert 0 == command(office, "run").code
    assert (1, _wanted_pdfs(office)) == (programs.calls(), _pdfs(office))

    command(office, "run")
    assert (0, 1) == (command(office, "run").code, programs.calls())
    first = office.folder / "letters" / _pdfs(office)[0]
    first.unlink()
    office.sandbox.fault(READ, kind="503", times=4)
    assert (75, 1) == (office.run().exit_code, programs.calls())
    command(office, "run")
    assert (2, _wanted_pdfs(office)) == (programs.calls(), _pdfs(office))
    office.ask("Siti Contoh", "Terbitkan Ulang")
    command(office, "run")
    assert (3, _wanted_pdfs(office)) == (programs.calls(), _pdfs(office))
    assert 3 == len(_pdfs(office))


def test_without_libreoffice_the_letter_goes_out(office: Office, programs: Programs) -> None:
    """Run, status and check say so; once it is installed, the next run makes what is missing."""
    programs.missing()
    office.configure(letters__pdf=True)
    office.submit("Siti Contoh")
    done = command(office, "run")

    said = "no PDF of 1 letter(s): LibreOffice is not installed."
    assert (0, True) == (done.code, said in done.err)
    assert said in command(office, "run", "--quiet").err, "the idle run would have hidden it"
    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]
    assert (1, []) == (len(office.letters()), _pdfs(office))
    assert said in command(office, "status").out
    assert "caution  pdf: LibreOffice is not installed" in command(office, "check").out

    programs.does()
    assert "" == command(office, "run", "--quiet").err
    assert _wanted_pdfs(office) == _pdfs(office)
    assert "caution " not in command(office, "status").out
    assert "ok       pdf: LibreOffice makes a PDF" in command(office, "check").out
    assert 1 == len(office.register())


@pytest.mark.parametrize(
    "does",
    [
        "echo '%PDF-1.7 but no more' >out/${file%.docx}.pdf",
        ": >out/${file%.docx}.pdf",
        "true",
        "exit 1",
    ],
    ids=["garbage", "empty", "no file", "failure"],
)
def test_what_is_no_pdf_does_not_count(tmp_path: Path, programs: Programs, does: str) -> None:
    """LibreOffice ends with 0 whatever happens, so each PDF is opened before it counts."""
    programs.does(does)
    made = to_pdf({"letter": b"DOCX"}, tmp_path)

    assert ({}, "LibreOffice") == (made.pdfs, made.trouble[:11])


def test_a_libreoffice_that_hangs_is_ended(
    tmp_path: Path, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all that it has started, and nothing of the letters is left."""
    monkeypatch.setattr(pdf_module, "_SECONDS_TO_START", 0.3)
    monkeypatch.setattr(pdf_module, "_SECONDS_PER_LETTER", 0)
    children = tmp_path / "children"
    programs.does(f"/bin/sleep 600 & echo $! >>'{children}'; wait")
    made = to_pdf({"letter": b"DOCX"}, tmp_path)

    assert ({}, "LibreOffice did not end within 0.3 seconds") == (made.pdfs, made.trouble)
    (child,) = children.read_text().split()
    status = Path("/proc", child, "status")
    assert not status.exists() or "\nState:\tZ" in status.read_text()
    assert not (tmp_path / "office").exists()


def test_in_drive_an_answer_that_was_lost_makes_no_second_pdf(
    drive_office: Office, programs: Programs, no_pauses: None
) -> None:
    """The PDF's id is in the ledger before it is sent, so sending it again finds it there."""
    del no_pauses
    office = drive_office
    programs.does()
    office.submit("Siti Contoh")
    office.run()
    office.configure(
        letters__pdf=True,
        letters__cabinet="drive",
        letters__drive_folder=office.config.letters.drive_folder,
        google__drive_credentials="secrets/drive.json",
    )
    office.sandbox.fault("drive.files.create", kind="close-after", times=4)
    report = office.run()
    assert "no PDF of 1 letter(s): " in report.cautions[0]
    assert [] == office.run().cautions
    calls = programs.calls()
    assert [] == office.run().cautions

    files = [f for f in office.sandbox.world.state.files.values() if f.name.endswith(".pdf")]
    assert [office.entries()[0].submission_id] == [f.name.split("_")[1] for f in files]
    assert ("application/pdf", 2, calls) == (files[0].mime_type, calls, programs.calls())


def test_print_into_a_folder(office: Office, programs: Programs) -> None:
    """A file each, by number; where LibreOffice is missing, the DOCX; and when nothing waits."""
    programs.does()
    nothing = office.folder / "kosong.pdf"
    done = command(office, "print", "--out", str(nothing))
    assert (0, _NOTHING, False) == (done.code, done.out.strip(), nothing.exists())
    assert 0 == programs.calls()
    office.submit("Siti Contoh", "Budi Contoh")
    office.run()
    tickets = [line.submission_id for line in office.register()]
    folder = office.folder / "cetak"
    assert 0 == command(office, "print", "--out", str(folder)).code
    names = [f"{at:03d}_{at:04d}_{ticket}_r1" for at, ticket in enumerate(tickets, start=1)]
    assert [f"{name}.pdf" for name in names] == sorted(path.name for path in folder.iterdir())

    again = command(office, "print", "--out", str(folder))
    assert (2, True) == (again.code, "is not empty" in again.err)
    programs.missing()
    other = office.folder / "lain"
    done = command(office, "print", "--out", str(other))
    assert (0, True) == (done.code, "LibreOffice is not installed" in done.err)
    assert [path.read_bytes() for path in office.letters()] == [
        path.read_bytes() for path in sorted(other.iterdir())
    ]
    refused = command(office, "print", "--out", str(office.folder / "satu.pdf"))
    assert (2, True) == (refused.code, "--out FOLDER" in refused.err)


def test_a_letter_that_somebody_changed_is_not_printed(office: Office, programs: Programs) -> None:
    """Neither as PDF nor on the desk: its text is not what the number stands for."""
    programs.does()
    office.submit("Siti Contoh", "Budi Contoh")
    office.run()
    changed = office.letters()[0]
    changed.write_bytes(office.letters()[1].read_bytes())
    office.configure(letters__pdf=True)

    assert [f"{_NUMBER.format(1)}: somebody changed its file"] == office.run().cautions
    assert 1 == len(_pdfs(office))
    out = office.folder / "cetak.pdf"
    done = command(office, "print", "--out", str(out))
    assert (2, True) == (done.code, f"{_NUMBER.format(1)}: somebody" in done.err)
    assert 1 == page_count(out.read_bytes())


def test_pdfs_are_joined_in_order() -> None:
    """Pages keep their size, and their order."""
    pages = []
    for width in (100, 200):
        with pypdfium2.PdfDocument.new() as document:
            document.new_page(width, 300)
            document.save(content := BytesIO())
        pages.append(content.getvalue())
    with pypdfium2.PdfDocument(joined(pages)) as whole:
        assert [100, 200] == [whole[at].get_width() for at in range(len(whole))]


def test_a_program_writes_privately_and_ends(tmp_path: Path) -> None:
    """Whatever LibreOffice leaves behind is its owner's alone."""
    assert 3 == run_within(["/bin/sh", "-c", "echo x >left; exit 3"], seconds=5, folder=tmp_path)
    assert 0o600 == stat.S_IMODE((tmp_path / "left").stat().st_mode)
