"""The set-up script: when it sets up, and the one sentence that it fails with."""

from __future__ import annotations

import ast
import runpy
import sys
from importlib import util
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).parent.parent.parent / "scripts"
BOOTSTRAP = SCRIPTS / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the script as a module that works below *tmp_path*."""
    spec = util.spec_from_file_location("bootstrap", BOOTSTRAP)
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "requirements.lock").write_text("one==1\n", encoding="utf-8")
    for name, path in (("ROOT", "."), ("VENV", ".venv"), ("LOCK", "requirements.lock")):
        monkeypatch.setattr(module, name, tmp_path / path)
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv/surat-sync.stamp")
    return module


def finished(bootstrap: Any) -> None:
    """Leave `.venv` as a set-up does."""
    bootstrap.PYTHON.parent.mkdir(parents=True)
    bootstrap.PYTHON.touch()
    bootstrap.STAMP.write_text(bootstrap.fingerprint(), "utf-8")


def program(path: Path, *, says: str) -> Path:
    """Return a program that fails after saying something on both streams."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\necho '{says}' >&2\nexit 1\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_an_old_python_can_read_the_script() -> None:
    """It must get as far as saying that the Python is too old."""
    tree = ast.parse(BOOTSTRAP.read_text(encoding="utf-8"), feature_version=(3, 6))

    assert "main" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_an_old_python_gets_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback: the versions and what to type."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))

    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(BOOTSTRAP))

    expected = "surat-sync needs Python 3.11 or newer, and this is 3.9: "
    assert expected + "name a newer one, e.g. PYTHON=python3.12 ./scripts/demo" == caught.value.code


def test_a_finished_set_up_is_not_repeated(bootstrap: Any) -> None:
    """The second call goes straight to the command."""
    finished(bootstrap)

    assert bootstrap.is_set_up()


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_changed_requirements_are_set_up_anew(bootstrap: Any, changed: str) -> None:
    """After an update the environment follows."""
    finished(bootstrap)
    (bootstrap.ROOT / changed).write_text("two==2\n", encoding="utf-8")

    assert not bootstrap.is_set_up()


def test_another_python_is_set_up_anew(bootstrap: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment of the old Python would not run."""
    finished(bootstrap)
    monkeypatch.setattr(sys, "version", "3.99.0")

    assert not bootstrap.is_set_up()


def test_an_interrupted_set_up_is_not_finished(bootstrap: Any) -> None:
    """Without the stamp, which is written last, everything is done again."""
    finished(bootstrap)
    bootstrap.STAMP.unlink()

    assert not bootstrap.is_set_up()


def test_a_missing_venv_module_names_the_package(
    bootstrap: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian ships Python without it."""
    python = program(tmp_path / "python", says="because ensurepip is not available.")
    monkeypatch.setattr(bootstrap, "base_python", lambda: str(python))

    with pytest.raises(bootstrap.SetupError) as caught:
        bootstrap.make_venv()

    package = f"python3.{sys.version_info.minor}-venv"
    assert f"this Python has no venv module: sudo apt install {package}" == str(caught.value)


def test_no_network_is_said_in_one_sentence(bootstrap: Any) -> None:
    """Pip's own words fill a screen."""
    program(bootstrap.PYTHON, says="NewConnectionError(...): Failed to establish a connection")

    with pytest.raises(bootstrap.SetupError) as caught:
        bootstrap.pip_install("anything")

    assert "the packages cannot be fetched: is this computer online?" == str(caught.value)


def test_any_other_trouble_shows_pips_last_line(bootstrap: Any) -> None:
    """A wrong hash must not look like a missing network."""
    program(bootstrap.PYTHON, says="THESE PACKAGES DO NOT MATCH THE HASHES")

    with pytest.raises(bootstrap.SetupError, match="DO NOT MATCH THE HASHES"):
        bootstrap.pip_install("anything")


@pytest.mark.parametrize("command", ["demo", "test"])
def test_commands_are_two_lines_over_the_script(command: str) -> None:
    """There is one way to set up."""
    lines = (SCRIPTS / command).read_text(encoding="utf-8").splitlines()
    python = '"${PYTHON:-python3}" "$(dirname "$0")/bootstrap.py"'

    assert ["#!/bin/sh", f'exec {python} {command} "$@"'] == lines
