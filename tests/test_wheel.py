"""What an installed surat-sync has, where no checkout is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
_IN_WHEEL = "import sys; sys.path.insert(0, sys.argv[1]); from sync.paths import data_root; "


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel of the project, built without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_templates_words_and_example(wheel: Path) -> None:
    """Whatever the program reads beside its code travels with it."""
    needed = {
        "sync/_data/templates/letter_sku.docx",
        "sync/_data/config.example.yaml",
        "sync/text/id.toml",
        *(f"sync/handouts/{name}" for name in ("page.html", "page.css", "page.js", "tweetnacl.js")),
    }

    assert set() == needed - set(ZipFile(wheel).namelist())


def test_wheel_installs_one_command_and_it_is_not_sync(wheel: Path) -> None:
    """`sync` is coreutils': in cron it would exit 0 and do nothing."""
    archive = ZipFile(wheel)
    (name,) = (one for one in archive.namelist() if one.endswith("entry_points.txt"))

    assert "[console_scripts]\nsurat-sync = sync.cli:main\n" == archive.read(name).decode()


def test_installed_program_finds_its_templates(wheel: Path, tmp_path: Path) -> None:
    """`data_root` looks into the package when there is no checkout."""
    ZipFile(wheel).extractall(tmp_path)
    code = _IN_WHEEL + "print((data_root() / 'templates' / 'letter_sku.docx').is_file())"
    printed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True
    ).stdout

    assert "True\n" == printed
