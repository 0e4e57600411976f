"""What a field parser returns when the answer is good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from sync.model import Caution


@dataclass(frozen=True, slots=True)
class Parsed:
    """A good answer."""

    value: str  #: the text that the letter prints; "" when empty
    cautions: tuple[Caution, ...] = ()
    on: date | None = None  #: a date; of a month_year the first of its (last possible) month
