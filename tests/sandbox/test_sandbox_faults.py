"""Every scripted fault does what its name says, and the history knows."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from sync.sandbox import Sandbox

UPDATE = "sheets.spreadsheets.values.update"
GET = "sheets.spreadsheets.values.get"


def _write(sandbox: Sandbox, api: Any, text: str = "x") -> requests.Response:
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}/values/A2"
    query = {"valueInputOption": "RAW"}
    response: requests.Response = api.put(url, json={"values": [[text]]}, params=query, timeout=1)
    return response


def _cell(sandbox: Sandbox) -> Any:
    rows = sandbox.rows()
    return rows[1][0] if rows[1:] else None


def _last(sandbox: Sandbox) -> tuple[int | None, bool, bool]:
    entry = next(one for one in reversed(sandbox.history()) if one.method == UPDATE)
    return entry.status, entry.applied, entry.told


@pytest.mark.parametrize(
    "kind,status,name",
    [
        ("429", 429, "RESOURCE_EXHAUSTED"),
        ("403-rate", 403, "PERMISSION_DENIED"),
        ("403", 403, "PERMISSION_DENIED"),
        ("401", 401, "UNAUTHENTICATED"),
        ("404", 404, "NOT_FOUND"),
        ("500", 500, "INTERNAL"),
        ("503", 503, "UNAVAILABLE"),
    ],
)
def test_errors_apply_nothing(
    sandbox: Sandbox, api: Any, kind: str, status: int, name: str
) -> None:
    """Google's errors are told, and nothing is applied."""
    sandbox.fault(UPDATE, kind=kind)
    response = _write(sandbox, api)

    assert (status, name) == (response.status_code, response.json()["error"]["status"])
    assert (status, False, True) == _last(sandbox)
    assert _cell(sandbox) is None
    assert 200 == _write(sandbox, api).status_code


def test_rate_limits_can_be_told_apart(sandbox: Sandbox, api: Any) -> None:
    """A rate limit names its reason, a missing permission does not."""
    sandbox.fault(UPDATE, kind="403-rate")
    assert "RATE_LIMIT_EXCEEDED" in _write(sandbox, api).text
    sandbox.fault(UPDATE, kind="429")
    detail = _write(sandbox, api).json()["error"]["details"][0]
    assert "RATE_LIMIT_EXCEEDED" == detail["reason"]
    assert "WriteRequestsPerMinutePerUser" == detail["metadata"]["quota_limit"]
    sandbox.fault(UPDATE, kind="403")
    assert "RATE" not in _write(sandbox, api).text


@pytest.mark.parametrize("kind,status", [("html-503", 503), ("html-200", 200)])
def test_pages_instead_of_answers(sandbox: Sandbox, api: Any, kind: str, status: int) -> None:
    """A proxy's page is HTML, and nothing is applied."""
    sandbox.fault(UPDATE, kind=kind)
    response = _write(sandbox, api)

    assert status == response.status_code
    assert "text/html; charset=UTF-8" == response.headers["content-type"]
    assert (status, False, False) == _last(sandbox)
    assert _cell(sandbox) is None


def test_503_after_applies(sandbox: Sandbox, api: Any) -> None:
    """A 503 may mean done."""
    sandbox.fault(UPDATE, kind="503-after")

    assert 503 == _write(sandbox, api).status_code
    assert (503, True, False) == _last(sandbox)
    assert "x" == _cell(sandbox)


@pytest.mark.parametrize(
    "kind,applied,error",
    [
        ("close-before", False, requests.ConnectionError),
        ("close-after", True, requests.ConnectionError),
        ("hang-before", False, requests.ReadTimeout),
        ("hang", True, requests.ReadTimeout),
    ],
)
def test_no_answer_at_all(
    sandbox: Sandbox,
    api: Any,
    kind: str,
    error: type[Exception],
    *,
    applied: bool,
) -> None:
    """Broken and silent connections: applied or not, the caller is not told."""
    sandbox.fault(UPDATE, kind=kind)
    with pytest.raises(error):
        _write(sandbox, api)

    assert (None, applied, False) == _last(sandbox)
    assert ("x" if applied else None) == _cell(sandbox)


def test_hang_ends_after_its_seconds(sandbox: Sandbox, api: Any) -> None:
    """A hang with seconds breaks the connection then."""
    sandbox.fault(UPDATE, kind="hang", seconds=0.2)
    started = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        _write(sandbox, api)

    assert 0.15 < time.monotonic() - started < 0.9


def test_late_is_applied_after_the_next_read(sandbox: Sandbox, api: Any) -> None:
    """A late write is not in the next read, but in the one after; writes do not count."""
    sandbox.fault(UPDATE, kind="late")
    url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}/values/A2"
    assert 503 == _write(sandbox, api).status_code
    late = sandbox.history()[-1]
    assert 200 == _write(sandbox, api, "earlier").status_code
    assert [["earlier"]] == api.get(url).json()["values"]
    assert (503, True, False) == (late.status, late.applied, late.told)
    assert [["x"]] == api.get(url).json()["values"]


def test_truncated_answer(sandbox: Sandbox, api: Any) -> None:
    """The body ends early; the call was applied."""
    sandbox.fault(UPDATE, kind="truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        _write(sandbox, api)

    assert (200, True, False) == _last(sandbox)
    assert "x" == _cell(sandbox)


def test_trickling_answer(sandbox: Sandbox, api: Any) -> None:
    """The body comes in pieces over its seconds, and is whole in the end."""
    sandbox.fault(UPDATE, kind="trickle", seconds=0.3)
    started = time.monotonic()
    response = _write(sandbox, api)

    assert 0.25 < time.monotonic() - started
    assert 1 == response.json()["updatedCells"]
    assert (200, True, True) == _last(sandbox)


def test_after_and_times_count_calls(sandbox: Sandbox, api: Any) -> None:
    """A fault passes `after` calls, then happens `times` times; what is left is visible."""
    sandbox.fault(UPDATE, kind="503", times=2, after=1)
    control = f"{sandbox.base_url}/_sandbox/faults"
    first = _write(sandbox, api).status_code
    left = api.get(control).json()["faults"]
    assert [{"method": UPDATE, "kind": "503", "times": 2, "after": 0}] == left
    assert [200, 503, 503, 200] == [first, *(_write(sandbox, api).status_code for _ in range(3))]
    assert {"faults": []} == api.get(control).json()


def test_token_faults(sandbox: Sandbox, api: Any) -> None:
    """The token endpoint has faults, too; google-auth asks again by itself."""
    sandbox.fault("token", kind="503", times=1)

    assert 200 == _write(sandbox, api).status_code
    tokens = [one for one in sandbox.history() if one.method == "token"]
    assert [(503, False), (200, True)] == [(one.status, one.applied) for one in tokens]


@pytest.mark.parametrize(
    "fault,message",
    [
        ({"method": UPDATE, "kind": "418"}, "Unknown fault kind '418'"),
        ({"method": "sheets.tiada", "kind": "503"}, "Unknown method 'sheets.tiada'"),
        ({"method": UPDATE, "kind": "503", "times": 0}, "times counts from 1"),
        ({"method": UPDATE, "kind": "503", "nth": 1}, "Unknown keys in a fault: nth"),
    ],
)
def test_misspelt_faults_are_refused(sandbox: Sandbox, fault: dict[str, Any], message: str) -> None:
    """A fault that could never happen is 400 at once."""
    response = requests.post(
        f"{sandbox.base_url}/_sandbox/faults", json={"faults": [fault]}, timeout=5
    )

    assert 400 == response.status_code
    assert response.json()["error"]["message"].startswith(message)


def test_mild_faults_repeat_with_their_seed() -> None:
    """Mild is about 2 % of four kinds, the same for the same seed."""

    def kinds(seed: int) -> list[str | None]:
        faults = Sandbox(faults="mild", seed=seed).world.faults
        met = [faults.next(GET) for _ in range(5000)]
        return [None if fault is None else fault.kind for fault in met]

    found = kinds(1)
    happened = [kind for kind in found if kind]
    assert found == kinds(1) != kinds(2)
    assert 60 < len(happened) < 140
    assert {"429", "503", "503-after", "close-after"} == set(happened)
