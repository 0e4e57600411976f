"""Bodies and queries are held against Google's discovery documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.sandbox.discovery import methods, route
from sync.sandbox.validate import answer_problems, request_problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox


@pytest.mark.parametrize(
    "request_,field,message",
    [
        (
            ("POST", ":batchUpdate", {"requests": [{"x": 1}]}),
            "requests[0]",
            (
                "Invalid JSON payload received. Unknown name \"x\" at 'requests[0]': "
                "Cannot find field."
            ),
        ),
        (
            ("POST", ":batchUpdate", {"x": []}),
            None,
            'Invalid JSON payload received. Unknown name "x": Cannot find field.',
        ),
        (
            ("PUT", "/values/A1?valueInputOption=RAW", {"values": "X"}),
            "data.values",
            "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\"",
        ),
        (
            ("POST", ":batchUpdate", {"requests": [{"deleteSheet": {"sheetId": "satu"}}]}),
            "requests[0].delete_sheet.sheet_id",
            "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"satu\"",
        ),
        (
            ("POST", ":batchUpdate", {"includeSpreadsheetInResponse": 3}),
            "include_spreadsheet_in_response",
            "Invalid value at 'include_spreadsheet_in_response' (TYPE_BOOL), 3",
        ),
        (
            ("PUT", "/values/A1?valueInputOption=ROH", {}),
            "value_input_option",
            (
                "Invalid value at 'value_input_option' "
                '(type.googleapis.com/google.apps.sheets.v4.ValueInputOption), "ROH"'
            ),
        ),
        (
            ("GET", "?tiada=1", None),
            None,
            (
                'Invalid JSON payload received. Unknown name "tiada": Cannot bind query parameter. '
                "Field 'tiada' could not be found in request message."
            ),
        ),
    ],
)
def test_wrong_requests_get_google_s_words(
    call: Callable[..., Any], request_: tuple[str, str, Any], field: str | None, message: str
) -> None:
    """Unknown fields, wrong types and wrong enum values are 400 with the place."""
    error = call(*request_, status=400)["error"]

    violation = {"field": field} if field else {}
    violation["description"] = message
    assert message == error["message"]
    assert "INVALID_ARGUMENT" == error["status"]
    assert [violation] == error["details"][0]["fieldViolations"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b'{"values": [[NaN]]}'])
def test_what_is_no_json_object_is_refused(
    call: Callable[..., Any], api: Any, sandbox: Any, body: bytes
) -> None:
    """A body that is no JSON object is 400."""
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}/values/A1"
    response = api.put(url, data=body, params={"valueInputOption": "RAW"})

    assert 400 == response.status_code
    assert call("GET", "/values/A1")["values"] == [["Timestamp"]]


def test_nulls_and_proto_names_are_legal(batch: Callable[..., Any]) -> None:
    """JSON null means absent, and proto field names are taken as well."""
    reply = batch({"addSheet": {"properties": {"sheet_id": 5, "title": "T", "index": None}}})

    assert 5 == reply[0]["addSheet"]["properties"]["sheetId"]


def test_cells_must_be_plain(call: Callable[..., Any]) -> None:
    """A list or an object is no cell."""
    body = {"values": [["a", {"b": 1}]]}
    error = call("PUT", "/values/A1", body, status=400, valueInputOption="RAW")["error"]

    assert error["message"].startswith("Invalid values[0][1]: struct_value")


def test_answers_can_be_checked() -> None:
    """The checker finds fields and types that no answer of Google's has."""
    method = "sheets.spreadsheets.values.update"
    assert [] == answer_problems(method, {"updatedRows": 1, "updatedRange": "A1"})
    assert 1 == len(answer_problems(method, {"updatedRows": "1"}))
    assert 1 == len(answer_problems(method, {"updatedLines": 1}))
    assert 1 == len(answer_problems(method, {"updatedRange": None}))
    assert [] == request_problems("sheets.spreadsheets.batchUpdate", {"requests": []})
    assert 1 == len(request_problems("sheets.spreadsheets.batchUpdate", {"request": []}))


def test_every_method_is_routed_to_itself() -> None:
    """The path template of each method leads back to that method."""
    for method in methods().values():
        path = method.path.replace("{", "p").replace("+", "").replace("}", "q")
        found = route(method.verb, path)
        assert found is not None
        assert (method.verb, method.path) == (found[0].verb, found[0].path)


def test_methods_that_are_missing_are_501(sandbox: Sandbox, api: Any) -> None:
    """A method of Google's that the sandbox lacks is named."""
    answer = api.get(f"{sandbox.base_url}/drive/v3/apps")
    error = answer.json()["error"]

    assert (501, "The sandbox does not know drive.apps.list.") == (
        answer.status_code,
        error["message"],
    )
    assert "UNIMPLEMENTED" == error["status"]
