"""A known vulnerability fails the checks; that nobody could be asked is said, and does not."""

from __future__ import annotations

import importlib
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SOUND = {"name": "requests", "version": "2.34.0", "vulns": []}
BAD = {
    "name": "lxml",
    "version": "6.0.0",
    "vulns": [{"id": "CONTOH-2026-1", "fix_versions": ["6.0.1"]}],
}
UNKNOWN = {"name": "gspread", "skip_reason": "Dependency not found and could not be audited"}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    return importlib.import_module("audit")


def _printing(*packages: dict[str, Any]) -> list[str]:
    """Return a command that prints what pip-audit would, and ends with 1 as it may."""
    text = json.dumps({"dependencies": packages, "fixes": []})
    return [sys.executable, "-c", f"print({text!r}); raise SystemExit(1)"]


def test_a_known_vulnerability_fails(script: Any) -> None:
    """With package, version, name and the version that mends it; also if others are unknown."""
    found = script.audit(_printing(SOUND, BAD, UNKNOWN))

    assert not found.passes
    assert "pip-audit: lxml 6.0.0: CONTOH-2026-1 (mended in 6.0.1)" == found.says


def test_no_known_vulnerability_passes(script: Any) -> None:
    """How many were looked up is said."""
    found = script.audit(_printing(SOUND, SOUND))

    assert found.passes
    assert "pip-audit: 2 packages, nothing known" == found.says


@pytest.mark.parametrize(
    "command",
    [
        _printing(SOUND, UNKNOWN),
        [sys.executable, "-c", "raise OSError('no network')"],
        [sys.executable, "-c", "print('[]')"],
        [sys.executable, "-m", "no_such_module"],
    ],
)
def test_what_cannot_be_looked_up_is_said(script: Any, command: list[str]) -> None:
    """pip-audit's own exit code would be 0 for skipped packages."""
    found = script.audit(command)

    assert found.passes
    assert found.says.startswith("pip-audit cannot reach its data, so NOTHING IS KNOWN")


def test_without_a_network_pip_audit_tells_nothing(
    script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real one reads our lock, and finds nobody to ask."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    found = script.audit()

    assert found.passes
    assert "NOTHING IS KNOWN" in found.says


def test_the_static_rules_for_security_are_on() -> None:
    """Of ruff's rules from bandit two are off in the program: commands are lists of our own."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]

    assert ["ALL"] == lint["select"]
    assert {"S603", "S607"} == {
        rule for rule in lint["ignore"] if rule.startswith("S") and rule[1:].isdigit()
    }
    assert {"tests/**", "scripts/**"} == set(lint["per-file-ignores"])
