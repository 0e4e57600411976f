"""
The findReplace request.

A worker that swaps thousands of tokens sends one request for each. Whole-cell searches
therefore use an index of what each column shows, which follows every write of the batch.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.cells import Formula, Value
from sync.sandbox.sheets.reading import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet

_COUNTS = (
    "valuesChanged",
    "formulasChanged",
    "rowsChanged",
    "sheetsChanged",
    "occurrencesChanged",
)
_GROUP = re.compile(r"\$(\d)")


def find_replace(edit: Edit, request: Json) -> Json:
    """Replace text in cells; a count that is zero is absent from the answer."""
    if not request.get("find"):
        raise bad_request("find must not be empty")
    counts = dict.fromkeys(_COUNTS, 0)
    rows = set()
    sheets = set()
    for area in _areas(edit.book, request):
        for row, column, text, times in list(_replacements(edit, area, request)):
            formula = isinstance(area.sheet.value(row, column), Formula)
            _replace(edit, area.sheet, row, column, text, formula=formula)
            counts["formulasChanged" if formula else "valuesChanged"] += 1
            counts["occurrencesChanged"] += times
            rows.add((area.sheet.sheet_id, row))
            sheets.add(area.sheet.sheet_id)
    counts["rowsChanged"], counts["sheetsChanged"] = len(rows), len(sheets)
    return {"findReplace": {name: count for name, count in counts.items() if count}}


class Finder:
    """
    Which rows of a column show a text, for as long as one batch lasts.

    A write changes the index; moved rows and columns, or changed formats, discard it.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self._columns: dict[tuple[int, int], dict[str, set[int]]] = {}
        self._versions: dict[int, int] = {}

    def rows(self, area: Area, text: str) -> Iterator[tuple[int, int]]:
        """Yield the cells of *area*, no formulas, that show exactly *text*."""
        self._forget_moved(area.sheet)
        cells = [
            (row, column)
            for column in range(area.left, area.right)
            for row in self._column(area.sheet, column).get(text, ())
            if area.top <= row < area.bottom
        ]
        yield from sorted(cells)

    def _forget_moved(self, sheet: Sheet) -> None:
        version = self._versions.get(sheet.sheet_id)
        if version == sheet.layout_version:
            return
        if version is None:
            sheet.watch(self._follower(sheet))
        self._versions[sheet.sheet_id] = sheet.layout_version
        for key in [key for key in self._columns if key[0] == sheet.sheet_id]:
            del self._columns[key]

    def _follower(self, sheet: Sheet) -> Callable[[int, int, Value, Value], None]:
        def follow(row: int, column: int, old: Value, new: Value) -> None:
            index = self._columns.get((sheet.sheet_id, column))
            if index is None:
                return
            if not isinstance(old, str | None) or not isinstance(new, str | None):
                del self._columns[sheet.sheet_id, column]
                return
            if old is not None:
                index[old].discard(row)
            if new is not None:
                index.setdefault(new, set()).add(row)

        return follow

    def _column(self, sheet: Sheet, column: int) -> dict[str, set[int]]:
        key = (sheet.sheet_id, column)
        if key not in self._columns:
            index: dict[str, set[int]] = {}
            for row, line in enumerate(sheet.rows):
                value = line.value(column)
                if isinstance(value, str):
                    index.setdefault(value, set()).add(row)
                elif value is not None and not isinstance(value, Formula):
                    index.setdefault(shown(self.book, sheet, row, column), set()).add(row)
            self._columns[key] = index
        return self._columns[key]


def _areas(book: Book, request: Json) -> Iterable[Area]:
    if "range" in request:
        return [ranges.from_grid_range(book, request["range"])]
    if "sheetId" in request:
        return [ranges.whole(book.sheet(request["sheetId"]))]
    if request.get("allSheets"):
        return [ranges.whole(sheet) for sheet in book.sheets]
    raise bad_request("One of range, sheetId or allSheets must be set.")


def _replacements(edit: Edit, area: Area, request: Json) -> Iterator[tuple[int, int, str, int]]:
    """Yield row, column, new text and occurrences for each cell that matches."""
    new = request.get("replacement", "")
    for row, column, text in _candidates(edit, area, request):
        if _skipped(edit, area.sheet, row):
            continue
        changed, times = _substituted(request, text, new)
        if times:
            yield row, column, changed, times


def _candidates(edit: Edit, area: Area, request: Json) -> Iterator[tuple[int, int, str]]:
    formulas = bool(request.get("includeFormulas"))
    exact = request.get("matchEntireCell") and request.get("matchCase")
    if exact and not formulas and not request.get("searchByRegex"):
        edit.finder = edit.finder or Finder(edit.book)
        for row, column in edit.finder.rows(area, request["find"]):
            yield row, column, request["find"]
        return
    for row in range(area.top, min(area.bottom, len(area.sheet.rows))):
        for column in range(area.left, min(area.right, len(area.sheet.rows[row].cells))):
            value = area.sheet.value(row, column)
            if isinstance(value, Formula):
                if formulas:
                    yield row, column, value.text
            elif value is not None:
                yield row, column, shown(edit.book, area.sheet, row, column)


def _skipped(edit: Edit, sheet: Sheet, row: int) -> bool:
    return edit.switches["find_replace_hidden_rows"] == "skip" and sheet.rows[row].hidden


def _substituted(request: Json, text: str, new: str) -> tuple[str, int]:
    by_regex = bool(request.get("searchByRegex"))
    if not by_regex and text == request["find"]:
        return new, 1
    pattern = _pattern(request)
    if request.get("matchEntireCell"):
        match = pattern.fullmatch(text)
        if match is None:
            return text, 0
        return (_expanded(match, new) if by_regex else new), 1
    return pattern.subn(lambda match: _expanded(match, new) if by_regex else new, text)


def _pattern(request: Json) -> re.Pattern[str]:
    find = request["find"]
    flags = 0 if request.get("matchCase") else re.IGNORECASE
    if not request.get("searchByRegex"):
        return re.compile(re.escape(find), flags)
    try:
        return re.compile(find, flags)
    except re.error as error:
        raise bad_request(f"Invalid regular expression: {find}") from error


def _expanded(match: re.Match[str], new: str) -> str:
    """Return *new* with its groups filled in; a group that is not there is empty."""
    groups = (match[0], *match.groups(default=""))
    return _GROUP.sub(lambda group: "".join(groups[int(group[1]) :][:1]), new)


def _replace(edit: Edit, sheet: Sheet, row: int, column: int, text: str, *, formula: bool) -> None:
    edit.check(ranges.cell(sheet, row, column))
    raw = edit.switches["find_replace"] == "literal" and not formula
    edit.write(sheet, row, column, text, raw=raw)
