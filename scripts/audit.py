"""
Asks pip-audit whether a locked package has a known vulnerability.

Usage: audit.py   exit 0: none is known, or nobody could be asked (which is said); 1: some are
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
SECONDS = 180
PIP_AUDIT = [
    *(sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"),
    *("--disable-pip", "--require-hashes", "--timeout", "10", "--requirement", str(LOCK)),
]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the lock may be used, and what there is to say about it."""

    passes: bool
    says: str


def main() -> int:
    """Say what is known; return the exit code."""
    found = audit()
    print(found.says, file=sys.stdout if found.passes else sys.stderr)
    return int(not found.passes)


def audit(command: list[str] = PIP_AUDIT) -> Verdict:
    """Run pip-audit over the lock."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return verdict("", f"no answer within {SECONDS} seconds")
    return verdict(done.stdout, done.stderr)


def verdict(out: str, err: str) -> Verdict:
    """
    Return what pip-audit's output means.

    Its exit code says 1 for a vulnerability and for being offline, and 0 for packages that it
    could not look up; so the JSON decides.
    """
    try:
        packages: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        said = err.strip().splitlines()
        return Verdict(passes=True, says=_unknown(said[-1] if said else "no answer"))
    bad = [one for one in packages if one.get("vulns")]
    skipped = [one for one in packages if "skip_reason" in one]
    if bad:
        return Verdict(passes=False, says="\n".join(map(_line, bad)))
    if skipped:
        return Verdict(
            passes=True,
            says=_unknown(
                f"{len(skipped)} of {len(packages)} packages: {skipped[0]['skip_reason']}"
            ),
        )
    return Verdict(passes=True, says=f"pip-audit: {len(packages)} packages, nothing known")


def _unknown(why: str) -> str:
    return (
        "pip-audit cannot reach its data, so NOTHING IS KNOWN about vulnerabilities of the locked"
        f" packages ({why[:200]})"
    )


def _line(package: dict[str, Any]) -> str:
    known = ", ".join(
        f"{one['id']} (mended in {', '.join(one.get('fix_versions') or ['no version'])})"
        for one in package["vulns"]
    )
    return f"pip-audit: {package['name']} {package['version']}: {known}"


if __name__ == "__main__":
    sys.exit(main())
