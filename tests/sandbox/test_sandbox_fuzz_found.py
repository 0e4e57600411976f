"""What fuzzing found: requests that no client sends, and that once broke something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fuzz.calls import MadeUp
from fuzz.picture import picture
from fuzz.plausible import FIRST, SECOND, STRANGER
from fuzz.session import Session, session

from sync.sandbox.drive.model import SPREADSHEET, root_id
from sync.sandbox.oauth.token import JWT_BEARER
from sync.sandbox.sample import FORM_ID, SPREADSHEET_ID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHEETS = "/v4/spreadsheets"
FILE = f"{SHEETS}/{SPREADSHEET_ID}"


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Session]:
    """Return a sandbox with the tabs `Data`, 12 x 8, and `Lain`, 5 x 5; it checks itself."""
    with session(tmp_path) as started:
        yield started


def post(asked: Session, path: str, body: Any, *, status: int = 200) -> Any:
    """Return the answer to a POST, or the message of its refusal."""
    reply = asked.ask(MadeUp(verb="POST", path=path, body=body))
    assert status == reply.status, reply.body
    assert reply.body is not None
    return reply.body["error"]["message"] if status >= 400 else reply.body


def part(asked: Session, gid: int, name: str) -> Any:
    """Return one of the lists that a tab's answer has."""
    return asked.world.state.book(SPREADSHEET_ID).sheet(gid).parts.get(name, [])


def change(asked: Session, *requests: Any) -> Any:
    """Return the replies of a batchUpdate."""
    return post(asked, f"{FILE}:batchUpdate", {"requests": list(requests)})["replies"]


def refusal(asked: Session, *requests: Any) -> str:
    """Return the message with which a batchUpdate is refused."""
    return str(post(asked, f"{FILE}:batchUpdate", {"requests": list(requests)}, status=400))


def test_body_too_deep_for_anybody_is_no_json(asked: Session) -> None:
    """Three thousand lists in each other are answered 400."""
    post(asked, f"{FILE}:batchUpdate", "@deep@", status=400)
    post(asked, "/_sandbox/faults", "@deep@", status=400)


def test_named_range_ends_where_the_grid_does(asked: Session) -> None:
    """A named range that is moved past the grid's edge is cut there."""
    named = {"namedRangeId": "n", "range": {"sheetId": FIRST, "endRowIndex": 99}}
    change(asked, {"updateNamedRange": {"namedRange": named, "fields": "range"}})

    (kept,) = asked.read(FILE)["namedRanges"]
    assert {"sheetId": FIRST, "endRowIndex": 12} == kept["range"]


def test_protection_ends_where_the_grid_does(asked: Session) -> None:
    """A protected range and what is open in it are cut at the grid's edge."""
    wide = {"sheetId": SECOND, "startColumnIndex": 1, "endColumnIndex": 40}
    protection = {"range": wide, "unprotectedRanges": [wide]}
    (reply,) = change(asked, {"addProtectedRange": {"protectedRange": protection}})

    kept = reply["addProtectedRange"]["protectedRange"]
    cut = wide | {"endColumnIndex": 5}
    assert (cut, [cut]) == (kept["range"], kept["unprotectedRanges"])


def test_protection_moves_to_another_tab(asked: Session) -> None:
    """A protected range whose range is put on another tab is that tab's from then on."""
    adding = {"protectedRange": {"protectedRangeId": 5, "range": {"sheetId": FIRST}}}
    moving = {"protectedRange": {"protectedRangeId": 5, "range": {"sheetId": SECOND}}}
    change(
        asked, {"addProtectedRange": adding}, {"updateProtectedRange": moving | {"fields": "range"}}
    )

    kept = part(asked, SECOND, "protectedRanges")
    assert [{"sheetId": SECOND}] == [one["range"] for one in kept]


def test_colour_rule_lies_on_one_tab(asked: Session) -> None:
    """A conditional format with ranges on two tabs is refused, one past the edge is cut."""
    condition = {"type": "NOT_BLANK"}
    rule = {"booleanRule": {"condition": condition}, "ranges": [{"sheetId": FIRST}]}
    two = rule | {"ranges": [{"sheetId": FIRST}, {"sheetId": SECOND}]}

    assert "on the same sheet" in refusal(asked, {"addConditionalFormatRule": {"rule": two}})
    rule["ranges"] = [{"sheetId": FIRST, "startRowIndex": 3, "endRowIndex": 90}]
    change(asked, {"addConditionalFormatRule": {"rule": rule}})
    kept = part(asked, FIRST, "conditionalFormats")
    assert 12 == kept[0]["ranges"][0]["endRowIndex"]


def test_file_is_not_made_of_hidden_tabs(asked: Session) -> None:
    """A new spreadsheet with nothing to be seen is refused."""
    body = {"sheets": [{"properties": {"hidden": True}}]}

    assert "hide all the sheets" in post(asked, SHEETS, body, status=400)


def test_named_range_has_an_id_of_its_own(asked: Session) -> None:
    """An id that another named range has is refused."""
    named = {"namedRangeId": "n", "name": "M", "range": {"sheetId": FIRST}}

    assert "already a named range" in refusal(asked, {"addNamedRange": {"namedRange": named}})


def test_refused_upload_leaves_no_drive_behind(asked: Session) -> None:
    """A stranger whose first file is refused has no My Drive afterwards."""
    call = MadeUp(verb="POST", path="/drive/v3/files", body={"id": "x"}, who=STRANGER)

    assert 400 == asked.ask(call).status
    assert root_id(STRANGER) not in asked.world.state.files


def test_looking_at_my_drive_keeps_none(asked: Session) -> None:
    """To read `root` changes nothing, and the first file makes the folder."""
    look = MadeUp(verb="GET", path="/drive/v3/files/root", who=STRANGER)
    assert 200 == asked.ask(look).status

    made = asked.ask(MadeUp(verb="POST", path="/drive/v3/files", body={"name": "a"}, who=STRANGER))
    assert made.body is not None
    assert root_id(STRANGER) == asked.world.state.files[made.body["id"]].parent
    assert asked.repeated() == picture(asked.world.state)


@pytest.mark.parametrize(
    "name,body",
    [
        ("accounts", {"email": "budi.contoh@gmail.com", "kind": [None]}),
        ("faults", {"faults": [["429"]]}),
        ("faults", {"faults": [{"method": "token", "kind": ["429"]}]}),
        ("staff", {"do": [{"rename_sheet": {"value": True}}]}),
        ("staff", {"do": [{"edit": {"row": 1, "column": 1, "value": [1]}}]}),
        ("staff", {"do": [{"rename_question": {"question": {}, "title": "A"}}]}),
    ],
)
def test_control_call_of_the_wrong_type_is_refused(asked: Session, name: str, body: Any) -> None:
    """A list where a word belongs, or a word that is an object, is answered 400."""
    post(asked, f"/_sandbox/{name}", body, status=400)


@pytest.mark.parametrize("token", ["W1tb" * 3000, "é", "bnVsbA=="])
def test_page_token_that_is_none_is_refused(asked: Session, token: str) -> None:
    """A page token of responses.list that the sandbox never gave is answered 400."""
    query = [("pageToken", token)]
    path = f"/v1/forms/{FORM_ID}/responses"

    assert 400 == asked.ask(MadeUp(verb="GET", path=path, query=query)).status


def test_assertion_too_deep_for_anybody_is_malformed(asked: Session) -> None:
    """A JWT whose claims are thousands of lists in each other is answered 400."""
    body = {"grant_type": JWT_BEARER, "assertion": f"a.{'W1tb' * 3000}.x"}
    reply = asked.ask(MadeUp(verb="POST", path="/token", body=body, is_form=True, who=""))

    assert reply.body is not None
    assert (400, "invalid_grant") == (reply.status, reply.body["error"])


def test_series_does_not_begin_before_the_grid(asked: Session) -> None:
    """A series that would be filled in above row 1, or left of column A, is refused."""
    source = {"sheetId": SECOND, "endRowIndex": 1, "endColumnIndex": 1}
    for dimension in ("ROWS", "COLUMNS"):
        filled = {"dimension": dimension, "source": source, "fillLength": -3}

        assert "exceeds grid limits" in refusal(
            asked, {"autoFill": {"sourceAndDestination": filled}}
        )


def test_row_number_of_thousands_of_digits_is_no_range(asked: Session) -> None:
    """A range whose row no computer can count to is answered 400."""
    reply = asked.ask(MadeUp(verb="GET", path=f"{FILE}/values/A1:A{'9' * 5000}"))

    assert 400 == reply.status


@pytest.mark.parametrize("text", ["\ud800", "\udfff.", "a\ud83d"])
def test_half_a_character_is_no_json(asked: Session, text: str) -> None:
    """A text with one half of a surrogate pair is refused, a whole pair is a character."""
    post(asked, f"{FILE}/values:batchUpdate", written(text), status=400)
    post(asked, "/_sandbox/switches", {text: ""}, status=400)

    post(asked, f"{FILE}/values:batchUpdate", written("\U0001f600"))
    assert [["\U0001f600"]] == asked.read(f"{FILE}/values/Data!A1")["values"]


def written(text: str) -> Any:
    """Return the body of a values.batchUpdate of one cell."""
    return {"valueInputOption": "RAW", "data": [{"range": "Data!A1", "values": [[text]]}]}


def test_chart_forgets_the_tab_that_went(asked: Session) -> None:
    """A chart keeps no series whose numbers were on a tab that is deleted."""
    change(asked, {"deleteSheet": {"sheetId": FIRST}})

    (chart,) = part(asked, SECOND, "charts")
    assert [] == chart["spec"]["basicChart"]["series"]


def test_chart_in_another_file_forgets_other_tabs(asked: Session) -> None:
    """The copy of a chart keeps no series whose numbers are on a tab of the old file."""
    target = post(asked, SHEETS, {})["spreadsheetId"]
    post(asked, f"{FILE}/sheets/{SECOND}:copyTo", {"destinationSpreadsheetId": target})

    (_, twin) = asked.read(f"{SHEETS}/{target}")["sheets"]
    assert [] == twin["charts"][0]["spec"]["basicChart"]["series"]


def test_cells_that_make_room_push_nothing_off_the_grid(asked: Session) -> None:
    """Bands that inserted cells would move past the edge are cut there."""
    area = {"sheetId": SECOND, "endColumnIndex": 2}
    change(asked, {"insertRange": {"range": area, "shiftDimension": "COLUMNS"}})

    (bands,) = part(asked, SECOND, "bandedRanges")
    assert (4, 5) == (bands["range"]["startColumnIndex"], bands["range"]["endColumnIndex"])


def test_chart_stays_on_the_grid(asked: Session) -> None:
    """A chart whose cell is deleted stands at the last one."""
    position = {"overlayPosition": {"anchorCell": {"sheetId": SECOND, "rowIndex": 4}}}
    lines = {"sheetId": SECOND, "dimension": "ROWS", "startIndex": 3}
    moving = {"objectId": 4, "newPosition": position, "fields": "anchorCell"}
    change(
        asked,
        {"updateEmbeddedObjectPosition": moving},
        {"deleteDimension": {"range": lines}},
    )

    (chart,) = part(asked, SECOND, "charts")
    assert 2 == chart["position"]["overlayPosition"]["anchorCell"]["rowIndex"]


@pytest.mark.parametrize("number", ["@big@", "NaN", "-Infinity", "1e400", 10**400, "1_0", "x"])
def test_number_that_json_cannot_say_is_refused(asked: Session, number: Any) -> None:
    """Infinity, in whatever words, is no number, neither for a colour nor for a cell."""
    cell = {"userEnteredValue": {"numberValue": number}}
    where = {"range": {"sheetId": FIRST}, "fields": "*"}

    assert "TYPE_DOUBLE" in refusal(asked, {"repeatCell": where | {"cell": cell}})
    look = {"userEnteredFormat": {"backgroundColor": {"red": number}}}
    assert "TYPE_FLOAT" in refusal(asked, {"repeatCell": where | {"cell": look}})


def test_time_that_is_none_is_refused(asked: Session) -> None:
    """A timestamp in no format is refused wherever the documents have one."""
    pivot = {"source": {"sheetId": FIRST}, "dataExecutionStatus": {"lastRefreshTime": "x"}}
    cell = {"range": {"sheetId": FIRST}, "fields": "*", "cell": {"pivotTable": pivot}}

    assert "Illegal timestamp format" in refusal(asked, {"repeatCell": cell})


def test_column_of_a_filter_is_on_no_certain_tab(asked: Session) -> None:
    """The copy of a tab with gid 0 has the filter's columns as they were."""
    made = post(asked, SHEETS, {})["spreadsheetId"]
    filtered = {"range": {"endColumnIndex": 4}, "filterSpecs": [{"columnIndex": 2}]}
    requests = [{"addFilterView": {"filter": filtered}}, {"duplicateSheet": {"newSheetId": 3}}]
    post(asked, f"{SHEETS}/{made}:batchUpdate", {"requests": requests})

    (twin, _) = asked.read(f"{SHEETS}/{made}")["sheets"]
    (column,) = twin["filterViews"][0]["filterSpecs"]
    assert 2 == column["columnIndex"]
    assert "sheetId" not in column


def test_file_without_a_title_is_untitled(asked: Session) -> None:
    """An empty title, locale or zone is none: the file is called as Google calls it."""
    made = post(asked, SHEETS, {"properties": {"title": "", "locale": "", "timeZone": ""}})

    told = made["properties"]
    expected = ("Untitled spreadsheet", "en_US", "Etc/GMT")
    assert expected == (told["title"], told["locale"], told["timeZone"])


def test_file_of_a_shared_drive_has_comments(asked: Session) -> None:
    """Methods without `supportsAllDrives` know shared drives: comments, export."""
    (drive,) = asked.world.state.drives
    made = {"parents": [drive], "mimeType": SPREADSHEET}
    query = [("supportsAllDrives", "true")]
    reply = asked.ask(MadeUp(verb="POST", path="/drive/v3/files", query=query, body=made))
    assert reply.body is not None
    path = f"/drive/v3/files/{reply.body['id']}"

    assert [] == asked.read(f"{path}/comments", fields="comments")["comments"]
    export = MadeUp(verb="GET", path=f"{path}/export", query=[("mimeType", "text/csv")])
    assert 200 == asked.ask(export).status


def test_filter_view_sorts_by_its_own_columns(asked: Session) -> None:
    """A filter view that would sort by a column beside it is refused."""
    view = {"range": {"sheetId": FIRST, "endColumnIndex": 3}, "sortSpecs": [{"dimensionIndex": 3}]}

    assert "not within the range" in refusal(asked, {"addFilterView": {"filter": view}})


def test_open_cells_are_on_the_protected_tab(asked: Session) -> None:
    """A protection with unprotected cells on another tab is refused."""
    protection = {"range": {"sheetId": FIRST}, "unprotectedRanges": [{"sheetId": SECOND}]}
    request = {"addProtectedRange": {"protectedRange": protection}}

    assert "on the protected sheet" in refusal(asked, request)


def test_colour_rule_is_transposed_with_its_cells(asked: Session) -> None:
    """A rule over a row holds for the column that a transposed paste makes of it."""
    row = {"sheetId": FIRST, "startRowIndex": 0, "endRowIndex": 1, "endColumnIndex": 4}
    corner = {"sheetId": FIRST, "startRowIndex": 8, "endRowIndex": 9, "startColumnIndex": 7}
    pasted = {"source": row, "destination": corner, "pasteOrientation": "TRANSPOSE"}
    change(asked, {"copyPaste": pasted | {"pasteType": "PASTE_CONDITIONAL_FORMATTING"}})

    (rule,) = part(asked, FIRST, "conditionalFormats")
    expected = {"startRowIndex": 8, "endRowIndex": 12, "startColumnIndex": 7, "endColumnIndex": 8}
    assert {"sheetId": FIRST, **expected} == rule["ranges"][-1]


def test_chart_takes_no_numbers_from_beside_the_grid(asked: Session) -> None:
    """The source of a chart is cut where its tab ends."""
    source = {"sheetId": SECOND, "endRowIndex": 99, "endColumnIndex": 1}
    domain = {"domain": {"sourceRange": {"sources": [source]}}}
    spec = {"basicChart": {"chartType": "LINE", "domains": [domain]}}
    change(asked, {"updateChartSpec": {"chartId": 4, "spec": spec}})

    (chart,) = part(asked, SECOND, "charts")
    (kept,) = chart["spec"]["basicChart"]["domains"]
    assert [source | {"endRowIndex": 5}] == kept["domain"]["sourceRange"]["sources"]
