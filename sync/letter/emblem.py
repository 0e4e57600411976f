"""The pictures of the shipped template: an invented emblem, and a stand-in for the code."""

from __future__ import annotations

import math
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_Point: TypeAlias = tuple[float, float]

_WIDTH, _HEIGHT = 300, 360
_FINER = 4  # drawn larger and shrunk, for smooth edges
_DARK, _GREEN, _SKY = "#14532d", "#2f8f4e", "#d9f0f7"
_GOLD, _BROWN, _WHITE = "#e0a526", "#6b4f2a", "#ffffff"


def emblem() -> bytes:
    """Return a PNG of 300 by 360 pixels: a shield with a hill, a river and two ears of rice."""
    picture = Image.new("RGB", (_WIDTH * _FINER, _HEIGHT * _FINER), _WHITE)
    draw = ImageDraw.Draw(picture)
    draw.polygon(_scaled(_shield(0)), fill=_DARK)
    draw.polygon(_scaled(_shield(10)), fill=_GOLD)
    draw.polygon(_scaled(_shield(16)), fill=_SKY)
    _landscape(picture)
    for side in (-1, 1):
        _ear_of_rice(draw, side)
    small = picture.resize((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS).quantize(48)
    file = BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def stand_in() -> bytes:
    """Return a grey square that shows staff where the code will be."""
    picture = Image.new("L", (120, 120), 225)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((4, 4, 115, 115), outline=120, width=3)
    draw.text((60, 60), "QR", fill=90, anchor="mm", font_size=40)
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _shield(inset: float) -> list[_Point]:
    """Return the outline of a shield: straight above, two arcs that meet below."""
    left, right, top = inset, _WIDTH - inset, inset
    shoulder, tip = _HEIGHT * 0.5, _HEIGHT - inset * 1.3
    half = (right - left) / 2
    curve = [
        (left + half + half * math.cos(angle), shoulder + (tip - shoulder) * math.sin(angle))
        for angle in (step * math.pi / 60 for step in range(61))
    ]
    return [(left, top), (right, top), *curve]


def _landscape(picture: Image.Image) -> None:
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).polygon(_scaled(_shield(16)), fill=255)
    land = picture.copy()
    draw = ImageDraw.Draw(land)
    draw.ellipse(_box(122, 62, 178, 118), fill=_GOLD)
    draw.polygon(_scaled([(40, 235), (150, 88), (260, 235)]), fill=_GREEN)
    draw.polygon(_scaled([(126, 120), (150, 88), (174, 120), (150, 132)]), fill=_WHITE)
    draw.rectangle(_box(0, 225, 300, 360), fill=_GREEN)
    for line in range(3):
        wave = [(x, 252 + 26 * line + 6 * math.sin(x / 18)) for x in range(0, 301, 4)]
        draw.line(_scaled(wave), fill=_SKY, width=9 * _FINER, joint="curve")
    picture.paste(land, mask=mask)


def _ear_of_rice(draw: ImageDraw.ImageDraw, side: int) -> None:
    stem = [_on_stem(side, step / 20) for step in range(21)]
    draw.line(_scaled(stem), fill=_BROWN, width=4 * _FINER, joint="curve")
    for x, y in _grains(side):
        draw.ellipse(_box(x - 7, y - 11, x + 7, y + 11), fill=_GOLD, outline=_BROWN, width=_FINER)


def _grains(side: int) -> Iterator[_Point]:
    for step in range(12):
        x, y = _on_stem(side, 0.28 + step * 0.065)
        yield x + (7 if step % 2 else -7), y


def _on_stem(side: int, part: float) -> _Point:
    return 150 + side * 108 * math.sin(part * math.pi / 2) ** 0.8, 322 - 236 * part


def _scaled(points: Sequence[_Point]) -> list[_Point]:
    return [(x * _FINER, y * _FINER) for x, y in points]


def _box(left: float, top: float, right: float, bottom: float) -> list[float]:
    return [left * _FINER, top * _FINER, right * _FINER, bottom * _FINER]
