"""The `spreadsheets` methods: get, create, batchUpdate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox import masks
from sync.sandbox.drive.model import SPREADSHEET, File
from sync.sandbox.ids import new_spreadsheet_id
from sync.sandbox.reply import Refused, bad_request
from sync.sandbox.sheets import data_filters, filtering, ranges
from sync.sandbox.sheets import edit as edits
from sync.sandbox.sheets.book import Book
from sync.sandbox.sheets.creation import first_requests
from sync.sandbox.sheets.edit import Edit
from sync.sandbox.sheets.grid_data import grid_data
from sync.sandbox.sheets.kinds import KINDS
from sync.sandbox.sheets.kinds.tabs import check_visible, file_properties, new_sheet
from sync.sandbox.sheets.look import new_file_properties
from sync.sandbox.sheets.tables import table_json
from sync.sandbox.sheets.viewer import viewer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.sandbox.masks import Mask
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.sheets.viewer import Viewer
    from sync.sandbox.state import State


def get(call: Call, state: State) -> Json:
    """
    Answer sheets.spreadsheets.get.

    Cells come with `includeGridData`, or when `fields` names them; with a mask
    `includeGridData` is ignored.
    """
    book = edits.opened(call, state)
    areas = [ranges.parsed(book, text) for text in call.query.get("ranges", ())]
    grid = bool(call.query.get("includeGridData"))
    return _answer(call, state, book, areas or None, grid=grid)


def get_by_data_filter(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.getByDataFilter; filters that select nothing: no tabs."""
    book = edits.opened(call, state)
    wanted = call.body.get("dataFilters", ())
    email = call.principal.email
    areas = [area for one in wanted for area in data_filters.areas(book, one, email)]
    grid = bool(call.body.get("includeGridData"))
    return _answer(call, state, book, areas if wanted else None, grid=grid)


def create(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.create: the file and all in it belong to the caller."""
    if call.principal.email in state.without_storage:
        raise Refused(403, "The caller does not have permission")
    spreadsheet_id = new_spreadsheet_id(call.random)
    given = call.body.get("properties", {})
    wanted = {name: value for name, value in given.items() if value != ""}
    title = wanted.get("title", "Untitled spreadsheet")
    book = Book(spreadsheet_id, new_file_properties(title) | file_properties(wanted))
    for sheet in call.body.get("sheets") or [{}]:
        wanted_sheet = sheet.get("properties", {})
        usual = call.random.randrange(1, 2**31) if book.sheets else 0
        book.add_sheet(new_sheet(book, wanted_sheet, wanted_sheet.get("sheetId", usual)))
    check_visible(book)
    book.calculated_at = call.now
    edit = Edit(
        book=book,
        email=call.principal.email,
        owner=call.principal.email,
        now=call.now,
        random=call.random,
        switches=state.switches,
    )
    for kind, request in first_requests(book, call.body):
        KINDS[kind](edit, request)
    state.spreadsheets[spreadsheet_id] = book
    file = File(
        file_id=spreadsheet_id,
        name=title,
        mime_type=SPREADSHEET,
        owner=call.principal.email,
        created=call.now,
        made_by=call.principal.email,
    )
    state.add_file(file, call.now)
    return spreadsheet_json(book, None, {}, viewer(call, state, spreadsheet_id), grid=False)


def batch_update(call: Call, state: State) -> Json:
    """Answer sheets.spreadsheets.batchUpdate: every request in order, or none."""
    requests = call.body.get("requests", [])
    if not requests:
        raise bad_request("Must specify at least one request.")
    edit = edits.begun(call, state)
    replies = [_applied(edit, request, at) for at, request in enumerate(requests)]
    answer: Json = {"spreadsheetId": edit.book.spreadsheet_id, "replies": replies}
    if call.body.get("includeSpreadsheetInResponse"):
        areas = [ranges.parsed(edit.book, text) for text in call.body.get("responseRanges", ())]
        grid = bool(call.body.get("responseIncludeGridData"))
        looks = viewer(call, state, edit.book.spreadsheet_id)
        answer["updatedSpreadsheet"] = spreadsheet_json(
            edit.book, areas or None, {}, looks, grid=grid
        )
    return edits.kept(edit, state, answer)


def spreadsheet_json(
    book: Book, areas: Sequence[Area] | None, mask: Mask, looks: Viewer, *, grid: bool
) -> Json:
    """Return the API's Spreadsheet; with *areas* only their tabs, and only their cells."""
    body: Json = {"spreadsheetId": book.spreadsheet_id, "properties": book.properties}
    named = {id(area.sheet) for area in areas or ()}
    data = masks.names(mask, "sheets", "data") if mask else grid
    inner = _inside(mask, "sheets", "data")
    shown = [
        _sheet_json(book, sheet, areas or (), looks, inner if data else None)
        for sheet in book.sheets
        if areas is None or id(sheet) in named
    ]
    if shown:
        body["sheets"] = shown
    if book.named_ranges:
        body["namedRanges"] = book.named_ranges
    if tags := looks.metadata(book.metadata):
        body["developerMetadata"] = tags
    address = f"https://docs.google.com/spreadsheets/d/{book.spreadsheet_id}/edit"
    return body | {"spreadsheetUrl": address}


def _answer(call: Call, state: State, book: Book, areas: list[Area] | None, *, grid: bool) -> Json:
    text = call.query.get("fields")
    mask = masks.answer_mask(call.method, text) if text else {}
    looks = viewer(call, state, book.spreadsheet_id)
    return spreadsheet_json(book, areas, mask, looks, grid=grid)


def _inside(mask: Mask, *path: str) -> Mask:
    for name in path:
        if not mask or "*" in mask:
            return {}
        mask = mask.get(name, {})
    return mask


def _sheet_json(
    book: Book, sheet: Sheet, areas: Sequence[Area], looks: Viewer, mask: Mask | None
) -> Json:
    body: Json = {"properties": sheet.properties_json(book.sheets.index(sheet))}
    if mask is not None and sheet.is_grid:
        own = [area for area in areas if area.sheet is sheet] or [ranges.whole(sheet)]
        body["data"] = [grid_data(book, area, mask, looks) for area in own]
    body |= {name: part for name, part in sheet.parts.items() if part}
    if "tables" in body:
        body["tables"] = [table_json(book, table) for table in body["tables"]]
    if "basicFilter" in body:
        body["basicFilter"] = filtering.shown(body["basicFilter"])
    if "filterViews" in body:
        body["filterViews"] = [filtering.shown(one) for one in body["filterViews"]]
    if "protectedRanges" in body:
        body["protectedRanges"] = [looks.protection(one) for one in body["protectedRanges"]]
    own_tags = (tag for tag in sheet.metadata if "sheetId" in tag.location)
    if tags := looks.metadata(own_tags):
        body["developerMetadata"] = tags
    return body


def _applied(edit: Edit, request: Json, at: int) -> Json:
    if not request:
        raise bad_request(f"Invalid requests[{at}]: No request set.")
    kind, wanted = next(iter(request.items()))
    handler = KINDS.get(kind)
    if handler is None:
        raise Refused(501, f"The sandbox does not know the request {kind}.")
    try:
        return handler(edit, wanted)
    except Refused as refused:
        if refused.status == 400:  # noqa: PLR2004  # the only status that names the request
            message = f"Invalid requests[{at}].{kind}: {refused.message}"
            raise Refused(400, message, name=refused.name) from None
        raise
