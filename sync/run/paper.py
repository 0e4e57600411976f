"""Letters on their way to paper: those that wait for a signature, and their PDFs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.cabinet.interface import StoredLetter
from sync.errors import CabinetError, GoogleRefused, SyncError
from sync.model import Status
from sync.run.letters import file_name
from sync.run.remembered import pdf_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sync.cabinet.interface import Cabinet
    from sync.ledger.interface import Ledger
    from sync.letter.pdf import Converted
    from sync.model import Entry, Letter

    Convert = Callable[[Mapping[str, bytes]], Converted]  #: names and DOCX to PDFs

_MOST_AT_ONCE = 200  #: PDFs that one run makes, so that LibreOffice comes to an end


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLetter:
    """A finished letter that is not signed yet."""

    entry: Entry
    letter: Letter

    @property
    def in_order(self) -> tuple[str, int, int]:
        """By register, year and number."""
        return self.letter.register, self.letter.year, self.letter.sequence

    @property
    def name(self) -> str:
        """Its path in the cabinet."""
        return file_name(self.entry, self.letter)

    @property
    def stored(self) -> StoredLetter:
        """The letter as the cabinet knows it."""
        letter = self.letter
        return StoredLetter(
            name=self.name,
            location=letter.location,
            sha256=letter.sha256,
            file_id=letter.file_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfNews:
    """What became of the PDFs that were due."""

    cautions: Sequence[str] = ()
    left: int = 0  #: that the next run must make


def waiting_letters(ledger: Ledger, services: Iterable[str]) -> list[WaitingLetter]:
    """
    Return the letters that wait for a signature, in the order of the register.

    Number-only services have no files; a letter whose row was deleted waits for nobody.
    """
    found = [
        WaitingLetter(entry=entry, letter=letter)
        for service in services
        for entry in ledger.entries(service)
        if entry.status is Status.ISSUED and entry.row_missing_since is None
        if (letter := entry.letter) is not None and letter.location
    ]
    return sorted(found, key=lambda one: one.in_order)


def contents_of(
    waiting: Iterable[WaitingLetter], cabinet: Cabinet
) -> tuple[dict[str, bytes], list[str]]:
    """
    Return the letters' files by name, and a sentence for each that cannot be had.

    A file that somebody changed is not the letter that has the number. Raises
    `GoogleUnavailable`.
    """
    contents, problems = {}, []
    for one in waiting:
        try:
            content = cabinet.content(one.stored)
        except (CabinetError, GoogleRefused) as error:
            problems.append(f"{one.letter.letter_number}: {error}")
            continue
        if hashlib.sha256(content).hexdigest() == one.letter.sha256:
            contents[one.name] = content
        else:
            problems.append(f"{one.letter.letter_number}: somebody changed its file")
    return contents, problems


def make_pdfs(
    ledger: Ledger, cabinet: Cabinet, services: Iterable[str], convert: Convert
) -> PdfNews:
    """
    Put a PDF beside each letter that waits for a signature and has none.

    A PDF is a by-product: where it cannot be made, the letter goes out all the same, and the
    next run tries again. Never raises a `SyncError`.
    """
    due = [one for one in waiting_letters(ledger, services) if _is_due(one, ledger, cabinet)]
    now = due[:_MOST_AT_ONCE]
    try:
        made, cautions = _make(now, ledger, cabinet, convert) if now else (0, [])
    except SyncError as error:
        made, cautions = 0, [_without_pdf(len(now), str(error))]
    return PdfNews(cautions=cautions, left=len(due) - made)


def _is_due(one: WaitingLetter, ledger: Ledger, cabinet: Cabinet) -> bool:
    location = _remembered(one, ledger).get("location", "")
    there = location and not cabinet.is_gone(location)
    return not there and not cabinet.is_gone(one.letter.location)


def _make(
    due: Sequence[WaitingLetter], ledger: Ledger, cabinet: Cabinet, convert: Convert
) -> tuple[int, list[str]]:
    contents, cautions = contents_of(due, cabinet)
    converted = convert(contents) if contents else None
    pdfs = converted.pdfs if converted else {}
    if converted and converted.trouble:
        cautions.append(_without_pdf(len(contents) - len(pdfs), converted.trouble))
    ready = [one for one in due if one.name in pdfs]
    kept = {}
    for one, file_id in _with_file_ids(ready, ledger, cabinet):
        name = one.name.removesuffix(".docx") + ".pdf"
        location = cabinet.keep_copy(name, pdfs[one.name], file_id)
        kept[_key(one)] = json.dumps({"file_id": file_id, "location": location})
    if kept:
        ledger.remember(kept)
    return len(kept), cautions


def _with_file_ids(
    ready: Sequence[WaitingLetter], ledger: Ledger, cabinet: Cabinet
) -> list[tuple[WaitingLetter, str]]:
    """Return each with the id that its PDF will have; the ledger knows it first."""
    known = {one.name: _remembered(one, ledger).get("file_id", "") for one in ready}
    without = [one for one in ready if not known[one.name]]
    new = dict(zip((one.name for one in without), cabinet.new_ids(len(without)), strict=True))
    if any(new.values()):
        told = {_key(one): json.dumps({"file_id": new[one.name]}) for one in without}
        ledger.remember(told)
    return [(one, known[one.name] or new[one.name]) for one in ready]


def _remembered(one: WaitingLetter, ledger: Ledger) -> dict[str, str]:
    found: dict[str, str] = json.loads(ledger.recall(_key(one)) or "{}")
    return found


def _key(one: WaitingLetter) -> str:
    return pdf_key(one.entry.submission_id, one.letter.revision)


def _without_pdf(count: int, why: str) -> str:
    return (
        f"no PDF of {count} letter(s): {why}. The letters themselves (DOCX) are in their place;"
        " install LibreOffice anew, or set `letters.pdf: false`"
    )
