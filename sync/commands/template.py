"""`surat-sync template …`: what a template asks for, and a sample letter of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sync.commands import program
from sync.errors import DiskError, UserError
from sync.letter.qr import qr_png
from sync.model import Kind, SubmissionId
from sync.text import long_date
from sync.values import PLACEHOLDERS, letter_number, letter_values, valid_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.clock import Clock
    from sync.config import Config
    from sync.letter import Template
    from sync.model import FieldSpec, Service

_BORN = date(1985, 8, 15)
_SAMPLES = {
    Kind.NAME: "Contoh Nama Pemohon",
    Kind.MONTH_YEAR: "Januari 2019",
    Kind.RT_RW: "003",
    Kind.PHONE: "6281200000001",
    Kind.EMAIL: "contoh@contoh.example",
    Kind.NUMBER: "12",
    Kind.MONEY: "Rp1.500.000",
    Kind.DATE: "15-08-1985",
}  #: what a letter prints of an invented answer; every other kind prints its question
_SAMPLE_CODE = f"CONTOH: {'surat ini tidak berlaku. ' * 10}"  #: about as much as a real one has
_NO_SEQUENCE = 0  #: no register has such a number, so nobody takes a sample for a letter


def described(config: Config, file: Path, *, service: str = "") -> Iterator[str]:
    """
    Yield what the template asks for, by where the values come from.

    Raises `TemplateError` with everything that is wrong, unknown placeholders among it.
    """
    kind = _service(config, file, service)
    template = program.open_template(config, kind, file)
    asked = {field.name for field in kind.fields if _prints(template, field)}
    yield f"{file.name} is sound for {kind.title!r}"
    yield from _listed("from the form", asked)
    yield from _listed("from the office", template.names & PLACEHOLDERS)
    unused = {field.name for field in kind.fields} - asked - _never_printed(kind)
    yield from _listed("asked in the form, not printed", unused)
    yield f"check code: {'has its picture' if template.has_seal else 'no picture `seal`'}"


def write_sample(
    config: Config,
    file: Path,
    *,
    service: str = "",
    out: Path | None = None,
    clock: Clock | None = None,
) -> Path:
    """Write a sample letter and return where; raises `TemplateError`, `DiskError`."""
    kind = _service(config, file, service)
    template = program.open_template(config, kind, file)
    today = program.village_time(config, (clock or program.system_clock()).now()).date()
    code = qr_png(_SAMPLE_CODE) if template.has_seal else None
    letter = template.fill(_sample_values(config, kind, today), seal=code)
    target = out or file.with_name(f"{file.stem}-contoh.docx")
    if target.resolve() == file.resolve():
        raise UserError(f"{target} is the template itself: name another file with --out")
    try:
        target.write_bytes(letter)
    except OSError as error:
        raise DiskError(f"{target} cannot be written ({error.strerror})") from error
    return target


def _service(config: Config, file: Path, wanted: str) -> Service:
    known = config.service_values()
    users = [s for s in known if _is_used_by(config, s, file)]
    found = [s for s in known if s.key == wanted.lower()] if wanted else users[:1] or known
    if len(found) == 1:
        return found[0]
    said = f"There is no service {wanted!r}." if wanted else "For which kind of letter?"
    raise UserError(said, [f"--service {service.key}: {service.title}" for service in known])


def _is_used_by(config: Config, service: Service, file: Path) -> bool:
    own = config.template_file(service.key)
    return own is not None and own.resolve() == file.resolve()


def _prints(template: Template, field: FieldSpec) -> bool:
    return not template.names.isdisjoint({field.name, f"{field.name}_panjang"})


def _never_printed(service: Service) -> set[str]:
    """Return the fields that are asked for other reasons than the letter."""
    kinds = {Kind.PHONE, Kind.EMAIL, Kind.AGREEMENT, Kind.FILES}
    return {field.name for field in service.fields if field.kind in kinds}


def _listed(title: str, names: set[str] | frozenset[str]) -> Iterator[str]:
    if names:
        yield f"{title}: {', '.join(sorted(names))}"


def _sample_values(config: Config, service: Service, today: date) -> dict[str, str]:
    number = letter_number(
        service.number,
        sequence=_NO_SEQUENCE,
        village_code=config.village.code,
        issued_on=today,
    )
    return letter_values(
        values=_sample_answers(service),
        service=service,
        village=config.village_value(),
        signer=service.signers[0],
        submission_id=SubmissionId(f"{service.key.upper()}-CONTOH"),
        letter_number=number,
        revision=1,
        issued_on=today,
        valid_until=valid_until(today, service.valid_months),
    )


def _sample_answers(service: Service) -> dict[str, str]:
    answers = {field.name: _sample(field) for field in service.fields}
    dates = (field.name for field in service.fields if field.kind is Kind.DATE)
    return answers | {f"{name}_panjang": long_date(_BORN) for name in dates}


def _sample(field: FieldSpec) -> str:
    if field.kind is Kind.NIK:
        return f"{field.region or '350732'}{_BORN:%d%m%y}9999"
    if field.kind is Kind.CHOICE:
        return next(iter(field.options), field.question[0])
    return _SAMPLES.get(field.kind, f"({field.question[0]})")
