"""
QR codes as PNG, quickly: what is the same in every code of one size is worked out once.

The library `qrcode` says where each bit lies, what the corrections are and what the fixed parts
look like; a letter's own code is then joined from its bits. Format: ISO/IEC 18004:2015.
"""

from __future__ import annotations

import struct
import zlib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING

from qrcode import QRCode
from qrcode.base import Polynomial, rs_blocks
from qrcode.constants import ERROR_CORRECT_L
from qrcode.LUT import rsPoly_LUT
from qrcode.util import BIT_LIMIT_TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_BYTES = 2953  #: what the largest code holds at level L

_LEVEL = ERROR_CORRECT_L  #: the fewest dots: in a corner of a letter each must stay large
_MASK = 2  #: any is allowed (7.8.3); one for all spares trying eight
_SMALLEST, _LARGEST = 10, 40  #: sizes; from 10 on a length has 16 bits
_MODE_BYTES = 0b0100
_PADDING = b"\xec\x11"
_QUIET = 4  #: dots of white around (9.1)
_PIXELS = 8  #: of one dot's side


@dataclass(frozen=True, slots=True)
class _Layout:
    """What all codes of one size have in common."""

    side: int  #: in dots
    blocks: Sequence[tuple[int, int]]  #: bytes of data and of correction
    tables: dict[int, list[int]]  #: number of correction bytes to what each leading byte adds
    place: Callable[[str], tuple[str, ...]]  #: from the bits to the dots, row by row
    fixed: int  #: the dots when all bits are 0


def qr_png(text: str) -> bytes:
    """
    Return *text* as a QR code, black on white, with its white border; same text, same bytes.

    Raises `ValueError` for more than `MAX_BYTES` of text.
    """
    content = text.encode()
    needed = 20 + 8 * len(content)
    version = bisect_left(BIT_LIMIT_TABLE[_LEVEL], needed, lo=_SMALLEST)
    if version > _LARGEST:
        raise ValueError(f"a QR code cannot hold {len(content)} bytes")
    layout = _layout(version)
    bits = _bits(content, layout)
    dots = int("".join(layout.place(bits)), 2) ^ layout.fixed
    return _png(f"{dots:0{layout.side**2}b}", layout.side)


def _bits(content: bytes, layout: _Layout) -> str:
    """Return data and corrections as they are laid out, then the 0 of all fixed dots."""
    size = len(content)
    head = (_MODE_BYTES << 16 | size) << 8 * size | int.from_bytes(content)
    data = (head << 4).to_bytes(size + 3)
    room = sum(count for count, _ in layout.blocks)
    data = (data + _PADDING * room)[:room]
    blocks, checks, start = [], [], 0
    for count, check in layout.blocks:
        block = data[start : start + count]
        blocks.append(block)
        checks.append(_corrections(block, check, layout.tables[check]))
        start += count
    codewords = _interleaved(blocks) + _interleaved(checks)
    return f"{int.from_bytes(codewords):0{8 * len(codewords)}b}0"


def _corrections(block: bytes, count: int, table: Sequence[int]) -> bytes:
    """Return the remainder of *block* divided by the generator polynomial (7.5.2)."""
    top, rest, remainder = 8 * (count - 1), (1 << 8 * (count - 1)) - 1, 0
    for byte in block:
        remainder = (remainder & rest) << 8 ^ table[remainder >> top ^ byte]
    return remainder.to_bytes(count)


def _interleaved(blocks: Sequence[bytes]) -> bytes:
    """Return the first byte of each block, then the second of each, and so on (7.6)."""
    longest = max(map(len, blocks))
    return bytes(block[at] for at in range(longest) for block in blocks if at < len(block))


@cache
def _layout(version: int) -> _Layout:
    blocks = [(b.data_count, b.total_count - b.data_count) for b in rs_blocks(version, _LEVEL)]
    size = sum(map(sum, blocks))
    fixed = _dots(version, bytes(size))
    free = [a != b for a, b in zip(fixed, _dots(version, b"\xff" * size), strict=True)]
    places = _places(version, size, fixed)
    at = [place if is_free else 8 * size for place, is_free in zip(places, free, strict=True)]
    return _Layout(
        side=version * 4 + 17,
        blocks=blocks,
        tables={check: _table(check) for _, check in blocks},
        place=itemgetter(*at),
        fixed=int("".join(map(str, map(int, fixed))), 2),
    )


def _places(version: int, size: int, fixed: Sequence[bool]) -> list[int]:
    """Return for each dot which bit it shows: found by showing each binary digit of the place."""
    places = [0] * len(fixed)
    for digit in range((8 * size).bit_length()):
        number = int("".join(str(place >> digit & 1) for place in range(8 * size)), 2)
        shown = _dots(version, number.to_bytes(size))
        for at, (dot, before) in enumerate(zip(shown, fixed, strict=True)):
            places[at] |= (dot != before) << digit
    return places


def _dots(version: int, codewords: bytes) -> list[bool]:
    """Return the dots of one code, row by row, as the library draws *codewords*."""
    code = QRCode(version=version, error_correction=_LEVEL, mask_pattern=_MASK, border=0)
    code.data_cache = list(codewords)
    code.makeImpl(test=False, mask_pattern=_MASK)
    return [bool(dot) for row in code.modules for dot in row]


def _table(count: int) -> list[int]:
    """Return what each leading byte leaves when the generator polynomial divides it."""
    generator = Polynomial(rsPoly_LUT[count], 0)
    rests = (Polynomial([byte], count) % generator for byte in range(1, 256))
    return [0, *(int.from_bytes(bytes(rest)) for rest in rests)]


def _png(dots: str, side: int) -> bytes:
    """Return a PNG of one bit a pixel (PNG, sections 5 and 11.2); 1 in *dots* is black."""
    width = (side + 2 * _QUIET) * _PIXELS
    margin = "1" * (_QUIET * _PIXELS)
    white, black = "1" * _PIXELS, "0" * _PIXELS
    scale = str.maketrans({"0": white, "1": black})
    same = (b"\2" + bytes(width // 8)) * (_PIXELS - 1)  # as the line above
    blank = b"\0" + b"\xff" * (width // 8)
    lines = [blank, (b"\2" + bytes(width // 8)) * (_QUIET * _PIXELS - 1)]
    for start in range(0, side * side, side):
        row = margin + dots[start : start + side].translate(scale) + margin
        lines += (b"\0", int(row, 2).to_bytes(width // 8), same)
    lines += (blank, lines[1])
    header = struct.pack(">2L5B", width, width, 1, 0, 0, 0, 0)
    packed = zlib.compress(b"".join(lines), 1)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", check)
