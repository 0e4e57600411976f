"""Calls outside of the three APIs: forms' pages, tokens, batches, what staff do, faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from fuzz.calls import MadeUp, calls
from fuzz.damage import spoiled
from fuzz.known import Known
from fuzz.plausible import FIELDS, TABS, cell_text, known, mixed, one_of, small, word
from sync.sandbox import staff
from sync.sandbox.control import HANDLERS
from sync.sandbox.forms import author
from sync.sandbox.forms.questions import KINDS
from sync.sandbox.keys import CLIENT_ID, process_keys
from sync.sandbox.sample import USER
from sync.sandbox.state import SWITCHES

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from sync.sandbox.reply import Json


@st.composite
def visits(draw: DrawFn) -> MadeUp:
    """Return a call of a browser, of a client that logs in, or of a test that makes trouble."""
    return draw(draw(_kind))


@st.composite
def _answers(draw: DrawFn) -> MadeUp:
    """Return what a form's page sends."""
    texts = draw(st.lists(_answer, max_size=22))
    body: dict[Any, Any] = {Known("entry", number): text for number, text in enumerate(texts)}
    values = {"form": draw(known("public form"))}
    query = draw(one_of([], [], [("edit2", Known("edit key"))], [("edit2", "x")]))
    path = "/forms/d/e/{form}/formResponse"
    if draw(_seldom):
        body = {**body, **draw(_odd_entries)}
    return MadeUp(
        verb="POST", path=path, values=values, query=query, body=body, is_form=True, who=""
    )


@st.composite
def _page(draw: DrawFn) -> MadeUp:
    path = draw(
        one_of(
            "/forms/d/e/{form}/viewform",
            "/spreadsheets/d/{spreadsheet}/edit",
            "/spreadsheets/d/{spreadsheet}/export",
            "/file/d/{file}/view",
            "/o/oauth2/auth",
            "/o/oauth2/v2/auth",
            "/",
        )
    )
    values = {
        "form": draw(known("public form")),
        "spreadsheet": draw(FIELDS["spreadsheetId"]),
        "file": draw(FIELDS["fileId"]),
    }
    query = draw(st.lists(st.tuples(_page_parameter, _page_value), max_size=5))
    verb = draw(one_of("GET", "GET", "GET", "POST"))
    return MadeUp(verb=verb, path=path, values=values, query=query, who=draw(one_of("", USER)))


@st.composite
def _token(draw: DrawFn) -> MadeUp:
    fields = draw(st.lists(st.tuples(_token_field, _token_value), max_size=6))
    grant = draw(one_of("refresh_token", "authorization_code", _JWT, "", "x"))
    client = {"client_id": CLIENT_ID, "client_secret": process_keys().client_secret}
    body = {"grant_type": grant, **draw(one_of(client, client, {})), **dict(fields)}
    path = draw(one_of("/token", "/token", "/oauth2/v4/token", "/revoke", "/tokeninfo"))
    return MadeUp(verb="POST", path=path, body=body, is_form=True, who="")


@st.composite
def _batch(draw: DrawFn) -> MadeUp:
    """Return several calls in one, each as it would be sent alone."""
    inner = draw(st.lists(calls(), min_size=1, max_size=3))
    path = draw(one_of("/batch", "/batch/drive/v3", "/batch/x"))
    return MadeUp(verb="POST", path=path, inner=inner)


@st.composite
def _control(draw: DrawFn) -> MadeUp:
    """Return a control call that makes no trouble for the calls after it."""
    name = draw(st.sampled_from(sorted(_CONTROL)))
    body = draw(_CONTROL[name])
    if draw(_seldom):
        body = draw(spoiled(body))
    return MadeUp(verb="POST", path=f"/_sandbox/{name}", body=body, who="")


@st.composite
def _action(draw: DrawFn) -> Json:
    name = draw(st.sampled_from(sorted(staff.ACTIONS.keys() | author.ACTIONS.keys())))
    needs = (staff._NEEDS | author.NEEDS)[name]
    return {name: {key: draw(_DETAILS[key]) for key in ("sheet", *sorted(needs))}}


@st.composite
def _question(draw: DrawFn) -> Json:
    found: Json = {"title": draw(word), "kind": draw(st.sampled_from(sorted(KINDS)))}
    more = {
        "options": ["a", "b"],
        "rows": ["r"],
        "other": True,
        "time": True,
        "required": True,
        "low": 0,
        "high": 10,
        "max_files": 3,
        "year": False,
    }
    names = draw(st.lists(st.sampled_from(sorted(more)), max_size=4, unique=True))
    return found | {name: more[name] for name in names}


_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_seldom = st.sampled_from([False] * 5 + [True])
_answer = one_of(
    "a",
    "3507326107649907",
    "2026-01-02",
    "12:61",
    "Perempuan",
    "",
    "__other_option__",
    "=1",
    "\ud800",
    ["a", "b"],
    "9" * 400,
)
_odd_entries = one_of(
    {"entry.x": "a"},
    {"entry.": "a"},
    {"entry.99999999999999999999999999": "a"},
    {"entry.1_year": "0", "entry.1_month": "13", "entry.1_day": "32"},
    {"emailAddress": "x"},
    {"": ""},
)
_page_parameter = one_of(
    "gid", "format", "range", "client_id", "redirect_uri", "scope", "response_type", "state",
    "code_challenge", "code_challenge_method", "prompt", "edit2", "usp", "entry.1",
)  # fmt: skip
_page_value = mixed(
    (2, one_of("csv", "xlsx", "x", "", "code", "none", "openid", CLIENT_ID, "S256", "\ud800")),
    (1, one_of("http://localhost:1/x", "http://[x", "http://127.0.0.1:99999999", "é" * 50)),
    (1, one_of(*map(str, TABS), "-1", "9" * 5000)),
    (1, FIELDS["a1Range"]),
)
_token_field = one_of("assertion", "refresh_token", "code", "code_verifier", "scope", "token")
_token_value = one_of(
    process_keys().village_token,
    process_keys().village_token + "x",
    "",
    "x",
    "1//0.x",
    "4/0A.é",
    "a.b.c",
    "eyJhbGciOiJSUzI1NiJ9.e30.x",
    "eyJhbGciOiJSUzI1NiJ9.W10.x",
    "W1tb." * 3000,
    "é.é.é",
    "\ud800",
    "https://www.googleapis.com/auth/drive",
    "=" * 9,
)
_DETAILS: dict[str, SearchStrategy[Any]] = {
    "sheet": one_of(*TABS),
    "row": small,
    "to": small,
    "column": small,
    "value": mixed((3, cell_text), (1, one_of(1, None, True, 2.5, [], {}))),
    "title": word,
    "question": mixed((2, _question()), (2, known("question")), (1, word)),
}
_CONTROL: dict[str, SearchStrategy[Any]] = {
    "staff": st.builds(dict, do=st.lists(_action(), min_size=1, max_size=1)),
    "switches": st.dictionaries(
        st.sampled_from(sorted(SWITCHES)),
        one_of(*(value for values in SWITCHES.values() for value in values)),
        max_size=2,
    ),
    "faults": st.builds(dict, faults=st.just([{"method": "x", "kind": "429"}])),
    "forms": st.builds(dict, title=word, questions=st.lists(_question(), min_size=1, max_size=3)),
    "reset": st.just({}),
    "accounts": st.builds(dict, email=FIELDS["emailAddress"], kind=one_of("user", "x")),
}
assert {name for verb, name in HANDLERS if verb == "POST"} == _CONTROL.keys()
_kind = st.sampled_from([_answers(), _control(), _control(), _page(), _token(), _batch()])
