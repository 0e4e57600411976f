"""What the sandbox's history says about the worker's writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from office import OUR_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from office import Office

SERVICE_ACCOUNT = "gserviceaccount.com"
WRITES = frozenset(("sheets.spreadsheets.values.batchUpdate", "sheets.spreadsheets.batchUpdate"))
_COUNTED = {
    "sheets.spreadsheets.get": "sheets_read",
    "sheets.spreadsheets.values.batchGetByDataFilter": "sheets_read",
    "sheets.spreadsheets.values.batchUpdate": "sheets_write",
    "sheets.spreadsheets.batchUpdate": "sheets_write",
    "token": "token",
}


def writes(office: Office, since: int = 0) -> list[str]:
    """Return the worker's writing calls since the history had that length."""
    return [call.method for call in _worker_calls(office, since) if call.method in WRITES]


def applied_writes(office: Office, since: int = 0) -> list[str]:
    """Return the worker's writing calls that changed something."""
    calls = _worker_calls(office, since)
    return [call.method for call in calls if call.method in WRITES and call.applied]


def counted(office: Office, since: int = 0) -> dict[str, int]:
    """Return the worker's calls as `google_calls` counts them."""
    found = dict.fromkeys(("sheets_read", "sheets_write", "drive", "forms", "token"), 0)
    for call in _worker_calls(office, since):
        found[_COUNTED[call.method]] += 1
    return found


def written_headers(office: Office, since: int = 0) -> set[str]:
    """Return the headers of the response sheet's columns in which the worker wrote."""
    header = office.header()
    found = {
        header[column]
        for call in _worker_calls(office, since)
        if call.method in WRITES
        for column in _columns(call.body or {}, office.sandbox.sheet_id)
    }
    assert found <= set(OUR_HEADERS), "the worker wrote into people's columns"
    return found


def _worker_calls(office: Office, since: int) -> Iterator[Any]:
    for call in office.sandbox.history()[since:]:
        if str(call.principal).endswith(SERVICE_ACCOUNT):
            yield call


def _columns(body: dict[str, Any], gid: int) -> Iterator[int]:
    for area in body.get("data", ()):
        first = re.search(r"!([A-Z]+)", area["range"])
        assert first, area
        for row in area["values"]:
            yield from (at for at, cell in enumerate(row, _index(first[1])) if cell is not None)
    for request in body.get("requests", ()):
        ((kind, details),) = request.items()
        place = details.get("range") or details.get("start") or {}
        if place.get("sheetId") == gid:
            assert kind == "findReplace", kind
            yield from range(place["startColumnIndex"], place["endColumnIndex"])


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def quiet(office: Office) -> bool:
    """Tell whether one more run is a single read."""
    before = office.mark()
    office.run()
    calls = counted(office, before)
    return (1, 0) == (calls["sheets_read"], calls["sheets_write"])
