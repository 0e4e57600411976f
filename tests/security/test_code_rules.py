"""Rules of the code that once broken did harm elsewhere, or would open the house to strangers."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOUSE = Path(sync.__file__).parent
TREES = {
    path.relative_to(HOUSE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(HOUSE.rglob("*.py"))
}

_GENERATORS = {"Random", "SystemRandom"}  # made in one place, and handed on
_WORDS = {
    "BackOffHTTPClient": "it re-sends POSTs, for hours",
    "append_row": "it detects a table, and overwrites",
    "append_rows": "it detects a table, and overwrites",
    "appendDimension": "repeated, it grows twice",
    "get_all_records": "it converts phone numbers and commas",
    "httplib2": "it re-sends POSTs by itself",
    "num_retries": "there is one retry layer",
    "permissions": "no permission is ever created",
    "update_acell": "it is always USER_ENTERED",
    "update_cell": "it is always USER_ENTERED",
    "update_cells": "it is USER_ENTERED by default",
    "values_append": "it detects a table, and overwrites",
    "values_update": "there is one write function",
    "formulaValue": "a cell gets text",
    "parseHtml": "a cell gets text",
    "pasteData": "a cell gets text",
}
_RUNS_CODE = {"eval", "exec", "compile", "__import__"}
_UNTRUSTED = {
    "pickle": "reads code",
    "marshal": "reads code",
    "shelve": "reads code",
    "dill": "reads code",
    "extractall": "a ZIP may name any path",
    "unpack_archive": "an archive may name any path",
    "mktemp": "another may take the name first",
    "nextval": "a rolled back number is lost",
}
#: what may write files, and why
_WRITERS = {
    "platform.py": "the one writer of private files",
    "cabinet/folder.py": "tells whether a letter could be stored, by a file that it removes",
    "commands/bundle.py": "a file that the operator names, without personal data",
    "commands/demo.py": "made-up residents only",
    "commands/publish.py": "a page for everybody, where the operator says",
    "commands/register.py": "a file that the operator names, 0600",
    "commands/template.py": "a sample letter of nobody, which the operator names",
    "sandbox/journal.py": "made-up residents only",
    "sandbox/sandbox.py": "made-up keys, 0600",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    What no file of the house does.

    but: files for which it does not hold; a folder ends with a slash
    """

    says: str
    breaches: Callable[[ast.AST], Iterator[str]]
    but: tuple[str, ...] = ()

    def holds_for(self, name: str) -> bool:
        return not any(name == one or (one[-1] == "/" and name.startswith(one)) for one in self.but)


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


@cache
def words(tree: ast.AST) -> tuple[str, ...]:
    """Return every name, attribute, argument, imported module and text but docstrings."""
    return tuple(_words(tree))


def _words(tree: ast.AST) -> Iterator[str]:
    docstrings = {
        id(node.body[0].value)
        for node in nodes(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.alias(name=name):
                yield from name.split(".")
            case ast.ImportFrom(module=str(name)):
                yield from name.split(".")
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                yield text


def called(node: ast.AST) -> str:
    """Return the last name of what a call calls, "" for other nodes."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
    return ""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in nodes(tree):
        if isinstance(node, ast.Call) and called(node):
            yield called(node), node


def _googles_traps(tree: ast.AST) -> Iterator[str]:
    yield from (f"{word}: {_WORDS[word]}" for word in words(tree) if word in _WORDS)


def _parsed_values(tree: ast.AST) -> Iterator[str]:
    yield from ("USER_ENTERED" for word in words(tree) if "USER_ENTERED" in word)


def _writes_values(tree: ast.AST) -> Iterator[str]:
    """Yield calls by which cells could be written at a position."""
    writers = {"values_batch_update", "batch_update_values", "batch_clear", "values_batch_clear"}
    yield from (name for name, _ in calls(tree) if name in writers)
    yield from ("values:batchUpdate" for word in words(tree) if "values:batchUpdate" in word)


def _module_random(tree: ast.AST) -> Iterator[str]:
    """Yield uses of the module's own generator, which no seed of ours reaches."""
    given = {one.arg for one in nodes(tree) if isinstance(one, ast.arg)}
    for node in nodes(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="random"), attr=name) if (
                name not in _GENERATORS and "random" not in given
            ):
                yield f"random.{name}"
            case ast.ImportFrom(module="random", names=names):
                yield from (alias.name for alias in names if alias.name not in _GENERATORS)


def _loose_calls(tree: ast.AST) -> Iterator[str]:
    """Yield requests that would wait for ever, or carry secrets to where they are sent on."""
    verbs = {"get", "post", "put", "patch", "delete", "head", "request", "urlopen", "SMTP"}
    libraries = {"requests", "urllib3", "httpx", "request", "smtplib", "_session", "session"}
    for node in nodes(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=verb)
            ) if owner in libraries and verb in verbs:
                given = {word.arg for word in node.keywords}
                if "timeout" not in given:
                    yield f"{owner}.{verb} without a timeout"
                if "allow_redirects" not in given and owner != "smtplib":
                    yield f"{owner}.{verb} follows redirects"


def _runs_code(tree: ast.AST) -> Iterator[str]:
    for node in nodes(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _RUNS_CODE:
                yield name
            case ast.keyword(arg="shell", value=value) if (
                not isinstance(value, ast.Constant) or value.value
            ):
                yield "shell"
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in {
                "system",
                "popen",
            } or name.startswith(("spawn", "exec")):
                yield f"os.{name}"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="yaml"), attr="load")):
                yield "yaml.load"


def _reads_code(tree: ast.AST) -> Iterator[str]:
    yield from (f"{word}: {_UNTRUSTED[word]}" for word in words(tree) if word in _UNTRUSTED)
    for node in nodes(tree):
        match node:
            case ast.keyword(arg="typ", value=ast.Constant(value="unsafe" | "base")):
                yield "YAML that makes objects"


def _composed_sql(tree: ast.AST) -> Iterator[str]:
    """Yield SQL that is put together from texts instead of given its values."""
    takers = {
        "text",
        "exec_driver_sql",
        "execute",
        "executescript",
        "executemany",
        "literal_column",
    }
    for name, call in calls(tree):
        if name in takers and call.args and _is_composed(call.args[0]):
            yield f"{name}(…)"


def _is_composed(text: ast.AST) -> bool:
    match text:
        case ast.JoinedStr():
            return True
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add(), right=right):
            return any(_is_text(side) for side in (left, right))
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join")):
            return _is_text(value)
    return False


def _is_text(node: ast.AST) -> bool:
    return _is_composed(node) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def _writes_files(tree: ast.AST) -> Iterator[str]:
    """Yield what makes or changes a file, other than through sync.platform."""
    for name, call in calls(tree):
        if name in {"write_text", "write_bytes", "touch", "copyfile", "copy2", "copytree"}:
            yield name
        if name in {"mkstemp", "NamedTemporaryFile", "symlink_to", "hardlink_to"}:
            yield name
        if name == "open" and _opens_to_write(call):
            yield "open"


def _opens_to_write(call: ast.Call) -> bool:
    told = [*call.args, *(word.value for word in call.keywords if word.arg in {"mode", "flags"})]
    for node in told:
        for inner in ast.walk(node):
            match inner:
                case ast.Constant(value=str(mode)) if (
                    0 < len(mode) <= 3 and set(mode) <= set("rwaxbt+") and set(mode) & set("wax+")
                ):
                    return True
                case ast.Attribute(attr="O_CREAT" | "O_WRONLY" | "O_RDWR" | "O_TRUNC"):
                    return True
    return False


def _asserts(tree: ast.AST) -> Iterator[str]:
    """Yield assertions: with -O they are gone, and outside data decide what they say."""
    yield from (f"line {node.lineno}" for node in nodes(tree) if isinstance(node, ast.Assert))


def _plain_hashes(tree: ast.AST) -> Iterator[str]:
    """Yield plain hashes; a sub-district's NIKs can all be tried against one in minutes."""
    for node in nodes(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="hashlib"), attr=name):
                yield name
            case ast.ImportFrom(module="hashlib", names=names):
                yield from (alias.name for alias in names)


def _writes_csv(tree: ast.AST) -> Iterator[str]:
    for node in nodes(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="csv"), attr="writer" | "DictWriter"):
                yield "csv.writer"
            case ast.ImportFrom(module="csv"):
                yield "from csv"


def _sets_modes(tree: ast.AST) -> Iterator[str]:
    yield from (name for name, _ in calls(tree) if name in {"chmod", "fchmod", "umask", "lchmod"})


RULES = {
    "traps": Rule(says="Google's traps", breaches=_googles_traps, but=("sandbox/",)),
    "raw": Rule(says="values are RAW", breaches=_parsed_values, but=("sandbox/",)),
    "one write": Rule(
        says="cells are written at one place", breaches=_writes_values, but=("google/sheets.py",)
    ),
    "chance": Rule(says="chance is an argument", breaches=_module_random),
    "calls": Rule(
        says="every call ends, where it was sent", breaches=_loose_calls, but=("sandbox/",)
    ),
    "code": Rule(says="nothing that is read is run", breaches=_runs_code),
    "untrusted": Rule(says="no reader that trusts its input", breaches=_reads_code),
    "sql": Rule(says="SQL is no text of ours", breaches=_composed_sql),
    "writers": Rule(
        says="private files have one writer", breaches=_writes_files, but=tuple(_WRITERS)
    ),
    "modes": Rule(
        says="modes are set in one place",
        breaches=_sets_modes,
        but=(
            "platform.py",
            "cabinet/folder.py",  # letters take over their folder's
            "sandbox/journal.py",
        ),
    ),
    "assert": Rule(
        says="outside data are checked, not asserted",
        breaches=_asserts,
        but=(
            "google/transport.py",  # an outcome without a problem has an answer
            "sandbox/sheets/formulas/counting.py",  # a pattern that takes everything
            "sandbox/sheets/formulas/references.py",  # what a pattern took before
        ),
    ),
    "hash": Rule(
        says="no plain hash",
        breaches=_plain_hashes,
        but=(
            "cabinet/folder.py",  # of a letter's bytes
            "cabinet/spool.py",  # of a letter's bytes
            "commands/idle.py",  # of the config and the program
            "commands/verify.py",  # of a letter's bytes
            "google/drive.py",  # of a letter's bytes
            "handouts/page.py",  # of the page's own scripts, for its content policy
            "google/login.py",  # PKCE: of a random text
            "keys.py",  # of a register's name and year
            "ledger/backup.py",  # of whole files
            "ledger/store.py",  # of the village's code
            "letter/seal.py",  # of a public key
            "letter/template.py",  # of the template, of an emblem
            "run/paper.py",  # of a letter's bytes
            "sandbox/",
        ),
    ),
    "csv": Rule(
        says="CSV has one writer",
        breaches=_writes_csv,
        but=("commands/register_csv.py", "sandbox/"),
    ),
}

#: what each rule must see
BAD = {
    "traps": [
        "sheet.update_cell(1, 2, 'x')",
        "sheet.update_acell('A1', 'x')",
        "sheet.append_row([])",
        "sheet.get_all_records()",
        "from gspread.http_client import BackOffHTTPClient",
        "import httplib2",
        "request.execute(num_retries=3)",
        "body = {'appendDimension': {}}",
        "body = {'userEnteredValue': {'formulaValue': '=1'}}",
        "drive.permissions().create(fileId=x)",
    ],
    "raw": ["body = {'valueInputOption': 'USER_ENTERED'}", "x(value_input_option=USER_ENTERED)"],
    "one write": [
        "client.values_batch_update(spreadsheet, body)",
        "self._post(f'{url}/values:batchUpdate', body)",
    ],
    "chance": ["pause = random.uniform(0, 1)", "from random import choice"],
    "calls": [
        "requests.get('https://example.org', allow_redirects=False)",
        "self._session.request('GET', url, allow_redirects=False)",
        "urllib.request.urlopen(url, allow_redirects=False)",
        "smtplib.SMTP(host)",
        "session.post(url, timeout=5)",
    ],
    "code": [
        "eval(answer)",
        "exec(template)",
        "subprocess.run(command, shell=True)",
        "subprocess.run(command, shell=wanted)",
        "os.system(command)",
        "os.execvp(name, arguments)",
        "yaml.load(text)",
    ],
    "untrusted": [
        "import pickle",
        "from marshal import loads",
        "archive.extractall(folder)",
        "shutil.unpack_archive(path)",
        "YAML(typ='unsafe')",
        "func.nextval('numbers')",
        "tempfile.mktemp()",
    ],
    "sql": [
        "tx.execute(text(f\"UPDATE entries SET status='{status}'\"))",
        "tx.exec_driver_sql('SELECT ' + name)",
        "tx.exec_driver_sql('SELECT %s' % name)",
        "tx.execute('SELECT {}'.format(name))",
        "cursor.execute(' '.join(parts))",
    ],
    "writers": [
        "open(path, 'w')",
        "path.open('ab')",
        "path.open(mode='x')",
        "os.open(path, os.O_WRONLY | os.O_CREAT)",
        "path.write_text(text)",
        "path.write_bytes(content)",
        "path.touch()",
        "shutil.copyfile(here, there)",
        "tempfile.mkstemp()",
    ],
    "modes": ["path.chmod(0o644)", "os.umask(0)"],
    "assert": ["assert answer['status'] == 'ok'"],
    "hash": ["hashlib.sha256(nik.encode())", "from hashlib import md5"],
    "csv": ["csv.writer(out)", "csv.DictWriter(out, names)", "from csv import writer"],
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_house_keeps_the_rule(rule: Rule) -> None:
    """No file breaks it but those that are named with a reason."""
    found = [
        f"sync/{name}: {rule.says}; but here: {breach}"
        for name, tree in TREES.items()
        if rule.holds_for(name)
        for breach in rule.breaches(tree)
    ]

    assert [] == found


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_exception_is_still_needed(rule: Rule) -> None:
    """A file that keeps the rule is not on its list, so that it goes on keeping it."""
    idle = [
        one
        for one in rule.but
        if not any(
            list(rule.breaches(tree))
            for name, tree in TREES.items()
            if name == one or (one[-1] == "/" and name.startswith(one))
        )
    ]

    assert [] == idle


@pytest.mark.parametrize(
    "name, source", [(name, source) for name, sources in BAD.items() for source in sources]
)
def test_breach_is_seen(name: str, source: str) -> None:
    """Each rule bites, and only once for one breach."""
    assert 1 == len(list(RULES[name].breaches(ast.parse(source))))


def test_every_rule_is_shown_to_bite() -> None:
    """A new rule comes with what it must see."""
    assert set(RULES) == set(BAD)
