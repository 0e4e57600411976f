"""An office in the middle of its work, put back as it was before each case of a table."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from office import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from office import Office

    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.state import State

MOMENT = TODAY.replace(hour=4)  #: when the run of each case begins
NEW = ("Umar Contoh", "Budi Contoh")
BROKEN = "Cici Contoh"  #: new, with a NIK that is too short
REISSUED = "Dewi Contoh"
SIGNED = "Eko Contoh"
SETTLED = "Agus Contoh"  #: nothing is due
STATUSES = {
    "Agus Contoh": "Perlu Perbaikan",
    "Dewi Contoh": "Siap Ditandatangani",
    "Eko Contoh": "Siap Diambil",
    "Umar Contoh": "Siap Ditandatangani",
    "Budi Contoh": "Siap Ditandatangani",
    "Cici Contoh": "Perlu Perbaikan",
}


class Scene:
    """Two new requests, an invalid one, a re-issue and a signed letter wait for the next run."""

    def __init__(self, office: Office) -> None:
        self.office = office
        office.key_file.write_text(json.dumps(office.sandbox.authorized_user_info))
        office.set_up()
        self._prepare()
        self._state = shallow(office.sandbox.world.state)
        self._kept = office.folder.with_name(f"{office.folder.name}-kept")
        shutil.copytree(office.folder, self._kept)

    def restore(self) -> Office:
        """Put sheet, ledger and letters back, and forget history and scripts."""
        office = self.office
        office.sandbox.reset()
        office.sandbox.world.state = shallow(self._state)
        for name in ("state", "letters"):
            shutil.rmtree(office.folder / name)
            shutil.copytree(self._kept / name, office.folder / name)
        if office.clock is not None:
            office.clock.move_to(MOMENT)
        return office

    def _prepare(self) -> None:
        office = self.office
        office.submit(SETTLED, NIK="123")
        office.submit(REISSUED, SIGNED)
        office.settle()
        office.pass_time(minutes=5)
        office.submit(*NEW)
        office.submit(BROKEN, NIK="350732")
        office.edit(REISSUED, "Nama Usaha", "Toko Baru")
        office.ask(REISSUED, "Terbitkan Ulang")
        office.ask(SIGNED, "Sudah Ditandatangani")
        for at, name in enumerate(STATUSES, start=1):
            tag(sheet_of(office), row=at, note=name)


class Empty(Scene):
    """An office that has just been set up."""

    def _prepare(self) -> None:
        (self.office.folder / "letters").mkdir(exist_ok=True)


def shallow(state: State) -> State:
    """Return a state whose books may be replaced; books themselves are never changed."""
    copies = {one.name: copy.copy(getattr(state, one.name)) for one in fields(state)}
    return replace(state, **copies)


def copy_of(state: State) -> State:
    """Return a copy of a sandbox's state; its books and forms are never changed in place."""
    twin = shallow(state)
    for name in ("files", "drives", "uploads", "accounts", "losses"):
        setattr(twin, name, copy.deepcopy(getattr(state, name)))
    return twin


def sheet_of(office: Office) -> Sheet:
    """Return the response sheet itself."""
    box = office.sandbox
    return box.world.state.book(box.spreadsheet_id).sheet(box.sheet_id)


def tag(sheet: Sheet, *, row: int, note: str) -> None:
    """Pin a note to the row, that travels with it and that the program never sees."""
    line = sheet.rows[row]
    line.extras[0] = line.extras.get(0, {}) | {"note": note}


def tags(office: Office) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each row's note, "" without one, and its cells by header."""
    lines = sheet_of(office).rows[1:]
    for line, record in zip(lines, office.sandbox.records(), strict=False):
        notes = [extra["note"] for extra in line.extras.values() if "note" in extra]
        yield (notes[0] if notes else ""), record
