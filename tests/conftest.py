"""For all tests: how hard Hypothesis looks, what is fast, no skipped test where CI counts on it."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

pytest_plugins = ["pytester", "exchanges.plugin"]

settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=250, deadline=None, derandomize=True)
settings.register_profile(
    "nightly", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))

_MEMORY = Path("/dev/shm")  #: where Linux keeps files in memory
_ROOM_BYTES = 2_000_000_000


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests' folders in memory, and know a key again whose primes were tested once."""
    if _has_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
    patch = pytest.MonkeyPatch()
    patch.setattr(serialization, "load_pem_private_key", cache(serialization.load_pem_private_key))
    config.add_cleanup(patch.undo)


def _has_memory() -> bool:
    """
    Tell whether files can be kept in memory, where a flush to the disk costs nothing.

    A killed process loses nothing that it gave to the operating system, on whatever medium;
    what a power cut could take is another question, see `test_ledger_file`.
    """
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM_BYTES:
        return False
    return not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC  # some tests run what they wrote


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a CI run in which a test was skipped: nobody would read that it was."""
    reporter: TerminalReporter | None = session.config.pluginmanager.get_plugin("terminalreporter")
    is_worker = hasattr(session.config, "workerinput")
    if os.environ.get("CI") and reporter and not is_worker and reporter.stats.get("skipped"):
        reporter.write_line("a test was skipped, and in CI none may be", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
