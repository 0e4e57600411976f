"""A village office in a temporary folder: the real program against the sandbox over HTTP."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from sync.commands import program
from sync.commands.run import run_once
from sync.commands.setup import Prepared, set_up
from sync.config import Config, load_config
from sync.letter import letter_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import time_machine

    from sync.clock import Clock
    from sync.model import Entry, RegisterLine
    from sync.run.report import Report
    from sync.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
TODAY = datetime(2026, 11, 24, 3, 15, tzinfo=UTC)  #: 10.15 WIB
READ = "sheets.spreadsheets.values.batchGetByDataFilter"
CLAIM = "sheets.spreadsheets.values.batchUpdate"
SWAP = "sheets.spreadsheets.batchUpdate"
_BASE_URL = "http://127.0.0.1:1/instead"
OUR_HEADERS = (
    "ID Permohonan",
    "Status",
    "Catatan",
    "Nomor Surat",
    "Surat",
    "Kabari Pemohon",
    "Diperbarui",
)


class Office:
    """One village with its sandbox, config, state and letters."""

    def __init__(
        self, folder: Path, sandbox: Sandbox, clock: time_machine.Traveller | None = None
    ) -> None:
        self.folder, self.sandbox, self.clock = folder, sandbox, clock
        self._residents = 0
        self._config: tuple[str, Config] | None = None
        shutil.copytree(ROOT / "templates", folder / "templates")
        secrets = folder / "secrets"
        secrets.mkdir(mode=0o700)
        self.key_file = secrets / "service-account.json"
        self.key_file.write_text(json.dumps(sandbox.service_account_info))
        self.key_file.chmod(0o600)
        self.configure()

    @property
    def config_file(self) -> Path:
        return self.folder / "config.yaml"

    @property
    def config(self) -> Config:
        """Return the config as it is written now; read again only when it changed."""
        text = self.config_file.read_text("utf-8")
        if self._config is None or self._config[0] != text:
            self._config = text, load_config(self.config_file)
        return self._config[1]

    def configure(self, **changes: Any) -> None:
        """
        Write config.yaml: the example, pointed at the sandbox, with *changes*.

        A change's name is a path of keys joined by `__`, as `services__sku__approval`.
        """
        ours = {"services__sku__spreadsheet": self.sandbox.spreadsheet_id}
        text = _config_text(json.dumps(ours | changes))
        self.config_file.write_text(text.replace(_BASE_URL, self.sandbox.base_url), "utf-8")

    def set_up(self, *, archive: bool = True) -> Prepared:
        return set_up(self.config, archive=archive)

    def run(
        self, *, dry_run: bool = False, accept: Sequence[str] = (), clock: Clock | None = None
    ) -> Report:
        return run_once(self.config, dry_run=dry_run, accept=accept, clock=clock)

    def settle(self) -> Report:
        """Run until nothing changes any more; three runs must do."""
        for _ in range(3):
            self.run()
        return self.run()

    def submit(self, *names: str, **answers: str) -> None:
        """Let each of *names* fill the form in, validly but for *answers* by question."""
        for name in names or ("Siti Contoh",):
            self._residents += 1
            self.sandbox.submit(resident(name, self._residents) | answers_by_question(answers))
            self.pass_time(seconds=2)

    def pass_time(self, **length: float) -> None:
        if self.clock is not None:
            self.clock.shift(timedelta(**length))

    def misspell_placeholder(self) -> None:
        """Let the template ask for a field that there is not."""
        self._change_template(b"jenis_usaha", b"jenis_usahaa")

    def _change_template(self, old: bytes, new: bytes) -> None:
        path = self.folder / "templates" / "letter_sku.docx"
        with zipfile.ZipFile(path) as file:
            parts = {info: file.read(info) for info in file.infolist()}
        with zipfile.ZipFile(path, "w") as file:
            for info, content in parts.items():
                file.writestr(info, content.replace(old, new))

    def reword_template(self, old: str, new: str) -> None:
        """Let the office change words of the letter."""
        self._change_template(old.encode(), new.encode())

    # -- the sheet

    def header(self) -> list[str]:
        return [str(cell) for cell in self.sandbox.rows()[0]]

    def record(self, name: str) -> dict[str, Any]:
        """Return the one row of the resident *name*, header to cell."""
        found = [one for one in self.sandbox.records() if one["Nama Lengkap"] == name]
        assert len(found) == 1, f"{name} stands in {len(found)} rows"
        return found[0]

    def statuses(self) -> dict[str, str]:
        """Return name to status."""
        return {one["Nama Lengkap"]: one["Status"] for one in self.sandbox.records()}

    def row_index(self, name: str) -> int:
        """Return the resident's row, counted from 0 with the header as row 0."""
        at = self.header().index("Nama Lengkap")
        rows = self.sandbox.rows()
        return next(i for i, row in enumerate(rows) if len(row) > at and row[at] == name)

    def column_index(self, header: str) -> int:
        return self.header().index(header)

    def edit(self, name: str, header: str, value: str) -> None:
        """Let staff type into a resident's row."""
        self.sandbox.staff(self.edit_action(name, header, value))

    def edit_action(self, name: str, header: str, value: str) -> dict[str, Any]:
        return {
            "edit": {
                "sheet": self.sandbox.sheet_id,
                "row": self.row_index(name),
                "column": self.column_index(header),
                "value": value,
            }
        }

    def ask(self, name: str, action: str, reason: str = "") -> None:
        """Let staff choose a `Tindakan`."""
        self.edit(name, "Tindakan", action)
        if reason:
            self.edit(name, "Alasan Petugas", reason)

    def people(self) -> list[list[Any]]:
        """Return the cells that belong to people: the form's and the staff's columns."""
        rows = self.sandbox.rows()
        ours = {at for at, header in enumerate(rows[0]) if header in OUR_HEADERS}
        return [[cell for at, cell in enumerate(row) if at not in ours] for row in rows]

    # -- the ledger and the letters

    def entries(self) -> tuple[Entry, ...]:
        """Return the ledger's entries."""
        with self.ledger() as books:
            return books.ledger.entries("sku")

    def register(self, year: int = 2026) -> tuple[RegisterLine, ...]:
        with self.ledger() as books:
            return books.ledger.register_lines("surat-keterangan", year)

    def ledger(self) -> _OpenBooks:
        return _OpenBooks(self.config)

    def register_tab(self) -> list[list[Any]]:
        """Return the register tab's cells, header first."""
        sheets = self.sandbox.world.state.book(self.sandbox.spreadsheet_id).sheets
        gid = next(sheet.sheet_id for sheet in sheets if sheet.title.startswith("Register "))
        return self.sandbox.rows(gid)

    def letters(self) -> list[Path]:
        return sorted((self.folder / "letters").rglob("*.docx"))

    def letter(self, name: str) -> list[str]:
        """Return the lines of a resident's letter."""
        location = self.record(name)["Surat"]
        return letter_text((self.folder / "letters" / location).read_bytes())

    def calls(self, since: int = 0) -> list[str]:
        """Return the methods called since the history had that length, tokens left out."""
        return [one.method for one in self.sandbox.history()[since:] if one.method != "token"]

    def mark(self) -> int:
        return len(self.sandbox.history())


class _OpenBooks:
    def __init__(self, config: Config) -> None:
        self._config = config

    def __enter__(self) -> program.Books:
        books = program.open_books(self._config, program.system_clock())
        assert books is not None
        self._books = books
        return books

    def __exit__(self, *_: object) -> None:
        self._books.ledger.close()


@cache  # every office asks for the same few
def _config_text(changes: str) -> str:
    """Return the example with *changes*, JSON of path to value, and a stand-in for the address."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    plain = yaml.load((ROOT / "config.example.yaml").read_text("utf-8"))
    plain["google"]["base_url"] = _BASE_URL
    for path, value in json.loads(changes).items():
        *above, last = path.split("__")
        section = plain
        for key in above:
            section = section[key]
        section[last] = value
    written = io.StringIO()
    yaml.dump(plain, written)
    return written.getvalue()


def resident(name: str, number: int) -> dict[str, str]:
    """Return valid answers of an invented person; *number* makes them this person's own."""
    born = date(1960, 1, 1) + timedelta(days=17 * number)
    nik = f"350732{born:%d%m%y}{9900 + number % 100:04d}"
    return {
        "Nama Lengkap": name,
        "NIK": nik,
        "Tempat Lahir": "Malang",
        "Tanggal Lahir": f"{born:%d-%m-%Y}",
        "Jenis Kelamin": "Laki-laki",
        "Agama": "Islam",
        "Status Perkawinan": "Kawin",
        "Pekerjaan": "Pedagang",
        "Dusun": "Kebobang",
        "RT": "003",
        "RW": "005",
        "Nama Usaha": f"Toko {number}",
        "Jenis Usaha": "Warung makan",
        "Alamat Usaha": "Dusun Kebobang RT 003 RW 005",
        "Mulai Usaha": "Januari 2019",
        "Keperluan": "Pengajuan Kredit Usaha Rakyat (KUR)",
        "Nomor WhatsApp": "081200000001",
        "Pernyataan": "Saya menyatakan data yang saya isi benar",
    }


def answers_by_question(answers: Mapping[str, str]) -> dict[str, str]:
    """Return keyword answers by question: `NIK`, `Jenis_Usaha`."""
    return {question.replace("_", " "): answer for question, answer in answers.items()}


def names(count: int) -> Iterator[str]:
    """Yield different invented names."""
    first = ("Siti", "Budi", "Ani", "Joko", "Sri", "Dewi", "Agus", "Rina", "Slamet", "Wati")
    last = ("Contoh", "Misal", "Umpama", "Andai", "Kiranya")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for number in range(count):
        middle = letters[number // 50 % 26]
        yield f"{first[number % 10]} {middle} {last[number // 10 % 5]}"
