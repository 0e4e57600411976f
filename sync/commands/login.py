"""`surat-sync login`: the village's own Google account lets us keep letters in its Drive."""

from __future__ import annotations

import json
import webbrowser
from typing import TYPE_CHECKING

from sync.commands import program
from sync.errors import UserError
from sync.google.credentials import DRIVE_FILE
from sync.google.drive import DriveHome
from sync.google.login import SignIn, file_content, load_client
from sync.platform import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.clock import Clock
    from sync.config import Config

_PATIENCE_SECONDS = 600.0


def log_in(
    config: Config,
    say: Callable[[str], None],
    *,
    browser: bool = True,
    clock: Clock | None = None,
    seconds: float = _PATIENCE_SECONDS,
) -> None:
    """
    Get the permission, keep it in `google.drive_credentials`, and see to the folder.

    say:     tells the operator what to do, and what was done
    browser: open the page by itself
    """
    target = _target(config)
    client = load_client(_client_file(config), base_url=config.google.base_url)
    with SignIn(client=client, scopes=(DRIVE_FILE,)) as sign_in:
        say(f"Open this page and let the village's own account allow it:\n{sign_in.address}")
        if browser:
            webbrowser.open(sign_in.address)
        info = sign_in.finish(seconds=seconds)
    if not target.parent.exists():
        private_folder(target.parent)
    write_private(target, file_content(info))
    clock, rng = clock or program.system_clock(), program.system_random()
    home = DriveHome(program.drive_transport(config, clock=clock, rng=rng))
    write_private(target, file_content(info | {"account": home.account()}))
    say(f"{target} lets surat-sync store files as {home.account()}.")
    _see_to_folder(config, home, say)


def _target(config: Config) -> Path:
    """Return the file to write; one that holds anything but an earlier sign-in stays."""
    if not config.google.drive_credentials:
        raise UserError(
            "google.drive_credentials: name the file that login is to write, e.g."
            " secrets/drive.json"
        )
    path = config.path(config.google.drive_credentials)
    try:
        kind = json.loads(path.read_text("utf-8")).get("type")
    except FileNotFoundError:
        return path
    except (OSError, ValueError, AttributeError):
        kind = None
    if kind != "authorized_user":
        raise UserError(f"{path} holds something else: name another file in drive_credentials")
    return path


def _client_file(config: Config) -> Path:
    if not config.google.oauth_client:
        raise UserError(
            "google.oauth_client: name the file of an OAuth client (Desktop app) from Google's"
            " console"
        )
    return config.path(config.google.oauth_client)


def _see_to_folder(config: Config, home: DriveHome, say: Callable[[str], None]) -> None:
    if config.letters.drive_folder:
        program.cabinet_of(
            config, clock=program.system_clock(), rng=program.system_random()
        ).check()
        say("The folder in letters.drive_folder can be used.")
        return
    village = config.village.name
    folder = home.make_folder(f"Surat Desa {village} (surat-sync)")
    say(
        "Made a folder for letters in Google Drive. Put this into the config:\n"
        f'letters:\n  cabinet: drive\n  drive_folder: "{folder}"'
    )
