"""
A compiled part: literal bytes, names of values, and blocks that may be dropped.

Compiling writes each gap into the XML as a processing instruction (`<?surat …?>`), which
no text of the template and no value can spell, and splits the serialised part there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

TARGET = "surat"

Condition: TypeAlias = tuple[tuple[str, ...], ...]  #: holds when all names of one group have text


@dataclass(frozen=True, slots=True)
class Block:
    """A piece that is printed only when *condition* holds (or, *negated*, does not)."""

    condition: Condition
    negated: bool
    segments: tuple[bytes | str | Block, ...]


Segment: TypeAlias = bytes | str | Block


def value_gap(name: str) -> etree._ProcessingInstruction:
    """Return the node that stands for the value *name* in the XML."""
    return etree.ProcessingInstruction(TARGET, f"value {name}")


def wrap(element: etree._Element, condition: Condition, *, negated: bool = False) -> None:
    """Mark *element* as a block; what is wrapped later lies outside what was before."""
    words = "|".join("+".join(group) for group in condition)
    start = etree.ProcessingInstruction(TARGET, f"{'unless' if negated else 'if'} {words}")
    element.addprevious(start)
    element.addnext(etree.ProcessingInstruction(TARGET, "end"))


def compiled(root: etree._Element) -> tuple[Segment, ...]:
    """Return the part under *root* as segments."""
    xml = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    pieces = iter(re.split(rb"<\?surat ([^?]*)\?>", xml))
    return tuple(_until_end(pieces))


def rendered(
    segments: Sequence[Segment], texts: Mapping[str, bytes], filled: Collection[str]
) -> bytes:
    """
    Return the part's bytes.

    texts:  name to its text as XML
    filled: the names that are not empty
    """
    return b"".join(_rendered(segments, texts, filled))


def _until_end(pieces: Iterator[bytes]) -> Iterator[Segment]:
    for literal in pieces:
        if literal:
            yield literal
        verb, _, words = next(pieces, b"end").decode().partition(" ")
        if verb == "end":
            return
        if verb == "value":
            yield words
        else:
            condition = tuple(tuple(group.split("+")) for group in words.split("|"))
            yield Block(condition, verb == "unless", tuple(_until_end(pieces)))


def _rendered(
    segments: Sequence[Segment], texts: Mapping[str, bytes], filled: Collection[str]
) -> Iterator[bytes]:
    for segment in segments:
        if isinstance(segment, bytes):
            yield segment
        elif isinstance(segment, str):
            yield texts[segment]
        elif _holds(segment.condition, filled) is not segment.negated:
            yield from _rendered(segment.segments, texts, filled)


def _holds(condition: Condition, filled: Collection[str]) -> bool:
    return any(all(name in filled for name in group) for group in condition)
