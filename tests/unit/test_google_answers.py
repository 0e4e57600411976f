"""The classifier: which answer of Google means what."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import requests
from google.auth.exceptions import RefreshError, TransportError
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, ProtocolError

from sync.errors import (
    CredentialsError,
    GoogleUnavailable,
    GoogleUnknown,
    SyncError,
)
from sync.google.answers import (
    Refused,
    problem_in_answer,
    problem_in_failure,
    problem_in_refresh,
    was_never_sent,
)

EMAIL = "surat@contoh.iam.gserviceaccount.com"
SHEETS = "https://sheets.googleapis.com/v4/spreadsheets/abc"
FORMS = "https://forms.googleapis.com/v1/forms/abc"
DRIVE = "https://www.googleapis.com/drive/v3/files/abc"
HTML = "<html><title>Sign in</title></html>"


def answer(status: int, body: object = "", url: str = SHEETS, **headers: str) -> requests.Response:
    reply = requests.Response()
    reply.status_code = status
    reply.url = url
    reply._content = (body if isinstance(body, str) else json.dumps(body)).encode()
    reply.headers.update(headers)
    return reply


def error(code: int, status: str = "", message: str = "", **more: Any) -> dict[str, Any]:
    return {"error": {"code": code, "status": status, "message": message} | more}


def info(reason: str) -> list[dict[str, str]]:
    return [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]


@pytest.mark.parametrize(
    "reply",
    [
        answer(200, {}),
        answer(204),
        answer(200, "", DRIVE, Location="https://www.googleapis.com/upload/drive/v3/files"),
        answer(308, "", DRIVE, Range="bytes=0-99"),
        answer(416, "", DRIVE),
    ],
)
def test_applied(reply: requests.Response) -> None:
    """These answers are as expected."""
    assert problem_in_answer(reply, account=EMAIL) is None


@pytest.mark.parametrize(
    "reply, kind, says",
    [
        (answer(429, error(429, "RESOURCE_EXHAUSTED")), GoogleUnavailable, "slow down"),
        (answer(429, HTML), GoogleUnavailable, "slow down"),
        (
            answer(403, error(403, details=info("RATE_LIMIT_EXCEEDED"))),
            GoogleUnavailable,
            "slow down",
        ),
        (
            answer(403, error(403, errors=[{"reason": "userRateLimitExceeded"}]), DRIVE),
            GoogleUnavailable,
            "slow down",
        ),
        (answer(500, error(500)), GoogleUnknown, "HTTP 500"),
        (answer(501, error(501)), GoogleUnknown, "HTTP 501"),
        (answer(503, HTML), GoogleUnknown, "HTTP 503"),
        (answer(408, HTML), GoogleUnknown, "HTTP 408"),
        (answer(200, HTML), GoogleUnknown, "login page"),
        (answer(200, ""), GoogleUnknown, "login page"),
        (answer(200, "[]"), GoogleUnknown, "login page"),
        (answer(401, error(401, "UNAUTHENTICATED")), CredentialsError, EMAIL),
        (answer(302, HTML, Location="http://login.example"), Refused, "redirect"),
        (answer(308, "", Location="http://login.example"), Refused, "redirect"),
        (
            answer(403, error(403, "PERMISSION_DENIED")),
            Refused,
            f"share the spreadsheet with {EMAIL} as Editor",
        ),
        (answer(403, error(403), FORMS), Refused, f"share the form with {EMAIL}"),
        (
            answer(403, error(403, "PERMISSION_DENIED", details=info("SERVICE_DISABLED"))),
            Refused,
            "Google Sheets API is not enabled",
        ),
        (
            answer(403, error(403, errors=[{"reason": "accessNotConfigured"}]), DRIVE),
            Refused,
            "Google Drive API is not enabled",
        ),
        (
            answer(403, error(403, details=info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")), FORMS),
            Refused,
            "scope",
        ),
        (
            answer(403, error(403, errors=[{"reason": "storageQuotaExceeded"}]), DRIVE),
            Refused,
            "those own no files in Google Drive",
        ),
        (answer(403, HTML), Refused, "share the spreadsheet"),
        (
            answer(404, error(404, "NOT_FOUND")),
            Refused,
            f"compare the id in the config, and share the spreadsheet with {EMAIL} as Editor",
        ),
        (answer(409, error(409), DRIVE), Refused, "HTTP 409"),
        (answer(413, HTML), Refused, "HTTP 413"),
        (
            answer(400, error(400, message="Invalid requests[3].findReplace: Siti Contoh")),
            Refused,
            r"\(requests\[3\]\.findReplace\)$",
        ),
        (
            answer(400, error(400, message="You are trying to edit a protected cell or object.")),
            Refused,
            f"protected range: an owner of the spreadsheet must let {EMAIL} edit",
        ),
        (
            answer(400, error(400, message="This operation is not supported for this document")),
            Refused,
            r"\.xlsx",
        ),
        (answer(400, error(400, message="Unable to parse range: X!A1")), Refused, "renamed"),
        (
            answer(400, error(400, message="Range (X!A1001) exceeds grid limits. Max rows: 1000")),
            Refused,
            "run again",
        ),
    ],
)
def test_problem(reply: requests.Response, kind: type[SyncError], says: str) -> None:
    """Each answer has its class, and words that say what to do."""
    problem = problem_in_answer(reply, account=EMAIL)

    assert type(problem) is kind
    with pytest.raises(kind, match=says):
        raise problem


def test_file_needs_no_json() -> None:
    """What is downloaded is bytes."""
    assert problem_in_answer(answer(200, "PK", DRIVE), account=EMAIL, binary=True) is None


def test_google_s_words_are_kept_apart() -> None:
    """They can be matched, and are not shown."""
    problem = problem_in_answer(answer(400, error(400, message="Siti Contoh")), account=EMAIL)

    assert isinstance(problem, Refused)
    assert (400, "Siti Contoh") == (problem.status, problem.google_says)
    assert "Siti" not in str(problem)


CONNECTION = HTTPConnection("sheets.googleapis.com")


def wrapped(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "failure, kind",
    [
        (requests.ConnectTimeout(), GoogleUnavailable),
        (requests.exceptions.ProxyError(), GoogleUnavailable),
        (requests.exceptions.SSLError(), GoogleUnavailable),
        (wrapped(NewConnectionError(CONNECTION, "refused")), GoogleUnavailable),
        (wrapped(NameResolutionError("x", CONNECTION, OSError())), GoogleUnavailable),  # type: ignore[arg-type]
        (requests.ReadTimeout(), GoogleUnknown),
        (requests.ConnectionError(ProtocolError("aborted", ConnectionResetError())), GoogleUnknown),
        (requests.exceptions.ChunkedEncodingError(), GoogleUnknown),
        (TimeoutError("deadline"), GoogleUnknown),
    ],
)
def test_failure(failure: Exception, kind: type[SyncError]) -> None:
    """A connection that never was sent nothing; one that broke may have."""
    assert type(problem_in_failure(failure)) is kind
    assert was_never_sent(failure) is (kind is GoogleUnavailable)


@pytest.mark.parametrize(
    "failure, kind",
    [
        (RefreshError("x", {"error": "invalid_grant"}), CredentialsError),  # type: ignore[no-untyped-call]
        (RefreshError("x", {"error": "invalid_client"}), CredentialsError),  # type: ignore[no-untyped-call]
        (RefreshError("x", {"error": "unauthorized_client"}), CredentialsError),  # type: ignore[no-untyped-call]
        (RefreshError("x", {"error": "server_error"}), GoogleUnavailable),  # type: ignore[no-untyped-call]
        (RefreshError("x", "<html>"), GoogleUnavailable),  # type: ignore[no-untyped-call]
        (RefreshError("x"), GoogleUnavailable),  # type: ignore[no-untyped-call]
        (TransportError("x"), GoogleUnavailable),  # type: ignore[no-untyped-call]
        (TimeoutError(), GoogleUnavailable),
    ],
)
def test_refresh(failure: Exception, kind: type[SyncError]) -> None:
    """Only a clear refusal is a matter of credentials; every other failure passes."""
    assert type(problem_in_refresh(failure, account=EMAIL, clock_skew=None)) is kind


@pytest.mark.parametrize(
    "skew, says",
    [
        (timedelta(hours=2), "120 minutes slow"),
        (-timedelta(hours=2), "120 minutes fast"),
        (None, "set this computer's clock"),
    ],
)
def test_wrong_clock(skew: timedelta | None, says: str) -> None:
    """A token refused for its times is a matter of the clock."""
    reply = {"error": "invalid_grant", "error_description": "Check your iat and exp values"}
    failure = RefreshError("x", reply)  # type: ignore[no-untyped-call]

    problem = problem_in_refresh(failure, account=EMAIL, clock_skew=skew)

    assert says in str(problem)
