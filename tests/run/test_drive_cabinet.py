"""Letters in the village's own Google Drive: one file each, whatever happens on the way."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from command_line import command
from history import quiet
from patient import PatientClock
from village_user import VillageUser

from sync.commands.rebuild import rebuild_ledger
from sync.keys import register_gid
from sync.letter import letter_text

if TYPE_CHECKING:
    from office import Office

    from sync.sandbox import Sandbox
    from sync.sandbox.drive.model import File

_FOLDER = "application/vnd.google-apps.folder"
_CREATE = "drive.files.create"


@pytest.fixture
def drive_office(bare_office: Office) -> Office:
    """Return an office whose letters go to the village user's Drive."""
    office = bare_office
    _write(office, "drive.json", office.sandbox.authorized_user_info)
    office.configure(
        letters__cabinet="drive",
        letters__drive_folder=make_folder(office.sandbox),
        google__drive_credentials="secrets/drive.json",
    )
    office.set_up()
    return office


def make_folder(sandbox: Sandbox, **body: Any) -> str:
    """Make a folder as the village's user; return its id."""
    reply = _as_village(sandbox, "POST", "/drive/v3/files", {"name": "Surat", **body})
    return str(reply["id"])


def _as_village(sandbox: Sandbox, verb: str, path: str, body: Any = None, query: str = "") -> Any:
    keys, now = sandbox.world.keys, sandbox.world.clock()
    scope = "https://www.googleapis.com/auth/drive"
    token = keys.access_token(sandbox.authorized_user_info["account"], [scope], now)
    if verb == "POST" and body is not None:
        body = {"mimeType": _FOLDER} | body
    content = b"" if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    reply = sandbox.world.call(verb, path, query, headers, content)
    assert reply.status < 300, reply.body
    return reply.body


def _write(office: Office, name: str, info: Any) -> None:
    path = office.folder / "secrets" / name
    path.write_text(json.dumps(info))
    path.chmod(0o600)


def _files(office: Office) -> list[File]:
    files = office.sandbox.world.state.files.values()
    return [file for file in files if file.parent == office.config.letters.drive_folder]


def _letter(office: Office, name: str) -> File:
    link = office.record(name)["Surat"]
    (file,) = [file for file in _files(office) if file.file_id in link]
    return file


def test_a_letter_is_a_file_with_a_link(drive_office: Office) -> None:
    """`Surat` shows Drive's link; the file is named as in a folder, and holds the letter."""
    office = drive_office
    office.submit("Siti Contoh")
    report = office.run()
    file = _letter(office, "Siti Contoh")
    ticket = office.record("Siti Contoh")["ID Permohonan"]

    assert 0 == report.exit_code
    assert f"surat-keterangan/2026/0001_{ticket}_r1.docx" == file.name
    assert file.content is not None
    assert "Nomor: 500.3/1/35.07.32.2004/2026" in letter_text(file.content)
    assert office.record("Siti Contoh")["Surat"].startswith("https://drive.google.com/file/d/")
    assert [] == office.letters()
    assert office.sandbox.authorized_user_info["account"] == file.owner
    assert quiet(office)


def test_the_id_is_in_the_ledger_before_the_upload(drive_office: Office) -> None:
    """A run killed on the way, or an answer lost: the next run finds its own file by the id."""
    office = drive_office
    office.submit("Siti Contoh")
    office.sandbox.fault(_CREATE, kind="close-after", times=4)
    office.run(clock=PatientClock())
    (entry,) = office.entries()

    assert entry.letter is not None
    assert [entry.letter.file_id] == [file.file_id for file in _files(office)]
    office.settle()
    assert 1 == len(_files(office))
    assert "Siap Ditandatangani" == office.record("Siti Contoh")["Status"]


def test_200_letters_with_lost_answers_are_200_files(drive_office: Office) -> None:
    """Every kind of lost, late and refused answer at random: one file for each letter."""
    office = drive_office
    office.configure(
        letters__cabinet="drive",
        letters__drive_folder=office.config.letters.drive_folder,
        google__drive_credentials="secrets/drive.json",
        limits__new_rows_per_hour=1000,
    )
    office.submit(*(f"Warga Contoh {_letters(number)}" for number in range(200)))
    dice = random.Random(7)
    kinds = ("503", "503-after", "close-before", "close-after", "429", "truncate", "401")
    for _ in range(60):
        office.sandbox.fault(_CREATE, kind=dice.choice(kinds), after=dice.randrange(6))
    for _ in range(30):
        office.run(clock=PatientClock())
        if {"Siap Ditandatangani"} == set(office.statuses().values()):
            break
    office.sandbox.world.faults.clear()

    assert {"Siap Ditandatangani"} == set(office.statuses().values())
    links = [record["Surat"] for record in office.sandbox.records()]
    files = _files(office)
    assert (200, 200, 200) == (len(files), len(set(links)), len({file.name for file in files}))
    by_id = {file.file_id: file for file in files}
    for entry in office.entries():
        assert entry.letter is not None
        content = by_id[entry.letter.file_id].content or b""
        assert hashlib.sha256(content).hexdigest() == entry.letter.sha256
    assert list(range(1, 201)) == [line.sequence for line in office.register()]


def _letters(number: int) -> str:
    return chr(65 + number // 26) + chr(97 + number % 26)


def test_reissue_is_a_file_of_its_own(drive_office: Office) -> None:
    """The old revision stays where it was."""
    office = drive_office
    office.submit("Siti Contoh")
    office.run()
    office.ask("Siti Contoh", "Terbitkan Ulang")
    office.run()

    assert ["r1", "r2"] == sorted(file.name[-7:-5] for file in _files(office))
    assert _letter(office, "Siti Contoh").name.endswith("_r2.docx")


def test_a_service_account_is_told_that_it_owns_nothing(office: Office) -> None:
    """Before any number: what to do instead; nothing is written."""
    folder = make_folder(office.sandbox)
    email = office.sandbox.service_account_info["client_email"]
    share = {"type": "user", "role": "writer", "emailAddress": email}
    _as_village(office.sandbox, "POST", f"/drive/v3/files/{folder}/permissions", share)
    office.configure(letters__cabinet="drive", letters__drive_folder=folder)
    office.submit("Siti Contoh")
    outcome, checked = command(office, "run"), command(office, "check")

    for one in (outcome.err, checked.out):
        assert "those own no files" in one
        assert "`surat-sync login`" in one
    assert (2, 2) == (outcome.code, checked.code)
    assert () == office.register()


def test_a_shared_drive_takes_a_service_accounts_letters(office: Office) -> None:
    """Where a regency has Workspace, no login is needed."""
    sandbox = office.sandbox
    drive = _as_village(sandbox, "POST", "/drive/v3/drives", {"name": "Desa"}, "requestId=1")["id"]
    email = sandbox.service_account_info["client_email"]
    share = {"type": "user", "role": "fileOrganizer", "emailAddress": email}
    path = f"/drive/v3/files/{drive}/permissions"
    _as_village(sandbox, "POST", path, share, "supportsAllDrives=true")
    office.configure(letters__cabinet="drive", letters__drive_folder=drive)
    office.submit("Siti Contoh")

    assert 0 == command(office, "run").code
    assert ["", drive] == [_letter(office, "Siti Contoh").owner, _files(office)[0].drive_id]
    assert "letters can be stored" in command(office, "check").out
    assert 1 == len([file for file in _files(office) if not file.trashed])


@pytest.mark.parametrize(
    "change, said",
    [
        ({"trashed": True}, "lies in the bin"),
        (None, "sees no folder with that id"),
    ],
)
def test_a_folder_that_is_gone_stops_before_any_number(
    drive_office: Office, change: Any, said: str
) -> None:
    """Exit 2, nothing is written to the sheet; when it is back everything goes on."""
    office, folder = drive_office, drive_office.config.letters.drive_folder
    office.submit("Siti Contoh")
    if change:
        _as_village(office.sandbox, "PATCH", f"/drive/v3/files/{folder}", change)
    else:
        _as_village(office.sandbox, "DELETE", f"/drive/v3/files/{folder}")
    outcome = command(office, "run")

    assert 2 == outcome.code
    assert said in outcome.err
    assert () == office.register()
    assert "" == office.record("Siti Contoh")["Status"]


def test_no_room_delays_and_keeps_the_numbers(drive_office: Office) -> None:
    """Google says that the Drive is full: letters wait with their numbers, then go out."""
    office = drive_office
    office.submit("Siti Contoh", "Budi Contoh")
    office.sandbox.fault(_CREATE, kind="403", times=1)
    outcome = command(office, "run")

    assert 2 == outcome.code
    assert {"Tertunda"} == set(office.statuses().values())
    assert [1, 2] == [line.sequence for line in office.register()]
    office.settle()
    assert {"Siap Ditandatangani"} == set(office.statuses().values())
    assert 2 == len(_files(office))


def test_no_ids_means_no_numbers(drive_office: Office) -> None:
    """When Drive gives no ids, nothing is numbered; the next run does it."""
    office = drive_office
    office.submit("Siti Contoh")
    office.sandbox.fault("drive.files.generateIds", kind="503", times=4)
    assert 75 == office.run(clock=PatientClock()).exit_code
    assert () == office.register()
    office.settle()
    assert 1 == len(_files(office))


def test_a_file_that_somebody_changed_is_not_taken_for_ours(drive_office: Office) -> None:
    """An id in use with other bytes: told, and the letter waits."""
    office = drive_office
    office.submit("Siti Contoh")
    office.sandbox.fault(_CREATE, kind="close-after", times=4)
    office.run(clock=PatientClock())
    _files(office)[0].content = b"lain"
    outcome = command(office, "run")

    assert 2 == outcome.code
    assert "was changed by somebody" in outcome.err


def test_drives_requests_are_counted(drive_office: Office) -> None:
    """`google_calls` has every request, repeats included, as Google has them."""
    office = drive_office
    office.submit("Siti Contoh")
    before = len(office.sandbox.history())
    calls = command(office, "run", "--json").json["google_calls"]
    methods = [one.method for one in office.sandbox.history()[before:]]

    assert sum(one.startswith("drive.") for one in methods) == calls["drive"]
    assert methods.count("token") == calls["token"]
    assert ["drive.files.get", "drive.files.generateIds", _CREATE] == [
        one for one in methods if one.startswith("drive.")
    ]


def test_an_idle_run_does_not_ask_drive(drive_office: Office) -> None:
    """Nothing new: one read, as with a folder."""
    office = drive_office
    office.submit("Siti Contoh")
    office.run()
    command(office, "run")
    before = len(office.sandbox.history())
    command(office, "run")

    assert ["token", "sheets.spreadsheets.values.batchGetByDataFilter"] == [
        one.method for one in office.sandbox.history()[before:]
    ]


def test_a_lost_ledger_finds_its_letters_in_drive(drive_office: Office) -> None:
    """Place, id and hash of each revision come from Drive's own list; no file is made again."""
    office = drive_office
    office.submit("Siti Contoh", "Budi Contoh", "Ani Contoh")
    office.run()
    office.ask("Budi Contoh", "Terbitkan Ulang")
    office.settle()
    lines, files = office.register(), _files(office)
    letters = [entry.letter for entry in office.entries()]
    (office.folder / "state" / "ledger.db").unlink()
    rebuild_ledger(office.config)

    rebuilt = [entry.letter for entry in office.entries()]
    assert (lines, 4) == (office.register(), len(files))
    for before, after in zip(letters, rebuilt, strict=True):
        assert before
        assert after
        assert (before.location, before.file_id, before.sha256) == (
            after.location, after.file_id, after.sha256,
        )  # fmt: skip
    assert quiet(office)
    assert files == _files(office)


def test_a_link_beside_an_unknown_number_stops_an_old_ledger(drive_office: Office) -> None:
    """The register tab and the mark are gone: the number in the sheet tells, a link is no hint."""
    office = drive_office
    office.submit("Siti Contoh")
    office.run()
    state = office.folder / "state"
    shutil.copy(state / "ledger.db", office.folder / "old.db")
    office.submit("Budi Contoh")
    office.run()
    shutil.copy(office.folder / "old.db", state / "ledger.db")
    (state / "high-water.json").unlink()
    gid = register_gid("surat-keterangan", 2026)
    VillageUser(office.sandbox).change({"deleteSheet": {"sheetId": gid}})

    outcome = command(office, "run")
    assert 3 == outcome.code
    assert "has reached number 2, but the ledger knows only 1" in outcome.err
