"""Reads: renderings, echoed ranges, trimming."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

RAW = {"valueInputOption": "RAW"}
TYPED = {"valueInputOption": "USER_ENTERED"}


@pytest.fixture
def tab(batch: Callable[..., Any]) -> None:
    """Add a small tab."""
    grid = {"rowCount": 1000, "columnCount": 26}
    batch({"addSheet": {"properties": {"title": "Lembar", "sheetId": 7, "gridProperties": grid}}})


@pytest.mark.usefixtures("tab")
@pytest.mark.parametrize(
    "asked,echoed",
    [
        ("Lembar", "Lembar!A1:Z1000"),
        ("Lembar!A2:2", "Lembar!A2:Z2"),
        ("Lembar!D4:A1", "Lembar!A1:D4"),
        ("Lembar!B:C", "Lembar!B1:C1000"),
        ("Lembar!B3:C", "Lembar!B3:C1000"),
        ("Lembar!A990:AZ2000", "Lembar!A990:Z1000"),
        ("Lembar!$C$5", "Lembar!C5"),
        ("lembar!a1:b1", "Lembar!A1:B1"),
        ("A1:B2", "'Form Responses 1'!A1:B2"),
        ("'Form Responses 1'", "'Form Responses 1'!A1:U1000"),
        ("Form Responses 1!C1", "'Form Responses 1'!C1"),
    ],
)
def test_range_is_echoed_clamped(call: Callable[..., Any], asked: str, echoed: str) -> None:
    """The answer names the range inside the grid, its title quoted only if needed."""
    assert echoed == call("GET", f"/values/{asked}")["range"]


@pytest.mark.usefixtures("tab")
@pytest.mark.parametrize(
    "asked,message",
    [
        (
            "Lembar!A1001",
            "Range (Lembar!A1001) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        ("Tidak ada!A1", "Unable to parse range: Tidak ada!A1"),
        ("Lembar!A0", "Unable to parse range: Lembar!A0"),
        ("Lembar!A1:", "Unable to parse range: Lembar!A1:"),
    ],
)
def test_bad_range_is_refused(call: Callable[..., Any], asked: str, message: str) -> None:
    """A range that starts off the grid, or names nothing, is Google's 400."""
    answer = call("GET", f"/values/{asked}", status=400)

    assert {"code": 400, "message": message, "status": "INVALID_ARGUMENT"} == answer["error"]


@pytest.mark.usefixtures("tab")
def test_empty_ends_are_trimmed(call: Callable[..., Any]) -> None:
    """Empty cells and rows at the ends go; inner ones are "" and []."""
    values = [["", "b", ""], [], ["c"], [""]]
    call("PUT", "/values/Lembar!A1", {"values": values}, **RAW)

    assert [["", "b"], [], ["c"]] == call("GET", "/values/Lembar")["values"]
    assert "values" not in call("GET", "/values/Lembar!A5:B9")


@pytest.mark.usefixtures("tab")
def test_columns_are_trimmed_too(call: Callable[..., Any]) -> None:
    """The majorDimension COLUMNS turns the table and trims each column."""
    call("PUT", "/values/Lembar!A1", {"values": [["a", "b"], ["c", ""]]}, **RAW)
    answer = call("GET", "/values/Lembar!A1:C2", majorDimension="COLUMNS")

    assert [["a", "c"], ["b"]] == answer["values"]
    assert "COLUMNS" == answer["majorDimension"]


CELLS = ["=4/2", "2020-01-01", "2,000,000.01", "TRUE", "0042", "= 1 / 1024", "3_1_0"]


@pytest.mark.usefixtures("tab")
@pytest.mark.parametrize(
    "render,dates,expected",
    [
        (
            "FORMATTED_VALUE",
            "SERIAL_NUMBER",
            ["2", "2020-01-01", "2,000,000.01", "TRUE", "42", "0.0009765625", "3_1_0"],
        ),
        (
            "UNFORMATTED_VALUE",
            "SERIAL_NUMBER",
            [2, 43831, 2000000.01, True, 42, 0.0009765625, "3_1_0"],
        ),
        (
            "UNFORMATTED_VALUE",
            "FORMATTED_STRING",
            [2, "2020-01-01", 2000000.01, True, 42, 0.0009765625, "3_1_0"],
        ),
        (
            "FORMULA",
            "SERIAL_NUMBER",
            ["=4/2", 43831, 2000000.01, True, 42, "= 1 / 1024", "3_1_0"],
        ),
    ],
)
def test_renderings(
    call: Callable[..., Any],
    batch: Callable[..., Any],
    render: str,
    dates: str,
    expected: list[Any],
) -> None:
    """Typed cells come back shown, plain, as dates or as formulas, whichever is asked."""
    batch({"updateSpreadsheetProperties": {"properties": {"locale": "en_US"}, "fields": "locale"}})
    call("PUT", "/values/Lembar!A1", {"values": [CELLS]}, **TYPED)
    answer = call(
        "GET",
        "/values/Lembar!A1:Z1",
        valueRenderOption=render,
        dateTimeRenderOption=dates,
    )

    assert [expected] == answer["values"]


@pytest.mark.usefixtures("tab")
def test_raw_keeps_text(call: Callable[..., Any]) -> None:
    """RAW parses nothing: formulas, dates and digits stay text."""
    values = [["=1+1", "2020-01-01", "0042", 5, True]]
    call("PUT", "/values/Lembar!A1", {"values": values}, **RAW)
    answer = call("GET", "/values/Lembar!A1:E1", valueRenderOption="UNFORMATTED_VALUE")

    assert values == answer["values"]


@pytest.mark.usefixtures("tab")
def test_indonesian_sheet_reads_indonesian_numbers(call: Callable[..., Any]) -> None:
    """In in_ID a comma is the decimal mark, the day comes first."""
    cells = ["12,5", "03/04/2026", "1.500", "Rp1.500", "24 November 2026", "081200001144"]
    call("PUT", "/values/Lembar!A1", {"values": [cells]}, **TYPED)
    plain = call("GET", "/values/Lembar!A1:F1", valueRenderOption="UNFORMATTED_VALUE")["values"]
    shown = call("GET", "/values/Lembar!A1:F1")["values"]

    assert [[12.5, 46115, 1500, 1500, 46350, 81200001144]] == plain
    assert [["12,5", "03/04/2026", "1.500", "Rp1.500", "24 November 2026", "81200001144"]] == shown


@pytest.mark.usefixtures("tab")
def test_typed_nik_loses_its_last_digit(call: Callable[..., Any]) -> None:
    """A NIK typed into an ordinary cell is a number of 15 digits."""
    call("PUT", "/values/Lembar!A1", {"values": [["3507321503850002"]]}, **TYPED)

    plain = call("GET", "/values/Lembar!A1", valueRenderOption="UNFORMATTED_VALUE")
    assert [[3507321503850000]] == plain["values"]
    assert [["3,50732E+15"]] == call("GET", "/values/Lembar!A1")["values"]


@pytest.mark.usefixtures("tab")
def test_plain_text_format_keeps_what_is_typed(
    call: Callable[..., Any], batch: Callable[..., Any]
) -> None:
    """A cell formatted as plain text keeps its digits."""
    look = {"userEnteredFormat": {"numberFormat": {"type": "TEXT"}}}
    area = {"sheetId": 7, "startRowIndex": 0, "endRowIndex": 1}
    batch({"repeatCell": {"range": area, "cell": look, "fields": "userEnteredFormat.numberFormat"}})
    call("PUT", "/values/Lembar!A1", {"values": [["3507321503850002"]]}, **TYPED)

    plain = call("GET", "/values/Lembar!A1", valueRenderOption="UNFORMATTED_VALUE")
    assert [["3507321503850002"]] == plain["values"]


@pytest.mark.usefixtures("tab")
def test_one_call_reads_by_gid_and_by_title(call: Callable[..., Any]) -> None:
    """A data filter reads by gid, so a renamed tab does not matter."""
    call("PUT", "/values/Lembar!A1", {"values": [["x"]]}, **RAW)
    filters = [{"gridRange": {"sheetId": 7}}, {"a1Range": "Lembar!A1:B2"}]
    answer = call("POST", "/values:batchGetByDataFilter", {"dataFilters": filters})

    ranges = [one["valueRange"]["range"] for one in answer["valueRanges"]]
    assert ["Lembar!A1:Z1000", "Lembar!A1:B2"] == ranges
    assert [filters[:1], filters[1:]] == [one["dataFilters"] for one in answer["valueRanges"]]
    assert [["x"]] == answer["valueRanges"][1]["valueRange"]["values"]


@pytest.mark.usefixtures("tab")
def test_one_missing_tab_fails_the_whole_read(call: Callable[..., Any]) -> None:
    """A read of several ranges gives all or none."""
    filters = [{"gridRange": {"sheetId": 7}}, {"gridRange": {"sheetId": 8}}]
    answer = call("POST", "/values:batchGetByDataFilter", {"dataFilters": filters}, status=400)
    assert "No grid with id: 8" == answer["error"]["message"]
    call("GET", "/values:batchGet?ranges=Lembar&ranges=Tiada", status=400)


@pytest.mark.usefixtures("tab")
def test_formulas_follow_other_cells(call: Callable[..., Any]) -> None:
    """A formula cell computes from the cells that it names; a bad one shows its error."""
    cells = [["1", "2", "=SUM(A1:B1)*2", "=A1/0", "=TIDAKADA(1)", '="a"&B1', "=E9"]]
    call("PUT", "/values/Lembar!A1", {"values": cells}, **TYPED)

    shown = call("GET", "/values/Lembar!C1:G1")["values"]
    assert [["6", "#DIV/0!", "#NAME?", "a2", ""]] == shown


def test_title_with_slash_and_colon(
    call: Callable[..., Any], batch: Callable[..., Any], sandbox: Sandbox
) -> None:
    """The raw path is routed: a tab may be called RT 01/RW 02:append."""
    title = "RT 01/RW 02:append"
    batch({"addSheet": {"properties": {"title": title, "sheetId": 9}}})
    call("PUT", "/values/'RT%2001%2FRW%2002%3Aappend'!A1%3AB1", {"values": [["x", "y"]]}, **RAW)

    assert [["x", "y"]] == sandbox.rows(9)
    found = call("GET", "/values/'RT%2001%2FRW%2002:append'!A1:B2")
    assert "'RT 01/RW 02:append'!A1:B2" == found["range"]
