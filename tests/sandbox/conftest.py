"""A sandbox for each test, and callers of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import gspread
import pytest
import requests
from real_clients import Redirected, service, session

from sync.sandbox import Sandbox
from sync.sandbox.validate import answer_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Start a sandbox in memory whose every answer is held against Google's documents."""
    with _held() as started:
        yield started


@contextmanager
def _held() -> Iterator[Sandbox]:
    problems: list[str] = []

    def look(
        method: str, _request: object, query: Mapping[str, Any], status: int, answer: object
    ) -> None:
        if status == 200 and "fields" not in query:
            problems.extend(answer_problems(method, answer))

    with Sandbox(seed=1) as started:
        started.on_exchange.append(look)
        yield started
        unused = started.unused_faults()
    assert [] == problems
    assert [] == unused


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Any]:
    """Return the service account's session, for calls by hand."""
    with session(sandbox) as own:
        yield own


@pytest.fixture
def call(sandbox: Sandbox, api: Any) -> Callable[..., Any]:
    """Return a caller of the Sheets API: verb, what follows the id, body."""

    def ask(verb: str, path: str, body: Any = None, *, status: int = 200, **query: Any) -> Any:
        url = f"{sandbox.base_url}/v4/spreadsheets/{sandbox.spreadsheet_id}{path}"
        response = api.request(verb, url, json=body, params=query)
        assert status == response.status_code, response.text
        return response.json()

    return ask


@pytest.fixture
def batch(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return a caller of spreadsheets.batchUpdate that gives its replies."""

    def ask(*requests_: Any) -> Any:
        return call("POST", ":batchUpdate", {"requests": list(requests_)})["replies"]

    return ask


@pytest.fixture
def spread(sandbox: Sandbox, api: Any) -> gspread.Client:
    """Return a real gspread client."""

    class Client(Redirected):
        def __init__(self, _auth: object, session: requests.Session) -> None:
            super().__init__(session, sandbox.base_url)

    credentials: Any = None
    return gspread.Client(credentials, session=api, http_client=Client)


@pytest.fixture(scope="module")
def owner() -> Iterator[gspread.Client]:
    """Return gspread as the village's user has it, in a sandbox that the whole module shares."""
    with _held() as shared, session(shared, user=True) as own:

        class Client(Redirected):
            def __init__(self, _auth: object, session: requests.Session) -> None:
                super().__init__(session, shared.base_url)

        credentials: Any = None
        yield gspread.Client(credentials, session=own, http_client=Client)


@pytest.fixture(scope="module")
def own_book(owner: gspread.Client) -> gspread.Spreadsheet:
    """Return a new spreadsheet that the whole module shares."""
    return owner.create("Buku Uji")


@pytest.fixture
def own_tab(own_book: gspread.Spreadsheet, request: pytest.FixtureRequest) -> gspread.Worksheet:
    """Return a new tab of ten rows and ten columns, named after the test."""
    title = request.node.name.replace("'", "")[:90]  # Google takes 100 characters
    return own_book.add_worksheet(title, rows=10, cols=10)


@pytest.fixture
def village(sandbox: Sandbox) -> Iterator[Any]:
    """Return Drive as googleapiclient shows it to the village's user."""
    with session(sandbox, user=True) as own:
        yield service(sandbox, "drive", "v3", own)


@pytest.fixture
def robot(sandbox: Sandbox, api: Any) -> Any:
    """Return Drive as the service account sees it."""
    return service(sandbox, "drive", "v3", api)


@pytest.fixture
def drive_of(sandbox: Sandbox) -> Iterator[Callable[..., Any]]:
    """Return a maker of Drive as any account sees it with the scopes that its token has."""
    scope, opened = "https://www.googleapis.com/auth/", []

    def drive(email: str, *names: str) -> Any:
        scopes = [scope + name for name in names or ("drive",)]
        token = sandbox.world.keys.access_token(email, scopes, sandbox.world.clock())
        own = requests.Session()
        own.trust_env, own.headers["authorization"] = False, f"Bearer {token}"
        opened.append(own)
        return service(sandbox, "drive", "v3", own)

    yield drive
    for own in opened:
        own.close()
