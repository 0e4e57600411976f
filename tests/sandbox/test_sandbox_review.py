"""What no client may meet: a cell that makes every reading fail, an answer that is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from real_clients import ANSWERS, session

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox import Sandbox

_TAB = "Form Responses 1"


@pytest.mark.parametrize(
    "typed, shown",
    [
        ("$1" + "0" * 30, None),
        ("1,000" + ",000" * 9, None),
        ("-3,2", "-3,2"),
        ("12345678901,5", "12345678902"),
        ("123456789012,25", "123456789012"),
    ],
)
def test_any_number_can_be_typed_and_read(
    call: Callable[..., Any], typed: str, shown: str | None
) -> None:
    """Also one of thirty digits; digits before the point are never dropped."""
    call("PUT", "/values/A1", {"values": [[typed]]}, valueInputOption="USER_ENTERED")
    found = call("GET", "/values/A1")["values"][0][0]

    assert shown in {None, found}
    assert call("GET", "", includeGridData=True)["sheets"]


@pytest.mark.parametrize(
    "look, number",
    [
        (("NUMBER", "0.00"), (1e27, "1" + "0" * 27 + ",00")),
        (("NUMBER", "# ?/0"), (1, None)),
        (("NUMBER", "[<1.2.3]0"), (1, None)),
        (("NUMBER", "0." + "0" * 40), (0.5, None)),
        (("DATE", ""), (1e300, "1E+300")),
        (("TIME", "[h]:mm"), (1e300, "1E+300")),
        (("DATE", "yyyy-mm-dd"), (-3.2, "1899-12-26")),
        (("DATE", "yyyy-mm-dd"), (2958466, "2958466")),
        (("NUMBER", "0.00"), (5e-324, "0,00")),
    ],
)
def test_any_format_shows_any_number(
    call: Callable[..., Any],
    batch: Callable[..., Any],
    sandbox: Sandbox,
    look: tuple[str, str],
    number: tuple[float, str | None],
) -> None:
    """A pattern that makes no sense, a date beyond the calendar: something is shown."""
    place = {"sheetId": sandbox.sheet_id, "startRowIndex": 0, "endRowIndex": 1}
    place |= {"startColumnIndex": 0, "endColumnIndex": 1}
    (kind, pattern), (value, shown) = look, number
    cell = {"userEnteredFormat": {"numberFormat": {"type": kind, "pattern": pattern}}}
    batch({"repeatCell": {"range": place, "cell": cell, "fields": "userEnteredFormat"}})
    call("PUT", "/values/A1", {"values": [[value]]}, valueInputOption="RAW")
    found = call("GET", "/values/A1")["values"][0][0]

    assert shown in {None, found}


def test_a_group_that_is_not_there_is_empty(
    call: Callable[..., Any], batch: Callable[..., Any]
) -> None:
    """`$1` without a first group replaces by nothing."""
    call("PUT", "/values/A2", {"values": [["dog"]]}, valueInputOption="RAW")
    find = {"find": "d(o)g", "replacement": "<$1$2>", "searchByRegex": True, "allSheets": True}
    batch({"findReplace": find})

    assert [["<o>"]] == call("GET", "/values/A2")["values"]


def test_a_form_without_its_sheet_still_takes_answers(
    sandbox: Sandbox, batch: Callable[..., Any]
) -> None:
    """The tab, or the whole file, was deleted: what residents send is kept."""
    batch({"addSheet": {"properties": {"title": "Lain"}}})
    batch({"deleteSheet": {"sheetId": sandbox.sheet_id}})
    sandbox.submit(ANSWERS)
    with session(sandbox, user=True) as own:
        own.delete(f"{sandbox.base_url}/drive/v3/files/{sandbox.spreadsheet_id}").raise_for_status()
        sandbox.submit(ANSWERS)
        found = own.get(f"{sandbox.base_url}/v1/forms/{sandbox.form_id}/responses").json()

    assert 2 == len(found["responses"])


@pytest.mark.parametrize("other", ["Nope!!Z9", f"'{_TAB}'!A1"])
@pytest.mark.parametrize("verb, path", [("PUT", ""), ("POST", ":append")])
def test_a_body_that_names_another_range_is_refused(
    call: Callable[..., Any], other: str, verb: str, path: str
) -> None:
    """The same range in another spelling is fine."""
    query = {"valueInputOption": "RAW"}
    body = {"range": other, "values": [[1]]}
    error = call(verb, f"/values/D1{path}", body, status=400, **query)["error"]
    call(verb, f"/values/D1{path}", body | {"range": f"'{_TAB}'!D1"}, **query)

    assert f"Request range[D1] does not match value's range[{other}]" == error["message"]


def test_titles_ids_and_columns_have_limits(call: Callable[..., Any]) -> None:
    """A tab that no client could name again is refused."""
    for properties in (
        {"title": "x" * 101},
        {"sheetId": -1},
        {"gridProperties": {"rowCount": 1, "columnCount": 18_279}},
    ):
        add = {"requests": [{"addSheet": {"properties": properties}}]}
        assert (
            "INVALID_ARGUMENT" == call("POST", ":batchUpdate", add, status=400)["error"]["status"]
        )


def test_new_tabs_have_ids_of_their_own(sandbox: Sandbox) -> None:
    """One that asks for 1 beside one that asks for nothing."""
    with session(sandbox, user=True) as own:
        body = {"sheets": [{"properties": {"sheetId": 1}}, {}, {}]}
        answer = own.post(f"{sandbox.base_url}/v4/spreadsheets", json=body)
    ids = [one["properties"]["sheetId"] for one in answer.json()["sheets"]]

    assert (1, 3) == (ids[0], len(set(ids)))


def test_a_missing_scope_says_so_at_drive_too(sandbox: Sandbox) -> None:
    """The word by which clients tell it from a missing share."""
    scope = "https://www.googleapis.com/auth/drive.readonly"
    world, account = sandbox.world, sandbox.authorized_user_info["account"]
    token = world.keys.access_token(account, [scope], world.clock())
    reply = world.call("POST", "/drive/v3/files", "", {"authorization": f"Bearer {token}"}, b"{}")
    assert reply.body
    error = reply.body["error"]

    assert ("insufficientPermissions", "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT") == (
        error["errors"][0]["reason"],
        error["status"],
        error["details"][0]["reason"],
    )
