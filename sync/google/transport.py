"""
The one way to Google: timeouts, a deadline, one retry layer, one classifier.

It holds google-auth's session and is none: a subclass would be called again by the
session's own 401 retry, with deadlines and retries nested in each other.
"""
# google-auth is untyped:
# mypy: allow-untyped-calls

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession
from urllib3.exceptions import HTTPError

from sync.errors import ConfigError, GoogleUnavailable, SyncError
from sync.google.answers import (
    problem_in_answer,
    problem_in_failure,
    problem_in_refresh,
    was_never_sent,
)
from sync.google.credentials import check_base_url
from sync.google.deadline import Deadline, keep_time
from sync.google.tokens import TokenRequest
from sync.google.traffic import Traffic, kind_of

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from sync.clock import Clock
    from sync.google.credentials import Account

logger = logging.getLogger(__name__)

TRIES = 4
LONGEST_PAUSE_SECONDS = 64
_HOSTS = {
    "sheets.googleapis.com",
    "forms.googleapis.com",
    "www.googleapis.com",
}


class Transport:
    """
    Sends requests as one account, and tells what became of them.

    base_url:      the sandbox's; "" for Google, whose hosts alone are then allowed
    retry_budget:  how many requests may be repeated in this transport's life (a run)
    traffic:       another transport's counts, to be added to
    """

    def __init__(
        self,
        account: Account,
        *,
        clock: Clock,
        rng: random.Random,
        base_url: str = "",
        connect_timeout_seconds: float = 5,
        read_timeout_seconds: float = 30,
        call_deadline_seconds: float = 60,
        retry_budget: int = 20,
        traffic: Traffic | None = None,
    ) -> None:
        check_base_url(base_url)
        self.base_url = base_url.rstrip("/")
        self.account = account
        self._clock = clock
        self._rng = rng
        self._timeouts = (connect_timeout_seconds, read_timeout_seconds)
        self._call_deadline_seconds = call_deadline_seconds
        self._retries_left = retry_budget
        self.traffic = traffic or Traffic(clock)
        trust_env = not base_url  # or HTTP_PROXY would catch loopback
        self._tokens = TokenRequest(account.token_uri, self.traffic, trust_env=trust_env)
        self._session = AuthorizedSession(
            account.credentials, refresh_status_codes=(), auth_request=self._tokens
        )
        keep_time(self._session, trust_env=trust_env)

    def request(
        self,
        method: str,
        url: str,
        *,
        repeatable: bool | None = None,
        binary: bool = False,
        timeout: tuple[float, float] | None = None,
        **content: Any,  # noqa: ANN401 - params, data, json, headers: as in requests
    ) -> requests.Response:
        """
        Return Google's answer, read to its end; the request was applied.

        repeatable: may be sent again when it is not known to be applied; default: a GET may
        binary:     a file is expected, not JSON
        timeout:    seconds to connect and to wait for each read, instead of the usual

        Raises `GoogleUnavailable`, `GoogleUnknown`, `GoogleRefused`, `CredentialsError`.
        """
        call = _Call(
            method=method.upper(),
            url=self._allowed(url),
            repeatable=method.upper() == "GET" if repeatable is None else repeatable,
            binary=binary,
            timeouts=timeout or self._timeouts,
            deadline=Deadline.after(self._call_deadline_seconds, self._clock),
            content=content,
        )
        signed_in = self._repeated(lambda: self._sign_in(call), call, tries=TRIES)
        _raise_if_any(signed_in.problem)
        outcome = self._repeated(
            lambda: self._try(call), call, tries=TRIES if call.repeatable else 1
        )
        _raise_if_any(outcome.problem)
        assert outcome.answer is not None  # noqa: S101 - no problem, so there is an answer
        return outcome.answer

    def calls(self) -> Mapping[str, int]:
        """Return how many requests went to Google so far, by kind, repeats included."""
        return self.traffic.calls()

    def clock_skew(self) -> timedelta | None:
        """Return how far Google's clock was ahead of ours at its last answer."""
        return self.traffic.clock_skew

    def close(self) -> None:
        """Close all connections."""
        self._session.close()
        self._tokens.close()

    def _allowed(self, url: str) -> str:
        """Return *url* if we may send a token there, and raise `ConfigError` otherwise."""
        if self.base_url and url.startswith(f"{self.base_url}/"):
            return url
        parts = urlsplit(url)
        if not self.base_url and parts.scheme == "https" and parts.netloc in _HOSTS:
            return url
        raise ConfigError(f"no request is ever sent to {parts.scheme}://{parts.netloc}")

    def _repeated(self, attempt: Callable[[], _Outcome], call: _Call, *, tries: int) -> _Outcome:
        outcome = attempt()
        for number in range(1, tries):
            if not isinstance(outcome.problem, GoogleUnavailable):
                break
            if not self._paused(number, outcome, call):
                break
            outcome = attempt()
        return outcome

    def _paused(self, number: int, outcome: _Outcome, call: _Call) -> bool:
        """Wait before the next try (full jitter); False when there is none any more."""
        pause = self._rng.uniform(0, min(LONGEST_PAUSE_SECONDS, 2**number))
        pause = max(pause, outcome.retry_after_seconds)
        if self._retries_left <= 0 or pause >= call.deadline.remaining():
            return False
        self._retries_left -= 1
        logger.warning(
            "google.repeat: asking Google again",
            extra={"call": kind_of(call.method, call.url), "problem": str(outcome.problem)},
        )
        self._clock.sleep(pause)
        return True

    def _sign_in(self, call: _Call, *, anew: bool = False) -> _Outcome:
        """Have a token; *anew*: another one than now."""
        credentials = self.account.credentials
        if credentials.valid and not anew:
            return _Outcome()
        try:
            with call.deadline.applied():
                credentials.refresh(partial(self._tokens, timeout=call.cut_timeouts()))
        except (GoogleAuthError, TimeoutError) as error:
            return self._no_token(error)
        return _Outcome()

    def _no_token(self, error: Exception) -> _Outcome:
        problem = problem_in_refresh(error, account=self.account.name, clock_skew=self.clock_skew())
        problem.__cause__ = error
        return _Outcome(problem=problem)

    def _try(self, call: _Call) -> _Outcome:
        """Send once; after a 401 renew the token and, if that is allowed, send once more."""
        outcome = self._send(call)
        if outcome.answer is None or outcome.answer.status_code != requests.codes.unauthorized:
            return outcome
        renewed = self._sign_in(call, anew=True)
        if renewed.problem:
            return renewed
        if not call.repeatable:
            return _Outcome(
                problem=GoogleUnavailable("the token had expired; the write was not sent again")
            )
        return self._send(call)

    def _send(self, call: _Call) -> _Outcome:
        kind = kind_of(call.method, call.url)
        if call.deadline.remaining() <= 0:
            return _Outcome(problem=GoogleUnavailable("no time was left for a call to Google"))
        try:
            with call.deadline.applied():
                answer = self._session.request(
                    call.method,
                    call.url,
                    timeout=call.cut_timeouts(),
                    allow_redirects=False,
                    **call.content,
                )
        except GoogleAuthError as error:  # the token died a moment ago
            return self._no_token(error)
        except (requests.RequestException, HTTPError, TimeoutError) as error:
            if not was_never_sent(error):
                self.traffic.sent(kind)
            problem = problem_in_failure(error)
            problem.__cause__ = error
            return _Outcome(problem=problem)
        self.traffic.sent(kind)
        self.traffic.answered(answer.headers)
        return _Outcome(
            problem=problem_in_answer(answer, account=self.account.name, binary=call.binary),
            answer=answer,
            retry_after_seconds=_retry_after_seconds(answer.headers),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One request, and all that holds for each of its tries."""

    method: str
    url: str
    repeatable: bool
    binary: bool
    timeouts: tuple[float, float]
    deadline: Deadline
    content: Mapping[str, Any]

    def cut_timeouts(self) -> tuple[float, float]:
        connect, read = self.timeouts
        return self.deadline.cut(connect), self.deadline.cut(read)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What became of one try."""

    problem: SyncError | None = None
    answer: requests.Response | None = None
    retry_after_seconds: float = 0


def _retry_after_seconds(headers: Mapping[str, str]) -> float:
    """Return Retry-After in seconds; 0 for none, or for a date."""
    text = headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else 0.0


def _raise_if_any(problem: SyncError | None) -> None:
    if problem is not None:
        raise problem
