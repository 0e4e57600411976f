"""A YAML file as a tree whose every node knows where it stands."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Scalar = str | int | float | bool | None
Path = tuple[str | int, ...]  #: keys and list positions from the root

_DEEPEST = 12


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at a place of the file."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One value of the file: a scalar, a list, or a mapping with text keys."""

    place: Place
    key_place: Place  #: of the key that it stands under; its own where there is none
    written: str = ""  #: a scalar as it was typed
    scalar: Scalar = None
    items: tuple[Node, ...] | None = None
    children: dict[str, Node] = dataclasses.field(default_factory=dict)
    is_mapping: bool = False

    @property
    def text(self) -> str:
        """Return the scalar if it is a text, else ""."""
        return self.scalar if isinstance(self.scalar, str) else ""

    @property
    def is_unquoted(self) -> bool:
        """Tell whether YAML read the scalar as a number or as true/false."""
        return isinstance(self.scalar, int | float)

    def child(self, *keys: str) -> Node | None:
        """Return the node below *keys*; None where there is none."""
        node: Node | None = self
        for key in keys:
            node = node.children.get(key) if node else None
        return node

    def texts(self) -> Iterator[Node]:
        """Yield the texts of a list, or the one text that stands in its place."""
        for node in (self,) if self.items is None else self.items:
            if node.text:
                yield node

    def nearest(self, path: Path) -> tuple[Node, Path]:
        """Return the deepest node that exists on *path*, and the part of it that led there."""
        node = self
        for count, step in enumerate(path):
            below = node._below(step)
            if below is None:
                return node, path[:count]
            node = below
        return node, path

    def _below(self, step: str | int) -> Node | None:
        if isinstance(step, int):
            return self.items[step] if self.items and step < len(self.items) else None
        return self.children.get(step)

    def plain(self) -> object:
        """Return dicts, lists and scalars."""
        if self.is_mapping:
            return {key: child.plain() for key, child in self.children.items()}
        if self.items is not None:
            return [item.plain() for item in self.items]
        return self.scalar


def parse(text: str) -> tuple[Node | None, list[Finding]]:
    """
    Return the root of a YAML 1.2 document, and what is wrong with its form.

    The root is None when the text is no YAML. Of a key that stands twice the first counts.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - `--help` shall not pay for it
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except YAMLError as error:
        return None, [_syntax_finding(error)]
    if root is None:
        return None, [Finding(_START, "the file is empty")]
    builder = _Builder([])
    return builder.build(root), builder.findings


_START = Place(1, 1)


def _syntax_finding(error: Exception) -> Finding:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "a character that YAML does not allow"
    return Finding(_place(mark) if mark else _START, f"not YAML: {what}")


def _place(mark: Any) -> Place:  # noqa: ANN401 - ruamel's marks are untyped
    return Place(mark.line + 1, mark.column + 1)


@dataclass(frozen=True, slots=True)
class _Builder:
    """Turns ruamel's nodes into ours."""

    findings: list[Finding]

    def build(self, raw: Any, key_place: Place | None = None, depth: int = 0) -> Node:  # noqa: ANN401
        place = _place(raw.start_mark)
        key_place = key_place or place
        if depth > _DEEPEST:
            self.findings.append(Finding(place, "nested too deep"))
            return Node(place=place, key_place=key_place)
        if raw.id == "mapping":
            children = self._children(raw, depth)
            return Node(place=place, key_place=key_place, children=children, is_mapping=True)
        if raw.id == "sequence":
            items = tuple(self.build(item, None, depth + 1) for item in raw.value)
            return Node(place=place, key_place=key_place, items=items)
        return Node(
            place=place, key_place=key_place, written=raw.value, scalar=_scalar(raw.tag, raw.value)
        )

    def _children(self, raw: Any, depth: int) -> dict[str, Node]:  # noqa: ANN401
        children: dict[str, Node] = {}
        for raw_key, raw_value in raw.value:
            place = _place(raw_key.start_mark)
            if raw_key.id != "scalar":
                self.findings.append(Finding(place, "a key must be a text"))
            elif raw_key.value in children:
                first = children[raw_key.value].key_place.line
                message = f"the key {raw_key.value!r} stands twice, first in line {first}"
                self.findings.append(Finding(place, message))
            else:
                children[raw_key.value] = self.build(raw_value, place, depth + 1)
        return children


def _scalar(tag: object, written: str) -> Scalar:
    match str(tag).rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return written.lower() == "true"
        case "int":
            return _integer(written)
        case "float":
            return _float(written)
        case _:
            return written


def _integer(written: str) -> int | str:
    try:
        return int(written.replace("_", ""), 0 if written[:2] in {"0x", "0o"} else 10)
    except ValueError:
        return written


def _float(written: str) -> float | str:
    try:
        return float(written.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
    except ValueError:
        return written
