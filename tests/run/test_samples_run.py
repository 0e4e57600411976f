"""The sample responses, through a whole run: statuses, notes, letters and numbers."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from office import Office
from village_user import VillageUser

from sync.letter import letter_text
from sync.model import Status
from sync.text import status_word

if TYPE_CHECKING:
    import time_machine

    from sync.sandbox import Sandbox

_FILE = Path(__file__).parents[1] / "samples" / "responses.json"
_SAMPLES = json.loads(_FILE.read_text("utf-8"))
_LABELS = {
    "Hj. Siti Aminah, S.Pd.": "Nama lengkap",
    "Budi Contoh": "Nama lengkap",
    "Kawin": "Status perkawinan",
    "Perempuan": "Jenis kelamin",
}


@pytest.fixture(params=["in order", "shuffled"])
def samples(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sandbox: Sandbox,
    clock: time_machine.Traveller,
) -> tuple[Office, list[dict[str, Any]]]:
    """Return an office after one run over the samples, and the samples in sheet order."""
    office = Office(tmp_path, sandbox, clock)
    office.set_up()
    rows = list(_SAMPLES["rows"])
    if request.param == "shuffled":
        random.Random(7).shuffle(rows)
    VillageUser(sandbox).write_rows([row["cells"] for row in rows])
    assert 0 == office.run().exit_code
    return office, rows


def test_samples_come_to_what_their_file_says(
    samples: tuple[Office, list[dict[str, Any]]],
) -> None:
    """Status, questions named in `Catatan`, letter lines and numbers are as they should be."""
    office, rows = samples
    records = office.sandbox.records()

    assert [status_word(Status(row["status"])) for row in rows] == [r["Status"] for r in records]
    assert [sorted(row["names"]) for row in rows] == [
        sorted(_named(record["Catatan"])) for record in records
    ]
    for row, record in zip(rows, records, strict=True):
        lines = _letter(office, record) if record["Surat"] else []
        missing = [line for line in _expected_lines(row) if line not in lines]
        assert ([], bool(row["letter"])) == (missing, bool(lines)), row["label"]
    issued = sorted((r for r in records if r["Surat"]), key=lambda record: record["Timestamp"])
    numbers = [f"500.3/{n}/35.07.32.2004/2026" for n in range(1, len(issued) + 1)]
    assert numbers == [record["Nomor Surat"] for record in issued]
    assert numbers == [line[1] for line in office.register_tab()[1:]]


def _named(note: str) -> set[str]:
    """Return the questions that begin a line of a note, as `X:` or `Cek X:`."""
    starts = (re.match(r"(?:Cek )?([^:]+):", line) for line in note.splitlines())
    return {found[1] for found in starts if found} & set(_SAMPLES["columns"])


def _letter(office: Office, record: dict[str, Any]) -> list[str]:
    return letter_text((office.folder / "letters" / record["Surat"]).read_bytes())


def _expected_lines(row: dict[str, Any]) -> list[str]:
    """Return the letter's lines, label and all, that hold the sample's texts."""
    texts, cells = row["letter"], row["cells"]
    if len(texts) == 2 and all(re.fullmatch("[0-9]{3}", text) for text in texts):
        return ["Alamat\t:\tDusun {}, RT {} RW {}, Desa Kebobang".format(cells["Dusun"], *texts)]
    return [_line(text, cells) for text in texts]


def _line(text: str, cells: dict[str, Any]) -> str:
    if re.fullmatch("[0-9]{16}", text):
        return f"NIK\t:\t{text}"
    if re.fullmatch("[0-9]+ [A-Z][a-z]+ [0-9]{4}", text):
        return f"Tempat, tanggal lahir\t:\t{cells['Tempat Lahir']}, {text}"
    return f"{_LABELS.get(text, 'Nama usaha')}\t:\t{text}"
