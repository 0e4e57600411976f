"""
Sets up `.venv` from requirements.lock on first use, then runs a command in it.

Usage: bootstrap.py demo [OPTIONS]   the main job on the built-in sandbox
       bootstrap.py test [OPTIONS]   every test and check; with options: pytest with them
       bootstrap.py bench WHAT       how fast something is, side by side with its floor

Standard library only. The syntax is Python 3.6's, so that an older Python can say that it
is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this sentence is for those who have it
    sys.exit(
        "surat-sync needs Python 3.11 or newer, and this is %d.%d: "  # noqa: UP031
        "name a newer one, e.g. PYTHON=python3.12 ./scripts/demo" % sys.version_info[:2]
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
BENCH_LOCK = ROOT / "requirements-bench.lock"
STAMP = VENV / "surat-sync.stamp"
BENCH_STAMP = VENV / "surat-sync-bench.stamp"
COMMANDS = {
    "demo": ["-P", "-m", "sync", "demo"],
    "test": [str(ROOT / "scripts" / "checks.py")],
    "bench": [str(ROOT / "scripts" / "benches.py")],
}


class SetupError(Exception):
    """One sentence about what keeps the set-up from being done."""


def main() -> None:
    """Set up if needed, then become the command."""
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:  # noqa: PLR2004
        sys.exit(__doc__)
    try:
        if not is_set_up():
            set_up()
        if sys.argv[1:3] == ["bench", "letters"]:
            add_other_libraries()
    except SetupError as error:
        sys.exit(f"surat-sync: {error}")
    command = [str(PYTHON), *COMMANDS[sys.argv[1]], *sys.argv[2:]]
    if os.name == "nt":
        sys.exit(subprocess.run(command, check=False).returncode)
    sys.stdout.flush()
    os.execv(command[0], command)


def is_set_up() -> bool:
    """Tell whether `.venv` is finished, and made for this lock and this Python."""
    return STAMP.is_file() and PYTHON.exists() and STAMP.read_text("utf-8") == fingerprint()


def fingerprint() -> str:
    """Return a digest of everything that `.venv` depends on."""
    digest = hashlib.sha256()
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    digest.update(repr([sys.version, os.path.realpath(base_python()), str(ROOT)]).encode())
    return digest.hexdigest()


def base_python() -> str:
    """Return the Python that `.venv` is made from, also when it is `.venv`'s own that runs."""
    return getattr(sys, "_base_executable", None) or sys.executable


def set_up() -> None:
    """Make `.venv` anew; with uv where it is and works, else with pip."""
    print(
        "surat-sync: setting up .venv (first use, or the requirements changed) …", file=sys.stderr
    )
    STAMP.unlink(missing_ok=True)
    uv = shutil.which("uv")
    if not (uv and set_up_with_uv(uv)):
        set_up_with_pip()
    STAMP.write_text(fingerprint(), "utf-8")


def add_other_libraries() -> None:
    """Install what our letters are measured against, in the versions of its own lock."""
    wanted = hashlib.sha256(BENCH_LOCK.read_bytes()).hexdigest()
    if BENCH_STAMP.is_file() and BENCH_STAMP.read_text("utf-8") == wanted:
        return
    print("surat-sync: installing other libraries, to measure against …", file=sys.stderr)
    uv, arguments = shutil.which("uv"), ["--require-hashes", "--requirement", str(BENCH_LOCK)]
    if not (uv and uv_does(uv, [["pip", "install", "--quiet", *arguments]])):
        pip_install(*arguments)
    BENCH_STAMP.write_text(wanted, "utf-8")


def set_up_with_uv(uv: str) -> bool:
    """Return whether uv could do all of it."""
    remove_venv()
    steps = [
        ["venv", "--quiet", "--python", base_python(), str(VENV)],
        ["pip", "install", "--quiet", "--require-hashes", "--requirements", str(LOCK)],
        ["pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    ]
    return uv_does(uv, steps)


def uv_does(uv: str, steps: "list[list[str]]") -> bool:
    """Return whether uv could do all *steps* in `.venv`."""
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV), "UV_SYSTEM_CERTS": "true"}
    return all(
        subprocess.run(
            [uv, *step], env=environment, cwd=ROOT, capture_output=True, check=False
        ).returncode
        == 0
        for step in steps
    )


def set_up_with_pip() -> None:
    """Make `.venv` with the standard library and fill it with pip."""
    make_venv()
    pip_install("--require-hashes", "--requirement", str(LOCK))
    pip_install("--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def make_venv() -> None:
    """Make an empty `.venv`; Debian ships Python without what that needs."""
    remove_venv()
    made = run([base_python(), "-m", "venv", str(VENV)])
    if made.returncode and ("ensurepip" in made.stdout or "No module named venv" in made.stderr):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        raise SetupError(f"this Python has no venv module: sudo apt install {package}")
    if made.returncode:
        raise SetupError(f"{VENV} cannot be made: {last_line(made)}")


def pip_install(*arguments: str) -> None:
    """Install into `.venv`; the wheels only come from what the lock pins."""
    quiet = ["-qq", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    installed = run([str(PYTHON), "-m", "pip", "install", *quiet, *arguments])
    if not installed.returncode:
        return
    if any(sign in installed.stderr for sign in ("NewConnection", "resolution", "Max retries")):
        raise SetupError("the packages cannot be fetched: is this computer online?")
    raise SetupError(f"the packages cannot be installed: {last_line(installed)}")


def run(command: "list[str]") -> "subprocess.CompletedProcess[str]":
    """Run a step of the set-up, and keep what it says."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def last_line(finished: "subprocess.CompletedProcess[str]") -> str:
    """Return the last thing that a step said."""
    lines = (finished.stdout + finished.stderr).strip().splitlines()
    return lines[-1] if lines else f"exit {finished.returncode}"


def remove_venv() -> None:
    """Remove what an earlier set-up left."""
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
    except OSError as error:
        raise SetupError(f"{VENV} cannot be removed: {error.strerror}") from error


if __name__ == "__main__":
    main()
