"""Developer metadata: pinned to places, moving with them, found by lookups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from real_clients import service, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

    Ask = Callable[..., Any]

GID = 7
VALUES = [["nama", "jumlah"], ["b", 2], ["a", 1], ["c", 3]]


@pytest.fixture(autouse=True)
def _tab(call: Ask, batch: Ask) -> None:
    grid = {"rowCount": 10, "columnCount": 4}
    batch({"addSheet": {"properties": {"title": "T", "sheetId": GID, "gridProperties": grid}}})
    call("PUT", "/values/T!A1", {"values": VALUES}, valueInputOption="RAW")


def line(start: int, dimension: str = "ROWS", end: int | None = None) -> dict[str, Any]:
    """Return the place of a row or column of the tab T."""
    ends = {"startIndex": start, "endIndex": start + 1 if end is None else end}
    return {"dimensionRange": {"sheetId": GID, "dimension": dimension, **ends}}


def create(location: Any, key: str = "kunci", **more: Any) -> dict[str, Any]:
    """Return a request that pins metadata to a place."""
    wanted = {"metadataKey": key, "location": location, "visibility": "DOCUMENT"} | more
    return {"createDeveloperMetadata": {"developerMetadata": wanted}}


def look(**lookup: Any) -> dict[str, Any]:
    """Return a DataFilter that looks metadata up."""
    return {"developerMetadataLookup": lookup}


@pytest.fixture
def found(call: Ask) -> Callable[..., list[str]]:
    """Return a searcher that gives the keys of what its filters match."""

    def search(*filters: Any) -> list[str]:
        answer = call("POST", "/developerMetadata:search", {"dataFilters": list(filters)})
        matched = answer.get("matchedDeveloperMetadata", [])
        return [one["developerMetadata"]["metadataKey"] for one in matched]

    return search


def rows_of(call: Ask, **lookup: Any) -> list[Any]:
    """Return the values of the ranges that a lookup selects."""
    answer = call("POST", "/values:batchGetByDataFilter", {"dataFilters": [look(**lookup)]})
    return [one["valueRange"].get("values") for one in answer.get("valueRanges", [])]


def test_create_get_update_and_delete(call: Ask, batch: Ask) -> None:
    """The answers are those of Google's guide; what is gone is 404 by name."""
    [reply] = batch(create(line(2), "Sales", metadataValue="2022"))
    made = reply["createDeveloperMetadata"]["developerMetadata"]
    metadata_id = made.pop("metadataId")
    expected = {
        "metadataKey": "Sales",
        "metadataValue": "2022",
        "location": {"locationType": "ROW"} | line(2),
        "visibility": "DOCUMENT",
    }
    assert expected == made
    assert made | {"metadataId": metadata_id} == call("GET", f"/developerMetadata/{metadata_id}")
    change = {
        "dataFilters": [look(metadataId=metadata_id)],
        "developerMetadata": {"location": {"sheetId": GID}, "metadataKey": "SalesUpdated"},
        "fields": "location,metadataKey",
    }
    updated = expected | {"metadataId": metadata_id, "metadataKey": "SalesUpdated"}
    updated |= {"location": {"locationType": "SHEET", "sheetId": GID}}
    replies = batch(
        {"updateDeveloperMetadata": change},
        {"deleteDeveloperMetadata": {"dataFilter": look(metadataId=metadata_id)}},
    )
    assert [updated] == replies[0]["updateDeveloperMetadata"]["developerMetadata"]
    assert [updated] == replies[1]["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]
    error = call("GET", f"/developerMetadata/{metadata_id}", status=404)["error"]
    assert (f"No developer metadata with ID {metadata_id}.", "NOT_FOUND") == (
        error["message"],
        error["status"],
    )


def test_a_spreadsheet_shows_its_metadata_where_it_is_pinned(call: Ask, batch: Ask) -> None:
    """On the file, on the tab, and beside rows and columns where cells are asked for."""
    batch(
        create({"spreadsheet": True}, "berkas"),
        create({"sheetId": GID}, "lembar"),
        create(line(1), "baris"),
        create(line(0, "COLUMNS"), "kolom"),
    )
    book = call("GET", "?ranges=T", includeGridData="true")
    tab = book["sheets"][0]
    places = [
        book,
        tab,
        tab["data"][0]["rowMetadata"][1],
        tab["data"][0]["columnMetadata"][0],
    ]

    shown = [[one["metadataKey"] for one in place["developerMetadata"]] for place in places]
    assert [["berkas"], ["lembar"], ["baris"], ["kolom"]] == shown
    assert "developerMetadata" not in tab["data"][0]["rowMetadata"][0]


def test_metadata_moves_with_its_line(call: Ask, batch: Ask) -> None:
    """Lines that come, go or are moved take the metadata along; it goes with its own line."""
    rows = {"sheetId": GID, "dimension": "ROWS"}
    columns = {"sheetId": GID, "dimension": "COLUMNS"}
    batch(
        create(line(2), metadataId=1),
        create(line(1, "COLUMNS"), metadataId=2),
        {"insertDimension": {"range": rows | {"startIndex": 0, "endIndex": 2}}},
        {
            "moveDimension": {
                "source": rows | {"startIndex": 4, "endIndex": 5},
                "destinationIndex": 1,
            }
        },
        {
            "moveDimension": {
                "source": columns | {"startIndex": 0, "endIndex": 1},
                "destinationIndex": 2,
            }
        },
    )
    assert [[["1", "a"]]] == rows_of(call, metadataId=1)
    places = [
        call("GET", f"/developerMetadata/{one}")["location"]["dimensionRange"] for one in (1, 2)
    ]
    assert [1, 0] == [place["startIndex"] for place in places]
    batch({"deleteDimension": {"range": rows | {"startIndex": 1, "endIndex": 2}}})
    call("GET", "/developerMetadata/1", status=404)
    assert 2 == call("GET", "/developerMetadata/2")["metadataId"]


@pytest.mark.parametrize("switch,expected", [("stays", ["b", "2"]), ("moves", ["a", "1"])])
def test_sorting_moves_metadata_by_switch(
    call: Ask, batch: Ask, sandbox: Sandbox, switch: str, expected: list[str]
) -> None:
    """Google does not say whether metadata stays on its row when rows are sorted."""
    sandbox.switch(metadata_on_sort=switch)
    spec = [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]
    batch(create(line(2), metadataId=1))
    batch({"sortRange": {"range": {"sheetId": GID, "startRowIndex": 1}, "sortSpecs": spec}})

    assert [[expected]] == rows_of(call, metadataId=1)


@pytest.mark.parametrize(
    "lookup,expected",
    [
        ({}, ["berkas", "lembar", "baris", "kolom"]),
        ({"metadataKey": "baris"}, ["baris"]),
        ({"metadataKey": "baris", "metadataValue": "x"}, []),
        ({"locationType": "COLUMN"}, ["kolom"]),
        ({"visibility": "PROJECT"}, ["kolom"]),
        ({"metadataLocation": {"spreadsheet": True}}, ["berkas"]),
        ({"metadataLocation": {"sheetId": GID}}, ["lembar", "baris", "kolom"]),
        ({"metadataLocation": line(1)}, ["lembar", "baris", "kolom"]),
        ({"metadataLocation": line(5, end=8)}, ["lembar", "kolom"]),
        (
            {"metadataLocation": line(1), "locationMatchingStrategy": "EXACT_LOCATION"},
            ["baris"],
        ),
        (
            {"metadataLocation": {"sheetId": GID}, "locationMatchingStrategy": "EXACT_LOCATION"},
            ["lembar"],
        ),
    ],
)
def test_lookups(
    batch: Ask, found: Callable[..., list[str]], lookup: dict[str, Any], expected: list[str]
) -> None:
    """A lookup matches every field that it names, and intersecting places by default."""
    batch(
        create({"spreadsheet": True}, "berkas"),
        create({"sheetId": GID}, "lembar"),
        create(line(1), "baris", metadataValue="nilai"),
        create(line(0, "COLUMNS"), "kolom", visibility="PROJECT"),
    )

    assert expected == found(look(**lookup))


def test_places_find_what_lies_in_them(batch: Ask, found: Callable[..., list[str]]) -> None:
    """A range finds the metadata of rows, columns and tab that it crosses."""
    batch(create({"sheetId": GID}, "lembar"), create(line(1), "a"), create(line(3), "b"))

    assert ["lembar", "a"] == found({"a1Range": "T!A2:B3"})
    assert ["lembar", "b"] == found({"gridRange": {"sheetId": GID, "startRowIndex": 3}})


def test_a_match_names_all_of_its_filters(call: Ask, batch: Ask) -> None:
    """What two filters find comes once, with both."""
    batch(create(line(1), "a"))
    filters = [look(metadataKey="a"), {"a1Range": "T!A2"}, look(metadataKey="b")]
    answer = call("POST", "/developerMetadata:search", {"dataFilters": filters})

    assert [filters[:2]] == [one["dataFilters"] for one in answer["matchedDeveloperMetadata"]]


def test_values_are_written_and_cleared_by_metadata(
    call: Ask, batch: Ask, sandbox: Sandbox
) -> None:
    """A row is written wherever it is now, and its answer names the filter."""
    rows = {"sheetId": GID, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    batch(create(line(2), "a"), {"insertDimension": {"range": rows}})
    data = [{"dataFilter": look(metadataKey="a"), "values": [["baru", 9]]}]
    answer = call(
        "POST", "/values:batchUpdateByDataFilter", {"data": data, "valueInputOption": "RAW"}
    )
    expected = {"updatedRange": "T!A4:B4", "updatedRows": 1, "updatedColumns": 2, "updatedCells": 2}
    assert [expected | {"dataFilter": look(metadataKey="a")}] == answer["responses"]
    assert ["baru", 9] == sandbox.rows(GID)[3]
    answer = call(
        "POST", "/values:batchClearByDataFilter", {"dataFilters": [look(metadataKey="a")]}
    )
    assert ["T!A4:D4"] == answer["clearedRanges"]
    assert [] == sandbox.rows(GID)[3]


def test_filters_that_find_nothing_change_and_show_nothing(call: Ask) -> None:
    """No match is no error: no ranges, no tabs, nothing written."""
    missing = {"dataFilters": [look(metadataKey="tidak ada")]}
    data = [{"dataFilter": look(metadataKey="tidak ada"), "values": [["x"]]}]
    assert "valueRanges" not in call("POST", "/values:batchGetByDataFilter", missing)
    assert "sheets" not in call("POST", ":getByDataFilter", missing)
    body = {"data": data, "valueInputOption": "RAW"}
    assert "responses" not in call("POST", "/values:batchUpdateByDataFilter", body)
    assert {} == call("POST", "/developerMetadata:search", missing)


def test_get_by_data_filter_shows_the_tab_and_its_row(call: Ask, batch: Ask) -> None:
    """The tab of the metadata comes alone, its cells only where they were matched."""
    batch(create(line(2), "a"))
    body = {"dataFilters": [look(metadataKey="a")], "includeGridData": True}
    [tab] = call("POST", ":getByDataFilter", body)["sheets"]

    assert ("T", 2) == (tab["properties"]["title"], tab["data"][0]["startRow"])
    assert "a" == tab["data"][0]["rowData"][0]["values"][0]["formattedValue"]


def test_a_project_keeps_its_metadata_to_itself(call: Ask, batch: Ask, sandbox: Sandbox) -> None:
    """What the service account's project made for itself, the OAuth app does not see."""
    batch(
        create(line(1), "semua", metadataId=1),
        create({"sheetId": GID}, "sendiri", metadataId=2, visibility="PROJECT"),
    )
    assert 2 == call("GET", "/developerMetadata/2")["metadataId"]
    with session(sandbox, user=True) as own:
        methods = service(sandbox, "sheets", "v4", own).spreadsheets()
        ids = {"spreadsheetId": sandbox.spreadsheet_id}
        answer = methods.developerMetadata().search(**ids, body={"dataFilters": [look()]}).execute()
        book = methods.get(**ids).execute()
    seen = [one["developerMetadata"]["metadataKey"] for one in answer["matchedDeveloperMetadata"]]
    assert ["semua"] == seen
    assert not any("developerMetadata" in one for one in book["sheets"])


@pytest.mark.parametrize(
    "request_,message",
    [
        (create(line(1), ""), "createDeveloperMetadata: Developer metadata must have a key."),
        (
            create(line(1, end=3)),
            "createDeveloperMetadata: dimensionRange must represent a single row or column.",
        ),
        (
            create({}),
            "createDeveloperMetadata: Exactly one developer metadata location must be specified.",
        ),
        (
            create(line(1), metadataId=5),
            "createDeveloperMetadata: There is already developer metadata with ID 5.",
        ),
        (
            {"deleteDeveloperMetadata": {"dataFilter": {}}},
            "deleteDeveloperMetadata: DataFilter must have exactly one filter set.",
        ),
    ],
)
def test_refused_metadata(call: Ask, batch: Ask, request_: dict[str, Any], message: str) -> None:
    """Metadata needs a key, one place and an id of its own."""
    batch(create(line(3), metadataId=5))
    error = call("POST", ":batchUpdate", {"requests": [request_]}, status=400)["error"]

    assert f"Invalid requests[0].{message}" == error["message"]
