"""
The hook: watches every `World` made in the test process.

An exchange against the documents fails the test during which it happened; the end of the
session tells how many were looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from exchanges.rules import answer_problems, request_problems
from sync.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from _pytest.terminal import TerminalReporter

NAME = "exchanges"


@dataclass(slots=True)
class Counts:
    """How much was looked at."""

    requests: int = 0
    answers: int = 0
    methods: set[str] = field(default_factory=set)

    def add(self, requests: int, answers: int, methods: list[str]) -> None:
        """Count what an xdist worker saw."""
        self.requests += requests
        self.answers += answers
        self.methods.update(methods)

    def __str__(self) -> str:
        """Return the line at the session's end."""
        return (
            f"exchanges validated: {self.requests} requests, {self.answers} answers, "
            f"{len(self.methods)} methods"
        )


class Watch:
    """What was seen, and what was wrong since the last report."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.problems: list[str] = []

    def see(
        self, method: str, body: object, query: Mapping[str, Any], status: int, answer: object
    ) -> None:
        """
        Look at one exchange; an observer of `World`.

        A test may send what is wrong on purpose: a refused request is left alone.
        """
        self.counts.methods.add(method)
        self.counts.answers += 1
        self.problems += answer_problems(method, status, answer)
        if status < 400:
            self.counts.requests += 1
            self.problems += request_problems(method, query, body)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Fail the test during which something was wrong."""
        report = yield
        if self.problems:
            text = "against Google's discovery documents:\n" + "\n".join(
                dict.fromkeys(self.problems)
            )
            self.problems = []
            report.sections.append(("exchanges", text))
            if report.outcome != "failed":
                report.outcome, report.longrepr = "failed", text
        return report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand a worker's counts to the process that prints them."""
        if output := getattr(session.config, "workeroutput", None):
            counts = self.counts
            output[NAME] = (counts.requests, counts.answers, sorted(counts.methods))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take a worker's counts; one that crashed has none."""
        self.counts.add(*getattr(node, "workeroutput", {}).get(NAME, (0, 0, [])))

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Print the counts."""
        terminalreporter.write_line(str(self.counts))


def pytest_configure(config: pytest.Config) -> None:
    """Watch from now on, until this pytest is over."""
    watch = Watch()
    config.pluginmanager.register(watch, NAME)
    patch = pytest.MonkeyPatch()
    patch.setattr(World, "__post_init__", _watched(World.__post_init__, watch))
    config.add_cleanup(patch.undo)


def _watched(post_init: Any, watch: Watch) -> Any:
    def watched(world: World) -> None:
        post_init(world)
        world.observers.append(watch.see)

    return watched
