"""Copies, cuts and pastes, cells inserted and deleted, tabs copied to other files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from gspread.utils import ValueRenderOption
from real_clients import service, session

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread

    from sync.sandbox import Sandbox

    Ask = Callable[..., Any]

GID = 7
LINE = {"style": "SOLID", "width": 1, "color": {}, "colorStyle": {"rgbColor": {}}}


@pytest.fixture(autouse=True)
def _tab(batch: Ask) -> None:
    grid = {"rowCount": 12, "columnCount": 8}
    batch({"addSheet": {"properties": {"title": "T", "sheetId": GID, "gridProperties": grid}}})


def area(a1: str, gid: int = GID) -> dict[str, int]:
    """Return a GridRange; `B2:C4` is columns 1-2 and rows 1-3."""
    first, _, last = a1.partition(":")
    last = last or first
    return {
        "sheetId": gid,
        "startRowIndex": int(first[1:]) - 1,
        "endRowIndex": int(last[1:]),
        "startColumnIndex": ord(first[0]) - ord("A"),
        "endColumnIndex": ord(last[0]) - ord("A") + 1,
    }


def spot(a1: str, gid: int = GID) -> dict[str, int]:
    """Return a GridCoordinate."""
    return {"sheetId": gid, "rowIndex": int(a1[1:]) - 1, "columnIndex": ord(a1[0]) - ord("A")}


def copy(source: str, destination: str, kind: str = "PASTE_NORMAL", **more: Any) -> Any:
    places = {"source": area(source), "destination": area(destination)}
    return {"copyPaste": places | {"pasteType": kind} | more}


def cut(source: str, destination: str, kind: str = "PASTE_NORMAL", **more: Any) -> Any:
    places = {"source": area(source), "destination": spot(destination)}
    return {"cutPaste": places | {"pasteType": kind} | more}


def write(call: Ask, a1: str, *values: list[Any]) -> None:
    call("PUT", f"/values/{a1}", {"values": list(values)}, valueInputOption="USER_ENTERED")


def formulas(call: Ask, a1: str) -> Any:
    return call("GET", f"/values/{a1}", valueRenderOption="FORMULA").get("values", [])


def cells(call: Ask, a1: str) -> list[Any]:
    """Return the CellData of the first row of an area."""
    data = call("GET", f"?ranges={a1}", includeGridData="true")["sheets"][0]["data"][0]
    found: list[Any] = data.get("rowData", [{}])[0].get("values", [])
    return found


def decorate(a1: str) -> list[Any]:
    """Return requests that make cells bold, bordered, noted and ruled."""
    look = {"textFormat": {"bold": True}, "borders": {"top": LINE}}
    rule = {"condition": {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "1"}]}}
    cell = {"userEnteredFormat": look, "note": "siehe", "dataValidation": rule}
    return [
        {
            "repeatCell": {
                "range": area(a1),
                "cell": cell,
                "fields": "userEnteredFormat,note,dataValidation",
            }
        }
    ]


BROUGHT = {
    "PASTE_NORMAL": ["=A2+1", "bold", "borders", "note", "rule"],
    "PASTE_NO_BORDERS": ["=A3+1", "bold", "note", "rule"],
    "PASTE_VALUES": [6],
    "PASTE_FORMULA": ["=A5+1"],
    "PASTE_FORMAT": ["bold", "borders", "rule"],
    "PASTE_DATA_VALIDATION": ["rule"],
    "PASTE_CONDITIONAL_FORMATTING": [],
}


def test_a_paste_brings_what_its_type_says(batch: Ask, call: Ask) -> None:
    """Values alone are results; formulas move their references along."""
    write(call, "T!A1", [5, "=A1+1"])
    places = {kind: f"B{row}" for row, kind in enumerate(BROUGHT, 2)}
    pastes = [copy("B1", place, kind) for kind, place in places.items()]
    assert [{}] * 8 == batch(*decorate("B1"), *pastes)

    found = {
        kind: brought((cells(call, f"T!{place}") or [{}])[0]) for kind, place in places.items()
    }
    assert found == BROUGHT


def brought(cell: Any) -> list[Any]:
    """Return a cell's value, and what of `decorate` it has."""
    look = cell.get("userEnteredFormat", {})
    found = list(cell.get("userEnteredValue", {}).values())
    found += ["bold"] * ("textFormat" in look) + ["borders"] * ("borders" in look)
    return found + ["note"] * ("note" in cell) + ["rule"] * ("dataValidation" in cell)


def test_a_larger_destination_is_tiled(batch: Ask, call: Ask) -> None:
    """A whole multiple of the source is filled; else it is pasted once, whole."""
    write(call, "T!A1", ["x", "=A1"])
    batch(copy("A1:B1", "A3:D4"), copy("A1:B1", "F1:H3"), copy("A1:B1", "A6"))

    assert [["x", "=A3", "x", "=C3"], ["x", "=A4", "x", "=C4"]] == formulas(call, "T!A3:D4")
    assert [["x", "=F1"], ["x", "=F2"], ["x", "=F3"]] == formulas(call, "T!F1:H3")
    assert [["x", "=A6"]] == formulas(call, "T!A6:H6")


def test_a_transposed_copy_turns_rows_into_columns(batch: Ask, call: Ask) -> None:
    """Three cells of a row stand below each other."""
    write(call, "T!A1", [1, 2, 3])
    batch(copy("A1:C1", "E1", pasteOrientation="TRANSPOSE"))

    assert [[1], [2], [3]] == formulas(call, "T!E1:E5")


def test_dollars_hold_references_and_the_edge_breaks_them(batch: Ask, call: Ask) -> None:
    """A relative reference above the first row becomes #REF!."""
    write(call, "T!C3", ["=A1+$A1+A$1+$A$1+SUM(B2:B$9)"])
    batch(copy("C3", "D5"), copy("C3", "A1"))

    assert [["=B3+$A3+B$1+$A$1+SUM(C4:C$9)"]] == formulas(call, "T!D5")
    assert [["=#REF!+#REF!+#REF!+$A$1+SUM(#REF!)"]] == formulas(call, "T!A1")


def test_a_copy_brings_merges_and_colour_rules(batch: Ask, call: Ask) -> None:
    """Merges are made anew at the destination, rules hold there, too."""
    rule = {
        "ranges": [area("A1:A9")],
        "booleanRule": {
            "condition": {"type": "NOT_BLANK"},
            "format": {"textFormat": {"bold": True}},
        },
    }
    merge = {"mergeCells": {"range": area("A1:B1"), "mergeType": "MERGE_ALL"}}
    batch(merge, {"addConditionalFormatRule": {"rule": rule}}, copy("A1:B2", "C4:D5"))

    tab = call("GET", "?ranges=T")["sheets"][0]
    assert [area("A1:B1"), area("C4:D4")] == tab["merges"]
    assert [area("A1:A9"), area("C4:C5")] == tab["conditionalFormats"][0]["ranges"]


def test_what_was_cut_is_meant_at_its_new_place(batch: Ask, call: Ask) -> None:
    """Formulas and names follow cells that were cut, to another tab as well."""
    write(call, "T!A1", [5, "=A1*2"], ["=B1+A1", "=SUM(A1:B1)"])
    named = {"name": "Grund", "range": area("A1")}
    batch(
        *decorate("A1"),
        {"addNamedRange": {"namedRange": named}},
        {"addSheet": {"properties": {"title": "Ziel 2", "sheetId": 8}}},
        cut("A1:B1", "D4"),
        {"cutPaste": {"source": area("D4:E4"), "destination": spot("B2", 8)}},
    )

    assert [["='Ziel 2'!C2+'Ziel 2'!B2", "=SUM('Ziel 2'!B2:C2)"]] == formulas(call, "T!A2:B2")
    assert [] == formulas(call, "T!A3:E5")
    assert [["", 5, "=B2*2"]] == formulas(call, "'Ziel 2'!A2:C2")
    assert "siehe" == cells(call, "'Ziel 2'!B2")[0]["note"]
    (moved,) = call("GET", "")["namedRanges"]
    assert area("B2", 8) == moved["range"]


def test_cut_values_leave_formats_behind(batch: Ask, call: Ask) -> None:
    """Only what the paste type names is moved."""
    write(call, "T!A1", ["=1+1"])
    batch(*decorate("A1"), cut("A1", "C1", "PASTE_VALUES"))

    (left, _, right) = cells(call, "T!A1:C1")
    assert ("siehe", {"numberValue": 2}) == (left["note"], right["userEnteredValue"])
    assert ("userEnteredValue" in left, "note" in right) == (False, False)


@pytest.mark.parametrize(
    "request_,message",
    [
        (
            cut("A1", "D4"),
            (
                "You can't perform a cut/paste from a range that partially intersects a merge. "
                "Consider unmerging or selecting a larger range that includes the entire merge."
            ),
        ),
        (copy("F6", "B1"), "You can't perform a paste that partially intersects a merge."),
        (
            copy("F6:G7", "H12"),
            "Range (T!H12:I13) exceeds grid limits. Max rows: 12, max columns: 8",
        ),
        (
            {"deleteRange": {"range": area("A2"), "shiftDimension": "ROWS"}},
            "You can't insert or delete cells that would break a merged cell apart.",
        ),
        ({"insertRange": {"range": area("D1")}}, "shiftDimension must be set."),
        (
            {"pasteData": {"coordinate": spot("A1"), "data": "x"}},
            "One of delimiter or html must be set.",
        ),
    ],
)
def test_refused_pastes(batch: Ask, call: Ask, request_: Any, message: str) -> None:
    """Merges are never cut, and nothing is pasted beyond the grid."""
    batch({"mergeCells": {"range": area("A1:B2"), "mergeType": "MERGE_ALL"}})
    error = call("POST", ":batchUpdate", {"requests": [request_]}, status=400)["error"]

    (kind,) = request_
    assert f"Invalid requests[0].{kind}: {message}" == error["message"]


def test_inserted_cells_push_others_down_or_right(batch: Ask, call: Ask) -> None:
    """Only the columns of the range move; formulas and merges follow, the grid grows."""
    write(call, "T!A1", ["a", "b", "c"], ["=B1", "d", "=A2:B2"], ["", "e"])
    batch(
        {"mergeCells": {"range": area("B5:B6"), "mergeType": "MERGE_ALL"}},
        {"insertRange": {"range": area("B1:B2"), "shiftDimension": "ROWS"}},
    )
    expected = [["a", "", "c"], ["=B3", "", "=A2:B2"], ["", "b"], ["", "d"], ["", "e"]]
    assert expected == formulas(call, "T")
    tab = call("GET", "?ranges=T")["sheets"][0]
    assert [area("B7:B8")] == tab["merges"]

    batch({"insertRange": {"range": area("A1:F1"), "shiftDimension": "COLUMNS"}})
    assert [["", "", "", "", "", "", "a", "", "c"], ["=B3", "", "=A2:B2"]] == formulas(
        call, "T!1:2"
    )
    grid = call("GET", "?ranges=T")["sheets"][0]["properties"]["gridProperties"]
    assert {"rowCount": 12, "columnCount": 9} == grid


def test_deleted_cells_are_closed_up(batch: Ask, call: Ask) -> None:
    """Cells from below or from the right come; who meant a deleted cell means none."""
    write(call, "T!A1", ["a", "b", "c"], ["d", "e", "f"], ["=A1", "=A2", "=SUM(C1:C2)"])
    batch({"deleteRange": {"range": area("A1"), "shiftDimension": "ROWS"}})
    expected = [["d", "b", "c"], ["=#REF!", "e", "f"], ["", "=A1", "=SUM(C1:C2)"]]
    assert expected == formulas(call, "T")
    batch({"deleteRange": {"range": area("A1:B1"), "shiftDimension": "COLUMNS"}})

    assert [["c"], ["=#REF!", "e", "f"], ["", "=#REF!", "=SUM(C1:C2)"]] == formulas(call, "T")


def test_pasted_text_is_typed_in(batch: Ask, call: Ask) -> None:
    """Delimited text keeps its quotes together, a page's table its cells; the grid grows."""
    page = "<table><tr><th>x</th><td>1,5<br>y</td></tr><tr><td>=2+2</td></tr></table>"
    batch(
        {"pasteData": {"coordinate": spot("H12"), "data": 'a,"b,c"\n7,', "delimiter": ","}},
        {"pasteData": {"coordinate": spot("A1"), "data": page, "html": True}},
        {"pasteData": {"coordinate": spot("C1"), "data": "1||2", "delimiter": "||"}},
    )

    assert [["a", "b,c"], [7]] == formulas(call, "T!H12:I13")
    assert [["x", "1,5\ny", 1, 2], ["=2+2"]] == formulas(call, "T!A1:D2")


def test_duplicates_go_whatever_their_case(batch: Ask, call: Ask) -> None:
    """The first of like rows stays; only the range is closed up."""
    write(call, "T!A1", ["x", 1, "p"], ["X", 2, "q"], ["y", 3, "r"], ["x", 4, "s"])
    compare = [{"sheetId": GID, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}]
    request = {"deleteDuplicates": {"range": area("A1:B9"), "comparisonColumns": compare}}

    assert [{"deleteDuplicates": {"duplicatesRemovedCount": 2}}] == batch(request)
    assert [["x", 1, "p"], ["y", 3, "q"], ["", "", "r"], ["", "", "s"]] == formulas(call, "T")
    assert [{"deleteDuplicates": {}}] == batch(request)


def test_white_space_is_trimmed(batch: Ask, call: Ask) -> None:
    """Around texts all of it goes, inside one blank stays; numbers are left alone."""
    call("PUT", "/values/T!A1", {"values": [["  a \n b ", "c", 3]]}, valueInputOption="RAW")
    replies = batch({"trimWhitespace": {"range": area("A1:C1")}})

    assert [{"trimWhitespace": {"cellsChangedCount": 1}}] == replies
    assert [["a b", "c", 3]] == formulas(call, "T")


def test_shuffled_rows_are_the_same_rows(batch: Ask, call: Ask) -> None:
    """Rows stay whole, in another order."""
    write(call, "T!A1", *[[number, f"n{number}"] for number in range(10)])
    batch({"randomizeRange": {"range": area("A1:B10")}})

    found = formulas(call, "T")
    assert [[number, f"n{number}"] for number in range(10)] == sorted(found)
    assert sorted(found) != found


def test_texts_are_split_into_columns(batch: Ask, call: Ask) -> None:
    """Parts are read as if typed."""
    write(call, "T!A1", ["Siti;12"], ["Budi;x;3"])
    request = {"source": area("A1:A2"), "delimiterType": "SEMICOLON"}
    batch({"textToColumns": request})

    assert [["Siti", 12], ["Budi", "x", 3]] == formulas(call, "T")


def test_series_go_on(batch: Ask, call: Ask) -> None:
    """Steps, numbered texts and formulas go on; the rest is repeated."""
    write(call, "T!A1", [1, 4, "No 9", "a", "=G1+$H$1"], [3])
    columns = [area("A1:A4"), *(area(f"{letter}1:{letter}4") for letter in "BCDE")]
    assert [{}] * 5 == batch(*({"autoFill": {"range": column}} for column in columns))

    expected = [
        [1, 4, "No 9", "a", "=G1+$H$1"],
        [3, 4, "No 10", "a", "=G2+$H$1"],
        [5, 4, "No 11", "a", "=G3+$H$1"],
        [7, 4, "No 12", "a", "=G4+$H$1"],
    ]
    assert expected == formulas(call, "T")


def test_a_series_goes_on_from_its_source(batch: Ask, call: Ask) -> None:
    """Dates count days; a negative length fills backwards."""
    write(call, "T!C1", ["2026-11-24"])
    there = {"source": area("C1"), "dimension": "COLUMNS"}
    batch(
        {"autoFill": {"sourceAndDestination": there | {"fillLength": 2}}},
        {"autoFill": {"sourceAndDestination": there | {"fillLength": -1}}},
    )

    row = call("GET", "/values/T!A1:E1")["values"]
    assert [["", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"]] == row


def test_borders_are_drawn_and_wiped_off(batch: Ask, call: Ask) -> None:
    """Each line lies on the sides it names; what is not named stays."""
    thick = {"style": "SOLID_THICK", "colorStyle": {"rgbColor": {"red": 1}}}
    batch(
        {
            "updateBorders": {
                "range": area("A1:B1"),
                "top": {"style": "SOLID"},
                "innerVertical": thick,
            }
        },
        {"updateBorders": {"range": area("B1"), "top": {"style": "NONE"}}},
    )

    red = {"style": "SOLID_THICK", "width": 3, "color": {"red": 1}}
    red |= {"colorStyle": {"rgbColor": {"red": 1}}}
    found = [cell["userEnteredFormat"]["borders"] for cell in cells(call, "T!A1:B1")]
    assert [{"top": LINE, "right": red}, {"left": red}] == found


def test_a_tab_is_copied_beside_itself_and_into_another_file(
    batch: Ask, call: Ask, sandbox: Sandbox, spread: gspread.Client, village: Any
) -> None:
    """The answer is the copy's properties; its formulas find no tab of the other file."""
    write(call, "T!A1", [5, "=A1", "=T!A1", "=Dritte!A1"])
    batch(
        {"addSheet": {"properties": {"title": "Dritte", "sheetId": 9}}},
        {"mergeCells": {"range": area("A2:B2"), "mergeType": "MERGE_ALL"}},
    )
    tab = spread.open_by_key(sandbox.spreadsheet_id).worksheet("T")
    own = tab.copy_to(sandbox.spreadsheet_id)
    again = tab.copy_to(sandbox.spreadsheet_id)
    assert ["Copy of T", "Copy 2 of T"] == [own["title"], again["title"]]
    with session(sandbox, user=True) as owner:
        sheets = service(sandbox, "sheets", "v4", owner).spreadsheets()
        wanted = {"sheets": [{"properties": {"title": "Dritte"}}]}
        other = sheets.create(body=wanted).execute()["spreadsheetId"]
    share = {"role": "writer", "type": "user"}
    share |= {"emailAddress": sandbox.service_account_info["client_email"]}
    village.permissions().create(fileId=other, body=share).execute()
    there = tab.copy_to(other)

    grid = {"rowCount": 12, "columnCount": 8}
    expected = {"title": "Copy of T", "index": 1, "sheetType": "GRID", "gridProperties": grid}
    assert expected | {"sheetId": there["sheetId"]} == there
    copy_ = spread.open_by_key(other).worksheet("Copy of T")
    assert [["5", "5", "5", "#REF!"]] == copy_.get("A1:D1")
    assert [5, "=A1", "='Copy of T'!A1", "=Dritte!A1"] == copy_.get(
        "A1:D1", value_render_option=ValueRenderOption.formula
    )[0]
    merges = spread.open_by_key(other).fetch_sheet_metadata()["sheets"][1]["merges"]
    assert [area("A2:B2", there["sheetId"])] == merges


def test_gspread_copies_cuts_and_duplicates(
    spread: gspread.Client, sandbox: Sandbox, call: Ask
) -> None:
    """As gspread's own tests do:  ranges, tabs, and inserted rows and columns."""
    book = spread.open_by_key(sandbox.spreadsheet_id)
    tab = book.worksheet("T")
    tab.update([["a", "=A1"]], "A1", raw=False)
    tab.copy_range("A1:B1", "A2:B2")
    tab.cut_range("A1:B1", "D4")
    assert [[], ["a", "=A2"], [], ["", "", "", "a", "=D4"]] == formulas(call, "T")
    tab.insert_cols([["neu"]], col=1)
    tab.insert_row(["oben"], 1)
    assert [["oben"], ["neu"], ["", "a", "=B3"], [], ["", "", "", "", "a", "=E5"]] == formulas(
        call, "T"
    )
    twin = tab.duplicate(new_sheet_name="T2")
    assert [["", "a", "=B3"]] == formulas(call, f"{twin.title}!A3:C3")
