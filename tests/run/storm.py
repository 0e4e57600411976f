"""
A day on which everything happens at once: residents, staff and Google's troubles, from a seed.

It keeps for itself what people typed and whose row is whose, in notes on the cells: these
travel wherever a cell goes, and the program never sees them.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from office import CLAIM, OUR_HEADERS, READ, SWAP, resident
from patient import run
from scene import sheet_of

from sync.layout import serial_of
from sync.model import Status, SubmissionId
from sync.sandbox.faults import Faults
from sync.sandbox.reply import Refused
from sync.text import TOKEN_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from office import Office

    from sync.sandbox.sheets.cells import Row, Value

_DEEDS = {
    "sort": 4,
    "move_row": 3,
    "insert": 2,
    "answer": 2,
    "type_over": 2,
    "ask": 5,
    "copy": 1,
    "delete": 1,
    "hide": 1,
    "move_column": 1,
    "submit": 3,
}
_ACTIONS = (
    "Setujui",
    "Tolak",
    "Sudah Ditandatangani",
    "Sudah Diambil",
    "Terbitkan Ulang",
    "Batalkan",
    "",
    "entah",
)
_FAULTS = ("429", "503", "503-after", "close-before", "close-after", "late", "html-200", "truncate")
_RATE = 0.35  #: of calls after which somebody does something
_FAULT_RATE = 0.5  #: of runs in which a call meets trouble
_MOST_RESIDENTS = 9
NUMBERLESS = {
    Status.NEEDS_CORRECTION,
    Status.AWAITING_APPROVAL,
    Status.HELD,
    Status.REFUSED,
    Status.REPLACED,
}
UNSETTLED = {Status.RECEIVED, Status.DELAYED}


class Storm:
    """One seeded day in an office."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.dice = office, random.Random(seed)
        self.story: list[str] = []  #: what happened, for whoever looks for the cause
        self.applicants: dict[int | None, str] = {}  #: form time to who sent it
        self.seen: set[tuple[str, str]] = set()  #: number and whose row we put it on
        self._typed: set[tuple[str, str]] = set()  #: the same by staff
        self._residents = 0

    def blow(self, runs: int = 4) -> None:
        """Let everything happen during some runs."""
        world = self.office.sandbox.world
        world.observers.append(self._after_call)
        try:
            for _ in range(3):
                self._submit()
            for _ in range(runs):
                self._trouble()
                report = run(self.office, accept=("rows-vanished", "rows-shuffled"))
                self.story.append(f"a run ends with {report.exit_code}: {report.failures}")
                for _ in range(self.dice.randrange(3)):
                    self._deed()
        finally:
            world.observers.remove(self._after_call)
            world.faults = Faults()
            world._late.clear()

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Yield each row with the name of whoever sent it, "" for none."""
        for line in sheet_of(self.office).rows[1:]:
            notes = [json.loads(extra["note"]) for extra in line.extras.values() if "note" in extra]
            yield (notes[0][0] if notes else ""), line

    def wrong_answers(self) -> Iterator[str]:
        """Each of people's cells is what people typed."""
        ours = self._ours()
        for at, (name, line) in enumerate(self.rows(), start=2):
            for column, value in enumerate(line.cells):
                if column in ours:
                    continue
                note = line.extras.get(column, {}).get("note")
                typed = json.loads(note)[1] if note else None
                if not _same(typed, value):
                    yield f"row {at} of {name}: {value!r} stands where {typed!r} was typed"

    # -- what happens

    def _after_call(self, *_: object) -> None:
        self._look()
        while self.dice.random() < _RATE:
            self._deed()

    def _look(self) -> None:
        at = self.office.header().index("Nomor Surat")
        for name, line in self.rows():
            number = line.value(at)
            known = (number, name) in self._typed
            if isinstance(number, str) and number.startswith("500.3/") and not known:
                self.seen.add((number, name))

    def _trouble(self) -> None:
        if self.dice.random() < _FAULT_RATE:
            method = self.dice.choice([READ, CLAIM, SWAP, "token"])
            kind, after = self.dice.choice(_FAULTS), self.dice.randrange(2)
            self.office.sandbox.fault(method, kind=kind, after=after)
            self.story.append(f"{method} meets {kind} after {after}")

    def _deed(self) -> None:
        names, weights = zip(*_DEEDS.items(), strict=True)
        name = self.dice.choices(names, weights)[0]
        try:
            getattr(self, f"_{name}")()
        except Refused as refused:
            self.story.append(f"cannot: {refused.message}")

    def _act(self, kind: str, **details: Any) -> None:
        self.story.append(f"{kind} {details}")
        self.office.sandbox.world.act({kind: {"sheet": self.office.sandbox.sheet_id} | details})

    def _sort(self) -> None:
        self._act("sort", column=self._column(), descending=self.dice.random() < 0.5)

    def _move_row(self) -> None:
        self._act("move_row", row=self._row(), to=self._row())

    def _insert(self) -> None:
        self._act("insert", row=self._row())

    def _copy(self) -> None:
        self._act("copy", row=self._row(), to=self._row())

    def _delete(self) -> None:
        self._act("delete", row=self._row())

    def _hide(self) -> None:
        self._act("hide", row=self._row())

    def _move_column(self) -> None:
        self._act("move_column", column=self._column(), to=self._column())

    def _type_over(self) -> None:
        column = self.dice.choice(sorted(self._ours()))
        copied = str(self._any_cell(column) or "")
        value = self.dice.choice(["", "x", "Selesai", copied])
        if value.startswith(TOKEN_PREFIX):
            return  # copying a mark in its seconds is the one way to a number on a wrong row
        row = self._row()
        self._typed.add((value, self._name_at(row)))
        self._act("edit", row=row, column=column, value=value)

    def _ask(self) -> None:
        column = self.office.column_index("Tindakan")
        self._type(self._row(), column, self.dice.choice(_ACTIONS))

    def _answer(self) -> None:
        """Correct a person's answer, perhaps to another person's."""
        time = self.office.column_index("Timestamp")  # by it the storm knows whose entry it is
        people = sorted(set(range(self._width())) - self._ours() - {time})
        column = self.dice.choice(people)
        value = self.dice.choice(["", f"diubah {self.dice.randrange(9)}", self._any_cell(column)])
        self._type(self._row(), column, str(value or ""))

    def _type(self, row: int, column: int, value: str) -> None:
        name = self._name_at(row)
        if name:
            text = f"'{value}" if value[:1].isdigit() else value
            self._act("edit", row=row, column=column, value=text)
            self._note(row, column, name)

    def _submit(self) -> None:
        if self._residents >= _MOST_RESIDENTS:
            return
        self._residents += 1
        name = f"Warga {'ABCDEFGHIJ'[self._residents]}"
        answers = resident(name, self._residents)
        if self.dice.random() < 0.2:
            answers["NIK"] = "12"
        if self.dice.random() < 0.2:
            answers |= {"Nama Usaha": "Toko Sama", "NIK": resident(name, 1)["NIK"]}
        self.story.append(f"{name} submits")
        self.office.sandbox.submit(answers)
        self.office.pass_time(seconds=2)
        at = self.office.column_index("Nama Lengkap")
        lines = enumerate(sheet_of(self.office).rows)
        row = next(i for i, line in lines if line.value(at) == name and not _noted(line))
        for column in set(range(self._width())) - self._ours():
            self._note(row, column, name)
        time = sheet_of(self.office).value(row, self.office.column_index("Timestamp"))
        self.applicants[serial_of(time)] = name  # type: ignore[arg-type] # a number

    def _note(self, row: int, column: int, name: str) -> None:
        line = sheet_of(self.office).rows[row]
        note = json.dumps([name, line.value(column)])
        line.extras[column] = line.extras.get(column, {}) | {"note": note}

    # -- where

    def _row(self) -> int:
        return self.dice.randint(1, max(sheet_of(self.office).last_filled_row(), 1))

    def _name_at(self, row: int) -> str:
        return dict(enumerate((name for name, _ in self.rows()), start=1)).get(row, "")

    def _width(self) -> int:
        return len(self.office.header())

    def _column(self) -> int:
        return self.dice.randrange(self._width())

    def _ours(self) -> set[int]:
        return {at for at, title in enumerate(self.office.header()) if title in OUR_HEADERS}

    def _any_cell(self, column: int) -> Value:
        return sheet_of(self.office).value(self._row(), column)


def _noted(line: Row) -> bool:
    return any("note" in extra for extra in line.extras.values())


def _same(typed: Value, value: Value) -> bool:
    """Tell whether a cell is as typed; Google keeps 15 digits of a number that is typed."""
    if isinstance(typed, float) and isinstance(value, float):
        return f"{typed:.15g}" == f"{value:.15g}"
    return typed == value


def wrong_rows(storm: Storm) -> Iterator[str]:
    """No number ever stood on another applicant's row, and no ticket stands there now."""
    office = storm.office
    entries = {e.submission_id: e for e in office.entries()}
    owners = {}
    for issued in office.register():
        if issued.submission_id is not None:
            serial = entries[issued.submission_id].serial
            owners[issued.letter_number] = storm.applicants.get(serial)
    for number, name in sorted(storm.seen):
        if owners.get(number) not in {None, name}:
            yield f"{number} of {owners[number]} stood on the row of {name}"
    at = office.header().index("ID Permohonan")
    for name, line in storm.rows():
        entry = entries.get(SubmissionId(str(line.value(at))))
        owner = storm.applicants.get(entry.serial) if entry else None
        if owner is not None and owner != name:
            yield f"the ticket of {owner} stands on the row of {name}"


def wrong_entries(office: Office) -> Iterator[str]:
    """Who must not have a number has none, and whoever is there is settled."""
    for entry in office.entries():
        if entry.status in NUMBERLESS and entry.letter is not None:
            yield f"{entry.submission_id} is {entry.status} and has a number"
        if entry.row_missing_since is None and entry.status in UNSETTLED:
            yield f"{entry.submission_id} is still {entry.status}"
