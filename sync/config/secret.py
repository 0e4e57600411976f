"""Secrets that the config only points to: `env:NAME` and `file:PATH`."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from sync.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def secret(value: str, *, key: str, folder: Path) -> str:
    """
    Return *value*, or what `env:NAME` or `file:PATH` (below *folder*) stands for.

    Raises `ConfigError`, which names *key* and never the secret, when the variable is not
    set, or the file cannot be read or can be read by its group or by others.
    """
    where, _, name = value.partition(":")
    if where == "env":
        return _from_environment(name, key)
    if where == "file":
        return _from_file(folder / name, key)
    return value


def _from_environment(name: str, key: str) -> str:
    found = os.environ.get(name, "")
    if not found:
        raise ConfigError(f"{key}: the environment variable {name} is not set")
    return found


def _from_file(path: Path, key: str) -> str:
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & _READABLE_BY_OTHERS:
            raise ConfigError(f"{key}: {path} can be read by others; run chmod 600 on it")
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{key}: {path} cannot be read") from error
    if not found:
        raise ConfigError(f"{key}: {path} is empty")
    return found
