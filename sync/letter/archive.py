"""
The ZIP side of a DOCX: read one without trusting it, write one that never varies.

Format: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory),
4.3.16 (end record). Limits: a village's template is some 50 kB; the limits stop a ZIP
bomb before anything is unpacked.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Self

from sync.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_FILE_BYTES = 5_000_000
MAX_DECLARED_BYTES = 50_000_000
MAX_MEMBERS = 200
MAX_RATIO = 100

_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _UTF8 = 0x1, 0x800
_DOS_DATE = 0x21  # 1980-01-01, the earliest that the format can say
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_RAW_DEFLATE = -15


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive, kept as its packed bytes."""

    name: str
    method: int
    crc: int
    size: int
    packed: bytes

    @classmethod
    def stored(cls, name: str, content: bytes) -> Self:
        """Return *content* as it is; for pictures, which are packed already."""
        return cls(name, _STORED, zlib.crc32(content), len(content), content)

    @classmethod
    def deflated(cls, name: str, content: bytes) -> Self:
        """Return *content* packed at level 1: nearly as small as 6, and twice as fast."""
        packer = zlib.compressobj(1, zlib.DEFLATED, _RAW_DEFLATE)
        packed = packer.compress(content) + packer.flush()
        return cls(name, _DEFLATED, zlib.crc32(content), len(content), packed)

    def content(self) -> bytes:
        """Return the unpacked bytes; never more than the declared size."""
        try:
            content = self.packed if self.method == _STORED else self._inflated()
        except zlib.error as error:
            raise TemplateError(f"{self.name}: cannot be unpacked") from error
        if len(content) != self.size or zlib.crc32(content) != self.crc:
            raise TemplateError(f"{self.name}: size or checksum is not the declared one")
        return content

    def _inflated(self) -> bytes:
        unpacker = zlib.decompressobj(_RAW_DEFLATE)
        content = unpacker.decompress(self.packed, self.size + 1)
        if unpacker.unused_data:
            raise zlib.error("more bytes than the member has")
        return content


@dataclass(frozen=True, slots=True)
class Base:
    """The members that are the same in every letter, written once."""

    local: bytes
    central: bytes
    count: int


def read_archive(data: bytes) -> dict[str, Member]:
    """
    Return the members of a ZIP file by name; folders are left out.

    Raises `TemplateError`, which names the member, when a limit is passed, a name could
    leave the archive, or the file is not what its directory declares.
    """
    if len(data) > MAX_FILE_BYTES:
        raise TemplateError("larger than 5 MB")
    try:
        infos = zipfile.ZipFile(BytesIO(data)).infolist()
        _check_totals(infos)
        members = [_member(data, info) for info in infos if not info.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise TemplateError("not a DOCX file (no readable ZIP archive)") from error
    _check_unique(members)
    for member in members:
        member.content()
    return {member.name: member for member in members}


def base(members: Iterable[Member]) -> Base:
    """Return *members* laid out as the beginning of an archive."""
    local, central, count = _laid_out(members, offset=0)
    return Base(local, central, count)


def archive(start: Base, members: Sequence[Member]) -> bytes:
    """Return the whole ZIP file: *start*, then *members*; same input, same bytes."""
    local, central, count = _laid_out(members, offset=len(start.local))
    central, count = start.central + central, start.count + count
    offset = len(start.local) + len(local)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(central), offset, 0)
    return start.local + local + central + end


def _check_totals(infos: Sequence[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_MEMBERS:
        raise TemplateError(f"more than {MAX_MEMBERS} files inside")
    if sum(info.file_size for info in infos) > MAX_DECLARED_BYTES:
        raise TemplateError("more than 50 MB when unpacked")
    for info in infos:
        _check_member(info)


def _check_member(info: zipfile.ZipInfo) -> None:
    if info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise TemplateError(f"{info.filename}: packed more than {MAX_RATIO} to 1")
    if info.flag_bits & _ENCRYPTED:
        raise TemplateError(f"{info.filename}: protected by a password")
    if info.compress_type not in {_STORED, _DEFLATED}:
        raise TemplateError(f"{info.filename}: packed in a way that DOCX files never are")
    name = info.orig_filename
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or ":" in name or "\0" in name:
        raise TemplateError(f"{info.filename}: a name that leads out of the file")


def _check_unique(members: Sequence[Member]) -> None:
    seen: set[str] = set()
    for member in members:
        if member.name.casefold() in seen:
            raise TemplateError(f"{member.name}: there twice")
        seen.add(member.name.casefold())


def _member(data: bytes, info: zipfile.ZipInfo) -> Member:
    header = _LOCAL.unpack_from(data, info.header_offset)
    if header[0] != b"PK\3\4":
        raise TemplateError(f"{info.filename}: not where the directory says")
    start = info.header_offset + _LOCAL.size + header[9] + header[10]
    packed = data[start : start + info.compress_size]
    if len(packed) != info.compress_size:
        raise TemplateError(f"{info.filename}: not where the directory says")
    return Member(info.filename, info.compress_type, info.CRC, info.file_size, packed)


def _laid_out(members: Iterable[Member], *, offset: int) -> tuple[bytes, bytes, int]:
    local: list[bytes] = []
    central: list[bytes] = []
    for member in members:
        name = member.name.encode()
        flags = 0 if name.isascii() else _UTF8
        sizes = (member.crc, len(member.packed), member.size, len(name))
        fields = (20, flags, member.method, 0, _DOS_DATE, *sizes, 0)
        header = _LOCAL.pack(b"PK\3\4", *fields) + name
        central.append(_CENTRAL.pack(b"PK\1\2", 20, *fields, 0, 0, 0, 0, offset) + name)
        local += (header, member.packed)
        offset += len(header) + len(member.packed)
    return b"".join(local), b"".join(central), len(central)
