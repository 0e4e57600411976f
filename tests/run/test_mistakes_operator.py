"""What an operator will really do wrong: `check` names it and its remedy, writing nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import docx
import pytest
import requests
from command_line import command
from history import applied_writes

from sync.platform import exclusive_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from office import Office

_FORM = "https://www.googleapis.com/auth/forms.body.readonly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """
    One mistake, and how it is met.

    code, level: of the finding that names it; said, remedy: words in it
    run:         exit code of a run
    """

    make: Callable[[Office], object]
    code: str
    said: str
    remedy: str
    level: str = "fail"
    run: int = 2


def _config(before: str, after: str) -> Callable[[Office], None]:
    def edit(office: Office) -> None:
        text = office.config_file.read_text("utf-8")
        assert before in text
        office.config_file.write_text(text.replace(before, after, 1), "utf-8")

    return edit


def _set(**changes: Any) -> Callable[[Office], None]:
    return lambda office: office.configure(**changes)


def _key(**changes: Any) -> Callable[[Office], None]:
    def edit(office: Office) -> None:
        info = json.loads(office.key_file.read_text()) | changes
        office.key_file.write_text(json.dumps(info))

    return edit


def _as_user(office: Office) -> dict[str, Any]:
    info = office.sandbox.authorized_user_info
    office.key_file.write_text(json.dumps(info))
    return info


def _revoked(office: Office) -> None:
    token = _as_user(office)["refresh_token"]
    url = f"{office.sandbox.base_url}/revoke"
    with requests.Session() as session:
        session.trust_env = False
        session.post(url, data={"token": token}, timeout=5).raise_for_status()


def _testing_consent(office: Office) -> None:
    office.sandbox.switch(oauth_consent="testing")
    _as_user(office)
    office.pass_time(days=8)


def _roles(office: Office) -> dict[str, str]:
    return office.sandbox.world.state.files[office.sandbox.spreadsheet_id].roles


def _read_only(office: Office) -> None:
    office.submit("Budi Contoh")
    roles = _roles(office)
    roles.update(dict.fromkeys(roles, "reader"))


def _header(old: str, new: str) -> Callable[[Office], None]:
    def rename(office: Office) -> None:
        place = {"sheet": office.sandbox.sheet_id, "column": office.column_index(old)}
        office.sandbox.staff({"rename_header": place | {"value": new}})

    return rename


def _book(office: Office) -> Any:
    return office.sandbox.world.state.book(office.sandbox.spreadsheet_id)


def _properties(**changes: str) -> Callable[[Office], None]:
    def change(office: Office) -> None:
        book = _book(office)
        book.properties = book.properties | changes

    return change


def _merged(office: Office) -> None:
    area = {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 2}
    sheet = _book(office).sheet(office.sandbox.sheet_id)
    sheet.part("merges").append({"sheetId": office.sandbox.sheet_id, **area})


def _template(content: bytes) -> Callable[[Office], object]:
    return lambda office: _letter(office).write_bytes(content)


def _letter(office: Office) -> Any:
    return office.folder / "templates" / "letter_sku.docx"


def _typed(*paragraphs: str) -> Callable[[Office], None]:
    def save(office: Office) -> None:
        document = docx.Document()
        for text in paragraphs:
            document.add_paragraph(text)
        document.save(str(_letter(office)))

    return save


def _with_macros(office: Office) -> None:
    with zipfile.ZipFile(_letter(office), "a") as file:
        file.writestr("word/vbaProject.bin", b"x")


def _locked_up(office: Office) -> None:
    shutil.rmtree(office.folder / "letters")


def _other_ledger(office: Office) -> None:
    (office.config.state_folder / "ledger.db").unlink()


def _damaged_ledger(office: Office) -> None:
    (office.config.state_folder / "ledger.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)


def _forged_line(office: Office) -> None:
    connection = sqlite3.connect(office.config.state_folder / "ledger.db")
    connection.execute("UPDATE register_lines SET letter_number = '1/2/3'")
    connection.commit()
    connection.close()


def _newer_ledger(office: Office) -> None:
    connection = sqlite3.connect(office.config.state_folder / "ledger.db")
    connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    connection.commit()
    connection.close()


def _old_ledger(office: Office) -> None:
    ledger = office.config.state_folder / "ledger.db"
    before = ledger.read_bytes()
    office.submit("Budi Contoh")
    office.run()
    ledger.write_bytes(before)


def _googles_clock_is_ahead(office: Office) -> None:
    right = office.sandbox.world.clock
    office.sandbox.world.clock = lambda: right() + timedelta(days=1)


def _numbers_for_ids(office: Office) -> None:
    row = {"sheet": office.sandbox.sheet_id, "row": office.row_index("Siti Contoh")}
    office.sandbox.staff({"edit": row | {"column": office.column_index("NIK"), "value": "35073"}})


def _after(**length: float) -> Callable[[Office], None]:
    return lambda office: office.pass_time(**length)


def _config_mistake(make: Callable[[Office], object], said: str) -> Mistake:
    return Mistake(make=make, code="config", said=said, remedy="config.example.yaml")


def _credentials_mistake(make: Callable[[Office], object], said: str) -> Mistake:
    return Mistake(make=make, code="credentials", said=said, remedy="docs/operate.md")


def _caution(make: Callable[[Office], object], code: str, said: str, remedy: str) -> Mistake:
    """Return a mistake that runs go on with."""
    return Mistake(make=make, code=code, said=said, remedy=remedy, level="caution", run=0)


_SHARE = "share it with the named account as Editor"
MISTAKES: dict[str, Mistake] = {
    # -- the config
    "no config file": _config_mistake(
        lambda o: o.config_file.unlink(), "config.yaml: cannot be read"
    ),
    "a tab in the config": _config_mistake(
        _config("  rows_per_run", "\trows_per_run"), "config.yaml:"
    ),
    "a key spelt otherwise": _config_mistake(
        _config("  district:", "  distric:"), 'did you mean "district"'
    ),
    "a code without quotes": _config_mistake(
        _config('code: "35.07.32.2004"', "code: 35.07"), "write it in quotes"
    ),
    "words for a number": _config_mistake(
        _config("rows_per_run: 200", "rows_per_run: banyak"), "rows_per_run"
    ),
    "a key given twice": _config_mistake(_config("village:", "state: x\nvillage:"), "state"),
    "an unknown kind of field": _config_mistake(
        _config("kind: nik", "kind: ktp"), "must be one of"
    ),
    "a signer that is not there": _config_mistake(_set(services__sku__signer="sekdes"), "sekdes"),
    "no spreadsheet": _config_mistake(
        _set(services__sku__spreadsheet=""),
        "put the id or URL of the form's response spreadsheet here",
    ),
    "a number that looks like a date": _config_mistake(
        _config(
            'format: "{code}/{sequence}/{village_code}/{year}"',
            'format: "{sequence}/{month}/{year}"',
        ),
        "format",
    ),
    "Drive without a folder": _config_mistake(
        _set(letters__cabinet="drive"), "letters.drive_folder: put the id"
    ),
    "a sandbox somewhere else": _config_mistake(
        _set(google__base_url="http://example.com"), "base_url"
    ),
    # -- credentials, network, clock
    "no key file": _credentials_mistake(
        lambda o: o.key_file.unlink(), "service-account.json: there is no such file"
    ),
    "a key that others can read": _credentials_mistake(
        lambda o: o.key_file.chmod(0o644), "chmod 600"
    ),
    "an OAuth client for a key": _credentials_mistake(
        lambda o: o.key_file.write_text('{"installed": {}}'),
        "is an OAuth client file, not an account",
    ),
    "a key that is no JSON": _credentials_mistake(
        lambda o: o.key_file.write_text("-----BEGIN"), "is not a JSON file from Google"
    ),
    "a damaged key": _credentials_mistake(
        _key(private_key="-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"),
        "the key in it is damaged",
    ),
    "the key of a deleted account": _credentials_mistake(
        _key(client_email="lain@desa-contoh.iam.gserviceaccount.com"), "invalid_grant"
    ),
    "a key for Google itself": _credentials_mistake(
        _key(token_uri="https://oauth2.googleapis.com/token"), "is a real key"
    ),
    "a permission that was withdrawn": _credentials_mistake(_revoked, "invalid_grant"),
    "a consent screen left in Testing": _credentials_mistake(_testing_consent, "In production"),
    "no internet": Mistake(
        make=_set(google__base_url="http://127.0.0.1:1"),
        code="network",
        said="Google cannot be reached",
        remedy="look at the internet connection",
        run=75,
    ),
    "a login page between us and Google": Mistake(
        make=lambda o: o.sandbox.fault("sheets.*", kind="html-200", times=8),
        code="network",
        said="is there a login page",
        remedy="look at the internet connection",
        run=75,
    ),
    "a clock a day off": Mistake(
        make=_googles_clock_is_ahead,
        code="clock",
        said="clock",
        remedy="set the clock",
        run=3,
    ),
    # -- the spreadsheet
    "the id of another file": Mistake(
        make=_set(services__sku__spreadsheet="1" + "x" * 43),
        code="spreadsheet",
        said="Google knows no such spreadsheet",
        remedy=_SHARE,
    ),
    "a spreadsheet not shared": Mistake(
        make=lambda o: _roles(o).clear(),
        code="spreadsheet",
        said="surat-sync@desa-contoh.iam.gserviceaccount.com",
        remedy=_SHARE,
    ),
    "shared for reading only": Mistake(
        make=_read_only, code="write", said="may not do this: share", remedy=_SHARE
    ),
    "a sheet's name changed in the config only": Mistake(
        make=_set(services__sku__sheet="Jawaban"),
        code="sheet",
        said="service sku: sheet 'Form Responses 1'",
        remedy="",
        level="ok",
        run=0,
    ),
    "a question renamed": Mistake(
        make=_header("NIK", "NIK KTP"),
        code="headers",
        said="did you mean 'NIK KTP'?",
        remedy="give the header its name back",
    ),
    "a question twice": Mistake(
        make=_header("Email", "NIK"),
        code="headers",
        said="'NIK' stands in several columns",
        remedy="give the header its name back",
    ),
    "an optional question gone": _caution(
        _header("Email", "Surel"),
        "headers",
        "no question 'Email'; email stays empty",
        "add the question to the form",
    ),
    "one of our columns renamed": Mistake(
        make=_header("Catatan", "Ctatan"),
        code="columns",
        said="columns of surat-sync are missing: Catatan",
        remedy="give it its name back",
    ),
    "our cells typed over": _caution(
        lambda o: o.edit("Siti Contoh", "Status", "Beres"),
        "cells",
        "our cells hold something else in rows 2",
        "the next run puts them right",
    ),
    "an id kept as a number": _caution(
        _numbers_for_ids, "nik_number", "is a number in rows 2", "Plain text"
    ),
    "merged cells": _caution(_merged, "merged", "has merged cells", "Unmerge"),
    "another time zone": _caution(
        _properties(timeZone="America/New_York"),
        "time_zone",
        "runs on America/New_York",
        "File > Settings > Time zone",
    ),
    "an American locale": _caution(
        _properties(locale="en_US"), "locale", "as en_US does", "Locale: Indonesia"
    ),
    "the form of somebody else": Mistake(
        make=_set(services__sku__form_id="1" * 44),
        code="form",
        said="Google knows no such form",
        remedy=_SHARE,
        run=0,
    ),
    # -- template, letters folder
    "a template that is none": Mistake(
        make=_template(b"PK\x03\x04"), code="template", said="letter_sku.docx", remedy="Word"
    ),
    "an old Word file": Mistake(
        make=_template(b"\xd0\xcf\x11\xe0" + b"x" * 600),
        code="template",
        said="letter_sku.docx",
        remedy="Word",
    ),
    "no template": Mistake(
        make=lambda o: _letter(o).unlink(),
        code="template",
        said="cannot be read",
        remedy="Word",
    ),
    "a placeholder that nobody can fill": Mistake(
        make=_typed("{{ nama }} {{ jenis_usahaa }}"),
        code="template",
        said="jenis_usahaa",
        remedy="template check",
    ),
    "a placeholder with one brace": Mistake(
        make=_typed("{{ nama }"), code="template", said="{{ nama }", remedy="template check"
    ),
    "macros in the template": Mistake(
        make=_with_macros, code="template", said="macro", remedy="Word"
    ),
    "no letters folder": Mistake(
        make=_locked_up,
        code="cabinet",
        said="letters is missing",
        remedy="make the place for letters",
    ),
    # -- ledger, state
    "the ledger deleted": Mistake(
        make=_other_ledger,
        code="ledger",
        said="the ledger is gone",
        remedy="surat-sync ledger restore",
        run=3,
    ),
    "the ledger damaged": Mistake(
        make=_damaged_ledger,
        code="ledger",
        said="ledger.db",
        remedy="surat-sync ledger restore",
        run=3,
    ),
    "a number changed in the ledger": Mistake(
        make=_forged_line, code="ledger", said="ledger.db is damaged", remedy="backup", run=3
    ),
    "a ledger from an old backup": Mistake(
        make=_old_ledger,
        code="register",
        said="the ledger knows only 1",
        remedy="surat-sync ledger rebuild",
        run=3,
    ),
    "an older program": Mistake(
        make=_newer_ledger, code="ledger", said="Install the newer surat-sync", remedy="mend it"
    ),
    "others may look into the state folder": Mistake(
        make=lambda o: o.config.state_folder.chmod(0o755),
        code="state",
        said="chmod 700",
        remedy="mend it",
    ),
    "runs that stopped": _caution(
        _after(hours=20), "last_run", "the last run ended 1200 minutes ago", "look whether cron"
    ),
}


@pytest.mark.usefixtures("no_pauses")
@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_named_and_costs_nothing(name: str, office: Office) -> None:
    """One finding tells what, why and the remedy; check writes nothing; a run says it too."""
    mistake = MISTAKES[name]
    office.submit("Siti Contoh")
    office.run()
    mistake.make(office)
    before, lines = office.mark(), _lines(office)
    checked = command(office, "check", "--json")
    findings = [one for one in checked.json["findings"] if one["level"] == mistake.level]
    named = [
        one for one in findings if one["code"] == mistake.code and mistake.said in one["message"]
    ]

    assert named, checked.out
    assert any(mistake.remedy in one["remedy"] for one in named), named
    assert (2 if mistake.level == "fail" else 0) == checked.code
    assert [] == applied_writes(office, before)
    outcome = command(office, "run")
    office.sandbox.world.faults.clear()
    assert mistake.run == outcome.code, outcome.err
    assert "Traceback" not in outcome.err
    if mistake.run:
        assert outcome.err.startswith("surat-sync: ")
        assert [] == applied_writes(office, before)
        assert lines == _lines(office)


def _lines(office: Office) -> list[list[Any]]:
    """Return what the register tab shows; that of a village without a sheet is empty."""
    try:
        return office.register_tab()
    except LookupError:
        return []


def test_a_run_at_work_is_no_mistake(office: Office) -> None:
    """`check` tells it, and another run waits."""
    with exclusive_lock(office.config.state_folder / "lock"):
        found = command(office, "check", "--json").json["findings"]
        assert 75 == command(office, "run").code

    assert ["a run is at work right now"] == [
        one["message"].partition(" (")[0] for one in found if one["code"] == "lock"
    ]


def test_two_schedulers_are_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cron line beside a systemd timer: both are named."""
    tools = office.folder / "bin"
    tools.mkdir()
    crontab = tools / "crontab"
    crontab.write_text("#!/bin/sh\necho '# surat-sync run'\necho '*/5 * * * * surat-sync run'\n")
    crontab.chmod(0o755)
    timers = office.folder / ".config/systemd/user/timers.target.wants"
    timers.mkdir(parents=True)
    (timers / "surat-sync.timer").touch()
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    monkeypatch.setenv("HOME", str(office.folder))
    (found,) = [
        one
        for one in command(office, "check", "--json").json["findings"]
        if one["code"] == "schedulers"
    ]

    assert "caution" == found["level"]
    assert "cron: */5 * * * * surat-sync run; systemd: surat-sync.timer" in found["message"]


def test_check_tells_the_same_to_people(office: Office) -> None:
    """What, why, and an arrow to the remedy."""
    office.key_file.chmod(0o644)
    outcome = command(office, "check")

    assert 2 == outcome.code
    assert "FAIL     credentials: " in outcome.out
    assert "without a permission Google shows us nothing" in outcome.out
    assert "-> make the key or the sign-in anew" in outcome.out
