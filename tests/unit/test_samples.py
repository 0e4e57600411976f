"""The sample responses come to what their file says, with the example config's fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from specs import FIELDS, TODAY

from sync.model import Accepted, Rejected
from sync.validate import validate

_FILE = Path(__file__).parents[1] / "samples" / "responses.json"
_ROWS = json.loads(_FILE.read_text("utf-8"))["rows"]


@pytest.mark.parametrize("row", _ROWS, ids=[row["label"] for row in _ROWS])
def test_sample_response_comes_to_what_it_should(row: dict[str, Any]) -> None:
    """Outcome, questions named and texts of the letter are as the file says."""
    answers = {f.name: row["cells"].get(f.question[0]) for f in FIELDS}
    outcome = validate(answers, FIELDS, today=TODAY)

    problems = outcome.problems if isinstance(outcome, Rejected) else ()
    named = {told.field for told in problems} | {told.field for told in outcome.cautions}
    wanted = Rejected if row["status"] == "NEEDS_CORRECTION" else Accepted
    assert wanted is type(outcome)
    assert set(row["names"]) == {f.question[0] for f in FIELDS if f.name in named}
    assert set(row["letter"]) <= set(outcome.values.values())
