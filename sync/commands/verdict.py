"""What `surat-sync verify` says of a letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from datetime import date

    from sync.letter.seal import Seal

Result = Literal["genuine", "changed", "void", "replaced", "expired", "unknown", "unreadable"]

ISSUED = "issued by this village, and not withdrawn"

_EXIT = {"genuine": 0, "expired": 0, "unreadable": 2}
_OTHER_EXIT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is known of a letter, and how it was found out."""

    result: Result
    note: str  #: for people
    letter_number: str = ""
    revision: int | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    masked_name: str = ""
    differences: tuple[str, ...] = ()

    @classmethod
    def of_seal(cls, seal: Seal) -> Self:
        """Return that a letter with this seal is ours, as far as the seal tells."""
        return cls(
            result="genuine",
            note=ISSUED,
            letter_number=seal.letter_number,
            revision=seal.revision,
            issued_on=seal.issued_on,
            valid_until=seal.valid_until,
            masked_name=seal.masked_name,
        )

    @property
    def exit_code(self) -> int:
        """0: ours and not changed; 1: not so, or withdrawn; 2: nothing could be read."""
        return _EXIT.get(self.result, _OTHER_EXIT)

    def as_facts(self) -> dict[str, Any]:
        """Return what `--json` prints; what is not known is null or empty."""
        return {
            "result": self.result,
            "letter_number": self.letter_number,
            "revision": self.revision,
            "issued_on": self.issued_on.isoformat() if self.issued_on else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "masked_name": self.masked_name,
            "differences": list(self.differences),
        }

    def as_text(self) -> str:
        """Return it for people, a line for each thing that is known."""
        lines = [f"{self.result.upper()}: {self.note}"]
        if self.letter_number:
            again = f", revision {self.revision}" if (self.revision or 0) > 1 else ""
            lines.append(f"number       {self.letter_number}{again}")
        if self.masked_name:
            lines.append(f"name         {self.masked_name}")
        if self.issued_on:
            until = f", valid until {self.valid_until}" if self.valid_until else ""
            lines.append(f"issued on    {self.issued_on}{until}")
        if self.differences:
            lines.append(f"differences  {', '.join(self.differences)}")
        return "\n".join(lines)
