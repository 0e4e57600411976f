"""
Whole runs of the program against the sandbox, each in its own process, over HTTP.

With news, and with none; beside a naive script under Google's limits a minute.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench_figures import Figure
from bench_office import Office, office

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench_office import Worked

ROWS = (1, 100, 1000)
IDLE = (100, 1000)
NAIVE = (1, 100)
_WITHIN_LIMITS = 1000  #: more new rows than that, and Google's limits are lifted
_ISSUED = "Siap Ditandatangani"
_WRITES_A_MINUTE = 60  #: of one account (Google's limits for Sheets)
_WAITING = 1000, 10_000  #: new rows for which the naive script's time is only reckoned


def run(
    *,
    rows: Sequence[int] = ROWS,
    idle: Sequence[int] = IDLE,
    naive: Sequence[int] = NAIVE,
    limits: bool = False,
) -> Iterator[Figure]:
    """
    Yield calls, seconds, memory and bytes.

    rows:   how many new rows a run finds
    idle:   how many settled rows a run finds, and nothing else
    naive:  how many new rows the naive script finds
    limits: Google's limits a minute hold for the largest runs too
    """
    for count in rows:
        yield from _news(count, quota=limits or count <= _WITHIN_LIMITS)
    for count in idle:
        yield from _no_news(count)
    for count in naive:
        yield from _naively(count)
    if naive:
        for count in _WAITING:
            name = f"naive script, {count:,} new rows: at least, by Google's limits"
            yield Figure(name=name, value=60 * (count / _WRITES_A_MINUTE - 1), unit="s")


def _news(count: int, *, quota: bool) -> Iterator[Figure]:
    with _set_up(count, quota=quota) as one:
        one.add_rows(count)
        worked = one.run()
        _check_published(one, count)
        name = f"{count:,} new rows"
        calls = "4" if count <= 200 else "4, and one for each 2,000 texts or lines more"  # noqa: PLR2004
        yield from _figures(name, worked, calls=calls, megabytes="300" if count > 1 else "")
        yield Figure(name=f"{name}: a row", value=1000 * worked.seconds / count, unit="ms")
        yield from _figures(f"idle, {count:,} rows just issued", one.run(), calls="1")


def _check_published(one: Office, count: int) -> None:
    """Look that each row shows its number, and that each letter is stored."""
    records = one.records()
    numbers = {int(record["Nomor Surat"].split("/")[1]) for record in records}
    assert numbers == set(range(1, count + 1)), "numbers are missing"
    assert {record["Status"] for record in records} == {_ISSUED}
    letters = sum(1 for _ in (one.folder / "letters").rglob("*.docx"))
    assert letters == count, f"{letters} letters of {count}"


def _no_news(count: int) -> Iterator[Figure]:
    """Yield what two runs take over rows from before `setup`: the whole one, and an idle one."""
    with _set_up(count, quota=False, existing=count) as one:
        name = f"{count:,} settled rows"
        yield from _figures(f"{name}, all looked at (once a day)", one.run(), calls="1")
        idle = one.run()
        yield from _figures(f"{name}, idle", idle, calls="1", cpu="2", megabytes="200")


def _naively(count: int) -> Iterator[Figure]:
    with _set_up(count, quota=True) as one:
        one.add_rows(count)
        worked = one.run_naively()
        assert worked.report["numbered"] == count
        yield from _figures(f"naive script, {count:,} new rows", worked)
        yield from _figures(f"naive script, {count:,} rows, nothing new", one.run_naively())


@contextmanager
def _set_up(count: int, *, quota: bool, existing: int = 0) -> Iterator[Office]:
    """Yield an office that takes *count* rows on in one run; *existing* ones are archived."""
    with tempfile.TemporaryDirectory() as name, office(Path(name), quota=quota) as one:
        many = max(200, count)
        one.configure(rows_per_run=many, new_rows_per_hour=many, run_minutes=60)
        if existing:
            one.add_rows(existing)
        one.program("setup")
        yield one


def _figures(
    name: str, worked: Worked, *, calls: str = "", cpu: str = "", megabytes: str = ""
) -> Iterator[Figure]:
    yield Figure(name=f"{name}: calls to Google", value=worked.calls, unit="", goal=calls)
    yield Figure(name=f"{name}: from start to end", value=worked.seconds, unit="s")
    yield Figure(name=f"{name}: CPU", value=worked.cpu_seconds, unit="s", goal=cpu)
    yield Figure(name=f"{name}: memory", value=worked.megabytes, unit="MB", goal=megabytes)
    yield Figure(name=f"{name}: sent", value=worked.sent / 1000, unit="kB")
    yield Figure(name=f"{name}: received", value=worked.received / 1000, unit="kB")
