"""The unmodified clients can work against the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gspread.utils import ValueInputOption
from real_clients import ANSWERS, service, session

if TYPE_CHECKING:
    import gspread

    from sync.sandbox import Sandbox


def test_gspread_reads_what_the_form_wrote(sandbox: Sandbox, spread: gspread.Client) -> None:
    """A resident's answer is a row that gspread reads."""
    sandbox.submit(ANSWERS)
    tab = spread.open_by_key(sandbox.spreadsheet_id).get_worksheet_by_id(sandbox.sheet_id)

    assert ["Nama Lengkap", "Siti Contoh"] == tab.col_values(2)


def test_gspread_does_its_everyday_work(sandbox: Sandbox, spread: gspread.Client) -> None:
    """Adding a tab, writing, appending, formatting, finding, sorting and deleting all work."""
    book = spread.open_by_key(sandbox.spreadsheet_id)
    tab = book.add_worksheet("Coba", rows=10, cols=5)
    tab.update([["b", 2], ["a", 1]], "A1")
    tab.append_row(["c", "3"], value_input_option=ValueInputOption.user_entered)
    tab.format("A1:B1", {"textFormat": {"bold": True}})
    tab.sort((1, "asc"), range="A1:B3")
    tab.freeze(rows=1)
    tab.insert_row(["x"], 1)
    copy = tab.duplicate(new_sheet_name="Salinan")

    assert [["x", ""], ["a", "1"], ["b", "2"], ["c", "3"]] == copy.get_all_values()
    assert [3, 2] == [getattr(tab.find("2"), name) for name in ("row", "col")]
    book.del_worksheet(copy)
    assert ["Form Responses 1", "Coba"] == [one.title for one in book.worksheets()]


def test_googleapiclient_reads_sheet_and_form(sandbox: Sandbox, api: Any) -> None:
    """The services of googleapiclient find the same spreadsheet from both sides."""
    sheets, forms = service(sandbox, "sheets", "v4", api), service(sandbox, "forms", "v1", api)
    book = sheets.spreadsheets().get(spreadsheetId=sandbox.spreadsheet_id).execute()
    form = forms.forms().get(formId=sandbox.form_id).execute()

    assert form["linkedSheetId"] == book["spreadsheetId"]
    assert list(ANSWERS)[:3] == [item["title"] for item in form["items"][:3]]


def test_long_query_arrives_in_the_body(sandbox: Sandbox, api: Any) -> None:
    """GETs over 2,048 characters come as POST with an override."""
    sheets = service(sandbox, "sheets", "v4", api)
    ranges = [f"'Form Responses 1'!A{row}:B{row}" for row in range(1, 120)]
    found = (
        sheets.spreadsheets()
        .values()
        .batchGet(spreadsheetId=sandbox.spreadsheet_id, ranges=ranges)
        .execute()
    )

    assert 119 == len(found["valueRanges"])


def test_village_user_works_with_a_refresh_token(sandbox: Sandbox) -> None:
    """authorized-user.json lets the owner in, too."""
    with session(sandbox, user=True) as own:
        url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}?fields=spreadsheetId"
        assert {"spreadsheetId": sandbox.spreadsheet_id} == own.get(url).json()
    assert ["token", "sheets.spreadsheets.get"] == [one.method for one in sandbox.history()]
