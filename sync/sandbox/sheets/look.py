"""How cells look in an answer: the full formats of Google's new files, and colours."""

from __future__ import annotations

import struct
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sync.sandbox.sheets.cells import CellError

if TYPE_CHECKING:
    from sync.sandbox.masks import Mask
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.cells import Result

_WHITE = {"red": 1, "green": 1, "blue": 1}
_PADDING = {"top": 2, "right": 3, "bottom": 2, "left": 3}

DEFAULT_FORMAT: Json = {
    "backgroundColor": _WHITE,
    "padding": _PADDING,
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": _WHITE},
}

THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [
        {"colorType": kind, "color": {"rgbColor": rgb}}
        for kind, rgb in (
            ("TEXT", {}),
            ("BACKGROUND", _WHITE),
            ("ACCENT1", {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275}),
            ("ACCENT2", {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314}),
            ("ACCENT3", {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275}),
            ("ACCENT4", {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902}),
            ("ACCENT5", {"red": 1, "green": 0.42745098, "blue": 0.003921569}),
            ("ACCENT6", {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706}),
            ("LINK", {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}),
        )
    ],
}

_BLUE = {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}
_LINKED: Json = {
    "foregroundColor": _BLUE,
    "underline": True,
    "foregroundColorStyle": {"rgbColor": _BLUE},
}
_BLACK: Json = {"color": {}, "colorStyle": {"rgbColor": {}}}
_WIDTHS = {"SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DOUBLE": 3}
_STYLE = ("ColorStyle", "colorStyle")
_RGB = ("red", "green", "blue")
_CHANNELS = frozenset((*_RGB, "alpha"))
_DEPTH = 255
_SINGLE = struct.Struct("<f")


def new_file_properties(title: str) -> Json:
    """Return the SpreadsheetProperties of a new file."""
    return {
        "title": title,
        "locale": "en_US",
        "autoRecalc": "ON_CHANGE",
        "timeZone": "Etc/GMT",
        "defaultFormat": DEFAULT_FORMAT,
        "spreadsheetTheme": THEME,
    }


def with_colours(value: Any) -> Any:  # noqa: ANN401  # JSON in, JSON out
    """
    Return *value* with every colour as Google gives it back.

    Channels have 8 bits and vanish at 0: 0.5 is 0.49803922; a `…Color` has a `…ColorStyle` twin.
    """
    if isinstance(value, list):
        return [with_colours(item) for item in value]
    if not isinstance(value, dict):
        return value
    result: Json = {}
    for name, inner in value.items():
        if not isinstance(inner, dict):
            result[name] = with_colours(inner)
        elif name == "rgbColor":
            result[name] = _eight_bits(inner)
        elif _is_colour(name) and inner.keys() <= _CHANNELS and "colorType" not in value:
            result[name] = _eight_bits(inner)
            result.setdefault(f"{name}Style", {"rgbColor": result[name]})
        else:
            result[name] = with_colours(inner)
            if name.endswith(_STYLE) and "rgbColor" in inner:
                result[name.removesuffix("Style")] = result[name]["rgbColor"]
    return result


def twinned(mask: Mask) -> Mask:
    """Return *mask* with a `…ColorStyle` beside each `…Color`, and the other way round."""
    result: Mask = {}
    for name, inner in mask.items():
        result[name] = twinned(inner)
        if _is_colour(name):
            result.setdefault(f"{name}Style", {})
        elif name.endswith(_STYLE):
            result.setdefault(name.removesuffix("Style"), {})
    return result


def _is_colour(name: str) -> bool:
    return name.endswith(("Color", "color")) and name != "rgbColor"


def effective_format(value: Result, entered: Json, ruled: Json, link: str | None) -> Json:
    """
    Return the effective format of a cell that comes to *value*.

    entered: what it was given; ruled: what conditional formats make of it

    Only a cell that shows something has an alignment of its own and tells whether it is a
    link; a link is blue and underlined (as recorded).
    """
    look = DEFAULT_FORMAT if value is None else _plain_look(_alignment(value))
    if link:
        look = merged(look, {"textFormat": _LINKED | {"link": {"uri": link}}})
        look["hyperlinkDisplayType"] = "LINKED"
    for over in (entered, ruled):
        look = merged(look, over) if over else look
    return look


@cache
def _plain_look(alignment: str) -> Json:
    shown = {"horizontalAlignment": alignment, "hyperlinkDisplayType": "PLAIN_TEXT"}
    return merged(DEFAULT_FORMAT, shown)


def _alignment(value: Result) -> str:
    if isinstance(value, bool | CellError):
        return "CENTER"
    return "LEFT" if isinstance(value, str) else "RIGHT"


def border(wanted: Json) -> Json | None:
    """Return a Border as Google gives it back: with its width, black without a colour."""
    style = wanted.get("style", "NONE")
    if style in {"NONE", "STYLE_UNSPECIFIED"}:
        return None
    coloured: Json = with_colours(wanted)
    return _BLACK | coloured | {"style": style, "width": _WIDTHS.get(style, 1)}


def merged(base: Json, over: Json) -> Json:
    """Return the CellFormat *base* with what *over* says instead."""
    result = dict(base)
    for name, value in over.items():
        old = result.get(name)
        both = isinstance(old, dict) and isinstance(value, dict)
        mergeable = both and name in {"textFormat", "padding"}
        result[name] = merged(old or {}, value) if mergeable else value
    return result


def _eight_bits(colour: Json) -> Json:
    """Return the colour in steps of 1/255, as 32-bit floats print; alpha is not kept."""
    cut = {name: _step(min(max(colour.get(name, 0), 0), 1)) for name in _RGB}
    return {name: value for name, value in cut.items() if value}


@lru_cache(maxsize=4096)
def _step(channel: float) -> float:
    step = _single(int(_single(_single(channel) * _DEPTH)) / _DEPTH)
    if step in (0, 1):
        return int(step)
    shortest = (float(f"{step:.{digits}g}") for digits in range(1, 10))
    return next(text for text in shortest if _single(text) == step)


def _single(value: float) -> float:
    """Return *value* as a 32-bit float keeps it."""
    return float(_SINGLE.unpack(_SINGLE.pack(value))[0])
