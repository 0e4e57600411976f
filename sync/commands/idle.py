"""
The run that finds nothing to do, in one reading.

When a run ends with everything in its place, it leaves a mark in the state folder: what the
sheets show, and everything else that decisions depend on (config, ledger, templates, program,
day). While all of it is the same, the next run is over after its reading, and neither the
config's model nor the ledger is loaded. Whatever differs, the whole run takes place; it is
given the reading, so that this costs no second call.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sync.cabinet.folder import FolderCabinet
from sync.clock import MOST_SKEW
from sync.commands.last_run import remember_run
from sync.errors import SyncError
from sync.google.credentials import load_account
from sync.google.sheets import GspreadSheets
from sync.google.transport import Transport
from sync.keys import Keys
from sync.platform import exclusive_lock, write_private
from sync.run.quiet import sheets_digest
from sync.run.report import Report, new_run_id

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from sync.clock import Clock
    from sync.google.interface import Grid

MARK_FILE = "quiet.json"
LOCK_FILE = "lock"
_STATE = re.compile(r"^state:[ \t]*[\"']?([^\"'#\n]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What was the same when there was nothing to do."""

    stamps: dict[str, str]  #: file, or what else decisions depend on, to its state
    watched: list[str]  #: the files among them
    sheets: dict[str, list[int]]  #: spreadsheet to the gids that were read
    digest: str  #: keyed, of what they showed
    rows: int
    time_zone: str
    credentials: str
    base_url: str
    letters: str  #: the letters folder; "" when letters go to Drive


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a first look gave."""

    report: Report | None = None  #: there is nothing to do
    sheets: GspreadSheets | None = None  #: the connection that was made
    first_reading: Mapping[str, Mapping[int, Grid]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  #: as they were then

    def reading_now(self) -> Mapping[str, Mapping[int, Grid]]:
        """Return what was read, unless another run was at work since."""
        same = all(stamp(Path(name)) == before for name, before in self.files.items())
        return self.first_reading if same else {}


class Watch:
    """Watches what decisions depend on while a run works, so that the mark tells the truth."""

    def __init__(self, config_file: Path, clock: Clock) -> None:
        self._config_file, self._clock = config_file, clock
        self._config = config_stamp(config_file)
        self._before: dict[str, str] = {}

    def begin(self, files: Sequence[Path], time_zone: str) -> None:
        """Remember the files that a run only reads; before it reads them."""
        self._before = stamps(self._config_file, _names(files), time_zone, self._clock)

    def end(self, files: Sequence[Path], time_zone: str) -> dict[str, str] | None:
        """Return the stamps of all *files*; None when something changed in the meantime."""
        now = stamps(self._config_file, _names(files), time_zone, self._clock)
        same = now["config"] == self._config and self._before.items() <= now.items()
        return now if same else None


def _names(files: Sequence[Path]) -> list[str]:
    return [str(path) for path in files]


def glance(config_file: Path, *, clock: Clock, rng: random.Random) -> Glance:
    """
    Read the sheets once if the mark still holds, and tell whether they are as they were.

    What goes wrong here is left to the whole run to meet and to tell. Raises `LedgerBusy`.
    """
    state = _state_folder(config_file)
    mark = _read_mark(state)
    if mark is None or mark.stamps != stamps(config_file, mark.watched, mark.time_zone, clock):
        return Glance()
    started = clock.monotonic()
    with exclusive_lock(state / LOCK_FILE):
        first = _first_look(state, mark, clock=clock, rng=rng)
    if first.report is not None:
        first.report.seconds = clock.monotonic() - started
        remember_run(state, first.report, clock)
    return first


def stamps(
    config_file: Path, watched: Sequence[str], time_zone: str, clock: Clock
) -> dict[str, str]:
    """Return the state of everything that decisions depend on, besides the sheets."""
    here = {name: stamp(Path(name)) for name in watched}
    here["config"] = config_stamp(config_file)
    here["program"] = _program_stamp()
    here["day"] = f"{clock.now().astimezone(ZoneInfo(time_zone)):%Y-%m-%d}"
    return here


def config_stamp(config_file: Path) -> str:
    """Return a digest of the config file; "" when it cannot be read."""
    try:
        return hashlib.sha256(config_file.read_bytes()).hexdigest()
    except OSError:
        return ""


def stamp(path: Path) -> str:
    """Return when a file was written, and how large it is."""
    try:
        found = path.stat()
    except OSError:
        return "missing"
    return f"{found.st_mtime_ns}:{found.st_size}:{found.st_ino}"


def leave_mark(state: Path, mark: Mark) -> None:
    """Keep *mark* for the next run."""
    write_private(state / MARK_FILE, json.dumps(asdict(mark)).encode())


def _state_folder(config_file: Path) -> Path:
    """
    Guess where the state folder is without loading the config's model.

    A wrong guess finds no mark: a mark holds only for the config file that it names.
    """
    try:
        found = _STATE.search(config_file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        found = None
    return config_file.absolute().parent / (found[1].strip() if found else "state")


def _read_mark(state: Path) -> Mark | None:
    try:
        return Mark(**json.loads((state / MARK_FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _first_look(state: Path, mark: Mark, *, clock: Clock, rng: random.Random) -> Glance:
    sheets = None
    try:
        keys = Keys.load(state)
        if mark.letters:
            FolderCabinet(Path(mark.letters)).check()
        account = load_account(Path(mark.credentials), base_url=mark.base_url)
        sheets = GspreadSheets(Transport(account, clock=clock, rng=rng, base_url=mark.base_url))
        grids = {one: sheets.read(one, gids) for one, gids in mark.sheets.items()}
    except SyncError:
        return Glance(sheets=sheets)
    skew = sheets.clock_skew()
    late = skew is not None and abs(skew) > MOST_SKEW
    if keys is None or late or sheets_digest(grids, keys.digest) != mark.digest:
        files = {name: mark.stamps[name] for name in mark.watched}
        return Glance(sheets=sheets, first_reading=grids, files=files)
    report = Report(run_id=new_run_id(clock.now(), rng), google_calls=sheets.calls())
    report.counts.update(read=mark.rows, unchanged=mark.rows)
    return Glance(report=report)


def _program_stamp() -> str:
    """Return the state of our own files: an upgrade may decide otherwise."""
    package = Path(__file__).parents[1]
    files = sorted((*package.rglob("*.py"), *package.rglob("*.toml")))
    text = "\n".join(f"{path.relative_to(package)} {stamp(path)}" for path in files)
    return hashlib.sha256(text.encode()).hexdigest()
