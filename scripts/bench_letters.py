"""
Filling letters: ours beside other libraries, on the real template, in turns.

Each library works in a process of its own. In every round each gets its turn, and is compared
with docxtpl in the same round: what else the computer does disturbs both alike.
"""

from __future__ import annotations

import json
import marshal
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench_figures import Figure, megabytes
from bench_fillers import seals
from bench_templates import in_single_braces, peer_template, with_gap_for_seal, with_merge_fields

from sync.letter import Template, letter_text
from sync.letter.sealing import qr_png

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
NODE = ROOT / "scripts" / "bench_node"
NODE_MODULES = Path(sys.prefix) / "surat-sync-bench-node"
TEMPLATE = ROOT / "templates" / "letter_sku.docx"
_LETTERS = 100
_TURN_SECONDS = 0.4
ROUNDS = 9


@dataclass(frozen=True, slots=True)
class Filler:
    """A library in the comparison."""

    name: str  #: of its function in bench_fillers
    title: str
    module: str  #: what must be installed for it
    base: str  #: whom its speed is compared with
    goal: str = ""  #: ours against it, at least
    has_picture: bool = True


DOCUMENTED, QRCODE = "docxtpl", "docxtpl_qrcode"
FILLERS = [
    Filler("ours", "ours", "sync", DOCUMENTED),
    Filler(DOCUMENTED, "docxtpl, as documented", "docxtpl", DOCUMENTED, "50"),
    Filler("docxtpl_cached", "docxtpl, template cached", "docxtpl", DOCUMENTED, "15"),
    Filler("docxtemplater", "docxtemplater (npm)", "", DOCUMENTED, "15"),
    Filler("mailmerge", "docx-mailmerge2, no picture", "mailmerge", DOCUMENTED, has_picture=False),
    Filler("python_docx", "python-docx, loop over runs", "docx", DOCUMENTED),
    Filler("ours_sealed", "own seal: ours", "sync", QRCODE),
    Filler(QRCODE, "own seal: docxtpl + qrcode", "docxtpl", QRCODE, "15"),
]


def letters(*, rounds: int = ROUNDS, turn_seconds: float = _TURN_SECONDS) -> Iterator[Figure]:
    """Yield letters a second, ratios and peak memory of all that is installed."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        values = _prepare(folder)
        commands = {one.name: _command(one, folder) for one in FILLERS}
        running = {
            name: stack.enter_context(_running(command))
            for name, command in commands.items()
            if command
        }
        for one in FILLERS:
            if one.name in running:
                _check(one, running[one.name], folder, values)
        rates = _rates(running, rounds=rounds, turn_seconds=turn_seconds)
        peaks = {name: megabytes(child.pid, "VmHWM") for name, child in running.items()}
    yield from _figures(rates, peaks)


def _prepare(folder: Path) -> dict[str, str]:
    """Write templates, values and picture; return the first letter's values."""
    shutil.copy(TEMPLATE, folder / "ours.docx")
    spellings = {
        "docxtpl": with_gap_for_seal,
        "docxtemplater": in_single_braces,
        "mailmerge": with_merge_fields,
    }
    for name, spelled in spellings.items():
        (folder / f"{name}.docx").write_bytes(peer_template(TEMPLATE, spelled))
    names = sorted(Template.open(TEMPLATE).names)
    every = [_values(names, number) for number in range(1, _LETTERS + 1)]
    sealed = seals(every)
    codes = [sealed(at) for at in range(_LETTERS)]
    (folder / "seal.png").write_bytes(qr_png(codes[0]))
    work = {"letters": every, "codes": codes}
    (folder / "work.json").write_text(json.dumps(work), "utf-8")  # for node
    (folder / "work.marshal").write_bytes(marshal.dumps(work))
    return every[0]


def _values(names: Sequence[str], number: int) -> dict[str, str]:
    """Return made-up values, as long as real ones are."""
    known = {
        "nama": f"Siti Contoh Nomor {number}",
        "nik": f"350732{number % 28 + 41:02d}01{number % 90:02d}99{number % 100:02d}",
        "nomor_surat": f"500.3/{number}/35.07.32.2004/2026",
        "id_permohonan": f"SKU-7K3M-{number:04d}-Q",
        "alamat_usaha": "Dusun Kebobang RT 003 RW 005, di seberang lapangan",
        "keperluan": "Pengajuan Kredit Usaha Rakyat (KUR)",
    }
    return {name: known.get(name, f"contoh isian {name.replace('_', ' ')}") for name in names}


def _command(one: Filler, folder: Path) -> list[str] | None:
    """Return what starts the library's process; None, and a word about it, where it is missing."""
    if one.name == "docxtemplater":
        return _node_command(folder)
    if find_spec(one.module) is None:
        _say(f"{one.title}: not installed, left out")
        return None
    return [sys.executable, str(ROOT / "scripts" / "bench_fillers.py"), one.name, str(folder)]


def _node_command(folder: Path) -> list[str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        _say("docxtemplater: no node and npm here, left out")
        return None
    if not (NODE_MODULES / "node_modules").is_dir():
        shutil.copytree(NODE, NODE_MODULES, dirs_exist_ok=True)
        done = subprocess.run(
            [npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=NODE_MODULES,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            _say("docxtemplater: npm cannot install it (is this computer online?), left out")
            return None
    shutil.copy(NODE / "docxtemplater.js", NODE_MODULES)
    return [node, str(NODE_MODULES / "docxtemplater.js"), str(folder)]


def _say(words: str) -> None:
    print(words, file=sys.stderr)


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    with child:
        assert child.stdout
        assert child.stdout.readline() == "ready\n", f"{command} did not start"
        yield child


def _asked(child: subprocess.Popen[str], command: str) -> str:
    assert child.stdin
    assert child.stdout
    print(command, file=child.stdin)
    return child.stdout.readline().strip()


def _check(
    one: Filler, child: subprocess.Popen[str], folder: Path, values: Mapping[str, str]
) -> None:
    """Look that the first letter holds every value, and the picture."""
    path = folder / f"{one.name}-letter.docx"
    _asked(child, f"write {path}")
    text = "\n".join(letter_text(path.read_bytes()))
    missing = [name for name, value in values.items() if value not in text]
    assert not missing, f"{one.title}: {missing} is not in the letter"
    assert "{" not in text, f"{one.title}: a gap is left"
    with zipfile.ZipFile(path) as file:
        media = [file.read(name) for name in file.namelist() if "/media/" in name]
    drawn = (folder / "seal.png").read_bytes() in media
    assert drawn or not one.has_picture or one.name == QRCODE, f"{one.title}: no picture"


def _rates(
    running: Mapping[str, subprocess.Popen[str]], *, rounds: int, turn_seconds: float
) -> dict[str, list[float]]:
    """Return letters per second of each library, round by round."""
    counts = {}
    for name, child in running.items():
        _asked(child, "fill 3")
        each = float(_asked(child, "fill 3")) / 3
        counts[name] = max(3, round(turn_seconds / each))
    rates: dict[str, list[float]] = {name: [] for name in running}
    for _ in range(rounds):
        for name, child in running.items():
            rates[name].append(counts[name] / float(_asked(child, f"fill {counts[name]}")))
    return rates


def _figures(rates: Mapping[str, list[float]], peaks: Mapping[str, float]) -> Iterator[Figure]:
    found = [one for one in FILLERS if one.name in rates]
    for one in found:
        some = rates[one.name]
        yield Figure(
            name=one.title, value=median(some), unit="letters/s", low=min(some), high=max(some)
        )
    for one in found:
        if one.name not in {"ours", "ours_sealed", one.base} and one.base in rates:
            base = next(other.title for other in FILLERS if other.name == one.base)
            yield _ratio(f"{one.title} against {base}", rates[one.name], rates[one.base])
    for one in found:
        ours = "ours_sealed" if one.base == QRCODE else "ours"
        if one.goal:
            name = f"ours against {one.title}"
            yield _ratio(name, rates[ours], rates[one.name], goal=f"at least {one.goal}")
    for one in found:
        yield Figure(name=f"{one.title}: peak memory", value=peaks[one.name], unit="MB")
    for ours, theirs in (("ours", DOCUMENTED), ("ours_sealed", QRCODE)):
        if theirs in peaks:
            value = peaks[ours] / peaks[theirs]
            yield Figure(
                name=f"{ours} against {theirs}: memory",
                value=value,
                unit="times",
                goal="0.5 at most",
            )


def _ratio(name: str, some: list[float], others: list[float], goal: str = "") -> Figure:
    ratios = [one / other for one, other in zip(some, others, strict=True)]
    return Figure(
        name=name, value=median(ratios), unit="times", low=min(ratios), high=max(ratios), goal=goal
    )
