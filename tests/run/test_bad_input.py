"""Whatever is wrong: one clear message, the agreed exit code, and nothing written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from command_line import command, process
from history import applied_writes, quiet
from office import OUR_HEADERS, Office
from test_register import second_service
from village_user import SECOND_GID, VillageUser, people, spread

from sync.platform import exclusive_lock
from sync.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Break = Callable[[Office], object]


def _edited_config(before: str, after: str) -> Break:
    def edit(office: Office) -> None:
        text = office.config_file.read_text("utf-8")
        assert before in text
        office.config_file.write_text(text.replace(before, after, 1), "utf-8")

    return edit


def _configured(**changes: object) -> Break:
    return lambda office: office.configure(**changes)


def _renamed(header: str, to: str) -> Break:
    def rename(office: Office) -> None:
        place = {"sheet": office.sandbox.sheet_id, "column": office.column_index(header)}
        office.sandbox.staff({"rename_header": place | {"value": to}})

    return rename


def _unshared(office: Office) -> None:
    office.sandbox.world.state.files[office.sandbox.spreadsheet_id].roles.clear()


def _read_only(office: Office) -> None:
    roles = office.sandbox.world.state.files[office.sandbox.spreadsheet_id].roles
    roles.update(dict.fromkeys(roles, "reader"))


def _no_letters_folder(office: Office) -> None:
    shutil.rmtree(office.folder / "letters")


def _file_for_letters_folder(office: Office) -> None:
    _no_letters_folder(office)
    (office.folder / "letters").write_text("")


def _broken_template(office: Office) -> None:
    (office.folder / "templates" / "letter_sku.docx").write_bytes(b"PK\x03\x04 no letter")


_WRONG: dict[str, tuple[Break, int, tuple[str, ...]]] = {
    "no config": (lambda o: o.config_file.unlink(), 2, ("config.yaml: cannot be read",)),
    "config of another type": (
        _edited_config("rows_per_run: 200", "rows_per_run: banyak"),
        2,
        ("config.yaml:", "rows_per_run"),
    ),
    "unknown key": (
        _edited_config("  name: Kebobang", "  nama: Kebobang"),
        2,
        ("config.yaml:", "nama", "name"),
    ),
    "no credentials": (lambda o: o.key_file.unlink(), 2, ("service-account.json",)),
    "credentials for all to read": (
        lambda o: o.key_file.chmod(0o644),
        2,
        ("service-account.json", "chmod 600"),
    ),
    "credentials that are none": (
        lambda o: o.key_file.write_text("{}"),
        2,
        ("service-account.json",),
    ),
    "wrong spreadsheet": (
        _configured(services__sku__spreadsheet="1" + "x" * 43),
        2,
        ("spreadsheet",),
    ),
    "not shared": (_unshared, 2, ("surat-sync@desa-contoh.iam.gserviceaccount.com", "share")),
    "shared for reading only": (
        _read_only,
        2,
        ("surat-sync@desa-contoh.iam.gserviceaccount.com", "share"),
    ),
    "question renamed": (_renamed("NIK", "Nomor KTP"), 2, ("'NIK'",)),
    "question twice": (_renamed("Email", "NIK"), 2, ("'NIK' stands in several columns: C, S",)),
    "time column renamed": (_renamed("Timestamp", "Kapan"), 2, ("'Timestamp'",)),
    "our column renamed": (_renamed("Catatan", "Ctatan"), 2, ("'Catatan'", "'Ctatan'")),
    "staff's column gone": (_renamed("Tindakan", ""), 2, ("'Tindakan'",)),
    "broken template": (_broken_template, 2, ("letter_sku.docx",)),
    "unknown placeholder": (Office.misspell_placeholder, 2, ("letter_sku.docx", "jenis_usahaa")),
    "no letters folder": (_no_letters_folder, 2, ("letters",)),
    "a file for a letters folder": (_file_for_letters_folder, 2, ("letters",)),
    "no network": (
        _configured(google__base_url="http://127.0.0.1:1"),
        75,
        ("the next run tries again",),
    ),
}


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("wrong", _WRONG)
def test_what_is_wrong_is_said_and_nothing_is_written(wrong: str, office: Office) -> None:
    """One message names it; no write, no number, no letter; once mended, the run does its work."""
    spoil, code, told = _WRONG[wrong]
    office.submit("Siti Contoh")
    mend = _mending(office)
    spoil(office)
    before = office.mark()

    outcome = command(office, "run", "--quiet")

    assert (code, "") == (outcome.code, outcome.out), outcome.err
    assert 1 == outcome.err.count("surat-sync: "), outcome.err
    assert [] == [words for words in told if words not in outcome.err], outcome.err
    assert "Traceback" not in outcome.err
    assert [] == applied_writes(office, before)
    assert _empty_but_typed(office)
    mend()
    assert ((), []) == (office.register(), office.letters())
    assert 0 == command(office, "run").code
    assert [1] == [line.sequence for line in office.register()]
    assert quiet(office)


def _mending(office: Office) -> Callable[[], None]:
    """Return what brings back files, headers and the share."""
    kept = office.folder / "kept"
    parts = ("config.yaml", "secrets", "templates", "letters")
    kept.mkdir()
    for name in parts:
        _copy(office.folder / name, kept / name)
    roles = dict(office.sandbox.world.state.files[office.sandbox.spreadsheet_id].roles)
    header = office.sandbox.rows()[0]

    def mend() -> None:
        for name in parts:
            _copy(kept / name, office.folder / name)
        office.sandbox.world.state.files[office.sandbox.spreadsheet_id].roles.update(roles)
        VillageUser(office.sandbox).write_cells([header])

    return mend


def _copy(source: Path, to: Path) -> None:
    if source.is_file():
        shutil.copy2(source, to)
        return
    if to.is_file():
        to.unlink()
    shutil.copytree(source, to, dirs_exist_ok=True)


def _empty_but_typed(office: Office) -> bool:
    """Tell whether no cell of ours holds anything."""
    return not any(r.get(h) for r in office.sandbox.records() for h in OUR_HEADERS)


@pytest.fixture
def present(tmp_path: Path) -> Iterator[Office]:
    """Return an office in real time, for the program in a process of its own."""
    with Sandbox(seed=1) as sandbox:
        office = Office(tmp_path, sandbox)
        office.set_up()
        yield office


def test_the_process_ends_as_the_program_does(present: Office) -> None:
    """Exit codes and the two streams are the same from outside."""
    present.submit("Siti Contoh")
    done = process(present, "run", "--json")
    assert (0, "") == (done.code, done.err)
    assert 1 == done.json["issued"]

    _edited_config("every_minutes: 5", "every_minute: 5")(present)
    wrong = process(present, "run")
    assert (2, "") == (wrong.code, wrong.out)
    assert 'did you mean "every_minutes"?' in wrong.err
    present.configure()
    with exclusive_lock(present.folder / "state" / "lock"):
        locked_out = process(present, "run")
    assert (75, "") == (locked_out.code, locked_out.out)
    assert 1 == locked_out.err.count("surat-sync: ")


def test_another_run_holds_the_lock(office: Office) -> None:
    """The second of two runs says so and comes back later."""
    office.submit("Siti Contoh")
    before = office.mark()
    with exclusive_lock(office.folder / "state" / "lock"):
        outcome = command(office, "run")

    assert (75, "") == (outcome.code, outcome.out)
    assert 1 == outcome.err.count("surat-sync: ")
    assert [] == applied_writes(office, before)


def test_a_full_disk_gives_no_number(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below 50 MB letters wait as *Tertunda*; with room, the next run issues them."""
    office.submit("Siti Contoh")
    with monkeypatch.context() as patches:
        patches.setattr("sync.commands.program.free_bytes", lambda _: 49_000_000)
        outcome = command(office, "run")
    assert 2 == outcome.code
    assert "Only 49 MB are free on the disk" in outcome.err
    assert ((), []) == (office.register(), office.letters())
    assert "Tertunda" == office.record("Siti Contoh")["Status"]

    assert 0 == command(office, "run").code
    assert [1] == [line.sequence for line in office.register()]
    assert quiet(office)


def test_letters_that_cannot_be_stored_keep_their_numbers(office: Office) -> None:
    """The folder breaks in the middle: DELAYED, exit 2, then the same numbers."""
    obstacle = office.folder / "letters" / "surat-keterangan"
    obstacle.write_text("")
    office.submit("Siti Contoh", "Budi Contoh")
    outcome = command(office, "run")
    assert 2 == outcome.code
    assert {"Tertunda"} == set(office.statuses().values())
    lines = office.register()

    obstacle.unlink()
    assert 0 == command(office, "run").code
    assert (2, lines) == (len(office.letters()), office.register())
    assert {"Siap Ditandatangani"} == set(office.statuses().values())
    assert quiet(office)


def test_a_bad_row_stops_no_other(office: Office) -> None:
    """Errors, booleans, dates and endless text in one row: the rows around it get letters."""
    rows = people(5, spread(5))
    rows[1] |= {"NIK": True, "Tanggal Lahir": "#REF!", "RT": 1e30, "Keperluan": "x" * 40_000}
    rows[2] = {"Timestamp": rows[2]["Timestamp"], "Nama Lengkap": "\ud83d\ude00 \u202e", "NIK": -1}
    rows[3] |= {"Nama Lengkap": '=HYPERLINK("http://x.example")', "Tanggal Lahir": 99_999_999}
    VillageUser(office.sandbox).write_rows(rows)
    outcome = command(office, "run")

    statuses = [record["Status"] for record in office.sandbox.records()]
    wanted = ["Siap Ditandatangani", *["Perlu Perbaikan"] * 3, "Siap Ditandatangani"]
    assert (0, wanted) == (outcome.code, statuses)
    assert quiet(office)


@pytest.mark.parametrize("trouble", ["template", "header"])
def test_a_broken_service_stops_no_other(trouble: str, bare_office: Office) -> None:
    """The other service's letters are issued; the exit code says that something must be mended."""
    office = bare_office
    user = VillageUser(office.sandbox)
    service = second_service(office)
    office.configure(services__skd=service)
    office.set_up()
    office.submit("Siti Contoh")
    user.write_rows(people(1, [46_350.1]), gid=SECOND_GID)
    if trouble == "template":
        (office.folder / "templates" / "broken.docx").write_bytes(b"")
        office.configure(services__skd=service | {"template": "templates/broken.docx"})
    else:
        place = {"sheet": SECOND_GID, "column": 2, "value": "Nomor KTP"}
        office.sandbox.staff({"rename_header": place})
    outcome = command(office, "run")

    assert 2 == outcome.code
    assert 1 == outcome.err.count("surat-sync: ")
    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]
    assert [""] == [record["Status"] for record in office.sandbox.records(SECOND_GID)]
    assert 1 == len(office.register())
