"""spreadsheets.batchUpdate: all or nothing, tabs, lines, cells, rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

    Ask = Callable[..., Any]


def rows(start: int, end: int) -> dict[str, Any]:
    """Return a DimensionRange of rows of the tab T."""
    return {"sheetId": 7, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def columns(start: int, end: int) -> dict[str, Any]:
    """Return a DimensionRange of columns of the tab T."""
    return rows(start, end) | {"dimension": "COLUMNS"}


@pytest.fixture(autouse=True)
def _tab(call: Ask, batch: Ask) -> None:
    grid = {"rowCount": 10, "columnCount": 4}
    batch({"addSheet": {"properties": {"title": "T", "sheetId": 7, "gridProperties": grid}}})
    values = [["h1", "h2"], ["b", 2], ["a", 1], ["c", 3]]
    call("PUT", "/values/T!A1", {"values": values}, valueInputOption="RAW")


def _sheet(call: Ask, **query: Any) -> Any:
    return call("GET", "?ranges=T", **query)["sheets"][0]


def test_a_bad_request_undoes_the_batch(call: Ask, sandbox: Sandbox) -> None:
    """When one request fails none of them is applied."""
    before = sandbox.rows(7)
    requests = [
        {"deleteDimension": {"range": rows(0, 2)}},
        {"addSheet": {"properties": {"title": "Baru"}}},
        {"updateSpreadsheetProperties": {"properties": {"title": "X"}, "fields": "title"}},
        {"addSheet": {"properties": {"title": "T"}}},
    ]
    error = call("POST", ":batchUpdate", {"requests": requests}, status=400)["error"]

    assert before == sandbox.rows(7)
    assert 2 == len(call("GET", "")["sheets"])
    assert "X" != call("GET", "")["properties"]["title"]
    assert (
        'Invalid requests[3].addSheet: A sheet with the name "T" already exists. '
        "Please enter another name."
    ) == error["message"]


def test_one_reply_a_request(batch: Ask) -> None:
    """Each request has its reply, {} where there is nothing to say."""
    replies = batch(
        {"appendDimension": {"sheetId": 7, "dimension": "ROWS", "length": 1}},
        {"addSheet": {"properties": {"title": "Baru", "sheetId": 5}}},
    )

    assert {} == replies[0]
    assert 5 == replies[1]["addSheet"]["properties"]["sheetId"]


@pytest.mark.parametrize(
    "request_,status,message",
    [
        ({"addSlicer": {"slicer": {}}}, 501, "The sandbox does not know the request addSlicer."),
        ({}, 400, "Invalid requests[0]: No request set."),
        (
            {"tidakAda": {}},
            400,
            (
                "Invalid JSON payload received. Unknown name \"tidakAda\" at 'requests[0]': "
                "Cannot find field."
            ),
        ),
        (
            {"deleteSheet": {"sheetId": 99}},
            400,
            "Invalid requests[0].deleteSheet: No sheet with id: 99",
        ),
        (
            {"updateSheetProperties": {"properties": {"sheetId": 7}}},
            400,
            (
                "Invalid requests[0].updateSheetProperties: At least one field must be listed in "
                "'fields'. (Use '*' to indicate all fields.)"
            ),
        ),
        (
            {"deleteDimension": {"range": rows(0, 10)}},
            400,
            "Invalid requests[0].deleteDimension: You can't delete all the rows on the sheet.",
        ),
    ],
)
def test_refused_requests(call: Ask, request_: dict[str, Any], status: int, message: str) -> None:
    """What the sandbox lacks is 501 by name; what Google refuses is 400 in its words."""
    error = call("POST", ":batchUpdate", {"requests": [request_]}, status=status)["error"]

    assert message == error["message"]


def test_hiding_every_tab_is_refused(call: Ask) -> None:
    """One tab must stay visible."""
    gids = [sheet["properties"]["sheetId"] for sheet in call("GET", "")["sheets"]]
    hide = [
        {
            "updateSheetProperties": {
                "properties": {"sheetId": gid, "hidden": True},
                "fields": "hidden",
            }
        }
        for gid in gids
    ]
    error = call("POST", ":batchUpdate", {"requests": hide}, status=400)["error"]

    assert (
        "Invalid requests[1].updateSheetProperties: "
        "You can't hide all the sheets in a document." == error["message"]
    )


def test_sheet_properties(call: Ask, batch: Ask) -> None:
    """Title, size, frozen rows, colour and place of a tab change by mask."""
    properties = {
        "sheetId": 7,
        "title": "Baru",
        "index": 0,
        "tabColorStyle": {"rgbColor": {"red": 0.5}},
        "gridProperties": {"rowCount": 20, "frozenRowCount": 1},
    }
    mask = "title,index,tabColorStyle,gridProperties(rowCount,frozenRowCount)"
    batch({"updateSheetProperties": {"properties": properties, "fields": mask}})
    found = call("GET", "?ranges=Baru")["sheets"][0]["properties"]

    expected = {
        "sheetId": 7,
        "title": "Baru",
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 20, "columnCount": 4, "frozenRowCount": 1},
        "tabColor": {"red": 0.49803922},
        "tabColorStyle": {"rgbColor": {"red": 0.49803922}},
    }
    assert expected == found
    thaw = {"sheetId": 7, "gridProperties": {"frozenRowCount": 0}}
    batch(
        {"updateSheetProperties": {"properties": thaw, "fields": "gridProperties.frozenRowCount"}}
    )
    found = call("GET", "?ranges=Baru")["sheets"][0]["properties"]
    assert {"rowCount": 20, "columnCount": 4} == found["gridProperties"]


def test_duplicate_is_independent(batch: Ask, call: Ask, sandbox: Sandbox) -> None:
    """A copied tab and its source do not share later writes, in the same batch or after."""
    start = {"sheetId": 7, "rowIndex": 0, "columnIndex": 0}
    cell = [{"values": [{"userEnteredValue": {"stringValue": "baru"}}]}]
    write = {"updateCells": {"start": start, "rows": cell, "fields": "userEnteredValue"}}
    batch(
        {"repeatCell": {"range": {"sheetId": 7}, "cell": {"note": "n"}, "fields": "note"}},
        {"duplicateSheet": {"sourceSheetId": 7, "newSheetId": 8, "newSheetName": "U"}},
        write,
    )
    call("PUT", "/values/U!B1", {"values": [["lain"]]}, valueInputOption="RAW")

    assert ["baru", "h2"] == sandbox.rows(7)[0]
    assert ["h1", "lain"] == sandbox.rows(8)[0]


def test_sort_puts_numbers_before_texts_and_empties_last(
    batch: Ask, call: Ask, sandbox: Sandbox
) -> None:
    """Sorting moves whole cells of the range, by the column's values."""
    call("PUT", "/values/T!A5", {"values": [["", "x"], [7, "y"]]}, valueInputOption="RAW")
    area = {"sheetId": 7, "startRowIndex": 1}
    spec = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    batch({"sortRange": {"range": area, "sortSpecs": spec}})
    expected = [["h1", "h2"], [7, "y"], ["a", 1], ["b", 2], ["c", 3], ["", "x"]]
    assert expected == sandbox.rows(7)
    spec = [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]
    batch({"sortRange": {"range": area, "sortSpecs": spec}})
    assert [["h1", "h2"], ["c", 3], ["b", 2], ["a", 1], [7, "y"], ["", "x"]] == sandbox.rows(7)


def test_what_is_attached_travels_with_its_row(batch: Ask, call: Ask) -> None:
    """Notes, formats, validation and hiding go along when rows are inserted and moved."""
    start = {"sheetId": 7, "rowIndex": 1, "columnIndex": 0}
    rule = {"condition": {"type": "BOOLEAN"}, "strict": True}
    bold = {"textFormat": {"bold": True}}
    cell = {"note": "catatan", "dataValidation": rule, "userEnteredFormat": bold}
    batch(
        {
            "updateCells": {
                "start": start,
                "rows": [{"values": [cell]}],
                "fields": "note,dataValidation,userEnteredFormat.textFormat.bold",
            }
        },
        {
            "updateDimensionProperties": {
                "range": rows(1, 2),
                "properties": {"hiddenByUser": True},
                "fields": "hiddenByUser",
            }
        },
        {"insertDimension": {"range": rows(0, 2)}},
        {"moveDimension": {"source": rows(3, 4), "destinationIndex": 6}},
        {"deleteDimension": {"range": rows(0, 1)}},
    )
    data = _sheet(call, includeGridData="true")["data"][0]

    found = data["rowData"][4]["values"][0]
    assert ("b", "catatan", rule, bold) == (
        found["formattedValue"],
        found["note"],
        found["dataValidation"],
        found["userEnteredFormat"],
    )
    hidden = [at for at, row in enumerate(data["rowMetadata"]) if row.get("hiddenByUser")]
    assert [4] == hidden


def test_columns_move_with_everything(batch: Ask, call: Ask, sandbox: Sandbox) -> None:
    """A moved column takes its cells, notes and width along."""
    start = {"sheetId": 7, "rowIndex": 0, "columnIndex": 1}
    batch(
        {"updateCells": {"start": start, "rows": [{"values": [{"note": "n"}]}], "fields": "note"}},
        {
            "updateDimensionProperties": {
                "range": columns(1, 2),
                "properties": {"pixelSize": 50},
                "fields": "pixelSize",
            }
        },
        {"insertDimension": {"range": columns(0, 1)}},
        {"moveDimension": {"source": columns(2, 3), "destinationIndex": 0}},
    )
    data = _sheet(call, includeGridData="true")["data"][0]

    assert ["h2", "", "h1"] == sandbox.rows(7)[0]
    assert "n" == data["rowData"][0]["values"][0]["note"]
    assert [50, 100, 100] == [column["pixelSize"] for column in data["columnMetadata"][:3]]


def test_ranges_of_rules_follow_rows(batch: Ask, call: Ask) -> None:
    """Conditional formats, protections, filters and names shift, shrink and vanish with rows."""
    area = {"sheetId": 7, "startRowIndex": 2, "endRowIndex": 5}
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "x"}]}
    rule = {"ranges": [area], "booleanRule": {"condition": condition, "format": {}}}
    batch(
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"addProtectedRange": {"protectedRange": {"range": area, "warningOnly": True}}},
        {"addFilterView": {"filter": {"title": "F", "range": area}}},
        {"setBasicFilter": {"filter": {"range": area}}},
        {"addNamedRange": {"namedRange": {"name": "nama", "range": area}}},
        {"insertDimension": {"range": rows(0, 1)}},
        {"deleteDimension": {"range": rows(5, 7)}},
    )
    book = call("GET", "")
    sheet = book["sheets"][1]
    expected = (3, 5)
    found = [
        sheet["conditionalFormats"][0]["ranges"][0],
        sheet["protectedRanges"][0]["range"],
        sheet["filterViews"][0]["range"],
        sheet["basicFilter"]["range"],
        book["namedRanges"][0]["range"],
    ]

    assert [expected] * 5 == [(one["startRowIndex"], one["endRowIndex"]) for one in found]
    assert "T!A4:D5" == call("GET", "/values/nama")["range"]
    batch({"deleteDimension": {"range": rows(3, 5)}})
    gone = {"conditionalFormats", "protectedRanges", "filterViews", "basicFilter"}
    assert not gone & _sheet(call).keys()
    assert "namedRanges" not in call("GET", "")


def test_conditional_formats_by_index(batch: Ask, call: Ask) -> None:
    """Rules are added, replaced, moved and deleted by their index."""

    def rule(text: str) -> dict[str, Any]:
        condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": text}]}
        area = {"sheetId": 7, "startRowIndex": 1}
        return {"ranges": [area], "booleanRule": {"condition": condition, "format": {}}}

    replies = batch(
        {"addConditionalFormatRule": {"rule": rule("a")}},
        {"addConditionalFormatRule": {"rule": rule("b"), "index": 1}},
        {"updateConditionalFormatRule": {"index": 0, "rule": rule("c")}},
        {"updateConditionalFormatRule": {"sheetId": 7, "index": 0, "newIndex": 1}},
        {"deleteConditionalFormatRule": {"sheetId": 7, "index": 0}},
    )

    assert rule("a") == replies[2]["updateConditionalFormatRule"]["oldRule"]
    assert rule("b") == replies[4]["deleteConditionalFormatRule"]["rule"]
    assert [rule("c")] == _sheet(call)["conditionalFormats"]


def test_protected_range_replies_and_reads(batch: Ask, call: Ask, sandbox: Sandbox) -> None:
    """A new protection replies no editors; later reads list the caller."""
    wanted = {"range": {"sheetId": 7, "startRowIndex": 0, "endRowIndex": 1}}
    reply = batch({"addProtectedRange": {"protectedRange": wanted}})[0]
    told = reply["addProtectedRange"]["protectedRange"]
    assert ({}, True) == (told["editors"], told["requestingUserCanEdit"])
    email = sandbox.service_account_info["client_email"]
    assert [email] == _sheet(call)["protectedRanges"][0]["editors"]["users"]
    change = {"protectedRangeId": told["protectedRangeId"], "description": "judul"}
    batch({"updateProtectedRange": {"protectedRange": change, "fields": "description"}})
    assert "judul" == _sheet(call)["protectedRanges"][0]["description"]
    batch({"deleteProtectedRange": {"protectedRangeId": told["protectedRangeId"]}})
    assert "protectedRanges" not in _sheet(call)


def test_update_cells_clears_what_its_rows_do_not_cover(batch: Ask, sandbox: Sandbox) -> None:
    """With a range, cells without new data lose the named fields."""
    area = {"sheetId": 7, "startRowIndex": 1, "endRowIndex": 3}
    cells = [{"values": [{"userEnteredValue": {"numberValue": 9}}]}]
    batch({"updateCells": {"range": area, "rows": cells, "fields": "userEnteredValue"}})

    assert [["h1", "h2"], [9], [], ["c", 3]] == sandbox.rows(7)


def test_string_value_is_never_parsed(batch: Ask, sandbox: Sandbox) -> None:
    """A stringValue is kept as it is; a formulaValue computes."""
    start = {"sheetId": 7, "rowIndex": 4, "columnIndex": 0}
    cells = [
        {"userEnteredValue": {"stringValue": "=1+1"}},
        {"userEnteredValue": {"stringValue": "24/11/2026"}},
        {"userEnteredValue": {"formulaValue": "=1+1"}},
        {"userEnteredValue": {"boolValue": True}},
    ]
    batch(
        {"updateCells": {"start": start, "rows": [{"values": cells}], "fields": "userEnteredValue"}}
    )

    assert ["=1+1", "24/11/2026", "2", "TRUE"] == sandbox.rows(7, shown=True)[4]


def test_update_cells_does_not_grow_the_grid(call: Ask) -> None:
    """Cells outside the grid are refused."""
    start = {"sheetId": 7, "rowIndex": 10, "columnIndex": 0}
    cells = [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}]
    request = {"updateCells": {"start": start, "rows": cells, "fields": "*"}}
    error = call("POST", ":batchUpdate", {"requests": [request]}, status=400)["error"]

    assert error["message"].startswith("Invalid requests[0].updateCells: Attempting to write row:")


def test_data_validation_and_repeat_cell(batch: Ask, call: Ask) -> None:
    """A rule or a look is set for every cell of a range, and taken away again."""
    area = {"sheetId": 7, "startRowIndex": 1, "endRowIndex": 4, "endColumnIndex": 1}
    choices = [{"userEnteredValue": "Setujui"}, {"userEnteredValue": "Tolak"}]
    rule = {"condition": {"type": "ONE_OF_LIST", "values": choices}, "showCustomUi": True}
    batch({"setDataValidation": {"range": area, "rule": rule}})
    batch({"repeatCell": {"range": area, "cell": {"note": "n"}, "fields": "note"}})
    mask = "sheets.data.rowData.values(note,dataValidation)"
    lines = call("GET", "?ranges=T", fields=mask)["sheets"][0]["data"][0]["rowData"]
    found = [line["values"][0] for line in lines]
    assert [{}] + [{"note": "n", "dataValidation": rule}] * 3 == found
    batch({"setDataValidation": {"range": area}})
    first = area | {"endRowIndex": 2}
    batch({"repeatCell": {"range": first, "cell": {"note": ""}, "fields": "note"}})
    lines = call("GET", "?ranges=T", fields=mask)["sheets"][0]["data"][0]["rowData"]
    assert [{}, {"note": "n"}] == [line["values"][0] for line in lines[1:3]]


def test_append_cells_goes_below_the_last_value(batch: Ask, sandbox: Sandbox) -> None:
    """The request appendCells finds the last row with a value and grows the grid when it must."""
    line = {"values": [{"userEnteredValue": {"stringValue": "x"}}]}
    batch({"appendCells": {"sheetId": 7, "rows": [line] * 8, "fields": "userEnteredValue"}})

    assert 12 == len(sandbox.rows(7))


def test_basic_filter_echoes_the_grid(batch: Ask, call: Ask) -> None:
    """A basic filter with a bare sheetId covers the grid."""
    batch({"setBasicFilter": {"filter": {"range": {"sheetId": 7}}}})
    expected = {
        "sheetId": 7,
        "startRowIndex": 0,
        "endRowIndex": 10,
        "startColumnIndex": 0,
        "endColumnIndex": 4,
    }
    assert expected == _sheet(call)["basicFilter"]["range"]
    batch({"clearBasicFilter": {"sheetId": 7}})
    assert "basicFilter" not in _sheet(call)


def test_spreadsheet_comes_back_when_asked(call: Ask, sandbox: Sandbox) -> None:
    """With includeSpreadsheetInResponse comes the changed spreadsheet."""
    body = {
        "requests": [{"addSheet": {"properties": {"title": "Baru"}}}],
        "includeSpreadsheetInResponse": True,
        "responseIncludeGridData": True,
        "responseRanges": ["T!A1:B2"],
    }
    answer = call("POST", ":batchUpdate", body)["updatedSpreadsheet"]

    assert sandbox.spreadsheet_id == answer["spreadsheetId"]
    cell = answer["sheets"][0]["data"][0]["rowData"][1]["values"][1]
    assert {"numberValue": 2} == cell["userEnteredValue"]
