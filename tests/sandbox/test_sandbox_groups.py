"""Groups of rows and columns: depths, folding, and what gspread makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread

    from sync.sandbox import Sandbox

    Ask = Callable[..., Any]

GID = 7


@pytest.fixture(autouse=True)
def _tab(batch: Ask) -> None:
    grid = {"rowCount": 12, "columnCount": 8}
    batch({"addSheet": {"properties": {"title": "T", "sheetId": GID, "gridProperties": grid}}})


def lines(start: int, end: int, dimension: str = "COLUMNS") -> dict[str, Any]:
    """Return a DimensionRange of the tab T."""
    return {"sheetId": GID, "dimension": dimension, "startIndex": start, "endIndex": end}


def add(start: int, end: int, dimension: str = "COLUMNS") -> dict[str, Any]:
    """Return a request that groups lines."""
    return {"addDimensionGroup": {"range": lines(start, end, dimension)}}


def spans(groups: Any) -> list[tuple[int, int, int]]:
    """Return start, end and depth of each group."""
    return sorted(
        (one["range"]["startIndex"], one["range"]["endIndex"], one["depth"]) for one in groups
    )


def tab(call: Ask, **query: Any) -> Any:
    """Return what a read shows of the tab T."""
    return call("GET", "?ranges=T", **query)["sheets"][0]


@pytest.mark.parametrize(
    "first,second,expected",
    [
        ((2, 4), (1, 5), [(1, 5, 1), (2, 4, 2)]),
        ((1, 5), (2, 4), [(1, 5, 1), (2, 4, 2)]),
        ((1, 4), (2, 5), [(1, 5, 1), (2, 4, 2)]),
        ((1, 3), (5, 7), [(1, 3, 1), (5, 7, 1)]),
        ((1, 3), (1, 3), [(1, 3, 1), (1, 3, 2)]),
    ],
    ids=["superset", "subset", "overlap", "apart", "same"],
)
def test_a_second_group_nests(
    batch: Ask, first: tuple[int, int], second: tuple[int, int], expected: list[Any]
) -> None:
    """Google's examples for AddDimensionGroupRequest; the reply has all groups."""
    replies = batch(add(*first), add(*second))

    assert expected == spans(replies[1]["addDimensionGroup"]["dimensionGroups"])


def test_a_deleted_group_makes_its_lines_shallower(batch: Ask, call: Ask) -> None:
    """Google's example: B:E and C:D, less D:E, leaves B:D and C:C."""
    batch(add(1, 5), add(2, 4))
    reply = batch({"deleteDimensionGroup": {"range": lines(3, 5)}})[0]["deleteDimensionGroup"]

    assert [(1, 4, 1), (2, 3, 2)] == spans(reply["dimensionGroups"])
    assert [(1, 4, 1), (2, 3, 2)] == spans(tab(call)["columnGroups"])


def test_the_toggle_stays_after_the_last_group_is_gone(batch: Ask, call: Ask) -> None:
    """As recorded: the grid keeps columnGroupControlAfter, the reply is empty."""
    batch(add(0, 2))
    replies = batch({"deleteDimensionGroup": {"range": lines(0, 2)}})

    assert [{"deleteDimensionGroup": {}}] == replies
    grid = {"rowCount": 12, "columnCount": 8, "columnGroupControlAfter": True}
    assert grid == tab(call)["properties"]["gridProperties"]
    assert "columnGroups" not in tab(call)


def test_folding_hides_and_opening_shows(batch: Ask, call: Ask, sandbox: Sandbox) -> None:
    """A collapsed group says so, and its rows are hidden by the user."""

    def fold(*, collapsed: bool) -> list[bool]:
        group = {"range": lines(2, 4, "ROWS"), "depth": 1, "collapsed": collapsed}
        batch({"updateDimensionGroup": {"dimensionGroup": group, "fields": "collapsed"}})
        rows = tab(call, includeGridData="true")["data"][0]["rowMetadata"][:5]
        return [row.get("hiddenByUser", False) for row in rows]

    call("PUT", "/values/T!A1", {"values": [["x"]] * 5}, valueInputOption="RAW")
    batch(add(2, 4, "ROWS"))
    assert [False, False, True, True, False] == fold(collapsed=True)
    expected = {"range": lines(2, 4, "ROWS"), "depth": 1, "collapsed": True}
    assert [expected] == tab(call)["rowGroups"]
    assert [["x"]] * 5 == sandbox.rows(GID)
    assert [False] * 5 == fold(collapsed=False)
    assert "collapsed" not in tab(call)["rowGroups"][0]


def test_groups_move_with_their_rows(batch: Ask, call: Ask) -> None:
    """Rows that come inside make a group longer; one whose rows all go goes too."""
    batch(
        add(2, 4, "ROWS"),
        {"insertDimension": {"range": lines(0, 1, "ROWS")}},
        {"insertDimension": {"range": lines(4, 6, "ROWS")}},
    )
    assert [(3, 7, 1)] == spans(tab(call)["rowGroups"])
    batch({"deleteDimension": {"range": lines(3, 7, "ROWS")}})
    assert "rowGroups" not in tab(call)


@pytest.mark.parametrize(
    "requests,message",
    [
        ([add(1, 3)] * 9, "[8].addDimensionGroup: You can't have more than 8 levels of groups."),
        (
            [{"deleteDimensionGroup": {"range": lines(1, 3)}}],
            "[0].deleteDimensionGroup: Cannot delete a group that doesn't exist.",
        ),
    ],
)
def test_refused_groups(call: Ask, requests: list[Any], message: str) -> None:
    """Eight levels are the most, and only what is grouped can be ungrouped."""
    error = call("POST", ":batchUpdate", {"requests": requests}, status=400)["error"]

    assert f"Invalid requests{message}" == error["message"]


def test_gspread_groups_and_hides(spread: gspread.Client, sandbox: Sandbox, call: Ask) -> None:
    """The methods of gspread for groups, hiding and unhiding work as its own tests expect."""
    sheet = spread.open_by_key(sandbox.spreadsheet_id).worksheet("T")
    sheet.add_dimension_group_rows(1, 3)
    sheet.add_dimension_group_columns(0, 2)
    assert [lines(1, 3, "ROWS")] == [one["range"] for one in sheet.list_dimension_group_rows()]
    assert [1] == [one["depth"] for one in sheet.list_dimension_group_columns()]
    sheet.delete_dimension_group_rows(1, 3)
    sheet.delete_dimension_group_columns(0, 2)
    assert ([], []) == (sheet.list_dimension_group_rows(), sheet.list_dimension_group_columns())
    sheet.hide_columns(0, 2)
    sheet.unhide_columns(1, 2)
    sheet.hide_rows(1, 2)
    data = tab(call, includeGridData="true")["data"][0]
    assert [True, None] == [one.get("hiddenByUser") for one in data["columnMetadata"][:2]]
    assert [None, True] == [one.get("hiddenByUser") for one in data["rowMetadata"][:2]]
