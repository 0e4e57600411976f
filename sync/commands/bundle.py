"""`surat-sync check --bundle`: what somebody who helps needs to see, without personal data."""

from __future__ import annotations

import io
import json
import platform
import re
import sys
import zipfile
from importlib import metadata
from typing import TYPE_CHECKING

from sync.commands import program
from sync.commands.check import findings_as_text
from sync.commands.last_run import last_run
from sync.config import load_config
from sync.config.document import parse
from sync.errors import DiskError, SyncError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sync.doctor import Finding
    from sync.ledger.interface import Ledger

_PACKAGES = (
    "surat-sync",
    "google-api-python-client",
    "google-auth",
    "gspread",
    "lxml",
    "pydantic",
    "python-docx",
    "requests",
    "sqlalchemy",
)
#: keys of the config whose values are about people, places or secrets
_PRIVATE = {
    *("village", "signers", "ledger", "smtp_url", "ping_url", "account", "spreadsheet", "form_id"),
    *("drive_folder", "from_address", "backup_to", "page_url"),
}
_PUBLIC = {"timezone", "logo"}
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_ID = re.compile(r"\b[\w-]{25,}\b")
_DIGITS = re.compile(r"\d{6,}")


def write_bundle(config_file: Path, path: Path, findings: Sequence[Finding]) -> None:
    """
    Write a ZIP with findings, versions, config and counts; raises `DiskError`.

    Left out or masked: names, addresses, ids of spreadsheets and accounts, long numbers;
    nothing of an answer, a letter or a key is in it.
    """
    parts = {
        "README.txt": _README,
        "findings.txt": _masked(findings_as_text(findings)) + "\n",
        "versions.json": _json(_versions()),
        "config.json": _config(config_file),
        "state.json": _json(dict(_state(config_file))),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    try:
        path.write_bytes(content.getvalue())
    except OSError as error:
        raise DiskError(f"{path} cannot be written ({error.strerror})") from error


_README = (
    "Made by `surat-sync check --bundle`, for somebody who helps.\n"
    "Names, addresses, ids and long numbers were taken out. Look through it before you send it.\n"
)


def _versions() -> Mapping[str, str]:
    found = {"python": sys.version.split()[0], "system": platform.platform()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def _config(path: Path) -> str:
    """Return the config's keys, and the values that tell of nobody."""
    try:
        root, findings = parse(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        return _json({"cannot be read": type(error).__name__})
    if root is None or findings:
        return _json({"is no YAML": len(findings)})
    return _json(_without_people(root.plain(), private=False))


def _without_people(value: object, *, private: bool) -> object:
    if isinstance(value, dict):
        return {
            str(key): _without_people(
                inner, private=(private or key in _PRIVATE) and key not in _PUBLIC
            )
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without_people(inner, private=private) for inner in value]
    if private and value not in {"", None}:
        return "…"
    return _masked(value) if isinstance(value, str) else value


def _state(config_file: Path) -> Iterator[tuple[str, object]]:
    """Yield what can be counted without a look at anybody."""
    try:
        config = load_config(config_file)
    except SyncError:
        return
    folder = config.state_folder
    yield "last_run", last_run(folder)
    if folder.is_dir():
        yield "files", {one.name: one.stat().st_size for one in sorted(folder.iterdir())}
    try:
        with program.opened_books(config, program.system_clock()) as books:
            yield "entries", {key: _counts(books.ledger, key) for key in config.services}
    except SyncError as error:
        yield "ledger", type(error).__name__


def _counts(ledger: Ledger, service: str) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for entry in ledger.entries(service):
        key = f"{entry.status.value} {entry.step.value}"
        found[key] = found.get(key, 0) + 1
    return dict(sorted(found.items()))


def _masked(text: str) -> str:
    """Return *text* without addresses, long ids and long numbers."""
    for pattern in (_ADDRESS, _LONG_ID, _DIGITS):
        text = pattern.sub("…", text)
    return text


def _json(facts: object) -> str:
    return json.dumps(facts, indent=2, ensure_ascii=False, default=str) + "\n"
