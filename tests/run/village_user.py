"""The village's own Google account, which may do in the spreadsheet what staff may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.credentials import Credentials
from office import names, resident

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.model import Cell
    from sync.sandbox import Sandbox

SECOND_GID = 77


class VillageUser:
    """Writes into the spreadsheet through the Sheets API, as the account that owns it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        info = sandbox.authorized_user_info
        credentials = Credentials.from_authorized_user_info(info)  # type: ignore[no-untyped-call]
        credentials = credentials.with_token_uri(info["token_uri"])
        plain = requests.Session()
        plain.trust_env = False
        self._session = AuthorizedSession(  # type: ignore[no-untyped-call]
            credentials, auth_request=Request(plain)
        )
        self._session.trust_env = False
        self._url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}"

    def write_rows(
        self, records: Sequence[Mapping[str, Cell]], *, first_row: int = 2, gid: int | None = None
    ) -> None:
        """Write header-to-cell rows from *first_row* on, RAW; other columns stay as they are."""
        header = [str(cell) for cell in self._sandbox.rows(gid)[0]]
        rows = [[record.get(name) for name in header] for record in records]
        self.write_cells(rows, first_row=first_row, gid=gid)

    def write_cells(
        self, rows: Sequence[Sequence[Cell]], *, first_row: int = 1, gid: int | None = None
    ) -> None:
        """Write rows of cells from column A on, RAW; None leaves a cell as it is."""
        place = f"'{self._title(gid)}'!A{first_row}"
        self._send(
            f"{self._url}/values:batchUpdate",
            {"valueInputOption": "RAW", "data": [{"range": place, "values": rows}]},
        )

    def change(self, *changes: Mapping[str, Any]) -> None:
        """Send requests of `spreadsheets.batchUpdate`."""
        self._send(f"{self._url}:batchUpdate", {"requests": list(changes)})

    def add_second_sheet(self, title: str = "Domisili") -> None:
        """Add a tab with the form's questions, as a second form would."""
        properties = {"sheetId": SECOND_GID, "title": title}
        self.change({"addSheet": {"properties": properties}})
        ours = self._sandbox.world.state.form(self._sandbox.form_id)
        header = ["Timestamp", *(question.title for question in ours.questions)]
        self.write_cells([header], gid=SECOND_GID)

    def _title(self, gid: int | None) -> str:
        wanted = self._sandbox.sheet_id if gid is None else gid
        return self._sandbox.world.state.book(self._sandbox.spreadsheet_id).sheet(wanted).title

    def _send(self, url: str, body: Mapping[str, Any]) -> None:
        reply = self._session.post(url, json=body, timeout=10)
        assert reply.ok, reply.text


def people(count: int, timestamps: Iterable[float]) -> list[dict[str, Cell]]:
    """Return valid rows of different invented people, one for each timestamp."""
    whole = zip(names(count), timestamps, strict=True)
    return [
        {"Timestamp": stamp, **resident(name, number)}
        for number, (name, stamp) in enumerate(whole, start=500)
    ]


def spread(count: int, *, minutes: float = 5) -> list[float]:
    """Return timestamps that many minutes apart, the last at midnight before the run."""
    return [46_350 - minutes / 1440 * (count - 1 - place) for place in range(count)]
