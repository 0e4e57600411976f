"""Charts: over cells or as tabs of their own, their sources moving along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[..., Any]

ELSEWHERE, HERE = 8, 7


def spec(*columns: int) -> dict[str, Any]:
    """Return a chart of rows 2..5 of the tab T: column A against the named columns."""

    def data(column: int) -> dict[str, Any]:
        source = {"sheetId": HERE, "startRowIndex": 1, "endRowIndex": 5}
        source |= {"startColumnIndex": column, "endColumnIndex": column + 1}
        return {"sourceRange": {"sources": [source]}}

    series = [{"series": data(column), "targetAxis": "LEFT_AXIS"} for column in columns]
    basic = {"chartType": "COLUMN", "domains": [{"domain": data(0)}], "series": series}
    return {"title": "Usaha per dusun", "basicChart": basic}


def sources(chart: Any) -> list[tuple[int, int, int]]:
    """Return column, first and last row of each series."""
    found = [
        one["series"]["sourceRange"]["sources"][0] for one in chart["spec"]["basicChart"]["series"]
    ]
    return [(one["startColumnIndex"], one["startRowIndex"], one["endRowIndex"]) for one in found]


@pytest.fixture(autouse=True)
def _tabs(batch: Ask) -> None:
    grid = {"rowCount": 10, "columnCount": 4}
    batch(
        *(
            {"addSheet": {"properties": {"title": title, "sheetId": gid, "gridProperties": grid}}}
            for title, gid in (("T", HERE), ("Lain", ELSEWHERE))
        )
    )


def add(batch: Ask, position: Any, **chart: Any) -> Any:
    """Add a chart of column B and return it as the reply shows it."""
    wanted = {"spec": spec(1), "position": position} | chart
    return batch({"addChart": {"chart": wanted}})[0]["addChart"]["chart"]


def over(gid: int, **anchor: int) -> dict[str, Any]:
    """Return a position over a cell."""
    return {"overlayPosition": {"anchorCell": {"sheetId": gid, **anchor}}}


def charts(call: Ask, title: str) -> Any:
    """Return the charts that a read shows on a tab."""
    return call("GET", f"?ranges={title}")["sheets"][0].get("charts", [])


def test_a_new_chart_has_an_id_a_size_and_no_zeros(call: Ask, batch: Ask) -> None:
    """Google fills in 600 x 371 pixels, and leaves out what is zero or false."""
    position = over(HERE, rowIndex=0, columnIndex=2)
    position["overlayPosition"]["offsetXPixels"] = 0
    border = {"colorStyle": {"rgbColor": {"red": 1}}}
    chart = add(batch, position, spec=spec(1) | {"maximized": False}, border=border)

    anchor = {"sheetId": HERE, "columnIndex": 2}
    expected = {"anchorCell": anchor, "widthPixels": 600, "heightPixels": 371}
    assert {"overlayPosition": expected} == chart["position"]
    assert "maximized" not in chart["spec"]
    assert border | {"color": {"red": 1}} == chart["border"]
    assert [chart] == charts(call, "T")


def test_sources_move_even_from_another_tab(call: Ask, batch: Ask) -> None:
    """Rows that come above or inside push and stretch the sources, wherever the chart is."""
    add(batch, over(ELSEWHERE))
    rows = {"sheetId": HERE, "dimension": "ROWS"}
    batch(
        {"insertDimension": {"range": rows | {"startIndex": 0, "endIndex": 1}}},
        {"insertDimension": {"range": rows | {"startIndex": 3, "endIndex": 5}}},
    )

    assert [(1, 2, 8)] == sources(charts(call, "Lain")[0])


def test_a_chart_outlives_the_column_of_a_series(call: Ask, batch: Ask) -> None:
    """The series goes with its column, and the others move over."""
    add(batch, over(HERE), spec=spec(1, 2))
    columns = {"sheetId": HERE, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    batch({"deleteDimension": {"range": columns}})

    assert [(1, 1, 5)] == sources(charts(call, "T")[0])


def test_the_anchor_moves_with_its_cell(call: Ask, batch: Ask) -> None:
    """A chart stays over the cell that it was put on."""
    add(batch, over(HERE, rowIndex=4))
    rows = {"sheetId": HERE, "dimension": "ROWS", "startIndex": 0, "endIndex": 3}
    batch({"insertDimension": {"range": rows}})

    anchor = charts(call, "T")[0]["position"]["overlayPosition"]["anchorCell"]
    assert 7 == anchor["rowIndex"]


def test_a_chart_may_be_a_tab(call: Ask, batch: Ask) -> None:
    """A new sheet has no grid, and is gone when the chart moves over cells."""
    chart = add(batch, {"newSheet": True})
    gid = chart["position"]["sheetId"]
    tab = next(one for one in call("GET", "")["sheets"] if one["properties"]["sheetId"] == gid)
    assert ("OBJECT", False) == (
        tab["properties"]["sheetType"],
        "gridProperties" in tab["properties"],
    )
    error = call("GET", f"/values/{tab['properties']['title']}", status=400)["error"]
    assert error["message"].startswith("Unable to parse range")
    move = {"objectId": chart["chartId"], "newPosition": over(ELSEWHERE), "fields": "anchorCell"}
    batch({"updateEmbeddedObjectPosition": move})
    assert [chart["chartId"]] == [one["chartId"] for one in charts(call, "Lain")]
    assert gid not in [one["properties"]["sheetId"] for one in call("GET", "")["sheets"]]


def test_spec_and_position_change_and_a_chart_goes(call: Ask, batch: Ask) -> None:
    """A new spec replaces the old one; the mask picks what of the position changes."""
    chart_id = add(batch, over(HERE, rowIndex=2))["chartId"]
    wider = {"overlayPosition": {"widthPixels": 800, "heightPixels": 5}}
    replies = batch(
        {"updateChartSpec": {"chartId": chart_id, "spec": spec(2) | {"title": "Baru"}}},
        {
            "updateEmbeddedObjectPosition": {
                "objectId": chart_id,
                "newPosition": wider,
                "fields": "widthPixels",
            }
        },
    )
    [chart] = charts(call, "T")
    assert ("Baru", [(2, 1, 5)]) == (chart["spec"]["title"], sources(chart))
    expected = {
        "anchorCell": {"sheetId": HERE, "rowIndex": 2},
        "widthPixels": 800,
        "heightPixels": 371,
    }
    assert expected == chart["position"]["overlayPosition"]
    assert chart["position"] == replies[1]["updateEmbeddedObjectPosition"]["position"]
    assert [{}] == batch({"deleteEmbeddedObject": {"objectId": chart_id}})
    assert [] == charts(call, "T")


def test_a_copied_tab_has_a_chart_of_its_own(call: Ask, batch: Ask) -> None:
    """The copy's chart has a new id and reads the copy's cells."""
    old = add(batch, over(HERE))
    batch({"duplicateSheet": {"sourceSheetId": HERE, "newSheetId": 9, "newSheetName": "Salinan"}})
    [new] = charts(call, "Salinan")

    series = new["spec"]["basicChart"]["series"][0]["series"]
    assert 9 == series["sourceRange"]["sources"][0]["sheetId"]
    assert 9 == new["position"]["overlayPosition"]["anchorCell"]["sheetId"]
    assert old["chartId"] != new["chartId"]


@pytest.mark.parametrize(
    "request_,message",
    [
        (
            {"addChart": {"chart": {"spec": {"title": "x"}, "position": over(HERE)}}},
            (
                "addChart: One of basicChart, pieChart, bubbleChart, candelstickChart, "
                "histogramChart, or orgChart must be set on chartSpec."
            ),
        ),
        (
            {"addChart": {"chart": {"spec": spec(1)}}},
            (
                "addChart: One of EmbeddedObjectPosition.overlayPosition or "
                "EmbeddedObjectPosition.sheetId must be set"
            ),
        ),
        (
            {"updateChartSpec": {"chartId": 5, "spec": spec(1)}},
            "updateChartSpec: No chart with id: 5",
        ),
        (
            {"deleteEmbeddedObject": {"objectId": 5}},
            "deleteEmbeddedObject: No embedded object with id: 5",
        ),
    ],
)
def test_refused_charts(call: Ask, request_: dict[str, Any], message: str) -> None:
    """What makes no chart is refused in Google's words."""
    error = call("POST", ":batchUpdate", {"requests": [request_]}, status=400)["error"]

    assert f"Invalid requests[0].{message}" == error["message"]
