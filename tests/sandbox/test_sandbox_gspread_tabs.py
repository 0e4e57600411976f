"""Tabs, formats and rules with gspread, as its own tests and its callers' tests ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from gspread.exceptions import APIError, WorksheetNotFound
from gspread.utils import ExportFormat, ValidationConditionType

from sync.sandbox import discovery
from sync.sandbox.reply import Refused
from sync.sandbox.validate import cleaned_body

if TYPE_CHECKING:
    import gspread


def _properties(tab: gspread.Worksheet) -> Any:
    sheets = tab.spreadsheet.fetch_sheet_metadata({"fields": "sheets.properties"})["sheets"]
    return next(one["properties"] for one in sheets if one["properties"]["sheetId"] == tab.id)


def _part(tab: gspread.Worksheet, name: str) -> Any:
    fields = f"sheets(properties.sheetId,{name})"
    sheets = tab.spreadsheet.fetch_sheet_metadata({"fields": fields})["sheets"]
    return next(one.get(name) for one in sheets if one["properties"]["sheetId"] == tab.id)


def _cell(tab: gspread.Worksheet, where: str, *names: str) -> Any:
    fields = f"sheets.data.rowData.values({','.join(names)})"
    asked: dict[str, Any] = {"fields": fields, "ranges": [f"'{tab.title}'!{where}"]}
    (data,) = tab.spreadsheet.fetch_sheet_metadata(asked)["sheets"][0]["data"]
    return data.get("rowData", [{}])[0].get("values", [{}])[0]


def test_new_spreadsheet_is_as_google_makes_it(owner: gspread.Client) -> None:
    """One tab of 1000 rows and 26 columns with gid 0, in en_US, and the default look."""
    book = owner.create("Baru")
    found = book.fetch_sheet_metadata()
    properties = found["properties"]

    assert {"spreadsheetId", "properties", "sheets", "spreadsheetUrl"} == set(found)
    assert ["Baru", "en_US", "ON_CHANGE", "Etc/GMT"] == [
        properties[name] for name in ("title", "locale", "autoRecalc", "timeZone")
    ]
    assert "arial,sans,sans-serif" == properties["defaultFormat"]["textFormat"]["fontFamily"]
    assert 9 == len(properties["spreadsheetTheme"]["themeColors"])
    sheet = {"sheetId": 0, "title": "Sheet1", "index": 0, "sheetType": "GRID"}
    sheet["gridProperties"] = {"rowCount": 1000, "columnCount": 26}
    assert [{"properties": sheet}] == found["sheets"]
    assert f"https://docs.google.com/spreadsheets/d/{book.id}/edit" == found["spreadsheetUrl"]


def test_tabs_are_found_by_title_id_and_place(owner: gspread.Client) -> None:
    """Ids and order are stable; a deleted tab is gone."""
    book = owner.create("Lembar-lembar")
    one = book.add_worksheet("satu", rows=5, cols=6)
    two = book.add_worksheet("dua", rows=5, cols=6, index=0)

    assert ["dua", "Sheet1", "satu"] == [tab.title for tab in book.worksheets()]
    assert [one.id, two.id] == [book.worksheet("satu").id, book.get_worksheet(0).id]
    assert "satu" == book.get_worksheet_by_id(one.id).title
    assert [5, 6] == [one.row_count, one.col_count]
    book.reorder_worksheets([one, two])
    assert ["satu", "dua", "Sheet1"] == [tab.title for tab in book.worksheets()]
    one.update_index(2)
    assert ["dua", "satu", "Sheet1"] == [tab.title for tab in book.worksheets()]
    book.del_worksheet(one)
    with pytest.raises(WorksheetNotFound):
        book.worksheet("satu")


def test_untitled_tabs_are_counted_by_their_titles(owner: gspread.Client) -> None:
    """A tab with a title of its own takes no number (googlesheets4's suite asks)."""
    book = owner.create("Tanpa Judul")
    book.add_worksheet("sendiri", rows=1, cols=1)
    told = book.batch_update({"requests": [{"addSheet": {}}, {"addSheet": {}}]})["replies"]

    assert ["Sheet2", "Sheet3"] == [one["addSheet"]["properties"]["title"] for one in told]


def test_file_keeps_title_locale_and_zone(owner: gspread.Client) -> None:
    """What gspread changes of the file is read back; a wrong zone is refused."""
    book = owner.create("Lama")
    book.update_title("Baru Lagi")
    book.update_locale("id_ID")
    book.update_timezone("Asia/Jakarta")
    fresh = owner.open_by_key(book.id)

    assert ["Baru Lagi", "in_ID", "Asia/Jakarta"] == [fresh.title, fresh.locale, fresh.timezone]
    with pytest.raises(APIError, match=r"requests\[0\].updateSpreadsheetProperties"):
        book.update_timezone("Mars/Utopia")


def test_grid_grows_shrinks_and_freezes(own_tab: gspread.Worksheet) -> None:
    """Cells outside are lost; what is frozen vanishes from the answer at zero."""
    own_tab.update([["a", "b"], ["c", "d"]], "A1")
    own_tab.add_rows(5)
    own_tab.add_cols(2)
    assert {"rowCount": 15, "columnCount": 12} == _properties(own_tab)["gridProperties"]
    own_tab.freeze(rows=2, cols=1)
    frozen = _properties(own_tab)["gridProperties"]
    assert [2, 1] == [frozen["frozenRowCount"], frozen["frozenColumnCount"]]
    own_tab.freeze(0, 0)
    own_tab.resize(rows=1, cols=2)

    assert {"rowCount": 1, "columnCount": 2} == _properties(own_tab)["gridProperties"]
    assert [["a", "b"]] == own_tab.get_all_values()


REFUSED = [
    ({"addSheet": {"properties": {"title": "Sheet1"}}}, 'A sheet with the name "Sheet1" already'),
    ({"addSheet": {"properties": {"gridProperties": {"rowCount": 9999999}}}}, "above the limit of"),
    ({"deleteSheet": {"sheetId": 0}}, "You can't remove all the sheets in a document."),
    ({"deleteSheet": {"sheetId": 99}}, "No sheet with id: 99"),
    (
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 0, "hidden": True},
                "fields": "hidden",
            }
        },
        "You can't hide all the sheets in a document.",
    ),
    (
        {"updateSheetProperties": {"properties": {"sheetId": 0}}},
        "At least one field must be listed",
    ),
    (
        {
            "updateSheetProperties": {
                "properties": {"gridProperties": {"frozenRowCount": 1000}},
                "fields": "gridProperties.frozenRowCount",
            }
        },
        "You can't freeze all visible rows on the sheet.",
    ),
    (
        {"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS"}}},
        "You can't delete all the rows on the sheet.",
    ),
    (
        {
            "insertDimension": {
                "range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1},
                "inheritFromBefore": True,
            }
        },
        "inheritFromBefore cannot be true if inserting at the first index.",
    ),
    (
        {"repeatCell": {"range": {"sheetId": 7}, "cell": {"note": "x"}, "fields": "note"}},
        "No grid with id: 7",
    ),
    (
        {"repeatCell": {"range": {"startRowIndex": 3, "endRowIndex": 3}, "fields": "note"}},
        "endRowIndex[3] must be greater than startRowIndex[3]",
    ),
    (
        {"updateCells": {"rows": [{}], "fields": "*", "start": {"rowIndex": -1}}},
        "rowIndex and columnIndex must not be negative.",
    ),
]


@pytest.mark.parametrize("request_,message", REFUSED, ids=[text[:30] for _, text in REFUSED])
def test_refusal_names_the_request(
    plain_book: gspread.Spreadsheet, request_: dict[str, Any], message: str
) -> None:
    """`Invalid requests[1].kind: …`, and the request before it is not kept."""
    first = {"updateSpreadsheetProperties": {"properties": {"title": "X"}, "fields": "title"}}
    with pytest.raises(APIError) as caught:
        plain_book.batch_update({"requests": [first, request_]})

    kind = next(iter(request_))
    assert f"APIError: [400]: Invalid requests[1].{kind}: " in str(caught.value)
    assert message in str(caught.value)
    assert "INVALID_ARGUMENT" == caught.value.error["status"]
    properties = plain_book.fetch_sheet_metadata({"fields": "properties.title"})["properties"]
    assert "Polos" == properties["title"]


@pytest.fixture(scope="module")
def plain_book(owner: gspread.Client) -> gspread.Spreadsheet:
    """Return a spreadsheet that nothing is ever done to."""
    return owner.create("Polos")


@pytest.mark.parametrize(
    "requests,field,description",
    [
        ([{"nix": {}}], "requests[0]", "Unknown name \"nix\" at 'requests[0]': Cannot find field."),
        (
            [{"addSheet": {}, "deleteSheet": {}}],
            "requests[0]",
            "(oneof), oneof field 'kind' is already set. Cannot set 'deleteSheet'",
        ),
        (
            [{"deleteSheet": {"sheetId": "x"}}],
            "requests[0].delete_sheet.sheet_id",
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"x\"",
        ),
    ],
)
def test_wrong_shape_is_told_by_field(
    plain_book: gspread.Spreadsheet, requests: list[Any], field: str, description: str
) -> None:
    """A body that is no BatchUpdateSpreadsheetRequest brings its field violations."""
    with pytest.raises(APIError) as caught:
        plain_book.batch_update({"requests": requests})

    (detail,) = caught.value.error["details"]
    assert "type.googleapis.com/google.rpc.BadRequest" == detail["@type"]
    (violation,) = detail["fieldViolations"]
    assert field == violation["field"]
    assert description in violation["description"]


def test_lists_inside_lists_are_flattened() -> None:
    """A batch of gspread-formatting sends `[[request], [request]]`, which Google takes."""
    method = discovery.methods()["sheets.spreadsheets.batchUpdate"]
    one, two = {"deleteSheet": {"sheetId": 1}}, {"deleteSheet": {"sheetId": 2}}

    assert {"requests": [one, two]} == cleaned_body(method, {"requests": [[one], [two]]})


def test_drive_takes_one_item_in_a_list_for_the_item() -> None:
    """Uploads of R's googledrive name a file `["foto.jpg"]`; Sheets takes no such thing."""
    drive = discovery.methods()["drive.files.create"]
    sheets = discovery.methods()["sheets.spreadsheets.create"]

    assert {"name": "foto.jpg", "parents": ["x"]} == (
        cleaned_body(drive, {"name": ["foto.jpg"], "parents": ["x"]})
    )
    with pytest.raises(Refused, match="TYPE_STRING"):
        cleaned_body(sheets, {"properties": {"title": ["Judul"]}})


def test_formats_are_kept_cut_and_shown(own_tab: gspread.Worksheet) -> None:
    """Colours have eight bits and a twin; what was not asked for stays."""
    asked = {
        "backgroundColor": {"red": 0.5, "green": 0.8980392, "blue": 0},
        "horizontalAlignment": "CENTER",
        "textFormat": {"bold": True, "fontSize": 12},
        "borders": {"bottom": {"style": "SOLID"}},
    }
    own_tab.format("A2:B2", asked)
    own_tab.format("A2", {"textFormat": {"italic": True}, "wrapStrategy": "WRAP"})
    entered = _cell(own_tab, "A2", "userEnteredFormat")["userEnteredFormat"]
    colour = {"red": 0.49803922, "green": 0.8980392}

    assert {
        "backgroundColor": colour,
        "backgroundColorStyle": {"rgbColor": colour},
        "horizontalAlignment": "CENTER",
        "wrapStrategy": "WRAP",
        "textFormat": {"italic": True},
        "borders": {
            "bottom": {
                "style": "SOLID",
                "width": 1,
                "color": {},
                "colorStyle": {"rgbColor": {}},
            }
        },
    } == entered
    assert {"bold": True, "fontSize": 12} == (
        _cell(own_tab, "B2", "userEnteredFormat")["userEnteredFormat"]["textFormat"]
    )


def test_black_is_a_colour(own_tab: gspread.Worksheet) -> None:
    """Its channels are zero and not shown, but the colour is, and alpha is not kept."""
    black = {"red": 0, "green": 0, "blue": 0, "alpha": 1}
    own_tab.format("A1", {"backgroundColor": black})

    assert {"backgroundColor": {}, "backgroundColorStyle": {"rgbColor": {}}} == (
        _cell(own_tab, "A1", "userEnteredFormat")["userEnteredFormat"]
    )


def test_effective_format_depends_on_what_is_there(own_tab: gspread.Worksheet) -> None:
    """Text is left, numbers are right; a link is blue, underlined and LINKED."""
    link = '=HYPERLINK("https://contoh.example", "klik")'
    own_tab.update([["a", 1, True, "=1/0", link]], "A1", raw=False)
    names = ("horizontalAlignment", "hyperlinkDisplayType")
    looks = [_cell(own_tab, f"{letter}1", "effectiveFormat") for letter in "ABCDE"]

    assert [
        ["LEFT", "PLAIN_TEXT"],
        ["RIGHT", "PLAIN_TEXT"],
        ["CENTER", "PLAIN_TEXT"],
        ["CENTER", "PLAIN_TEXT"],
        ["LEFT", "LINKED"],
    ] == [[look["effectiveFormat"][name] for name in names] for look in looks]
    text = looks[-1]["effectiveFormat"]["textFormat"]
    assert [True, {"uri": "https://contoh.example"}] == [text["underline"], text["link"]]
    assert {} == _cell(own_tab, "F1", "effectiveFormat")


def test_rules_colour_the_cells_that_meet_them(own_tab: gspread.Worksheet) -> None:
    """Conditional formats show in effectiveFormat; of two rules the first one counts."""
    own_tab.update([["Apel", 5, "2020-01-01"], ["Jeruk", 50, "2030-01-01"]], "A1", raw=False)
    rules = [
        ("TEXT_CONTAINS", "apel", 0, {"bold": True}),
        ("NUMBER_GREATER", "10", 1, {"italic": True}),
        ("NUMBER_GREATER", "1", 1, {"bold": True, "italic": False}),
        ("DATE_AFTER", "1/1/2025", 2, {"strikethrough": True}),
    ]
    own_tab.spreadsheet.batch_update(
        {"requests": [_rule(own_tab, at, rule) for at, rule in enumerate(rules)]}
    )
    names = ("bold", "italic", "strikethrough")
    shown = [
        [_look(own_tab, f"{letter}{row}", name) for name in names]
        for row in (1, 2)
        for letter in "ABC"
    ]

    assert [
        [True, False, False],
        [True, False, False],
        [False, False, False],
        [False, False, False],
        [True, True, False],
        [False, False, True],
    ] == shown


def test_rule_without_a_cell_is_kept(own_tab: gspread.Worksheet) -> None:
    """A test of gspread-formatting has one, and Google takes it."""
    request = _rule(own_tab, 0, ("NUMBER_EQ", "1", 1, {"bold": True}))
    place = request["addConditionalFormatRule"]["rule"]["ranges"][0]
    place |= {"startRowIndex": 1, "endRowIndex": 1}
    own_tab.spreadsheet.batch_update({"requests": [request]})

    assert [place] == [one["ranges"][0] for one in _part(own_tab, "conditionalFormats")]


def _rule(tab: gspread.Worksheet, at: int, rule: tuple[str, str, int, Any]) -> dict[str, Any]:
    kind, value, column, look = rule
    place = {"sheetId": tab.id, "startColumnIndex": column, "endColumnIndex": column + 1}
    condition = {"type": kind, "values": [{"userEnteredValue": value}]}
    ruled = {"condition": condition, "format": {"textFormat": look}}
    return {
        "addConditionalFormatRule": {"rule": {"ranges": [place], "booleanRule": ruled}, "index": at}
    }


def _look(tab: gspread.Worksheet, where: str, name: str) -> bool:
    return bool(_cell(tab, where, "effectiveFormat")["effectiveFormat"]["textFormat"][name])


def test_notes_come_and_go(own_tab: gspread.Worksheet) -> None:
    """One or several; a note is no value."""
    assert "" == own_tab.get_note("A1")
    own_tab.insert_notes({"A1": "satu", "B2": "dua"})
    own_tab.update_note("A1", "lain")
    assert ["lain", "dua"] == [own_tab.get_note("A1"), own_tab.get_note("B2")]
    own_tab.clear_notes(["A1", "B2"])

    assert ["", ""] == [own_tab.get_note("A1"), own_tab.get_note("B2")]
    assert [[]] == own_tab.get_all_values()


def test_rows_are_sorted_by_several_columns(own_tab: gspread.Worksheet) -> None:
    """Numbers and texts; formats and notes travel along."""
    own_tab.update([["b", 2], ["a", 2], ["c", 1], ["", ""]], "A1")
    own_tab.insert_note("A1", "milik b")
    own_tab.sort((2, "asc"), (1, "des"), range="A1:B4")

    assert [["c", "1"], ["b", "2"], ["a", "2"]] == own_tab.get("A1:B3")
    assert "milik b" == own_tab.get_note("A2")


def test_rows_and_columns_come_and_go(own_tab: gspread.Worksheet) -> None:
    """Inserted ones are empty, formulas follow, deleted ones take their cells along."""
    own_tab.update([["a", 1], ["b", 2], ["jumlah", "=B1+B2"]], "A1", raw=False)
    own_tab.insert_row(["baru"], 2)
    own_tab.insert_cols([["x", "y"]], 2)
    assert [["a", "x", "1"], ["baru", "y"], ["b", "", "2"], ["jumlah", "", "3"]] == (
        own_tab.get("A1:C4")
    )
    own_tab.delete_rows(2)
    own_tab.delete_columns(2)

    assert [["a", "1"], ["b", "2"], ["jumlah", "3"]] == own_tab.get("A1:C4")
    assert {"rowCount": 10, "columnCount": 10} == _properties(own_tab)["gridProperties"]


def test_hidden_and_sized_lines_are_told(own_tab: gspread.Worksheet) -> None:
    """Metadata of rows and columns; false vanishes."""
    own_tab.hide_rows(0, 1)
    own_tab.hide_columns(1, 2)
    own_tab.update([["A" * 1024], ["dua\nbaris"]], "A1")
    own_tab.columns_auto_resize(0, 1)
    own_tab.rows_auto_resize(1, 2)
    data = _part(own_tab, "data")[0]

    assert [{"hiddenByUser": True, "pixelSize": 21}, {"pixelSize": 38}, {"pixelSize": 21}] == (
        data["rowMetadata"][:3]
    )
    assert [9483, {"hiddenByUser": True, "pixelSize": 100}, {"pixelSize": 100}] == [
        round(data["columnMetadata"][0]["pixelSize"], -1) + 3,
        *data["columnMetadata"][1:3],
    ]


def test_hiding_a_tab_and_its_lines(owner: gspread.Client) -> None:
    """Hidden and gridlines are properties; the last visible tab stays."""
    book = owner.create("Tersembunyi")
    tab = book.add_worksheet("rahasia", rows=2, cols=2)
    tab.hide()
    tab.hide_gridlines()
    tab.update_tab_color("#FF7F00")
    found = _properties(tab)

    assert [True, True] == [found["hidden"], found["gridProperties"]["hideGridlines"]]
    assert {"rgbColor": {"red": 1, "green": 0.49803922}} == found["tabColorStyle"]
    with pytest.raises(APIError, match="You can't hide all the sheets in a document"):
        book.sheet1.hide()
    tab.show()
    tab.show_gridlines()
    tab.clear_tab_color()
    kept = {"sheetId", "title", "index", "sheetType", "gridProperties"}
    assert kept == set(_properties(tab))
    assert {"rowCount", "columnCount"} == set(_properties(tab)["gridProperties"])


def test_filter_is_echoed_in_both_ways(own_tab: gspread.Worksheet) -> None:
    """A bare filter means the grid; criteria come back as criteria and as filterSpecs."""
    own_tab.set_basic_filter()
    whole = {"startRowIndex": 0, "endRowIndex": 10, "startColumnIndex": 0, "endColumnIndex": 10}
    assert {"range": {"sheetId": own_tab.id} | whole} == _part(own_tab, "basicFilter")
    hidden = {"hiddenValues": ["111"]}
    wanted = {"range": {"sheetId": own_tab.id}, "criteria": {"0": hidden}}
    own_tab.spreadsheet.batch_update({"requests": [{"setBasicFilter": {"filter": wanted}}]})
    found = _part(own_tab, "basicFilter")

    assert {"0": hidden} == found["criteria"]
    assert [{"columnIndex": 0, "filterCriteria": hidden}] == found["filterSpecs"]
    own_tab.clear_basic_filter()
    own_tab.clear_basic_filter()
    assert _part(own_tab, "basicFilter") is None


def test_filter_goes_along_with_its_columns(own_tab: gspread.Worksheet) -> None:
    """A column that comes in moves the criteria, one that goes takes its own along."""
    own_tab.update([["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]], "A1")
    criteria = {"0": {"hiddenValues": ["1"]}, "2": {"hiddenValues": ["6"]}}
    wanted = {"range": {"sheetId": own_tab.id}, "criteria": criteria}
    wanted["sortSpecs"] = [{"dimensionIndex": 2, "sortOrder": "ASCENDING"}]
    own_tab.spreadsheet.batch_update({"requests": [{"setBasicFilter": {"filter": wanted}}]})
    own_tab.insert_cols([[]], 2)
    moved = _part(own_tab, "basicFilter")
    own_tab.delete_columns(1)
    left = _part(own_tab, "basicFilter")

    assert {"0", "3"} == set(moved["criteria"])
    assert [{"dimensionIndex": 3, "sortOrder": "ASCENDING"}] == moved["sortSpecs"]
    assert {"2": criteria["2"]} == left["criteria"]
    rows = _part(own_tab, "data")[0]["rowMetadata"]
    assert [None, None, True] == [row.get("hiddenByFilter") for row in rows[:3]]


def test_a_copied_tabs_filter_goes_along_with_its_own_columns(own_tab: gspread.Worksheet) -> None:
    """A column that comes into the copy moves the copy's criteria, and not the first tab's."""
    criteria = {"2": {"hiddenValues": ["6"]}}
    wanted = {"range": {"sheetId": own_tab.id}, "criteria": criteria}
    own_tab.spreadsheet.batch_update({"requests": [{"setBasicFilter": {"filter": wanted}}]})
    twin = own_tab.duplicate(new_sheet_name=f"Salinan {own_tab.id}")
    twin.insert_cols([[]], 1)

    assert ({"2"}, {"3"}) == (
        set(_part(own_tab, "basicFilter")["criteria"]),
        set(_part(twin, "basicFilter")["criteria"]),
    )


def test_validation_is_kept_without_zeros(own_tab: gspread.Worksheet) -> None:
    """A rule of gspread is read back from the cell."""
    kind = ValidationConditionType.one_of_list
    own_tab.add_validation("A1", kind, ["ya", "tidak"], inputMessage="pilih", strict=True)
    rule = _cell(own_tab, "A1", "dataValidation")["dataValidation"]
    values = [{"userEnteredValue": "ya"}, {"userEnteredValue": "tidak"}]

    assert {
        "condition": {"type": "ONE_OF_LIST", "values": values},
        "inputMessage": "pilih",
        "strict": True,
    } == rule


def test_names_and_protections_are_listed(own_tab: gspread.Worksheet) -> None:
    """Both live with the file, and go by their ids."""
    named = own_tab.define_named_range("A1:B2", "Nama_Uji")["replies"][0]["addNamedRange"]
    own_tab.update([["a", "b"]], "A1")
    protected = own_tab.add_protected_range("A1:A2", warning_only=True, description="hati-hati")
    protected_id = protected["replies"][0]["addProtectedRange"]["protectedRange"][
        "protectedRangeId"
    ]
    (listed,) = own_tab.spreadsheet.list_protected_ranges(own_tab.id)

    assert [["a", "b"]] == own_tab.spreadsheet.values_get("Nama_Uji")["values"]
    assert "Nama_Uji" in [one["name"] for one in own_tab.spreadsheet.list_named_ranges()]
    assert [protected_id, True] == [listed["protectedRangeId"], listed["warningOnly"]]
    own_tab.delete_protected_range(protected_id)
    own_tab.delete_named_range(named["namedRange"]["namedRangeId"])
    assert [] == own_tab.spreadsheet.list_protected_ranges(own_tab.id)


def test_protection_shows_no_false_and_no_empty_list(own_tab: gspread.Worksheet) -> None:
    """Groups that nobody is in are absent, and so is a warning that is none."""
    mail = "budi@example.com"
    told = own_tab.add_protected_range("A1:B2", editor_users_emails=[mail])
    (listed,) = own_tab.spreadsheet.list_protected_ranges(own_tab.id)

    assert {"protectedRangeId", "range", "requestingUserCanEdit", "editors"} == set(listed)
    added = told["replies"][0]["addProtectedRange"]["protectedRange"]
    assert {"users": [mail]} == added["editors"]


def test_copy_of_a_tab_is_its_own(own_tab: gspread.Worksheet) -> None:
    """The copy stands first, or where it is asked to, and has an id of its own."""
    own_tab.update([["asli"]], "A1")
    first = own_tab.duplicate()
    second = own_tab.duplicate(insert_sheet_index=1, new_sheet_name="Kembaran", new_sheet_id=4711)
    first.update([["salinan"]], "A1")

    assert f"Copy of {own_tab.title}" == first.title
    assert ["asli", "asli"] == [own_tab.acell("A1").value, second.acell("A1").value]
    assert [first.title, "Kembaran"] == [tab.title for tab in own_tab.spreadsheet.worksheets()[:2]]
    assert 4711 == second.id
    for tab in (first, second):
        own_tab.spreadsheet.del_worksheet(tab)


def test_export_and_csv_import(owner: gspread.Client) -> None:
    """CSV replaces every tab, and comes out again as it went in."""
    book = owner.create("CSV")
    book.add_worksheet("lain", rows=2, cols=2)
    owner.import_csv(book.id, b'a,b\r\n1,"x, y"\r\n')
    book = owner.open_by_key(book.id)

    assert 1 == len(book.worksheets())
    assert [["a", "b"], ["1", "x, y"]] == book.sheet1.get_all_values()
    assert b'a,b\r\n1,"x, y"' == book.export(ExportFormat.CSV)


def test_parts_of_a_text_look_as_they_were_told_to(own_tab: gspread.Worksheet) -> None:
    """A run at the beginning does not say where; a new text has none."""
    runs = [{"startIndex": 0, "format": {"bold": True}}, {"startIndex": 4, "format": {}}]
    cell = {"userEnteredValue": {"stringValue": "satu dua"}, "textFormatRuns": runs}
    names = "userEnteredValue,textFormatRuns.startIndex,textFormatRuns.format"
    start = {"sheetId": own_tab.id, "rowIndex": 0, "columnIndex": 0}
    request = {"start": start, "rows": [{"values": [cell]}], "fields": names}
    for raw in (True, False):
        own_tab.spreadsheet.batch_update({"requests": [{"updateCells": request}]})
        told = _cell(own_tab, "A1", "textFormatRuns")
        assert {"textFormatRuns": [{"format": {"bold": True}}, runs[1]]} == told
        own_tab.update([["lain"]], "A1", raw=raw)
        assert {} == _cell(own_tab, "A1", "textFormatRuns")
