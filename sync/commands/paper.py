"""`surat-sync print`: the letters that wait for a signature, ready for the printer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.commands import program
from sync.errors import PdfError, UserError
from sync.letter.pdf import joined, to_pdf
from sync.platform import disk_errors, private_folder, write_private
from sync.run.paper import contents_of, waiting_letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sync.clock import Clock
    from sync.config import Config
    from sync.run.paper import WaitingLetter

_PDF = ".pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printout:
    """What was written, and what could not be."""

    letters: Sequence[WaitingLetter] = ()  #: that are in it, in the order of the register
    problems: Sequence[str] = ()  #: letters that are missing in it
    caution: str = ""  #: why some are no PDFs


def print_waiting(config: Config, out: Path, clock: Clock | None = None) -> Printout:
    """
    Write the letters that wait for a signature to *out*; nothing when none does.

    out: a file that ends with `.pdf` gets all of them, its owner's alone; any other name is an
         empty or a new folder, for one file each: a PDF, or where LibreOffice makes none a DOCX

    Raises `PdfError` when the one PDF cannot be made, `UserError`, `DiskError`; `LedgerBusy`
    while a run is at work.
    """
    clock = clock or program.system_clock()
    is_pdf = out.suffix.lower() == _PDF
    with program.run_lock(config), program.opened_books(config, clock) as books:
        waiting = waiting_letters(books.ledger, config.services)
        if not waiting:
            return Printout()
        if not is_pdf:
            _require_empty(out)
        cabinet = program.cabinet_of(config, clock=clock, rng=program.system_random())
        contents, problems = contents_of(waiting, cabinet)
        converted = to_pdf(contents, config.state_folder)
    letters = [one for one in waiting if one.name in contents]
    if is_pdf and letters:
        _write_one(out, letters, converted.pdfs, converted.trouble)
    elif letters:
        _write_each(out, letters, contents, converted.pdfs)
    return Printout(letters=letters, problems=problems, caution=converted.trouble)


def _require_empty(folder: Path) -> None:
    """Refuse a folder in which letters of another day could lie."""
    with disk_errors(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UserError(f"{folder} is not empty: name a new folder, or a file `….pdf`.")


def _write_one(
    out: Path, letters: Sequence[WaitingLetter], pdfs: Mapping[str, bytes], trouble: str
) -> None:
    missing = [one.letter.letter_number for one in letters if one.name not in pdfs]
    if missing:
        raise PdfError(
            f"{trouble}: {out} was not written. `surat-sync print --out FOLDER` gives the letters"
            " as they are.",
            missing,
        )
    write_private(out, joined([pdfs[one.name] for one in letters]))


def _write_each(
    folder: Path,
    letters: Sequence[WaitingLetter],
    contents: Mapping[str, bytes],
    pdfs: Mapping[str, bytes],
) -> None:
    if not folder.exists():
        private_folder(folder)
    for at, one in enumerate(letters, start=1):
        stem = f"{at:03d}_{one.name.rpartition('/')[2].removesuffix('.docx')}"
        pdf = pdfs.get(one.name)
        name = f"{stem}.docx" if pdf is None else f"{stem}{_PDF}"
        write_private(folder / name, contents[one.name] if pdf is None else pdf)
