"""The form: how an answer becomes a row, and the page that residents fill in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests
from real_clients import ANSWERS

from sync.sandbox import Sandbox
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 24, 3, 15, 0, 123456, tzinfo=UTC)


def test_answer_becomes_a_row() -> None:
    """Timestamp in the sheet's zone to the millisecond, text as text, dates as serials."""
    sandbox = Sandbox(clock=lambda: NOW)
    sandbox.submit(ANSWERS)
    row = sandbox.records()[0]

    assert 36_900_123 == round(row["Timestamp"] % 1 * 86_400_000)
    assert 46350 == int(row["Timestamp"])
    assert "24/11/2026 10:15:00" == sandbox.records(shown=True)[0]["Timestamp"]
    assert 23579 == row["Tanggal Lahir"]
    assert ("3507326107649907", "030", "") == (row["NIK"], row["RT"], row["Nama Usaha"])


def test_sheet_has_google_s_headers(sandbox: Sandbox) -> None:
    """Timestamp first, then a column for each question; row 1 is frozen."""
    header = sandbox.rows()[0]

    assert ["Timestamp", "Nama Lengkap", "NIK"] == header[:3]
    assert "Pernyataan" == header[-1]
    assert 21 == len(header)
    assert 0 != sandbox.sheet_id


def test_answers_are_inserted_below_the_last_one(sandbox: Sandbox) -> None:
    """Rows that staff typed below the answers move down."""
    sandbox.submit(ANSWERS)
    sandbox.staff({"edit": {"sheet": sandbox.sheet_id, "row": 2, "column": 1, "value": "ketikan"}})
    sandbox.submit(ANSWERS | {"Nama Lengkap": "Budi Contoh"})

    names = [record["Nama Lengkap"] for record in sandbox.records()]
    assert ["Siti Contoh", "Budi Contoh", "ketikan"] == names


def test_form_finds_moved_and_renamed_columns(sandbox: Sandbox) -> None:
    """Columns may be moved and renamed, the form goes on writing into them."""
    gid = sandbox.sheet_id
    sandbox.staff(
        {"move_column": {"sheet": gid, "column": 1, "to": 3}},
        {"rename_header": {"sheet": gid, "column": 1, "value": "Nomor KTP"}},
    )
    sandbox.submit(ANSWERS)

    row = sandbox.records()[0]
    assert ("3507326107649907", "Siti Contoh") == (row["Nomor KTP"], row["Nama Lengkap"])
    assert ["Timestamp", "Nomor KTP", "Tempat Lahir", "Nama Lengkap"] == sandbox.rows()[0][:4]


def test_a_deleted_column_comes_back_behind_the_form_s_last(
    sandbox: Sandbox, batch: Callable[..., Any]
) -> None:
    """A question whose column was deleted gets a new one, and later columns move."""
    gid = sandbox.sheet_id
    sandbox.staff({"edit": {"sheet": gid, "row": 0, "column": 20, "value": "Pernyataan"}})
    area = {"sheetId": gid, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    batch(
        {"appendDimension": {"sheetId": gid, "dimension": "COLUMNS", "length": 1}},
        {"deleteDimension": {"range": area}},
    )
    sandbox.staff({"edit": {"sheet": gid, "row": 0, "column": 20, "value": "Status"}})
    sandbox.submit(ANSWERS)

    assert ["Pernyataan", "NIK", "Status"] == sandbox.rows()[0][19:]
    assert "3507326107649907" == sandbox.records()[0]["NIK"]


def test_grid_grows_with_answers(sandbox: Sandbox, call: Callable[..., Any]) -> None:
    """An answer below the last grid row makes the grid longer."""
    sandbox.submit(ANSWERS)
    with_rows = {"sheetId": sandbox.sheet_id, "gridProperties": {"rowCount": 2}}
    mask = "gridProperties.rowCount"
    body = {"updateSheetProperties": {"properties": with_rows, "fields": mask}}
    call("POST", ":batchUpdate", {"requests": [body]})
    sandbox.submit(ANSWERS)

    assert 3 == len(sandbox.rows())


def test_new_row_takes_formats_and_drop_downs_over(
    sandbox: Sandbox, batch: Callable[..., Any], call: Callable[..., Any]
) -> None:
    """A new answer's row has the drop-down of the row above; a switch says otherwise."""
    sandbox.submit(ANSWERS)
    area = {"sheetId": sandbox.sheet_id, "startRowIndex": 1, "endRowIndex": 2}
    rule = {"condition": {"type": "BOOLEAN"}}
    batch({"setDataValidation": {"range": area | {"startColumnIndex": 3}, "rule": rule}})
    sandbox.submit(ANSWERS)
    sandbox.switch(inserted_row_format="none")
    sandbox.submit(ANSWERS)
    mask = "sheets.data.rowData.values.dataValidation"
    data = call("GET", "", fields=mask)["sheets"][0]["data"][0]["rowData"]

    found = ["dataValidation" in line["values"][5] for line in data]
    assert [False, True, True, False] == found[:4]


@pytest.mark.parametrize(
    "switch,nik,phone",
    [("text", "3507321503850002", "081200001144"), ("number", 3507321503850000, 81200001144)],
)
def test_digit_answers(sandbox: Sandbox, switch: str, nik: Any, phone: Any) -> None:
    """Whether answers of digits only become numbers is a switch."""
    sandbox.switch(digit_answers=switch)
    sandbox.submit(ANSWERS | {"NIK": "3507321503850002", "Nomor WhatsApp": "081200001144"})

    row = sandbox.records()[0]
    assert (nik, phone) == (row["NIK"], row["Nomor WhatsApp"])


def test_nothing_is_sanitised(sandbox: Sandbox) -> None:
    """Formulas, markup and control characters arrive as text."""
    nasty = {"Nama Lengkap": '=IMPORTXML("http://x.example")', "Jenis Usaha": "<b>\x0b\x00&"}
    sandbox.submit(ANSWERS | nasty)

    row = sandbox.records(shown=True)[0]
    assert nasty == {name: row[name] for name in nasty}


def test_missing_required_answer_writes_nothing(sandbox: Sandbox) -> None:
    """A required question left out is 400."""
    with pytest.raises(Refused, match="NIK"):
        sandbox.submit(ANSWERS | {"NIK": ""})

    assert 1 == len(sandbox.rows())


def test_post_takes_google_s_spellings(sandbox: Sandbox) -> None:
    """Ids in decimal or hexadecimal, dates in parts, and `other` options are understood."""
    files = requests.get(f"{sandbox.base_url}/_sandbox/files", timeout=5).json()
    fields = {files["entries"][title]: text for title, text in ANSWERS.items()}
    date = files["entries"]["Tanggal Lahir"]
    del fields[date]
    fields |= {f"{date}_year": "1964", f"{date}_month": "7", f"{date}_day": "21"}
    nik = files["entries"]["NIK"]
    fields[f"entry.{int(nik.removeprefix('entry.')):08x}"] = fields.pop(nik)
    religion = files["entries"]["Agama"]
    fields[religion] = "__other_option__"
    fields[f"{religion}.other_option_response"] = "Lainnya"
    url = f"{sandbox.base_url}/forms/d/e/{files['public_form_id']}/formResponse"
    response = requests.post(url, data=fields, timeout=5)

    assert 200 == response.status_code
    assert "Jawaban Anda telah direkam." in response.text
    row = sandbox.records()[0]
    assert (23579, "3507326107649907", "Lainnya") == (
        row["Tanggal Lahir"],
        row["NIK"],
        row["Agama"],
    )


def test_page_asks_every_question(sandbox: Sandbox) -> None:
    """The page has a field for each entry, the privacy notice, and fits a phone."""
    files = requests.get(f"{sandbox.base_url}/_sandbox/files", timeout=5).json()
    url = f"{sandbox.base_url}/forms/d/e/{files['form_id']}/viewform"
    text = requests.get(url, timeout=5).text

    assert set(files["entries"].values()) == set(re.findall(r'name="(entry\.\d+)"', text))
    assert "Data Anda hanya dipakai untuk surat ini" in text
    assert 'name="viewport"' in text


def test_pages_show_and_escape(sandbox: Sandbox) -> None:
    """Index, sheet and file pages show what is there; markup in answers stays text."""
    sandbox.submit(ANSWERS | {"Nama Lengkap": "<script>alert(1)</script>"})
    index = requests.get(f"{sandbox.base_url}/", timeout=5).text
    sheet_url = f"{sandbox.base_url}/spreadsheets/d/{sandbox.spreadsheet_id}/edit"
    sheet = requests.get(sheet_url, timeout=5).text
    file_url = f"{sandbox.base_url}/file/d/{sandbox.spreadsheet_id}/view"

    assert f"/spreadsheets/d/{sandbox.spreadsheet_id}/edit" in index
    assert "viewform" in index
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in sheet
    assert "<script>" not in sheet
    assert 200 == requests.get(file_url, timeout=5).status_code
    assert 404 == requests.get(f"{sandbox.base_url}/tiada", timeout=5).status_code


def test_indonesian_form_has_indonesian_headers(sandbox: Sandbox) -> None:
    """Tab and timestamp header follow the form owner's language."""
    sandbox.switch(form_language="id")
    sandbox.reset()

    book = sandbox.world.state.book(sandbox.spreadsheet_id)
    assert "Respons Formulir 1" == book.sheet(sandbox.sheet_id).title
    assert "Stempel waktu" == sandbox.rows()[0][0]
