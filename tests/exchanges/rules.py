"""What is wrong with an exchange: the place and the rule, never what stands there."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker

from exchanges.documents import Method, definitions, methods
from exchanges.formats import FORMATS
from exchanges.quick import QuickLooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError

    from exchanges.documents import Schema

_MOST_PROBLEMS = 3

#: HTTP status to the canonical codes that it stands for (google/rpc/code.proto)
_CODES = {
    400: ["INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE"],
    401: ["UNAUTHENTICATED"],
    403: ["PERMISSION_DENIED"],
    404: ["NOT_FOUND"],
    409: ["ABORTED", "ALREADY_EXISTS"],
    429: ["RESOURCE_EXHAUSTED"],
    499: ["CANCELLED"],
    500: ["INTERNAL", "UNKNOWN", "DATA_LOSS"],
    501: ["UNIMPLEMENTED"],
    503: ["UNAVAILABLE"],
    504: ["DEADLINE_EXCEEDED"],
}
_TEXT = {"type": "string"}
_DETAIL = {"type": "object", "required": ["@type"], "properties": {"@type": _TEXT}}
_DRIVE_DETAIL = {
    "type": "object",
    "required": ["domain", "reason", "message"],
    "properties": dict.fromkeys(["domain", "reason", "message", "location", "locationType"], _TEXT),
    "additionalProperties": False,
}


def request_problems(method_id: str, query: Mapping[str, object], body: object) -> list[str]:
    """Return what a request that was granted says against the documents."""
    method = methods()[method_id]
    found = [f"{method_id}: query {problem}" for problem in _query_problems(method, query)]
    return found + [f"{method_id}: request {problem}" for problem in _sent_problems(method, body)]


def answer_problems(method_id: str, status: int, body: object) -> list[str]:
    """Return what an answer says against the documents; a `fields` mask only leaves out."""
    method = methods()[method_id]
    found = (
        _message_problems(method.api, method.response, body, method, sent=False)
        if status < 400
        else _error_problems(method, status, body)
    )
    return [f"{method_id}: answer {status} {problem}" for problem in found]


@cache
def validator(api: str, name: str, *, sent: bool) -> Draft202012Validator:
    """Return jsonschema's check of one message."""
    schema = {"$ref": f"#/$defs/{name}", "$defs": definitions(api, sent=sent)}
    return Draft202012Validator(schema, format_checker=_format_checker())


@cache
def quick_looks(api: str, *, sent: bool) -> QuickLooks:
    """Return the quick looks at the messages of *api*."""
    return QuickLooks(definitions(api, sent=sent))


@cache
def _format_checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, judge in FORMATS.items():
        checker.checks(name)(judge)
    return checker


def _sent_problems(method: Method, body: object) -> Iterator[str]:
    if method.has_media and isinstance(body, str):
        return iter(())  # a file, perhaps with its message in front (multipart)
    if method.api == "drive" and method.request and isinstance(body, dict):
        # gspread sends `withLink` in a permission, and Drive passes over what it does not know.
        known = definitions("drive", sent=True)[method.request]["properties"]
        body = {name: value for name, value in body.items() if name in known}
    return _message_problems(method.api, method.request, body or {}, method, sent=True)


def _message_problems(
    api: str, name: str | None, body: object, method: Method, *, sent: bool
) -> Iterator[str]:
    if body is None and method.has_media:
        return
    if name is None:
        if body not in (None, {}):
            yield "has a body, and the method has none"
    elif not quick_looks(api, sent=sent).at(name)(body):
        yield from _explained(validator(api, name, sent=sent), body)


def _error_problems(method: Method, status: int, body: object) -> Iterator[str]:
    return _explained(_error_validator(status, drive=method.api == "drive"), body)


@cache
def _error_validator(status: int, *, drive: bool) -> Draft202012Validator:
    """Return the check of Google's error shape; 501 is the sandbox's own word."""
    error: Schema = {
        "type": "object",
        "required": ["code", "message", "errors" if drive and status != 501 else "status"],
        "properties": {
            "code": {"const": status},
            "message": {"type": "string", "minLength": 1},
            "status": {"enum": _CODES.get(status, [])},
            "details": {"type": "array", "items": _DETAIL},
            "errors": {"type": "array", "minItems": 1, "items": _DRIVE_DETAIL},
        },
        "additionalProperties": False,
    }
    if not drive:
        del error["properties"]["errors"]
    return Draft202012Validator(
        {
            "type": "object",
            "required": ["error"],
            "properties": {"error": error},
            "additionalProperties": False,
        }
    )


def _explained(check: Draft202012Validator, body: object) -> Iterator[str]:
    return map(_place_and_rule, islice(check.iter_errors(body), _MOST_PROBLEMS))


def _place_and_rule(error: ValidationError) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    return f"at {''.join(steps).lstrip('.') or 'the top'}: {_rule(error)}"


def _rule(error: ValidationError) -> str:
    if error.validator == "additionalProperties":
        return f"unknown {', '.join(sorted(_unknown(error)))}"
    if error.validator == "enum":
        return "none of the enum's words"
    return f"must have {error.validator} {error.validator_value}"


def _unknown(error: ValidationError) -> set[str]:
    found: Any = error.instance
    schema: Any = error.schema
    return set(found) - set(schema["properties"])


def _query_problems(method: Method, query: Mapping[str, object]) -> Iterator[str]:
    for name, given in query.items():
        if name in method.query:
            yield from _parameter_problems(name, method.query[name], given)
        elif method.api != "drive":  # gspread sends some that Drive does not know
            yield f"at {name}: unknown"
    for name, schema in method.query.items():
        if schema.get("required") and name not in query:
            yield f"at {name}: missing"


def _parameter_problems(name: str, schema: Schema, given: object) -> Iterator[str]:
    texts = given if isinstance(given, list) else [given]
    if len(texts) > 1 and not schema.get("repeated"):
        yield f"at {name}: given more than once"
    if not all(_is_parameter(schema, text) for text in texts):
        yield f"at {name}: no {schema['type']} as documented"


def _is_parameter(schema: Schema, text: Any) -> bool:
    if schema["type"] == "boolean":
        return text in {"true", "false", "True", "False"}
    if schema["type"] == "integer":
        low, high = int(schema.get("minimum", -(2**31))), int(schema.get("maximum", 2**31 - 1))
        return FORMATS["int32"](text) and low <= int(text) <= high
    return text in schema.get("enum", [text])
