"""`surat-sync login`: the village allows it in the browser, and letters go to its Drive."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from history import quiet

from sync.commands.login import log_in
from sync.config import load_config
from sync.errors import CredentialsError, SyncError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from office import Office


@pytest.fixture
def drive_office(bare_office: Office) -> Office:
    """Return an office with an OAuth client that nobody has allowed in yet."""
    _client_file(bare_office, bare_office.sandbox.client_secret_info)
    bare_office.configure(
        letters__cabinet="drive",
        google__oauth_client="secrets/client.json",
        google__drive_credentials="secrets/drive.json",
    )
    return bare_office


def _client_file(office: Office, info: Any, mode: int = 0o600) -> None:
    path = office.folder / "secrets" / "client.json"
    path.write_text(json.dumps(info))
    path.chmod(mode)


def _browser(decision: str) -> Callable[[str], int]:
    """Return a village user who opens the page and decides."""

    def decide(address: str) -> int:
        with requests.Session() as session:
            session.trust_env = False
            session.get(address, timeout=5).raise_for_status()
            asked = {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}
            page = address.partition("?")[0]
            answer = session.post(page, data=asked | {"decision": decision}, timeout=5)
            return answer.status_code

    return decide


_ALLOW = _browser("allow")


def _logged_in(
    office: Office, act: Callable[[str], object] = _ALLOW, seconds: float = 20
) -> list[str]:
    """Log in while somebody else is at the browser; return what the operator was told."""
    said: list[str] = []
    others = []

    def say(text: str) -> None:
        said.append(text)
        if "Open this page" in text:
            address = text.rpartition("\n")[2]
            other = threading.Thread(target=act, args=(address,))
            others.append(other)
            other.start()

    try:
        config = load_config(office.config_file, complete=False)
        log_in(config, say, browser=False, seconds=seconds)
    finally:
        for other in others:
            other.join()
    return said


def test_letters_go_to_the_drive_of_whoever_allowed_it(drive_office: Office) -> None:
    """From the client's file to a stored letter, with the one permission that is needed."""
    office = drive_office
    said = _logged_in(office)
    folder = said[-1].partition('drive_folder: "')[2].rstrip('"')
    written = office.folder / "secrets" / "drive.json"
    info = json.loads(written.read_text())

    assert 0o600 == written.stat().st_mode & 0o777
    account = office.sandbox.authorized_user_info["account"]
    assert account == info["account"]
    assert any(account in line for line in said)
    office.configure(
        letters__cabinet="drive",
        letters__drive_folder=folder,
        google__oauth_client="secrets/client.json",
        google__drive_credentials="secrets/drive.json",
    )
    office.set_up()
    office.submit("Siti Contoh")
    assert 0 == office.run().exit_code
    stored = [f for f in office.sandbox.world.state.files.values() if f.parent == folder]
    assert [account] == [file.owner for file in stored]
    assert quiet(office)
    assert "The folder in letters.drive_folder can be used." == _logged_in(office)[-1]


def test_asked_for_is_drive_file_and_nothing_more(drive_office: Office) -> None:
    """The narrow permission needs no review by Google; PKCE and a state protect the answer."""
    said = _logged_in(drive_office)
    asked = parse_qs(urlsplit(said[0].rpartition("\n")[2]).query)

    assert ["https://www.googleapis.com/auth/drive.file"] == asked["scope"]
    assert (["S256"], ["offline"]) == (asked["code_challenge_method"], asked["access_type"])
    assert asked["redirect_uri"][0].startswith("http://127.0.0.1:")


def test_a_stranger_on_the_port_is_not_the_answer(drive_office: Office) -> None:
    """An answer without our state is turned away, and the real one still counts."""
    strangers: list[int] = []

    def stranger_first(address: str) -> None:
        redirect = parse_qs(urlsplit(address).query)["redirect_uri"][0]
        with requests.Session() as session:
            session.trust_env = False
            strangers.append(session.get(f"{redirect}?code=x&state=y", timeout=5).status_code)
        _browser("allow")(address)

    _logged_in(drive_office, stranger_first)

    assert [404] == strangers


@pytest.mark.parametrize(
    "act, seconds, words",
    [
        (_browser("deny"), 20, "The permission was not given (access_denied)"),
        (lambda _: None, 0.2, "Nobody gave the permission in time"),
    ],
)
def test_without_a_permission_nothing_is_written(
    drive_office: Office, act: Callable[[str], object], seconds: float, words: str
) -> None:
    """Refused, or nobody there: a sentence, and no file."""
    with pytest.raises(UserError) as caught:
        _logged_in(drive_office, act, seconds)

    assert words in str(caught.value)
    assert not (drive_office.folder / "secrets" / "drive.json").exists()


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda o: _client_file(o, {"web": {}}), "Desktop app"),
        (lambda o: _client_file(o, {"installed": {"client_id": "x"}}), "has no client_secret"),
        (lambda o: _client_file(o, o.sandbox.client_secret_info, 0o644), "chmod 600"),
        (lambda o: (o.folder / "secrets" / "client.json").unlink(), "there is no such file"),
        (lambda o: (o.folder / "secrets" / "drive.json").write_text("{}"), "something else"),
        (lambda o: o.configure(google__oauth_client="secrets/client.json"), "drive_credentials"),
        (lambda o: o.configure(google__drive_credentials="secrets/d.json"), "oauth_client"),
    ],
)
def test_mistakes_are_met_before_the_browser_opens(
    drive_office: Office, spoil: Callable[[Office], object], words: str
) -> None:
    """A sentence that names the file or the line of the config."""
    spoil(drive_office)
    with pytest.raises(SyncError) as caught:
        _logged_in(drive_office)

    assert words in str(caught.value)
    assert 2 == caught.value.exit_code


def test_a_client_that_google_does_not_know(drive_office: Office) -> None:
    """A wrong secret shows when the code is exchanged."""
    info = drive_office.sandbox.client_secret_info
    info["installed"]["client_secret"] = "GOCSPX-falsch"
    _client_file(drive_office, info)
    with pytest.raises(CredentialsError, match="does not accept the OAuth client"):
        _logged_in(drive_office)
