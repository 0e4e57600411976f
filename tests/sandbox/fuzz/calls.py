"""Calls of every method, as a client would send them or worse."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from fuzz.damage import BYTES, LITERALS, Damage, paths, spoiled
from fuzz.discovered import message, parameters
from fuzz.known import Known, resolved
from fuzz.plausible import FIELDS, STRANGER, one_of, word
from sync.sandbox import discovery
from sync.sandbox.discovery import V2_UPLOAD
from sync.sandbox.endpoints import ENDPOINTS
from sync.sandbox.sample import SERVICE_ACCOUNT, USER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from sync.sandbox.discovery import Method
    from sync.sandbox.world import World

_BOUNDARY = "===odd"
_MARK = f"; boundary={_BOUNDARY}"
_SCOPE = "https://www.googleapis.com/auth/"
ALL_SCOPES = tuple(
    sorted({scope for method in discovery.methods().values() for scope in method.scopes})
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MadeUp:
    """
    One request that is not sent yet: it may name what only a running sandbox knows.

    path:   template with `{name}` parts, which `values` fill
    body:   JSON; fields of a form where `is_form`; None for nothing
    media:  a file that goes along, in the way that the query's `uploadType` says
    inner:  calls of a batch
    who:    e-mail; "" sends no token
    scopes: of the token; None: all that there are
    damage: what happens to the bytes of the body
    """

    verb: str
    path: str
    values: Mapping[str, Any] = field(default_factory=dict)
    query: Sequence[tuple[str, Any]] = field(default_factory=list)
    body: Any = None
    is_form: bool = False
    media: bytes | None = None
    inner: Sequence[MadeUp] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    who: str = USER
    scopes: tuple[str, ...] | None = None
    damage: Damage | None = None

    def __repr__(self) -> str:
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        usual = {
            "values": {},
            "query": [],
            "inner": (),
            "headers": {},
            "is_form": False,
            "who": USER,
        }
        told = (f"{name}={value!r}" for name, value in said.items() if value != usual.get(name))
        return f"MadeUp({', '.join(told)})"

    def sent(self, world: World) -> tuple[str, str, str, dict[str, str], bytes]:
        """Return verb, raw path, query, headers and body as the world takes them."""
        values = resolved(dict(self.values), world.state)
        path = re.sub(r"\{\+?(\w+)\}", lambda part: _quoted(values[part[1]]), self.path)
        named = [(name, resolved(value, world.state)) for name, value in self.query]
        query = urlencode([(name, _text(value)) for name, value in named], errors="replace")
        body, content_type = self._content(world)
        if self.damage is not None:
            body = self.damage.done(body)
        headers = {"content-type": content_type} if content_type else {}
        if self.who:
            scopes = ALL_SCOPES if self.scopes is None else self.scopes
            token = world.keys.access_token(self.who, scopes, world.clock())
            headers["authorization"] = f"Bearer {token}"
        return self.verb, path, query, headers | dict(self.headers), body

    def _content(self, world: World) -> tuple[bytes, str]:
        if self.inner:
            return _batch([call.sent(world) for call in self.inner]), f"multipart/mixed{_MARK}"
        found = resolved(self.body, world.state)
        if self.is_form and isinstance(found, dict):
            return urlencode(found, doseq=True, errors="replace").encode(), _FORM
        told = b"" if found is None else _json(found)
        kind = dict(self.query).get("uploadType")
        if kind == "multipart":
            parts = (b"application/json", told), (b"text/csv", self.media or b"")
            return _multipart(*parts), f"multipart/related{_MARK}"
        if kind == "media" or self.media is not None:
            return self.media or b"", "text/csv"
        return told, "application/json" if told else ""


_FORM = "application/x-www-form-urlencoded"


def _json(body: Any) -> bytes:
    text = json.dumps(body)
    for mark, literal in LITERALS.items():
        text = text.replace(f'"{mark}"', literal)
    return text.encode()


def _batch(calls_: list[tuple[str, str, str, dict[str, str], bytes]]) -> bytes:
    return _multipart(*((b"application/http", _request(*call)) for call in calls_))


def _request(verb: str, path: str, query: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{verb} {path}?{query}", *(f"{name}: {text}" for name, text in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "replace") + body


def _multipart(*parts: tuple[bytes, bytes]) -> bytes:
    mark = b"--" + _BOUNDARY.encode()
    whole = b"".join(
        mark + b"\r\nContent-Type: " + kind + b"\r\n\r\n" + part + b"\r\n" for kind, part in parts
    )
    return whole + mark + b"--\r\n"


def _quoted(value: object) -> str:
    return quote(_text(value), safe="", errors="replace")


def _text(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


# -- strategies


@st.composite
def calls(draw: DrawFn) -> MadeUp:
    """Return a call of one of the three APIs, sometimes one that no client would send."""
    call = replace(draw(_usual), who=draw(_people))
    if draw(_rarely):
        call = replace(call, body=draw(spoiled(call.body)))
    if draw(_rarely):
        call = draw(_out_of_the_way(call))
    return call


def of_method(method: Method) -> SearchStrategy[MadeUp]:
    """Return calls of one method."""
    return _method_call(method)


@st.composite
def _method_call(draw: DrawFn, method: Method) -> MadeUp:
    in_path = re.findall(r"\{\+?(\w+)\}", method.path)
    values = {name: draw(FIELDS.get(name, word)) for name in in_path}
    names = [name for name in _own_parameters(method) if name not in in_path]
    query = draw(parameters(method, names))
    if method.id == V2_UPLOAD:
        query = [("uploadType", "media"), ("convert", True)]
        return MadeUp(verb="PUT", path=method.path, values=values, query=query, media=draw(_media))
    if method.api == "drive" and draw(st.booleans()):
        query.append(("fields", "*"))
    body = draw(message(method.api, method.request)) if method.request else None
    headers: Mapping[str, str] = {}
    if method.id == "drive.files.get" and draw(st.booleans()):
        query.append(("alt", "media"))
        headers = draw(_ranges)
    return MadeUp(
        verb=method.verb, path=method.path, values=values, query=query, body=body, headers=headers
    )


@st.composite
def _batch_update(draw: DrawFn, method: Method) -> MadeUp:
    """Return a batchUpdate of one kind of request or several, mostly on the prepared file."""
    count = draw(one_of(1, 1, 1, 2, 3))
    requests = [draw(message(method.api, "Request")) for _ in range(count)]
    call = draw(_method_call(method))
    options = call.body if draw(_rarely) else {}
    return replace(call, body={**options, "requests": requests})


@st.composite
def _upload(draw: DrawFn) -> MadeUp:
    """Return an upload in one request, or the start of a resumable one."""
    method = discovery.methods()[draw(one_of("drive.files.create", "drive.files.update"))]
    call = draw(_method_call(method))
    kind = draw(one_of("multipart", "media", "resumable", "x"))
    media = None if kind == "resumable" else draw(_media)
    query = [("uploadType", kind), *call.query]
    return replace(call, path=f"/upload{call.path}", query=query, media=media)


@st.composite
def _piece(draw: DrawFn) -> MadeUp:
    """Return a piece of a resumable upload, in order or not."""
    media = draw(_media)
    start, more = draw(one_of(0, 0, 1, 3)), draw(one_of(0, 0, 1, -1, 10**17))
    total = draw(one_of("*", str(start + len(media) + more)))
    span = f"{start}-{start + len(media) - 1}"
    place = draw(one_of(f"bytes {span}/{total}", f"bytes */{total}", "", "bytes x", "bytes 5-1/3"))
    return MadeUp(
        verb="PUT",
        path="/upload/drive/v3/files",
        query=[("uploadType", "resumable"), ("upload_id", draw(_upload_id))],
        media=media,
        headers={"content-range": place} if place else {},
    )


@st.composite
def _out_of_the_way(draw: DrawFn, call: MadeUp) -> MadeUp:
    """Return *call* by somebody else, or with damage."""
    match draw(st.integers(0, 5)):
        case 0:
            return replace(call, who="")
        case 1:
            scopes = draw(st.lists(st.sampled_from(ALL_SCOPES), max_size=2))
            return replace(call, scopes=tuple(scopes))
        case 2:
            return replace(call, damage=draw(BYTES))
        case 3:
            return replace(call, path=draw(paths(call.path)))
        case 4:
            return replace(call, query=[*call.query, draw(_odd_parameter)])
        case _:
            return replace(call, headers={**call.headers, **draw(_odd_headers)})


def _own_parameters(method: Method) -> list[str]:
    common = discovery.document(method.api)["parameters"]
    return [name for name in method.parameters if name not in common]


_rarely = st.sampled_from([False] * 11 + [True])
_media = one_of(b"", b"a,b\n1,2\n", b"=1/0,'x\n", b'"', b"\xff\xfe\x00", b"a\x00b", b"x" * 3000)
_upload_id = st.one_of(st.builds(Known, st.just("upload"), st.integers(0, 3)), st.just("x"))
_odd_parameter = st.tuples(
    one_of("fields", "alt", "pageToken", "x", "$x", "uploadType", "access_token", "key", "ranges"),
    one_of("*", "", "x", "media", "json", "a(b", "a/b", "*/x", "\ud800", "(" * 2000, "files(id)"),
)
_people = one_of(*[USER] * 9, SERVICE_ACCOUNT, SERVICE_ACCOUNT, STRANGER)
_ranges = one_of(
    {},
    {"range": "bytes=0-1"},
    {"range": "bytes=2-"},
    {"range": "bytes=-1"},
    {"range": "bytes=-0"},
    {"range": "bytes=9-1,x"},
    {"range": "bytes=" + "9" * 5000 + "-"},
)
_odd_headers = one_of(
    {"content-type": "text/plain"},
    {"content-type": "multipart/related"},
    {"content-type": 'multipart/related; boundary="'},
    {"x-http-method-override": "GET"},
    {"range": "bytes=0-1"},
    {"authorization": "Bearer x"},
    {"authorization": "Bearer ya29.é.x"},
    {"authorization": "\xff"},
    {"x-upload-content-type": "\xe9"},
    {"content-range": "bytes 0-0/1"},
)
_METHODS = discovery.methods()
_IN_DRIVE = [method for method in _METHODS.values() if method.api == "drive"]
_ELSEWHERE = [method for method in _METHODS.values() if method.api != "drive"]
_sheets_batch, _forms_batch = (
    _batch_update(_METHODS[name])
    for name in ("sheets.spreadsheets.batchUpdate", "forms.forms.batchUpdate")
)
_in_drive, _elsewhere = (
    st.sampled_from([one for one in methods if one.id in ENDPOINTS] * 9 + methods).flatmap(
        _method_call
    )
    for methods in (_IN_DRIVE, _ELSEWHERE)
)
_USUAL = [_sheets_batch] * 4 + [_elsewhere] * 3 + [_in_drive] * 3
_USUAL += [_upload(), _piece()] + [_forms_batch] * ("forms.forms.batchUpdate" in ENDPOINTS)
_usual = st.sampled_from(_USUAL).flatmap(lambda chosen: chosen)
