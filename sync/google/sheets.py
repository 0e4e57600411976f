"""Google Sheets through gspread's low-level calls, over our transport."""

from __future__ import annotations

import re
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from gspread.http_client import HTTPClient
from gspread.urls import (
    SPREADSHEET_BATCH_UPDATE_URL,
    SPREADSHEET_URL,
)

from sync.errors import GoogleSurprise, LayoutError
from sync.google import batch
from sync.google.answers import Refused
from sync.google.interface import Grid, SpreadsheetInfo, Tab, TabMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping, Sequence
    from datetime import timedelta

    from gspread.http_client import FileType, ParamsType
    from requests import Response

    from sync.google.interface import (
        CellText,
        Line,
        NewColumn,
        NewTab,
        Placement,
        Replacement,
    )
    from sync.google.transport import Transport
    from sync.model import Cell

_BAD_REQUEST = 400
_GOOGLE = "https://sheets.googleapis.com"
_BATCH_GET_BY_FILTER_URL = SPREADSHEET_URL + "/values:batchGetByDataFilter"
_INFO_FIELDS = (
    "properties(title,locale,timeZone),"
    "sheets(properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount)),merges)"
)
_NO_NAMED_RANGE = "surat-sync-check"


class GspreadSheets:
    """Implements `interface.Spreadsheets`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._client = _Client(transport)

    @property
    def transport(self) -> Transport:
        """The connection, for what goes beside Sheets as the same run."""
        return self._transport

    def info(self, spreadsheet: str) -> SpreadsheetInfo:
        """Return title, zone, locale and tabs."""
        reply = self._client.fetch_sheet_metadata(spreadsheet, {"fields": _INFO_FIELDS})
        properties = reply.get("properties", {})
        return SpreadsheetInfo(
            title=properties.get("title", ""),
            time_zone=properties.get("timeZone", ""),
            locale=properties.get("locale", ""),
            tabs=tuple(_tabs(reply)),
        )

    def read(self, spreadsheet: str, gids: Sequence[int]) -> Mapping[int, Grid]:
        """Return these tabs in one call, by gid, so that a renamed tab is found."""
        body = {
            "dataFilters": [{"gridRange": {"sheetId": gid}} for gid in gids],
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
        }
        reply = self._post(_BATCH_GET_BY_FILTER_URL % spreadsheet, body, repeatable=True)
        grids = {grid.gid: grid for grid in map(_grid, reply.get("valueRanges", []))}
        if missing := set(gids) - set(grids):
            raise GoogleSurprise(f"Google's answer leaves out tabs {sorted(missing)}")
        return grids

    def check_writing(self, spreadsheet: str) -> None:
        """
        Raise `GoogleRefused` when we may not write; nothing is written.

        Asks for what cannot be done: Google looks at the permission first, then refuses it.
        """
        request = {"deleteNamedRange": {"namedRangeId": _NO_NAMED_RANGE}}
        try:
            self._batch(spreadsheet, [request], repeatable=True)
        except Refused as error:
            if error.status != _BAD_REQUEST:
                raise

    def claim(self, spreadsheet: str, cells: Sequence[CellText]) -> None:
        """Write by position, RAW, nothing but these cells; sent once, whatever the answer."""
        place = attrgetter("tab", "row_number")
        rows = groupby(sorted(cells, key=place), key=place)
        body = {
            "valueInputOption": "RAW",
            "data": [_row_of_texts(*where, list(row)) for where, row in rows],
        }
        self._client.values_batch_update(spreadsheet, body)

    def swap(
        self,
        spreadsheet: str,
        *,
        replacements: Sequence[Replacement],
        lines: Sequence[Line] = (),
        new_tabs: Sequence[NewTab] = (),
        row_counts: Mapping[int, int] | None = None,
        column_counts: Mapping[int, int] | None = None,
    ) -> tuple[int, ...]:
        """
        Send one atomic batch; return how many cells each replacement changed.

        Everything in it may be repeated: tabs have our own ids and lines a fixed place.
        """
        requests = [
            *batch.growth(new_tabs, row_counts or {}, column_counts or {}),
            *batch.tabs(new_tabs, row_counts or {}),
            *map(batch.replacement, replacements),
            *map(batch.line, lines),
        ]
        replies = self._batch_without_known_tabs(spreadsheet, requests, repeatable=True)
        first = len(replies) - len(lines) - len(replacements)
        counts = (reply.get("findReplace", {}) for reply in replies[first:][: len(replacements)])
        return tuple(int(count.get("occurrencesChanged", 0)) for count in counts)

    def place(
        self,
        spreadsheet: str,
        *,
        placements: Sequence[Placement],
        lines: Sequence[Line] = (),
        new_tabs: Sequence[NewTab] = (),
        row_counts: Mapping[int, int] | None = None,
        column_counts: Mapping[int, int] | None = None,
    ) -> None:
        """
        Write final texts by position, as one atomic batch.

        Sent once, whatever the answer: the second try could hit other rows.
        """
        requests = [
            *batch.growth(new_tabs, row_counts or {}, column_counts or {}),
            *batch.tabs(new_tabs, row_counts or {}),
            *map(batch.placement, placements),
            *map(batch.line, lines),
        ]
        self._batch_without_known_tabs(spreadsheet, requests, repeatable=False)

    def add_columns(
        self, spreadsheet: str, tab: Tab, columns: Sequence[NewColumn], *, at: int
    ) -> None:
        """
        Add headers, drop-downs, notes and colours from column *at* on, as one batch.

        Sent once: a repeated batch would colour and protect twice.
        """
        self._batch(spreadsheet, batch.columns(tab, columns, at=at), repeatable=False)

    def remove(
        self, spreadsheet: str, *, columns: Mapping[int, Sequence[int]], tabs: Sequence[int]
    ) -> None:
        """Delete columns and whole tabs, as one batch; sent once: a second would hit others."""
        self._batch(spreadsheet, batch.removals(columns, tabs), repeatable=False)

    def calls(self) -> Mapping[str, int]:
        """Return the requests sent so far: sheets_read, sheets_write, drive, forms, token."""
        return self._transport.calls()

    def clock_skew(self) -> timedelta | None:
        """Return how far Google's clock is ahead of ours, by its last answer; None before one."""
        return self._transport.clock_skew()

    def _batch_without_known_tabs(
        self, spreadsheet: str, requests: Sequence[dict[str, Any]], *, repeatable: bool
    ) -> list[dict[str, Any]]:
        """Send the batch; a tab that a lost try has added already is left out."""
        try:
            return self._batch(spreadsheet, requests, repeatable=repeatable)
        except Refused as error:
            done = re.search(r"requests\[(\d+)\]\.addSheet: .*already exists", error.google_says)
            if not done:
                raise
            known = int(done[1])
        try:
            rest = [*requests[:known], *requests[known + 1 :]]
            return self._batch_without_known_tabs(spreadsheet, rest, repeatable=repeatable)
        except TabMissing as error:
            title = requests[known]["addSheet"]["properties"]["title"]
            raise LayoutError(f"another tab is titled {title!r}: rename it, for ours") from error

    def _batch(
        self, spreadsheet: str, requests: Sequence[dict[str, Any]], *, repeatable: bool
    ) -> list[dict[str, Any]]:
        url = SPREADSHEET_BATCH_UPDATE_URL % spreadsheet
        reply = self._post(url, {"requests": list(requests)}, repeatable=repeatable)
        replies = list(reply.get("replies", []))
        if len(replies) != len(requests):
            raise GoogleSurprise("Google's answer does not fit the batch")
        return replies

    def _post(self, url: str, body: dict[str, Any], *, repeatable: bool) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = self._client.request(
                "post", url, json=body, repeatable=repeatable
            ).json()
        except Refused as error:
            if "No grid with id" in error.google_says:
                raise TabMissing from error
            raise
        return answer


class _Client(HTTPClient):
    """gspread's calls, at the transport's address."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(None, session=transport)  # type: ignore[arg-type] # all it uses
        self._transport = transport

    def request(  # noqa: PLR0917 - as in gspread
        self,
        method: str,
        endpoint: str,
        params: ParamsType | None = None,
        data: bytes | None = None,
        json: Mapping[str, Any] | None = None,
        files: FileType = None,
        headers: MutableMapping[str, str] | None = None,
        *,
        repeatable: bool | None = None,
    ) -> Response:
        """Send what gspread asks for; *repeatable* as in `Transport.request`."""
        base = self._transport.base_url or _GOOGLE
        return self._transport.request(
            method,
            endpoint.replace(_GOOGLE, base, 1),
            repeatable=repeatable,
            params=params,
            data=data,
            json=json,
            files=files,
            headers=headers,
        )


def _tabs(reply: Mapping[str, Any]) -> Iterator[Tab]:
    """Yield the tabs that hold cells; a chart's own tab holds none."""
    for sheet in reply.get("sheets", []):
        properties = sheet["properties"]
        if properties.get("sheetType", "GRID") != "GRID":
            continue
        grid = properties.get("gridProperties", {})
        yield Tab(
            gid=properties.get("sheetId", 0),
            title=properties.get("title", ""),
            row_count=grid.get("rowCount", 0),
            column_count=grid.get("columnCount", 0),
            merged=bool(sheet.get("merges")),
        )


def _grid(matched: dict[str, Any]) -> Grid:
    """Return one tab of the answer; a sheetId of 0 is left out by Google."""
    values = matched.get("valueRange", {})
    data_filter = (matched.get("dataFilters") or [{}])[0]
    title, column_count, row_count = _title_and_size(values.get("range", ""))
    return Grid(
        gid=data_filter.get("gridRange", {}).get("sheetId", 0),
        title=title,
        row_count=row_count,
        rows=tuple(tuple(map(_cell, row)) for row in values.get("values", [])),
        column_count=column_count,
    )


def _title_and_size(whole_tab: str) -> tuple[str, int, int]:
    """Return what a range over a whole tab tells: `'RT 01/RW 02'!A1:Z1000`; one cell: `X!A1`."""
    found = re.fullmatch(r"(?s)(?:'(.*)'|(.*))!A1(?::([A-Z]+)([0-9]+))?", whole_tab)
    if not found:
        raise GoogleSurprise("Google's answer names a tab's range in a way that we do not know")
    quoted, plain, last_column, row_count = found.groups()
    title = plain if quoted is None else quoted.replace("''", "'")
    return title, _column_number(last_column or "A"), int(row_count or 1)


def _column_number(letters: str) -> int:
    """Return which column the letters name: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _cell(value: Any) -> Cell:  # noqa: ANN401 - JSON
    """Return the cell; JSON knows one kind of number, so a whole one is a float too."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[no-any-return] # str, float, bool or None


def _row_of_texts(title: str, row_number: int, cells: Sequence[CellText]) -> dict[str, Any]:
    """Return one row's texts as a range; null leaves a cell between them alone."""
    texts = {cell.column: cell.text for cell in cells}
    first, last = min(texts), max(texts)
    quoted = "'{}'".format(title.replace("'", "''"))
    return {
        "range": f"{quoted}!{_letters(first)}{row_number}:{_letters(last)}{row_number}",
        "values": [[texts.get(column) for column in range(first, last + 1)]],
    }


def _letters(column: int) -> str:
    """Return the column's letters: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
