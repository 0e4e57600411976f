"""What the spool promises about letters that are finished and not yet stored."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from sync.cabinet.spool import Spool
from sync.model import SubmissionId

if TYPE_CHECKING:
    from pathlib import Path

TICKET = SubmissionId("SKU-0000-0000-0")


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    """Return an empty spool."""
    return Spool(tmp_path / "spool")


def test_a_letter_comes_back_as_it_was(spool: Spool) -> None:
    """It is told by its hash, and each revision apart."""
    first, second = spool.put(TICKET, 1, b"first"), spool.put(TICKET, 2, b"second")

    assert hashlib.sha256(b"first").hexdigest() == first
    assert [b"first", b"second"] == [
        spool.get(TICKET, 1, sha256=first),
        spool.get(TICKET, 2, sha256=second),
    ]


def test_another_letter_is_not_taken_for_it(spool: Spool) -> None:
    """A file with other bytes counts as missing: the letter is filled again."""
    wanted = hashlib.sha256(b"first").hexdigest()
    spool.put(TICKET, 1, b"other")

    assert None is spool.get(TICKET, 1, sha256=wanted)
    assert None is spool.get(TICKET, 2, sha256=wanted)


def test_a_letter_that_is_stored_goes(spool: Spool, tmp_path: Path) -> None:
    """Removing it twice is harmless."""
    spool.put(TICKET, 1, b"first")
    spool.remove(TICKET, 1)
    spool.remove(TICKET, 1)

    assert [] == list((tmp_path / "spool").iterdir())


def test_the_spool_is_private(spool: Spool, tmp_path: Path) -> None:
    """Folder 0700, files 0600."""
    spool.put(TICKET, 1, b"first")
    (file,) = (tmp_path / "spool").iterdir()

    assert [0o700, 0o600] == [each.stat().st_mode & 0o777 for each in (file.parent, file)]


def test_a_spool_that_was_never_used_holds_nothing(spool: Spool) -> None:
    """Before the first letter there is no folder."""
    spool.remove(TICKET, 1)

    assert None is spool.get(TICKET, 1, sha256="")
