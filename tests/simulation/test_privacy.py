"""Whatever a schedule tells the world, its people are found in it."""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import sqlite3
from typing import TYPE_CHECKING

import pytest
from house import DRIVE, town
from privacy import Privacy, listening

from sync.errors import UserError
from sync.run.report import Report
from sync.sandbox.history import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from house import House

NAME, NIK = "Warga A", "3507321801609901"


@pytest.fixture(scope="module")
def place() -> Iterator[House]:
    with town() as places:
        yield places.house(DRIVE)


@pytest.fixture
def house(place: House) -> Iterator[House]:
    """Return a house with one letter, as it is after a run."""
    with listening():
        place.restore(1)
        place.submit(NAME)
        place.run()
        yield place


def test_a_good_run_tells_of_nobody(house: House) -> None:
    """Though the ledger and the letter are full of it."""
    assert [] == list(Privacy(house).leaks())


def test_logs_are_heard(house: House) -> None:
    """At DEBUG, and what a line carries besides its message."""
    privacy = Privacy(house)
    logging.getLogger("any.library").debug("asking", extra={"who": {"nik": NIK}})

    assert ["nik in log line 0 of any.library"] == _found(privacy)


def test_errors_are_heard(house: House) -> None:
    """With causes and notes; also those that a report holds."""
    privacy = Privacy(house)
    error = UserError("something is wrong")
    error.__cause__ = ValueError(f"{NAME} is not a date")
    report = Report(run_id="1", failures=[error])
    report.cautions.append("born 18-01-1960")
    privacy.read(report)

    assert {"name in error 0", "birth_date in report 3"} <= set(_found(privacy))


def test_files_and_addresses_are_looked_at(house: House) -> None:
    """Names of files here and in Drive, what monitors read, what was asked of Google."""
    privacy = Privacy(house)
    (house.folder / "state" / "spool").mkdir(mode=0o700, exist_ok=True)
    (house.folder / "state" / "spool" / f"Surat {NAME}.docx").touch()
    (house.folder / "state" / "last-run.json").write_text(json.dumps({"phone": "+6281200000001"}))
    next(f for f in house.sandbox.world.state.files.values() if f.content).name = NIK
    house.sandbox.world.history.add(
        Entry(at=house.time.now(), method="drive.files.list", query={"q": f"name = '{NIK}'"})
    )

    assert [
        "name in names of files",
        "nik in names of files in Drive",
        "phone in last-run.json",
        "nik in addresses of requests",
    ] == _found(privacy)


def test_codes_are_read(house: House) -> None:
    """Ticket, mark and seal; the seal as everybody reads it who scans it."""
    privacy = Privacy(house)
    seal = base64.urlsafe_b64encode(f"........{NAME}".encode()).decode().rstrip("=")
    with contextlib.closing(sqlite3.connect(house.folder / "state" / "ledger.db")) as ledger:
        ledger.execute("PRAGMA foreign_keys = OFF")
        ledger.execute("UPDATE entries SET submission_id = ?", [f"SKU-{NIK}"])
        ledger.execute("UPDATE tokens SET text = text || ?", [NIK])
        ledger.execute(
            'UPDATE letters SET "values" = ?', [json.dumps({"seal": f"https://x.example/#{seal}"})]
        )
        ledger.commit()

    found = {one.rpartition(" in ")[2] for one in _found(privacy)}
    assert {"tickets", "tokens", "seals"} == found


def test_a_leak_is_told_each_time(house: House) -> None:
    """What was found is looked for again: a seed must tell the same twice."""
    for _ in range(2):
        privacy = Privacy(house)
        privacy.hear(UserError(NIK))

        assert "nik in error 0" in _found(privacy)


def _found(privacy: Privacy) -> list[str]:
    """Return kind and place of each leak."""
    return [one.removeprefix("I12: ").partition(": ")[0] for one in privacy.leaks()]
