"""The same values give the same letter, byte for byte: a file that is there already is known."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_FILL = """
import hashlib, sys, time_machine
from datetime import date
from pathlib import Path

time_machine.travel(sys.argv[1]).start()
from sync.letter import Template
from sync.letter.seal import SigningKey
from sync.letter.sealing import Sealer, qr_png
from sync.model import Fingerprint, Letter, Signer

template = Template.open(Path(sys.argv[2]))
values = {name: f"{name} ≠ <{name}>" for name in sorted(template.names - {"seal"})}
signer = Signer(key="kades", name="SUGENG CONTOH", title="Kepala Desa")
letter = Letter(
    letter_number="500.3/7/35.07.32.2004/2026", register="surat-keterangan", year=2026,
    sequence=7, revision=1, issued_on=date(2026, 11, 24), valid_until=date(2027, 2, 24),
    signer=signer, fingerprint=Fingerprint(""), identity={}, template_hash="",
)
sealer = Sealer(
    signing_key=SigningKey.of(bytes(32)), secret=bytes(32), village_code="35.07.32.2004",
    page_url="https://contoh.desa.id/cek",
)
code = sealer.text(letter, service="sku", applicant="Siti Contoh", values=values)
print(hashlib.sha256(template.fill(values, seal=qr_png(code))).hexdigest())
"""


def test_two_processes_on_two_days_write_the_same_bytes() -> None:
    """Neither the day, the time zone nor the order of a set is in a sealed letter."""
    first = _filled("2026-11-24T03:15:00Z", TZ="Asia/Jakarta", PYTHONHASHSEED="1")
    second = _filled("2027-02-03T23:59:59Z", TZ="America/Lima", PYTHONHASHSEED="2")

    assert 64 == len(first)
    assert first == second


def _filled(now: str, **environment: str) -> str:
    """Return the hash of the shipped letter as a process writes it that believes it is *now*."""
    program = [sys.executable, "-c", _FILL, now, str(_ROOT / "templates" / "letter_sku.docx")]
    surroundings = {**os.environ, "PYTHONPATH": str(_ROOT), **environment}
    done = subprocess.run(program, capture_output=True, text=True, check=True, env=surroundings)
    return done.stdout.strip()
