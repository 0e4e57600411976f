"""Every planted bug is found, by the simulator or by the test that is named with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from planted import PLANTED
from planting import ROOT, Workshop, mutated

if TYPE_CHECKING:
    from pathlib import Path

    from planted import Planted

LEVEL = os.environ.get("SURAT_SYNC_TESTS", "push")
COUNT = 46
SCHEDULES, SECONDS = 1_000, 900  #: that the simulator has for each bug
QUICK = {
    "row number",
    "USER_ENTERED",
    "re-issue every run",
    "content-only identity",
    "WAL+NORMAL",
    "`start` each year",
}  #: found within seconds; the night finds them all
BUGS = [bug for bug in PLANTED if LEVEL != "push" or bug.name in QUICK]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("workshop"))


def test_no_bug_is_left_out() -> None:
    """The list has as many bugs as the specification, each once."""
    assert COUNT == len({bug.name for bug in PLANTED}) == len(PLANTED)
    assert {bug.name for bug in PLANTED} >= QUICK


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.name)
def test_it_fits_the_program(bug: Planted) -> None:
    """The text to be changed stands there once, and what it becomes can be run."""
    changed = mutated(bug.edits, ROOT / "sync")
    for name, text in changed.items():
        compile(text, name, "exec")

    assert all((ROOT / "sync" / name).read_text("utf-8") != text for name, text in changed.items())


def test_it_is_taken_out_again(workshop: Workshop) -> None:
    """After each bug the copy is the program again, and the program was never another."""
    package = workshop.folder / "sync"
    before = _sources(package)
    for bug in PLANTED:
        with workshop.planted(bug.edits):
            assert before != _sources(package)

    assert before == _sources(package) == _sources(ROOT / "sync")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_it_is_caught(bug: Planted, workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    """The detector fails with the bug in the program."""
    verdict = workshop.look(bug, schedules=SCHEDULES, seconds=SECONDS)

    with capsys.disabled():
        detector = "a test" if bug.test else f"schedule {verdict.schedules}"
        print(  # noqa: T201 - the figures of the proof
            f"\n{bug.name}: {detector}, {verdict.seconds:.0f} s: {verdict.evidence}"
        )
    assert verdict.caught, verdict.evidence


def _sources(package: Path) -> dict[str, bytes]:
    return {
        path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*.py")
    }
