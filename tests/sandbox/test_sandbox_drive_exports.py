"""Spreadsheets taken away: CSV, TSV and XLSX, through the API and by the address of the page."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from googleapiclient.http import MediaInMemoryUpload, MediaIoBaseDownload
from test_sandbox_drive_files import made, refused

if TYPE_CHECKING:
    from sync.sandbox import Sandbox

_SHEET = "application/vnd.google-apps.spreadsheet"
_FOLDER = "application/vnd.google-apps.folder"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TABLE = 'Nama,Jumlah,Tanggal,Lunas\n"Siti & <Budi>",2.5,2026-11-24,TRUE\n,=B2*2,=1/0,="a"&"b"\n'
_NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture
def table(village: Any) -> str:
    """Return a spreadsheet with one cell of each kind."""
    media = MediaInMemoryUpload(_TABLE.encode(), mimetype="text/csv")
    body = {"name": "Data", "mimeType": _SHEET}
    return str(village.files().create(body=body, media_body=media).execute()["id"])


def in_pieces(request: Any) -> bytes:
    """Download as pygsheets does, which asks for ranges that an export does not know."""
    target = io.BytesIO()
    download = MediaIoBaseDownload(target, request, chunksize=10)
    while not download.next_chunk()[1]:
        pass
    return target.getvalue()


def test_excel_workbook_has_values_formulas_and_formats(village: Any, table: str) -> None:
    """The parts name each other, and every cell is of its kind."""
    content = village.files().export(fileId=table, mimeType=_EXCEL).execute()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}
    cells = {cell.attrib["r"]: cell for cell in parts["xl/worksheets/sheet1.xml"].iter(_m("c"))}

    assert ["Data"] == [one.attrib["name"] for one in parts["xl/workbook.xml"].iter(_m("sheet"))]
    assert {
        "A2": ("inlineStr", None, "Siti & <Budi>"),
        "B2": (None, None, "2.5"),
        "C2": (None, None, "46350"),
        "D2": ("b", None, "1"),
        "B3": (None, "B2*2", "5"),
        "C3": ("e", "1/0", "#DIV/0!"),
        "D3": ("str", '"a"&"b"', "ab"),
    } == {name: _told(cells[name]) for name in ("A2", "B2", "C2", "D2", "B3", "C3", "D3")}
    looks = list(parts["xl/styles.xml"].find("m:cellXfs", _NAMES) or ())
    number = looks[int(cells["C2"].attrib["s"])].attrib["numFmtId"]
    formats = {one.attrib["numFmtId"]: one for one in parts["xl/styles.xml"].iter(_m("numFmt"))}
    assert "yyyy-mm-dd" == formats[number].attrib["formatCode"]


def test_excel_titles_are_short_and_differ(sandbox: Sandbox, village: Any, table: str) -> None:
    """What Excel does not take in a tab's title goes; hidden tabs stay hidden."""
    session = village._http.session
    properties = [{"title": "RT 01/RW 02"}, {"title": "RT 01:RW 02"}, {"title": "x" * 40}]
    properties[2]["hidden"] = True  # type: ignore[assignment]
    body = {"requests": [{"addSheet": {"properties": one}} for one in properties]}
    url = f"{sandbox.base_url}/v4/spreadsheets/{table}:batchUpdate"
    session.post(url, json=body).raise_for_status()
    first = in_pieces(village.files().export_media(fileId=table, mimeType=_EXCEL))
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        book = ET.fromstring(archive.read("xl/workbook.xml"))

    assert [
        ("Data", None),
        ("RT 01_RW 02", None),
        ("RT 01_RW 02 2", None),
        ("x" * 31, "hidden"),
    ] == [(one.attrib["name"], one.attrib.get("state")) for one in book.iter(_m("sheet"))]
    assert first == village.files().export(fileId=table, mimeType=_EXCEL).execute()


def test_csv_by_address(sandbox: Sandbox, village: Any, table: str) -> None:
    """`export?format=csv&gid=` is what many scripts read; other tabs and formats are told apart."""
    session, url = village._http.session, f"{sandbox.base_url}/spreadsheets/d/{table}/export"
    sheets = session.get(f"{sandbox.base_url}/v4/spreadsheets/{table}").json()["sheets"]
    gid = sheets[0]["properties"]["sheetId"]
    by_address = session.get(url, params={"format": "csv", "gid": gid})
    by_api = in_pieces(village.files().export_media(fileId=table, mimeType="text/csv"))

    assert ("text/csv", by_api) == (by_address.headers["Content-Type"], by_address.content)
    assert ["Siti & <Budi>", "2.5", "2026-11-24", "TRUE"] == list(
        csv.reader(io.StringIO(by_api.decode()))
    )[1]
    assert [400, 501, 200, 200] == [
        session.get(url, params=params).status_code
        for params in ({"format": "csv", "gid": 1}, {"format": "pdf"}, {"format": "tsv"}, {})
    ]


def test_what_has_no_export(village: Any) -> None:
    """Neither a folder nor a stored file is an editor's; `about` names what can be had."""
    files = village.files()
    folder = files.create(body={"name": "Map", "mimeType": _FOLDER}).execute()["id"]

    for file_id in (folder, made(village)["id"]):
        ask = files.export(fileId=file_id, mimeType="text/csv")
        assert (403, "fileNotExportable") == refused(ask.execute)[:2]
        get = files.get_media(fileId=folder)
        assert (403, "fileNotDownloadable") == refused(get.execute)[:2]
    about = village.about().get(fields="exportFormats").execute()["exportFormats"]
    assert {_SHEET: ["text/csv", "text/tab-separated-values", _EXCEL]} == about


def _m(name: str) -> str:
    return f"{{{_NAMES['m']}}}{name}"


def _told(cell: ET.Element) -> tuple[str | None, str | None, str]:
    """Return a cell's type, its formula, and what it shows."""
    return (
        cell.get("t"),
        cell.findtext("m:f", None, _NAMES),
        "".join(cell.itertext()).removeprefix(cell.findtext("m:f", "", _NAMES)),
    )
