"""
Nothing lost, nothing twice, nothing on another person's row: storms, and the n-th effect.

The cases are played by `simulate.py`, a process for each core; this file must run alone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from directed import SCENES
from effects import CRASHES, DISK_ERRORS
from house import DRIVE, FOLDER
from steps import STEPS
from wire import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pytest

_PROGRAM = Path(__file__).with_name("simulate.py")
_MODE = os.environ.get("SURAT_SYNC_TESTS", "push")
_CORES = os.cpu_count() or 1
_PUSH_SEEDS = 2000
_NIGHT_SECONDS = float(os.environ.get("SURAT_SYNC_NIGHT_SECONDS", "3600"))
_SEEDS_PER_NIGHT = 10_000_000
_LEAST_OF_A_KIND, _LEAST_OF_A_STEP = 1000, 100  #: in a night


@dataclass(frozen=True, slots=True)
class Figures:
    """What all processes did together."""

    schedules: int
    runs: int
    effects: int
    seconds: float
    broken: Sequence[Any]
    faults: Counter[tuple[str, str]]  #: by step and kind


def test_calm_follows_every_storm(capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever people, Google, the disk and a second worker do, every invariant holds."""
    figures = _play(_storms())

    with capsys.disabled():
        print(_told("storms", figures))  # noqa: T201
    assert [] == figures.broken
    assert figures.schedules >= _PUSH_SEEDS
    if _MODE != "push":
        assert [] == _rare(figures)


def test_every_effect_may_meet_every_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """A busy run whose n-th effect fails in any way is finished by the runs after it."""
    figures = _play(_effects())

    with capsys.disabled():
        print(_told("n-th effects", figures))  # noqa: T201
    assert [] == figures.broken
    assert figures.schedules >= 540  # what was promised


def _storms() -> list[list[str]]:
    """Return the arguments of each process."""
    if _MODE == "push":
        size = -(-_PUSH_SEEDS // _CORES)
        return [["--seeds", f"{at}:{at + size}"] for at in range(0, _PUSH_SEEDS, size)]
    firsts = range(_SEEDS_PER_NIGHT, _SEEDS_PER_NIGHT * (_CORES + 1), _SEEDS_PER_NIGHT)
    return [
        ["--seeds", f"{at}:{at + _SEEDS_PER_NIGHT}", "--seconds", str(_NIGHT_SECONDS)]
        for at in firsts
    ]


def _effects() -> list[list[str]]:
    scenes = {FOLDER: 1, DRIVE: 2} if _MODE == "push" else dict.fromkeys(SCENES, 1)
    return [
        ["--effects", scene, "--first", str(every * part), "--every", str(every * _CORES)]
        for scene, every in scenes.items()
        for part in range(_CORES)
    ]


def _play(arguments: Sequence[Sequence[str]]) -> Figures:
    with ThreadPoolExecutor(_CORES) as pool:
        found = list(pool.map(_run, arguments))
    lines = [line for part in found for line in part]
    totals = [line for line in lines if "schedules" in line]
    assert len(totals) == len(arguments), "a process did not come to its end"
    faults: Counter[tuple[str, str]] = Counter()
    for total in totals:
        for step, kinds in total["faults"].items():
            faults.update({(step, kind): count for kind, count in kinds.items()})
    return Figures(
        schedules=sum(total["schedules"] for total in totals),
        runs=sum(total["runs"] for total in totals),
        effects=sum(total["effects"] for total in totals),
        seconds=max(total["seconds"] for total in totals),
        broken=[line for line in lines if "broken" in line],
        faults=faults,
    )


def _run(arguments: Sequence[str]) -> list[Any]:
    program = [sys.executable, str(_PROGRAM), *arguments]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _told(what: str, figures: Figures) -> str:
    """Return the figures and the table of faults, for people."""
    kinds = sorted({kind for _, kind in figures.faults})
    rows = [
        f"{step:16}" + "".join(f"{figures.faults[step, kind]:>13}" for kind in kinds)
        for step in STEPS
    ]
    head = f"{'':16}" + "".join(f"{kind:>13}" for kind in kinds)
    summary = (
        f"\n{what}: {figures.schedules} schedules, {figures.runs} runs in the storms,"
        f" {figures.effects} effects, {sum(figures.faults.values())} faults,"
        f" {figures.seconds:.0f} s, {len(figures.broken)} broken"
    )
    return "\n".join((summary, head, *rows))


def _rare(figures: Figures) -> list[str]:
    """Return the kinds and steps that a night has not seen often enough."""
    kinds: Counter[str] = Counter()
    for (_, kind), count in figures.faults.items():
        kinds[kind] += count
    return [
        *(f"{kind}: {count}" for kind, count in kinds.items() if count < _LEAST_OF_A_KIND),
        *(
            f"{step}, {kind}: {figures.faults[step, kind]}"
            for step, kind in sorted(_possible(figures.faults.keys()))
            if figures.faults[step, kind] < _LEAST_OF_A_STEP
        ),
    ]


def _possible(seen: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which kinds a step can meet: what one request or file met, others can meet, too."""
    alike = [set(KINDS) - set(CRASHES), set(DISK_ERRORS)]
    met = set(seen)
    return met | {
        (step, kind) for step, one in met for group in alike if one in group for kind in group
    }
