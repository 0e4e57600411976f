"""The village office of tests/run, for what must never happen in it."""

from __future__ import annotations

from run.conftest import bare_office, clock, no_pauses, office, sandbox

__all__ = ["bare_office", "clock", "no_pauses", "office", "sandbox"]
