"""forms.responses: the answers to a form as the API shows them."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.sandbox.forms.model import Form, Response
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State

_MOST = 5000
_FILTER = re.compile(
    r"\s*timestamp\s*(?P<sign>>=?)\s*"
    r"(?P<second>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,9}))?Z\s*",
    re.ASCII,
)
_WRONG = "Request contains an invalid argument."


def get(call: Call, state: State) -> Json:
    """Answer forms.forms.responses.get."""
    form = _editors_form(call, state)
    response = form.response(call.path["responseId"])
    return {"formId": form.form_id} | response_json(response)


def list_responses(call: Call, state: State) -> Json:
    """
    Answer forms.forms.responses.list: oldest first; Google promises no order.

    A page token is good for the same form and filter only.
    """
    form = _editors_form(call, state)
    wanted = call.query.get("filter", "")
    fits = _filter(wanted)
    size, start = _page(call, [form.form_id, wanted])
    found = [response for response in form.responses if fits(response)]
    body: Json = {"responses": [response_json(one) for one in found[start : start + size]]}
    if len(found) > start + size:
        body["nextPageToken"] = _token(start + size, [form.form_id, wanted])
    return {name: part for name, part in body.items() if part}


def response_json(response: Response) -> Json:
    """Return the API's FormResponse, without `formId`."""
    body: Json = {
        "responseId": response.response_id,
        "createTime": _timestamp(response.created, "milliseconds"),
        "lastSubmittedTime": _timestamp(response.submitted, "microseconds"),
    }
    if response.email:
        body["respondentEmail"] = response.email
    answers = {key: _answer(response, key) for key in response.answers}
    return body | ({"answers": answers} if answers else {})


def _answer(response: Response, question_id: str) -> Json:
    if files := response.files.get(question_id):
        uploaded = {"answers": list(files)}
        return {"questionId": question_id, "fileUploadAnswers": uploaded}
    texts = [{"value": text} for text in response.answers[question_id]]
    return {"questionId": question_id, "textAnswers": {"answers": texts}}


def _editors_form(call: Call, state: State) -> Form:
    """Return the form; its responses are for those who may edit it."""
    form_id = call.path["formId"]
    state.check_access(form_id, call.principal.email, write=True)
    return state.form(form_id)


def _filter(text: str) -> Callable[[Response], bool]:
    if not text:
        return lambda _response: True
    found = _FILTER.fullmatch(text)
    if found is None:
        raise bad_request(_WRONG)
    try:
        whole = datetime.fromisoformat(found["second"]).replace(tzinfo=UTC)
    except ValueError:
        raise bad_request(_WRONG) from None
    limit = (whole, (found["fraction"] or "").ljust(9, "0"))
    is_at = found["sign"] == ">="
    return lambda response: _instant(response) >= limit if is_at else _instant(response) > limit


def _instant(response: Response) -> tuple[datetime, str]:
    """Return the last submission's second, and its nanoseconds in 9 digits."""
    moment = response.submitted.astimezone(UTC)
    return moment.replace(microsecond=0), f"{moment.microsecond:06d}000"


def _timestamp(moment: datetime, precision: str) -> str:
    """Return RFC 3339 as proto3 JSON writes it: 0, 3 or 6 digits behind the second."""
    text = moment.astimezone(UTC).isoformat(timespec=precision).removesuffix("+00:00")
    head, _, fraction = text.partition(".")
    if not fraction.strip("0"):
        return f"{head}Z"
    short = fraction[:3] if not fraction[3:].strip("0") else fraction
    return f"{head}.{short}Z"


def _page(call: Call, owner: list[str]) -> tuple[int, int]:
    """Return how many responses a page has, and where it starts."""
    size = call.query.get("pageSize", 0)
    if size < 0:
        raise bad_request(_WRONG)
    token = call.query.get("pageToken", "")
    if not token:
        return min(size or _MOST, _MOST), 0
    try:
        start, *of = json.loads(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError, RecursionError):
        raise bad_request(_WRONG) from None
    if of != owner or not isinstance(start, int):
        raise bad_request(_WRONG)
    return min(size or _MOST, _MOST), start


def _token(start: int, owner: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps([start, *owner]).encode()).decode()
