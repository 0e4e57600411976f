"""
Residents and staff of a schedule, and what really belongs to whom.

What people typed, and who sent a row, stands in notes on the cells: these travel wherever a
cell goes, and the program never sees them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from office import OUR_HEADERS, resident
from scene import sheet_of

from sync.layout import serial_of
from sync.sandbox.reply import Refused
from sync.text import TOKEN_PREFIX

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from office import Office

    from sync.sandbox.sheets.cells import Row, Value

DEEDS = {
    "sort": 4,
    "move_row": 3,
    "insert": 2,
    "answer": 2,
    "type_over": 2,
    "ask": 6,
    "copy": 1,
    "reuse": 1,
    "delete": 1,
    "hide": 1,
    "move_column": 1,
    "submit": 3,
    "edit_response": 1,
}
_ACTIONS = (
    "Setujui",
    "Setujui",
    "Tolak",
    "Sudah Ditandatangani",
    "Sudah Diambil",
    "Terbitkan Ulang",
    "Terbitkan Ulang",
    "Batalkan",
    "",
    "entah",
)
_IDENTITY = ("Nama Lengkap", "NIK", "Tanggal Lahir")
_MOST_RESIDENTS = 9
_PERSON_OF_COPY = 20  #: from here on count the people whose requests staff make out of copies
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class People:
    """Everybody who works in one house's sheet during a schedule."""

    def __init__(self, office: Office, dice: random.Random) -> None:
        self.office, self.dice = office, dice
        self.story: list[str] = []  #: what happened, for whoever looks for the cause
        self.applicants: dict[int | None, set[str]] = {}  #: form time to who sent it
        self.answers: dict[str, dict[str, str]] = {}  #: who to what they sent first
        self.ever: dict[tuple[str, str], set[str]] = defaultdict(set)
        #: who and header to all that ever stood there in the person's row
        self.copied: dict[str, int | None] = {}
        #: people whose row is a copy of another's, to its form time
        self.typed: set[tuple[str, str]] = set()  #: our texts that staff put on somebody's row
        self.twins: set[str] = set()  #: people whose row was copied
        self.released: Counter[str] = Counter()  #: how often staff let a copy be a request, too
        self.beside_a_run = (
            False  #: what is typed now may be read by no run before a mark lies on it
        )
        self._responses: dict[str, str] = {}  #: who to their response at the form

    # -- what is true

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Yield each row with the name of whoever sent it, "" for none."""
        for line in sheet_of(self.office).rows[1:]:
            yield _owner(line), line

    def wrong_answers(self) -> Iterator[str]:
        """Tell each of people's cells that is not what people typed."""
        ours = self.ours()
        for at, (name, line) in enumerate(self.rows(), start=2):
            for column, value in enumerate(line.cells):
                note = line.extras.get(column, {}).get("note")
                typed, *earlier = _noted(note)[1:] if note else (None,)
                if column not in ours and not any(_same(one, value) for one in (typed, *earlier)):
                    yield f"row {at} of {name}: {value!r} stands where {typed!r} was typed"

    def first_sent(self, serial: int) -> int:
        """Return when those first sent the form who sent, or edited, it at *serial*."""
        names = self.applicants.get(serial, set())
        return min([serial, *(at for at, who in self.applicants.items() if at and who & names)])

    def more_requests(self, name: str) -> int:
        """Return how many numbers somebody may have besides one: copies that staff released."""
        return self.released[name] if name in self.twins else 0

    def ours(self) -> set[int]:
        """Return the program's columns as they stand now."""
        return {at for at, title in enumerate(self._header()) if title in OUR_HEADERS}

    # -- what happens

    def do_something(self, *, but: str = "") -> None:
        """Let somebody do one thing, *but* not that."""
        names, weights = zip(*(deed for deed in DEEDS.items() if deed[0] != but), strict=True)
        self.do(self.dice.choices(names, weights)[0])

    def do(self, name: str) -> None:
        """Let somebody do one of `DEEDS`, if it can be done now."""
        try:
            getattr(self, f"_{name}")()
        except Refused as refused:
            self.story.append(f"cannot: {refused.message}")

    def submit(self) -> None:
        """Let one more resident fill the form in, sometimes wrongly or for the second time."""
        number = len([name for name in self.answers if not name.endswith(" again")])
        if number >= _MOST_RESIDENTS:
            return
        name = f"Warga {_LETTERS[number]}"
        answers = resident(name, number + 1)
        if self.dice.random() < 0.2:
            answers["NIK"] = "12"
        if number and self.dice.random() < 0.2:
            first = self.answers["Warga A"]
            answers |= {"Nama Usaha": first["Nama Usaha"], "NIK": first["NIK"]}
        if number and self.dice.random() < 0.15:  # somebody who has sent it before, now better
            again = self.dice.randrange(number)
            answers = resident(f"Warga {_LETTERS[again]}", again + 1)
        self.send(name, answers)

    def send(self, name: str, answers: dict[str, str]) -> None:
        """Let *name* fill the form in."""
        self.answers[name] = answers
        self.story.append(f"{name} submits {answers['Nama Lengkap']} {answers['NIK']}")
        self._responses[name] = self.office.sandbox.submit(answers)
        self.office.pass_time(seconds=self.dice.choice((0.001, 2, 2, 2)))
        self._take_note(name)

    def ask(self, name: str, action: str) -> None:
        """Let staff choose a `Tindakan` for a person's row."""
        self.change(name, "Tindakan", action)

    def change(self, name: str, header: str, value: str) -> None:
        """Let staff type into a person's row."""
        row = next(at for at, (owner, _) in enumerate(self.rows(), start=1) if owner == name)
        self._type(row, self._column(header), value, name)

    def _take_note(self, name: str) -> None:
        """Write on the row that the form just wrote whose it is."""
        response = self._responses[name]
        rows = enumerate(sheet_of(self.office).rows)
        found = [at for at, line in rows if line.response_id == response]
        if not found:
            self.story.append(f"the row of {name} is gone")
            return
        for column in set(range(len(self._header()))) - self.ours():
            self._note(found[0], column, name)
        time = sheet_of(self.office).value(found[0], self._column("Timestamp"))
        self.applicants.setdefault(serial_of(time), set()).add(name)  # type: ignore[arg-type]

    _submit = submit

    def _edit_response(self) -> None:
        """Let a resident change the answer by the form's own link."""
        if not self._responses:
            return
        name = self.dice.choice(sorted(self._responses))
        response = self._responses[name]
        answers = self.answers[name] | {"Nama Usaha": f"Toko Baru {self.dice.randrange(9)}"}
        self.story.append(f"{name} edits the response")
        if not any(line.response_id == response for line in sheet_of(self.office).rows):
            del self._responses[name]  # staff deleted the row: this makes a new request of it
            name = f"{name} again"
            self.answers[name], self._responses[name] = answers, response
        self.released[name] += 1  # with a copy there, two rows differ in time and business
        self.office.sandbox.submit(answers, edits=response)
        self.office.pass_time(seconds=2)
        self._take_note(name)

    def _act(self, kind: str, **details: Any) -> None:
        self.story.append(f"{kind} {details}")
        box = self.office.sandbox
        box.world.act({kind: {"sheet": box.sheet_id} | details})

    def _sort(self) -> None:
        column = self.dice.randrange(len(self._header()))
        self._act("sort", column=column, descending=self.dice.random() < 0.5)

    def _move_row(self) -> None:
        self._act("move_row", row=self._row(), to=self._row())

    def _insert(self) -> None:
        self._act("insert", row=self._row())

    def _copy(self) -> int:
        row, to = self._row(), self._row()
        self._act("copy", row=row, to=to)
        self.twins.add(self._name_at(to))
        return to

    def _reuse(self) -> None:
        """Make another person's request out of a copied row."""
        number = _PERSON_OF_COPY + len(self.copied)
        name = f"Warga {_LETTERS[number % len(_LETTERS)]}"
        row = self._copy()
        if name in self.copied or not self._name_at(row):
            return
        time = sheet_of(self.office).value(row, self._column("Timestamp"))
        self.copied[name] = serial_of(time)  # type: ignore[arg-type] # a number
        person = resident(name, number)
        for header in _IDENTITY:
            self._type(row, self._column(header), person[header], name)
        for column in sorted(set(range(len(self._header()))) - self.ours()):
            self._pass_on(row, column, name)

    def _delete(self) -> None:
        self._act("delete", row=self._row())

    def _hide(self) -> None:
        self._act("hide", row=self._row())

    def _move_column(self) -> None:
        width = len(self._header())
        self._act("move_column", column=self.dice.randrange(width), to=self.dice.randrange(width))

    def _type_over(self) -> None:
        column = self.dice.choice(sorted(self.ours()))
        copied = str(sheet_of(self.office).value(self._row(), column) or "")
        value = self.dice.choice(["", "x", "Selesai", copied])
        if value.startswith(TOKEN_PREFIX):
            return  # copying a mark in its seconds is the one way to a number on a wrong row
        row = self._row()
        self.typed.add((value, self._name_at(row)))
        self._act("edit", row=row, column=column, value=value)

    def _ask(self) -> None:
        row = self._row()
        if name := self._name_at(row):
            action = self.dice.choice(_ACTIONS)
            self.released[name] += action == "Setujui"
            self._type(row, self._column("Tindakan"), action, name)

    def _answer(self) -> None:
        """Correct a person's answer, perhaps to another person's."""
        fixed = {self._column("Timestamp"), self._column("Tindakan")}
        column = self.dice.choice(sorted(set(range(len(self._header()))) - self.ours() - fixed))
        other = sheet_of(self.office).value(self._row(), column)
        value = self.dice.choice(["", f"diubah {self.dice.randrange(9)}", str(other or "")])
        row = self._row()
        if value.startswith(TOKEN_PREFIX):
            return  # a mark that strayed into their column, in its seconds
        if name := self._name_at(row):
            self._type(row, column, value, name)

    def _type(self, row: int, column: int, value: str, name: str) -> None:
        text = f"'{value}" if value[:1].isdigit() else value
        self._act("edit", row=row, column=column, value=text)
        self._note(row, column, name)

    def _note(self, row: int, column: int, name: str) -> None:
        line = sheet_of(self.office).rows[row]
        old = line.extras.get(column, {}).get("note")
        earlier = _noted(old)[1:] if old and self.beside_a_run else ()
        note = json.dumps([name, line.value(column), *earlier])
        line.extras[column] = line.extras.get(column, {}) | {"note": note}
        self.ever[name, self._header()[column]].add(str(line.value(column) or ""))

    def _pass_on(self, row: int, column: int, name: str) -> None:
        """Note that a cell is that person's now, as typed: a mark may lie over it."""
        line = sheet_of(self.office).rows[row]
        note = line.extras.get(column, {}).get("note")
        typed = _noted(note)[1:] if note else (_unmarked(line.value(column)),)
        line.extras[column] = line.extras.get(column, {}) | {"note": json.dumps([name, *typed])}

    # -- where

    def _header(self) -> list[str]:
        return [str(cell or "") for cell in sheet_of(self.office).rows[0].cells]

    def _column(self, header: str) -> int:
        return self._header().index(header)

    def _row(self) -> int:
        return self.dice.randint(1, max(sheet_of(self.office).last_filled_row(), 1))

    def _name_at(self, row: int) -> str:
        rows = sheet_of(self.office).rows
        return _owner(rows[row]) if row < len(rows) else ""


@lru_cache(maxsize=10_000)
def _noted(note: str) -> tuple[Any, ...]:
    """Return who a cell is of, what they typed, and what stood there when a run last read it."""
    return tuple(json.loads(note))


def _owner(line: Row) -> str:
    notes = (extra["note"] for extra in line.extras.values() if "note" in extra)
    note = next(notes, None)
    return str(_noted(note)[0]) if note else ""


def _unmarked(value: Value) -> Value:
    """Return what people see as theirs: nothing, where a mark of ours stands for seconds."""
    return None if isinstance(value, str) and value.startswith(TOKEN_PREFIX) else value


def _same(typed: Value, value: Value) -> bool:
    """Tell whether a cell is as typed; Google keeps 15 digits of a number that is typed."""
    if isinstance(typed, float) and isinstance(value, float):
        return f"{typed:.15g}" == f"{value:.15g}"
    return typed == value
