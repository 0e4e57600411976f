"""
A village office in a folder of its own, whose program and Google live in this process.

It is prepared once for each way of working; every schedule begins with it as it was then.
"""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from effects import Gate, gated
from office import TODAY, Office
from scene import copy_of, sheet_of
from steps import step_of
from wire import adapter_class

from sync.commands.run import run_once
from sync.commands.setup import set_up
from sync.keys import KEY_FILE
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.commands.setup import Prepared
    from sync.run.report import Report
    from sync.sandbox.world import World

FOLDER, APPROVAL, DRIVE, VERIFY = "folder", "approval", "drive", "verify"
HOUSES: dict[str, dict[str, Any]] = {
    FOLDER: {},
    APPROVAL: {"services__sku__approval": "staff"},
    DRIVE: {"letters__cabinet": "drive", "google__drive_credentials": "secrets/drive.json"},
    VERIFY: {"sheet_writes": "verify"},
}
_FOLDER = "application/vnd.google-apps.folder"
_ROWS = 24  #: of the response sheet; fewer are read faster
_SECRET = "5" * 64 + "\n"
_IN_MEMORY = Path("/dev/shm")  #: nothing there outlives a power cut, and nothing here has to


class SimulatedClock:
    """A clock that waits for nothing: whoever waits moves it on."""

    def __init__(self) -> None:
        self.moment = TODAY
        self._passed = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        self._passed += seconds
        self.moment += timedelta(seconds=seconds)

    def shift(self, length: timedelta) -> None:
        self.sleep(length.total_seconds())

    def move_to(self, moment: datetime) -> None:
        """Set the clock, also back."""
        self.moment = moment.astimezone(UTC)


class House(Office):
    """An office without sockets, computer clock and chance."""

    def __init__(self, folder: Path, sandbox: Sandbox, time: SimulatedClock, name: str) -> None:
        super().__init__(folder, sandbox)
        self.name, self.time, self.dice = name, time, random.Random(1)
        self.clock = time  # type: ignore[assignment]  # all that an office asks of it
        config = HOUSES[name]
        if name == DRIVE:
            drive_key = folder / "secrets" / "drive.json"
            drive_key.write_text(json.dumps(sandbox.authorized_user_info))
            drive_key.chmod(0o600)
            config = config | {"letters__drive_folder": _drive_folder(sandbox)}
        self.configure(**config)
        self.key_file.write_text(json.dumps(sandbox.authorized_user_info))
        self._prepare()

    def run(self, *, accept: Sequence[str] = (), **_: Any) -> Report:
        return run_once(self.config, accept=accept, clock=self.time, rng=self.dice)

    def set_up(self, *, archive: bool = True) -> Prepared:
        return set_up(self.config, archive=archive, clock=self.time, rng=self.dice)

    def restore(self, seed: int) -> None:
        """Put sheet, ledger and letters back as they were at first; *seed* is what differs."""
        box = self.sandbox
        box.reset()
        box.world.observers.clear()
        box.world.state = copy_of(self._state)
        box.world.dice.seed(seed)
        self.dice.seed(seed)
        self.time.move_to(TODAY)
        self._residents = 0
        self.put_back("state")
        self.put_back("letters")

    def put_back(self, name: str) -> None:
        """Put a folder back as it was at first."""
        shutil.rmtree(self.folder / name)
        shutil.copytree(self._kept / name, self.folder / name)

    def stored_letters(self) -> list[tuple[str, bytes]]:
        """Return name and content of every file in the cabinet."""
        if self.name != DRIVE:
            folder = self.folder / "letters"
            paths = (path for path in folder.rglob("*") if path.is_file())
            return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]
        files = self.sandbox.world.state.files.values()
        kept = self.config.letters.drive_folder
        return [(file.name, file.content or b"") for file in files if file.parent == kept]

    def _prepare(self) -> None:
        state = self.folder / "state"
        state.mkdir(mode=0o700)
        (state / KEY_FILE).write_text(_SECRET)
        (state / KEY_FILE).chmod(0o600)
        (self.folder / "letters").mkdir()
        self.set_up()
        sheet_of(self).delete_rows(_ROWS, sheet_of(self).row_count - _ROWS)
        self._state = copy_of(self.sandbox.world.state)
        self._kept = self.folder.with_name(f"{self.folder.name}-kept")
        shutil.copytree(self.folder, self._kept)


class Town:
    """Houses, one for each way of working, with one time and one gate for all."""

    def __init__(self, folder: Path) -> None:
        self.gate, self.time = Gate(step_of), SimulatedClock()
        self.worlds: dict[str, World] = {}
        self._folder = folder
        self._houses: dict[str, House] = {}

    def house(self, name: str) -> House:
        """Return the house, prepared at its first use."""
        if name not in self._houses:
            folder = self._folder / name
            folder.mkdir()
            box = Sandbox(seed=1, clock=self.time.now)
            address = f"127.0.0.1:{len(self._houses) + 1}"
            box.world.base_url = f"http://{address}"
            self.worlds[address] = box.world
            self._houses[name] = House(folder, box, self.time, name)
        return self._houses[name]


@contextlib.contextmanager
def town() -> Iterator[Town]:
    """Yield a town whose effects pass its gate as long as the block lasts."""
    place = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place, prefix="surat-sync-") as folder:
        found = Town(Path(folder))
        wire = adapter_class(found.gate, found.worlds, found.time.sleep)
        with gated(found.gate, wire, found.time.now):
            yield found


def _drive_folder(sandbox: Sandbox) -> str:
    """Make the letters' folder as the village's user; return its id."""
    world = sandbox.world
    scope = "https://www.googleapis.com/auth/drive"
    account = sandbox.authorized_user_info["account"]
    token = world.keys.access_token(account, [scope], world.clock())
    reply = world.call(
        "POST",
        "/drive/v3/files",
        headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
        body=json.dumps({"name": "Surat", "mimeType": _FOLDER}).encode(),
    )
    assert reply.body, reply.status
    return str(reply.body["id"])
