"""What is wrong with a request on purpose: in a message, in its bytes, in its path."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from fuzz.plausible import one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

#: text in a message to what is sent instead, quotes and all
LITERALS = {
    "@nested@": "[" * 400 + "]" * 400,
    "@nested objects@": '{"a":' * 400 + "1" + "}" * 400,
    "@deep@": "[" * 3000 + "]" * 3000,
    "@deeper@": '{"a":' * 3000 + "1" + "}" * 3000,
    "@digits@": "9" * 5000,
    "@big@": "1e999",
    "@minus@": "-0",
    "@long@": '"' + "x" * 60_000 + '"',
}
_WILD = one_of(
    None,
    True,
    -1,
    0,
    "",
    1.5,
    "x",
    2**31,
    -(2**63),
    10**30,
    [],
    {},
    [[]],
    [None],
    {"x": 1},
    {"": {}},
    float("nan"),
    float("-inf"),
    "NaN",
    "Infinity",
    "1e400",
    "\ud800",
    "\x00",
    "\U0001f600",
    "1_0",
    "٣",
    *LITERALS,
)
_unknown = one_of("x", "", "sheet_id", "@type", "a.b", "\ud800", "fields", "é" * 300)


@st.composite
def spoiled(draw: DrawFn, body: Any) -> Any:
    """Return *body* with something else in one place, or another name."""
    if body is None:
        return draw(st.one_of(_WILD, one_of({"x": 1}, "@deep@")))
    twin = deepcopy(body)
    places = list(_places(twin))
    if not places:
        return draw(_WILD)
    holder, key = places[draw(st.integers(0, len(places) - 1))]
    match draw(st.integers(0, 4)):
        case 0 | 1:
            holder[key] = draw(_WILD)
        case 2 if isinstance(holder, dict):
            holder[draw(_unknown)] = holder.pop(key)
        case 3 if isinstance(holder, dict):
            holder[_snake(str(key))] = holder.pop(key)
        case _:
            holder[key] = [holder[key]]
    return twin


def _places(thing: Any) -> Iterator[tuple[Any, Any]]:
    inside = thing.items() if isinstance(thing, dict) else enumerate(thing)
    for key, inner in list(inside):
        yield thing, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that stand in a body from *start* (of 100) on, in place of *cut* bytes."""

    start: int
    cut: int
    instead: bytes

    def done(self, body: bytes) -> bytes:
        """Return *body* with it."""
        at = len(body) * self.start // 100
        return body[:at] + self.instead + body[at + self.cut :]


BYTES = st.builds(
    Damage,
    st.integers(0, 100),
    one_of(0, 1, 2, 5, 10_000),
    one_of(b"", b"\xff", b"\x00", b'"', b"\r\n", b"--===odd--", b"[" * 100_000, b"{}", b"\xed\xa0"),
)


def paths(path: str) -> SearchStrategy[str]:
    """Return paths near *path* that are wrong."""
    return st.one_of(
        one_of("%", "%zz", "%ff", "%00", "%2F", "//", "/", ":x", "%", "?", "é").map(path.__add__),
        one_of("/v4/", "/v4/spreadsheets/%ff", "/v1/forms", "/drive/v3/", "/upload/drive/v3/x"),
        one_of("/", "/x", "/token", "/_sandbox/", "/_sandbox/x", "/batch", "/spreadsheets/d/%ff"),
    )
