"""
What most scripts do: read the sheet, remember row numbers, write there later.

It stands in for the program in the table of gaps, to show that the table bites.
"""

# google-auth is untyped:
# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.credentials import Credentials
from gspread.utils import ValueRenderOption, rowcol_to_a1

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests.adapters import BaseAdapter

    from sync.sandbox import Sandbox

_NIK_DIGITS = 16


class Naive:
    """
    Numbers new requests and follows `Tindakan`, by remembered places.

    adapter: carries its requests, in place of sockets
    """

    def __init__(self, sandbox: Sandbox, adapter: BaseAdapter | None = None) -> None:
        self._sandbox = sandbox
        info = sandbox.authorized_user_info
        credentials = Credentials.from_authorized_user_info(info).with_token_uri(info["token_uri"])
        plain = requests.Session()
        session = AuthorizedSession(credentials, auth_request=Request(plain))
        if adapter is not None:
            plain.mount("http://", adapter)
            session.mount("http://", adapter)
        client = gspread.Client(
            credentials,
            session=session,
            http_client=_client_at(sandbox.base_url),
        )
        self._book = client.open_by_key(sandbox.spreadsheet_id)
        self.owners: dict[str, str] = {}  #: number to whom it was given

    def run(self) -> bool:
        """Read everything, then write row by row; tell whether anything was written."""
        wrote = False
        sheet = self._book.get_worksheet_by_id(self._sandbox.sheet_id)
        header, *rows = sheet.get_all_values(
            value_render_option=ValueRenderOption.unformatted  # as the program reads
        )
        last = max((_sequence(dict(zip(header, row, strict=False))) for row in rows), default=0)
        for row_number, row in enumerate(rows, start=2):
            record = dict(zip(header, row, strict=False))
            if record["Nama Lengkap"] == "":
                continue
            cells = dict(self._due(record, last + 1))
            last += "Nomor Surat" in cells
            if cells:
                wrote = True
                places = {rowcol_to_a1(row_number, header.index(h) + 1): cells[h] for h in cells}
                sheet.batch_update(
                    [{"range": at, "values": [[text]]} for at, text in places.items()]
                )

        return wrote

    def _due(self, record: dict[str, Any], sequence: int) -> Iterator[tuple[str, str]]:
        if record["Nomor Surat"]:
            self.owners.setdefault(record["Nomor Surat"], record["Nama Lengkap"])
        if record["Status"] == "":
            yield "ID Permohonan", f"SKU-{sequence}"
            if len(record["NIK"]) != _NIK_DIGITS:
                yield "Status", "Perlu Perbaikan"
                return
            number = f"500.3/{sequence}/35.07.32.2004/2026"
            self.owners[number] = record["Nama Lengkap"]
            yield "Status", "Siap Ditandatangani"
            yield "Nomor Surat", number
            yield "Surat", f"{sequence:04d}.docx"
        elif record["Tindakan"] == "Sudah Ditandatangani" and record["Status"] != "Siap Diambil":
            yield "Status", "Siap Diambil"
        elif record["Tindakan"] == "Terbitkan Ulang" and "_r1" in record["Surat"]:
            yield "Surat", record["Surat"].replace("_r1", "_r2")


def _sequence(record: dict[str, Any]) -> int:
    parts = str(record.get("Nomor Surat", "")).split("/")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0


def _client_at(base_url: str) -> type[gspread.HTTPClient]:
    class Client(gspread.HTTPClient):
        def __init__(self, _auth: object, session: requests.Session) -> None:
            super().__init__(None, session)  # type: ignore[arg-type]

        def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> Any:
            address = endpoint.replace("https://sheets.googleapis.com", base_url)
            return super().request(method, address, *args, **kwargs)

    return Client
