"""The village office of tests/run."""

from __future__ import annotations

from run.conftest import bare_office, clock, no_pauses, office, prepared, sandbox

__all__ = ["bare_office", "clock", "no_pauses", "office", "prepared", "sandbox"]
