"""
What must be true of an office after calm runs, told by the sandbox's own state.

Each function returns sentences about what is wrong; an empty list is good.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from office import OUR_HEADERS, READ
from scene import tags

from sync.cells import left_alone
from sync.letter import letter_text
from sync.model import Column

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from office import Office

    from sync.model import Entry, RegisterLine

_TOKEN = "Diproses ·"
_text = lru_cache(maxsize=64)(letter_text)  # a table's cases begin with the same letters


def settle(office: Office, *, runs: int = 3, accept: Sequence[str] = ()) -> list[str]:
    """Run in calm until a run is one read; tell when *runs* were not enough for that."""
    calls: list[str] = []
    for _ in range(runs + 1):
        before = office.mark()
        report = office.run(accept=accept)
        if report.failures:
            return [f"a calm run fails: {failure!r}" for failure in report.failures]
        calls = office.calls(before)
        if calls == [READ]:
            return []
    return [f"after {runs} calm runs a run still calls {calls}"]


def problems(office: Office, *, unfinished: Collection[str] = ()) -> list[str]:
    """
    Return what is wrong with numbers, register, files, tokens and our cells.

    unfinished: the paths below the letters folder, and the names in the spool, of letters
                that nobody goes on with, as their rows are gone; they may be there or not
    """
    entries, lines = office.entries(), office.register()
    return [
        *tokens_left(office),
        *wrong_numbers(entries, lines),
        *wrong_register_tab(office, lines),
        *wrong_files(office, lines, unfinished),
        *wrong_cells(office, entries),
    ]


def tokens_left(office: Office) -> Iterator[str]:
    """No mark of ours is left anywhere."""
    for at, row in enumerate(office.sandbox.rows(), start=1):
        yield from (f"row {at} holds {cell!r}" for cell in row if _TOKEN in str(cell))


def wrong_numbers(entries: Sequence[Entry], lines: Sequence[RegisterLine]) -> Iterator[str]:
    """Numbers run from 1 without gap or repeat, and a submission has at most one."""
    sequences = [line.sequence for line in lines]
    if sequences != list(range(1, len(lines) + 1)):
        yield f"numbers are {sequences}"
    for submission_id, count in Counter(line.submission_id for line in lines).items():
        if count > 1:
            yield f"{submission_id} has {count} numbers"
    numbered = {e.submission_id: e.letter.sequence for e in entries if e.letter is not None}
    if numbered != {line.submission_id: line.sequence for line in lines}:
        yield f"letters {numbered} are not those of the register {sequences}"


def wrong_register_tab(office: Office, lines: Sequence[RegisterLine]) -> Iterator[str]:
    """Lines of the register tab are the ledger's."""
    if not lines:
        return
    shown = [row[:2] + row[4:5] + row[6:7] for row in office.register_tab()[1:]]
    known = [
        [str(line.sequence), line.letter_number, line.applicant, line.submission_id]
        for line in lines
    ]
    if shown != known:
        yield f"the register tab shows {shown}, the ledger has {known}"


def wrong_files(
    office: Office, lines: Sequence[RegisterLine], unfinished: Collection[str] = ()
) -> Iterator[str]:
    """Each revision of each number has exactly one file, whole, with that number in it."""
    wanted = {
        f"{line.register}/{line.year}/{line.sequence:04d}_{line.submission_id}_r{revision}.docx"
        for line in lines
        for revision in range(1, line.revision + 1)
    }
    folder = office.folder / "letters"
    found = {path.relative_to(folder).as_posix() for path in office.letters()}
    if different := (found ^ wanted) - (wanted & set(unfinished)):
        yield f"files {sorted(different)} are too many or missing"
    numbers = {f"{line.sequence:04d}_{line.submission_id}": line for line in lines}
    for path in sorted(found & wanted):
        line = numbers[path.split("/")[-1].rpartition("_")[0]]
        try:
            text = "\n".join(_text((folder / path).read_bytes()))
        except zipfile.BadZipFile:
            yield f"{path} is no whole file"
            continue
        if line.letter_number not in text:
            yield f"{path} does not hold {line.letter_number}"
        if path.endswith("_r1.docx") and line.applicant not in text:
            yield f"{path} does not hold the name of its register line"
    parts = [p for p in folder.rglob("*") if p.is_file() and p.suffix != ".docx"]
    state = [
        *(office.folder / "state" / "spool").glob("*"),
        *(office.folder / "state").glob("*.part"),
    ]
    left = (path.name for path in (*parts, *state) if path.name not in unfinished)
    yield from (f"{name} is left over" for name in left)


def wrong_cells(office: Office, entries: Sequence[Entry]) -> Iterator[str]:
    """Each of our cells is what the ledger wants for the row's own ticket, and once."""
    by_ticket = {str(entry.submission_id): entry for entry in entries}
    ours = {cell.wanted for entry in entries for c, cell in entry.cells.items() if c in _PERSONAL}
    seen: Counter[str] = Counter()
    for _, record in tags(office):
        ticket = str(record["ID Permohonan"])
        if not any(record.values()):
            continue
        seen[ticket] += 1
        entry = by_ticket.get(ticket)
        if entry is None:  # what staff typed into an empty row is theirs, unless it is ours
            if not ours.isdisjoint(filter(None, _ours(record))):
                yield f"a row without a ticket of ours shows {_ours(record)}"
            continue
        wanted = {str(column): cell.wanted for column, cell in entry.cells.items()}
        shown = dict(zip(_COLUMNS, _ours(record), strict=True))
        yield from (
            f"{ticket} shows {shown[column]!r} for {wanted.get(column)!r}"
            for column in _COLUMNS
            if shown[column] != wanted.get(column, "")
            and entry.cells
            and column not in left_alone(entry)
        )
    yield from (
        f"{ticket} stands in {n} rows"
        for ticket, n in seen.items()
        if ticket in by_ticket and n > 1
    )


def wrong_owners(office: Office, lines: Sequence[RegisterLine]) -> Iterator[str]:
    """Every number, ticket and link stands on a row of the applicant whose letter it is."""
    applicants = {line.letter_number: line.applicant for line in lines}
    tickets = {str(line.submission_id): line.applicant for line in lines}
    for tag, record in tags(office):
        number, ticket, link = (
            str(record[header]) for header in ("Nomor Surat", "ID Permohonan", "Surat")
        )
        for what, owner in ((number, applicants.get(number)), (ticket, tickets.get(ticket))):
            if owner is not None and owner not in {tag, record["Nama Lengkap"]}:
                yield f"{what} of {owner} stands on the row of {tag}"
        if link and ticket not in link:
            yield f"the link {link} stands on the row of {ticket}"


def _ours(record: dict[str, Any]) -> list[Any]:
    return [record[header] for header in OUR_HEADERS]


_PERSONAL = {Column.SUBMISSION_ID, Column.LETTER_NUMBER, Column.LETTER, Column.NOTIFY}
_COLUMNS = (
    "submission_id",
    "status",
    "note",
    "letter_number",
    "letter",
    "notify",
    "updated",
)
