"""
The whole of the sandbox without HTTP: a call in, a reply out.

The server and the simulator both use `World.call`.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qs

from sync.sandbox import api_calls, batch, callers, control, faults, pages, sample, validate
from sync.sandbox.discovery import V2_UPLOAD
from sync.sandbox.endpoints import ENDPOINTS, Endpoint
from sync.sandbox.faults import Fault, Faults
from sync.sandbox.happenings import happen
from sync.sandbox.history import Entry, History
from sync.sandbox.incoming import UPLOAD_PATH, Incoming, understood
from sync.sandbox.masks import answer_mask, masked
from sync.sandbox.oauth.refused import OAuthRefused
from sync.sandbox.oauth.token import grant, revoked, with_client
from sync.sandbox.reply import WHOLE, Principal, Refused, Reply, bad_request
from sync.sandbox.staff import Staff

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.sandbox.journal import Journal
    from sync.sandbox.keys import Keys
    from sync.sandbox.quota import Quota
    from sync.sandbox.reply import Json
    from sync.sandbox.state import State

#: called with method id, request body, query, status and answer of every exchange of messages
Observer: TypeAlias = "Callable[[str, Json | None, Mapping[str, Any], int, Json | None], None]"

_API_PREFIXES = ("/v4/", "/v1/forms", "/drive/v3/", "/upload/drive/")
_OAUTH = {"/token": "token", "/revoke": "revoke", "/o/oauth2/revoke": "revoke"}


@dataclass(slots=True, kw_only=True)
class World:
    """
    Google, as far as a village sees it.

    clock:    the only time there is; scripted: faults that wait, see `faults`
    dice:     where every id comes from
    base_url: where the server listens; part of the credentials
    journal:  keeps every change, or None
    quota:    Google's quotas, or None
    """

    keys: Keys
    clock: Callable[[], datetime]
    dice: random.Random
    faults: Faults = field(default_factory=Faults)
    quota: Quota | None = None
    journal: Journal | None = None
    service_accounts_own_files: bool = False
    base_url: str = ""
    staff: Staff = field(default_factory=Staff)
    history: History = field(default_factory=History)
    observers: list[Observer] = field(default_factory=list)
    state: State = field(init=False)
    _late: list[Callable[[], object]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        """Start with the sample form, or with what the journal kept."""
        last = self.journal.repeat(self._apply) if self.journal else None
        if last is None:
            self._begin("en")
            return
        self.dice.seed(last["seed"])  # else a sandbox of the same seed gave the same ids again
        if bool(self.state.without_storage) == self.service_accounts_own_files:
            self.record("storage", owns_files=self.service_accounts_own_files)

    def call(
        self,
        verb: str,
        raw_path: str,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Reply:
        """
        Answer one request.

        raw_path: still percent-encoded, without the query
        headers:  names in lower case
        """
        with self._lock:
            return self._called(verb, raw_path, query, headers or {}, body)

    def act(self, action: Json) -> None:
        """Let staff do something now; raises `Refused` (400) where it cannot be."""
        self.record("staff", action=action)

    def switch(self, wanted: Mapping[str, str]) -> None:
        """Set switches; raises `Refused` (400) for unknown ones."""
        self.record("switch", switches=dict(wanted))

    def record(self, kind: str, **details: Any) -> Json:  # noqa: ANN401  # JSON
        """
        Let something of `happenings` happen, and return what came of it.

        Raises `Refused`, and keeps nothing, where it cannot be.
        """
        with self._lock:
            change = self._change(kind, **details)
            came = self._apply(change)
            if self.journal:
                self.journal.add(change)
            return came if isinstance(came, dict) else {}

    def reset(self) -> None:
        """Go back to the fresh sandbox: form, empty sheet, no faults, no history."""
        with self._lock:
            self._begin(self.state.switches["form_language"])
            self.history.clear()
            self.faults.clear()
            self.staff.waiting.clear()
            self._late.clear()

    # -- requests

    def _called(
        self, verb: str, raw_path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        try:
            if raw_path.startswith("/_sandbox/"):
                return control.reply(self, verb, raw_path, body)
            if raw_path in _OAUTH:
                return self._oauth(_OAUTH[raw_path], query, headers, body)
            if raw_path.startswith(_API_PREFIXES):
                return self._api(verb, raw_path, query, headers, body)
            if raw_path.startswith("/batch"):
                return batch.reply(raw_path, headers, body, self._api)
            return pages.reply(self, verb, raw_path, query, headers=headers, body=body)
        except Refused as refused:
            return refused.reply()

    def _api(
        self, verb: str, raw_path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        try:
            incoming = understood(self.state, verb, raw_path, query, headers=headers, body=body)
        except Refused as refused:
            return refused.reply(drive="/drive/" in raw_path)
        return self._exchange(incoming)

    def _exchange(self, incoming: Incoming) -> Reply:
        method_id = incoming.method.id
        entry = Entry(at=self.clock(), method=method_id, path=incoming.path)
        entry.query = {
            name: texts if len(texts) > 1 else texts[0] for name, texts in incoming.query.items()
        }
        entry.body = incoming.body
        self.history.add(entry, incoming.size)
        self._staff_before(method_id)
        who = self._who(incoming)
        entry.principal = who.email if isinstance(who, Principal) else None
        endpoint = ENDPOINTS.get(method_id)
        reply = self._through_fault(entry, lambda: self._answered(incoming, endpoint, who, entry))
        if entry.applied and endpoint is not None and not endpoint.write:
            self._apply_late()
        return reply

    def _through_fault(self, entry: Entry, answer: Callable[[], Reply]) -> Reply:
        """Answer, or let the fault that waits for this call have its way."""
        fault = self.faults.next(entry.method)
        if fault is None:
            reply = answer()
            _complete(entry, reply)
            entry.told = True
        elif fault.kind in faults.BEFORE:
            reply = faults.canned(fault, entry.method)
            entry.told = reply.delivery is WHOLE and not fault.kind.startswith("html")
        elif fault.kind == faults.LATE:
            self._late.append(lambda: _complete(entry, answer()))
            reply = faults.error_reply("503", entry.method)
        else:
            reply = self._spoiled(fault, entry, answer())
        sent = reply.delivery.kind in {"whole", "trickle", "truncate"}
        entry.status = reply.status if sent else None
        reply.entry = entry
        return reply

    def _spoiled(self, fault: Fault, entry: Entry, reply: Reply) -> Reply:
        _complete(entry, reply)
        return faults.spoiled(fault, reply, entry.method)

    def _apply_late(self) -> None:
        waiting, self._late = self._late, []
        for apply in waiting:
            apply()

    def _staff_before(self, method_id: str) -> None:
        for script, action in self.staff.due(method_id, self.state):
            try:
                self.act(action)
            except Refused as refused:
                script.failed.append(refused.message)

    def _answered(
        self, incoming: Incoming, endpoint: Endpoint | None, who: Principal | Refused, entry: Entry
    ) -> Reply:
        try:
            reply = self._reply(incoming, endpoint, who, entry)
        except Refused as refused:
            reply = refused.reply(drive=incoming.method.api == "drive")
        if reply.content is None and incoming.method.id != V2_UPLOAD:
            for observer in self.observers:
                observer(entry.method, incoming.body, entry.query, reply.status, reply.body)
        return reply

    def _reply(
        self, incoming: Incoming, endpoint: Endpoint | None, who: Principal | Refused, entry: Entry
    ) -> Reply:
        method = incoming.method
        if endpoint is None:
            raise Refused(501, f"The sandbox does not know {method.id}.")
        if isinstance(who, Refused):
            raise who
        principal = who
        if self.quota is not None:
            self.quota.spend(method, principal.email, write=endpoint.write, now=entry.at)
        query = validate.cleaned_query(method, incoming.query)
        body = validate.cleaned_body(method, _object(incoming.body))
        mask = answer_mask(method, query.get("fields", ""))
        callers.check_access(endpoint, incoming, principal, self.state)
        change = self._change(
            "api",
            method=method.id,
            path=dict(incoming.path),
            query=query,
            body=body,
            email=principal.email,
            scopes=sorted(principal.scopes),
            **api_calls.attached(incoming),
        )
        answer = self._apply(change)
        if endpoint.write and self.journal:
            self.journal.add(change)
        if isinstance(answer, Reply):
            if upload_id := answer.headers.get("x-guploader-uploadid"):
                answer.headers["location"] = f"{self.base_url}{UPLOAD_PATH}{upload_id}"
            return answer
        return Reply(body=masked(answer, mask))

    def _who(self, incoming: Incoming) -> Principal | Refused:
        """Return who calls, or what Google says to one that it does not know."""
        try:
            return callers.principal(incoming, self.keys, self.state, self.clock())
        except Refused as refused:
            return refused

    def _oauth(self, name: str, query: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer at the token endpoint (`token`), or revoke a token (`revoke`)."""
        fields = parse_qs(f"{query}&{body.decode('utf-8', 'replace')}")
        asked = {field: texts[-1] for field, texts in fields.items()}
        asked = with_client(asked, headers.get("authorization", ""))
        entry = Entry(at=self.clock(), method=name)
        entry.body = {"grant_type": asked.get("grant_type", "")} if name == "token" else {}
        self.history.add(entry)
        self._staff_before(name)
        answer = self._granted if name == "token" else self._revoked
        return self._through_fault(entry, lambda: answer(entry, asked))

    def _granted(self, entry: Entry, asked: Mapping[str, str]) -> Reply:
        now, base_url = self.clock(), self.base_url
        try:
            given = grant(self.keys, self.state, asked, now=now, base_url=base_url)
        except OAuthRefused as refused:
            return refused.reply()
        if given.spent:
            self.record("spent", id=given.spent)
        entry.principal = given.email
        return Reply(body=given.body)

    def _revoked(self, _entry: Entry, asked: Mapping[str, str]) -> Reply:
        try:
            self.record("spent", id=revoked(self.keys, asked.get("token", "")))
        except OAuthRefused as refused:
            return refused.reply()
        return Reply(body={})

    # -- changes

    def _change(self, kind: str, **details: Any) -> Json:  # noqa: ANN401  # JSON
        return {
            "kind": kind,
            "at": self.clock().isoformat(),
            "seed": self.dice.getrandbits(53),
            **details,
        }

    def _begin(self, language: str) -> None:
        owns_files = self.service_accounts_own_files
        begin = self._change("begin", language=language, owns_files=owns_files)
        if self.journal:
            self.journal.begin(begin)
        self._apply(begin)

    def _apply(self, change: Json) -> Json | Reply:
        now = datetime.fromisoformat(change["at"])
        dice = random.Random(change["seed"])  # noqa: S311  # repeatable on purpose
        if change["kind"] == "api":
            return api_calls.applied(change, self.state, now=now, random=dice)
        if change["kind"] == "begin":
            language, owns_files = change["language"], change["owns_files"]
            self.state = sample.fresh(
                now=now, language=language, service_accounts_own_files=owns_files
            )
            return {}
        return happen(self.state, change, now=now, random=dice)


def _complete(entry: Entry, reply: Reply) -> None:
    entry.applied = reply.status < HTTPStatus.BAD_REQUEST  # 308: go on uploading


def _object(body: object) -> Json:
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise bad_request("Invalid JSON payload received. Unexpected token.")
    return body
