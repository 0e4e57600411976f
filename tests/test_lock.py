"""The locks: pinned by hash, complete, and without a word about where packages are."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMES = ("requirements.lock", "requirements-bench.lock")
LOCK, BENCH_LOCK = ((ROOT / name).read_text(encoding="utf-8") for name in NAMES)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def folded(requirement: str) -> str:
    """Return the name of the distribution that a requirement asks for."""
    name = re.split(r"[\s;<>=\[]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("lock", [LOCK, BENCH_LOCK], ids=NAMES)
def test_lock_names_no_host(lock: str) -> None:
    """Where packages come from is the installing computer's choice."""
    assert [] == [line for line in lock.splitlines() if "://" in line or "index" in line]


def test_the_npm_lock_names_no_host() -> None:
    """The same for what node compares with; each package has its hash."""
    path = ROOT / "scripts" / "bench_node" / "package-lock.json"
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    packages.pop("")

    assert [] == [name for name, one in packages.items() if "resolved" in one]
    assert [] == [name for name, one in packages.items() if "integrity" not in one]


@pytest.mark.parametrize("lock", [LOCK, BENCH_LOCK], ids=NAMES)
def test_every_package_is_pinned_with_a_hash(lock: str) -> None:
    """A package that was changed after the lock was made is refused."""
    packages = re.split(r"\n(?=[a-zA-Z0-9])", lock)
    assert [] == [
        package.splitlines()[0]
        for package in packages
        if not package.startswith("#") and not ("==" in package and "--hash=sha256:" in package)
    ]


def test_lock_has_everything_that_the_project_asks_for() -> None:
    """A dependency added to pyproject.toml is locked too."""
    groups = PROJECT["dependency-groups"]

    assert set() == missing([*PROJECT["project"]["dependencies"], *groups["dev"]], LOCK)
    assert set() == missing(groups["bench"], BENCH_LOCK)


def test_both_locks_agree() -> None:
    """The bench changes no version of what the program runs with."""
    versions = [
        dict(re.findall(r"^(\S+)==(\S+)", lock, re.MULTILINE)) for lock in (LOCK, BENCH_LOCK)
    ]
    shared = versions[0].keys() & versions[1].keys()

    assert shared
    assert {versions[0][name] for name in shared} == {versions[1][name] for name in shared}


def missing(requirements: list[str], lock: str) -> set[str]:
    """Return what is asked for and not locked."""
    locked = set(re.findall(r"^([a-z0-9][a-z0-9._-]*)", lock, flags=re.MULTILINE))
    return {folded(requirement) for requirement in requirements} - locked
