"""`surat-sync publish`: the page on which anybody can check a letter, and the list of void ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.commands import program
from sync.errors import DiskError, UserError
from sync.handouts.page import verification_page
from sync.letter.seal import to_base64url
from sync.letter.signing import forget_key, load_signing_key, make_signing_key, public_keys
from sync.letter.withdrawn import signed_list
from sync.model import Status
from sync.text import updated_text, zone_word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.clock import Clock
    from sync.commands.program import Books
    from sync.config import Config
    from sync.letter.seal import SigningKey
    from sync.letter.withdrawn import Withdrawn

PAGE_FILE, LIST_FILE = "index.html", "void.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was written."""

    key_id: str  #: of the key that signs now
    known_keys: int
    withdrawn: int


def publish(
    config: Config,
    folder: Path,
    *,
    new_key: bool = False,
    forget: str = "",
    clock: Clock | None = None,
) -> Published:
    """
    Write the page and the list into *folder*, which is made if it is not there.

    new_key: sign with a new key from now on; what earlier ones signed stays genuine
    forget:  id of a stolen key: what it signed counts no more

    Raises `UserError` when the village is not set up or has no signing key, `LedgerBusy`
    during a run, `DiskError`.
    """
    clock = clock or program.system_clock()
    with program.run_lock(config), program.opened_books(config, clock) as books:
        signing_key = _signing_key(config, new_key=new_key, forget=forget)
        letters = list(_withdrawn(config, books))
        keys = public_keys(config.state_folder)
        now = clock.now()
        withdrawn = signed_list(
            signing_key,
            letters,
            village_code=config.village.code,
            made_at=now,
            made_on=updated_text(
                program.village_time(config, now), zone_word(config.village.timezone)
            ),
        )
        page = verification_page(
            village=config.village_value(),
            contact=config.verify.contact,
            titles={service.key: service.title for service in config.service_values()},
            keys={name: to_base64url(key) for name, key in keys.items()},
            withdrawn=withdrawn,
        )
        _write(folder, {PAGE_FILE: page, LIST_FILE: json.dumps(withdrawn, indent=1) + "\n"})
        return Published(key_id=signing_key.key_id, known_keys=len(keys), withdrawn=len(letters))


def _signing_key(config: Config, *, new_key: bool, forget: str) -> SigningKey:
    state = config.state_folder
    signing_key = make_signing_key(state) if new_key else load_signing_key(state)
    if signing_key is None:
        raise UserError("This village has no signing key yet: run `surat-sync setup` again.")
    if forget:
        forget_key(state, forget)
    return signing_key


def _withdrawn(config: Config, books: Books) -> Iterator[Withdrawn]:
    for service in config.services:
        for entry in books.ledger.entries(service):
            letter = entry.letter
            if letter is not None and entry.status is Status.VOID:
                yield service, letter.letter_number, None
            elif letter is not None and letter.revision > 1:
                yield service, letter.letter_number, letter.revision


def _write(folder: Path, texts: dict[str, str]) -> None:
    """Put each file in place whole: readers may come at any moment."""
    for name, text in texts.items():
        path, part = folder / name, folder / f"{name}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8", newline="\n")
            part.replace(path)
        except OSError as error:
            raise DiskError(f"{path} cannot be written ({error.strerror})") from error
