"""What lies over cells and what belongs to the file: filters, bands, names, protections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from gspread.utils import ValidationConditionType
from real_clients import session

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread

    from sync.sandbox import Sandbox

    Ask = Callable[..., Any]

GID = 7
VALUES = [["nama", "jumlah"], ["b", 2], ["a", 1], ["c", 3]]
AREA = {"sheetId": GID, "startRowIndex": 0, "endRowIndex": 4}
AREA |= {"startColumnIndex": 0, "endColumnIndex": 2}


@pytest.fixture(autouse=True)
def _tab(call: Ask, batch: Ask) -> None:
    grid = {"rowCount": 10, "columnCount": 4}
    batch({"addSheet": {"properties": {"title": "T", "sheetId": GID, "gridProperties": grid}}})
    call("PUT", "/values/T!A1", {"values": VALUES}, valueInputOption="RAW")


@pytest.fixture
def worksheet(spread: gspread.Client, sandbox: Sandbox) -> gspread.Worksheet:
    """Return the tab T as gspread sees it."""
    return spread.open_by_key(sandbox.spreadsheet_id).worksheet("T")


def tab(call: Ask, **query: Any) -> Any:
    """Return what a read shows of the tab T."""
    return call("GET", "?ranges=T", **query)["sheets"][0]


def hidden_rows(call: Ask) -> list[int]:
    """Return the rows that a filter hides."""
    rows = tab(call, includeGridData="true")["data"][0]["rowMetadata"]
    return [at for at, row in enumerate(rows) if row.get("hiddenByFilter")]


def refusal(call: Ask, request: Any) -> str:
    """Return the message with which a request is refused."""
    message = call("POST", ":batchUpdate", {"requests": [request]}, status=400)["error"]["message"]
    return str(message.partition(": ")[2])


@pytest.mark.parametrize(
    "criteria,expected",
    [
        ({"hiddenValues": ["b", ""]}, [1]),
        ({"condition": {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": "A"}]}}, [1, 3]),
        ({"condition": {"type": "BLANK"}}, [1, 2, 3]),
    ],
)
def test_a_filter_hides_rows(
    call: Ask, batch: Ask, criteria: dict[str, Any], expected: list[int]
) -> None:
    """Rows that the criteria leave out are hidden by the filter, and still read."""
    batch({"setBasicFilter": {"filter": {"range": AREA, "criteria": {"0": criteria}}}})
    assert expected == hidden_rows(call)
    assert 4 == len(call("GET", "/values/T")["values"])
    batch({"clearBasicFilter": {"sheetId": GID}})
    assert [] == hidden_rows(call)


def test_filter_specs_go_before_criteria(call: Ask, batch: Ask) -> None:
    """A condition on numbers hides what does not fulfil it, texts too."""
    condition = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "1"}]}
    spec = {"columnIndex": 1, "filterCriteria": {"condition": condition}}
    wanted = {"range": AREA, "filterSpecs": [spec], "criteria": {"0": {"hiddenValues": ["b"]}}}
    call("PUT", "/values/T!B4", {"values": [["tiga"]]}, valueInputOption="RAW")
    batch({"setBasicFilter": {"filter": wanted}})

    assert [2, 3] == hidden_rows(call)


def test_a_filter_sorts(batch: Ask, sandbox: Sandbox) -> None:
    """Sort specs of a filter sort its rows, the header stays on top."""
    spec = [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}]
    batch({"setBasicFilter": {"filter": {"range": AREA, "sortSpecs": spec}}})

    assert [["nama", "jumlah"], ["c", 3], ["b", 2], ["a", 1]] == sandbox.rows(GID)


def test_rows_are_sorted_by_several_columns(call: Ask, batch: Ask, sandbox: Sandbox) -> None:
    """Later specs decide between equals: numbers, texts, truths, then empty cells."""
    lines = [["x", 2], ["x", True], ["y", 1], ["x", "teks"], ["x"], ["x", 1]]
    call("PUT", "/values/T!A1", {"values": lines}, valueInputOption="RAW")
    specs = [{"dimensionIndex": at, "sortOrder": "ASCENDING"} for at in (0, 1)]
    area = AREA | {"endRowIndex": 6}
    batch({"sortRange": {"range": area, "sortSpecs": specs}})

    expected = [["x", 1], ["x", 2], ["x", "teks"], ["x", True], ["x"], ["y", 1]]
    assert expected == sandbox.rows(GID)[:6]


@pytest.mark.parametrize(
    "request_,message",
    [
        (
            {"setBasicFilter": {"filter": {"range": AREA, "criteria": {"3": {}}}}},
            "Filter column 3 is not within the filter's range.",
        ),
        (
            {"sortRange": {"range": AREA, "sortSpecs": [{"dimensionIndex": 2}]}},
            "dimensionIndex[2] is not within the range to sort.",
        ),
    ],
)
def test_columns_lie_in_their_range(call: Ask, request_: dict[str, Any], message: str) -> None:
    """What a filter looks at and what rows are sorted by is in the range."""
    assert message == refusal(call, request_)


def test_filter_views_are_changed_and_copied(call: Ask, batch: Ask) -> None:
    """A copy has an id of its own and says so in its title."""
    [reply] = batch({"addFilterView": {"filter": {"title": "Saya", "range": AREA}}})
    view = reply["addFilterView"]["filter"]
    change = {"filterViewId": view["filterViewId"], "title": "Kami"}
    replies = batch(
        {"updateFilterView": {"filter": change, "fields": "title"}},
        {"duplicateFilterView": {"filterId": view["filterViewId"]}},
    )
    copy = replies[1]["duplicateFilterView"]["filter"]

    assert ("Copy of Kami", AREA) == (copy["title"], copy["range"])
    assert [view | {"title": "Kami"}, copy] == tab(call)["filterViews"]
    assert view["filterViewId"] != copy["filterViewId"]
    missing = {"deleteFilterView": {"filterId": 1}}
    assert "No filter view with id: 1" == refusal(call, missing)


def test_bands_have_colours_and_do_not_overlap(call: Ask, batch: Ask) -> None:
    """Each colour has its twin; a second band over the first is refused as recorded."""
    colours = {"firstBandColor": {"red": 1}, "secondBandColorStyle": {"rgbColor": {"blue": 0.5}}}
    wanted = {"bandedRange": {"range": AREA, "rowProperties": colours}}
    [reply] = batch({"addBanding": wanted})
    band = reply["addBanding"]["bandedRange"]
    expected = {
        "firstBandColor": {"red": 1},
        "firstBandColorStyle": {"rgbColor": {"red": 1}},
        "secondBandColor": {"blue": 0.49803922},
        "secondBandColorStyle": {"rgbColor": {"blue": 0.49803922}},
    }
    assert expected == band["rowProperties"]
    message = (
        "You cannot add alternating background colors to a range that already has "
        "alternating background colors."
    )
    assert message == refusal(call, {"addBanding": wanted})
    change = {"bandedRangeId": band["bandedRangeId"], "range": AREA | {"endRowIndex": 6}}
    batch({"updateBanding": {"bandedRange": change, "fields": "range"}})
    assert [band | {"range": change["range"]}] == tab(call)["bandedRanges"]
    batch({"deleteBanding": {"bandedRangeId": band["bandedRangeId"]}})
    assert "bandedRanges" not in tab(call)


def test_gspread_names_and_protects(worksheet: gspread.Worksheet, call: Ask) -> None:
    """The methods of gspread for names and protections work as its own tests expect."""
    worksheet.define_named_range("A1:B4", "Daftar")
    [named] = call("GET", "")["namedRanges"]
    assert ("Daftar", AREA) == (named["name"], named["range"])
    assert VALUES[0] == worksheet.get("Daftar")[0]
    worksheet.delete_named_range(named["namedRangeId"])
    assert "namedRanges" not in call("GET", "")
    worksheet.add_protected_range("A1:B1", ["lain@example.com"], description="judul")
    [protected] = tab(call)["protectedRanges"]
    assert "lain@example.com" in protected["editors"]["users"]
    worksheet.delete_protected_range(protected["protectedRangeId"])
    assert "protectedRanges" not in tab(call)


def test_gspread_filters_sizes_and_validates(
    worksheet: gspread.Worksheet, call: Ask, sandbox: Sandbox
) -> None:
    """The methods of gspread for filters, sorting, freezing, colours and validation work."""
    worksheet.set_basic_filter("A1:B4")
    assert AREA == tab(call)["basicFilter"]["range"]
    worksheet.clear_basic_filter()
    worksheet.sort((1, "des"), range="A2:B4")
    assert ["c", "b", "a"] == [row[0] for row in sandbox.rows(GID)[1:]]
    worksheet.add_validation(
        "A2:A3", ValidationConditionType.one_of_list, ["b", "c"], strict=True, showCustomUi=True
    )
    # The API writes past validation: only people are held to it.
    worksheet.update_acell("A2", "tidak ada di daftar")
    assert "tidak ada di daftar" == worksheet.acell("A2").value
    worksheet.freeze(1, 2)
    assert (1, 2) == (worksheet.frozen_row_count, worksheet.frozen_col_count)
    worksheet.update_tab_color("#7f7f7f")
    assert "#7F7F7F" == worksheet.get_tab_color()
    worksheet.clear_tab_color()
    assert {"tabColor", "tabColorStyle"}.isdisjoint(tab(call)["properties"])


@pytest.mark.parametrize(
    "name,message",
    [
        (
            "Daftar",
            "Cannot add named range with name Daftar, a named range with that name already exists.",
        ),
        ("dua kata", "The name 'dua kata' is not a valid name for a named range."),
        ("B12", "The name 'B12' is not a valid name for a named range."),
        ("", "The name '' is not a valid name for a named range."),
    ],
)
def test_names_are_words_and_unique(call: Ask, batch: Ask, name: str, message: str) -> None:
    """A name is taken once, and could not be a cell."""
    batch({"addNamedRange": {"namedRange": {"name": "Daftar", "range": AREA}}})

    assert message == refusal(
        call, {"addNamedRange": {"namedRange": {"name": name, "range": AREA}}}
    )


def test_who_may_not_edit_neither_sees_editors_nor_lifts(call: Ask, sandbox: Sandbox) -> None:
    """The owner protects cells; the service account sees that, and can change nothing."""
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}"
    request = {"addProtectedRange": {"protectedRange": {"range": AREA, "protectedRangeId": 5}}}
    with session(sandbox, user=True) as own:
        answer = own.post(f"{url}:batchUpdate", json={"requests": [request]})
        answer.raise_for_status()
        seen = own.get(f"{url}?ranges=T").json()["sheets"][0]["protectedRanges"]
    assert [True] == [one["requestingUserCanEdit"] for one in seen]
    assert [{"protectedRangeId": 5, "range": AREA}] == tab(call)["protectedRanges"]
    message = refusal(call, {"deleteProtectedRange": {"protectedRangeId": 5}})
    assert message.startswith("You are trying to edit a protected cell or object.")


@pytest.mark.parametrize(
    "properties,fields,message",
    [
        ({"locale": "en_IN"}, "locale", "Unsupported locale: en_IN"),
        ({"locale": "Jawa"}, "locale", "Unsupported locale: Jawa"),
        ({"timeZone": "Asia/Kebobang"}, "timeZone", "Invalid time zone: Asia/Kebobang"),
        ({}, "title", "Spreadsheet title must not be empty."),
        ({}, "locale", "Spreadsheet locale must not be empty."),
    ],
)
def test_refused_file_properties(
    call: Ask, properties: dict[str, Any], fields: str, message: str
) -> None:
    """The file keeps a title, a locale and a zone that exist."""
    request = {"updateSpreadsheetProperties": {"properties": properties, "fields": fields}}

    assert message == refusal(call, request)


def test_file_properties_change(call: Ask, batch: Ask) -> None:
    """Title, locale, zone and how it calculates change by mask; the rest stays."""
    before = call("GET", "")["properties"]
    wanted = {
        "title": "Baru",
        "locale": "fr_FR",
        "timeZone": "Europe/Paris",
        "autoRecalc": "HOUR",
        "iterativeCalculationSettings": {"maxIterations": 3, "convergenceThreshold": 0.5},
    }
    batch({"updateSpreadsheetProperties": {"properties": wanted, "fields": ",".join(wanted)}})

    assert before | wanted == call("GET", "")["properties"]


def test_a_colour_by_mask_takes_its_twin_along(call: Ask, batch: Ask) -> None:
    """Whichever spelling the mask names, both say the same afterwards."""
    cell = {"range": AREA | {"endRowIndex": 1, "endColumnIndex": 1}}
    style = {"userEnteredFormat": {"backgroundColorStyle": {"rgbColor": {"red": 1}}}}
    plain = {"userEnteredFormat": {"backgroundColor": {"green": 1}}}
    batch(
        {"repeatCell": cell | {"cell": style, "fields": "userEnteredFormat.backgroundColorStyle"}},
        {"repeatCell": cell | {"cell": plain, "fields": "userEnteredFormat.backgroundColor"}},
    )
    [row, *_] = tab(call, includeGridData="true")["data"][0]["rowData"]

    expected = {
        "backgroundColor": {"green": 1},
        "backgroundColorStyle": {"rgbColor": {"green": 1}},
    }
    assert expected == row["values"][0]["userEnteredFormat"]


def test_the_last_rows_below_a_frozen_header_stay(call: Ask, batch: Ask, sandbox: Sandbox) -> None:
    """Google's words for rows that cannot go: the unfrozen ones, and a form's questions."""
    grid = {"sheetId": GID, "gridProperties": {"frozenRowCount": 1}}
    batch(
        {"updateSheetProperties": {"properties": grid, "fields": "gridProperties.frozenRowCount"}}
    )
    rows = {"sheetId": GID, "dimension": "ROWS", "startIndex": 1}
    form_rows = {"sheetId": sandbox.sheet_id, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    copy = {"sourceSheetId": sandbox.sheet_id, "newSheetId": 9}
    copied_row = {"deleteDimension": {"range": form_rows | {"sheetId": 9}}}
    assert [{}] == batch({"duplicateSheet": copy}, copied_row)[1:]
    expected = [
        "Sorry, it is not possible to delete all non-frozen rows.",
        (
            "Cannot delete a row that doesn't exist. Tried to delete row index 10 but there are "
            "only 10 rows."
        ),
        "Cannot delete row with form questions.",
    ]
    found = [
        refusal(call, {"deleteDimension": {"range": one}})
        for one in (rows | {"endIndex": 10}, rows | {"endIndex": 11}, form_rows)
    ]
    assert expected == found
