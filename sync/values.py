"""Accepted answers + village + number → the letter's values; how a letter number is written."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from itertools import permutations
from string import Formatter
from typing import TYPE_CHECKING

from sync.fields.months import month_of
from sync.text.dates import long_date, month_roman
from sync.text.spelled import spelled
from sync.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.model import NumberSpec, Service, Signer, SubmissionId, Village

PLACEHOLDERS = frozenset(
    {
        "nomor_surat",
        "tanggal_surat",
        "berlaku_sampai",
        "masa_berlaku",
        "desa",
        "kecamatan",
        "kabupaten",
        "provinsi",
        "kode_desa",
        "alamat_kantor",
        "kode_pos",
        "telepon",
        "surel",
        "penandatangan",
        "jabatan",
        "atas_nama",
        "nip",
        "id_permohonan",
        "revisi",
    }
)  #: what a template may use besides the fields; no field may have such a name

_NUMBER_GAPS = frozenset({"code", "sequence", "village_code", "year", "month", "month_roman"})
_PADDED = re.compile(r"0[1-9]")
_LONGEST_SEQUENCE = 999_999
_UNSAFE_STARTS = ("=", "+", "-", "@", "'")
_PLAIN_NUMBER = re.compile(
    r"[0-9]+(?:[.,][0-9]*)?|[0-9]{1,3}(?:[.,][0-9]{3})+(?:[.,][0-9]+)?|[0-9.]+[eE][+-]?[0-9]+"
)
_CURRENCY_OR_PERCENT = re.compile(r"^(?:rp|idr|usd|[$€£¥])\.?\s*|\s*%$", re.IGNORECASE)
_TIME = re.compile(r"[0-9]{1,3}:[0-9]{1,2}")
_DATE_GAPS = re.compile(r"[-/., ]+")


def letter_values(
    *,
    values: Mapping[str, str],
    service: Service,
    village: Village,
    signer: Signer,
    submission_id: SubmissionId,
    letter_number: str,
    revision: int,
    issued_on: date,
    valid_until: date | None,
) -> dict[str, str]:
    """
    Return one text for every placeholder that a template may use.

    values: the accepted answers, `<field>_panjang` of the date fields among them
    """
    return {
        **values,
        **_village_values(village),
        "nomor_surat": letter_number,
        "tanggal_surat": long_date(issued_on),
        "berlaku_sampai": long_date(valid_until) if valid_until else "",
        "masa_berlaku": _validity(service.valid_months),
        "penandatangan": signer.name,
        "jabatan": signer.title,
        "atas_nama": signer.on_behalf_of,
        "nip": signer.id_line,
        "id_permohonan": submission_id,
        "revisi": str(revision) if revision > 1 else "",
    }


def valid_until(issued_on: date, valid_months: int) -> date | None:
    """Return the same day *valid_months* later, else that month's last; None without an end."""
    if not valid_months:
        return None
    years, month = divmod(issued_on.month - 1 + valid_months, 12)
    year, month = issued_on.year + years, month + 1
    return issued_on.replace(
        year=year, month=month, day=min(issued_on.day, monthrange(year, month)[1])
    )


def letter_number(spec: NumberSpec, *, sequence: int, village_code: str, issued_on: date) -> str:
    """
    Return the number text of one letter, as the config's format has it.

    Raises `ValueError` for a format that `number_format_problem` refuses as unreadable.
    """
    gaps: dict[str, int | str] = {
        "code": spec.code,
        "sequence": sequence,
        "village_code": village_code,
        "year": issued_on.year,
        "month": issued_on.month,
        "month_roman": month_roman(issued_on.month),
    }
    return "".join(
        literal + (format(gaps[name], width) if name else "")
        for literal, name, width in _pieces(spec.format)
    )


def longest_number(spec: NumberSpec, *, village_code: str, issued_on: date) -> str:
    """Return the longest text that a number of that year could have, to try the template."""
    return max(
        (
            letter_number(
                spec,
                sequence=_LONGEST_SEQUENCE,
                village_code=village_code,
                issued_on=date(issued_on.year, month, 1),
            )
            for month in range(1, 13)
        ),
        key=len,
    )


def number_format_problem(spec: NumberSpec, *, village_code: str = "35.07.32.2004") -> str | None:
    """
    Return why letters cannot be numbered like this, in English; None when they can.

    Numbers are put into the sheet by findReplace, which Google may parse as if typed: a
    number that reads as a date or an amount would be changed there.
    """
    try:
        pieces = _pieces(spec.format)
    except ValueError as error:
        return str(error)
    names = [name for _, name, _ in pieces]
    for needed in ("sequence", "year"):
        if needed not in names:
            return f"lacks {{{needed}}}, so two letters could get the same number"
    for sample in _samples(spec, village_code):
        if sample.startswith(_UNSAFE_STARTS):
            return f"gives {sample!r}; a number must not begin with = + - @ or '"
        if _readable_by_sheets(sample):
            return f"gives {sample!r}, which Google Sheets could read as a date or an amount"
    if _touches_digits(spec.format):
        return "puts {sequence} directly beside other digits, so two letters could look the same"
    return None


def _pieces(number_format: str) -> list[tuple[str, str, str]]:
    """Return (text before, gap's name or "", width) for each part of the format."""
    pieces = []
    for literal, name, width, conversion in Formatter().parse(number_format):
        if name is not None and (name not in _NUMBER_GAPS or conversion):
            raise ValueError(f"has an unknown gap {{{name}}}")
        if width and (name not in {"sequence", "month"} or not _PADDED.fullmatch(width)):
            raise ValueError(f"has an unknown width {{{name}:{width}}}")
        pieces.append((literal, name or "", width or ""))
    return pieces


def _samples(spec: NumberSpec, village_code: str) -> Iterator[str]:
    for sequence in (1, 12, 13, 31, 1234):
        for month in (1, 3, 12):
            yield letter_number(
                spec,
                sequence=sequence,
                village_code=village_code,
                issued_on=date(2026, month, 1),
            )


def _touches_digits(number_format: str) -> bool:
    return bool(re.search(r"[0-9}]\{sequence|\{sequence[^}]*\}[0-9{]", number_format))


def _readable_by_sheets(text: str) -> bool:
    """Whether Sheets might take it for a number, an amount, a time or a date."""
    text = text.strip()
    if _PLAIN_NUMBER.fullmatch(_CURRENCY_OR_PERCENT.sub("", text)) or _TIME.match(text):
        return True
    parts = _DATE_GAPS.split(text)
    return len(parts) in {2, 3} and any(_is_date(order) for order in permutations(parts))


def _is_date(parts: Sequence[str]) -> bool:
    """Whether the parts could be (month, year), (day, month) or (day, month, year)."""
    if len(parts) == 2:  # noqa: PLR2004  # a month and a day or year
        return _is_month(parts[0]) and (_is_day(parts[1]) or _is_year(parts[1]))
    return _is_day(parts[0]) and _is_month(parts[1]) and _is_year(parts[2])


def _is_day(part: str) -> bool:
    return part.isdecimal() and 1 <= int(part) <= 31  # noqa: PLR2004  # days of a month


def _is_month(part: str) -> bool:
    if part.isdecimal():
        return 1 <= int(part) <= 12  # noqa: PLR2004  # months of a year
    return month_of(part) is not None


def _is_year(part: str) -> bool:
    return part.isdecimal() and len(part) in {1, 2, 4}


def _village_values(village: Village) -> dict[str, str]:
    return {
        "desa": village.name,
        "kecamatan": village.district,
        "kabupaten": village.regency,
        "provinsi": village.province,
        "kode_desa": village.code,
        "alamat_kantor": village.address,
        "kode_pos": village.postal_code,
        "telepon": village.phone,
        "surel": village.email,
    }


def _validity(valid_months: int) -> str:
    if not valid_months:
        return ""
    sentence: str = words()["valid_for"]
    return sentence.format(number=valid_months, spelled=spelled(valid_months))
