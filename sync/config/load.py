"""Reads config.yaml; everything wrong with it is told at once, with line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from sync.config.document import Finding, Node, parse
from sync.config.references import reference_findings, suggestion
from sync.config.schema import Config
from sync.config.sections import Section
from sync.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from sync.config.document import Path as KeyPath


def load_config(path: Path, *, complete: bool = True) -> Config:
    """
    Return the config in the file *path*; its relative paths start from that file's folder.

    complete: a service whose `spreadsheet` is still empty is a problem; commands that need
              no Google say False

    Raises `ConfigError` with every problem as `file:line:column: message`. Opens no other
    file and no connection.
    """
    root, findings = parse(_read(path))
    if root and not root.is_mapping:
        findings.append(Finding(root.place, "the file must hold `key: value` lines"))
    if root is None or not root.is_mapping:
        raise _config_error(path, findings)
    config, wrong = _validated(root, path.absolute().parent)
    findings += wrong
    findings += reference_findings(root, complete=complete)
    if findings or config is None:
        raise _config_error(path, findings)
    return config


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text") from error


def _config_error(path: Path, findings: list[Finding]) -> ConfigError:
    ordered = sorted(set(findings), key=lambda finding: (finding.place, finding.message))
    problems = [f"{path}:{one.place.line}:{one.place.column}: {one.message}" for one in ordered]
    return ConfigError(f"{path} is not usable as it is", problems)


def _validated(root: Node, folder: Path) -> tuple[Config | None, list[Finding]]:
    try:
        return Config.model_validate(root.plain(), context=folder), []
    except ValidationError as error:
        return None, _findings(root, error.errors(include_url=False))


def _findings(root: Node, errors: list[ErrorDetails]) -> list[Finding]:
    """Translate *errors*; of several about one value (text or number?) the first says it."""
    found: dict[KeyPath, Finding] = {}
    for details in errors:
        path = details["loc"]
        subject = path if details["type"] == "missing" else root.nearest(path)[1]
        found.setdefault(subject, _finding(root, details))
    return list(found.values())


def _finding(root: Node, details: ErrorDetails) -> Finding:
    """Translate pydantic's words for *details* into ours, at the place that they mean."""
    path = details["loc"]
    node, found = root.nearest(path)
    dotted = ".".join(str(step) for step in found)
    match details["type"]:
        case "extra_forbidden":
            message = f"unknown key {path[-1]!r}{suggestion(str(path[-1]), _known_keys(path))}"
            return Finding(node.key_place, message)
        case "missing":
            wanted = ".".join(str(step) for step in path)
            return Finding(node.key_place, f"{wanted} is missing")
        case _:
            return Finding(node.place, f"{dotted}: {_message(node, details)}")


def _known_keys(path: KeyPath) -> list[str]:
    """Return the keys that the section which holds *path* may have."""
    section: Any = Config
    for step in path[:-1]:
        is_section = isinstance(section, type) and issubclass(section, Section)
        section = section.keys()[str(step)].annotation if is_section else get_args(section)[1]
    return list(section.keys())


_MUST_BE = {
    "string_type": "must be a text",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "dict_type": "must hold `key: value` lines",
    "model_type": "must hold `key: value` lines",
    "tuple_type": "must be a text or a list of texts",
}
_WORDS = {"string_type", "tuple_type", "house_rule"}


def _message(node: Node, details: ErrorDetails) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if node.is_unquoted and kind in _WORDS:
        return f'write it in quotes: "{node.written}"'
    if node.scalar is None and not node.is_mapping and node.items is None:
        return 'nothing stands here; write a value ("" where it may be empty)'
    if kind in {"literal_error", "enum"}:
        known = [str(word).strip("'") for word in _choices(context["expected"])]
        return f"must be one of {', '.join(known)}{suggestion(node.text, known)}"
    if kind == "greater_than_equal":
        return f"must be at least {context['ge']}"
    if kind in {"string_too_short", "string_pattern_mismatch", "too_short"}:
        return "must not be empty"
    return _MUST_BE.get(kind) or details["msg"]


def _choices(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")
