"""spreadsheets.get and create: new files, masks, grid data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from real_clients import service, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox


def test_new_file_looks_like_google_s(sandbox: Sandbox) -> None:
    """A new file has one tab of 1000 x 26, en_US, Etc/GMT, format and theme."""
    with session(sandbox, user=True) as own:
        body = own.post(f"{sandbox.base_url}/v4/spreadsheets", json={}).json()

    properties = body["properties"]
    assert ("en_US", "Etc/GMT") == (properties["locale"], properties["timeZone"])
    assert {"defaultFormat", "spreadsheetTheme", "autoRecalc"} < properties.keys()
    expected = {
        "sheetId": 0,
        "title": "Sheet1",
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 1000, "columnCount": 26},
    }
    assert [{"properties": expected}] == body["sheets"]


def test_service_account_may_not_own_a_file(sandbox: Sandbox, api: Any) -> None:
    """spreadsheets.create by a service account is 403."""
    response = api.post(f"{sandbox.base_url}/v4/spreadsheets", json={})

    assert 403 == response.status_code
    assert "PERMISSION_DENIED" == response.json()["error"]["status"]


def test_mask_chooses_and_brings_grid_data(call: Callable[..., Any]) -> None:
    """A fields mask trims the answer, and includes cells when it names them."""
    answer = call("GET", "", fields="spreadsheetId,sheets(properties/title,data.rowData)")

    sheet = answer["sheets"][0]
    assert {"spreadsheetId", "sheets"} == answer.keys()
    assert {"title": "Form Responses 1"} == sheet["properties"]
    header = sheet["data"][0]["rowData"][0]["values"][1]
    assert "Nama Lengkap" == header["formattedValue"]
    assert {"sheets": [{"properties": {"index": 0}}]} == call(
        "GET", "?includeGridData=True", fields="sheets.properties.index"
    )


def test_unknown_mask_is_refused(call: Callable[..., Any]) -> None:
    """A mask that names no field of the answer is 400."""
    error = call("GET", "", fields="sheets.tiada", status=400)["error"]

    assert "Request contains an invalid argument." == error["message"]
    assert "sheets.tiada" == error["details"][0]["fieldViolations"][0]["field"]


def test_ranges_choose_tabs_and_cells(call: Callable[..., Any]) -> None:
    """Only the tabs that ranges name come, only those cells."""
    answer = call("GET", "?ranges='Form Responses 1'!B1:C1", includeGridData="true")
    data = answer["sheets"][0]["data"][0]

    assert 1 == data["startColumn"]
    cells = [cell["formattedValue"] for cell in data["rowData"][0]["values"]]
    assert ["Nama Lengkap", "NIK"] == cells
    assert (1, 2) == (len(data["rowMetadata"]), len(data["columnMetadata"]))


def test_links_are_shown(call: Callable[..., Any], batch: Callable[..., Any]) -> None:
    """A cell's link comes from HYPERLINK, from its text format, or from a bare address."""
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    run = {"format": {"link": {"uri": "https://a.example/"}}}
    cells = [
        {"userEnteredValue": {"formulaValue": '=HYPERLINK("https://f.example/";"buka")'}},
        {"userEnteredValue": {"stringValue": "kirim"}, "textFormatRuns": [run]},
        {"userEnteredValue": {"stringValue": "https://b.example/x"}},
        {"userEnteredValue": {"stringValue": "biasa"}},
    ]
    mask = "userEnteredValue,textFormatRuns"
    batch(
        {"addSheet": {"properties": {"title": "T", "sheetId": 0}}},
        {"updateCells": {"start": start, "rows": [{"values": cells}], "fields": mask}},
    )
    answer = call("GET", "?ranges=T!A1:D1", fields="sheets.data.rowData.values.hyperlink")

    links = [
        cell.get("hyperlink") for cell in answer["sheets"][0]["data"][0]["rowData"][0]["values"]
    ]
    expected = ["https://f.example/", "https://a.example/", "https://b.example/x", None]
    assert expected == links
    assert [["buka", "kirim"]] == call("GET", "/values/T!A1:B1")["values"]


def test_new_spreadsheet_brings_its_contents(sandbox: Sandbox) -> None:
    """Cells, sizes, merges, rules and names of the body are there from the beginning."""
    cells = [{"userEnteredValue": {"stringValue": "Nama"}, "note": "wajib"}, {}]
    place = {"startRowIndex": 3, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 2}
    data = {"startRow": 1, "startColumn": 1, "rowData": [{"values": cells}]}
    body = {
        "sheets": [
            {
                "properties": {"title": "isi", "sheetId": 4},
                "data": [data | {"columnMetadata": [{"pixelSize": 200}]}],
                "merges": [place | {"sheetId": 4}],
            },
            {"properties": {"title": "kosong", "sheetId": 5}},
        ],
        "namedRanges": [{"name": "Kolom", "range": {"sheetId": 4, "startColumnIndex": 1}}],
    }
    with session(sandbox, user=True) as own:
        sheets = service(sandbox, "sheets", "v4", own).spreadsheets()
        made = sheets.create(body=body).execute()
        asked = {"spreadsheetId": made["spreadsheetId"], "includeGridData": True}
        found = sheets.get(ranges="isi!B2:C2", **asked).execute()["sheets"][0]

    assert ["isi", "kosong"] == [one["properties"]["title"] for one in made["sheets"]]
    assert ["Kolom"] == [one["name"] for one in made["namedRanges"]]
    assert [place | {"sheetId": 4}] == made["sheets"][0]["merges"]
    (shown,) = found["data"]
    (cell,) = shown["rowData"][0]["values"]
    assert ["Nama", "wajib"] == [cell["formattedValue"], cell["note"]]
    assert [200, 100] == [one["pixelSize"] for one in shown["columnMetadata"]]


def test_excel_file_is_no_spreadsheet(sandbox: Sandbox) -> None:
    """Drive keeps it, Sheets does not open it."""
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    with session(sandbox, user=True) as own:
        address = f"{sandbox.base_url}/upload/drive/v3/files?uploadType=media"
        file = own.post(address, data=b"PK", headers={"Content-Type": excel}).json()
        answer = own.get(f"{sandbox.base_url}/v4/spreadsheets/{file['id']}")

    assert 400 == answer.status_code
    assert {
        "code": 400,
        "message": "This operation is not supported for this document",
        "status": "FAILED_PRECONDITION",
    } == answer.json()["error"]
