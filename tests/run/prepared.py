"""What `surat-sync setup` leaves in the sandbox and in the folder, made once for many offices."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from scene import copy_of

if TYPE_CHECKING:
    from office import Office

_FOLDERS = ("state", "letters")


class Prepared:
    """An office just after `setup`; others of the same seed become what it was."""

    def __init__(self, office: Office) -> None:
        office.set_up()
        world = office.sandbox.world
        self._folder = office.folder
        self._state, self._dice = copy_of(world.state), world.dice.getstate()
        self._history = list(world.history)

    def give(self, office: Office) -> None:
        """Leave in a bare office, and in its sandbox, what `setup` would."""
        world = office.sandbox.world
        world.state = copy_of(self._state)
        books = world.state.spreadsheets
        books.update({name: book.draft() for name, book in books.items()})  # some tests write there
        world.dice.setstate(self._dice)
        for entry in self._history:
            world.history.add(entry)
        for name in _FOLDERS:
            shutil.copytree(self._folder / name, office.folder / name)
