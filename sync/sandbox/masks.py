"""
Field masks: which parts of a message are meant.

Grammar (Google, "partial responses"): names joined by `.` or `/`, lists in
parentheses, `*` for every field.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sync.sandbox import discovery
from sync.sandbox.reply import Refused
from sync.sandbox.validate import camel

if TYPE_CHECKING:
    from sync.sandbox.discovery import Method
    from sync.sandbox.reply import Json

_FILE, _PERMISSION, _DRIVE = "kind,id,name,mimeType", "kind,id,type,role", "kind,id,name"
_DEFAULTS = {
    "File": _FILE,
    "FileList": f"kind,incompleteSearch,nextPageToken,files({_FILE})",
    "Permission": _PERMISSION,
    "PermissionList": f"kind,nextPageToken,permissions({_PERMISSION})",
    "Drive": _DRIVE,
    "DriveList": f"kind,nextPageToken,drives({_DRIVE})",
    "ChangeList": (
        "kind,nextPageToken,newStartPageToken,"
        f"changes(kind,type,changeType,time,removed,fileId,driveId,file({_FILE}))"
    ),
}

#: field name to the mask of what is inside it; an empty mask means everything
Mask: TypeAlias = "dict[str, Mask]"


def parsed(text: str) -> Mask:
    """Return the mask that *text* spells; raises `Refused` (400) for a broken one."""
    reader = _Reader(text)
    mask = reader.fields()
    if reader.at != len(text):
        raise _invalid(text, text[reader.at :])
    return mask


def answer_mask(method: Method, text: str) -> Mask:
    """
    Return the mask for an answer of *method*, without *text* the one that the API has then.

    Unknown fields are refused as Google does.
    """
    if not text:
        return _default_mask(method.response) if method.api == "drive" else {}
    try:
        mask = parsed(text)
        if method.response is not None:
            _check_known(method.api, {"$ref": method.response}, mask, "")
    except Refused as refused:
        if method.api == "drive":
            raise _invalid_selection(text) from refused
        raise
    return mask


def masked(value: Any, mask: Mask) -> Any:  # noqa: ANN401  # JSON in, JSON out
    """Return the parts of *value* that *mask* names."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [masked(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: masked(inner, mask[key]) for key, inner in value.items() if key in mask}


def names(mask: Mask, *path: str) -> bool:
    """Return whether *mask* asks for the field at *path*, or for something inside it."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def updated(old: Json, new: Json, mask: Mask) -> Json:
    """
    Return *old* with the fields that *mask* names taken from *new*.

    Absent fields go, and so do zero, false and "", which proto3 does not show.
    """
    if not mask or "*" in mask:
        return {name: value for name, value in new.items() if _shown(value)}
    result = dict(old)
    for name, inner in mask.items():
        value = new.get(name)
        if isinstance(value, list):
            value = masked(value, inner)
        elif inner and "*" not in inner and not isinstance(old.get(name), list):
            merged = updated(old.get(name) or {}, value or {}, inner)
            value = merged if merged or value is not None else None
        if _shown(value):
            result[name] = value
        else:
            result.pop(name, None)
    return result


def without_zeros(part: Any) -> Any:  # noqa: ANN401  # JSON in, JSON out
    """Return *part* without zero, false, "" and empty lists: proto3 does not show them."""
    if isinstance(part, list):
        return [without_zeros(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {name: without_zeros(inner) for name, inner in part.items()}
    return {name: inner for name, inner in kept.items() if inner or isinstance(inner, dict)}


def _shown(value: object) -> bool:
    return bool(value) or isinstance(value, dict | list)


@cache
def _default_mask(response: str | None) -> Mask:
    """Return the few fields that Drive shows of a resource when nobody asks for others."""
    return parsed(_DEFAULTS[response]) if response in _DEFAULTS else {}


def _invalid_selection(text: str) -> Refused:
    message = f"Invalid field selection {text}"
    return Refused(400, message, reason="invalidParameter", location="fields")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fields(self) -> Mask:
        mask: Mask = {}
        while True:
            self._field(mask)
            if self._peek() != ",":
                return mask
            self.at += 1

    def _field(self, mask: Mask) -> None:
        while True:
            mask = mask.setdefault(self._name(), {})
            if self._peek() == "(":
                self._group(mask)
                return
            if self._peek() not in {".", "/"}:
                return
            self.at += 1

    def _group(self, mask: Mask) -> None:
        self.at += 1
        mask.update(self.fields())
        if self._peek() != ")":
            raise _invalid(self.text, self.text)
        self.at += 1

    def _name(self) -> str:
        start = self.at
        while self._peek() and self._peek() not in ",./()":
            self.at += 1
        name = self.text[start : self.at].strip()
        if not name:
            raise _invalid(self.text, self.text)
        return camel(name)

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]


def _check_known(api: str, schema: Json, mask: Mask, path: str) -> None:
    while "$ref" in schema or "items" in schema:
        schema = discovery.schema(api, schema["$ref"]) if "$ref" in schema else schema["items"]
    known = schema.get("properties")
    if known is None:
        return
    for name, inner in mask.items():
        where = f"{path}.{name}" if path else name
        if name == "*":
            continue
        if name not in known:
            raise _invalid(where, where)
        _check_known(api, known[name], inner, where)


def _invalid(field: str, shown: str) -> Refused:
    description = (
        f"Error expanding 'fields' parameter. Cannot find matching fields for path '{shown}'."
    )
    violation = {"field": field, "description": description}
    details = [
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]},
    ]
    return Refused(400, "Request contains an invalid argument.", details=details)
