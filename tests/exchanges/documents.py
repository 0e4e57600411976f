"""Google's discovery documents: the methods, and the messages as JSON Schema."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from googleapiclient.discovery_cache import get_static_doc

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Schema: TypeAlias = dict[str, Any]

VERSIONS = {"sheets": "v4", "forms": "v1", "drive": "v3"}

#: what `any` stands for in the Sheets API: the value of one cell
_CELL = {"type": ["string", "number", "boolean"], "format": "finite"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What a discovery document says of one method."""

    id: str
    api: str  #: `sheets`, `forms` or `drive`
    query: Mapping[str, Schema]  #: the query's parameters, the API's common ones too
    request: str | None  #: the message in the request body
    response: str | None
    has_media: bool  #: a body may be a file instead of a message


@cache
def methods() -> Mapping[str, Method]:
    """Return every method of the three APIs, by id."""
    return {method.id: method for api in VERSIONS for method in _methods(api)}


@cache
def definitions(api: str, *, sent: bool) -> Mapping[str, Schema]:
    """
    Return the messages of *api* as JSON Schema, by name.

    sent: as a client may write them (proto3 JSON): null for absent, proto field names,
          integers as text. An answer has one spelling only.
    """
    spelling = _Sent(api) if sent else _Answered(api)
    return {name: spelling.schema(raw) for name, raw in _document(api)["schemas"].items()}


class _Answered:
    """The one spelling that Google's answers have."""

    def __init__(self, api: str) -> None:
        self.any: Schema = _CELL if api == "sheets" else {}

    def schema(self, raw: Schema) -> Schema:
        if "$ref" in raw:
            return {"$ref": f"#/$defs/{raw['$ref']}"}
        match raw["type"]:
            case "any":
                return self.any
            case "array":
                return {"type": "array", "items": self.schema(raw["items"])}
            case "object":
                return self.message(raw)
            case "string":
                return self.text(raw)
            case "number":
                return {"type": ["number", "string"], "format": raw["format"]}
            case kind:
                return {"type": kind} | _picked(raw, "format")

    def message(self, raw: Schema) -> Schema:
        if "additionalProperties" in raw:  # a map
            return {
                "type": "object",
                "additionalProperties": self.schema(raw["additionalProperties"]),
            }
        fields = {name: self.schema(inner) for name, inner in raw.get("properties", {}).items()}
        return {"type": "object", "properties": fields, "additionalProperties": False}

    def text(self, raw: Schema) -> Schema:
        if "default" in raw:  # such as `drive#file` for `kind`
            return {"type": "string", "enum": [raw["default"]]}
        return {"type": "string"} | _picked(raw, "format", "enum")


class _Sent(_Answered):
    """All that Google takes."""

    def schema(self, raw: Schema) -> Schema:
        schema = super().schema(raw)
        if "type" not in schema:
            return schema
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        if "int" in str(schema.get("format")):
            kinds = ["integer", "string"]
        nullable = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return schema | {"type": [*kinds, "null"]} | nullable

    def message(self, raw: Schema) -> Schema:
        schema = super().message(raw)
        fields = schema.get("properties", {})
        proto_names = {_snake(name): inner for name, inner in fields.items()}
        return schema | ({"properties": proto_names | fields} if fields else {})

    def text(self, raw: Schema) -> Schema:
        return {"type": "string"} | _picked(raw, "format", "enum")


def _picked(raw: Schema, *names: str) -> Schema:
    return {name: raw[name] for name in names if name in raw}


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)


@cache
def _document(api: str) -> Schema:
    found: Schema = json.loads(get_static_doc(api, VERSIONS[api]))
    return found


def _methods(api: str) -> Iterator[Method]:
    document = _document(api)
    for raw in _raw_methods(document):
        parameters = document["parameters"] | raw.get("parameters", {})
        yield Method(
            id=raw["id"],
            api=api,
            query={name: one for name, one in parameters.items() if one["location"] == "query"},
            request=raw.get("request", {}).get("$ref"),
            response=raw.get("response", {}).get("$ref"),
            has_media="supportsMediaUpload" in raw or "supportsMediaDownload" in raw,
        )


def _raw_methods(resource: Schema) -> Iterator[Schema]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _raw_methods(inner)
