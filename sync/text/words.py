"""Every word that people read, from id.toml; read once, when the first word is needed."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

Code = TypeVar("Code", bound="StrEnum")


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """Return id.toml as nested tables."""
    return tomllib.loads(resources.files(__package__).joinpath("id.toml").read_text("utf-8"))


def word(table: str, key: str, /, **gaps: object) -> str:
    """Return one sentence with its *gaps* filled; what fills a gap is never read as a pattern."""
    sentence: str = words()[table][key]
    return sentence.format(**gaps)


def by_code(table: str, codes: type[Code]) -> Mapping[Code, str]:
    """Return a table of id.toml by the members of an enum."""
    return MappingProxyType({code: words()[table][code.value] for code in codes})
