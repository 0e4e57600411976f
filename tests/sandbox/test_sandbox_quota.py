"""`--quota google`: what a minute may have, for each caller and for all of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from sync.sandbox import Sandbox
from sync.sandbox.discovery import methods
from sync.sandbox.quota import Quota
from sync.sandbox.reply import Refused
from sync.sandbox.sample import SERVICE_ACCOUNT, SPREADSHEET_ID, USER

if TYPE_CHECKING:
    from sync.sandbox.reply import Reply

NOW = datetime(2026, 11, 24, 3, 15, 20, tzinfo=UTC)
SCOPES = [
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive",
]
VALUES = f"/v4/spreadsheets/{SPREADSHEET_ID}/values/A2"


class _Office:
    """A sandbox with Google's quota and a clock that can be set on."""

    def __init__(self) -> None:
        self.now = NOW
        self.sandbox = Sandbox(clock=lambda: self.now, quota="google")

    def call(self, verb: str, path: str, body: bytes = b"", email: str = USER) -> Reply:
        path, _, query = path.partition("?")
        return self.sandbox.world.call(verb, path, query, self.headers(email), body)

    def headers(self, email: str = USER) -> dict[str, str]:
        token = self.sandbox.world.keys.access_token(email, SCOPES, self.now)
        return {"authorization": f"Bearer {token}"}

    def write(self) -> Reply:
        body = json.dumps({"values": [["x"]]}).encode()
        return self.call("PUT", f"{VALUES}?valueInputOption=RAW", body)


@pytest.fixture
def office() -> _Office:
    return _Office()


def _spent(method_id: str, emails: list[str], *, write: bool = False) -> int:
    """Return how many calls go through, the callers taking turns, before one is refused."""
    quota, method = Quota(), methods()[method_id]
    for count in range(20_000):
        try:
            quota.spend(method, emails[count % len(emails)], write=write, now=NOW)
        except Refused:
            return count
    raise AssertionError("there was no limit")


@pytest.mark.parametrize(
    "method_id,write,per_user,per_project",
    [
        ("sheets.spreadsheets.values.get", False, 60, 300),
        ("sheets.spreadsheets.batchUpdate", True, 60, 300),
        ("forms.forms.get", False, 390, 975),
        ("forms.forms.responses.list", False, 180, 450),
        ("forms.forms.batchUpdate", True, 150, 375),
        ("drive.files.list", False, 12_000, 12_000),
    ],
)
def test_limits_are_google_s(
    method_id: str, *, write: bool, per_user: int, per_project: int
) -> None:
    """One caller has so much of a minute, all callers together so much."""
    crowd = [f"warga{number}@contoh.id" for number in range(20)]

    assert per_user == _spent(method_id, [USER], write=write)
    assert per_project == _spent(method_id, crowd, write=write)


def test_reads_and_writes_are_counted_apart(office: _Office) -> None:
    """60 reads are used up; writes still go, and so do another caller's reads."""
    statuses = [office.call("GET", VALUES).status for _ in range(61)]

    assert [200] * 60 + [429] == statuses
    assert 200 == office.write().status
    assert 200 == office.call("GET", VALUES, email=SERVICE_ACCOUNT).status
    assert 200 == office.call("GET", "/drive/v3/files").status


def test_a_refused_call_changes_nothing_and_the_next_minute_is_free(office: _Office) -> None:
    """Over the quota nothing is written; windows end with the minute."""
    assert [200] * 60 == [office.write().status for _ in range(60)]
    body = json.dumps({"values": [["late"]]}).encode()
    refused = office.call("PUT", f"{VALUES}?valueInputOption=RAW", body)
    entry = office.sandbox.history()[-1]

    assert (429, False, True) == (refused.status, entry.applied, entry.told)
    assert "x" == office.sandbox.rows()[1][0]
    office.now = NOW + timedelta(seconds=39)
    assert 429 == office.write().status
    office.now = NOW + timedelta(seconds=40)
    assert 200 == office.write().status


def test_a_batch_update_counts_once_and_each_part_of_a_batch_counts(office: _Office) -> None:
    """Twenty ranges are one write; twenty calls in one `/batch` are twenty."""
    data = [{"range": f"B{row}", "values": [["x"]]} for row in range(2, 22)]
    body = {"valueInputOption": "RAW", "data": data}
    path = f"/v4/spreadsheets/{SPREADSHEET_ID}/values:batchUpdate"
    assert 200 == office.call("POST", path, json.dumps(body).encode()).status
    part = f"--b\r\nContent-Type: application/http\r\n\r\nGET {VALUES} HTTP/1.1\r\n\r\n\r\n"
    batch = (part * 20 + "--b--").encode()
    headers = office.headers() | {"content-type": "multipart/mixed; boundary=b"}
    for _ in range(3):
        reply = office.sandbox.world.call("POST", "/batch", "", headers, batch)
        assert 20 == reply.payload().count(b"HTTP/1.1 200 OK")

    assert 429 == office.call("GET", VALUES).status
    assert [200] * 59 == [office.write().status for _ in range(59)]
    assert 429 == office.write().status


def test_the_refusal_of_sheets_is_google_s(office: _Office) -> None:
    """429 with the limit, its value and its consumer: as recorded."""
    for _ in range(60):
        office.call("GET", VALUES)
    body = office.call("GET", VALUES).body

    assert body is not None
    assert (
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per "
        "user' of service 'sheets.googleapis.com' for consumer 'project_number:100000000000'."
    ) == body["error"]["message"]
    assert "RESOURCE_EXHAUSTED" == body["error"]["status"]
    info, links = body["error"]["details"]
    assert "type.googleapis.com/google.rpc.Help" == links["@type"]
    assert "RATE_LIMIT_EXCEEDED" == info["reason"]
    assert {
        "service": "sheets.googleapis.com",
        "consumer": "projects/100000000000",
        "quota_metric": "sheets.googleapis.com/read_requests",
        "quota_limit": "ReadRequestsPerMinutePerUser",
        "quota_limit_value": "60",
        "quota_location": "global",
        "quota_unit": "1/min/{project}/{user}",
    } == info["metadata"]


@pytest.mark.parametrize(
    "email,reason,limit",
    [
        (USER, "userRateLimitExceeded", "defaultPerMinutePerUser"),
        (SERVICE_ACCOUNT, "rateLimitExceeded", "defaultPerMinutePerProject"),
    ],
)
def test_the_refusal_of_drive_is_drive_s(
    office: _Office, email: str, reason: str, limit: str
) -> None:
    """403 in Drive's shape: the caller used a minute up, or others did."""
    quota: Any = office.sandbox.world.quota
    for _ in range(12_000):
        quota.spend(methods()["drive.files.get"], USER, write=False, now=NOW)
    reply = office.call("GET", "/drive/v3/files", email=email)

    assert reply.body is not None
    (detail,) = reply.body["error"]["errors"]
    assert (403, "usageLimits", reason) == (reply.status, detail["domain"], detail["reason"])
    assert limit == reply.body["error"]["details"][0]["metadata"]["quota_limit"]
    assert "'drive.googleapis.com'" in reply.body["error"]["message"]
