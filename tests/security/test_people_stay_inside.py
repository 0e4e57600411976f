"""No planted resident shows in a log, an exception, an output, a name of a file, a URL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from canaries import Canaries, everything_logged, exception_texts, person
from command_line import command
from office import CLAIM, OUR_HEADERS, READ, SWAP, Office
from patient import run as patient_run
from typer.main import get_command

from sync.cli.frame import app
from sync.letter import Template
from sync.sandbox.faults import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from canaries import Leak

PEOPLE = [person(number) for number in range(120)]
CANARIES = Canaries(PEOPLE)
NIGHTLY = os.environ.get("SURAT_SYNC_TESTS", "push") != "push"
SLOW = {"hang", "hang-before", "trickle"}  # they wait for a timeout
PUSH = [(kind, (CLAIM, SWAP)[at % 2]) for at, kind in enumerate(sorted(KINDS))]
ALL = [(kind, method) for kind in sorted(KINDS) for method in (READ, CLAIM, SWAP, "token")]
#: what holds answers because it must, and is private (design.md)
HOLDS_ANSWERS = ("ledger", "backups", "before-", "spool", "claimed")


@pytest.fixture
def planted(office: Office) -> Office:
    """Return an office with six planted residents' requests, one of each fate."""
    for number in range(6):
        _submit(office, number)
    _submit(office, 6, NIK=PEOPLE[6].nik[:15])
    _submit(office, 7, **{"Tanggal Lahir": f"{PEOPLE[8].birth_date:%d-%m-%Y}"})
    return office


def _submit(office: Office, number: int, **answers: str) -> None:
    one = PEOPLE[number].answers() | answers
    office.submit(one.pop("Nama Lengkap"), **one)


def _told(office: Office, *arguments: str) -> dict[str, str]:
    outcome = command(office, *arguments)
    name = " ".join(arguments)
    return {f"stdout of {name}": outcome.out, f"stderr of {name}": outcome.err}


#: commands with what they are given; `{}` names what `_named` knows
COMMANDS = (
    "run", "run --quiet", "run --dry-run", "run --accept flood", "status", "status --json",
    "status {ticket}", "status {ticket} --json", "status SKU-0000-0000-0", "check", "check --json",
    "check --bundle {bundle}", "register list", "register list --json", "register export",
    "register reserve", "register void 1 --reason salah", "register import {table}",
    "template check {template}", "template preview {template} --out {preview}", "verify {letter}",
    "verify {letter} --json", "ledger backup --out {backup}", "ledger rebuild", "publish {page}",
    "print --out {printed}", "ledger restore {backup}", "setup", "setup --remove",
)  # fmt: skip
#: they know made-up residents only, or nobody yet
ABOUT_NOBODY = {"demo", "sandbox", "login"}


def test_every_command_tells_of_nobody(planted: Office) -> None:
    """Outputs, JSON, logs of all libraries, the bundle; and an answer that must be looked for."""
    with everything_logged() as log:
        texts = _told(planted, "run", "--dry-run", "--json") | _told(planted, "run", "--json")
        planted.ask(PEOPLE[0].name, "Batalkan", "salah ketik")
        planted.ask(PEOPLE[1].name, "Sudah Ditandatangani")
        planted.edit(PEOPLE[2].name, "Nama Usaha", f"Toko {PEOPLE[9].name}")
        planted.ask(PEOPLE[2].name, "Terbitkan Ulang")
        named = _named(planted)
        for line in COMMANDS:
            texts |= _told(planted, *(word.format(**named) for word in line.split()))
    with zipfile.ZipFile(named["bundle"]) as file:
        texts |= {f"bundle {name}": file.read(name).decode() for name in file.namelist()}

    assert 6 <= len(planted.letters())
    assert [] == CANARIES.leaks(texts)
    assert [] == CANARIES.leaks(log)
    assert [] == _leaks_in_places(planted)


def _named(office: Office) -> dict[str, str]:
    """Return the ticket and files that commands are given."""
    folder, record = office.folder, office.record(PEOPLE[3].name)
    files = ("bundle.zip", "backup.zip", "preview.docx", "table.csv", "page", "printed")
    return {name.partition(".")[0]: str(folder / name) for name in files} | {
        "ticket": str(record["ID Permohonan"]),
        "letter": str(folder / "letters" / record["Surat"]),
        "template": str(folder / "templates" / "letter_sku.docx"),
    }


def test_every_command_is_looked_at() -> None:
    """A new command is added to the list, or to those that know nobody."""
    looked_at = [line.split() for line in COMMANDS]
    there = {
        f"{name} {inner}" if inner else name
        for name, one in get_command(app).commands.items()  # type: ignore[attr-defined]
        for inner in getattr(one, "commands", {"": None})
    }

    assert there - ABOUT_NOBODY == {
        " ".join(words[:2]) if " ".join(words[:2]) in there else words[0] for words in looked_at
    }


def _leaks_in_places(office: Office) -> list[Leak]:
    """Return what shows in file names, small state files, URLs and our own cells."""
    state = office.folder / "state"
    contents = {
        str(path): path.read_bytes()
        for path in state.rglob("*")
        if path.is_file() and not path.relative_to(state).as_posix().startswith(HOLDS_ANSWERS)
    }
    urls = {
        f"URL {at}": f"{call.path} {call.query}" for at, call in enumerate(office.sandbox.history())
    }
    cells = {
        f"{header}, row {at}": str(record.get(header, ""))
        for at, record in enumerate(office.sandbox.records(), start=2)
        for header in OUR_HEADERS
    }
    return [
        *CANARIES.leaks_in_files(office.folder, contents=False),
        *CANARIES.leaks(contents),
        *CANARIES.leaks(urls),
        *CANARIES.leaks(cells, wa_links=True),
    ]


@pytest.mark.usefixtures("no_pauses")
def test_no_fault_makes_anybody_show(planted: Office) -> None:
    """Each kind of trouble with Google, in runs that have much to do."""
    texts: dict[str, str] = {}
    with everything_logged() as log:
        for number, (kind, method) in enumerate(ALL if NIGHTLY else PUSH, start=10):
            _submit(planted, number)
            planted.sandbox.fault(method, kind=kind)
            if kind in SLOW:
                texts |= _failures(planted)
            else:
                texts |= _told(planted, "run")
        planted.settle()

    assert [] == CANARIES.leaks(texts)
    assert [] == CANARIES.leaks(log)
    assert [] == _leaks_in_places(planted)


def _failures(office: Office) -> dict[str, str]:
    report = patient_run(office, read_timeout_seconds=0.3)
    return {
        place: text
        for failure in report.failures
        for place, text in exception_texts(failure).items()
    } | {"report": report.as_json()}


def _unshared(office: Office) -> None:
    office.sandbox.world.state.files[office.sandbox.spreadsheet_id].roles.clear()


def _header_gone(office: Office) -> None:
    place = {"sheet": office.sandbox.sheet_id, "column": office.column_index("NIK")}
    office.sandbox.staff({"rename_header": place | {"value": PEOPLE[11].name}})


def _rows_gone(office: Office) -> None:
    for _ in range(6):
        office.sandbox.staff({"delete": {"sheet": office.sandbox.sheet_id, "row": 1}})


def _shuffled(office: Office) -> None:
    rows = office.sandbox.records()
    for at in range(4):
        office.edit(rows[at]["Nama Lengkap"], "ID Permohonan", rows[(at + 1) % 4]["ID Permohonan"])


def _damaged_ledger(office: Office) -> None:
    file = office.folder / "state" / "ledger.db"
    file.write_bytes(file.read_bytes()[:9000] + PEOPLE[0].name.encode() * 40)


def _changed_ledger(office: Office) -> None:
    with sqlite3.connect(office.folder / "state" / "ledger.db") as ledger:
        ledger.execute("UPDATE register_lines SET letter_number = '1' WHERE sequence = 2")
    ledger.close()


def _letters_replaced(office: Office) -> None:
    _submit(office, 12)
    shutil.rmtree(office.folder / "letters")
    (office.folder / "letters").write_text("")


def _no_ledger(office: Office) -> None:
    (office.folder / "state" / "ledger.db").unlink()


def _moved_tab(office: Office) -> None:
    place = {"sheet": office.sandbox.sheet_id, "column": 1}
    office.sandbox.staff({"move_column": place | {"to": 6}})
    _submit(office, 13, NIK=f"'{PEOPLE[13].nik}'x")


BROKEN: list[Callable[[Office], None]] = [
    _unshared, _header_gone, _rows_gone, _shuffled, _damaged_ledger, _changed_ledger,
    _letters_replaced, _no_ledger, Office.misspell_placeholder, _moved_tab,
]  # fmt: skip


@pytest.mark.parametrize("spoil", BROKEN)
def test_nothing_that_is_broken_makes_anybody_show(
    planted: Office, spoil: Callable[[Office], None]
) -> None:
    """What the run says of it, and `check`, names columns, files, tickets; no person."""
    planted.run()
    spoil(planted)
    with everything_logged() as log:
        texts = _told(planted, "run", "--json") | _told(planted, "check") | _told(planted, "run")

    allowed = {"name"} if spoil is _header_gone else set()  # a header is no answer
    assert [] == [leak for leak in CANARIES.leaks(texts) if leak.kind not in allowed]
    assert [] == CANARIES.leaks(log)


def _foreign(*_: Any, **__: Any) -> None:
    cause = KeyError(PEOPLE[0].nik)
    cause.add_note(PEOPLE[0].email)
    raise ValueError(f"{PEOPLE[0].name!r} is odd") from cause


def _without_cause(*_: Any, **__: Any) -> None:
    try:
        _foreign()
    except ValueError:
        raise RuntimeError(PEOPLE[0].phone) from None


@pytest.mark.parametrize("crash", [_foreign, _without_cause])
def test_a_bugs_traceback_quotes_nobody(
    planted: Office, monkeypatch: pytest.MonkeyPatch, crash: Callable[..., None]
) -> None:
    """Exit 70 tells where, of what kind and after what; no message of others, no locals."""
    monkeypatch.setattr(Template, "fill", crash)
    outcome = command(planted, "run")

    assert 70 == outcome.code
    assert "Traceback (most recent call last):" in outcome.err
    assert f"{crash.__name__}" in outcome.err
    assert "This is a bug in surat-sync" in outcome.err
    assert [] == CANARIES.leaks({"stderr": outcome.err, "stdout": outcome.out})
    assert [] == _leaks_in_places(planted)


def test_a_databases_error_quotes_nobody(planted: Office) -> None:
    """SQLAlchemy would put a failed statement's values into its message."""
    with sqlite3.connect(planted.folder / "state" / "ledger.db") as ledger:
        ledger.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON letters BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    ledger.close()
    with pytest.raises(RuntimeError) as caught:
        planted.run()

    assert "INSERT INTO letters" in str(caught.value.__cause__)
    assert [] == CANARIES.leaks(exception_texts(caught.value))


@pytest.mark.usefixtures("no_pauses")
def test_no_library_logs_a_person_even_when_asked_for_all(planted: Office) -> None:
    """At DEBUG, and with a call that is sent again; the ledger's rows are never logged."""
    planted.sandbox.fault(SWAP, kind="503-after")
    with everything_logged() as log:
        planted.settle()

    assert {"urllib3", "sync"} <= {place.split()[-1].split(".")[0] for place in log}
    assert [] == CANARIES.leaks(log)


def test_the_ledger_holds_no_plain_hash(planted: Office) -> None:
    """A hash of a NIK can be undone by trying all; the ledger's are keyed."""
    planted.settle()
    content = (planted.folder / "state" / "ledger.db").read_bytes()
    found = CANARIES.leaks({"ledger": content})

    assert "name" in {leak.kind for leak in found}, "the letters' values are there"
    assert [] == [leak for leak in found if leak.kind == "encoded"]


def test_digests_of_one_answer_differ_by_use_and_village(planted: Office) -> None:
    """Who sees two places of the ledger, or two villages', cannot tell that it is one person."""
    with planted.ledger() as books:
        uses = ("identity:nik", "identity:nama", "duplicate", "fingerprint", "own-cell")
        digests = {books.keys.digest(use, PEOPLE[0].nik) for use in uses}
        derived = {books.keys.derive(use) for use in uses}

        assert len(uses) == len(digests) == len(derived)
        assert books.keys.secret not in derived
        assert repr(books.keys) == "Keys()"


def test_the_checker_sees_what_is_there(planted: Office) -> None:
    """The same checks find people where they may be: in the sheet and in letters' text."""
    planted.run()
    rows: Iterator[str] = (str(row) for row in planted.sandbox.rows())

    assert {"name", "nik", "phone", "email", "birth_date"} <= {
        leak.kind for leak in CANARIES.leaks({"sheet": " ".join(rows)})
    }
