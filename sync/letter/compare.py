"""Which fields of a letter are not as they were issued: its text, laid over the template's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from sync.letter.archive import read_archive
from sync.letter.text import letter_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.letter.template import Template

TEXT = "(text)"  #: words of the template itself, or words that were added
CODE = "(seal)"  #: the picture of the code

_OPEN, _CLOSE = "\ue000", "\ue001"  #: around a name, where its value would stand
_GAP = re.compile(f"{_OPEN}([a-z0-9_]+):([0-9]+){_CLOSE}")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it was issued, and which values stand in it."""

    text: str
    pieces: tuple[str, ...]  #: literal, value, literal, value, …, literal
    names: tuple[str, ...]  #: of the values, in order


def differing_fields(
    lines: Sequence[str], template: Template, values: Mapping[str, str], code: bytes | None
) -> list[str]:
    """
    Return the names of what *lines* of a letter say otherwise, in the order of the letter.

    lines:    of the letter, as `letter_text` gives them
    template: what it was made from
    values:   what was filled in
    code:     the picture of its code; None for a letter without one

    Words that belong to no field count as `TEXT`.
    """
    issued = _issued(template, values, code)
    matcher = SequenceMatcher(None, [line.text for line in issued], lines, autojunk=False)
    found: dict[str, None] = {}
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            found.update(dict.fromkeys(_differing(issued[first:last], lines[start:end])))
    return list(found)


def missing_values(lines: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """
    Return the names of the values that stand nowhere in *lines*.

    For a letter whose template is not here any more: it finds less than `differing_fields`.
    """
    text = "\n".join(lines)
    return [name for name, value in values.items() if _parts_missing(value, text)]


def has_picture(docx: bytes, png: bytes) -> bool:
    """Tell whether a picture of the letter shows just what *png* does; `TemplateError`."""
    wanted = _pixels(png)
    pictures = (m for name, m in read_archive(docx).items() if "/media/" in name)
    return any(_pixels(picture.content(), like=wanted) == wanted for picture in pictures)


def _issued(template: Template, values: Mapping[str, str], code: bytes | None) -> list[_Line]:
    names = {name: _named(name, value) for name, value in values.items()}
    gaps = letter_text(template.fill(names, seal=code))
    texts = letter_text(template.fill(values, seal=code))
    return [_line(text, gap, values) for text, gap in zip(texts, gaps, strict=True)]


def _named(name: str, value: str) -> str:
    """Return *value* with each of its lines replaced by its name and place."""
    parts = value.split("\n")
    return "\n".join(
        f"{_OPEN}{name}:{at}{_CLOSE}" if part.strip() else part for at, part in enumerate(parts)
    )


def _line(text: str, gaps: str, values: Mapping[str, str]) -> _Line:
    split = _GAP.split(gaps)  # literal, name, place, literal, name, place, …
    names = tuple(split[1::3])
    pieces = list(split[0::3])
    for at, (name, place) in enumerate(zip(names, split[2::3], strict=True)):
        pieces.insert(2 * at + 1, values[name].split("\n")[int(place)])
    return _Line(text, tuple(pieces), names)


def _differing(issued: Sequence[_Line], found: Sequence[str]) -> Iterator[str]:
    if len(issued) != len(found):
        names = [name for line in issued for name in line.names]
        yield from names or [TEXT]
        return
    for line, text in zip(issued, found, strict=True):
        if line.text != text:
            yield from _differing_in(line, text)


def _differing_in(line: _Line, text: str) -> Sequence[str]:
    """Return the one field that explains *text*, else all of the line's, or its own words."""
    for at, name in enumerate(line.names):
        if _pattern(line, {at}).fullmatch(text):
            return [name]
    every = _pattern(line, set(range(len(line.names))))
    return line.names if line.names and every.fullmatch(text) else [TEXT]


def _pattern(line: _Line, free: set[int]) -> re.Pattern[str]:
    """Return what the line may be when the values at *free* are open."""
    pieces = (
        ".*" if at % 2 and at // 2 in free else re.escape(piece)
        for at, piece in enumerate(line.pieces)
    )
    return re.compile("".join(pieces), re.DOTALL)


def _parts_missing(value: str, text: str) -> bool:
    return any(part not in text for part in value.split("\n"))


def _pixels(picture: bytes, like: tuple[object, bytes] | None = None) -> tuple[object, bytes]:
    """Return size and content of a picture; nothing where it has another size or is none."""
    try:
        with Image.open(BytesIO(picture)) as image:
            if like is not None and image.size != like[0]:
                return (image.size, b"")
            return (image.size, image.convert("1").tobytes())
    except (OSError, ValueError, Image.DecompressionBombError):
        return (None, b"")
