"""requirements.lock: pinned by hash, complete, and without a word about where packages are."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def folded(requirement: str) -> str:
    """Return the name of the distribution that a requirement asks for."""
    name = re.split(r"[\s;<>=\[]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_lock_names_no_host() -> None:
    """Where packages come from is the installing computer's choice."""
    assert [] == [line for line in LOCK.splitlines() if "://" in line or "index" in line]


def test_every_package_is_pinned_with_a_hash() -> None:
    """A package that was changed after the lock was made is refused."""
    packages = re.split(r"\n(?=[a-zA-Z0-9])", LOCK)
    assert [] == [
        package.splitlines()[0]
        for package in packages
        if not package.startswith("#") and not ("==" in package and "--hash=sha256:" in package)
    ]


def test_lock_has_everything_that_the_project_asks_for() -> None:
    """A dependency added to pyproject.toml is locked too."""
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    locked = set(re.findall(r"^([a-z0-9][a-z0-9._-]*)", LOCK, flags=re.MULTILINE))

    assert set() == {folded(requirement) for requirement in asked} - locked
