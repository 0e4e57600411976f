"""From the config's sections to the plain values that the rest of the house is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync import text
from sync.model import Column, FieldSpec, NumberSpec, Service, Signer, Village

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.config.sections import (
        ColumnsSection,
        FieldSection,
        NumberSection,
        ServiceSection,
        SignerSection,
        VillageSection,
    )


def village(section: VillageSection) -> Village:
    """Return the office; the logo is a file, and stays with the config."""
    return Village(**section.model_dump(exclude={"logo"}))


def signers(sections: Mapping[str, SignerSection]) -> tuple[Signer, ...]:
    """Return the signers in the config's order."""
    return tuple(Signer(key=key, **one.model_dump()) for key, one in sections.items())


def service(key: str, section: ServiceSection, known_signers: Sequence[Signer]) -> Service:
    """Return one service; its own signer stands first among *known_signers*."""
    return Service(
        key=key,
        title=section.title,
        spreadsheet=section.spreadsheet,
        sheet=section.sheet,
        timestamp=section.timestamp,
        needs_approval=section.approval == "staff",
        signers=_default_first(known_signers, section.signer),
        valid_months=section.valid_months,
        number=number(section.number),
        columns=columns(section.columns, several_signers=len(known_signers) > 1),
        identity=section.identity,
        duplicate_of=section.duplicate_of,
        fields=tuple(_field(name, one) for name, one in section.fields.items()),
        whatsapp=section.whatsapp,
        email=section.email,
        by_hand=not section.template,
    )


def number(section: NumberSection) -> NumberSpec:
    """Return how letters are numbered."""
    return NumberSpec(
        format=section.format,
        code=section.code,
        register=section.register_name,
        start=section.start,
    )


def columns(section: ColumnsSection, *, several_signers: bool) -> dict[Column, str]:
    """Return the header of each column; staff choose a signer only where there are several."""
    renamed = section.model_dump()
    return {
        column: renamed[column] or text.COLUMN_HEADERS[column]
        for column in Column
        if several_signers or column is not Column.SIGNER
    }


def _default_first(known_signers: Sequence[Signer], key: str) -> tuple[Signer, ...]:
    return (
        tuple(sorted(known_signers, key=lambda signer: signer.key != key))
        if key
        else tuple(known_signers)
    )


def _field(name: str, section: FieldSection) -> FieldSpec:
    return FieldSpec(
        name=name,
        kind=section.kind,
        question=section.question,
        required=section.required,
        options=section.options,
        region=section.region,
        birth_date=section.birth_date,
        sex=section.sex,
        warn_if_newer_than_months=section.warn_if_newer_than_months,
    )
