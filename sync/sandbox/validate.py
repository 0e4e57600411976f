"""Checks of request and answer bodies against Google's discovery documents."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeGuard

from sync.sandbox import discovery
from sync.sandbox.reply import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.sandbox.discovery import Method
    from sync.sandbox.reply import Json

_SCALARS = {str, int, float, bool, type(None)}
_INT_RANGE = {"int32": 2**31, "int64": 2**63, "uint32": 2**32, "uint64": 2**64}
_MOST = sys.float_info.max  #: JSON has no word for infinity
_NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_BODY_FIELD = {
    "sheets.spreadsheets.values.update": "data",
    "sheets.spreadsheets.values.append": "data",
    "sheets.spreadsheets.create": "spreadsheet",
}
#: enums that are not called as their fields are
_ENUMS = {
    "majorDimension": "Dimension",
    "horizontalAlignment": "HorizontalAlign",
    "verticalAlignment": "VerticalAlign",
}
#: messages of which only one field may be set: the group's name, its fields (none: all)
_ONEOFS: dict[str, tuple[str, frozenset[str]]] = {
    "Request": ("kind", frozenset()),
    "ExtendedValue": ("value", frozenset()),
    "DataFilter": ("filter", frozenset()),
    "UpdateCellsRequest": ("area", frozenset(("start", "range"))),
    "FindReplaceRequest": ("scope", frozenset(("range", "sheetId", "allSheets"))),
}
_TRUTH = {"true": True, "false": False, "1": True, "0": False}  #: Python writes True, R TRUE
#: shared drives were team drives once, and clients still say so
_RENAMED = {
    "teamDriveId": "driveId",
    "includeTeamDriveItems": "includeItemsFromAllDrives",
    "supportsTeamDrives": "supportsAllDrives",
}
_RENAMED_CORPORA = {"teamDrive": "drive", "allTeamDrives": "allDrives"}


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with a body, in Google's words."""

    field: str
    description: str


def cleaned_body(method: Method, body: Json) -> Json:
    """
    Return *body* without nulls and in camelCase, every value of the documented type.

    Raises `Refused` (400) with Google's text for unknown fields and wrong types.
    """
    if method.request is None:
        return {}
    check = _Check(method.api)
    clean: Json = check.ref(method.request, body, _BODY_FIELD.get(method.id, ""))
    if check.violations:
        raise _refusal(check.violations)
    return clean


def cleaned_query(method: Method, query: dict[str, list[str]]) -> dict[str, Any]:
    """Return the query's parameters, typed; raises `Refused` as Google does."""
    clean: dict[str, Any] = {}
    for name, texts in query.items():
        if name in method.parameters:
            value = _parameter(name, method.parameters[name], texts)
            if name == "corpora":
                value = _RENAMED_CORPORA.get(value, value)
            clean[_RENAMED.get(name, name)] = value
        elif method.api != "drive" and not name.startswith("$"):
            raise _refusal([_unbound(name)])
    return clean


def answer_problems(method_id: str, body: object) -> list[str]:
    """Return what an answer says that the discovery document does not know; empty is good."""
    method = discovery.methods()[method_id]
    if method.response is None:
        return [] if body in (None, {}, "") else [f"{method_id} has no body, got {body!r:.80}"]
    check = _Check(method.api, strict=True)
    check.ref(method.response, body, "")
    return [violation.description for violation in check.violations]


def request_problems(method_id: str, body: object) -> list[str]:
    """Return what a request body says that the discovery document does not know."""
    method = discovery.methods()[method_id]
    if method.request is None:
        return []
    check = _Check(method.api)
    check.ref(method.request, body, _BODY_FIELD.get(method_id, ""))
    return [violation.description for violation in check.violations]


def camel(name: str) -> str:
    """Return the JSON spelling of a proto field name: `sheet_id` is `sheetId`."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


@dataclass(slots=True)
class _Check:
    api: str
    strict: bool = False  #: an answer: int64 as text, no nulls, no numbers as text
    violations: list[Violation] = field(default_factory=list)

    def ref(self, name: str, value: object, path: str) -> Any:  # noqa: ANN401  # JSON
        schema = discovery.schema(self.api, name)
        if not isinstance(value, dict):
            return self._wrong(path, _type_name(self.api, name), value)
        return self._object(schema, value, path)

    def any(self, schema: Json, value: object, path: str) -> Any:  # noqa: ANN401  # JSON
        if "$ref" in schema:
            return self.ref(schema["$ref"], value, path)
        kind = schema.get("type")
        if kind == "array":
            return self._array(schema["items"], value, path)
        if self._is_boxed(value):
            (value,) = value
        if kind == "object":
            return self._map(schema, value, path)
        return value if kind == "any" else self._scalar(schema, value, path)

    def _is_boxed(self, value: object) -> TypeGuard[list[Any]]:
        """Return whether it is one item in a list, which Drive takes for the item (googledrive)."""
        lenient = self.api == "drive" and not self.strict
        return lenient and isinstance(value, list) and len(value) == 1

    def _object(self, schema: Json, value: Json, path: str) -> Json:
        known = schema.get("properties", {})
        clean: Json = {}
        for key, inner in value.items():
            name = key if key in known or self.strict else camel(key)
            if name not in known:
                if self.api != "drive" or self.strict:  # Drive passes over what it does not know
                    self._unknown(path, key)
            elif inner is not None:
                clean[name] = self.any(known[name], inner, _join(path, name))
            elif self.strict:
                self._wrong(_join(path, name), "null", inner)
        self._one_of(schema.get("id", ""), clean, path)
        return clean

    def _one_of(self, schema_id: str, clean: Json, path: str) -> None:
        """Note a second field of a group of which only one may be set."""
        group, names = _ONEOFS.get(schema_id, ("", frozenset()))
        given = [name for name in clean if group and (name in names or not names)]
        if len(given) > 1 and not self.strict:
            text = (
                f"Invalid value at '{path}' (oneof), oneof field '{group}' is already set. "
                f"Cannot set '{given[1]}'"
            )
            self.violations.append(Violation(path, text))

    def _map(self, schema: Json, value: object, path: str) -> Any:  # noqa: ANN401  # JSON
        if not isinstance(value, dict):
            return self._wrong(path, "type.googleapis.com/google.protobuf.Struct", value)
        if "additionalProperties" not in schema:
            return self._object(schema, value, path)
        inner = schema["additionalProperties"]
        clears = self.api == "drive" and not self.strict  # a property of null goes
        return {
            key: None if item is None and clears else self.any(inner, item, _join(path, key))
            for key, item in value.items()
        }

    def _array(self, items: Json, value: object, path: str) -> Any:  # noqa: ANN401  # JSON
        if items.get("type") == "array" and items["items"].get("type") == "any":
            return self._grid(value, path)
        if not isinstance(value, list):
            return [self.any(items, value, path)]
        listed = value if self.strict else _flat(value)
        return [self.any(items, item, f"{path}[{at}]") for at, item in enumerate(listed)]

    def _grid(self, value: object, path: str) -> object:
        """Check a list of lists of plain values; a million of them, so type by type."""
        kind = "type.googleapis.com/google.protobuf.ListValue"
        if not isinstance(value, list):
            return self._wrong(path, kind, value)
        for at, line in enumerate(value):
            if not isinstance(line, list):
                self._wrong(f"{path}[{at}]", kind, line)
            elif not set(map(type, line)) <= _SCALARS:
                self._not_plain(line, at)
        return value

    def _not_plain(self, line: list[object], at: int) -> None:
        for column, cell in enumerate(line):
            if type(cell) not in _SCALARS:
                kind = "list_value" if isinstance(cell, list) else "struct_value"
                text = f"Invalid values[{at}][{column}]: {kind} {{\n}}\n"
                self.violations.append(Violation(f"values[{at}][{column}]", text))

    def _scalar(self, schema: Json, value: object, path: str) -> object:
        match schema["type"]:
            case "boolean":
                return self._boolean(value, path)
            case "integer":
                return self._integer(schema.get("format", "int32"), value, path)
            case "number":
                return self._number(schema.get("format", "double"), value, path)
            case _:
                return self._text(schema, value, path)

    def _boolean(self, value: object, path: str) -> object:
        if isinstance(value, bool):
            return value
        if not self.strict and isinstance(value, str) and value.lower() in _TRUTH:
            return _TRUTH[value.lower()]
        return self._wrong(path, "TYPE_BOOL", value)

    def _integer(self, size: str, value: object, path: str) -> object:
        number = _whole(value, texts=not self.strict)
        limit = _INT_RANGE[size]
        if number is None or not -limit <= number < limit:
            return self._wrong(path, f"TYPE_{size.upper()}", value)
        return number

    def _number(self, size: str, value: object, path: str) -> object:
        is_text = isinstance(value, str) and not self.strict
        given: Any = float(str(value)) if is_text and _NUMERAL.fullmatch(str(value)) else value
        if isinstance(given, int | float) and not isinstance(given, bool) and abs(given) <= _MOST:
            return given
        return self._wrong(path, f"TYPE_{size.upper()}", value)

    def _text(self, schema: Json, value: object, path: str) -> object:
        size = schema.get("format")
        if size in _INT_RANGE:
            number, limit = _whole(value, texts=True), _INT_RANGE[size]
            is_told = isinstance(value, str) or not self.strict
            if number is None or not -limit <= number < limit or not is_told:
                return self._wrong(path, f"TYPE_{size.upper()}", value)
            return str(value)
        if not isinstance(value, str):
            return self._wrong(path, "TYPE_STRING", value)
        if size == "google-datetime" and not _INSTANT.fullmatch(value):
            return self._no_instant(path, value)
        if "enum" in schema and value not in schema["enum"]:
            name = path.rpartition(".")[2].partition("[")[0]
            kind = _ENUMS.get(camel(name), _capital(camel(name)))
            return self._wrong(path, _type_name(self.api, kind), value)
        return value

    def _no_instant(self, path: str, value: object) -> object:
        text = (
            f"Invalid value at '{path}' (type.googleapis.com/google.protobuf.Timestamp), Field "
            f"'{camel(path.rpartition('.')[2])}', Illegal timestamp format; timestamps must end "
            "with 'Z' or have a valid timezone offset."
        )
        self.violations.append(Violation(path, text))
        return value

    def _wrong(self, path: str, kind: str, value: object) -> object:
        """Note that *value* is no *kind*; the body is refused, so it may stay."""
        shown = json.dumps(value) if isinstance(value, str | int | float | bool) else "..."
        text = f"Invalid value at '{path}' ({kind}), {shown}"
        self.violations.append(Violation(path, text))
        return value

    def _unknown(self, path: str, name: str) -> None:
        where = f" at '{path}'" if path else ""
        text = f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'
        self.violations.append(Violation(path, text))


def _flat(value: list[Any]) -> Iterator[Any]:
    """Yield the items of a list; Google takes lists inside it for more of the same."""
    for item in value:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def _refusal(violations: Sequence[Violation]) -> Refused:
    listed = [
        ({"field": one.field} if one.field else {}) | {"description": one.description}
        for one in violations
    ]
    details = [
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed},
    ]
    message = "\n".join(one.description for one in violations)
    return Refused(400, message, details=details)


def _unbound(name: str) -> Violation:
    text = (
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
        f"Field '{name}' could not be found in request message."
    )
    return Violation("", text)


def _parameter(name: str, schema: Json, texts: list[str]) -> Any:  # noqa: ANN401  # JSON
    typed = [_parameter_value(name, schema, text) for text in texts]
    return typed if schema.get("repeated") else typed[-1]


def _parameter_value(name: str, schema: Json, text: str) -> object:
    check = _Check("sheets")
    value = check.any(schema, text, _snake(name))
    if check.violations:
        raise _refusal(check.violations)
    return value


def _whole(value: object, *, texts: bool) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if texts and isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value, re.ASCII):
        return int(value)
    return value if isinstance(value, int) else None


def _join(path: str, name: str) -> str:
    snake = _snake(name)
    return f"{path}.{snake}" if path else snake


@cache
def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match[0].lower(), name)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _type_name(api: str, name: str) -> str:
    return f"type.googleapis.com/google.apps.{api}.v4.{name}"
