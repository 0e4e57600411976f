"""What a letter shows besides its values, so that it can be filled again just so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.letter.kept import LOGO
from sync.letter.sealing import SEAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.ledger.interface import Composed
    from sync.letter import Template
    from sync.letter.kept import KeptTemplates
    from sync.letter.sealing import Sealer
    from sync.model import Letter, Service


def with_pictures(
    composed: Composed,
    *,
    template: Template | None,
    sealer: Sealer | None,
    service: Service,
    applicant: str,
) -> Composed:
    """
    Put beside the values what the code says, and which emblem stands at the top.

    Whoever fills the values later fills these, too.
    """
    beside = {LOGO: template.logo_sha256} if template and template.logo_sha256 else {}
    if sealer is not None:
        beside[SEAL] = sealer.text(
            composed.letter, service=service.key, applicant=applicant, values=composed.values
        )
    return replace(composed, values={**composed.values, **beside})


def template_of(
    letter: Letter, values: Mapping[str, str], current: Template | None, kept: KeptTemplates
) -> Template | None:
    """
    Return what *letter* was numbered with, also after the config names another template.

    A letter of an earlier version, that kept none, is filled into the *current* one.
    """
    logo = values.get(LOGO, "")
    if current and (current.sha256, current.logo_sha256) == (letter.template_hash, logo):
        return current
    return kept.get(letter.template_hash, logo) or current
