"""Sheets and Forms over HTTP: what is written, and what a lost answer does."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sync.errors import (
    CredentialsError,
    GoogleRefused,
    GoogleUnavailable,
    GoogleUnknown,
    LayoutError,
    SyncError,
)
from sync.google.credentials import FORMS_BODY, SPREADSHEETS, load_account
from sync.google.forms import GoogleForms
from sync.google.interface import (
    CellText,
    Grid,
    Line,
    NewColumn,
    NewTab,
    Replacement,
    Tab,
    TabMissing,
)
from sync.google.sheets import GspreadSheets
from sync.google.transport import Transport
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

READ = "sheets.spreadsheets.values.batchGetByDataFilter"
CLAIM = "sheets.spreadsheets.values.batchUpdate"
SWAP = "sheets.spreadsheets.batchUpdate"


class QuickClock:
    """Real time, but waiting takes none."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() + self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


class Office:
    """A fresh sandbox, and our client of it."""

    def __init__(self, url: str, transport: Transport) -> None:
        self.url = url
        self.transport = transport
        self.sheets = GspreadSheets(transport)
        self.files = self.control("files")
        self.spreadsheet: str = self.files["spreadsheet_id"]
        self.tab: Tab = self.sheets.info(self.spreadsheet).tabs[0]
        self._seen = len(self.history())

    def control(self, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        url = f"{self.url}/_sandbox/{name}"
        if body is None:
            answer = requests.get(url, timeout=5)
        else:
            answer = requests.post(url, json=body, timeout=5)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json() if answer.content else {}
        return result

    def history(self) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = self.control("history")["calls"]
        return calls

    def sent(self, method: str) -> list[dict[str, Any]]:
        return [call for call in self.history()[self._seen :] if call["method"] == method]

    def fault(self, method: str, kind: str, **more: Any) -> None:
        self.control("faults", {"faults": [{"method": method, "kind": kind, "times": 1} | more]})

    def staff(self, *actions: dict[str, Any]) -> None:
        self.control("staff", {"seed": 1, "do": list(actions)})

    def grid(self, gid: int | None = None) -> Grid:
        gid = self.tab.gid if gid is None else gid
        return self.sheets.read(self.spreadsheet, [gid])[gid]

    def write(self, *texts: Sequence[str], column: int = 2) -> None:
        """Write rows of texts from row 2 on."""
        self.sheets.claim(
            self.spreadsheet,
            [
                CellText(tab=self.tab.title, row_number=row, column=column + at, text=text)
                for row, line in enumerate(texts, start=2)
                for at, text in enumerate(line)
            ],
        )

    def swap(self, *pairs: tuple[str, str], column: int = 2) -> tuple[int, ...]:
        return self.sheets.swap(
            self.spreadsheet,
            replacements=[
                Replacement(gid=self.tab.gid, column=column, find=find, text=text)
                for find, text in pairs
            ],
        )

    def column(self, column: int = 2) -> list[object]:
        return [row[column] if column < len(row) else "" for row in self.grid().rows[1:]]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="module")
def sandbox(state: Path) -> Iterator[Sandbox]:
    with Sandbox(state=state) as sandbox:
        yield sandbox


def transport_of(key_file: Path, url: str) -> Transport:
    return Transport(
        load_account(key_file, base_url=url, scopes=(SPREADSHEETS, FORMS_BODY)),
        base_url=url,
        clock=QuickClock(),
        rng=random.Random(1),
        read_timeout_seconds=0.5,
    )


@pytest.fixture
def office(sandbox: Sandbox, state: Path) -> Iterator[Office]:
    requests.post(f"{sandbox.base_url}/_sandbox/reset", timeout=5).raise_for_status()
    transport = transport_of(state / "service-account.json", sandbox.base_url)
    yield Office(sandbox.base_url, transport)
    transport.close()
    assert [] == sandbox.unused_faults(), "a scripted fault did not happen"


# Reading


def test_spreadsheet_tells_about_itself(office: Office) -> None:
    """Title, zone, locale and the tabs with their sizes."""
    info = office.sheets.info(office.spreadsheet)

    assert info.title
    assert "/" in info.time_zone
    assert info.locale
    assert 1000 == info.tabs[0].row_count


def test_village_s_own_account_reads_too(office: Office, state: Path) -> None:
    """A user's file works as a service account's key does."""
    transport = transport_of(state / "authorized-user.json", office.url)

    info = GspreadSheets(transport).info(office.spreadsheet)

    transport.close()
    assert office.tab in info.tabs


def test_read_is_one_call_for_all_tabs(office: Office) -> None:
    """Tabs are found by gid, empty ones too."""
    new = NewTab(gid=4711, title="Register sku 2026", header=("Nomor",))
    office.sheets.swap(office.spreadsheet, replacements=[], new_tabs=[new])

    grids = office.sheets.read(office.spreadsheet, [office.tab.gid, 4711])

    assert {office.tab.gid, 4711} == set(grids)
    assert (("Nomor",),) == grids[4711].rows
    assert 1000 == grids[4711].row_count
    assert 1 == len(office.sent(READ))


def test_cells_are_not_converted(office: Office) -> None:
    """Texts that look like numbers stay texts."""
    office.write(("0042", "12,5", "2026-11-24"))

    row = office.grid().rows[1]

    assert ("0042", "12,5", "2026-11-24") == row[2:5]


def test_dates_and_whole_numbers_are_floats(office: Office) -> None:
    """A date that staff typed is a serial."""
    office.staff({"edit": {"sheet": office.tab.gid, "row": 1, "column": 2, "value": "2020-01-01"}})

    cell = office.column()[0]

    assert 43831.0 == cell
    assert isinstance(cell, float)


@pytest.mark.parametrize(
    "title",
    ["RT 01/RW 02", "Kades's", "'", "''", "A!B", "Jawaban", "2026", "A1", "Ünïcøde 🙂", "a:b"],
)
def test_title_is_read_and_written_whatever_it_is(office: Office, title: str) -> None:
    """Quotes and slashes in a tab's title do no harm."""
    office.staff({"rename_sheet": {"sheet": office.tab.gid, "value": title}})
    grid = office.grid()
    assert title == grid.title

    cell = CellText(tab=grid.title, row_number=2, column=2, text="x")
    office.sheets.claim(office.spreadsheet, [cell])

    assert "x" == office.column()[0]


def test_missing_tab_is_told(office: Office) -> None:
    """A tab that is gone is a layout error of its own."""
    with pytest.raises(TabMissing):
        office.sheets.read(office.spreadsheet, [office.tab.gid, 99])


# Claim


def test_claim_writes_exactly_the_given_cells(office: Office) -> None:
    """Cells between and around the given ones stay as they are."""
    office.write(("a", "b", "c", "d"), ("e", "f", "g", "h"))

    office.sheets.claim(
        office.spreadsheet,
        [
            CellText(tab=office.tab.title, row_number=3, column=5, text="Z"),
            CellText(tab=office.tab.title, row_number=2, column=2, text="X"),
            CellText(tab=office.tab.title, row_number=2, column=5, text="Y"),
        ],
    )

    rows = [row[2:6] for row in office.grid().rows[1:3]]
    assert [("X", "b", "c", "Y"), ("e", "f", "g", "Z")] == rows


def test_claim_spans_tabs(office: Office) -> None:
    """One call writes into several tabs."""
    new = NewTab(gid=4711, title="Rekap", header=("Denyut",))
    office.sheets.swap(office.spreadsheet, replacements=[], new_tabs=[new])

    office.sheets.claim(
        office.spreadsheet,
        [
            CellText(tab="Rekap", row_number=2, column=0, text="hidup"),
            CellText(tab=office.tab.title, row_number=2, column=2, text="x"),
        ],
    )

    assert 1 == len(office.sent(CLAIM))
    assert ("hidup",) == office.grid(4711).rows[1]
    assert "x" == office.column()[0]


def test_claim_is_raw(office: Office) -> None:
    """Nothing is parsed as if typed."""
    office.write(("=1+1", "0042"))

    assert ("=1+1", "0042") == office.grid().rows[1][2:4]


@pytest.mark.parametrize("kind", ["close-after", "503-after", "hang", "late"])
def test_claim_whose_answer_was_lost_is_not_sent_again(office: Office, kind: str) -> None:
    """The write may have happened: unknown, and one call only."""
    office.fault(CLAIM, kind)

    with pytest.raises(GoogleUnknown):
        office.write(("Diproses · AAAA",))
    assert 1 == len(office.sent(CLAIM))


# Swap


def test_swap_finds_its_cells_wherever_they_are(office: Office) -> None:
    """Rows may move between claim and swap; the counts tell what was found."""
    office.write(("t1",), ("t2",), ("t2",))
    office.staff({"insert": {"sheet": office.tab.gid, "row": 1}})

    counts = office.swap(("t1", "satu"), ("t2", "dua"), ("t3", "tiga"))

    assert (1, 2, 0) == counts
    assert ["", "satu", "dua", "dua"] == office.column()[:4]


def test_swap_takes_whole_cells_in_their_column_below_the_header(office: Office) -> None:
    """Part of a cell, another case, the header and other columns do not count."""
    header = office.grid().rows[0][2]
    office.write(("t1", "t1"), ("t1 dan t2", ""), ("T1", ""), (str(header), ""))

    counts = office.swap(("t1", "satu"), (str(header), "judul"))

    assert (1, 1) == counts
    assert header == office.grid().rows[0][2]
    assert ["satu", "t1 dan t2", "T1", "judul"] == office.column()[:4]
    assert "t1" == office.column(3)[0]


def test_swap_empties_a_cell(office: Office) -> None:
    """An empty text takes a stray away."""
    office.write(("t1",), ("bleibt",))

    assert (1,) == office.swap(("t1", ""))
    assert [""] == office.column()[:1]


@pytest.mark.parametrize("kind", ["close-after", "503-after", "hang", "late"])
def test_swap_whose_answer_was_lost_is_sent_again(office: Office, kind: str) -> None:
    """Tab, lines and cells are there once, whatever became of the first try."""
    office.write(("t1",))
    office.fault(SWAP, kind)

    office.sheets.swap(
        office.spreadsheet,
        replacements=[Replacement(gid=office.tab.gid, column=2, find="t1", text="satu")],
        new_tabs=[NewTab(gid=4711, title="Register sku 2026", header=("Nomor", "Nama"))],
        lines=[Line(gid=4711, row_number=2, texts=("500.3/1", "=SUM(1)"))],
    )

    assert "satu" == office.column()[0]
    assert (("Nomor", "Nama"), ("500.3/1", "=SUM(1)")) == office.grid(4711).rows
    assert 2 == len(office.sheets.info(office.spreadsheet).tabs)


def test_swap_grows_a_tab_before_it_writes_there(office: Office) -> None:
    """A line below the grid's end fits, in an old tab and in a new one."""
    office.sheets.swap(
        office.spreadsheet,
        replacements=[],
        row_counts={office.tab.gid: 1200, 4711: 1500},
        new_tabs=[NewTab(gid=4711, title="Register", header=("Nomor",))],
        lines=[
            Line(gid=office.tab.gid, row_number=1200, texts=("x",)),
            Line(gid=4711, row_number=1500, texts=("y",)),
        ],
    )

    sizes = {tab.gid: tab.row_count for tab in office.sheets.info(office.spreadsheet).tabs}
    assert {office.tab.gid: 1200, 4711: 1500} == sizes


def test_swap_is_all_or_nothing(office: Office) -> None:
    """A line that cannot be written takes the rest of the batch with it."""
    office.write(("t1",))

    with pytest.raises(TabMissing):
        office.sheets.swap(
            office.spreadsheet,
            replacements=[Replacement(gid=office.tab.gid, column=2, find="t1", text="satu")],
            lines=[Line(gid=99, row_number=2, texts=("x",))],
        )
    assert "t1" == office.column()[0]


def test_title_taken_by_another_tab_is_refused(office: Office) -> None:
    """Somebody's own tab of the same title is not written into."""
    new = NewTab(gid=4711, title=office.tab.title, header=("Nomor",))

    with pytest.raises(LayoutError, match="another tab is titled"):
        office.sheets.swap(office.spreadsheet, replacements=[], new_tabs=[new])


# Columns


def test_columns_are_added_with_all_that_belongs_to_them(office: Office) -> None:
    """Header, note, drop-down, colours, plain text and a warning, beyond the grid's old end."""
    at = office.tab.column_count
    office.sheets.add_columns(
        office.spreadsheet,
        office.tab,
        [
            NewColumn(header="Status", help="Diisi sendiri.", colours={"Ditahan": "#ff8000"}),
            NewColumn(
                header="Tindakan", help="Pilih.", options=("Setujui", "Tolak"), worker_owned=False
            ),
        ],
        at=at,
    )

    assert ("Status", "Tindakan") == office.grid().rows[0][at:]
    assert 1 == len(office.sent(SWAP))
    look = _look(office)
    [rule] = look["conditionalFormats"]
    assert [{"userEnteredValue": "Ditahan"}] == rule["booleanRule"]["condition"]["values"]
    assert 1 == rule["booleanRule"]["format"]["backgroundColor"]["red"]
    [protected] = look["protectedRanges"]
    assert (True, at) == (protected["warningOnly"], protected["range"]["startColumnIndex"])
    assert 1 == look["properties"]["gridProperties"]["frozenRowCount"]
    header, first = (row["values"] for row in look["data"][0]["rowData"][:2])
    assert "Diisi sendiri." == header[at]["note"]
    assert "TEXT" == first[at]["userEnteredFormat"]["numberFormat"]["type"]
    rule = first[at + 1]["dataValidation"]
    assert ["Setujui", "Tolak"] == [
        option["userEnteredValue"] for option in rule["condition"]["values"]
    ]
    assert not rule.get("strict", False)


def test_columns_whose_answer_was_lost_are_not_added_again(office: Office) -> None:
    """A repeated batch would colour and protect twice."""
    office.fault(SWAP, "close-after")

    with pytest.raises(GoogleUnknown):
        office.sheets.add_columns(
            office.spreadsheet, office.tab, [NewColumn(header="Status", help="x")], at=25
        )
    assert 1 == len(office.sent(SWAP))


def _look(office: Office) -> dict[str, Any]:
    """Return the API's Sheet, with the header and the first row of its grid."""
    answer = office.transport.request(
        "GET",
        f"{office.url}/v4/spreadsheets/{office.spreadsheet}",
        params={"includeGridData": "true", "ranges": f"'{office.tab.title}'!1:2"},
    )
    sheet: dict[str, Any] = answer.json()["sheets"][0]
    return sheet


# Faults


@pytest.mark.parametrize(
    "kind, error",
    [
        ("429", GoogleUnavailable),
        ("403-rate", GoogleUnavailable),
        ("403", GoogleRefused),
        ("401", GoogleUnavailable),
        ("404", GoogleRefused),
        ("500", GoogleUnknown),
        ("503", GoogleUnknown),
        ("503-after", GoogleUnknown),
        ("close-before", GoogleUnknown),
        ("close-after", GoogleUnknown),
        ("hang-before", GoogleUnknown),
        ("hang", GoogleUnknown),
        ("late", GoogleUnknown),
        ("trickle", GoogleUnknown),
        ("truncate", GoogleUnknown),
        ("html-503", GoogleUnknown),
        ("html-200", GoogleUnknown),
    ],
)
def test_fault_of_a_claim_has_its_class(office: Office, kind: str, error: type[SyncError]) -> None:
    """Each trouble ends the one try with the error that tells what may have happened."""
    office.fault(CLAIM, kind)

    with pytest.raises(error) as caught:
        office.write(("t1",))
    assert error is type(caught.value) or error is GoogleRefused
    assert 1 == len(office.sent(CLAIM))


@pytest.mark.parametrize(
    "kind",
    ["429", "403-rate", "401", "500", "503", "close-before", "truncate", "html-503", "html-200"],
)
def test_passing_fault_of_a_read_is_overcome(office: Office, kind: str) -> None:
    """A read is repeated until it works."""
    office.fault(READ, kind)

    assert office.grid().rows
    assert 2 == len(office.sent(READ))


def test_lasting_401_is_a_matter_of_credentials(office: Office) -> None:
    """One new token, one more try, then someone must look."""
    office.fault(READ, "401", times=2)

    with pytest.raises(CredentialsError):
        office.grid()
    assert 2 == len(office.sent(READ))


def test_refusal_names_the_account(office: Office) -> None:
    """The message says with whom to share."""
    office.fault(READ, "403")

    with pytest.raises(GoogleRefused, match=office.transport.account.name):
        office.grid()


def test_unknown_spreadsheet_is_refused(office: Office) -> None:
    """A mistyped id is told."""
    with pytest.raises(GoogleRefused, match="compare the id"):
        office.sheets.info("tidak-ada")


@pytest.mark.parametrize("kind", ["503", "html-503", "html-200", "close-before", "truncate"])
def test_troubled_token_service_is_overcome(office: Office, kind: str) -> None:
    """The token address is asked again; the read is sent once."""
    office.fault("token", kind)
    office.fault(READ, "401")

    assert office.grid().rows


def test_counts_equal_the_history(office: Office) -> None:
    """`google_calls` is what the other side saw, repeats included."""
    office.fault(READ, "503", times=2)
    office.fault(SWAP, "close-after")
    office.grid()
    office.write(("t1",))
    office.swap(("t1", "satu"))
    GoogleForms(office.transport).questions(office.files["form_id"])

    seen = [call["method"] for call in office.history()]
    calls = office.transport.calls()
    reads = {READ, "sheets.spreadsheets.get"}
    assert sum(method in reads for method in seen) == calls["sheets_read"]
    assert sum(method in {SWAP, CLAIM} for method in seen) == calls["sheets_write"]
    assert seen.count("forms.forms.get") == calls["forms"]
    assert seen.count("token") == calls["token"]
    assert 0 == calls["drive"]


# Forms


def test_form_tells_its_questions(office: Office) -> None:
    """Each question of the form has its title, whether it is required, and a kind."""
    questions = GoogleForms(office.transport).questions(office.files["form_id"])

    titles = [question.title for question in questions]
    headers = [cell for cell in office.grid().rows[0] if cell]
    assert set(titles) <= set(headers)
    assert {True, False} == {question.required for question in questions}
    assert {"text", "date", "radio"} <= {question.kind for question in questions}


def test_missing_form_is_refused(office: Office) -> None:
    """What googleapiclient sends ends in our errors too."""
    with pytest.raises(GoogleRefused, match="form"):
        GoogleForms(office.transport).questions("tidak-ada")
