"""Whatever happens: failed batches leave no trace, and the journal repeats everything."""

from __future__ import annotations

import json
import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from real_clients import ANSWERS

from sync.sandbox import Sandbox
from sync.sandbox.reply import Refused
from sync.sandbox.sample import USER

if TYPE_CHECKING:
    from pathlib import Path

STORMS = 8 if os.environ.get("SURAT_SYNC_TESTS", "push") == "push" else 20
BROKEN = {"deleteSheet": {"sheetId": 999}}
RULE = {"condition": {"type": "BOOLEAN"}}


def _request(dice: random.Random, gid: int) -> dict[str, Any]:
    """Return a request that may do anything to a tab."""
    row, column = dice.randrange(12), dice.randrange(6)
    area = {"sheetId": gid, "startRowIndex": row, "endRowIndex": row + 2}
    place = {"sheetId": gid, "rowIndex": row, "columnIndex": column}
    text = {"stringValue": f"teks {dice.randrange(9)}"}
    cell = {"userEnteredValue": text, "note": f"n{row}"}
    dimension = dice.choice(("ROWS", "COLUMNS"))
    lines = {"sheetId": gid, "dimension": dimension, "startIndex": column, "endIndex": column + 1}
    return dice.choice(
        [
            {"updateCells": {"start": place, "rows": [{"values": [cell]}], "fields": "*"}},
            {"repeatCell": {"range": area, "cell": cell, "fields": "note"}},
            {"setDataValidation": {"range": area, "rule": RULE}},
            {"insertDimension": {"range": lines}},
            {"deleteDimension": {"range": lines}},
            {"moveDimension": {"source": lines, "destinationIndex": dice.randrange(6)}},
            {"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": column}]}},
            {"findReplace": {"find": "teks", "replacement": "kata", "sheetId": gid}},
            {"addNamedRange": {"namedRange": {"name": f"n{dice.random()}", "range": area}}},
            {"addProtectedRange": {"protectedRange": {"range": area, "warningOnly": True}}},
            {"setBasicFilter": {"filter": {"range": area}}},
            {"duplicateSheet": {"sourceSheetId": gid}},
            {"addConditionalFormatRule": {"rule": {"ranges": [area]}}},
            {
                "updateDimensionProperties": {
                    "range": lines,
                    "properties": {"hiddenByUser": True},
                    "fields": "hiddenByUser",
                }
            },
            {
                "updateSheetProperties": {
                    "properties": {"sheetId": gid, "index": 0, "title": f"T{dice.random()}"},
                    "fields": "title,index",
                }
            },
        ]
    )


def _ask(sandbox: Sandbox, verb: str, path: str, body: Any = None) -> tuple[int, Any]:
    world = sandbox.world
    scopes = ["https://www.googleapis.com/auth/spreadsheets"]
    headers = {
        "authorization": f"Bearer {world.keys.access_token(USER, scopes, world.clock())}",
    }
    where, _, query = f"/v4/spreadsheets/{sandbox.spreadsheet_id}{path}".partition("?")
    reply = world.call(verb, where, query, headers, json.dumps(body).encode() if body else b"")
    return reply.status, reply.body


def _everything(sandbox: Sandbox) -> str:
    return json.dumps(_ask(sandbox, "GET", "?includeGridData=true")[1], sort_keys=True)


def _first_gid(sandbox: Sandbox) -> int:
    return sandbox.world.state.book(sandbox.spreadsheet_id).sheets[0].sheet_id


@pytest.mark.parametrize("seed", range(STORMS))
def test_failed_batches_leave_no_trace(seed: int) -> None:
    """After a batch whose last request fails every cell, note and rule is as before."""
    dice = random.Random(seed)
    sandbox = Sandbox(seed=seed)
    for _ in range(3):
        sandbox.submit(ANSWERS)
    for _ in range(15):
        gid = _first_gid(sandbox)
        requests = [_request(dice, gid) for _ in range(6)]
        before = _everything(sandbox)
        status, _ = _ask(sandbox, "POST", ":batchUpdate", {"requests": [*requests, BROKEN]})
        assert 400 == status
        assert before == _everything(sandbox)
        _ask(sandbox, "POST", ":batchUpdate", {"requests": requests[:3]})


@pytest.mark.parametrize("seed", range(5))
def test_journal_comes_to_the_same_state(tmp_path: Path, seed: int) -> None:
    """API writes, answers and staff's work are all repeated, random ids included."""
    dice = random.Random(seed)
    sandbox = Sandbox(seed=seed, state=tmp_path)
    sandbox.world.call(
        "POST", "/_sandbox/staff", body=b'{"do": "random", "rate": 0.3, "seed": %d}' % seed
    )
    for _ in range(40):
        gid = _first_gid(sandbox)
        body = {"requests": [_request(dice, gid)]}
        _ask(sandbox, "POST", ":batchUpdate", body)
        try:
            sandbox.submit(ANSWERS)
        except Refused as refused:
            pytest.fail(f"the form could not write: {refused.message}")
    sandbox.world.staff.waiting.clear()
    sandbox.stop()
    again = Sandbox(state=tmp_path)
    again.stop()

    assert _everything(sandbox) == _everything(again)
