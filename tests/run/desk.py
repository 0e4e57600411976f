"""An ordinary day at the office, and what a mistake of staff may do to it: nothing."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from command_line import words_for
from history import applied_writes, written_headers
from oracle import problems, settle, wrong_owners
from scene import Scene, shallow, sheet_of, tag

from sync.commands.check import findings_as_text, look
from sync.errors import SyncError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from office import Office

ISSUED, BROKEN, READY, COLLECTED, EKO, FANI = (
    f"{name} Contoh" for name in ("Agus", "Budi", "Cici", "Dewi", "Eko", "Fani")
)
NEW = "Umar Contoh"  #: sent the form; the next run issues the letter
COUNTS = (
    "read", "new", "issued", "reissued", "needs_correction", "awaiting_approval", "held",
    "refused", "replaced", "void", "ready", "collected", "delayed", "unchanged",
)  # fmt: skip
_DONE = "Siap Ditandatangani"


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What staff do, and how the office comes through it."""

    do: Callable[[Office], object]
    exit: int = 0  #: of `run`; above 0 nothing is written until somebody undoes the mistake
    said: str = ""  #: words of what `run` says
    checked: str = ""  #: words of what `check` says
    foreseen: bool = True  #: whether a dry run, that only reads, can tell
    row: str = NEW  #: whose row tells
    status: str = _DONE  #: its status in the end
    note: str = ""  #: words of its `Catatan`
    numbers: int = 6  #: in the register in the end


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a run ended."""

    code: int
    said: str
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Story:
    """What one mistake led to."""

    planned: Ending  #: `run --dry-run`
    planned_writes: list[str]
    planned_changes: list[tuple[str, str]]  #: files that the dry run changed
    done: Ending  #: `run`
    checked: str
    wrong: list[str]


class Desk(Scene):
    """Five letters, a request to be corrected, and a new one that no run has seen."""

    def play(self, mistake: Mistake) -> Story:
        """Let staff make the mistake; run dry, run, and run on in calm."""
        office = self.restore()
        mistake.do(office)
        made = office.sandbox.rows() if _is_there(office) else None
        people = _by_content(office) if made else None
        checked = findings_as_text(look(office.config_file)) if mistake.checked else ""
        files, mark = _files(office), office.mark()
        planned = _run(office, dry_run=True)
        planned_writes, now = applied_writes(office, mark), _files(office)
        mark = office.mark()
        done = _run(office)
        if done.code:
            wrong = [*_touched(office, mark, made), *self._undone(office)]
        else:
            written_headers(office, mark)
            wrong = [*settle(office), *problems(office), *wrong_owners(office, office.register())]
            wrong += ["people's cells are not what they typed"] * (people != _by_content(office))
            wrong += _told(office, mistake)
        return Story(
            planned=planned,
            planned_writes=planned_writes,
            planned_changes=sorted(set(files.items()) ^ set(now.items())),
            done=done,
            checked=checked,
            wrong=wrong,
        )

    def restore(self) -> Office:
        """Put sheet, sharing, ledger and letters back."""
        office = super().restore()
        office.sandbox.world.state.files = copy.deepcopy(self._shared)
        return office

    def _undone(self, office: Office) -> Iterator[str]:
        """Undo the mistake as the version history does; then the day goes on."""
        state = office.sandbox.world.state
        state.spreadsheets = shallow(self._state).spreadsheets
        state.files = copy.deepcopy(self._shared)
        again = _run(office)
        if again.code or office.record(NEW)["Status"] != _DONE:
            yield f"undone, the run still ends with {again.code}: {again.said}"
        yield from problems(office)

    def _prepare(self) -> None:
        office = self.office
        office.key_file.write_text(json.dumps(office.sandbox.service_account_info))
        office.submit(ISSUED)
        office.submit(BROKEN, NIK="350732")
        office.submit(READY, COLLECTED, EKO, FANI)
        office.run()
        office.ask(READY, "Sudah Ditandatangani")
        office.ask(COLLECTED, "Sudah Diambil")
        office.settle()
        office.pass_time(minutes=5)
        office.submit(NEW)
        for at, record in enumerate(office.sandbox.records(), start=1):
            tag(sheet_of(office), row=at, note=str(record["Nama Lengkap"]))
        self._shared = copy.deepcopy(office.sandbox.world.state.files)


def _run(office: Office, *, dry_run: bool = False) -> Ending:
    counts: Mapping[str, int] = {}
    try:
        report = office.run(dry_run=dry_run)
        code, failures, counts = report.exit_code, report.failures, report.counts
    except SyncError as error:
        code, failures = error.exit_code, [error]
    return Ending(
        code=code,
        said=words_for(failures),
        counts={one: counts[one] for one in COUNTS} if counts else {},
    )


def _is_there(office: Office) -> bool:
    box = office.sandbox
    book = box.world.state.spreadsheets.get(box.spreadsheet_id)
    return book is not None and any(sheet.sheet_id == box.sheet_id for sheet in book.sheets)


def _by_content(office: Office) -> list[str]:
    """Return people's cells without the rows' order."""
    rows = office.people()
    filled = [row[: max(at for at, cell in enumerate(row, 1) if cell)] for row in rows if any(row)]
    return [repr(filled[0]), *sorted(map(repr, filled[1:]))]


def _touched(office: Office, mark: int, made: list[list[Any]] | None) -> Iterator[str]:
    """Yield what a run that stops has written, or numbered, all the same."""
    yield from (f"{method} was written" for method in applied_writes(office, mark))
    if made is not None and made != office.sandbox.rows():
        yield "the sheet is another"
    if len(office.register()) != 5 or len(office.letters()) != 5:
        yield "a number was given"


def _told(office: Office, mistake: Mistake) -> Iterator[str]:
    """Yield what the row does not show: where it is, and what to do."""
    rows = [r for r in office.sandbox.records() if r["Nama Lengkap"] == mistake.row]
    if mistake.status not in {row["Status"] for row in rows}:
        yield f"{mistake.row} is {[row['Status'] for row in rows]}"
    if not any(mistake.note in row["Catatan"] for row in rows):
        yield f"{mistake.row} reads {[row['Catatan'] for row in rows]}"
    if mistake.numbers != len(office.register()):
        yield f"{len(office.register())} numbers were given"


def _files(office: Office) -> dict[str, str]:
    """Return every file that holds something lasting, with its content's hash."""
    paths = [*(office.folder / "state").rglob("*"), *(office.folder / "letters").rglob("*")]
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file() and path.name not in {"lock", "quiet.json"}
    }
