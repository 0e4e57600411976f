"""For contract tests: the same promise over every implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ledgers import ENGINES, fresh_target, open_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.ledger.store import SqlLedger


@pytest.fixture(params=ENGINES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Name a place for a ledger: a file, or a new database where a PostgreSQL is there."""
    with fresh_target(request.param, tmp_path) as place:
        yield place


@pytest.fixture
def ledger(target: Path | str) -> Iterator[SqlLedger]:
    """Open an empty ledger."""
    opened = open_ledger(target)
    yield opened
    opened.close()
