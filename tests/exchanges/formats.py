"""
The formats of Google's discovery documents.

Each takes any JSON value and judges only those that the format is about: what type a value
must have, its schema says.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WHOLE = re.compile(r"-?\d{1,20}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _whole(low: int, high: int) -> Callable[[object], bool]:
    """Return a judge of integers within bounds, also as text; 1.0 is none."""

    def fits(value: object) -> bool:
        if isinstance(value, str):
            return bool(_WHOLE.fullmatch(value)) and low <= int(value) <= high
        return not isinstance(value, float) and (not isinstance(value, int) or low <= value <= high)

    return fits


def _finite(value: object) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


def _number(value: object) -> bool:
    """JSON has no word for these three, so proto3 writes them as text."""
    if isinstance(value, str):
        return value in {"NaN", "Infinity", "-Infinity"}
    return _finite(value)


def _text(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or bool(pattern.fullmatch(value))


def _bytes(value: object) -> bool:
    """RFC 4648 in either alphabet, padding optional."""
    if not isinstance(value, str):
        return True
    standard = value.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


FORMATS: Mapping[str, Callable[[object], bool]] = {
    "int32": _whole(-(2**31), 2**31 - 1),
    "uint32": _whole(0, 2**32 - 1),
    "int64": _whole(-(2**63), 2**63 - 1),
    "uint64": _whole(0, 2**64 - 1),
    "double": _number,
    "float": _number,
    "finite": _finite,
    "byte": _bytes,
    "date": _text(_DATE),
    "date-time": _text(_INSTANT),  # RFC 3339
    "google-datetime": _text(_INSTANT),
    "google-fieldmask": _text(re.compile(r"[^\s]*")),
}
