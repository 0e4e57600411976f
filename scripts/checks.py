"""
Runs every check of the project: format, lint, types, tests.

Usage: checks.py [--nightly | --release] [PYTEST OPTIONS]

With options only pytest runs, with them. A night looks longer for what is wrong; before a
release a million numbers are taken, too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import audit

ROOT = Path(__file__).resolve().parent.parent
CHECKS = [
    ["ruff", "format", "--check", "--quiet"],
    ["ruff", "check", "--quiet"],
    ["mypy", "sync", "scripts"],
    ["mypy", *map(str, sorted((ROOT / "tests").glob("*.py"))), "tests/exchanges"],
    *(
        ["mypy", f"tests/{room}"]
        for room in (
            "browser",
            "contract",
            "docs",
            "run",
            "sandbox",
            "security",
            "simulation",
            "unit",
        )
    ),
]  # one mypy for each folder of tests: every one has a `conftest`
#: a worker keeps to neighbours, which share what was made for them, and helps the other in the end
PARALLEL = ["-n", "auto", "--dist", "worksteal"]
MODES = {"--nightly": "nightly", "--release": "release"}
ALONE = "tests/simulation/test_schedules.py"  #: it takes every core for itself
OFFICE_PROGRAMS = ["soffice", "pdftotext", "chromium"]
OFFICE_PACKAGES = [
    "libreoffice-writer-nogui",
    "poppler-utils",
    "chromium",
    "fonts-liberation",
    "fonts-noto-core",
]


def main(arguments: list[str]) -> int:
    """Return the exit code: 0 only when every check is content."""
    os.chdir(ROOT)
    for mode in set(arguments) & MODES.keys():
        os.environ["HYPOTHESIS_PROFILE"] = "nightly"
        os.environ["SURAT_SYNC_TESTS"] = MODES[mode]
    options = [argument for argument in arguments if argument not in MODES]
    failed = [] if options else [check[0] for check in CHECKS if not passes(check)]
    if not options and audit.main():
        failed.append("pip-audit")
    provide_office()
    if options:
        return pytest(*PARALLEL, *options)
    codes = [pytest(*PARALLEL, f"--ignore={ALONE}"), pytest(ALONE)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return max(*codes, int(bool(failed)))


def pytest(*options: str) -> int:
    """Run tests; return pytest's exit code."""
    program = [sys.executable, "-m", "pytest", "--quiet", *options]
    return subprocess.run(program, check=False).returncode


def passes(check: list[str]) -> bool:
    """Run one tool over the project and tell whether it is content."""
    print("$", *check, flush=True)
    return subprocess.run([sys.executable, "-m", *check], check=False).returncode == 0


def provide_office() -> None:
    """Install what the tests of finished letters open them with, or say what is missing."""
    missing = [program for program in OFFICE_PROGRAMS if not shutil.which(program)]
    if not missing or (may_install() and install_office()):
        return
    print(
        f"{' and '.join(missing)} not found: tests that open our letters and pages are skipped; "
        f"to run them: sudo apt install {' '.join(OFFICE_PACKAGES)}",
        file=sys.stderr,
    )


def may_install() -> bool:
    """Tell whether packages can be installed without asking anybody."""
    return bool(shutil.which("apt-get")) and os.name == "posix" and os.geteuid() == 0


def install_office() -> bool:
    """Install LibreOffice without its recommendations; tell whether that worked."""
    print("installing", *OFFICE_PACKAGES, "for the tests of finished letters …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = [
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "--no-install-recommends", *OFFICE_PACKAGES],
    ]
    return all(
        subprocess.run(step, env=environment, stdout=subprocess.DEVNULL, check=False).returncode
        == 0
        for step in steps
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
