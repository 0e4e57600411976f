"""Writes: nulls, counts, limits, append, atomicity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

RAW = {"valueInputOption": "RAW"}


@pytest.fixture(autouse=True)
def _tab(batch: Callable[..., Any]) -> None:
    grid = {"rowCount": 10, "columnCount": 5}
    batch({"addSheet": {"properties": {"title": "T", "sheetId": 7, "gridProperties": grid}}})


def test_null_skips_and_empty_text_empties(call: Callable[..., Any], sandbox: Sandbox) -> None:
    """A null leaves the cell alone and does not count; "" empties it and counts."""
    call("PUT", "/values/T!A1", {"values": [["a", "b", "c"]]}, **RAW)
    answer = call("PUT", "/values/T!A1:C2", {"values": [[None, "", "z"], [None] * 3]}, **RAW)

    assert [["a", "", "z"]] == sandbox.rows(7)
    expected = {
        "spreadsheetId": sandbox.spreadsheet_id,
        "updatedRange": "T!A1:C2",
        "updatedRows": 1,
        "updatedColumns": 2,
        "updatedCells": 2,
    }
    assert expected == answer


def test_nothing_but_nulls_counts_nothing(call: Callable[..., Any]) -> None:
    """Counts that are zero are absent."""
    answer = call("PUT", "/values/T!A1", {"values": [[None]]}, **RAW)

    assert {"spreadsheetId", "updatedRange"} == answer.keys()


def test_batch_totals(call: Callable[..., Any]) -> None:
    """A batch tells totals and each range's own counts."""
    data = [
        {"range": "T!A1:B1", "values": [["a", None]]},
        {"range": "T!B3", "majorDimension": "COLUMNS", "values": [["x", "y"]]},
    ]
    answer = call("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": data})

    totals = [answer[f"totalUpdated{what}"] for what in ("Rows", "Columns", "Cells", "Sheets")]
    assert [3, 2, 3, 1] == totals
    assert ["T!A1:B1", "T!B3:B4"] == [one["updatedRange"] for one in answer["responses"]]


def test_batch_with_one_bad_range_writes_nothing(
    call: Callable[..., Any], sandbox: Sandbox
) -> None:
    """The ranges of a batch are written together or not at all."""
    data = [{"range": "T!A1", "values": [["a"]]}, {"range": "T!A99", "values": [["b"]]}]
    call("POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": data}, status=400)

    assert [] == sandbox.rows(7)


@pytest.mark.parametrize(
    "where,values,message",
    [
        (
            "T!A1:B1",
            [["a"], ["b"]],
            "Requested writing within range [T!A1:B1], but tried writing to row [2]",
        ),
        (
            "T!A1:B1",
            [["a", "b", "c"]],
            "Requested writing within range [T!A1:B1], but tried writing to column [C]",
        ),
        (
            "T!A10",
            [["a"], ["b"]],
            "Range (T!A10:A11) exceeds grid limits. Max rows: 10, max columns: 5",
        ),
        ("T!A1", [["x" * 50_001]], None),
    ],
)
def test_too_large_writes_are_refused(
    call: Callable[..., Any], where: str, values: list[Any], message: str | None
) -> None:
    """What does not fit the range, the grid or a cell is 400."""
    error = call("PUT", f"/values/{where}", {"values": values}, status=400, **RAW)["error"]

    assert (message or error["message"]) == error["message"]
    assert "50000 characters" in error["message"] or message


def test_input_option_is_required(call: Callable[..., Any]) -> None:
    """A write must say RAW or USER_ENTERED."""
    error = call("PUT", "/values/T!A1", {"values": [["a"]]}, status=400)["error"]

    assert "'valueInputOption' is required but not specified" == error["message"]


def test_append_finds_the_lowest_block(call: Callable[..., Any], sandbox: Sandbox) -> None:
    """After x,"",z the next row goes under z, at the left edge of its block."""
    call("PUT", "/values/T!A1", {"values": [["x", "", "z"]]}, **RAW)
    answer = call("POST", "/values/T:append", {"values": [["1", "2", "3"]]}, **RAW)

    assert "T!C1" == answer["tableRange"]
    assert "T!C2:E2" == answer["updates"]["updatedRange"]
    assert [["x", "", "z"], ["", "", "1", "2", "3"]] == sandbox.rows(7)


def test_append_to_an_empty_tab(call: Callable[..., Any]) -> None:
    """Without a table the range's corner is written, and no tableRange told."""
    answer = call("POST", "/values/T!B2:C3:append", {"values": [["1"]]}, **RAW)

    assert "tableRange" not in answer
    assert "T!B2" == answer["updates"]["updatedRange"]


def test_append_overwrites_or_inserts(call: Callable[..., Any], sandbox: Sandbox) -> None:
    """By default what stands below is overwritten; INSERT_ROWS moves it down."""
    call("PUT", "/values/T!A1", {"values": [["a"], [""], ["below"]]}, **RAW)
    call("POST", "/values/T!A1:append", {"values": [["b"], ["c"]]}, **RAW)
    assert [["a"], ["b"], ["c"]] == sandbox.rows(7)
    call("PUT", "/values/T!A5", {"values": [["below"]]}, **RAW)
    insert = RAW | {"insertDataOption": "INSERT_ROWS"}
    call("POST", "/values/T!A1:append", {"values": [["d"], ["e"]]}, **insert)
    assert [["a"], ["b"], ["c"], ["d"], ["e"], [], ["below"]] == sandbox.rows(7)


def test_append_grows_the_grid(call: Callable[..., Any]) -> None:
    """Only append makes a grid larger."""
    call("PUT", "/values/T!A10", {"values": [["last"]]}, **RAW)
    call("POST", "/values/T:append", {"values": [["more"]]}, **RAW)

    assert "T!A1:E11" == call("GET", "/values/T")["range"]


def test_clear_empties_values_and_keeps_formats(
    call: Callable[..., Any], batch: Callable[..., Any]
) -> None:
    """Clearing says which range it cleared; formats stay."""
    call("PUT", "/values/T!A1", {"values": [["2020-01-01"]]}, valueInputOption="USER_ENTERED")
    assert "T!A1:B2" == call("POST", "/values/T!A1:B2:clear", {})["clearedRange"]
    assert "values" not in call("GET", "/values/T")
    cleared = call("POST", "/values:batchClear", {"ranges": ["T!A1", "T!C:C"]})["clearedRanges"]
    assert ["T!A1", "T!C1:C10"] == cleared
    start = {"sheetId": 7, "rowIndex": 0, "columnIndex": 0}
    rows = [{"values": [{"userEnteredValue": {"numberValue": 43831}}]}]
    batch({"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})
    assert [["2020-01-01"]] == call("GET", "/values/T")["values"]


@pytest.mark.parametrize("echo,expected", [("untouched", "a"), ("touched", "")])
def test_echo_of_untouched_cells(
    call: Callable[..., Any], sandbox: Sandbox, echo: str, expected: str
) -> None:
    """What includeValuesInResponse shows of a skipped cell is a switch."""
    sandbox.switch(null_echo=echo)
    call("PUT", "/values/T!A1", {"values": [["a", "b"]]}, **RAW)
    answer = call(
        "PUT",
        "/values/T!A1",
        {"values": [[None, "c"]]},
        includeValuesInResponse="true",
        **RAW,
    )

    assert [[expected, "c"]] == answer["updatedData"]["values"]


def test_writes_by_data_filter(call: Callable[..., Any], sandbox: Sandbox) -> None:
    """A gridRange names the place to write, and comes back."""
    where = {
        "gridRange": {
            "sheetId": 7,
            "startRowIndex": 1,
            "endRowIndex": 2,
            "startColumnIndex": 1,
            "endColumnIndex": 3,
        }
    }
    data = [{"dataFilter": where, "majorDimension": "ROWS", "values": [["p", "q"]]}]
    body = {"valueInputOption": "RAW", "data": data}
    answer = call("POST", "/values:batchUpdateByDataFilter", body)

    assert [[], ["", "p", "q"]] == sandbox.rows(7)
    assert where == answer["responses"][0]["dataFilter"]
    call("POST", "/values:batchClearByDataFilter", {"dataFilters": [where]})
    assert [] == sandbox.rows(7)


def test_protected_cells_refuse_others(
    call: Callable[..., Any], batch: Callable[..., Any], sandbox: Sandbox
) -> None:
    """A hard protection of the owner's keeps the service account out; a warning does not."""
    body: dict[str, Any] = {"range": {"sheetId": 7, "startColumnIndex": 1, "endColumnIndex": 2}}
    reply = batch({"addProtectedRange": {"protectedRange": body | {"warningOnly": True}}})
    call("PUT", "/values/T!A1", {"values": [["a", "b"]]}, **RAW)
    protection = reply[0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    part = sandbox.world.state.book(sandbox.spreadsheet_id).sheet(7).parts["protectedRanges"][0]
    assert part["protectedRangeId"] == protection
    del part["warningOnly"]
    call("PUT", "/values/T!A1", {"values": [["a", None]]}, **RAW)
    error = call("PUT", "/values/T!A1", {"values": [["x", "y"]]}, status=400, **RAW)["error"]
    assert error["message"].startswith("You are trying to edit a protected cell or object.")
    assert [["a", "b"]] == sandbox.rows(7)


def test_written_values_come_back_as_asked(call: Callable[..., Any]) -> None:
    """The answer of a write renders its values by the response options."""
    typed = {"valueInputOption": "USER_ENTERED", "includeValuesInResponse": "true"}
    values = {"values": [["=1+1", "2020-01-01"]]}
    shown = call("PUT", "/values/T!A1", values, **typed)["updatedData"]
    plain = call(
        "PUT", "/values/T!A1", values, responseValueRenderOption="UNFORMATTED_VALUE", **typed
    )["updatedData"]

    assert ["T!A1:B1", [["2", "2020-01-01"]]] == [shown["range"], shown["values"]]
    assert [[2, 43831]] == plain["values"]
