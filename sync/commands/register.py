"""`surat-sync register …`: the number register, from the ledger alone, without internet."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING, Any

from sync.commands import program, register_csv
from sync.errors import DiskError, UserError
from sync.ledger.high_water import HighWaterFile
from sync.ledger.interface import Batch, Change, Reservation
from sync.model import LineState, Status
from sync.run.safety import check_clock, check_register
from sync.text import folded, reason_text
from sync.values import letter_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from sync.clock import Clock
    from sync.commands.program import Books
    from sync.config import Config
    from sync.model import Entry, RegisterLine, Service


def lines_of(
    config: Config, *, register: str = "", year: int | None = None, clock: Clock | None = None
) -> tuple[RegisterLine, ...]:
    """Return a register's lines by year and sequence; raises `UserError` for an unknown one."""
    with program.opened_books(config, clock or program.system_clock()) as books:
        return books.ledger.register_lines(_register(config, register), year)


def as_facts(lines: Sequence[RegisterLine]) -> list[dict[str, Any]]:
    """Return what the register tells of each line: no name, no purpose."""
    return [
        {
            "register": line.register,
            "year": line.year,
            "sequence": line.sequence,
            "letter_number": line.letter_number,
            "date": line.issued_on.isoformat(),
            "state": line.state.value,
            "submission_id": line.submission_id or "",
            "revision": line.revision,
            "reason": line.reason,
        }
        for line in lines
    ]


def as_text(lines: Sequence[RegisterLine]) -> str:
    """Return the lines for people, in columns."""
    if not lines:
        return "no number was given yet"
    table = [
        (line.letter_number, line.issued_on.isoformat(), line.state.value, line.submission_id or "")
        for line in lines
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join((*(t.ljust(w) for t, w in zip(row, widths, strict=True)), line.reason)).rstrip()
        for row, line in zip(table, lines, strict=True)
    )


def reserve_numbers(
    config: Config, *, service: str = "", count: int = 1, note: str = "", clock: Clock | None = None
) -> tuple[RegisterLine, ...]:
    """
    Take the next numbers for letters written by hand; the next run shows them in the tab.

    service: whose number format, register and kind of letter; "" for the only one

    Raises `SafetyStop` where a number could be given twice, `LedgerBusy` during a run.
    """
    clock = clock or program.system_clock()
    today = program.village_time(config, clock.now()).date()
    kind = _service(config, service)
    with program.run_lock(config), program.opened_books(config, clock) as books:
        marks = HighWaterFile(config.state_folder / program.HIGH_WATER_FILE)
        _check_safety(config, books, marks.read(), today)
        lines = books.ledger.reserve(_reservation(config, kind, today, note), count)
        last = lines[-1]
        marks.raise_to({f"{last.register}/{last.year}": last.sequence})
        return lines


def void_number(
    config: Config, *, number: str, reason: str, clock: Clock | None = None
) -> RegisterLine:
    """
    Withdraw a number for good; a letter's submission becomes VOID, as by *Batalkan*.

    Raises `UserError` for a number that was not given, or is void already.
    """
    why = reason_text(reason)
    if not why:
        raise UserError("A void number needs a reason: it stands in the register for good.")
    clock = clock or program.system_clock()
    with program.run_lock(config), program.opened_books(config, clock) as books:
        line = _find(config, books, number)
        owner = _owner(config, books, line)
        if owner is None:
            books.ledger.void_reserved(line, why)
        else:
            _void_letter(books, owner, why)
        return dataclasses.replace(line, state=LineState.VOID, reason=why)


def exported(
    config: Config,
    *,
    register: str = "",
    year: int | None = None,
    agenda: bool = False,
    clock: Clock | None = None,
) -> str:
    """Return the register as CSV: what `list` tells; or with *agenda* the village's book."""
    lines = lines_of(config, register=register, year=year, clock=clock)
    return register_csv.agenda(lines) if agenda else register_csv.written(as_facts(lines))


def write_out(path: Path, text: str) -> None:
    """
    Write a file that Excel and LibreOffice read as UTF-8; a new one is its owner's alone.

    The agenda names applicants. Raises `DiskError`.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            file.write(text)
    except OSError as error:
        raise DiskError(f"{path} cannot be written ({error.strerror})") from error


def import_file(
    config: Config, path: Path, *, register: str = "", clock: Clock | None = None
) -> tuple[RegisterLine, ...]:
    """
    Begin a register with the numbers that a CSV file tells; all of them, or none.

    Raises `UserError` with every problem of the file, or when the register has begun;
    `SafetyStop` where a number could be given twice.
    """
    clock = clock or program.system_clock()
    today = program.village_time(config, clock.now()).date()
    with program.run_lock(config), program.opened_books(config, clock) as books:
        marks = HighWaterFile(config.state_folder / program.HIGH_WATER_FILE)
        _check_safety(config, books, marks.read(), today)
        lines = register_csv.read(path, register=_register(config, register), today=today)
        books.ledger.import_lines(lines)
        marks.raise_to({f"{line.register}/{line.year}": line.sequence for line in lines})
        return lines


def _register(config: Config, wanted: str) -> str:
    known = list(dict.fromkeys(s.number.register for s in config.service_values()))
    found = [name for name in known if not wanted or folded(name) == folded(wanted)]
    if len(found) == 1:
        return found[0]
    said = f"There is no register {wanted!r}." if wanted else "There are several registers."
    raise UserError(said, [f"--register {name}" for name in known])


def _service(config: Config, wanted: str) -> Service:
    known = config.service_values()
    found = [service for service in known if not wanted or service.key == wanted.lower()]
    if len(found) == 1:
        return found[0]
    said = f"There is no service {wanted!r}." if wanted else "There are several kinds of letter."
    raise UserError(said, [f"--service {service.key}: {service.title}" for service in known])


def _check_safety(config: Config, books: Books, marks: Mapping[str, int], today: date) -> None:
    books.ledger.verify()
    check_register(
        (),
        (),
        marks,
        ledger=books.ledger,
        digest=books.keys.digest,
        village_code=config.village.code,
    )
    dates = [
        line.issued_on
        for register in {service.number.register for service in config.service_values()}
        for line in books.ledger.register_lines(register)[-1:]
    ]
    check_clock(None, today=today, last_date=max(dates, default=None), accept=frozenset())


def _reservation(config: Config, service: Service, today: date, note: str) -> Reservation:
    spec, village_code = service.number, config.village.code

    def numbered(sequence: int) -> str:
        return letter_number(spec, sequence=sequence, village_code=village_code, issued_on=today)

    return Reservation(
        register=spec.register,
        start=spec.start,
        issued_on=today,
        title=service.title,
        reason=reason_text(note),
        letter_number=numbered,
    )


def _find(config: Config, books: Books, number: str) -> RegisterLine:
    wanted = "".join(number.split()).casefold()
    for register in dict.fromkeys(s.number.register for s in config.service_values()):
        for line in books.ledger.register_lines(register):
            if "".join(line.letter_number.split()).casefold() == wanted:
                if line.state is LineState.VOID:
                    raise UserError(f"{line.letter_number} is void already: {line.reason}")
                return line
    raise UserError(
        f"No number {number!r} was given.", ["`surat-sync register list` shows all of them"]
    )


def _owner(config: Config, books: Books, line: RegisterLine) -> Entry | None:
    if line.submission_id is None:
        return None
    entries = (entry for key in config.services for entry in books.ledger.entries(key))
    return next((entry for entry in entries if entry.submission_id == line.submission_id), None)


def _void_letter(books: Books, entry: Entry, reason: str) -> None:
    after = dataclasses.replace(entry, status=Status.VOID, hold=None, reason=reason)
    change = Change(before=entry, after=after, event="voided by the operator", voids_number=True)
    books.ledger.record(Batch(changes=[change]))
