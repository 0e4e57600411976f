"""What must be true when the storm is over: the invariants of docs/how-it-works.md."""

from __future__ import annotations

import hashlib
import stat
from collections import Counter
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from office import READ
from oracle import tokens_left, wrong_cells

from sync.errors import LayoutError, SafetyStop, SyncError
from sync.letter import letter_text
from sync.model import LineState, Status
from sync.run.letters import file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from house import House
    from office import Office
    from people import People

    from sync.commands.program import Books
    from sync.model import Entry, RegisterLine
    from sync.run.report import Report

CALM_RUNS = 3
_MOST_STOPS = 3
_REGISTER = "surat-keterangan"
_NUMBERLESS = {
    Status.NEEDS_CORRECTION,
    Status.AWAITING_APPROVAL,
    Status.HELD,
    Status.REFUSED,
    Status.REPLACED,
}
_PRINTED = ("nomor_surat", "nama", "nik", "jenis_usaha", "keperluan", "tanggal_surat")
_OF_A_PERSON = {"nama": "Nama Lengkap", "nik": "NIK", "nama_usaha": "Nama Usaha"}
_UNSETTLED = {Status.RECEIVED, Status.DELAYED}


def settle(house: House, run: Callable[[], Report]) -> list[str]:
    """Run in calm until a run is one read that writes nothing (I17, I18), a minute apart."""
    calls: list[str] = []
    stops, runs = 0, 0
    while runs <= CALM_RUNS:
        before = house.mark()
        house.pass_time(minutes=1)
        try:
            report = run()
        except (SafetyStop, LayoutError) as stop:
            if stops == _MOST_STOPS:
                return [f"I17: a calm run stops: {stop!r}"]
            stops += 1
            continue
        except Exception as error:  # noqa: BLE001 - whatever it is, it has a seed
            return [f"I17: a calm run ends with {error!r}"]
        calls = [call for call in house.calls(before) if not call.startswith("drive.")]
        if report.failures and stops < _MOST_STOPS and _are_stops(report.failures):
            stops += 1  # the operator looks, and accepts it in the next run
            continue
        if report.failures:
            return [f"I17: a calm run fails: {failure!r}" for failure in report.failures]
        if calls == [READ]:
            return [f"I17: the last calm run ends with {report.exit_code}"] * bool(report.exit_code)
        runs += 1
    return [f"I18: after {CALM_RUNS} calm runs a run still calls {calls}"]


def _are_stops(failures: Sequence[SyncError]) -> bool:
    return all(isinstance(failure, SafetyStop) and failure.can_pass for failure in failures)


def wrong(house: House, people: People) -> Iterator[str]:
    """Tell what is wrong with the house in the calm."""
    yield from tokens_left(house)
    yield from people.wrong_answers()
    if not (house.folder / "state" / "ledger.db").exists():
        yield "the ledger is gone"
        return
    with house.ledger() as books:
        entries = books.ledger.entries("sku")
        lines = books.ledger.register_lines(_REGISTER)
        try:
            books.ledger.verify()
        except SyncError as error:
            yield f"I10: {error} {error.problems}"
        yield from _wrong_numbers(entries, lines, books)
        yield from _wrong_states(entries, lines, people)
        yield from _wrong_files(house, people, entries, books)
        open_tokens = books.ledger.tokens("sku")
    yield from _wrong_register_tabs(house, lines)
    yield from wrong_cells(house, entries)
    yield from wrong_entries(entries)
    yield from wrong_rows(house, people, entries)
    yield from _open_files(house)
    yield from _wrong_spool(house, entries)
    if len(open_tokens) > _MOST_TOKENS:
        yield f"I19: {len(open_tokens)} tokens are remembered"


_MOST_TOKENS = 400


def _wrong_numbers(
    entries: Sequence[Entry], lines: Sequence[RegisterLine], books: Books
) -> Iterator[str]:
    for year, of_year in groupby(lines, attrgetter("year")):
        found = list(of_year)
        sequences = [line.sequence for line in found]
        if sequences != list(range(1, len(found) + 1)):
            yield f"I2: the numbers of {year} are {sequences}"
        if books.ledger.last_sequence(_REGISTER, year) != max(sequences):
            yield f"I3: the counter of {year} is not {max(sequences)}"
        if any(a.issued_on > b.issued_on for a, b in pairwise(found)):
            yield f"I4: dates go back in {year}"
        if {line.issued_on.year for line in found} != {year}:
            yield f"I4: a date is not of {year}"
    of_submissions = [line.submission_id for line in lines if line.submission_id]
    for submission_id, count in Counter(of_submissions).items():
        if count > 1:
            yield f"I1: {submission_id} has {count} numbers"
    numbered = {e.submission_id: e.letter.letter_number for e in entries if e.letter is not None}
    if numbered != {one.submission_id: one.letter_number for one in lines if one.submission_id}:
        yield f"I9: letters {numbered} are not those of the register"


def _wrong_states(
    entries: Sequence[Entry], lines: Sequence[RegisterLine], people: People
) -> Iterator[str]:
    """Tell the letters whose register line says something else, or a day before the request."""
    by_ticket = {entry.submission_id: entry for entry in entries}
    for line in lines:
        entry = by_ticket.get(line.submission_id) if line.submission_id else None
        if entry is None:
            continue
        if (line.state is LineState.VOID) != (entry.status is Status.VOID):
            yield f"I9: {line.letter_number} is {line.state}, its submission {entry.status}"
        if entry.serial and line.issued_on < _day(people.first_sent(entry.serial)):
            yield f"I4: {line.letter_number} is of {line.issued_on}, before it was asked for"


def _day(serial: int) -> date:
    return date(1899, 12, 30) + timedelta(milliseconds=serial)


def _wrong_files(
    house: House, people: People, entries: Sequence[Entry], books: Books
) -> Iterator[str]:
    """Tell what is wrong with the files: one for each stored letter, with its hash and number."""
    stored = {
        file_name(entry, entry.letter): entry
        for entry in entries
        if entry.letter is not None and entry.letter.location
    }
    found = house.stored_letters()
    names = Counter(found_name for found_name, _ in found)
    yield from (f"I5: {name} is there {count} times" for name, count in names.items() if count > 1)
    for name, content in found:
        entry = stored.get(name)
        if entry is None or entry.letter is None:
            if not _is_earlier_revision(name, entries):
                yield f"I5: {name} belongs to no letter"
            continue
        if hashlib.sha256(content).hexdigest() != entry.letter.sha256:
            yield f"I5: {name} has another hash"
            continue
        values = books.ledger.letter_values(entry.submission_id, entry.letter.revision)
        yield from _of_others(entry, values, people)
        text = "\n".join(letter_text(content))
        if "{{" in text:
            yield f"I11: {name} has a gap left"
        for field in _PRINTED:
            if values.get(field, "") not in text:  # a rebuilt ledger knows no values
                yield f"I11: {name} does not hold its {field}"
        if entry.letter.letter_number not in text:
            yield f"I9: {name} does not hold {entry.letter.letter_number}"
    for name in stored.keys() - names.keys():
        yield f"I5: {name} is missing"


def _of_others(entry: Entry, values: Mapping[str, str], people: People) -> Iterator[str]:
    """Tell what a letter says of its applicant, and what never stood in that person's row."""
    copies = {name for name, serial in people.copied.items() if serial == entry.serial}
    owners = people.applicants.get(entry.serial, set()) | copies
    for field, header in _OF_A_PERSON.items():
        known = {text for owner in owners for text in people.ever[owner, header]}
        if values and known and values[field] not in known:
            yield f"I6: {entry.submission_id} of {sorted(owners)} has {values[field]!r} for {field}"


def _is_earlier_revision(name: str, entries: Sequence[Entry]) -> bool:
    """Tell whether a file is an older revision of a letter, or one whose record never came."""
    start, _, end = name.rpartition("_r")
    revision = int(end.partition(".")[0])
    return any(
        entry.letter is not None
        and file_name(entry, entry.letter).rpartition("_r")[0] == start
        and revision <= entry.letter.revision
        for entry in entries
    )


def _wrong_register_tabs(house: House, lines: Sequence[RegisterLine]) -> Iterator[str]:
    book = house.sandbox.world.state.book(house.sandbox.spreadsheet_id)
    for year, of_year in groupby(lines, attrgetter("year")):
        tab = next(
            (tab for tab in book.sheets if tab.title == f"Register {_REGISTER} {year}"), None
        )
        rows = house.sandbox.rows(tab.sheet_id)[1:] if tab else []
        shown = [row[:2] + row[4:5] + row[6:7] for row in rows]
        known = [
            [str(one.sequence), one.letter_number, one.applicant, one.submission_id or ""]
            for one in of_year
        ]
        if shown != known:
            yield f"I9: the register tab of {year} shows {shown}, the ledger has {known}"


def wrong_entries(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.status in _NUMBERLESS and entry.letter is not None:
            yield f"I16: {entry.submission_id} is {entry.status} and has a number"
        if entry.row_missing_since is None and entry.status in _UNSETTLED:
            yield f"I17: {entry.submission_id} is still {entry.status}"


def wrong_rows(office: Office, people: People, entries: Sequence[Entry]) -> Iterator[str]:
    """Tell the tickets and numbers that stand on the row of somebody else."""
    by_ticket = {str(entry.submission_id): entry for entry in entries}
    by_number = {e.letter.letter_number: e for e in entries if e.letter is not None}
    header = office.header()
    ticket_at, number_at = header.index("ID Permohonan"), header.index("Nomor Surat")
    for name, line in people.rows():
        own = by_ticket.get(str(line.value(ticket_at)))
        for entry in (own, by_number.get(str(line.value(number_at)))):
            if entry is None or name in people.copied:
                continue
            owners = people.applicants.get(entry.serial)
            if owners and name not in owners:
                yield f"I6: {entry.submission_id} of {sorted(owners)} stands on the row of {name}"
        is_copy = name in people.copied and own is not None and own.occurrence > 1
        if is_copy and own is not None and own.letter is not None and not people.released[name]:
            yield f"I16: {own.submission_id} has a number, and nobody released the copy"


def _open_files(house: House) -> Iterator[str]:
    """Tell the files of the state folder that others may read (I15), and what is left over."""
    state = house.folder / "state"
    for path in (state, *state.rglob("*")):
        if stat.S_IMODE(path.stat().st_mode) != (0o700 if path.is_dir() else 0o600):
            yield f"I15: others may read {path.name}"
        if path.name.endswith(".part"):
            yield f"{path.name} is left over"


def _wrong_spool(house: House, entries: Sequence[Entry]) -> Iterator[str]:
    """Tell the spooled letters that wait for no row to come back."""
    waiting = {
        f"{entry.submission_id}_r{entry.letter.revision}.docx"
        for entry in entries
        if entry.letter is not None and entry.row_missing_since is not None
    }
    for path in (house.folder / "state" / "spool").glob("*"):
        if path.name not in waiting:
            yield f"I5: {path.name} is left in the spool"
