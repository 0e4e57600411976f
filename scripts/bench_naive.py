"""
What most scripts with gspread do: read all, then one update for each new row.

Usage: bench_naive.py URL KEY_FILE    prints {"calls": …, "numbered": …}

It gives numbers and writes them beside the rows, with no letter, no ledger and no second look.
When Google says that it is too much, it waits.
"""

# google-auth is untyped:
# mypy: allow-untyped-calls

from __future__ import annotations

import json
import sys
import time
from typing import Any

import gspread
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from gspread.utils import ValueRenderOption, rowcol_to_a1
from requests import Session

from sync.sandbox.sample import SPREADSHEET_ID

_SCOPES = ["https://www.googleapis.com/auth/spreadsheets"]
_TOO_MANY = 429
_PAUSE_SECONDS = 5


def main(url: str, key_file: str) -> None:
    """Give each new row its number."""
    client = _client(url, key_file)
    sheet = client.open_by_key(SPREADSHEET_ID).sheet1
    header, *rows = sheet.get_all_values(value_render_option=ValueRenderOption.unformatted)
    status, number = header.index("Status"), header.index("Nomor Surat")
    last = sum(1 for row in rows if row[number])
    for row_number, row in enumerate(rows, start=2):
        if row[status]:
            continue
        last += 1
        cells = ["Siap Ditandatangani", "", f"500.3/{last}/35.07.32.2004/2026"]
        sheet.update([cells], rowcol_to_a1(row_number, status + 1), raw=True)
    print(json.dumps({"calls": _Counting.calls, "numbered": last}))


class _Counting(gspread.HTTPClient):
    """gspread's own client; it counts its calls, and waits when told to."""

    calls = 0
    url = ""

    def request(self, method: str, endpoint: str, *rest: Any, **more: Any) -> Any:  # noqa: ANN401
        address = endpoint.replace("https://sheets.googleapis.com", self.url)
        while True:
            _Counting.calls += 1
            try:
                return super().request(method, address, *rest, **more)
            except gspread.exceptions.APIError as error:
                if error.response.status_code != _TOO_MANY:
                    raise
            time.sleep(_PAUSE_SECONDS)


def _client(url: str, key_file: str) -> gspread.Client:
    _Counting.url = url
    credentials = Credentials.from_service_account_file(key_file, scopes=_SCOPES)
    plain = Session()
    session = AuthorizedSession(credentials, auth_request=Request(plain))
    plain.trust_env = session.trust_env = False
    return gspread.Client(credentials, session=session, http_client=_Counting)


if __name__ == "__main__":
    main(*sys.argv[1:])
