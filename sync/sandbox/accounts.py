"""Who has an account: people, and service accounts with their keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from sync.sandbox.reply import bad_request

if TYPE_CHECKING:
    from datetime import datetime

    from sync.sandbox.state import State

AccountKind: TypeAlias = Literal["user", "service"]

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_SERVICE_DOMAIN = ".iam.gserviceaccount.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    One account.

    private_key: PEM of a service account that has its own; "": the sandbox's
    opened:      since when there is the account
    """

    email: str
    kind: AccountKind
    opened: datetime
    private_key: str = ""


def check_account(state: State, email: object, kind: object) -> None:
    """Raise `Refused` (400) for an account that there cannot be."""
    if not isinstance(email, str) or not _EMAIL.fullmatch(email):
        raise bad_request("email is an address such as budi.contoh@gmail.com")
    if kind not in ("user", "service"):
        raise bad_request("kind is user or service")
    if (kind == "service") != email.endswith(_SERVICE_DOMAIN):
        raise bad_request(f"a service account's address, and no other, ends in {_SERVICE_DOMAIN}")
    known = state.accounts.get(email)
    if known is not None and known.kind != kind:
        raise bad_request(f"{email} is a {known.kind} account")


def open_account(state: State, account: Account, *, owns_files: bool) -> None:
    """Keep a new account and its My Drive; service accounts own no files unless told."""
    state.accounts[account.email] = account
    state.add_root(account.email, account.opened)
    if account.kind == "service" and not owns_files:
        state.without_storage.add(account.email)
