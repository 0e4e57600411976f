"""
The one gate through which everything passes that a worker does to the world.

An effect is a request to Google, a transaction of the ledger that wrote something, or a file
that is made, renamed, removed or flushed. Before and after each one the schedule may let
something happen: the power goes, the disk is full, Google fails, somebody works in the sheet,
or another worker has its turn.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import sys
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from unittest import mock

import google.auth._helpers
from googleapiclient.schema import Schemas
from sqlalchemy.engine.default import DefaultDialect

from sync.commands import program
from sync.google import deadline
from sync.ledger import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from sync.config import Config
    from sync.letter import Template
    from sync.model import Service

T = TypeVar("T")

CRASH_BEFORE, CRASH_AFTER = "crash-before", "crash-after"
CRASHES = (CRASH_BEFORE, CRASH_AFTER)
HTTP, DISK, COMMIT, BEGIN = "http", "disk", "commit", "begin"
_FILE_EFFECTS = ("replace", "rename", "link", "unlink", "fsync", "mkdir")
DISK_ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES}
_LEDGER_ERRORS = {"busy": sqlite3.SQLITE_BUSY, "full": sqlite3.SQLITE_FULL}
_HOUSE = f"{Path(__file__).parents[2] / 'sync'}{os.sep}"


class Crash(BaseException):
    """The power is gone in the middle of a worker's work."""


@dataclass(frozen=True, slots=True)
class Effect:
    """
    One thing that a worker is about to do.

    kind: `http`, `disk`, `commit` or `begin`
    name: the API's method, the operating system's function
    step: of the run, see `steps`
    """

    kind: str
    name: str
    step: str

    def kinds(self, http: tuple[str, ...]) -> tuple[str, ...]:
        """Return the faults that it can meet; *http* are those of requests."""
        if self.kind == HTTP:
            return http
        if self.kind == DISK:
            return (*CRASHES, *DISK_ERRORS)
        return ("busy",) if self.kind == BEGIN else (*CRASHES, "full")


class Plan(Protocol):
    """Decides what becomes of each effect."""

    def fault(self, effect: Effect) -> str:
        """Return the fault that the effect meets, or ""."""
        ...

    def between(self, effect: Effect) -> None:
        """Let others do something before or after the effect."""
        ...


@dataclass(slots=True, kw_only=True)
class Worker:
    """One run of the program; after its crash it can do nothing any more."""

    plan: Plan
    is_dead: bool = False
    happened: list[tuple[Effect, str]] = field(default_factory=list)  #: and the fault, if any


class Gate:
    """Lets the effects of the worker of each thread through."""

    def __init__(self, step_of: Callable[[str, str], str]) -> None:
        self._step_of = step_of
        self._here = threading.local()

    @property
    def worker(self) -> Worker | None:
        """The worker of this thread."""
        return getattr(self._here, "worker", None)

    @contextlib.contextmanager
    def working(self, worker: Worker) -> Iterator[Worker]:
        """Let *worker* work in this thread."""
        before, self._here.worker = self.worker, worker
        try:
            yield worker
        finally:
            self._here.worker = before

    def let_through(self, kind: str, name: str, do: Callable[[str], T]) -> T:
        """Do it, unless the worker is or becomes dead; *do* gets the fault that it meets, or ""."""
        worker = self.worker
        if worker is None:
            return do("")
        if worker.is_dead:
            raise Crash
        effect = Effect(kind, name, self._step_of(kind, name))
        with self._others():
            worker.plan.between(effect)
        fault = worker.plan.fault(effect)
        worker.happened.append((effect, fault))
        if fault == CRASH_BEFORE:
            self._die(worker)
        done = do("" if fault in CRASHES else fault)
        if fault == CRASH_AFTER:
            self._die(worker)
        if kind == HTTP:
            with self._others():
                worker.plan.between(effect)
        return done

    @contextlib.contextmanager
    def _others(self) -> Iterator[None]:
        worker, self._here.worker = self.worker, None
        try:
            yield
        finally:
            self._here.worker = worker

    def _die(self, worker: Worker) -> None:
        worker.is_dead = True
        raise Crash


@contextlib.contextmanager
def gated(gate: Gate, adapter: type, now: Callable[[], datetime]) -> Iterator[None]:
    """
    Put the gate in the way of disk, ledger and network, as long as the block lasts.

    adapter: of requests, in place of the one with sockets
    now:     for google-auth, which reads the computer's clock
    """
    with contextlib.ExitStack() as patches:

        def patch(target: Any, name: str, replacement: Any) -> None:
            patches.enter_context(mock.patch.object(target, name, replacement))

        for name in _FILE_EFFECTS:
            patch(os, name, _file_effect(gate, name, getattr(os, name)))
        begun: dict[int, int] = {}  #: connection to its changes when the transaction began
        patch(DefaultDialect, "do_execute", _execute(gate, begun))
        patch(DefaultDialect, "do_commit", _commit(gate, begun, DefaultDialect.do_commit))
        patch(database, "_sqlite", cache(database._sqlite))  # or SQL is compiled in each run
        patch(program, "open_template", _read_once(program.open_template))
        # Only for docstrings; and here no power goes, what a journal is for: that is
        # what `test_processes` kills real processes for.
        patch(Schemas, "prettyPrintSchema", lambda *_: "")
        patch(Schemas, "prettyPrintByName", lambda *_: "")
        patch(database, "_PRAGMAS", _without_journal(database._PRAGMAS))
        patch(deadline, "TimedAdapter", adapter)
        patch(google.auth._helpers, "utcnow", lambda: now().replace(tzinfo=None))
        yield


def _without_journal(pragmas: Iterable[str]) -> tuple[str, ...]:
    on_disk = ("journal_mode", "synchronous")
    others = (pragma for pragma in pragmas if not any(name in pragma for name in on_disk))
    return (*others, "PRAGMA journal_mode = MEMORY", "PRAGMA synchronous = OFF")


def _read_once(open_template: Callable[..., Template]) -> Callable[..., Template]:
    """Keep templates: to read one takes as long as everything else in a run."""
    known: dict[tuple[str, bytes], Template] = {}

    def read(config: Config, service: Service, path: Path) -> Template:
        key = service.key, path.read_bytes()
        if key not in known:
            known[key] = open_template(config, service, path)
        return known[key]

    return read


def _file_effect(gate: Gate, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def effect(*args: Any, **kwargs: Any) -> Any:
        def do(fault: str) -> Any:
            if fault:
                number = DISK_ERRORS[fault]
                raise OSError(number, os.strerror(number), str(args[0]))
            return call(*args, **kwargs)

        return gate.let_through(DISK, name, do)

    return effect


def _execute(gate: Gate, begun: dict[int, int]) -> Callable[..., Any]:
    def execute(_: Any, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        del context
        if statement != "BEGIN IMMEDIATE":
            cursor.execute(statement, parameters)
            return

        def do(fault: str) -> None:
            if fault:
                raise _ledger_error(fault)
            cursor.execute(statement, parameters)

        gate.let_through(BEGIN, "begin", do)
        begun[id(cursor.connection)] = cursor.connection.total_changes

    return execute


def _commit(gate: Gate, begun: dict[int, int], call: Callable[..., Any]) -> Callable[..., Any]:
    """Count only the commits of what wrote something: no other leaves a trace."""

    def commit(dialect: Any, connection: Any) -> None:
        inner = getattr(connection, "driver_connection", connection)
        before = begun.pop(id(inner), None)
        if before is None or before == inner.total_changes:
            call(dialect, connection)
            return

        def do(fault: str) -> None:
            if fault:
                raise _ledger_error(fault)
            call(dialect, connection)

        gate.let_through(COMMIT, "commit", do)

    return commit


def _ledger_error(fault: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(f"the ledger is {fault}")
    error.sqlite_errorcode = _LEDGER_ERRORS[fault]
    return error


def functions_at_work() -> Iterator[str]:
    """Yield, from the inside out, the program's functions that are at work: `letters._number`."""
    frame = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(_HOUSE):
            yield f"{code.co_filename.rpartition(os.sep)[2][:-3]}.{code.co_name}"
        frame = frame.f_back  # type: ignore[assignment]
