"""
Measures speed, side by side in one run; nothing of it is a test.

Usage: ./scripts/bench letters [--json] [--rounds N]    filling letters, beside other libraries
       ./scripts/bench run [--json] [--rows N ...] [--idle N ...] [--naive N ...]
                                                        whole runs, beside a naive script
       ./scripts/bench sandbox [--json]                 the stand-in for Google
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import bench_letters
import bench_run
import bench_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench_figures import Figure


def main() -> None:
    """Measure what the command line names, and print it."""
    asked = vars(_parser().parse_args())
    bench: Callable[..., Iterator[Figure]] = asked.pop("bench")
    as_json = asked.pop("json")
    figures = []
    for figure in bench(**asked):
        figures.append(figure)
        if not as_json:
            print(figure.line(), flush=True)
    if as_json:
        print(json.dumps({"figures": [asdict(figure) for figure in figures]}))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description="Measure speed side by side.")
    benches = parser.add_subparsers(required=True, metavar="WHAT")
    letters = _add(benches, "letters", bench_letters.letters, "filling letters")
    letters.add_argument("--rounds", type=int, default=bench_letters.ROUNDS)
    run = _add(benches, "run", bench_run.run, "whole runs")
    run.add_argument("--rows", type=int, nargs="*", default=bench_run.ROWS, help="new rows")
    run.add_argument("--idle", type=int, nargs="*", default=bench_run.IDLE, help="settled rows")
    run.add_argument("--naive", type=int, nargs="*", default=bench_run.NAIVE, help="new rows")
    run.add_argument("--limits", action="store_true", help="Google's limits hold throughout")
    _add(benches, "sandbox", bench_sandbox.sandbox, "the stand-in for Google")
    return parser


def _add(
    benches: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    bench: Callable[..., Iterator[Figure]],
    says: str,
) -> argparse.ArgumentParser:
    parser = benches.add_parser(name, help=says, description=f"Measure {says}.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(bench=bench)
    return parser


if __name__ == "__main__":
    main()
