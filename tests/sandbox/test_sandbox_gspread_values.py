"""Reading and writing values with gspread, as its own tests and its callers' tests ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from gspread.exceptions import APIError, GSpreadException
from gspread.utils import Dimension, InsertDataOption, ValueInputOption, ValueRenderOption

if TYPE_CHECKING:
    import gspread

HOLES = [["A1", "B1", "", "D1"], ["", "b2", "", ""], ["", "", "", ""], ["A4", "B4", "", "D4"]]


def test_written_block_comes_back_trimmed(own_tab: gspread.Worksheet) -> None:
    """Empty cells at the end of a line and empty lines at the end are left out."""
    told = own_tab.update(HOLES, "A1")
    read = own_tab.get("A1:F9")

    assert [4, 4, 16] == [told[f"updated{name}"] for name in ("Rows", "Columns", "Cells")]
    assert [["A1", "B1", "", "D1"], ["", "b2"], [], ["A4", "B4", "", "D4"]] == list(read)
    assert HOLES == own_tab.get_all_values()
    assert f"{own_tab.title}!A1:F9" == getattr(read, "range", None)


def test_columns_are_read_and_written_across(own_tab: gspread.Worksheet) -> None:
    """Major dimension COLUMNS turns the block, and trims it the other way round."""
    own_tab.update([["a", "b"], ["c"]], "B2", major_dimension=Dimension.cols)

    assert [["a", "c"], ["b"]] == list(own_tab.get("B2:C3"))
    assert [[], ["", "a", "b"], ["", "c"]] == list(
        own_tab.get("A1:D5", major_dimension=Dimension.cols)
    )


@pytest.mark.parametrize(
    "asked,echoed",
    [
        ("A1", "A1"),
        ("B2:C3", "B2:C3"),
        ("C3:B2", "B2:C3"),
        ("$B$2:$C3", "B2:C3"),
        ("A:A", "A1:A10"),
        ("A5:B", "A5:B10"),
        ("B:A5", "A5:B10"),
        ("3:4", "A3:J4"),
        ("B3:3", "B3:J3"),
        ("J10:ZZ99", "J10"),
        ("R2C3", "C2"),
        ("R1C1:R3C2", "A1:B3"),
    ],
)
def test_every_spelling_of_a_range_is_read(
    own_book: gspread.Spreadsheet, echo_tab: str, asked: str, echoed: str
) -> None:
    """A1 and R1C1, open and reversed ends; the answer says what was read."""
    assert f"{echo_tab}!{echoed}" == own_book.values_get(f"{echo_tab}!{asked}")["range"]


@pytest.fixture(scope="module")
def echo_tab(own_book: gspread.Spreadsheet) -> str:
    """Return the title of an empty tab of ten rows and ten columns."""
    return own_book.add_worksheet("Gema", rows=10, cols=10).title


def test_titles_are_quoted_where_they_must_be(own_book: gspread.Spreadsheet) -> None:
    """An apostrophe, a space, a digit in front, what could be a cell: all of them in quotes."""
    titles = {
        "Hari Jum'at": "'Hari Jum''at'!A1:B2",
        "2020": "'2020'!A1:B2",
        "D3": "'D3'!A1:B2",
        "R1C1": "'R1C1'!A1:B2",
        "Lembar_2": "Lembar_2!A1:B2",
        "🌵 kaktus": "'🌵 kaktus'!A1:B2",
    }
    echoed = {}
    for title in titles:
        tab = own_book.add_worksheet(title, rows=2, cols=2)
        tab.update([["x"]], "A1")
        assert [["x"]] == tab.get_all_values()
        quoted = title.replace("'", "''")
        echoed[title] = own_book.values_get(f"'{quoted}'")["range"]

    assert titles == echoed
    assert "Sheet1!D3" == own_book.values_get("D3")["range"]


@pytest.mark.parametrize(
    "asked,message",
    [
        ("Gema!A11", "Range (Gema!A11) exceeds grid limits. Max rows: 10, max columns: 10"),
        ("Gema!K1:L2", "Range (Gema!K1:L2) exceeds grid limits. Max rows: 10, max columns: 10"),
        ("Tidak Ada!A1", "Unable to parse range: Tidak Ada!A1"),
        ("Gema!A1:B2:C3", "Unable to parse range: Gema!A1:B2:C3"),
        ("Gema!A1,B2", "Unable to parse range: Gema!A1,B2"),
    ],
)
def test_wrong_range_is_told_as_google_tells_it(
    own_book: gspread.Spreadsheet, echo_tab: str, asked: str, message: str
) -> None:
    """The client shows code and message of the error."""
    assert echo_tab == "Gema"
    with pytest.raises(APIError) as caught:
        own_book.values_get(asked)

    assert f"APIError: [400]: {message}" == str(caught.value)
    error = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
    assert error == caught.value.response.json()["error"]


@pytest.mark.parametrize(
    "range_name,lines,message",
    [
        (
            "A1:B2",
            [[1, 2, 3]],
            "Requested writing within range [{}!A1:B2], but tried writing to {}",
        ),
        ("A1", [[1]] * 11, "Range ({}!A1:A11) exceeds grid limits. Max rows: 10, max columns: 10"),
        ("A1", [["x" * 50_001]], "Your input contains more than the maximum of 50000 characters"),
        ("A1", "X", "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListV"),
    ],
)
def test_write_that_does_not_fit_is_refused(
    own_tab: gspread.Worksheet, range_name: str, lines: Any, message: str
) -> None:
    """Too large for the range, for the grid, for a cell; and no list at all."""
    own_tab.update_title("Sempit")
    try:
        with pytest.raises(APIError) as caught:
            own_tab.update(lines, range_name, raw=True)
        assert message.format("Sempit", "column [C]") in str(caught.value)
        assert [[]] == own_tab.get_all_values()
    finally:
        own_tab.spreadsheet.del_worksheet(own_tab)


def test_null_is_passed_over_and_empty_text_empties(own_tab: gspread.Worksheet) -> None:
    """Only cells that were sent count."""
    own_tab.update([["a", "b"], ["c", "d"]], "A1")
    told = own_tab.update([[None, None], ["", None]], "A1")

    assert [1, 1, 1] == [told[f"updated{name}"] for name in ("Rows", "Columns", "Cells")]
    assert f"{own_tab.title}!A1:B2" == told["updatedRange"]
    assert [["a", "b"], ["", "d"]] == own_tab.get_all_values()


def test_batches_are_counted_in_all_and_each(own_tab: gspread.Worksheet) -> None:
    """Totals count each row, column and tab once; every range has its own answer."""
    told = own_tab.batch_update(
        [{"range": "A1:B1", "values": [["a", 1]]}, {"range": "B1:B2", "values": [["b"], [2]]}],
        value_input_option=ValueInputOption.user_entered,
        include_values_in_response=True,
    )

    totals = {name: count for name, count in told.items() if name.startswith("total")}
    assert {
        "totalUpdatedRows": 2,
        "totalUpdatedColumns": 2,
        "totalUpdatedCells": 4,
        "totalUpdatedSheets": 1,
    } == totals
    first, second = told["responses"]
    assert [["a", "b"]] == first["updatedData"]["values"]
    assert {"majorDimension": "ROWS", "range": second["updatedRange"]} == {
        name: part for name, part in second["updatedData"].items() if name != "values"
    }
    read = own_tab.batch_get(["A1:B1", "B2", "D4:E5"])
    assert [[["a", "b"]], [["2"]], []] == [list(one) for one in read]


def test_wrong_item_of_a_batch_is_named_and_nothing_is_written(
    own_tab: gspread.Worksheet,
) -> None:
    """A batch is all or nothing."""
    items = [{"range": "A1", "values": [["x"]]}, {"range": "A99", "values": [["y"]]}]
    with pytest.raises(APIError, match=r"\[400\]: Invalid data\[1\]: Range \(.*!A99\) exceeds"):
        own_tab.batch_update(items)

    assert [[]] == own_tab.get_all_values()


def test_clearing_says_what_was_cleared(own_tab: gspread.Worksheet) -> None:
    """One range, several, and a whole tab; a format stays."""
    title = own_tab.title
    own_tab.update([["a", "b", "c"]], "A1")
    own_tab.format("B1", {"numberFormat": {"type": "PERCENT"}})

    assert [f"{title}!A1", f"{title}!C1:C10"] == own_tab.batch_clear(["A1", "C:C"])["clearedRanges"]
    assert [["", "b"]] == own_tab.get_all_values()
    assert f"{title}!A1:J10" == own_tab.clear()["clearedRange"]
    own_tab.update([[0.5]], "B1")
    assert "50.00%" == own_tab.acell("B1").value


APPENDED = [
    ("", [["x", "", "z"]], "C1", "C2:E2"),
    ("A1", [["x", "", "z"]], "A1", "A2:C2"),
    ("A1:C3", [["a", "b"], ["", "c"]], "A1:B2", "A3:C3"),
    ("E5", [["a"]], None, "E5:G5"),
    ("", [], None, "A1:C1"),
]


@pytest.mark.parametrize("asked,before,table,landed", APPENDED)
def test_append_finds_its_table(
    own_tab: gspread.Worksheet,
    asked: str,
    before: list[list[str]],
    table: str | None,
    landed: str,
) -> None:
    """The lines go under the block around the lowest cell of the range, at its left edge."""
    if before:
        own_tab.update(before, "A1")
    told = own_tab.append_row(["1", "2", "3"], table_range=asked or None)

    title = own_tab.title if own_tab.title.isidentifier() else f"'{own_tab.title}'"
    assert f"{title}!{landed}" == told["updates"]["updatedRange"]
    assert (f"{title}!{table}" if table else None) == told.get("tableRange")


def test_append_grows_the_grid_and_inserts_when_asked(own_tab: gspread.Worksheet) -> None:
    """OVERWRITE takes the rows that are there, INSERT_ROWS makes new ones."""
    own_tab.append_rows([["a"], ["b"]])
    own_tab.update([["bawah"]], "A5")
    insert = InsertDataOption.insert_rows
    own_tab.append_row(["c"], insert_data_option=insert, table_range="A1:A2")
    own_tab.append_rows([[str(number)] for number in range(7)])

    assert ["a", "b", "c", "", "", "bawah", *map(str, range(7))] == own_tab.col_values(1)
    assert 13 == own_tab.spreadsheet.get_worksheet_by_id(own_tab.id).row_count


def test_records_by_their_headers(own_tab: gspread.Worksheet) -> None:
    """get_all_records sees formatted, plain and formula values, and refuses double headers."""
    own_tab.resize(rows=2, cols=4)
    lines = [["=4/2", "2020-01-01", "teks", 53], ["=3/2", 0.12, "1999-01-02", ""]]
    own_tab.update(lines, "A1", value_input_option=ValueInputOption.user_entered)
    plain, formula = ValueRenderOption.unformatted, ValueRenderOption.formula

    assert [{"2": 1.5, "2020-01-01": 0.12, "teks": "1999-01-02", "53": ""}] == (
        own_tab.get_all_records()
    )
    assert [{2: 1.5, 43831: 0.12, "teks": 36162, 53: ""}] == (
        own_tab.get_all_records(value_render_option=plain)
    )
    assert [{"=4/2": "=3/2", 43831: 0.12, "teks": 36162, 53: ""}] == (
        own_tab.get_all_records(value_render_option=formula)
    )
    own_tab.update([["nama", "nama"]], "A1")
    with pytest.raises(GSpreadException):
        own_tab.get_all_records()


def test_cells_are_found_by_text_and_pattern(own_tab: gspread.Worksheet) -> None:
    """find, findall, with a regular expression, without regard to case, and in vain."""
    own_tab.update([["Siti", "siti"], ["Budi-1", "Budi-2"]], "B2")
    found = own_tab.find("Siti")
    folded = own_tab.find("SITI", case_sensitive=False)

    assert [(2, 2), (2, 2)] == [(cell.row, cell.col) for cell in (found, folded) if cell]
    assert [(3, 2), (3, 3)] == [
        (cell.row, cell.col) for cell in own_tab.findall(re.compile(r"Budi-\d"))
    ]
    assert own_tab.find("tidak ada") is None


@pytest.mark.parametrize(
    "text", ["dua\nbaris", "Iñtërnâtiônàlizætiøn", "∑πécial <> chårs = !\t", "ꦗꦮ", "👩‍🌾"]
)
def test_any_text_survives(own_tab: gspread.Worksheet, text: str) -> None:
    """Lines, letters of every script, and what browsers would quote."""
    own_tab.update_acell("A2", text)

    assert text == own_tab.acell("A2").value


def test_sparse_cells_are_written_as_one_block(own_tab: gspread.Worksheet) -> None:
    """The client sends null for the cells between; they keep what they hold."""
    own_tab.update([[f"{row}{column}" for column in "abc"] for row in range(3)], "A1")
    cells = own_tab.range("A1:C3")
    cells[0].value, cells[-1].value = "kiri atas", "kanan bawah"
    own_tab.update_cells([cells[0], cells[-1]])

    assert [["kiri atas", "0b", "0c"], ["1a", "1b", "1c"], ["2a", "2b", "kanan bawah"]] == (
        own_tab.get_all_values()
    )
