"""The commented example config, written from the model: no key can miss its comment."""

from __future__ import annotations

import json
import re
import textwrap
from typing import TYPE_CHECKING, Any, get_args

from sync.config.schema import Config
from sync.config.sections import FieldSection, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo

_WIDTH = 100
_INDENT = "  "
_UNSET = object()
_HEAD = """\
# The configuration of surat-sync. Copy this file to config.yaml, and put your village in.
# Paths are relative to this file. Codes, phones and ids are texts: write them in quotes.
# `ledger`, `smtp_url` and `ping_url` may point to a secret: env:NAME or file:PATH (mode 0600).
# `surat-sync check` tells everything that is wrong, with line and column.
"""


def example_yaml() -> str:
    """Return config.example.yaml: the sample village, a comment on every key."""
    return "\n".join([_HEAD.rstrip(), *_section(Config, EXAMPLE, 0)]) + "\n"


def _section(section: type[Section], values: Mapping[str, Any], depth: int) -> Iterator[str]:
    for key, info in section.keys().items():
        below = _section_of(info)
        starts_part = depth == 0 and (below or key == "state")
        yield from [""] if starts_part else []
        if below and values.get(key, _UNSET):
            yield from _part(key, below, values.get(key, {}), info, depth)
        else:
            yield from _scalar(key, values.get(key, info.default), info, depth)


def _part(
    key: str, below: type[Section], values: Mapping[str, Any], info: FieldInfo, depth: int
) -> Iterator[str]:
    """Yield a section, a map of named sections, or the fields of the form."""
    indent = _INDENT * depth
    yield from _with_comment(f"{indent}{key}:", info.description or "", indent)
    if below is FieldSection:
        yield from _fields(values, depth + 1)
    elif info.annotation is below:
        yield from _section(below, values, depth + 1)
    else:
        for name, one in values.items():
            yield f"{indent}{_INDENT}{name}:"
            yield from _section(below, one, depth + 2)


def _scalar(key: str, value: object, info: FieldInfo, depth: int) -> Iterator[str]:
    indent = _INDENT * depth
    yield from _with_comment(f"{indent}{key}: {_flow(value)}", info.description or "", indent)


def _fields(fields: Mapping[str, Mapping[str, object]], depth: int) -> Iterator[str]:
    """Yield one line a field, below a table of what a field may say."""
    indent = _INDENT * depth
    for key, info in FieldSection.keys().items():
        about = f"{key}: {info.description}"
        yield from textwrap.wrap(
            about, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}#   "
        )
    for name, one in fields.items():
        yield from _wrapped(f"{indent}{name}: {_flow(one)}", indent + _INDENT)


def _wrapped(line: str, indent: str) -> Iterator[str]:
    """Yield *line*, broken between the items of its lists where it is too long."""
    first, *others = line.split(", ")
    for item in others:
        if len(f"{first}, {item},") > _WIDTH:
            yield f"{first},"
            first = indent + item
        else:
            first += f", {item}"
    yield first


def _with_comment(line: str, comment: str, indent: str) -> Iterator[str]:
    beside = f"{line}  # {comment}"
    if len(beside) <= _WIDTH:
        yield beside
    else:
        yield from textwrap.wrap(
            comment, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# "
        )
        yield line


def _section_of(info: FieldInfo) -> type[Section] | None:
    for candidate in (info.annotation, *get_args(info.annotation)):
        if isinstance(candidate, type) and issubclass(candidate, Section):
            return candidate
    return None


def _flow(value: object) -> str:
    """Return *value* on one line of YAML."""
    if isinstance(value, dict):
        inside = ", ".join(f"{key}: {_flow(one)}" for key, one in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_flow(one) for one in value)}]"
    if isinstance(value, bool | int):
        return json.dumps(value)
    return _text(str(value))


_PLAIN = re.compile(r"(?!true$|false$|null$|yes$|no$)[A-Za-z][\w./ –-]*", re.IGNORECASE)


def _text(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text == text.strip()
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _choice(question: str, options: dict[str, list[str]]) -> dict[str, object]:
    return {"question": question, "kind": "choice", "options": options}


def _text_field(question: str) -> dict[str, object]:
    return {"question": question, "kind": "text"}


_FIELDS: dict[str, object] = {
    "nama": {"question": ["Nama Lengkap", "Nama Lengkap sesuai KTP"], "kind": "name"},
    "nik": {
        "question": ["NIK", "Nomor Induk Kependudukan"],
        "kind": "nik",
        "region": "350732",
        "birth_date": "tanggal_lahir",
        "sex": "jenis_kelamin",
    },
    "tempat_lahir": _text_field("Tempat Lahir"),
    "tanggal_lahir": {"question": "Tanggal Lahir", "kind": "date"},
    "jenis_kelamin": _choice(
        "Jenis Kelamin", {"Laki-laki": ["L", "Pria"], "Perempuan": ["P", "Wanita"]}
    ),
    "agama": _choice(
        "Agama",
        {
            "Islam": [],
            "Kristen": [],
            "Katolik": ["Katholik"],
            "Hindu": [],
            "Buddha": ["Budha"],
            "Khonghucu": [],
            "Kepercayaan terhadap Tuhan YME": [],
        },
    ),
    "status_kawin": _choice(
        "Status Perkawinan",
        {
            "Belum Kawin": ["Belum Nikah", "Lajang"],
            "Kawin": ["Menikah", "Nikah"],
            "Cerai Hidup": [],
            "Cerai Mati": [],
        },
    ),
    "pekerjaan": _text_field("Pekerjaan"),
    "dusun": _choice("Dusun", {"Kebobang": [], "Tumpangrejo": [], "Lopawon": [], "Bumirejo": []}),
    "rt": {"question": "RT", "kind": "rt_rw"},
    "rw": {"question": "RW", "kind": "rt_rw"},
    "nama_usaha": _text_field("Nama Usaha") | {"required": False},
    "jenis_usaha": _text_field("Jenis Usaha"),
    "alamat_usaha": _text_field("Alamat Usaha"),
    "mulai_usaha": {
        "question": ["Mulai Usaha", "Usaha Sejak"],
        "kind": "month_year",
        "warn_if_newer_than_months": 6,
    },
    "keperluan": _text_field("Keperluan"),
    "no_wa": {
        "question": ["Nomor WhatsApp", "No. HP/WA"],
        "kind": "phone",
        "required": False,
    },
    "email": {"question": "Email", "kind": "email", "required": False},
    "diisi_oleh": _text_field("Diisi Oleh") | {"required": False},
    "pernyataan": {"question": "Pernyataan", "kind": "agreement"},
}

#: the sample village; a key that is not here stands in the example with its default
EXAMPLE: dict[str, Any] = {
    "village": {
        "name": "Kebobang",
        "district": "Wonosari",
        "regency": "Kabupaten Malang",
        "province": "Jawa Timur",
        "code": "35.07.32.2004",
        "address": "Jalan Raya Kebobang Nomor 1",
        "postal_code": "65164",
        "office_hours": "Senin–Jumat 08.00–15.00 WIB",
        "logo": "templates/logo.png",
    },
    "signers": {"kades": {"name": "NAMA KEPALA DESA", "title": "Kepala Desa Kebobang"}},
    "services": {
        "sku": {
            "title": "Surat Keterangan Usaha",
            "template": "templates/letter_sku.docx",
            "valid_months": 3,
            "number": {"code": "500.3", "register": "surat-keterangan"},
            "identity": ["nama", "nik", "tanggal_lahir"],
            "columns": {},
            "duplicate_of": ["nik", "nama_usaha"],
            "whatsapp": "no_wa",
            "email": "email",
            "fields": _FIELDS,
        }
    },
}
