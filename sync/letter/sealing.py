"""Sealing a village's letters: from a letter and its values to what its code says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.letter.qr import qr_png
from sync.letter.seal import MAX_NAME, Seal, SigningKey, masked, values_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model import Letter

SEAL = "seal"  #: the name, beside the letter's values, of what its code says

__all__ = ["SEAL", "Sealer", "qr_png"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealer:
    """Seals the letters of one village."""

    signing_key: SigningKey
    secret: bytes  #: for the digests of values, `Keys.derive("letter-values")`
    village_code: str
    page_url: str  #: of the verification page; "": the code holds the token alone

    def text(
        self, letter: Letter, *, service: str, applicant: str, values: Mapping[str, str]
    ) -> str:
        """Return what the code on *letter* says; the same letter, the same text."""
        seal = Seal(
            village_code=self.village_code,
            service=service,
            letter_number=letter.letter_number,
            revision=letter.revision,
            issued_on=letter.issued_on,
            valid_until=letter.valid_until,
            masked_name=masked(applicant),
            digest=values_digest(self.secret, values),
        )
        token = self.signing_key.token(seal)
        return f"{self.page_url}#{token}" if self.page_url else token

    def longest(self, letter: Letter, *, service: str) -> str:
        """Return the longest text that the code on a letter with such a number could have."""
        return self.text(letter, service=service, applicant="Ḿ" * MAX_NAME, values={})
