"""
Plays schedules, or every effect of a busy run, and tells what broke an invariant.

Usage: simulate.py --seeds FIRST:END [--stop-at-first] [--story] [--seconds N]
       simulate.py --effects SCENE [--every N] [--first N] [--story]

Prints a JSON line for each case that broke, and one with the figures at the end. A seed gives
the same schedule on every computer: `simulate.py --seeds 17:18 --story` shows what happened.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), *(str(_HERE.parent / room) for room in ("run", "security"))]

from directed import cases, play_case  # noqa: E402
from house import town  # noqa: E402
from privacy import listening  # noqa: E402
from schedule import Outcome, play  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

    from house import Town

_SCHEDULES_PER_COLLECTION = 50


def main() -> int:
    """Play, print, and return 1 when something broke."""
    options = _options()
    if os.environ.get("PYTHONHASHSEED") != "0":  # or sets were walked in another order
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    warnings.simplefilter("ignore")
    total, started = _Total(), time.perf_counter()
    with listening(), town() as places:
        gc.freeze()
        gc.disable()  # what a schedule leaves behind is little, and goes between two of them
        for name, outcome in _outcomes(places, options):
            total.add(outcome)
            _tell(name, outcome, story=options.story)
            if total.schedules % _SCHEDULES_PER_COLLECTION == 0:
                gc.collect()
            late = options.seconds and time.perf_counter() - started > options.seconds
            if late or (outcome.broken and options.stop_at_first):
                break
    print(json.dumps(total.as_json(time.perf_counter() - started)))  # noqa: T201
    return int(total.failed > 0)


def _outcomes(places: Town, options: argparse.Namespace) -> Iterator[tuple[object, Outcome]]:
    """Yield what became of each case, with what repeats it: a seed, or effect and fault."""
    if options.effects:
        every = list(cases(places, options.effects))[options.first :: options.every]
        yield from ((f"{one.nth}:{one.kind}", play_case(places, one)) for one in every)
    else:
        first, end = map(int, options.seeds.split(":"))
        yield from ((seed, play(places, seed)) for seed in range(first, end))


def _tell(name: object, outcome: Outcome, *, story: bool) -> None:
    if story:
        print("\n".join(outcome.story))  # noqa: T201
    if outcome.broken:
        failure = {"seed": name, "house": outcome.house, "broken": outcome.broken}
        print(json.dumps(failure), flush=True)  # noqa: T201


class _Total:
    def __init__(self) -> None:
        self.schedules = self.failed = self.runs = self.effects = 0
        self.faults: Counter[tuple[str, str]] = Counter()

    def add(self, outcome: Outcome) -> None:
        self.schedules += 1
        self.failed += bool(outcome.broken)
        self.runs += outcome.runs
        self.effects += outcome.effects
        self.faults.update(outcome.faults)

    def as_json(self, seconds: float) -> dict[str, object]:
        faults: dict[str, dict[str, int]] = {}
        for (step, kind), count in sorted(self.faults.items()):
            faults.setdefault(step, {})[kind] = count
        return {
            "schedules": self.schedules,
            "failed": self.failed,
            "runs": self.runs,
            "effects": self.effects,
            "seconds": round(seconds, 1),
            "faults": faults,
        }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seeds", metavar="FIRST:END")
    what.add_argument("--effects", metavar="SCENE", help="every effect of the scene's busy run")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each n-th case")
    parser.add_argument("--first", type=int, default=0, metavar="N", help="from that case on")
    parser.add_argument("--seconds", type=float, default=0, help="stop after that time")
    parser.add_argument("--stop-at-first", action="store_true")
    parser.add_argument("--story", action="store_true", help="print what happened")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
