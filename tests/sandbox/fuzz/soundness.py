"""What holds of every state, whatever was asked: what is broken, in words."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sync.sandbox.drive.model import FOLDER, FORM, ROLES, SPREADSHEET
from sync.sandbox.sheets.book import MAX_CELLS
from sync.sandbox.sheets.ranges import is_place

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from sync.sandbox.drive.model import File
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.state import State

_LARGEST = 2**31
#: lists of a tab whose ranges share no cell
_DISJOINT = {"merges": (), "bandedRanges": ("range",), "tables": ("range",)}
_IDS = {
    "protectedRanges": "protectedRangeId",
    "filterViews": "filterViewId",
    "charts": "chartId",
    "bandedRanges": "bandedRangeId",
    "tables": "tableId",
    "slicers": "slicerId",
}


def broken(state: State) -> list[str]:
    """Return what is wrong with *state*; empty is good."""
    found = [*_files(state), *_forms(state)]
    for book in state.spreadsheets.values():
        found += (f"{book.spreadsheet_id}: {problem}" for problem in _book(book))
    return found


def _files(state: State) -> Iterator[str]:
    for file_id, file in state.files.items():
        if file_id != file.file_id:
            yield f"{file_id} is kept as {file.file_id}"
        problems = [*_place(state, file), *_content(state, file)]
        yield from (f"file {file_id}: {problem}" for problem in problems)
    for kind, kept in (("spreadsheet", state.spreadsheets), ("form", state.forms)):
        yield from (f"{kind} {one} has no file" for one in kept if one not in state.files)
    yield from (f"change of no file {one}" for one in state.changes if one not in state.files)
    if len({number for number, _ in state.changes.values()}) != len(state.changes):
        yield "two changes have one number"
    if any(number > state.change_count for number, _ in state.changes.values()):
        yield "a change comes after the last"


def _place(state: State, file: File) -> Iterator[str]:
    if bool(file.owner) == bool(file.drive_id):
        yield f"belongs to {file.owner!r} and to drive {file.drive_id!r}"
    if file.drive_id and file.drive_id not in state.drives:
        yield "lies in a drive that is not there"
    if file.parent and file.parent not in state.files:
        yield "lies in a folder that is not there"
    above = list(state.ancestors(file))
    if file in above or len(above) > 50:
        yield "lies in itself"
    if any(one.mime_type != FOLDER for one in above):
        yield "lies in what is no folder"
    if any(one.drive_id != file.drive_id for one in above):
        yield "lies in a folder of another drive"


def _content(state: State, file: File) -> Iterator[str]:
    if not set(file.roles.values()) <= set(ROLES) or "owner" in file.roles.values():
        yield f"has roles {file.roles}"
    if (file.mime_type == SPREADSHEET) != (file.file_id in state.spreadsheets):
        yield f"of type {file.mime_type} and spreadsheet do not go together"
    if (file.mime_type == FORM) != (file.file_id in state.forms):
        yield f"of type {file.mime_type} and form do not go together"
    book = state.spreadsheets.get(file.file_id)
    if book is not None and book.properties["title"] != file.name:
        yield f"is called {file.name!r}, its spreadsheet {book.properties['title']!r}"


def _forms(state: State) -> Iterator[str]:
    for form in state.forms.values():
        questions = [question.question_id for question in form.questions]
        yield from _repeated("question", questions)
        yield from _repeated("item", [item.item_id for item in form.items])
        yield from _repeated("response", [one.response_id for one in form.responses])


def _book(book: Book) -> Iterator[str]:
    sheets = book.sheets
    yield from _repeated("gid", (sheet.sheet_id for sheet in sheets))
    yield from _repeated("title", (sheet.title.casefold() for sheet in sheets))
    yield from _repeated("named range", (one["name"].casefold() for one in book.named_ranges))
    yield from _repeated("named range id", (one["namedRangeId"] for one in book.named_ranges))
    for part, id_name in _IDS.items():
        parts = (one for sheet in sheets for one in sheet.parts.get(part, ()))
        yield from _repeated(id_name, (one.get(id_name) for one in parts))
    tags = [*book.metadata, *(tag for sheet in sheets for tag in sheet.metadata)]
    yield from _repeated("metadata", (tag.body["metadataId"] for tag in tags))
    if not any(sheet.is_grid and not sheet.properties.get("hidden") for sheet in sheets):
        yield "no tab is left to be seen"
    if sum(sheet.row_count * sheet.column_count for sheet in sheets) > MAX_CELLS:
        yield "too many cells"
    for sheet in sheets:
        problems = [*_size(sheet), *_parts(book, sheet), *_overlaps(sheet)]
        yield from (f"tab {sheet.sheet_id}: {problem}" for problem in problems)


def _size(sheet: Sheet) -> Iterator[str]:
    if not sheet.title or not 0 <= sheet.sheet_id < _LARGEST:
        yield f"has title {sheet.title!r}"
    if sheet.is_grid and (sheet.row_count < 1 or sheet.column_count < 1):
        yield f"is {sheet.row_count} by {sheet.column_count}"
    if len(sheet.rows) > sheet.row_count:
        yield f"has {len(sheet.rows)} rows, its grid {sheet.row_count}"
    if len(sheet.columns) > sheet.column_count:
        yield f"has {len(sheet.columns)} columns, its grid {sheet.column_count}"
    for number, row in enumerate(sheet.rows):
        width = max([row.filled_width(), *(column + 1 for column in row.extras)])
        if width > sheet.column_count:
            yield f"row {number} is {width} wide, its grid {sheet.column_count}"
        if any(column < 0 for column in row.extras):
            yield f"row {number} has something left of its first column"
    for name, count in (("Row", sheet.row_count), ("Column", sheet.column_count)):
        if sheet.grid.get(f"frozen{name}Count", 0) >= max(count, 1):
            yield f"all {name}s are frozen"


def _parts(book: Book, sheet: Sheet) -> Iterator[str]:
    known = {one.sheet_id: one for one in book.sheets}
    tags = [tag.body for tag in sheet.metadata]
    parts = {name: part for name, part in sheet.parts.items() if name != "charts"}
    rules = list(_places(parts.pop("conditionalFormats", [])))
    own = list(_places([parts, sheet.named_ranges, tags]))
    own += [place for place in rules if not _is_empty(place)]
    for place in [*own, *_places(sheet.parts.get("charts", []))]:  # a chart may look elsewhere
        tab = known.get(place.get("sheetId", 0))
        if tab is None:
            yield f"says {place} of a tab that is not there"
        elif tab is not sheet and place in own:
            yield f"says {place} of another tab"
        elif tab.is_grid and not _inside(place, tab):
            yield f"says {place}, a grid of {tab.row_count} by {tab.column_count}"


def _is_empty(place: dict[str, Any]) -> bool:
    """Return whether a range has no cell; Google keeps it in a conditional format."""
    ends = (("startRowIndex", "endRowIndex"), ("startColumnIndex", "endColumnIndex"))
    return any(place.get(end) == place.get(start, 0) for start, end in ends)


def _inside(place: dict[str, Any], tab: Sheet) -> bool:
    rows, columns = tab.row_count, tab.column_count
    if "dimension" in place:
        size = rows if place["dimension"] == "ROWS" else columns
        return _span(place, "startIndex", "endIndex", size)
    if place.keys() & {"rowIndex", "columnIndex"}:
        row, column = place.get("rowIndex", 0), place.get("columnIndex", 0)
        return row in range(rows) and column in range(columns)
    return _span(place, "startRowIndex", "endRowIndex", rows) and _span(
        place, "startColumnIndex", "endColumnIndex", columns
    )


def _span(place: dict[str, Any], start: str, end: str, size: int) -> bool:
    return bool(0 <= place.get(start, 0) < place.get(end, size) <= size)


def _places(thing: Any) -> Iterator[dict[str, Any]]:
    if isinstance(thing, list):
        for item in thing:
            yield from _places(item)
    elif isinstance(thing, dict) and is_place(thing):
        yield thing
    elif isinstance(thing, dict):
        for inner in thing.values():
            yield from _places(inner)


def _overlaps(sheet: Sheet) -> Iterator[str]:
    for name, path in _DISJOINT.items():
        found = sheet.parts.get(name, [])
        for step in path:
            found = [one[step] for one in found if step in one]
        for one, other in combinations(found, 2):
            if _meet(sheet, one, other):
                yield f"{name} overlap: {one} and {other}"


def _meet(sheet: Sheet, one: dict[str, int], other: dict[str, int]) -> bool:
    def axis(name: str, size: int) -> bool:
        start, end = f"start{name}Index", f"end{name}Index"
        first, last = (
            max(one.get(start, 0), other.get(start, 0)),
            min(one.get(end, size), other.get(end, size)),
        )
        return first < last

    return axis("Row", sheet.row_count) and axis("Column", sheet.column_count)


def _repeated(what: str, ids: Iterable[Hashable]) -> Iterator[str]:
    yield from (f"{what} {one!r} is there {n} times" for one, n in Counter(ids).items() if n > 1)
