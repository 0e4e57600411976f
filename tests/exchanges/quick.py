"""
A quick first look: does a value fit its schema, yes or no.

One answer can hold a hundred thousand values, and jsonschema takes some ten microseconds for
each. So it is asked only what is wrong, once this look says that something is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from exchanges.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exchanges.documents import Schema

Look: TypeAlias = "Callable[[Any], bool]"

_TYPES: Mapping[str, set[type]] = {
    "string": {str},
    "integer": {int},
    "number": {int, float},
    "boolean": {bool},
    "null": {type(None)},
}


class QuickLooks:
    """A look for every message of an API, made when first asked for."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._looks: dict[str, Look] = {}

    def at(self, name: str) -> Look:
        """Return the look for the message called *name*."""
        if name not in self._looks:
            # A message may hold itself: until its look is made, the one below stands for it.
            self._looks[name] = self._later(name)
            self._looks[name] = self._look(self._definitions[name])
        return self._looks[name]

    def _later(self, name: str) -> Look:
        def fits(value: object) -> bool:
            return self._looks[name](value)

        return fits

    def _look(self, schema: Schema) -> Look:
        if "$ref" in schema:
            return self.at(schema["$ref"].rpartition("/")[2])
        if "items" in schema:
            return self._array(schema)
        if "additionalProperties" in schema:
            return self._object(schema)
        return _scalar(schema) if schema else _anything

    def _array(self, schema: Schema) -> Look:
        item = self._look(schema["items"])
        nullable = "null" in schema["type"]

        def fits(value: object) -> bool:
            if not isinstance(value, list):
                return nullable and value is None
            return all(map(item, value))

        return fits

    def _object(self, schema: Schema) -> Look:
        fields = {name: self._look(one) for name, one in schema.get("properties", {}).items()}
        rest = schema["additionalProperties"]
        other = _nothing if rest is False else self._look(rest)
        nullable = "null" in schema["type"]

        def fits(value: object) -> bool:
            if not isinstance(value, dict):
                return nullable and value is None
            return all(fields.get(name, other)(inner) for name, inner in value.items())

        return fits


def _scalar(schema: Schema) -> Look:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    types = frozenset[type]().union(*(_TYPES[kind] for kind in kinds))
    if "enum" in schema:
        words = frozenset(schema["enum"])
        return lambda value: type(value) in types and value in words
    if "format" in schema:
        judge = FORMATS[schema["format"]]
        return lambda value: type(value) in types and judge(value)
    return lambda value: type(value) in types


def _anything(_value: object) -> bool:
    return True


def _nothing(_value: object) -> bool:
    return False
