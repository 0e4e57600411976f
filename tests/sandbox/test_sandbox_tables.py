"""Sheets tables: their columns, how they grow, and what sorting one moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from real_clients import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

    Ask = Callable[..., Any]

GID = 7
VALUES = [
    ["Nama", "Jumlah", "Setuju", "", "lain"],
    ["b", 2, "ya", "", "l1"],
    ["a", 1, "", "", "l2"],
]
AREA = {"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 4}


@pytest.fixture(autouse=True)
def _tab(call: Ask, batch: Ask) -> None:
    grid = {"rowCount": 10, "columnCount": 6}
    batch({"addSheet": {"properties": {"title": "T", "sheetId": GID, "gridProperties": grid}}})
    call("PUT", "/values/T!A1", {"values": VALUES}, valueInputOption="RAW")


def table(name: str = "Warga", **more: Any) -> dict[str, Any]:
    """Return a request for a table over A1:D3."""
    return {"addTable": {"table": {"name": name, "range": {"sheetId": GID} | AREA} | more}}


def tables(call: Ask, title: str = "T") -> Any:
    """Return the tables that a read shows on a tab."""
    return call("GET", f"?ranges={title}")["sheets"][0].get("tables", [])


def names(shown: Any) -> list[str]:
    """Return a table's column names."""
    return [column["columnName"] for column in shown["columnProperties"]]


def rows(start: int, end: int) -> dict[str, Any]:
    """Return a DimensionRange of rows of the tab T."""
    return {"sheetId": GID, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def test_every_column_is_listed_and_named(batch: Ask, call: Ask, sandbox: Sandbox) -> None:
    """As recorded: typed columns without a name are numbered, the others keep their header."""
    column = [
        {"columnIndex": 1, "columnType": "DOUBLE"},
        {"columnIndex": 3, "columnType": "TEXT"},
    ]
    [reply] = batch(table(columnProperties=column))
    made = reply["addTable"]["table"]

    expected = [
        {"columnName": "Nama"},
        {"columnIndex": 1, "columnName": "Column 1", "columnType": "DOUBLE"},
        {"columnIndex": 2, "columnName": "Setuju"},
        {"columnIndex": 3, "columnName": "Column 2", "columnType": "TEXT"},
    ]
    assert expected == made["columnProperties"]
    assert ({"sheetId": GID} | AREA, str) == (made["range"], type(made["tableId"]))
    assert [made] == tables(call)
    assert ["Nama", "Column 1", "Setuju", "Column 2", "lain"] == sandbox.rows(GID)[0]


def test_a_header_cell_names_its_column(batch: Ask, call: Ask) -> None:
    """Who writes into the header row renames the column."""
    batch(table())
    call("PUT", "/values/T!B1", {"values": [["Banyaknya"]]}, valueInputOption="RAW")

    assert ["Nama", "Banyaknya", "Setuju", "Column 4"] == names(tables(call)[0])


def test_new_columns_replace_the_old_ones(batch: Ask, call: Ask, sandbox: Sandbox) -> None:
    """A column that the list leaves out loses its type; names go into the header cells."""
    [reply] = batch(table(columnProperties=[{"columnIndex": 1, "columnType": "DOUBLE"}]))
    column = {"columnIndex": 2, "columnName": "Sudah", "columnType": "BOOLEAN"}
    wanted = {"tableId": reply["addTable"]["table"]["tableId"], "columnProperties": [column]}
    batch({"updateTable": {"table": wanted, "fields": "columnProperties"}})

    assert column == tables(call)[0]["columnProperties"][2]
    assert "columnType" not in tables(call)[0]["columnProperties"][1]
    assert ["Sudah", False, False] == [row[2] for row in sandbox.rows(GID)]


def test_a_table_grows_with_lines_inside(batch: Ask, call: Ask) -> None:
    """Rows and columns that are inserted inside belong to the table; types move along."""
    batch(table(columnProperties=[{"columnIndex": 2, "columnName": "S", "columnType": "TEXT"}]))
    column = {"sheetId": GID, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    batch({"insertDimension": {"range": rows(1, 3)}}, {"insertDimension": {"range": column}})
    [shown] = tables(call)

    assert {"sheetId": GID} | AREA | {"endRowIndex": 5, "endColumnIndex": 5} == shown["range"]
    assert ["Nama", "Column 2", "Jumlah", "S", "Column 4"] == names(shown)
    assert "TEXT" == shown["columnProperties"][3]["columnType"]


def test_cells_are_appended_into_a_table(batch: Ask, call: Ask, sandbox: Sandbox) -> None:
    """With a tableId rows go below the table's last filled row, and what is below moves down."""
    [reply] = batch(table())
    call("PUT", "/values/T!A4", {"values": [["jangan sentuh"]]}, valueInputOption="RAW")
    line = {"values": [{"userEnteredValue": {"stringValue": "c"}}]}
    table_id = reply["addTable"]["table"]["tableId"]
    batch({"appendCells": {"tableId": table_id, "rows": [line] * 2, "fields": "*"}})

    assert ["b", "a", "c", "c", "jangan sentuh"] == [row[0] for row in sandbox.rows(GID)[1:]]
    assert 5 == tables(call)[0]["range"]["endRowIndex"]


def test_a_table_is_renamed_resized_and_deleted(batch: Ask, call: Ask, sandbox: Sandbox) -> None:
    """The mask picks what changes; a deleted table takes its cells' contents along."""
    [reply] = batch(table())
    table_id = reply["addTable"]["table"]["tableId"]
    colour = {"rgbColor": {"red": 0.5}}
    wanted = {
        "tableId": table_id,
        "name": "Penduduk",
        "range": {"sheetId": GID} | AREA | {"endColumnIndex": 5},
        "rowsProperties": {"headerColorStyle": colour},
    }
    batch({"updateTable": {"table": wanted, "fields": "name,range,rowsProperties"}})
    [shown] = tables(call)
    assert ("Penduduk", table_id) == (shown["name"], shown["tableId"])
    assert ["Nama", "Jumlah", "Setuju", "Column 4", "lain"] == names(shown)
    assert {"headerColorStyle": {"rgbColor": {"red": 0.49803922}}} == shown["rowsProperties"]
    batch({"deleteTable": {"tableId": table_id}})
    assert ([], []) == (tables(call), [row for row in sandbox.rows(GID) if row])


def test_a_copied_tab_has_a_table_of_its_own(batch: Ask, call: Ask) -> None:
    """The copy's table has another id and name, and lies on the copy."""
    [reply] = batch(table())
    batch({"duplicateSheet": {"sourceSheetId": GID, "newSheetId": 9, "newSheetName": "Salinan"}})
    [new] = tables(call, "Salinan")

    assert (9, "Warga_1") == (new["range"]["sheetId"], new["name"])
    assert reply["addTable"]["table"]["tableId"] != new["tableId"]


def test_staff_sort_a_table_and_nothing_beside_it(batch: Ask, sandbox: Sandbox) -> None:
    """The rows of other columns stay, as if they did not belong."""
    batch(table())
    sandbox.staff({"sort": {"sheet": GID, "column": 0}})

    assert [["a", "l1"], ["b", "l2"]] == [[row[0], row[4]] for row in sandbox.rows(GID)[1:]]


def test_a_forms_responses_may_be_a_table(sandbox: Sandbox, call: Ask) -> None:
    """By switch: the table grows with each answer, and our column beside it is not sorted."""
    sandbox.switch(response_table="table")
    for name in ("Siti Contoh", "Budi Contoh"):
        sandbox.submit(ANSWERS | {"Nama Lengkap": name})
    [tab] = [
        one for one in call("GET", "")["sheets"] if one["properties"]["sheetId"] == sandbox.sheet_id
    ]
    [shown] = tab["tables"]
    assert (3, 21) == (shown["range"]["endRowIndex"], shown["range"]["endColumnIndex"])
    assert ["Timestamp", "Nama Lengkap"] == names(shown)[:2]
    gid, right = sandbox.sheet_id, shown["range"]["endColumnIndex"]
    sandbox.staff({"sort": {"sheet": gid, "column": 1}})
    assert ["Budi Contoh", "Siti Contoh"] == [row[1] for row in sandbox.rows()[1:]]
    sandbox.switch(response_table="none")
    assert right == len(sandbox.rows()[0])
    assert "tables" not in call("GET", f"?ranges={tab['properties']['title']}")["sheets"][0]


@pytest.mark.parametrize(
    "request_,message",
    [
        (table("warga"), "addTable: There is already a table with the name: warga"),
        (
            table("Lain", range={"sheetId": GID, "startRowIndex": 2, "endRowIndex": 5}),
            "addTable: A table can't overlap another table.",
        ),
        (
            table(columnProperties=[{"columnIndex": 1, "columnType": "DROPDOWN"}]),
            "addTable: Condition must be set for dropdown column type.",
        ),
        (
            {"updateTable": {"table": {"tableId": "1"}, "fields": "name"}},
            "updateTable: The table name cannot be empty.",
        ),
        (
            {
                "updateTable": {
                    "table": {"tableId": "1", "columnProperties": [{"columnType": "TEXT"}]},
                    "fields": "columnProperties",
                }
            },
            "updateTable: Table header row cell must have a value.",
        ),
        ({"deleteTable": {"tableId": "x"}}, "deleteTable: No table with id: x"),
    ],
)
def test_refused_tables(batch: Ask, call: Ask, request_: dict[str, Any], message: str) -> None:
    """Names are unique, tables lie apart, and columns need what their type needs."""
    batch(table(tableId="1"))
    if "addTable" in request_ and "overlap" not in message:
        apart = {"sheetId": GID, "startRowIndex": 6, "endRowIndex": 8, "endColumnIndex": 4}
        wanted = request_["addTable"]["table"] | {"range": apart}
        request_ = {"addTable": {"table": wanted}}
    error = call("POST", ":batchUpdate", {"requests": [request_]}, status=400)["error"]

    assert f"Invalid requests[0].{message}" == error["message"]
