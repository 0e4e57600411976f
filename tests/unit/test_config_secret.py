"""`env:NAME` and `file:PATH` in the config."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from sync.config.secret import secret
from sync.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def test_plain_value_stays(tmp_path: Path) -> None:
    """A URL is no pointer."""
    assert "postgresql://db/x" == secret("postgresql://db/x", key="ledger", folder=tmp_path)


def test_environment_variable_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """env:NAME stands for the variable."""
    monkeypatch.setenv("SURAT_LEDGER", "postgresql://db/y")

    assert "postgresql://db/y" == secret("env:SURAT_LEDGER", key="ledger", folder=tmp_path)


def test_private_file_is_read_without_its_line_end(tmp_path: Path) -> None:
    """file:PATH stands for the file's text, below the config's folder."""
    path = tmp_path / "smtp"
    path.write_text("smtps://mail.example\n", encoding="utf-8")
    path.chmod(0o600)

    assert "smtps://mail.example" == secret("file:smtp", key="notify.smtp_url", folder=tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """A secret that the whole computer can read is none."""
    path = tmp_path / "smtp"
    path.write_text("smtps://mail.example", encoding="utf-8")
    path.chmod(0o640)

    with pytest.raises(ConfigError, match="can be read by others"):
        secret("file:smtp", key="notify.smtp_url", folder=tmp_path)


@pytest.mark.parametrize("value", ["env:NOT_SET_ANYWHERE", "file:nothing"])
def test_missing_secret_names_its_key(tmp_path: Path, value: str) -> None:
    """The operator learns which key points nowhere."""
    with pytest.raises(ConfigError, match=r"^ledger: "):
        secret(value, key="ledger", folder=tmp_path)
