"""
That no resident of a schedule shows where nobody may (I12).

Looked through are: what all libraries log, at DEBUG with all that a line carries; the texts of
errors and reports; names of files, here and in Drive; the addresses of requests; what runs
leave for monitors; tickets, marks, and what the letters' codes say.
"""

from __future__ import annotations

import base64
import contextlib
import json
import sqlite3
import traceback
from datetime import datetime
from functools import cache
from string import ascii_uppercase
from typing import TYPE_CHECKING

from canaries import Canaries, Catcher, Person, everything_logged, exception_texts
from office import resident

from sync.letter.sealing import SEAL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from house import House

    from sync.run.report import Report

_MOST_NUMBERS = 60  #: that residents and the people of copied rows are given
_FOR_MONITORS = ("last-run.json", "high-water.json", "quiet.json")
_CATCHER = Catcher()
_MOST_CLEAN = 100_000
_CLEAN: set[str] = set()  #: lines that were looked through and tell of nobody


def listening() -> AbstractContextManager[object]:
    """Catch all that is logged while the block lasts, and let nothing on the screen."""
    return everything_logged(catcher=_CATCHER)


class Privacy:
    """Gathers what one schedule tells the world, and finds its people in it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._texts: dict[str, str] = {}
        _CATCHER.lines.clear()

    def hear(self, error: BaseException) -> None:
        """Take an error in that somebody could read, its causes and its traceback too."""
        place = f"error {len(self._texts)}"
        self._texts[place] = "".join(traceback.format_exception(error))
        self._texts |= {f"{place}, {one}": text for one, text in exception_texts(error).items()}

    def read(self, report: Report) -> None:
        """Take a report in, for people and for programs, with what failed."""
        for failure in report.failures:
            self.hear(failure)
        self._texts[f"report {len(self._texts)}"] = f"{report.as_json()} {report.cautions}"

    def leaks(self) -> Iterator[str]:
        """Tell where somebody shows; each kind of answer once a place."""
        texts = _CATCHER.lines | self._texts | dict(self._left_behind()) | dict(self._asked())
        new = {place: "\n".join(_new_lines(text)) for place, text in texts.items()}
        found = {(one.place, one.kind): one for one in _everybody().leaks(new)}
        yield from (f"I12: {one.kind} in {one.place}: {one.found!r}" for one in found.values())
        if not found:
            _CLEAN.update(line for text in new.values() for line in text.splitlines())

    def _left_behind(self) -> Iterator[tuple[str, str]]:
        folder = self._house.folder
        yield "names of files", "\n".join(str(p.relative_to(folder)) for p in folder.rglob("*"))
        files = self._house.sandbox.world.state.files.values()
        yield "names of files in Drive", "\n".join(file.name for file in files)
        for name in _FOR_MONITORS:
            with contextlib.suppress(FileNotFoundError):
                yield name, (folder / "state" / name).read_text("utf-8")
        yield from _codes(folder / "state" / "ledger.db")

    def _asked(self) -> Iterator[tuple[str, str]]:
        calls = self._house.sandbox.history()
        addresses = {f"{call.method} {call.path} {call.query}" for call in calls}
        yield "addresses of requests", "\n".join(sorted(addresses))


def _new_lines(text: str) -> Iterator[str]:
    """Return the lines that no schedule has shown yet: everybody is the same in all of them."""
    if len(_CLEAN) > _MOST_CLEAN:
        _CLEAN.clear()
    return (line for line in text.splitlines() if line not in _CLEAN)


@cache
def _everybody() -> Canaries:
    """Return everybody who may come up in a schedule; "Warga" alone tells of nobody."""
    return Canaries(map(_person, range(_MOST_NUMBERS)), name_words=False)


def _person(number: int) -> Person:
    name = f"Warga {ascii_uppercase[number % len(ascii_uppercase)]}"
    answers = resident(name, number)
    return Person(
        name=name,
        nik=answers["NIK"],
        birth_date=datetime.strptime(f"{answers['Tanggal Lahir']} Z", "%d-%m-%Y %z").date(),
        phone=answers["Nomor WhatsApp"],
        email=answers.get("Email", f"warga.{number}@surel-contoh.example"),
    )


def _codes(ledger: Path) -> Iterator[tuple[str, str]]:
    """Yield tickets, marks and seals as the ledger has them; nothing when it is lost."""
    if not ledger.exists():
        return
    with contextlib.closing(sqlite3.connect(ledger)) as books:
        for name, query in (
            ("tickets", "SELECT submission_id FROM entries"),
            ("tokens", "SELECT text FROM tokens"),
        ):
            yield name, "\n".join(text for (text,) in books.execute(query))
        values = [json.loads(text) for (text,) in books.execute('SELECT "values" FROM letters')]
    seals = [one[SEAL] for one in values if SEAL in one]
    yield "seals", "\n".join([*seals, *map(_said, seals)])


def _said(seal: str) -> str:
    """Return what everybody who scans the code may read."""
    token = seal.rpartition("#")[2]
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("latin-1")
