"""What a browser brings to a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """
    One request of a browser.

    path:    the parts that the address's pattern names
    query:   still encoded
    headers: names in lower case
    """

    verb: str
    path: Mapping[str, str]
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def asked(self) -> dict[str, list[str]]:
        """The address's parameters."""
        return parse_qs(self.query, keep_blank_values=True)
