"""
The planted bugs: what a careless hand could do to the program, and what must find it.

Each is a change of the program's own source text, made in a copy of the package by
`planting.py` and never in the working tree. The simulator is the judge wherever it can see
the damage; for the rest a test of the suite is named.
"""

from __future__ import annotations

from dataclasses import dataclass

_NUMBERS = "tests/contract/test_ledger_numbers.py"
_LEDGER = "tests/contract/test_ledger.py"
_FILE = "tests/contract/test_ledger_file.py"
_PROCESSES = "tests/contract/test_ledger_processes.py"
_DRIVE = "tests/run/test_drive_cabinet.py"
_IDENTITY = "tests/unit/test_identity.py"
_STRAYS = "tests/run/test_strays.py"
_SAFETY = "tests/run/test_safety.py"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a file: *old* stands there exactly once."""

    file: str  #: below `sync/`
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One bug that the suite must find."""

    name: str
    why: str  #: what would become of the office with it
    edits: tuple[Edit, ...]
    test: str = ""  #: the test that finds it; "": the simulator does


PLANTED = (
    Planted(
        name="no step in the compare-and-set",
        why="An entry that stands elsewhere than believed could be moved, and numbered, twice.",
        edits=(
            Edit(
                "ledger/entries.py",
                '.where(entries.c.step == bindparam("key_step"), ',
                '.where(bindparam("key_step") != "", ',
            ),
        ),
        test=f"{_NUMBERS}::test_the_step_counts_besides_rev",
    ),
    Planted(
        name="no rev",
        why="Of two workers that decide about one entry, the slower overwrites the faster.",
        edits=(
            Edit(
                "ledger/entries.py",
                'entries.c.rev == bindparam("key_rev"))',
                'bindparam("key_rev") >= 0)',
            ),
        ),
        test=f"{_LEDGER}::test_a_change_to_a_moved_entry_is_left_out",
    ),
    Planted(
        name="counter in its own transaction",
        why="After a crash between line and counter the same number comes once more.",
        edits=(
            Edit(
                "ledger/store.py",
                """
            numbered = numbers.take_number(transaction, self._village, self._key, entry, order)
            if numbered is not None:
                write_events(transaction, self._village, self._at(), [(numbered, "numbered")])
            return numbered
""",
                """
            place = (transaction, self._village, order.register, order.issued_on.year)
            last = numbers.last_sequence(*place) or numbers.first_sequence(*place, order.start) - 1
            numbered = numbers.take_number(
                transaction, self._village, self._key, entry, order, last + 1
            )
            if numbered is not None:
                write_events(transaction, self._village, self._at(), [(numbered, "numbered")])
        if numbered is not None:
            with self._database.write() as transaction:
                numbers.take_sequences(transaction, self._village, order)
        return numbered
""",
            ),
            Edit(
                "ledger/numbers.py",
                "key: bytes, entry: Entry, order: NumberOrder\n",
                "key: bytes, entry: Entry, order: NumberOrder, sequence: int\n",
            ),
            Edit(
                "ledger/numbers.py",
                "    sequence = take_sequences(transaction, village, order).start\n",
                "",
            ),
        ),
    ),
    Planted(
        name="number = max+1",
        why="Two workers that look at the register at once give the same number.",
        edits=(
            Edit(
                "ledger/store.py",
                """
        with self._database.write() as transaction:
            numbered = numbers.take_number(transaction, self._village, self._key, entry, order)
""",
                """
        lines = self.register_lines(order.register, order.issued_on.year)
        taken = lines[-1].sequence + 1 if lines else order.start
        with self._database.write() as transaction:
            numbered = numbers.take_number(
                transaction, self._village, self._key, entry, order, taken
            )
""",
            ),
            Edit(
                "ledger/numbers.py",
                "key: bytes, entry: Entry, order: NumberOrder\n",
                "key: bytes, entry: Entry, order: NumberOrder, sequence: int\n",
            ),
            Edit(
                "ledger/numbers.py",
                "    sequence = take_sequences(transaction, village, order).start\n",
                "    take_sequences(transaction, village, order)\n",
            ),
        ),
        test=f"{_PROCESSES}::test_a_run_that_waited_takes_the_next_number",
    ),
    Planted(
        name="nextval",
        why="A sequence that moves whatever becomes of the line leaves gaps in the register.",
        edits=(
            Edit(
                "ledger/store.py",
                """
            numbered = numbers.take_number(transaction, self._village, self._key, entry, order)
""",
                """
            taken = numbers.take_sequences(transaction, self._village, order).start
        with self._database.write() as transaction:
            numbered = numbers.take_number(
                transaction, self._village, self._key, entry, order, taken
            )
""",
            ),
            Edit(
                "ledger/numbers.py",
                "key: bytes, entry: Entry, order: NumberOrder\n",
                "key: bytes, entry: Entry, order: NumberOrder, sequence: int\n",
            ),
            Edit(
                "ledger/numbers.py",
                "    sequence = take_sequences(transaction, village, order).start\n",
                "",
            ),
        ),
    ),
    Planted(
        name="WAL+NORMAL",
        why="A power cut takes back a number that people have seen.",
        edits=(
            Edit("ledger/database.py", "journal_mode = DELETE", "journal_mode = WAL"),
            Edit("ledger/database.py", "synchronous = EXTRA", "synchronous = NORMAL"),
        ),
        test=f"{_FILE}::test_every_commit_is_on_the_disk",
    ),
    Planted(
        name="deferred BEGIN",
        why="A reading that turns into a writing fails at once beside another worker.",
        edits=(Edit("ledger/database.py", '"BEGIN IMMEDIATE"', '"BEGIN"'),),
        test=f"{_FILE}::test_a_writer_locks_before_it_reads",
    ),
    Planted(
        name="number before confirmation",
        why="A mark that landed on a neighbour's row brings the number there.",
        edits=(
            Edit(
                "run/claim.py",
                "        if _landed(claim, reading, places)\n",
                "        if claim.submission_id in actions\n",
            ),
        ),
    ),
    Planted(
        name="before dry fill",
        why="A template that cannot be filled burns a number for every request.",
        edits=(
            Edit(
                "run/letters.py",
                "size = max((len(self._dry_fill(ready.action)) for ready, _ in new), default=0)",
                "size = 0",
            ),
        ),
        test="tests/run/test_broken_letter.py::test_a_letter_that_cannot_be_filled_takes_no_number",
    ),
    Planted(
        name="upload before commit",
        why="A crash leaves a letter in the cabinet whose number another applicant then gets.",
        edits=(
            Edit(
                "run/letters.py",
                "        return self._sealed("
                "action, self._compose(action, number, sequence, self._today.year, 1))\n",
                """\
        composed = self._compose(action, number, sequence, self._today.year, 1)
        composed = self._sealed(action, composed)
        name = file_name(action.before, composed.letter)
        content = _filled(self._template, composed.values)
        self._tools.cabinet.store(name, content, composed.letter.file_id)
        return composed
""",
            ),
        ),
    ),
    Planted(
        name="new file id per try",
        why="An upload whose answer was lost is made a second time.",
        edits=(
            Edit(
                "run/letters.py",
                "store(file_name(entry, letter), content, letter.file_id)",
                "store(\n            file_name(entry, letter), content,"
                " self._tools.cabinet.new_ids(1)[0]\n        )",
            ),
        ),
    ),
    Planted(
        name="409 not compared",
        why="A file that somebody changed is taken for the letter that was issued.",
        edits=(
            Edit(
                "google/drive.py",
                'found.get("sha256Checksum") != hashlib.sha256(content).hexdigest()',
                "not hashlib.sha256(content).hexdigest()",
            ),
        ),
        test=f"{_DRIVE}::test_a_file_that_somebody_changed_is_not_taken_for_ours",
    ),
    Planted(
        name="claim re-sent",
        why="The second writing by position hits rows that have moved since.",
        edits=(
            Edit(
                "google/sheets.py",
                "        self._client.values_batch_update(spreadsheet, body)\n",
                '        url = (SPREADSHEET_URL + "/values:batchUpdate") % spreadsheet\n'
                '        self._client.request("post", url, json=body, repeatable=True)\n',
            ),
        ),
    ),
    Planted(
        name="no read-back",
        why="Marks are believed to be where they were sent, whatever staff did meanwhile.",
        edits=(
            Edit(
                "run/swapping.py",
                """
    readings = {reading.service.key: reading for reading in work.read_again()}
    if lost""",
                """
    readings = {plan.reading.service.key: plan.reading for plan in plans}
    if lost""",
            ),
            Edit(
                "run/claim.py",
                "        if _landed(claim, reading, places)\n",
                "        if claim.submission_id in reading.pairing.pairs\n",
            ),
            Edit("run/claim.py", "swallowed=list(_swallowed(plan, reading, places)),", ""),
        ),
    ),
    Planted(
        name="unconfirmed id believed",
        why="A ticket that a sort put on a neighbour's row makes the row the ticket's.",
        edits=(
            Edit("identity.py", "e for e in entries if e.confirmed}", "e for e in entries}"),
            Edit(
                "identity.py",
                "if not entry.confirmed or known.ticket != entry.submission_id:",
                "if known.ticket != entry.submission_id:",
            ),
            Edit(
                "identity.py",
                "named = entry.confirmed and known.ticket == entry.submission_id",
                "named = known.ticket == entry.submission_id",
            ),
        ),
        test=f"{_IDENTITY}::test_a_ticket_is_evidence_once_it_was_seen_on_its_row",
    ),
    Planted(
        name="serial alone after a number",
        why="Another person's answers under the same form time take over a numbered letter.",
        edits=(
            Edit(
                "identity.py",
                "if entry.letter is None and known.row.serial is not None",
                "if known.row.serial is not None",
            ),
        ),
        test=f"{_IDENTITY}::test_after_a_number_the_time_alone_is_not_enough",
    ),
    Planted(
        name="content-only identity",
        why="Two requests of one applicant change places when the sheet is sorted.",
        edits=(
            Edit(
                "identity.py",
                "return (serial, *sorted(identity.items()))",
                "return tuple(sorted(identity.items()))",
            ),
        ),
        test=f"{_IDENTITY}::test_the_same_person_at_another_time_asks_anew",
    ),
    Planted(
        name="row number",
        why="After a sort every number, link and note stands on another applicant's row.",
        edits=(
            Edit(
                "identity.py",
                "        for entry in index.candidates(known)\n"
                "        if _possible(known, entry)\n",
                "        for entry in entries[position : position + 1]\n",
            ),
        ),
    ),
    Planted(
        name="occurrence from present rows",
        why="A deleted row's ticket is made a second time for a copy.",
        edits=(
            Edit(
                "arrivals.py",
                "made = _made(entries)\n"
                "    taken = {str(entry.submission_id) for entry in entries}\n",
                "made = _made([e for e in entries if e.submission_id in pairing.pairs])\n"
                "    taken = set(map(str, pairing.pairs))\n",
            ),
        ),
    ),
    Planted(
        name="token reused",
        why="A claim that arrives late brings a mark that is in use for another row.",
        edits=(
            Edit(
                "run/plan.py",
                "            text = new_token(rng)\n            fresh.add(column)\n",
                "            text = new_token(rng)\n        fresh.add(column)\n",
            ),
            Edit(
                "run/plan.py",
                "        if token.submission_id is not None\n        and stands_right("
                "reading, places.get(token.text, ()), token.submission_id, token.column)\n",
                "        if token.submission_id is not None\n",
            ),
            Edit(
                "run/plan.py",
                "            if column in claim.fresh\n        ]",
                "            if column in claim.fresh and text not in self.known_tokens\n        ]",
            ),
        ),
    ),
    Planted(
        name="stray gets its own entry's text",
        why="A mark on a neighbour's row becomes what its own submission should show.",
        edits=(
            Edit(
                "run/claim.py",
                "*_stray_tokens(reading, _ours(reading, places, plan), ready, entries),",
                "*_stray_tokens(reading, _ours(reading, places, plan), ready, entries, plan),",
            ),
            Edit(
                "run/claim.py",
                "    ready: Sequence[Ready],\n    entries: Mapping[SubmissionId, Entry],\n"
                ") -> Iterator[Stray]:",
                "    ready: Sequence[Ready],\n    entries: Mapping[SubmissionId, Entry],\n"
                "    plan: Plan,\n) -> Iterator[Stray]:",
            ),
            Edit(
                "run/claim.py",
                "owners = {reading.owners.get(place.row_number)"
                " for place in found if place.column == at}",
                "owners = {c.submission_id for c in plan.claims if text in c.tokens.values()}",
            ),
        ),
        test=f"{_STRAYS}::test_a_mark_on_a_neighbours_row_leaves_the_row_as_it_was",
    ),
    Planted(
        name="no matchEntireCell",
        why="A mark inside somebody's own words is replaced there too.",
        edits=(Edit("google/batch.py", '"matchEntireCell": True', '"matchEntireCell": False'),),
    ),
    Planted(
        name="shared text removed by content",
        why="Emptying one row's `Selesai` empties everybody's.",
        edits=(
            Edit(
                "run/claim.py",
                """
    for cleaning in plan.cleanings:
        yield cleaning.row.row_number, cleaning.column, cleaning.token
""",
                "",
            ),
            Edit(
                "run/claim.py",
                "            *_stray_tickets(plan, reading),\n",
                """\
            *_stray_tickets(plan, reading),
            *(
                Stray(
                    text=str(one.row.cells[one.column]),
                    column=reading.layout.columns[one.column],
                    becomes="",
                    literal="",
                )
                for one in plan.cleanings
            ),
""",
            ),
        ),
        test=f"{_STRAYS}::test_a_status_on_nobodys_row_goes_alone",
    ),
    Planted(
        name="copy not held",
        why="A copied row gets a number of its own, unseen by staff.",
        edits=(
            Edit(
                "identity.py",
                "return known.row.serial is None or self.copied(known)",
                "return known.row.serial is None",
            ),
        ),
    ),
    Planted(
        name="copied Tindakan obeyed",
        why="What staff wanted of one row happens to its copy as well.",
        edits=(
            Edit(
                "arrivals.py",
                'ignored_action=_ignored(known) if doubts.copied(known) else "",',
                'ignored_action="",',
            ),
        ),
    ),
    Planted(
        name="re-issue every run",
        why="While `Terbitkan Ulang` stands there, every run prints another revision.",
        edits=(
            Edit(
                "decide.py",
                "    if done_before and not case.changed:\n",
                "    if done_before and not case.valid:\n",
            ),
        ),
    ),
    Planted(
        name="re-issue takes a number",
        why="A letter has two numbers, and the register one that nobody asked for.",
        edits=(
            Edit(
                "run/letters.py",
                "import Batch, Change, Composed, NumberOrder\n",
                "import Batch, Change, Composed, NumberOrder, Reservation\n",
            ),
            Edit(
                "run/letters.py",
                """
            revised = self._compose(
                action, letter.letter_number, letter.sequence, letter.year, letter.revision + 1
            )
""",
                """
            spec = self._service.number
            order = Reservation(
                register=spec.register,
                start=spec.start,
                issued_on=self._today,
                title=self._service.title,
                reason="",
                letter_number=lambda sequence: self._first(action, sequence).letter.letter_number,
            )
            (line,) = ledger.reserve(order, 1)
            number, revision = line.letter_number, letter.revision + 1
            revised = self._compose(action, number, line.sequence, line.year, revision)
""",
            ),
            Edit(
                "ledger/numbers.py",
                """
    return (letter.letter_number, letter.register, letter.year, letter.sequence) == (
        last.letter_number,
        last.register,
        last.year,
        last.sequence,
    ) and letter.revision == last.revision + 1
""",
                """
    return letter.revision == last.revision + 1
""",
            ),
        ),
    ),
    Planted(
        name="Batalkan frees it",
        why="A number that was withdrawn is given to somebody else.",
        edits=(
            Edit(
                "ledger/numbers.py",
                "from sqlalchemy.sql import bindparam, case, insert, select, update\n",
                "from sqlalchemy.sql import bindparam, case, delete, insert, select, update\n",
            ),
            Edit(
                "ledger/numbers.py",
                """
            update(register_lines)
            .where(register_lines.c.village == village)
            .where(register_lines.c.submission_id == entry.submission_id)
            .where(register_lines.c.state == LineState.ISSUED.value)
            .values(state=LineState.VOID.value, reason=entry.reason)
        )
""",
                """
            delete(register_lines)
            .where(register_lines.c.village == village)
            .where(register_lines.c.submission_id == entry.submission_id)
        )
        transaction.execute(
            update(counters)
            .where(counters.c.village == village, counters.c.year == entry.letter.year)
            .values(last=counters.c.last - 1)
        )
""",
            ),
        ),
    ),
    Planted(
        name="void revives",
        why="A withdrawn letter is valid again under a number that the register calls void.",
        edits=(
            Edit(
                "decide.py",
                "    if entry.status is Status.VOID:\n",
                "    if entry.status is Status.VOID and asked is not StaffAction.REISSUE:\n",
            ),
            Edit(
                "ledger/numbers.py",
                "        .where(register_lines.c.state == LineState.ISSUED.value)\n"
                "        .values(revision=composed.letter.revision, reason=_with_remark(remark))\n",
                "        .values(\n            revision=composed.letter.revision,"
                " state=LineState.ISSUED.value\n        )\n",
            ),
        ),
        test="tests/run/test_states.py::test_a_withdrawn_letter_is_not_issued_again",
    ),
    Planted(
        name="signed before published",
        why="A letter counts as signed that nobody could have printed yet.",
        edits=(
            Edit(
                "decide.py",
                "    if entry.step is not Step.PUBLISHED:\n",
                "    if entry.step not in {Step.STORED, Step.PUBLISHED}:\n",
            ),
        ),
    ),
    Planted(
        name="USER_ENTERED",
        why="Google reads what we write as if typed: a formula, a date, a number.",
        edits=(
            Edit(
                "google/sheets.py",
                '"valueInputOption": "RAW"',
                '"valueInputOption": "USER_ENTERED"',
            ),
        ),
    ),
    Planted(
        name='"" for null',
        why="The claim empties every cell that stands between two of ours.",
        edits=(
            Edit(
                "google/sheets.py",
                "texts.get(column) for column",
                'texts.get(column, "") for column',
            ),
        ),
    ),
    Planted(
        name="Tindakan cleared",
        why="The program writes into a column that is the staff's.",
        edits=(
            Edit(
                "run/claim.py",
                "        for row_number, column, text in _marks(plan)\n    ]\n\n\ndef confirm(",
                """\
        for row_number, column, text in _marks(plan)
    ] + [
        CellText(
            tab=plan.reading.grid.title,
            row_number=claim.action.known.row.row_number,
            column=columns[Column.ACTION],
            text="",
        )
        for claim in plan.claims
        if claim.action.known.row.cells.get(Column.ACTION)
    ]


def confirm(""",
            ),
        ),
    ),
    Planted(
        name="register appended",
        why="A batch whose answer was lost writes its register lines a second time.",
        edits=(
            Edit(
                "google/batch.py",
                "    return _texts(wanted.gid, wanted.row_number, wanted.texts)\n",
                """\
    rows = _texts(wanted.gid, wanted.row_number, wanted.texts)["updateCells"]["rows"]
    return {"appendCells": {"sheetId": wanted.gid, "rows": rows, "fields": "userEnteredValue"}}
""",
            ),
        ),
    ),
    Planted(
        name="high-water mark ignored",
        why="A ledger from an old backup gives numbers that are on paper already.",
        edits=(
            Edit("run/safety.py", "        if sequence > last:\n", "        if sequence < 0:\n"),
        ),
        test=f"{_SAFETY}::test_an_old_ledger_gives_no_number",
    ),
    Planted(
        name="missing ledger made anew",
        why="A lost ledger begins at number 1 again.",
        edits=(
            Edit(
                "commands/program.py",
                "keys.derive(REGISTER_LINE_KEY), clock, create=False)",
                "keys.derive(REGISTER_LINE_KEY), clock, create=True)",
            ),
        ),
        test=f"{_SAFETY}::test_a_ledger_that_cannot_be_trusted_stops_the_run",
    ),
    Planted(
        name="columns by position",
        why="When somebody moves a column, our texts go into another one.",
        edits=(
            Edit(
                "layout.py",
                " for name, index in fields.items() if index is not None}\n",
                " for name, index in fields.items() if index is not None}\n"
                "    first = min(columns.values(), default=0)\n"
                "    columns = {column: at for at, column in enumerate(columns, start=first)}\n",
            ),
        ),
    ),
    Planted(
        name="vanished rows accepted",
        why="A filter, a wrong deletion or another tab counts as everybody's withdrawal.",
        edits=(
            Edit(
                "run/safety.py",
                "    if gone and (many or len(gone) == len(present)):\n",
                "    if gone and many and not present:\n",
            ),
        ),
        test=f"{_SAFETY}::test_vanished_rows_stop_the_run",
    ),
    Planted(
        name="host time zone",
        why="On a server in UTC letters of the early morning are dated the day before.",
        edits=(
            Edit(
                "commands/program.py",
                "return moment.astimezone(ZoneInfo(config.village.timezone))",
                "return moment.astimezone()",
            ),
        ),
    ),
    Planted(
        name="`start` each year",
        why="The second year begins with the number at which the paper register ended.",
        edits=(
            Edit(
                "ledger/numbers.py",
                "known.get(year, 1 if known else start)",
                "known.get(year, start)",
            ),
        ),
        test=f"{_NUMBERS}::test_start_continues_the_paper_register_in_its_first_year_only",
    ),
    Planted(
        name="value not escaped",
        why="An answer with `<` in it makes a letter that no program can open.",
        edits=(
            Edit(
                "letter/template.py",
                '.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")',
                '.replace("&", "&amp;")',
            ),
        ),
        test="tests/unit/test_letter_fill.py::test_any_text_arrives_unchanged",
    ),
    Planted(
        name="spool without rename",
        why="A crash leaves half a letter under its final name, for everybody to read.",
        edits=(
            Edit(
                "cabinet/spool.py",
                "write_private(self._path(submission_id, revision), content)",
                "self._path(submission_id, revision).write_bytes(content)",
            ),
        ),
        test="tests/contract/test_cabinet_spool.py::test_the_spool_is_private",
    ),
    Planted(
        name="403 retried",
        why="What somebody must share or switch on is asked for again and again.",
        edits=(
            Edit(
                "google/answers.py",
                "if status == requests.codes.too_many_requests or _reasons(answer) & _RATE:",
                "if status in {requests.codes.too_many_requests, requests.codes.forbidden}:",
            ),
        ),
        test="tests/unit/test_google_answers.py::test_problem",
    ),
    Planted(
        name="Diperbarui every run",
        why="Every run writes every row, and staff cannot see what is new.",
        edits=(
            Edit(
                "cells.py",
                "    if not moved and Column.UPDATED in before:\n",
                "    if not texts:\n",
            ),
            Edit("cells.py", "_published_before(action, texts, now) or now", "now"),
        ),
    ),
    Planted(
        name="ISSUED though unknown",
        why="A swap that never arrived counts as shown; the row keeps its mark.",
        edits=(
            Edit(
                "run/publish.py",
                "    except GoogleUnknown:\n        return None\n",
                "    except GoogleUnknown:\n        return (1,) * len(replacements)\n",
            ),
        ),
        test="tests/run/test_lost_answers.py::test_a_swap_that_never_arrives_is_no_success",
    ),
    Planted(
        name="NIK in an exception",
        why="A resident's NIK ends up in a log that is sent around.",
        edits=(
            Edit(
                "ledger/database.py",
                '"isolation_level": None},\n        hide_parameters=True,',
                '"isolation_level": None},\n        hide_parameters=False,',
            ),
            Edit(
                "run/safety.py",
                "        rows = sorted(one.row.row_number for one in known)\n",
                '        rows = sorted(str(one.row.answers.get("nik")) for one in known)\n',
            ),
        ),
        test=f"{_FILE}::test_errors_name_no_value",
    ),
)
