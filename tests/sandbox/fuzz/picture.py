"""A plain picture of a whole state, to be compared with `==`."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sync.sandbox.sheets.book import Book
from sync.sandbox.sheets.cells import Row
from sync.sandbox.sheets.rows import Rows
from sync.sandbox.sheets.sheet import Sheet

if TYPE_CHECKING:
    from sync.sandbox.state import State

#: what only says who may change an object, or was worked out from the rest
_NOT_CONTENT = {"owner", "_watchers", "_book", "layout_version", "calculator", "calculated_at"}
_PLAIN = (str, int, float, bool, type(None), bytes)


def picture(state: State) -> Any:
    """Return everything that the state holds as dicts, lists and plain values."""
    return _drawn(state)


def _drawn(thing: Any) -> Any:
    if isinstance(thing, _PLAIN):
        return thing
    if isinstance(thing, dict):
        return {key: _drawn(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple | Rows):
        return [_drawn(item) for item in thing]
    if isinstance(thing, Row):
        return _row(thing)
    if isinstance(thing, Sheet | Book):
        kept = {name: value for name, value in vars(thing).items() if name not in _NOT_CONTENT}
        return _drawn(kept | _parts(thing))
    if is_dataclass(thing) and not _is_frozen(thing):
        return {name: _drawn(getattr(thing, name)) for name in _names(thing.__class__)}
    return thing


def _is_frozen(thing: Any) -> bool:
    """Return whether nobody changes *thing*: it is its own picture."""
    return bool(thing.__dataclass_params__.frozen)


@cache
def _names(kind: Any) -> list[str]:
    return [field.name for field in fields(kind) if field.compare]


def _parts(thing: Sheet | Book) -> dict[str, Any]:
    """Return the parts that there are: an empty list is none."""
    if isinstance(thing, Book):
        return {}
    return {"parts": {name: part for name, part in thing.parts.items() if part != []}}


def _row(row: Row) -> Any:
    return [
        [_drawn(cell) for cell in row.cells],
        {column: _drawn(extra) for column, extra in row.extras.items()},
        *(getattr(row, name) for name in row.__slots__ if name not in {"owner", "cells", "extras"}),
    ]
