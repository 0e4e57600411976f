"""PDFs of finished letters, made by LibreOffice: one call for all of them, its result checked."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sync.errors import PdfError
from sync.platform import disk_errors, private_folder, remove_folder, run_within, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SECONDS_TO_START = 60  #: of a slow computer that has just been switched on
_SECONDS_PER_LETTER = 3
_SECONDS_TO_ANSWER = 20
_NAMES = ("soffice", "libreoffice")
_USUAL_PLACES = (
    "/snap/bin/libreoffice",  # cron's PATH knows neither
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_MISSING = "LibreOffice is not installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What came of a call: the PDFs that are sound, and why others are missing."""

    pdfs: Mapping[str, bytes]
    trouble: str  #: "" when every letter has its PDF


def to_pdf(letters: Mapping[str, bytes], state: Path) -> Converted:
    """
    Return a PDF of each letter that LibreOffice can print, made in one call.

    letters: a name of the caller's to the DOCX; LibreOffice is not told the names
    state:   the state folder; a folder in it is LibreOffice's while it works, with a profile of
             its own, so that neither a LibreOffice that is open nor its settings matter. Only
             under the run's lock.

    LibreOffice ends with 0 whatever happens, so each PDF is opened before it counts. Raises
    `DiskError`.
    """
    program = office_program()
    if program is None:
        return Converted(pdfs={}, trouble=_MISSING)
    room = state.absolute() / "office"
    remove_folder(room)  # of a run that was killed
    private_folder(room)
    try:
        files = {name: room / f"{at:04d}.docx" for at, name in enumerate(letters, start=1)}
        for name, path in files.items():
            write_private(path, letters[name])
        seconds = _SECONDS_TO_START + _SECONDS_PER_LETTER * len(letters)
        convert = [
            "--convert-to",
            "pdf",
            "--outdir",
            "out",
            *(path.name for path in files.values()),
        ]
        code = run_within([program, *_alone(room), *convert], seconds=seconds, folder=room)
        made = {name: room / "out" / f"{path.stem}.pdf" for name, path in files.items()}
        pdfs = {name: pdf for name, path in made.items() if (pdf := _sound(path))}
    finally:
        remove_folder(room)
    return Converted(pdfs=pdfs, trouble=_trouble(code, seconds, len(letters) - len(pdfs)))


def answering_office() -> str:
    """Return where LibreOffice is; `PdfError` when it is missing, or does not answer."""
    program = office_program()
    if program is None:
        raise PdfError(_MISSING)
    with tempfile.TemporaryDirectory(prefix="surat-sync-") as folder:
        room = Path(folder)
        code = run_within(
            [program, *_alone(room), "--version"], seconds=_SECONDS_TO_ANSWER, folder=room
        )
    if code != 0:
        raise PdfError(f"{program}: {_ended(code, _SECONDS_TO_ANSWER)}")
    return program


def office_program() -> str | None:
    """Return where LibreOffice is; None when it is not here."""
    found = (shutil.which(name) for name in (*_NAMES, *_USUAL_PLACES))
    return next((path for path in found if path), None)


def page_count(pdf: bytes) -> int:
    """Return how many pages a PDF has; 0 when it is none, or broken."""
    import pypdfium2  # noqa: PLC0415 - only villages with PDFs need it

    if not pdf.startswith(b"%PDF-"):
        return 0
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return len(document)
    except pypdfium2.PdfiumError:
        return 0


def joined(pdfs: Sequence[bytes]) -> bytes:
    """Return one PDF with the pages of all, in order."""
    import pypdfium2  # noqa: PLC0415

    content = BytesIO()
    with pypdfium2.PdfDocument.new() as whole:
        for pdf in pdfs:
            with pypdfium2.PdfDocument(pdf) as one:
                whole.import_pages(one)
        whole.save(content)
    return content.getvalue()


def _alone(room: Path) -> list[str]:
    profile = f"-env:UserInstallation={(room / 'profile').as_uri()}"
    return ["--headless", "--norestore", "--nolockcheck", "--nodefault", profile]


def _sound(path: Path) -> bytes:
    """Return a PDF that has a page; b"" when there is none, or a broken one."""
    with disk_errors(path):
        pdf = path.read_bytes() if path.is_file() else b""
    return pdf if page_count(pdf) else b""


def _trouble(code: int | None, seconds: int, missing: int) -> str:
    if not missing:
        return ""
    return _ended(code, seconds) if code != 0 else "LibreOffice made no sound PDF of it"


def _ended(code: int | None, seconds: int) -> str:
    if code is None:
        return f"LibreOffice did not end within {seconds} seconds"
    return f"LibreOffice ended with {code}"
