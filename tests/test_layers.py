"""Who may import whom: the rooms of the house, and one home per library (CONTRIBUTING.md)."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(__file__).parent.parent / "sync"

GROUND = {"model", "errors", "clock"}
TOOLS = {"logs", "paths", "platform", "keys"}
PURE = {
    "arrivals",
    "cells",
    "decide",
    "fields",
    "identity",
    "layout",
    "notices",
    "rivals",
    "text",
    "validate",
    "values",
}
SEAMS = {"cabinet", "google", "handouts", "ledger", "letter", "monitor", "schedule"}
INTERFACES = {"cabinet.interface", "google.interface", "ledger.interface"}
EVERYTHING = {""}

#: room → what it may import of the house: rooms, or single modules of one
MAY_IMPORT: dict[str, set[str]] = {
    **{room: set() for room in GROUND},
    **dict.fromkeys(TOOLS, GROUND | TOOLS),
    **dict.fromkeys(PURE, GROUND | PURE),
    **dict.fromkeys(SEAMS, GROUND | TOOLS | PURE),
    "config": GROUND | TOOLS | PURE,
    "run": GROUND | TOOLS | PURE | INTERFACES | {"letter"},
    "doctor": GROUND | TOOLS | PURE | INTERFACES | {"letter", "run"},
    "recovery": GROUND | TOOLS | PURE | INTERFACES | {"letter", "run"},
    "removal": GROUND | TOOLS | PURE | INTERFACES | {"run"},
    "setup": GROUND | TOOLS | PURE | INTERFACES | {"run"},
    "sandbox": {"errors", "clock", "paths", "platform"},
    "commands": EVERYTHING,
    "fleet": EVERYTHING,
    "cli": EVERYTHING,
    "__main__": {"cli"},
    "__init__": set(),
}
EXCEPTIONS = {
    ("google.drive", "cabinet.interface"),  # Drive is a cabinet
}

#: library → the rooms, or single modules, that may import it
HOMES: dict[str, set[str]] = {
    "apscheduler": {"schedule"},
    "babel": {"text"},
    "cbor2": {"letter"},
    "cryptography": {"letter", "sandbox.keys"},  # Google's side of a service account
    "docx": {"letter", "handouts"},
    "google": {"google"},
    "googleapiclient": {"google", "sandbox.discovery"},  # it reads the documents in there
    "gspread": {"google"},
    "httptools": {"sandbox.wire"},
    "lxml": {"letter", "handouts"},
    "phonenumbers": {"fields"},
    "PIL": {"letter", "handouts"},
    "procrastinate": {"fleet"},
    "psycopg": {"ledger", "fleet"},
    "pydantic": {"config"},
    "pydantic_core": {"config"},
    "pypdfium2": {"letter"},
    "qrcode": {"letter", "handouts"},
    "reportlab": {"handouts"},
    "requests": {"google", "monitor"},
    "rich": {"cli", "commands"},
    "ruamel": {"config"},
    "sqlalchemy": {"ledger"},
    "typer": {"cli", "commands"},
    "urllib3": {"google"},
    "zxingcpp": {"letter"},
}

IMPURE_MODULES = {
    "asyncio",
    "http",
    "io",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib.request",
}
WALL_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}


def modules() -> list[str]:
    """Return every module below `sync`, dotted; a package is named without `__init__`."""
    found = []
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        is_room = parts[-1] == "__init__" and len(parts) > 1
        found.append(".".join(parts[:-1] if is_room else parts))
    return found


def room_of(module: str) -> str:
    return module.partition(".")[0]


@cache
def tree_of(module: str) -> ast.Module:
    path = HOUSE.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of each import, those inside functions too."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"sync.{module}:{node.lineno}: write the whole name, no dots"
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def inside(name: str, places: set[str]) -> bool:
    """Tell whether the dotted *name* is one of *places* or lies in one."""
    return any(not place or f"{name}.".startswith(f"{place}.") for place in places)


@pytest.mark.parametrize("module", modules())
def test_module_has_a_room(module: str) -> None:
    """A new room says first what it may import."""
    room = room_of(module)

    assert room in MAY_IMPORT, f"sync.{room}: give it a line in MAY_IMPORT of tests/test_layers.py"


@pytest.mark.parametrize("module", modules())
def test_module_imports_only_what_its_room_may(module: str) -> None:
    """Data goes one way, and seams do not know one another."""
    room = room_of(module)
    allowed = MAY_IMPORT.get(room, set()) | {room}
    allowed |= {there for here, there in EXCEPTIONS if here == module}
    wrong = [
        f"sync/{module.replace('.', '/')}:{line} imports {name}; {room} may import of sync only "
        f"{', '.join(sorted(allowed)) or 'nothing'}"
        for line, name in imports(module)
        if name.startswith("sync.") and not inside(name.removeprefix("sync."), allowed)
    ]

    assert [] == wrong


@pytest.mark.parametrize("module", modules())
def test_library_is_imported_in_its_home(module: str) -> None:
    """A library that changes is one room's trouble."""
    wrong = []
    for line, name in imports(module):
        library = name.split(".")[0]
        if library == "sync" or library in sys.stdlib_module_names:
            continue
        homes = HOMES.get(library, set())
        if not inside(module, homes):
            where = f"its home is {' or '.join(sorted(homes))}" if homes else "it has no home yet"
            wrong.append(f"sync.{module}:{line} imports {library}; {where}")

    assert [] == wrong


@pytest.mark.parametrize("module", [one for one in modules() if room_of(one) in PURE])
def test_pure_module_reaches_nothing_outside(module: str) -> None:
    """The same input gives the same output: no files, sockets, chance or waiting."""
    wrong = [
        f"sync.{module}:{line} imports {name}"
        for line, name in imports(module)
        if inside(name, IMPURE_MODULES)
    ]
    wrong += [
        f"sync.{module}:{node.lineno} opens a file"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"
    ]

    assert [] == wrong


@pytest.mark.parametrize("module", [one for one in modules() if one != "clock"])
def test_only_the_clock_reads_wall_time(module: str) -> None:
    """Everything else is given a `Clock`, so a test can say what day it is."""
    wrong = [
        f"sync.{module}:{node.lineno} reads {node.value.id}.{node.attr}"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in WALL_TIME
    ]

    assert [] == wrong


def test_rules_see_imports_inside_functions() -> None:
    """The walk that all rules use finds late imports: one that is known."""
    assert "ruamel.yaml.YAML" in {name for _, name in imports("config.document")}
