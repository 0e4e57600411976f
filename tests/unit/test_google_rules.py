"""Rules that keep a change from calling Google in a way that once did harm."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sync

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(sync.__file__).parent
FILES = sorted(
    path for path in HOUSE.rglob("*.py") if "sandbox" not in path.relative_to(HOUSE).parts
)
PARSED = "USER_ENTERED"
GENERATORS = {"Random", "SystemRandom"}  # made in one place, and handed on

FORBIDDEN_NAMES = {
    "BackOffHTTPClient": "it re-sends POSTs, for hours",
    "append_row": "it detects a table, and overwrites",
    "append_rows": "it detects a table, and overwrites",
    "appendDimension": "repeated, it grows twice",
    "get_all_records": "it converts phone numbers and commas",
    "httplib2": "it re-sends POSTs by itself",
    "num_retries": "there is one retry layer",
    "update_acell": "it is always USER_ENTERED",
    "update_cell": "it is always USER_ENTERED",
    "values_append": "it detects a table, and overwrites",
}


def words(tree: ast.AST) -> Iterator[str]:
    """Yield every name, attribute, argument, imported module and text but docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.alias(name=name):
                yield from name.split(".")
            case ast.ImportFrom(module=str(name)):
                yield from name.split(".")
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                yield text


def breaches(source: str) -> list[str]:
    """Return what *source* does against the rules of Google's home."""
    tree = ast.parse(source)
    found = [f"{word}: {FORBIDDEN_NAMES[word]}" for word in words(tree) if word in FORBIDDEN_NAMES]
    found += ["USER_ENTERED: values are RAW" for word in words(tree) if PARSED in word]
    found += [f"random.{name}: chance is an argument" for name in _module_random(tree)]
    found += [f"{name}() without a timeout" for name in _untimed_calls(tree)]
    return found


def _module_random(tree: ast.AST) -> Iterator[str]:
    """Yield uses of the module's own generator, which no seed of ours reaches."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="random"), attr=name) if name not in GENERATORS:
                yield name
            case ast.ImportFrom(module="random", names=names):
                yield from (alias.name for alias in names if alias.name not in GENERATORS)


def _untimed_calls(tree: ast.AST) -> Iterator[str]:
    """Yield calls that would wait for ever: they name a library, and no timeout."""
    verbs = {"get", "post", "put", "patch", "delete", "head", "request", "urlopen", "SMTP"}
    libraries = {"requests", "urllib3", "httpx", "request", "smtplib"}
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=verb)
            ) if owner in libraries | {"_session", "session"} and verb in verbs:
                if not {"timeout", "timeout_seconds"} & {word.arg for word in node.keywords}:
                    yield f"{owner}.{verb}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_house_keeps_the_rules(path: Path) -> None:
    """No file of the house but the sandbox calls Google in a forbidden way."""
    assert [] == breaches(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        "sheet.update_cell(1, 2, 'x')",
        "sheet.update_acell('A1', 'x')",
        "sheet.append_row([])",
        "sheet.get_all_records()",
        "from gspread.http_client import BackOffHTTPClient",
        "import httplib2",
        "request.execute(num_retries=3)",
        "body = {'valueInputOption': 'USER_ENTERED'}",
        "body = {'appendDimension': {}}",
        "pause = random.uniform(0, 1)",
        "from random import choice",
        "requests.get('https://example.org')",
        "self._session.request('GET', url)",
        "urllib.request.urlopen(url)",
    ],
)
def test_breach_is_found(source: str) -> None:
    """The rules see each of these."""
    assert 1 == len(breaches(source))
