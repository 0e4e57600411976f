"""The sandbox keeps its word whatever is sent to it: calls made up from Google's documents."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from fuzz.calls import MadeUp, calls
from fuzz.elsewhere import visits
from fuzz.picture import picture
from fuzz.plausible import mixed
from fuzz.reading import read_everything
from fuzz.session import session
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
_FUZZ = settings(
    max_examples=3000 if _NIGHTLY else 50,
    derandomize=not _NIGHTLY,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
_anything = mixed((8, calls()), (1, visits()))


@_FUZZ
@given(st.lists(_anything, min_size=3, max_size=20 if _NIGHTLY else 8))
def test_no_call_breaks_the_sandbox(asked: list[MadeUp]) -> None:
    """No call is answered 500 or breaks the state; all can be read, and the journal repeats it."""
    with tempfile.TemporaryDirectory() as folder, session(Path(folder)) as started:
        for call in asked:
            started.ask(call)
        read_everything(started)
        assert started.unchanged()
        assert picture(started.world.state) == started.repeated()
