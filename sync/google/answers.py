"""
What an answer of Google means: the one classifier, for every API and the token endpoint.

*Not applied, later*: `GoogleUnavailable`. *Not applied, fix*: `Refused`. *Unknown*:
`GoogleUnknown`. *Credentials*: `CredentialsError`. No message repeats what Google wrote,
as that may quote a cell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from sync.clock import MOST_SKEW
from sync.errors import (
    CredentialsError,
    GoogleRefused,
    GoogleUnavailable,
    GoogleUnknown,
    SafetyStop,
    SyncError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

_SERVICE_ACCOUNTS = ".iam.gserviceaccount.com"
_RATE = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"}
_API_IS_OFF = {"SERVICE_DISABLED", "accessNotConfigured"}
_SCOPE = {"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"}
_BAD_CREDENTIALS = {"invalid_grant", "invalid_client", "unauthorized_client"}
_THINGS = {
    "/v4/spreadsheets": ("spreadsheet", "Google Sheets API"),
    "/v1/forms": ("form", "Google Forms API"),
}
_REMEDIES_OF_400 = {
    r"protected cell or object": "one of our cells is in a protected range: an owner of the "
    "spreadsheet must let {account} edit it (Data > Protect sheets and ranges)",
    r"not supported for this document": "the file is an Excel file (.xlsx): open it and use "
    "File > Save as Google Sheets, then put the new file's id into the config",
    r"Unable to parse range": "the tab was renamed while we wrote: run again",
    r"exceeds grid limits": "a row or column that we wrote to was deleted: run again",
    r"No grid with id": "a tab that we write to was deleted from the spreadsheet",
}


class Refused(GoogleRefused):
    """Google refused a request; its own words are kept apart from the message."""

    def __init__(self, message: str, *, status: int, google_says: str = "") -> None:
        super().__init__(message)
        self.status = status  #: HTTP
        self.google_says = google_says  #: may quote a cell: to be matched, never shown


def problem_in_answer(
    answer: requests.Response, *, account: str, binary: bool = False
) -> SyncError | None:
    """
    Return what is wrong with an answer, None when the request was applied.

    account: whom the spreadsheet must be shared with, for the message
    binary:  a file is expected, not JSON

    308 without `Location` (go on uploading) and 416 (nothing in that range) are no problem.
    """
    status = answer.status_code
    if _is_applied(answer, binary=binary):
        return None
    if status < requests.codes.multiple_choices:
        return GoogleUnknown(
            f"HTTP {status} without the JSON that Google sends: is there a login page, proxy or "
            "filter between this computer and Google?"
        )
    if status == requests.codes.unauthorized:
        return CredentialsError(
            f"Google does not accept the token of {account}: was the key or the access withdrawn?"
        )
    if status == requests.codes.request_timeout or status >= requests.codes.server_error:
        return GoogleUnknown(f"Google's server failed (HTTP {status})")
    if status == requests.codes.too_many_requests or _reasons(answer) & _RATE:
        return GoogleUnavailable("Google asks us to slow down (quota per minute)")
    return Refused(_refusal(answer, account), status=status, google_says=_google_says(answer))


def problem_in_failure(error: Exception) -> SyncError:
    """Return what a request that got no answer means: not sent, or perhaps applied."""
    if was_never_sent(error):
        return GoogleUnavailable(
            f"Google cannot be reached ({type(error).__name__}): is the internet connection up?"
        )
    return GoogleUnknown(f"the connection to Google broke ({type(error).__name__})")


def was_never_sent(error: Exception) -> bool:
    """Say whether the connection failed before the request was on its way."""
    return isinstance(
        error,
        requests.exceptions.ConnectTimeout
        | requests.exceptions.ProxyError
        | requests.exceptions.SSLError,
    ) or any(isinstance(cause, NewConnectionError) for cause in _causes(error))


def problem_in_refresh(
    error: Exception, *, account: str, clock_skew: timedelta | None
) -> SyncError:
    """
    Return what a failed token request means.

    clock_skew: how far Google's clock is ahead of ours, to tell a wrong clock from a bad key
    """
    reply = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
    if reply.get("error") not in _BAD_CREDENTIALS:
        return GoogleUnavailable("Google's token service gave no token")
    if re.search(r"\b(iat|exp)\b", str(reply.get("error_description"))):
        message = f"Google refuses our token request because of its time: {_advice(clock_skew)}"
        if clock_skew is None or abs(clock_skew) <= MOST_SKEW:
            return CredentialsError(message)
        advice = "set the clock (and switch on automatic time), then run again"
        return SafetyStop("clock-skew", message, [advice], can_pass=False)
    if not account.endswith(_SERVICE_ACCOUNTS):
        return CredentialsError(
            f"the sign-in of {account} has ended ({reply['error']}): it was withdrawn, not used for"
            " six months, its password was changed, or the consent screen is still in Testing,"
            " where it ends after 7 days (publish it: In production). Run `surat-sync login` again"
        )
    return CredentialsError(
        f"Google does not accept the credentials of {account} ({reply['error']}): make a new key "
        "in Google's console and save it in place of the old one"
    )


def _is_applied(answer: requests.Response, *, binary: bool) -> bool:
    status = answer.status_code
    if status in {requests.codes.no_content, requests.codes.requested_range_not_satisfiable}:
        return True
    if status == requests.codes.permanent_redirect:
        return "Location" not in answer.headers
    if not answer.ok or status >= requests.codes.multiple_choices:
        return False
    starts_upload = not answer.content and "Location" in answer.headers
    return binary or starts_upload or isinstance(_json(answer), dict)


def _refusal(answer: requests.Response, account: str) -> str:
    match answer.status_code:
        case requests.codes.bad_request:
            return _invalid(answer, account)
        case requests.codes.forbidden:
            return _forbidden(answer, account)
        case requests.codes.not_found:
            thing, _ = _thing(answer)
            return (
                f"Google knows no such {thing}, or hides it from us: compare the id in the config, "
                f"and share the {thing} with {account} as Editor"
            )
        case status if status < requests.codes.bad_request:
            return (
                f"Google's address answered with a redirect (HTTP {status}): is there a login page "
                "between this computer and Google?"
            )
        case status:
            return f"Google refuses the request (HTTP {status})"


def _forbidden(answer: requests.Response, account: str) -> str:
    thing, api = _thing(answer)
    reasons = _reasons(answer)
    if reasons & _API_IS_OFF:
        return (
            f"the {api} is not enabled in the project of {account}: enable it in Google's console"
        )
    if reasons & _SCOPE:
        return (
            f"the credentials of {account} were made without the permission (scope) for the {api}: "
            "make them anew"
        )
    if "storageQuotaExceeded" in reasons:
        if account.endswith(_SERVICE_ACCOUNTS):
            return (
                f"{account} is a service account, and those own no files in Google Drive: run"
                " `surat-sync login` with the village's own account, use a folder of a shared"
                " drive, or `cabinet: folder`"
            )
        return (
            f"{account} has no room for files in Google Drive: free some, or use a folder of this "
            "computer (`cabinet: folder`)"
        )
    if "protected cell or object" in _google_says(answer):
        return _invalid(answer, account)
    return f"{account} may not do this: share the {thing} with {account} as Editor"


def _invalid(answer: requests.Response, account: str) -> str:
    says = _google_says(answer)
    for pattern, remedy in _REMEDIES_OF_400.items():
        if re.search(pattern, says):
            return remedy.format(account=account)
    where = re.search(r"requests\[\d+\](\.\w+)?", says)
    return f"Google finds our request invalid{f' ({where[0]})' if where else ''}"


def _advice(clock_skew: timedelta | None) -> str:
    if clock_skew is None:
        return "set this computer's clock"
    minutes = round(clock_skew.total_seconds() / 60)
    return f"this computer's clock is {abs(minutes)} minutes {'slow' if minutes > 0 else 'fast'}"


def _thing(answer: requests.Response) -> tuple[str, str]:
    path = urlsplit(answer.url).path
    for prefix, thing in _THINGS.items():
        if path.startswith(prefix):
            return thing
    return "file", "Google Drive API"


def _reasons(answer: requests.Response) -> set[str]:
    """Return the reason words of a reply, in Sheets' and in Drive's shape."""
    error = _error(answer)
    items = [*_dicts(error.get("errors")), *_dicts(error.get("details")), error]
    return {str(item[key]) for item in items for key in ("reason", "status") if key in item}


def _google_says(answer: requests.Response) -> str:
    return str(_error(answer).get("message", ""))


def _error(answer: requests.Response) -> dict[str, Any]:
    body = _json(answer)
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _dicts(items: object) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _json(answer: requests.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what requests and urllib3 wrapped into each other."""
    inner = [error.__cause__, getattr(error, "reason", None), *error.args[:1]]
    for cause in inner:
        if isinstance(cause, BaseException):
            yield cause
            yield from _causes(cause)
