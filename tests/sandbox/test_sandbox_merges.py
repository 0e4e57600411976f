"""Merged cells: how they come and go, what they keep, and what they forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from gspread.utils import MergeType

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread

    from sync.sandbox import Sandbox

    Ask = Callable[..., Any]

GID = 7


@pytest.fixture(autouse=True)
def _tab(batch: Ask, call: Ask) -> None:
    grid = {"rowCount": 12, "columnCount": 8}
    batch({"addSheet": {"properties": {"title": "T", "sheetId": GID, "gridProperties": grid}}})
    values = [[f"{letter}{row}" for letter in "ABCD"] for row in range(1, 5)]
    call("PUT", "/values/T!A1", {"values": values}, valueInputOption="RAW")


def area(a1: str) -> dict[str, int]:
    """Return a GridRange of the tab T; `B2:C4` is columns 1-2 and rows 1-3."""
    first, _, last = a1.partition(":")
    last = last or first
    return {
        "sheetId": GID,
        "startRowIndex": int(first[1:]) - 1,
        "endRowIndex": int(last[1:]),
        "startColumnIndex": ord(first[0]) - ord("A"),
        "endColumnIndex": ord(last[0]) - ord("A") + 1,
    }


def merge(a1: str, kind: str = "MERGE_ALL") -> dict[str, Any]:
    return {"mergeCells": {"range": area(a1), "mergeType": kind}}


def lines(start: int, end: int, dimension: str) -> dict[str, Any]:
    return {"sheetId": GID, "dimension": dimension, "startIndex": start, "endIndex": end}


def merges(call: Ask) -> list[Any]:
    """Return the merges of the tab T, from the top left to the bottom right."""
    found = call("GET", "?ranges=T")["sheets"][0].get("merges", [])
    return sorted(found, key=lambda one: (one["startRowIndex"], one["startColumnIndex"]))


def rows(call: Ask, a1: str = "T") -> Any:
    return call("GET", f"/values/{a1}").get("values", [])


@pytest.mark.parametrize(
    "kind,expected,kept",
    [
        ("MERGE_ALL", ["A1:B2"], [["A1"]]),
        ("MERGE_ROWS", ["A1:B1", "A2:B2"], [["A1"], ["A2"]]),
        ("MERGE_COLUMNS", ["A1:A2", "B1:B2"], [["A1", "B1"]]),
    ],
)
def test_a_range_merges_whole_or_by_rows_or_columns(
    batch: Ask, call: Ask, kind: str, expected: list[str], kept: list[list[str]]
) -> None:
    """Each merge keeps the value at its top left, and the reply is empty."""
    assert [{}] == batch(merge("A1:B2", kind))

    assert [area(one) for one in expected] == merges(call)
    assert kept == rows(call, "T!A1:B2")


def test_a_merge_swallows_inner_ones_and_can_be_taken_apart(batch: Ask, call: Ask) -> None:
    """Unmerging brings cells back, not what they held; no merge at all is no mistake."""
    batch(merge("A1:B1"), merge("A1:C3"))
    assert [area("A1:C3")] == merges(call)
    batch({"unmergeCells": {"range": area("A1:D4")}}, {"unmergeCells": {"range": area("F6:G8")}})

    assert [] == merges(call)
    assert [["A1", "", "", "D1"], ["", "", "", "D2"]] == rows(call, "T!A1:D2")


def test_the_first_value_of_a_merge_is_kept(batch: Ask, call: Ask) -> None:
    """An empty cell at the top left does not lose the only value there is."""
    batch(merge("F1:G2"))
    call("PUT", "/values/T!F5", {"values": [["", "last"]]}, valueInputOption="RAW")
    batch(merge("F5:G6"))

    assert [["last"]] == rows(call, "T!F5:G6")


@pytest.mark.parametrize(
    "request_",
    [merge("B2:E5"), {"unmergeCells": {"range": area("B2:B2")}}],
    ids=["merge", "unmerge"],
)
def test_a_part_of_a_merge_is_refused(batch: Ask, call: Ask, request_: dict[str, Any]) -> None:
    """All cells of a merge must be selected."""
    batch(merge("A1:C3"))
    error = call("POST", ":batchUpdate", {"requests": [request_]}, status=400)["error"]

    (kind,) = request_
    assert error["message"] == (
        f"Invalid requests[0].{kind}: You must select all cells in a merged range to merge or "
        "unmerge them."
    )
    assert [area("A1:C3")] == merges(call)


@pytest.mark.parametrize(
    "kind,word,other",
    [("MERGE_ROWS", "horizontally", "vertically"), ("MERGE_COLUMNS", "vertically", "horizontally")],
)
def test_a_merge_does_not_cut_across_one_of_the_other_direction(
    batch: Ask, call: Ask, kind: str, word: str, other: str
) -> None:
    """Rows cannot be merged one by one where cells are merged over several of them."""
    batch(merge("B2:C3"))
    error = call("POST", ":batchUpdate", {"requests": [merge("A1:D4", kind)]}, status=400)["error"]

    assert error["message"].endswith(
        f"You can't merge {word} across an existing {other} merged section."
    )


def test_a_covered_cell_takes_nothing_in(batch: Ask, call: Ask) -> None:
    """Writes count as ever, but only the top left cell of a merge holds anything."""
    batch(merge("A1:B2"))
    body = {"values": [["x", "y"], ["z", "=1"]]}
    raw = call("PUT", "/values/T!A1", body, valueInputOption="RAW")
    typed = call("PUT", "/values/T!A1", body, valueInputOption="USER_ENTERED")
    cell = {"rows": [{"values": [{"userEnteredValue": {"numberValue": 1}}]}]}
    batch({"updateCells": {"range": area("B2"), "fields": "*"} | cell})

    assert (4, 4) == (raw["updatedCells"], typed["updatedCells"])
    assert [["x"]] == rows(call, "T!A1:B2")
    batch({"unmergeCells": {"range": area("A1:B2")}})
    assert [["x"]] == rows(call, "T!A1:B2")


@pytest.mark.parametrize(
    "request_,expected",
    [
        ({"insertDimension": {"range": lines(0, 2, "ROWS")}}, ["B4:C6"]),
        ({"insertDimension": {"range": lines(2, 3, "COLUMNS")}}, ["B2:D4"]),
        ({"deleteDimension": {"range": lines(0, 1, "COLUMNS")}}, ["A2:B4"]),
        ({"deleteDimension": {"range": lines(2, 3, "ROWS")}}, ["B2:C3"]),
        ({"deleteDimension": {"range": lines(1, 4, "ROWS")}}, []),
        (
            {"moveDimension": {"source": lines(1, 4, "ROWS"), "destinationIndex": 8}},
            ["B6:C8"],
        ),
        (
            {"moveDimension": {"source": lines(5, 6, "COLUMNS"), "destinationIndex": 0}},
            ["C2:D4"],
        ),
    ],
)
def test_merges_move_with_their_lines(
    batch: Ask, call: Ask, request_: dict[str, Any], expected: list[str]
) -> None:
    """B2:C4 grows, shrinks, moves and goes with the rows and columns under it."""
    batch(merge("B2:C4"), request_)

    assert [area(one) for one in expected] == merges(call)


def test_a_merge_left_with_one_cell_is_none(batch: Ask, call: Ask) -> None:
    """Of A1:B1 without column B a plain cell remains."""
    batch(merge("A1:B1"), {"deleteDimension": {"range": lines(1, 2, "COLUMNS")}})

    assert [] == merges(call)


def test_sorting_refuses_vertical_merges_and_carries_flat_ones(batch: Ask, call: Ask) -> None:
    """Rows that are merged with each other cannot be put in order."""
    spec = {"sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}
    sort = {"sortRange": {"range": area("A1:D4")} | spec}
    batch(merge("B1:C1"), sort)
    assert [area("B4:C4")] == merges(call)
    assert ["A1", "B1", "", "D1"] == rows(call, "T!A4:D4")[0]

    batch(merge("D2:D3"))
    error = call("POST", ":batchUpdate", {"requests": [sort]}, status=400)["error"]
    assert error["message"].endswith("You can't sort a range containing vertical merges.")


def test_lines_and_filters_do_not_cut_merges(batch: Ask, call: Ask) -> None:
    """A row with half of a merge cannot be moved, and a filter hides no half of one."""
    batch(merge("B2:C3"))
    refused = []
    for request in (
        {"moveDimension": {"source": lines(1, 2, "ROWS"), "destinationIndex": 9}},
        {"setBasicFilter": {"filter": {"range": area("A1:D4")}}},
    ):
        error = call("POST", ":batchUpdate", {"requests": [request]}, status=400)["error"]
        refused.append(error["message"].partition(": ")[2])

    assert [
        (
            "Sorry, it is not possible to move a row that contains only part of a merged cell. "
            "Please unmerge and try again."
        ),
        "You can't create a filter over a range containing vertical merges.",
    ] == refused


@pytest.mark.parametrize("order", ["freeze first", "merge first"])
def test_a_merge_does_not_cross_the_frozen_edge(call: Ask, order: str) -> None:
    """Neither may cells be merged across it, nor the edge be put through a merge."""
    grid = {"properties": {"sheetId": GID, "gridProperties": {"frozenRowCount": 2}}}
    freeze = {"updateSheetProperties": grid | {"fields": "gridProperties.frozenRowCount"}}
    steps = [freeze, merge("A2:A3")]
    if order == "merge first":
        steps.reverse()
    error = call("POST", ":batchUpdate", {"requests": steps}, status=400)["error"]

    expected = {
        "freeze first": "You can't merge frozen and non-frozen rows.",
        "merge first": "You can't freeze rows which contain only part of a merged cell.",
    }
    assert error["message"].endswith(expected[order])


def test_a_copied_tab_keeps_its_merges(batch: Ask, call: Ask) -> None:
    """The copy has merges of its own gid, and they go their own ways."""
    batch(
        merge("A1:B2"),
        {"duplicateSheet": {"sourceSheetId": GID, "newSheetId": 8, "newSheetName": "Zwilling"}},
        {"unmergeCells": {"range": area("A1:B2")}},
    )

    assert [] == merges(call)
    copy = call("GET", "?ranges=Zwilling")["sheets"][0]
    assert [area("A1:B2") | {"sheetId": 8}] == copy["merges"]


def test_gspread_merges_and_unmerges(spread: gspread.Client, sandbox: Sandbox, call: Ask) -> None:
    """As gspread's own test: by rows, whole, apart again, and values of merged cells combined."""
    sheet = spread.open_by_key(sandbox.spreadsheet_id).worksheet("T")
    sheet.merge_cells("A1:B2", MergeType.merge_rows)
    assert 2 == len(merges(call))
    sheet.merge_cells("A1:B2")
    assert [area("A1:B2")] == merges(call)
    expected = [["A1", "A1", "C1"], ["A1", "A1", "C2"]]
    assert expected == sheet.get("A1:C2", combine_merged_cells=True)
    sheet.unmerge_cells("A1:B2")
    assert [] == merges(call)
