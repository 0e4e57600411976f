"""
Plays schedules and tells which of them broke an invariant.

Usage: simulate.py --seeds FIRST:END [--stop-at-first] [--story]

Prints a JSON line for each broken schedule, and one with the figures at the end. A seed gives
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

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), str(_HERE.parent / "run")]

from house import town  # noqa: E402
from schedule import Outcome, play, quiet_logs  # noqa: E402

_SCHEDULES_PER_COLLECTION = 50


def main() -> int:
    """Play, print, and return 1 when something broke."""
    options = _options()
    if os.environ.get("PYTHONHASHSEED") != "0":  # or sets were walked in another order
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    warnings.simplefilter("ignore")
    quiet_logs()
    first, end = map(int, options.seeds.split(":"))
    total, started = _Total(), time.perf_counter()
    with town() as places:
        gc.freeze()
        gc.disable()  # what a schedule leaves behind is little, and goes between two of them
        for seed in range(first, end):
            outcome = play(places, seed)
            total.add(outcome)
            if options.story:
                print("\n".join(outcome.story))
            if outcome.broken:
                failure = {"seed": seed, "house": outcome.house, "broken": outcome.broken}
                print(json.dumps(failure), flush=True)
                if options.stop_at_first:
                    break
            if total.schedules % _SCHEDULES_PER_COLLECTION == 0:
                gc.collect()
            if options.seconds and time.perf_counter() - started > options.seconds:
                break
    print(json.dumps(total.as_json(time.perf_counter() - started)))
    return int(total.failed > 0)


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
    parser.add_argument("--seeds", required=True, metavar="FIRST:END")
    parser.add_argument("--seconds", type=float, default=0, help="stop after that time")
    parser.add_argument("--stop-at-first", action="store_true")
    parser.add_argument("--story", action="store_true", help="print what happened")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
