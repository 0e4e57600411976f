"""A sandbox in process that must keep its word, whatever is sent to it."""

from __future__ import annotations

import json
import random
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from exchanges import rules

from fuzz.calls import MadeUp
from fuzz.picture import picture
from fuzz.plausible import FIRST, SECOND
from fuzz.soundness import broken
from sync.sandbox.endpoints import ENDPOINTS
from sync.sandbox.journal import Journal
from sync.sandbox.keys import process_keys
from sync.sandbox.sample import SHEET_ID, SPREADSHEET_ID
from sync.sandbox.validate import answer_problems
from sync.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sync.sandbox.reply import Reply

_BEGIN = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)
_JSON = "application/json"


class Session:
    """A world, and what it has said so far."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self._ticks = 0
        self._folder, self._journal = folder, journal
        self.world = self._world(journal)
        self.world.observers[:] = [self._see]  # problems count here, one example by itself
        self._problems: list[str] = []
        self.prepare()
        self._before = picture(self.world.state)

    def prepare(self) -> None:
        """Make the sample's tab small, and two tabs with something of every kind in them."""
        for call in _PREPARED:
            reply = self.world.call(*call.sent(self.world))
            assert 200 == reply.status, reply.body

    def ask(self, call: MadeUp) -> Reply:
        """Send one call and hold the answer and the state against everything that must be."""
        reply = self._answered(call)
        after = picture(self.world.state)
        if reply.status >= 400:
            assert self._before == after, "a refused call changed something"
        elif after != self._before:
            entry = reply.entry
            wrote = entry is None or entry.method not in ENDPOINTS or ENDPOINTS[entry.method].write
            assert wrote, "a call that only reads changed something"
            problems = broken(self.world.state)
            assert not problems, problems
        self._before = after
        return reply

    def read(self, path: str, **query: Any) -> Any:
        """Return what the village's user gets; anything but 200 is wrong."""
        reply = self._answered(MadeUp(verb="GET", path=path, query=list(query.items())))
        assert 200 == reply.status, (path, reply.body)
        return reply.body

    def unchanged(self) -> bool:
        """Return whether reading has left everything as it was."""
        return bool(self._before == picture(self.world.state))

    def repeated(self) -> Any:
        """Close the journal, and return the picture of what a new start makes of it."""
        self._journal.close()
        with closing(Journal(self._folder)) as again:
            return picture(self._world(again).state)

    def _answered(self, call: MadeUp) -> Reply:
        sent = call.sent(self.world)
        self._problems.clear()
        reply = self.world.call(*sent)
        _check_answer(reply)
        assert not self._problems, self._problems
        return reply

    def _world(self, journal: Journal) -> World:
        return World(keys=process_keys(), clock=self._clock, dice=random.Random(1), journal=journal)

    def _clock(self) -> datetime:
        self._ticks += 1
        return _BEGIN + timedelta(milliseconds=137 * self._ticks)

    def _see(
        self, method: str, _body: Any, query: Mapping[str, Any], status: int, answer: Any
    ) -> None:
        self._problems += rules.answer_problems(method, status, answer)
        if status < 300 and "fields" not in query:
            self._problems += answer_problems(method, answer)


@contextmanager
def session(folder: Path) -> Iterator[Session]:
    """Start a session whose journal lies in *folder*."""
    with closing(Journal(folder)) as journal:
        yield Session(folder, journal)


def _check_answer(reply: Reply) -> None:
    """Fail for a 500, for JSON that is none, and for an error that does not say what it is."""
    content = reply.payload()
    assert 500 != reply.status, content
    if not reply.content_type.startswith(_JSON):
        return
    told = json.loads(content or b"{}", parse_constant=_no_constant)
    if reply.status >= 400:
        error = told["error"]
        assert isinstance(error, str) or (error["code"] == reply.status and error["message"])


def _no_constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def _grid(tab: int, top: int, bottom: int, left: int, right: int) -> dict[str, int]:
    return {
        "sheetId": tab,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def _tab(gid: int, title: str, rows: int, columns: int) -> Any:
    grid = {"rowCount": rows, "columnCount": columns}
    properties = {"sheetId": gid, "title": title, "gridProperties": grid}
    return {"addSheet": {"properties": properties}}


_ROWS = [
    ["a", "b", 3, True, "2026-11-24"],
    ["c", "", 1, False, "12:30"],
    ["=A1&B1", "=SUM(C1:C3)", "=D4", "=1/0", "x"],
    [1, 2, 3, 4, 5],
    [None, None, None, None, "end"],
]
_NAMED: Any = {"namedRangeId": "n", "name": "N", "range": _grid(FIRST, 1, 3, 1, 3)}
_SMALL = {"rowCount": 30, "columnCount": 24}
_SECOND_ROW = {"sheetId": FIRST, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
_COLUMN = {"sources": [_grid(FIRST, 0, 4, 2, 3)]}
_CHART = {
    "chartId": 4,
    "spec": {"basicChart": {"chartType": "LINE", "series": [{"series": {"sourceRange": _COLUMN}}]}},
    "position": {"overlayPosition": {"anchorCell": {"sheetId": SECOND, "rowIndex": 1}}},
}
_RULE = {
    "ranges": [_grid(FIRST, 0, 4, 0, 4)],
    "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}},
}
_TAG = {
    "metadataId": 6,
    "metadataKey": "k",
    "visibility": "DOCUMENT",
    "location": {"dimensionRange": _SECOND_ROW},
}
_GREEN = {"firstBandColor": {"green": 1}}
#: something of every kind, so that requests find what they change
_REQUESTS: list[Any] = [
    _tab(FIRST, "Data", 12, 8),
    _tab(SECOND, "Lain", 5, 5),
    {
        "updateSheetProperties": {
            "properties": {"sheetId": SHEET_ID, "gridProperties": _SMALL},
            "fields": "gridProperties(rowCount,columnCount)",
        }
    },
    {"addNamedRange": {"namedRange": _NAMED}},
    {"setBasicFilter": {"filter": {"range": _grid(FIRST, 0, 5, 0, 5)}}},
    {"addFilterView": {"filter": {"filterViewId": 3, "range": _grid(FIRST, 0, 4, 0, 3)}}},
    {"addTable": {"table": {"tableId": "t", "name": "T", "range": _grid(SECOND, 0, 3, 0, 2)}}},
    {"addDimensionGroup": {"range": _SECOND_ROW}},
    {"createDeveloperMetadata": {"developerMetadata": _TAG}},
    {"addProtectedRange": {"protectedRange": {"protectedRangeId": 2, "range": _NAMED["range"]}}},
    {
        "addBanding": {
            "bandedRange": {
                "bandedRangeId": 5,
                "range": _grid(SECOND, 3, 5, 2, 5),
                "rowProperties": _GREEN,
            }
        }
    },
    {"addConditionalFormatRule": {"rule": _RULE}},
    {"mergeCells": {"range": _grid(FIRST, 6, 8, 2, 5), "mergeType": "MERGE_ALL"}},
    {"addChart": {"chart": _CHART}},
]
_VALUES = {
    "valueInputOption": "USER_ENTERED",
    "data": [{"range": "Data!A1", "values": _ROWS}, {"range": "Lain!A1", "values": [["p", "q"]]}],
}
_OF_SAMPLE = f"/v4/spreadsheets/{SPREADSHEET_ID}"
_FOLDER = "application/vnd.google-apps.folder"
_COMMENTS = f"/drive/v3/files/{SPREADSHEET_ID}/comments"
_PREPARED = [
    MadeUp(verb="POST", path=f"{_OF_SAMPLE}:batchUpdate", body={"requests": _REQUESTS}),
    MadeUp(verb="POST", path=f"{_OF_SAMPLE}/values:batchUpdate", body=_VALUES),
    MadeUp(verb="POST", path="/drive/v3/files", body={"name": "a", "mimeType": "text/plain"}),
    MadeUp(verb="POST", path="/drive/v3/files", body={"name": "b", "mimeType": _FOLDER}),
    MadeUp(verb="POST", path="/upload/drive/v3/files", query=[("uploadType", "resumable")]),
    MadeUp(verb="POST", path=_COMMENTS, query=[("fields", "*")], body={"content": "c"}),
    MadeUp(verb="POST", path="/drive/v3/drives", query=[("requestId", "q")], body={"name": "d"}),
]
