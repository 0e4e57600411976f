"""What `check` tells of one thing that it looked at: what, why it matters, and what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sync.errors import (
    CabinetError,
    ConfigError,
    CredentialsError,
    DiskError,
    GoogleRefused,
    GoogleUnavailable,
    LayoutError,
    SafetyStop,
    SyncError,
    TemplateError,
    TryLater,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    Level = Literal["ok", "caution", "fail"]

#: code of a finding to why anybody should care
_WHY = {
    "backup": "without ledger and keys numbers could be given twice, and nothing brings them back",
    "cabinet": "a finished letter must have a place, or it waits and nobody can print it",
    "cells": "what is typed over our words is put right again, and the work was for nothing",
    "clock": "letters and tickets are dated by this clock, and Google refuses one that is wrong",
    "columns": "without its columns surat-sync has nowhere to answer",
    "config": "nothing can be done before the config can be read",
    "credentials": "without a permission Google shows us nothing",
    "disk": "letters get no numbers when they might not be stored",
    "form": "what the form does not ask, residents cannot answer",
    "headers": "answers are found by the headers of their columns",
    "last_run": "when runs stop, requests stay unanswered and nobody notices",
    "ledger": "the ledger knows which numbers were given; without it they could be given twice",
    "locale": "dates and numbers that staff type are read by the spreadsheet's locale",
    "lock": "only one run works at a time",
    "merged": "a merged cell hides the answers of the rows below it",
    "network": "without internet requests wait, and nothing is lost",
    "nik_number": "Google keeps 15 digits of a number, so the last ones of a NIK are lost",
    "pdf": "the letters are there as DOCX only, until LibreOffice can print them",
    "register": "a number must never be given twice",
    "rows": "a request without a row gets no letter, and nobody sees it any more",
    "schedulers": "two schedulers start two runs; one of them only waits",
    "seal": "a reader of a letter can check it by its code only",
    "sheet": "the answers come from this sheet",
    "state": "the ledger and the keys in it are nobody else's to read",
    "spreadsheet": "the answers are in this spreadsheet",
    "template": "the letter is made from it",
    "time_zone": "the times of requests are in the spreadsheet's zone",
    "write": "surat-sync answers in the sheet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    code: str
    level: Level
    message: str
    remedy: str = ""

    @property
    def why(self) -> str:
        """Why it matters; nothing for what is fine."""
        return "" if self.level == "ok" else _WHY.get(self.code, "")


def fine(code: str, message: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(code=code, level="ok", message=message)


def caution(code: str, message: str, remedy: str) -> Finding:
    """Return a finding that someone should look at; runs go on."""
    return Finding(code=code, level="caution", message=message, remedy=remedy)


def fail(code: str, message: str, remedy: str) -> Finding:
    """Return a finding that keeps runs from their work."""
    return Finding(code=code, level="fail", message=message, remedy=remedy)


def failures(code: str, error: SyncError) -> Iterator[Finding]:
    """
    Return what an error means for the operator, one finding a problem.

    code: what was looked at; the network and the clock are told as what they are
    """
    code, remedy, said = _code(code, error), _remedy(error), str(error)
    for problem in error.problems:
        message = said if problem in said else f"{said}: {problem}"
        yield fail(code, message, remedy)
    if not error.problems:
        yield fail(code, said, remedy)


def _code(code: str, error: SyncError) -> str:
    match error:
        case CredentialsError():
            return "credentials"
        case GoogleUnavailable():
            return "network"
        case SafetyStop() if error.name == "clock-skew":
            return "clock"
        case _:
            return code


def _remedy(error: SyncError) -> str:
    if isinstance(error, SafetyStop) and error.name in _STOPS:
        return _STOPS[error.name]
    usual = "mend it, then run `surat-sync check` again"
    return next((remedy for kind, remedy in _REMEDIES if isinstance(error, kind)), usual)


_STOPS = {
    "clock-skew": "set the clock and switch on automatic time",
    "ledger-behind": "surat-sync ledger rebuild",
    "ledger-corrupt": "surat-sync ledger restore FILE, with the newest backup",
    "ledger-missing": (
        "surat-sync ledger restore FILE, with the newest backup; where only the ledger is gone:"
        " surat-sync ledger rebuild"
    ),
}

_REMEDIES: tuple[tuple[type[SyncError], str], ...] = (
    (ConfigError, "mend the line in the config file; config.example.yaml shows how it looks"),
    (CredentialsError, "make the key or the sign-in anew (docs/operate.md)"),
    (GoogleRefused, "compare the id in the config; share it with the named account as Editor"),
    (TemplateError, "mend the template in Word or LibreOffice, then `surat-sync template check`"),
    (LayoutError, "give the header its name back, or name it in the config"),
    (
        CabinetError,
        "before the first setup: `surat-sync setup`; later: make the place for letters usable",
    ),
    (DiskError, "make room on the disk, or give this account the right to write there"),
    (TryLater, "look at the internet connection, then try again"),
)
