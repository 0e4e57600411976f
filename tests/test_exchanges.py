"""The hook over all exchanges finds what is planted, and its two checkers agree."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from exchanges.documents import VERSIONS, definitions, methods
from exchanges.plugin import Watch
from exchanges.rules import quick_looks, validator
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BATCH = "sheets.spreadsheets.batchUpdate"
READ = "sheets.spreadsheets.values.get"
WRITE = "sheets.spreadsheets.values.update"
RAW = {"valueInputOption": "RAW"}

#: a suite of its own: one good exchange, one bad request that is granted, one bad answer
PLANTED = """
import json, random
from datetime import datetime, timezone
from sync.sandbox import sample, validate
from sync.sandbox.endpoints import ENDPOINTS, Endpoint
from sync.sandbox.keys import process_keys
from sync.sandbox.world import World

NOW = datetime(2026, 11, 24, 3, 15, tzinfo=timezone.utc)
SCOPES = ["https://www.googleapis.com/auth/spreadsheets"]

def ask(verb, path, body=b""):
    keys = process_keys()
    world = World(keys=keys, clock=lambda: NOW, dice=random.Random(1))
    token = keys.access_token(sample.SERVICE_ACCOUNT, SCOPES, NOW)
    path = f"/v4/spreadsheets/{sample.SPREADSHEET_ID}{path}"
    reply = world.call(verb, path, headers={"authorization": f"Bearer {token}"}, body=body)
    assert 200 == reply.status

def test_good():
    ask("GET", "/values/A1")

def test_bad_request(monkeypatch):
    taken = {"requests": [{"addSheet": {}}]}
    monkeypatch.setattr(validate, "cleaned_body", lambda method, body: taken)
    ask("POST", ":batchUpdate", json.dumps({"requests": [{"addShet": {"a": "Siti"}}]}).encode())

def test_bad_answer(monkeypatch):
    bad = Endpoint(answer=lambda call, state: {"range": ["Siti"]}, file="spreadsheetId")
    monkeypatch.setitem(ENDPOINTS, "sheets.spreadsheets.values.get", bad)
    ask("GET", "/values/A1")
"""


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_what_is_planted_fails_its_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    """A bad request and a bad answer fail their tests, name the place, and are counted."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    pytester.plugins = ["exchanges.plugin"]
    pytester.makepyfile(PLANTED)

    result = pytester.runpytest_subprocess(*options)

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines_random(
        [
            f"{BATCH}: request at requests?0?: unknown addShet",
            f"{READ}: answer 200 at range: must have type string",
            "exchanges validated: 3 requests, 3 answers, 2 methods",
        ]
    )
    result.stdout.no_fnmatch_line("*Siti*")


def problems(
    method: str,
    body: object = None,
    *,
    query: Mapping[str, Any] | None = None,
    status: int = 200,
    answer: object,
) -> list[str]:
    watch = Watch()
    watch.see(method, body, query or {}, status, answer)
    return [problem.removeprefix(f"{method}: ") for problem in watch.problems]


def added(**properties: object) -> dict[str, Any]:
    return {"requests": [{"addSheet": {"properties": properties}}]}


@pytest.mark.parametrize(
    "body,problem",
    [
        (added(tilte="T"), ": unknown tilte"),
        (added(title=3), ".title: must have type ['string', 'null']"),
        (added(index="dua"), ".index: must have format int32"),
        (added(index=2**31), ".index: must have format int32"),
        (added(index=True), ".index: must have type ['integer', 'string', 'null']"),
        (added(hidden="yes"), ".hidden: must have type ['boolean', 'null']"),
        (added(sheetType="PETA"), ".sheetType: none of the enum's words"),
        (added(gridProperties=[]), ".gridProperties: must have type ['object', 'null']"),
        (added(title=None, sheet_id=5, index="2", sheetType="GRID"), None),
    ],
)
def test_request_bodies_are_checked(body: object, problem: str | None) -> None:
    """Unknown fields, wrong types and unknown words are found; what proto3 JSON allows is not."""
    expected = [f"request at requests[0].addSheet.properties{problem}"] if problem else []
    answer = {"spreadsheetId": "x", "replies": [{}]}

    assert expected == problems(BATCH, body, answer=answer)


@pytest.mark.parametrize("cell,is_plain", [("a", True), (None, True), ([], False), ({}, False)])
def test_cells_are_plain(cell: object, *, is_plain: bool) -> None:
    """A cell is a text, a number, a truth or null: no list, no object."""
    found = problems(WRITE, {"values": [["a", cell]]}, query=RAW, answer={})

    assert is_plain == (not found)
    assert is_plain or found[0].startswith("request at values[0][1]: must have type")


@pytest.mark.parametrize(
    "method,query,problem",
    [
        (WRITE, {"valueInputOption": "MENTAH"}, "at valueInputOption: no string as documented"),
        (WRITE, RAW | {"tiada": "1"}, "at tiada: unknown"),
        (WRITE, RAW | {"includeValuesInResponse": "ya"}, "at includeValuesInResponse: no boolean"),
        (WRITE, RAW | {"includeValuesInResponse": "True", "alt": "json"}, None),
        (WRITE, {"valueInputOption": ["RAW", "RAW"]}, "at valueInputOption: given more than once"),
        ("sheets.spreadsheets.get", {"ranges": ["A1", "B2"]}, None),
        ("drive.files.list", {"pageSize": "5000"}, "at pageSize: no integer"),
        ("drive.files.list", {"pageToken": "", "tiada": "1"}, None),
        ("drive.files.export", {}, "at mimeType: missing"),
    ],
)
def test_queries_are_checked(method: str, query: Mapping[str, Any], problem: str | None) -> None:
    """Unknown parameters are wrong outside Drive, wrong values everywhere."""
    answer: object = None if methods()[method].response is None else {}
    found = problems(method, query=query, answer=answer)

    assert len(found) == (problem is not None)
    assert problem is None or found[0].startswith(f"query {problem}")


@pytest.mark.parametrize(
    "method,answer,problem",
    [
        (READ, {"values": [["a"]], "baris": 1}, "the top: unknown baris"),
        (READ, {"range": None}, "range: must have type string"),
        (READ, {"majorDimension": "BARIS"}, "majorDimension: none of the enum's words"),
        (READ, {"values": [[float("nan")]]}, "values[0][0]: must have format finite"),
        (READ, None, "the top: must have type object"),
        (WRITE, {"updatedRows": "1"}, "updatedRows: must have type integer"),
        (WRITE, {"updatedRows": 1.0}, "updatedRows: must have format int32"),
        ("drive.files.get", {"size": 5}, "size: must have type string"),
        ("drive.files.get", {"kind": "drive#folder"}, "kind: none of the enum's words"),
        ("drive.files.get", {"createdTime": "24/11/2026"}, "createdTime: must have format"),
        ("drive.files.get", {"appProperties": {"a": 1}}, "appProperties.a: must have type string"),
        ("drive.files.get", {"size": "5", "createdTime": "2026-11-24T03:15:00.000Z"}, None),
        ("drive.files.get", None, None),  # the file itself
    ],
)
def test_answers_are_checked(method: str, answer: object, problem: str | None) -> None:
    """An answer has the documented fields only, in their one spelling."""
    found = problems(method, query=RAW if method == WRITE else {}, answer=answer)

    assert len(found) == (problem is not None)
    assert problem is None or found[0].startswith(f"answer 200 at {problem}")


SHEETS_ERROR = {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}
DRIVE_DETAIL = {"domain": "global", "reason": "notFound", "message": "File not found: x."}
DRIVE_ERROR = {"code": 404, "message": "File not found: x.", "errors": [DRIVE_DETAIL]}


@pytest.mark.parametrize(
    "method,error,is_google",
    [
        (BATCH, SHEETS_ERROR, True),
        (BATCH, SHEETS_ERROR | {"code": 400}, False),
        (BATCH, SHEETS_ERROR | {"status": "INVALID_ARGUMENT"}, False),
        (BATCH, SHEETS_ERROR | {"errors": []}, False),
        (BATCH, {"code": 404, "message": "x"}, False),
        (BATCH, SHEETS_ERROR | {"details": [{"reason": "x"}]}, False),
        ("drive.files.get", DRIVE_ERROR, True),
        ("drive.files.get", SHEETS_ERROR, False),
    ],
)
def test_errors_have_google_s_shape(
    method: str, error: Mapping[str, Any], *, is_google: bool
) -> None:
    """What a refused request said is left alone; how it is refused is not."""
    found = problems(method, {"wrong": "on purpose"}, status=404, answer={"error": error})

    assert is_google == (not found)


# -- the quick look and jsonschema

PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
SAMPLES = {
    "byte": ["", "AQ==", "AQ", "_-8="],
    "date": ["2026-11-24"],
    "google-fieldmask": ["*", "a.b,c"],
    "date-time": ["2026-11-24T03:15:00.000Z"],
    "google-datetime": ["2026-11-24T03:15:00Z"],
}


@st.composite
def fitting(draw: st.DrawFn, known: Mapping[str, Any], schema: Any, depth: int = 4) -> Any:
    """Return a value that fits *schema*."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    if not schema:
        return draw(PLAIN)
    if "null" in schema["type"] and not draw(st.integers(0, 9)):
        return None
    if "items" in schema:
        size = draw(st.integers(0, 2)) if depth else 0
        return [draw(fitting(known, schema["items"], depth - 1)) for _ in range(size)]
    if "additionalProperties" in schema:
        inner = schema.get("properties", {"a": schema["additionalProperties"]})
        names = draw(st.lists(st.sampled_from(sorted(inner) or [""]), max_size=3, unique=True))
        wanted = names if depth and inner else []
        return {name: draw(fitting(known, inner[name], depth - 1)) for name in wanted}
    return draw(fitting_scalars(schema))


def fitting_scalars(schema: Any) -> st.SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("format") in SAMPLES:
        return st.sampled_from(SAMPLES[schema["format"]])
    kinds = {
        "boolean": st.booleans(),
        "integer": st.integers(0, 9),
        "number": st.floats(allow_nan=False, allow_infinity=False),
        "null": st.none(),
        "string": st.sampled_from(["1", "NaN"] if "format" not in schema else _texts(schema)),
    }
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([kinds[kind] for kind in types])


def _texts(schema: Any) -> list[str]:
    return ["0", "7"] if "int" in schema["format"] else ["NaN", "Infinity"]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield container and key of everything inside *value*."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


@given(st.data())
def test_the_quick_look_and_jsonschema_agree(data: st.DataObject) -> None:
    """Both pass what fits, and both find one value in it that was replaced by another."""
    api, sent = data.draw(st.sampled_from(sorted(VERSIONS))), data.draw(st.booleans())
    known = definitions(api, sent=sent)
    name = data.draw(st.sampled_from(sorted(known)))
    check, fits = validator(api, name, sent=sent), quick_looks(api, sent=sent).at(name)

    body = {"body": data.draw(fitting(known, {"$ref": name}))}
    assert check.is_valid(body["body"])
    assert fits(body["body"])

    container, key = data.draw(st.sampled_from(list(places(body))))
    container[key] = data.draw(PLAIN | st.just([]) | st.just({}) | st.just({"tiada": 1}))
    assert check.is_valid(body["body"]) == fits(body["body"])
