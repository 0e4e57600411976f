"""Google's own description of its methods, as google-api-python-client ships it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from googleapiclient.discovery_cache import get_static_doc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.sandbox.reply import Json

V2_UPLOAD = "drive.v2.files.update"  #: the one old method that clients still use, for CSV
_SPARE_SLASH = re.compile("/(?=:|$)")
_APIS = (("sheets", "v4"), ("forms", "v1"), ("drive", "v3"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method of a discovery document."""

    id: str  #: such as `sheets.spreadsheets.values.get`
    api: str  #: `sheets`, `forms` or `drive`
    verb: str
    path: str  #: template with `{name}` parts, leading slash included
    parameters: Mapping[str, Json]  #: of the path and the query, the API's common ones too
    request: str | None  #: schema name of the body
    response: str | None
    scopes: frozenset[str]  #: any one of them is enough


@cache
def document(api: str) -> Json:
    """Return the discovery document of *api*."""
    found: Json = json.loads(get_static_doc(api, dict(_APIS)[api]))
    return found


@cache
def methods() -> Mapping[str, Method]:
    """Return every method of the APIs that the sandbox speaks, by id."""
    found = {method.id: method for api, _ in _APIS for method in _methods_of(api)}
    return found | {V2_UPLOAD: _v2_upload(found["drive.files.update"])}


def schema(api: str, name: str) -> Json:
    """Return the schema called *name*."""
    found: Json = document(api)["schemas"][name]
    return found


@lru_cache(maxsize=4096)
def route(verb: str, raw_path: str) -> tuple[Method, Mapping[str, str]] | None:
    """
    Return the method for a path that is still percent-encoded, and its path parameters.

    A tab title arrives as `RT%2001%2FRW%2002!A1%3AB2`, and its verb behind a plain
    colon: only the raw path tells them apart. Google takes a slash at the end or before
    the verb, which node-google-spreadsheet sends, for none.
    """
    plain = _SPARE_SLASH.sub("", raw_path)
    for pattern, method in _routes(verb):
        if match := pattern.fullmatch(plain):
            return method, {name: unquote(part) for name, part in match.groupdict().items()}
    return None


def _v2_upload(update: Method) -> Method:
    path = "/upload/drive/v2/files/{fileId}"
    return replace(update, id=V2_UPLOAD, verb="PUT", path=path, request=None, response=None)


def _methods_of(api: str) -> Iterator[Method]:
    whole = document(api)
    for raw in _raw_methods(whole):
        yield Method(
            id=raw["id"],
            api=api,
            verb=raw["httpMethod"],
            path=f"/{whole['servicePath']}{raw['path']}",
            parameters=whole["parameters"] | raw.get("parameters", {}),
            request=raw.get("request", {}).get("$ref"),
            response=raw.get("response", {}).get("$ref"),
            scopes=frozenset(raw.get("scopes", ())),
        )


def _raw_methods(resource: Json) -> Iterator[Json]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _raw_methods(inner)


@cache
def _routes(verb: str) -> list[tuple[re.Pattern[str], Method]]:
    own = [method for method in methods().values() if method.verb == verb]
    own.sort(key=lambda method: -len(re.sub(r"\{.*?\}", "", method.path)))
    return [(_pattern(method.path), method) for method in own]


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{\+?(\w+)\}", template)
    literal = [re.escape(part) for part in parts[::2]]
    names = [f"(?P<{name}>[^/]+)" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(literal, [*names, ""], strict=True)))
