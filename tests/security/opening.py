"""
Opens each file of a folder as a template, in a process of its own, and tells what became of it.

Usage: opening.py FOLDER; stdout is JSON: {"files": {name: [outcome, message, seconds]}, "memory":
bytes that opening took at most}. An outcome is `refused`, `filled` or an exception's name; the
message of a filled one is its text.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from sync.errors import TemplateError
from sync.letter import Template, letter_text

VALUE = "Siti & <Contoh>"


def main(folder: Path) -> None:
    """Open every file."""
    before = _most_bytes()
    found = {path.name: _outcome(path) for path in sorted(folder.iterdir())}
    print(json.dumps({"files": found, "memory": _most_bytes() - before}))  # noqa: T201


def _outcome(path: Path) -> tuple[str, str, float]:
    began = time.perf_counter()
    try:
        kind, said = "filled", _filled(path)
    except TemplateError as error:
        kind, said = "refused", str(error)
    except Exception as error:  # noqa: BLE001 - what the test looks for
        kind, said = type(error).__name__, str(error)
    return kind, said, time.perf_counter() - began


def _filled(path: Path) -> str:
    template = Template.open(path)
    letter = template.fill(dict.fromkeys(template.names, VALUE))
    return "\n".join(letter_text(letter))


def _most_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))
