"""Scripted trouble, counted by method; and what each kind answers."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sync.sandbox import quota
from sync.sandbox.discovery import methods
from sync.sandbox.reply import Delivery, Refused, Reply, bad_request, html

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from random import Random

    from sync.sandbox.reply import Json

#: nothing is applied
BEFORE = frozenset(
    (
        "429",
        "403-rate",
        "403",
        "401",
        "404",
        "500",
        "503",
        "close-before",
        "hang-before",
        "html-503",
        "html-200",
    )
)
#: the call is applied, then the answer suffers
AFTER = frozenset(("503-after", "close-after", "hang", "trickle", "truncate"))
#: answered 503 at once, applied when the next read has been answered
LATE = "late"
KINDS = BEFORE | AFTER | {LATE}

_READING = re.compile(r"\.(get|batchGet|list|search)[A-Za-z]*$")
_MILD_RATE = 0.02
_MILD_KINDS = ("429", "503", "503-after", "close-after")
_PAGE = "<!doctype html><title>Masuk ke jaringan</title><p>Silakan masuk ke jaringan ini.</p>"


@dataclass(slots=True, kw_only=True)
class Fault:
    """
    One scripted fault.

    method: discovery id, `token`, or a pattern such as `sheets.*`
    times:  how often it still happens; after: how many calls still pass before it does
    """

    method: str
    kind: str
    times: int = 1
    after: int = 0
    seconds: float | None = None

    def json(self) -> Json:
        """Return what is left of the fault."""
        body: Json = {"method": self.method, "kind": self.kind}
        body |= {"times": self.times, "after": self.after}
        return body | ({} if self.seconds is None else {"seconds": self.seconds})


class Faults:
    """The faults that wait, and the dice of `mild`."""

    def __init__(self, *, mild: Random | None = None) -> None:
        self.waiting: list[Fault] = []
        self._mild = mild

    def add(self, wanted: Iterable[Mapping[str, object]]) -> None:
        """Script faults; raises `Refused` (400), and adds none, when one is unknown."""
        self.waiting += [_fault(one) for one in wanted]

    def clear(self) -> None:
        """Forget every scripted fault."""
        self.waiting.clear()

    def next(self, method: str) -> Fault | None:
        """Return the fault that this call of *method* meets, and count it."""
        for fault in self.waiting:
            if not fnmatchcase(method, fault.method):
                continue
            if fault.after:
                fault.after -= 1
                continue
            fault.times -= 1
            if not fault.times:
                self.waiting.remove(fault)
            return fault
        if self._mild is not None and self._mild.random() < _MILD_RATE:
            return Fault(method=method, kind=self._mild.choice(_MILD_KINDS))
        return None


def faults_from(wanted: str | Path | None, seed: int | None) -> Faults:
    """Return no faults, `mild` ones, or those of a JSON file."""
    if wanted in (None, "off"):
        return Faults()
    if wanted == "mild":
        return Faults(mild=random.Random(seed))  # noqa: S311  # repeatable on purpose
    from pathlib import Path  # noqa: PLC0415

    scripted = Faults()
    scripted.add(json.loads(Path(wanted or "").read_text("utf-8"))["faults"])
    return scripted


def canned(fault: Fault, method: str) -> Reply:
    """Return the answer of a fault that applies nothing."""
    match fault.kind:
        case "close-before":
            return Reply(delivery=Delivery(kind="close"))
        case "hang-before":
            return Reply(delivery=Delivery(kind="hang", seconds=fault.seconds))
        case "html-503":
            return html("<!doctype html><title>Error 503</title><p>Service error.</p>", status=503)
        case "html-200":
            return html(_PAGE)
    return error_reply(fault.kind, method)


def spoiled(fault: Fault, reply: Reply, method: str) -> Reply:
    """Return what is left of *reply* after a fault that lets the call be applied."""
    match fault.kind:
        case "503-after":
            return error_reply("503", method)
        case "close-after":
            return Reply(delivery=Delivery(kind="close"))
        case "hang":
            return Reply(delivery=Delivery(kind="hang", seconds=fault.seconds))
        case "trickle":
            reply.delivery = Delivery(kind="trickle", seconds=fault.seconds)
        case "truncate":
            reply.delivery = Delivery(kind="truncate")
    return reply


def error_reply(kind: str, method: str) -> Reply:
    """Return Google's error body for *kind*; Drive and the token endpoint have their own shapes."""
    if method not in methods():
        return _token_error(kind)
    is_drive = method.startswith("drive.")
    refusal = _drive_refusal(kind) if is_drive else _refusal(kind, method)
    return refusal.reply(drive=is_drive)


def _refusal(kind: str, method: str) -> Refused:
    match kind:
        case "429":
            write = not _READING.search(method)
            return quota.exceeded(quota.metric(methods()[method], write=write))
        case "403-rate":
            return quota.rate_403()
        case "403":
            return Refused(403, "The caller does not have permission")
        case "401":
            return unauthenticated("Request had invalid authentication credentials.")
        case "404":
            return Refused(404, "Requested entity was not found.")
        case "500":
            return Refused(500, "Internal error encountered.")
    return Refused(503, "The service is currently unavailable.")


def _drive_refusal(kind: str) -> Refused:
    match kind:
        case "429":
            return Refused(429, "Rate Limit Exceeded", reason="rateLimitExceeded")
        case "403":
            message = "The user does not have sufficient permissions for this file."
            return Refused(403, message, reason="insufficientFilePermissions")
        case "401":
            return Refused(401, "Invalid Credentials", reason="authError")
        case "404":
            return Refused(404, "File not found: .", reason="notFound", location="fileId")
        case "500":
            return Refused(500, "Internal Error", reason="internalError")
    return _refusal(kind, "")


def unauthenticated(message: str, reason: str = "ACCESS_TOKEN_EXPIRED") -> Refused:
    """Return Google's 401."""
    rest = (
        " Expected OAuth 2 access token, login cookie or other valid authentication credential. "
        "See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
    }
    return Refused(401, message + rest, details=[detail])


def _token_error(kind: str) -> Reply:
    status = int(kind.partition("-")[0])
    error = {401: "invalid_client", 403: "access_denied", 429: "rate_limit_exceeded"}
    body = {"error": error.get(status, "internal_failure")}
    return Reply(status=status, body=body | {"error_description": "Unavailable in the sandbox."})


def _fault(wanted: Mapping[str, object]) -> Fault:
    if not isinstance(wanted, dict):
        raise bad_request('a fault is {"method", "kind", …}')
    unknown = wanted.keys() - {"method", "kind", "times", "after", "seconds"}
    if unknown:
        raise bad_request(f"Unknown keys in a fault: {', '.join(sorted(unknown))}")
    method, kind = wanted.get("method"), wanted.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise bad_request(f"Unknown fault kind {kind!r}; there are {', '.join(sorted(KINDS))}")
    if not isinstance(method, str) or not _known(method):
        raise bad_request(f"Unknown method {method!r}; use a discovery id, or token")
    times, after, seconds = wanted.get("times", 1), wanted.get("after", 0), wanted.get("seconds")
    if not isinstance(times, int) or times < 1 or not isinstance(after, int) or after < 0:
        raise bad_request("times counts from 1, after from 0")
    if seconds is not None and not isinstance(seconds, int | float):
        raise bad_request("seconds is a number")
    return Fault(method=method, kind=kind, times=times, after=after, seconds=seconds)


def _known(pattern: str) -> bool:
    return any(fnmatchcase(name, pattern) for name in (*methods(), "token"))
