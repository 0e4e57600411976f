"""findReplace: counts, whole cells, case, places, what it skips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

EXACT = {"matchEntireCell": True, "matchCase": True}


@pytest.fixture(autouse=True)
def _tabs(call: Callable[..., Any], batch: Callable[..., Any]) -> None:
    for gid, title in ((7, "T"), (8, "U")):
        grid = {"rowCount": 10, "columnCount": 5}
        batch(
            {"addSheet": {"properties": {"title": title, "sheetId": gid, "gridProperties": grid}}}
        )
        values = [["tok", "tok 1"], ["TOK", "a tok tok"]]
        call("PUT", f"/values/{title}!A1", {"values": values}, valueInputOption="RAW")


def _replace(batch: Callable[..., Any], **request: Any) -> Any:
    return batch({"findReplace": {"find": "tok", "replacement": "NEW"} | request})[0]["findReplace"]


def test_whole_cell_only(batch: Callable[..., Any], sandbox: Sandbox) -> None:
    """Whole cells in the very case are replaced, inside the range."""
    counts = _replace(batch, range={"sheetId": 7, "endColumnIndex": 1}, **EXACT)

    expected = {"valuesChanged": 1, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 1}
    assert expected == counts
    assert [["NEW", "tok 1"], ["TOK", "a tok tok"]] == sandbox.rows(7)


def test_no_match_is_an_empty_reply(batch: Callable[..., Any]) -> None:
    """Counts of zero are absent, so nothing found is {}."""
    assert {} == _replace(batch, find="tiada", sheetId=7)


def test_parts_of_cells_and_any_case(batch: Callable[..., Any], sandbox: Sandbox) -> None:
    """Without the flags every occurrence in every case goes, on all tabs."""
    counts = _replace(batch, allSheets=True)

    assert [["NEW", "NEW 1"], ["NEW", "a NEW NEW"]] == sandbox.rows(7) == sandbox.rows(8)
    expected = {
        "valuesChanged": 8,
        "rowsChanged": 4,
        "sheetsChanged": 2,
        "occurrencesChanged": 10,
    }
    assert expected == counts


def test_regular_expressions(batch: Callable[..., Any], sandbox: Sandbox) -> None:
    """With searchByRegex, the replacement takes groups."""
    _replace(batch, find=r"^(\w+) (\d)$", replacement="$2-$1", searchByRegex=True, sheetId=7)

    assert "1-tok" == sandbox.rows(7)[0][1]


def test_formulas_are_skipped_unless_asked(
    call: Callable[..., Any], batch: Callable[..., Any], sandbox: Sandbox
) -> None:
    """Formula cells change only with includeFormulas, and are counted apart."""
    cells = {"values": [['="tok"']]}
    call("PUT", "/values/T!C1", cells, valueInputOption="USER_ENTERED")
    assert 4 == _replace(batch, sheetId=7)["valuesChanged"]
    assert {
        "formulasChanged": 1,
        "rowsChanged": 1,
        "sheetsChanged": 1,
        "occurrencesChanged": 1,
    } == (_replace(batch, sheetId=7, includeFormulas=True))
    assert '="NEW"' == sandbox.rows(7)[0][2]


@pytest.mark.parametrize("switch,expected", [("typed", 46350), ("literal", "24/11/2026")])
def test_replacement_is_typed_or_literal(
    batch: Callable[..., Any], sandbox: Sandbox, switch: str, expected: Any
) -> None:
    """Whether a replacement is read as if typed is a switch."""
    sandbox.switch(find_replace=switch)
    _replace(batch, replacement="24/11/2026", sheetId=7, **EXACT)

    assert expected == sandbox.rows(7)[0][0]


def test_our_texts_survive_both_ways(batch: Callable[..., Any], sandbox: Sandbox) -> None:
    """A text that is no number, date or formula is the same typed and literal."""
    text = "diperbarui 24 November 2026 pukul 10.15 WIB"
    _replace(batch, replacement=text, sheetId=7, **EXACT)

    assert text == sandbox.rows(7)[0][0]


@pytest.mark.parametrize("switch,count", [("include", 1), ("skip", None)])
def test_hidden_rows(
    batch: Callable[..., Any], sandbox: Sandbox, switch: str, count: int | None
) -> None:
    """Whether hidden rows are searched is a switch."""
    sandbox.switch(find_replace_hidden_rows=switch)
    sandbox.staff({"hide": {"sheet": 7, "row": 0}})

    assert count == _replace(batch, sheetId=7, **EXACT).get("valuesChanged")


def test_later_requests_see_earlier_ones(batch: Callable[..., Any], sandbox: Sandbox) -> None:
    """The index of a batch follows replacements, cell writes, inserts and sorts."""
    area = {"range": {"sheetId": 7}}
    start = {"sheetId": 7, "rowIndex": 4, "columnIndex": 0}
    rows = [{"values": [{"userEnteredValue": {"stringValue": "late"}}]}]
    one = {"sheetId": 7, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    replies = batch(
        {"findReplace": {"find": "tok", "replacement": "a", **area, **EXACT}},
        {"findReplace": {"find": "a", "replacement": "b", **area, **EXACT}},
        {"findReplace": {"find": "tok", "replacement": "x", **area, **EXACT}},
        {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}},
        {"findReplace": {"find": "late", "replacement": "c", **area, **EXACT}},
        {"insertDimension": {"range": one}},
        {"findReplace": {"find": "b", "replacement": "d", **area, **EXACT}},
        {"sortRange": {"range": {"sheetId": 7}, "sortSpecs": [{"dimensionIndex": 0}]}},
        {"findReplace": {"find": "c", "replacement": "e", **area, **EXACT}},
    )

    counts = [reply["findReplace"].get("valuesChanged", 0) for reply in replies if reply]
    assert [1, 1, 0, 1, 1, 1] == counts
    assert {"d", "e", "TOK"} == {row[0] for row in sandbox.rows(7) if row}


def test_shown_text_of_numbers_is_found(
    call: Callable[..., Any], batch: Callable[..., Any], sandbox: Sandbox
) -> None:
    """A number is found by what people see, once."""
    call("PUT", "/values/T!C1", {"values": [[12.5]]}, valueInputOption="RAW")
    request = {"find": "12,5", "replacement": "teks", "sheetId": 7, **EXACT}
    replies = batch({"findReplace": request}, {"findReplace": request})

    assert "teks" == sandbox.rows(7)[0][2]
    assert [1, 0] == [reply["findReplace"].get("valuesChanged", 0) for reply in replies]


@pytest.mark.parametrize(
    "request_,message",
    [
        ({"find": "x"}, "One of range, sheetId or allSheets must be set."),
        ({"find": "(", "searchByRegex": True, "sheetId": 7}, "Invalid regular expression: ("),
        ({"find": "x", "sheetId": 99}, "No grid with id: 99"),
    ],
)
def test_bad_requests_name_their_place(
    call: Callable[..., Any], request_: dict[str, Any], message: str
) -> None:
    """A bad findReplace is 400 with its place in the batch."""
    body = {"requests": [{"findReplace": request_}]}
    error = call("POST", ":batchUpdate", body, status=400)["error"]

    assert f"Invalid requests[0].findReplace: {message}" == error["message"]
