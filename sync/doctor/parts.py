"""What a run works with on this side: templates, cabinet, ledger, the computer itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sync.clock import MOST_SKEW
from sync.doctor.finding import Finding, caution, fail, failures, fine
from sync.errors import SyncError, TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sync.cabinet.interface import Cabinet
    from sync.errors import PdfError
    from sync.ledger.interface import Ledger
    from sync.letter import Template

_LEAST_FREE_BYTES = 50_000_000  #: below it no letter gets a number
_LITTLE_FREE_BYTES = 500_000_000
_MOST_DAYS_WITHOUT_BACKUP = 3  #: a weekend on which nobody switches the computer on


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPlace:
    """The second place of backups."""

    folder: str
    is_there: bool
    newest: date | None


def check_templates(templates: Mapping[str, Template | TemplateError]) -> Iterator[Finding]:
    """Look at each service's template."""
    for service, template in templates.items():
        if isinstance(template, TemplateError):
            yield from failures("template", template)
        else:
            count = len(template.names)
            yield fine("template", f"the template of {service} is sound, {count} placeholders")


def check_seal(key_id: str | None, page_url: str) -> Iterator[Finding]:
    """Look at what seals letters; *key_id* is None in a village that has no signing key."""
    if key_id is None:
        yield caution("seal", "letters get no code: there is no signing key", "surat-sync setup")
    else:
        where = f"their codes lead to {page_url}" if page_url else "verify.page_url names no page"
        yield fine("seal", f"letters are sealed by the key {key_id}; {where}")


def check_pdf(program: str, error: PdfError | None) -> Iterator[Finding]:
    """Tell whether LibreOffice, that makes the PDFs, is there and answers."""
    if error is None:
        yield fine("pdf", f"LibreOffice makes a PDF beside each letter: {program}")
    else:
        yield caution("pdf", str(error), "install LibreOffice anew, or set `letters.pdf: false`")


def check_cabinet(cabinet: Cabinet) -> Iterator[Finding]:
    """Store something and take it away again; leaves nothing behind."""
    try:
        cabinet.probe()
    except SyncError as error:
        yield from failures("cabinet", error)
    else:
        yield fine("cabinet", "letters can be stored")


def check_ledger(ledger: Ledger | None) -> Iterator[Finding]:
    """Look whether the ledger is whole."""
    if ledger is None:
        yield fail(
            "ledger",
            "this village is not set up yet",
            "run `surat-sync setup`; if it was set up before: surat-sync ledger restore FILE, with"
            " the newest backup",
        )
        return
    try:
        ledger.verify()
    except SyncError as error:
        yield from failures("ledger", error)
    else:
        yield fine("ledger", "the ledger is whole, the register's chain holds")


def check_backups(
    newest: date | None, second: BackupPlace | None, today: date
) -> Iterator[Finding]:
    """
    Look whether there are fresh backups: each day's first good run makes them.

    newest: the day of the newest one beside the ledger; second: the other place, if one is named
    """
    places = [("the state folder", newest)]
    if second is not None and not second.is_there:
        yield caution("backup", f"{second.folder} is not there", "plug the stick in, or mount it")
    elif second is not None:
        places.append((second.folder, second.newest))
    for place, day in places:
        if day is None:
            yield fine("backup", f"no backup in {place} yet: the next good run makes one")
        elif (today - day).days > _MOST_DAYS_WITHOUT_BACKUP:
            yield caution(
                "backup",
                f"the newest backup in {place} is of {day}",
                "run `surat-sync run` and read what it says",
            )
        else:
            yield fine("backup", f"the newest backup in {place} is of {day}")


def check_clock(skew: timedelta | None) -> Iterator[Finding]:
    """Compare this computer's clock with Google's."""
    if skew is None:
        return
    seconds = round(skew.total_seconds())
    if abs(skew) > MOST_SKEW:
        yield fail(
            "clock",
            f"this computer's clock is {abs(seconds)} seconds off",
            "set the clock and switch on automatic time",
        )
    else:
        yield fine("clock", "this computer's clock agrees with Google's")


def check_disk(free_bytes: int, place: str) -> Iterator[Finding]:
    """Look whether there is room for letters."""
    megabytes = free_bytes // 1_000_000
    if free_bytes < _LEAST_FREE_BYTES:
        yield fail("disk", f"only {megabytes} MB are free below {place}", "make room on the disk")
    elif free_bytes < _LITTLE_FREE_BYTES:
        yield caution(
            "disk", f"{megabytes} MB are free below {place}", "make room on the disk soon"
        )
    else:
        yield fine("disk", f"{megabytes} MB are free below {place}")


def check_lock(*, held: bool) -> Iterator[Finding]:
    """Tell whether a run is at work at this moment."""
    if held:
        yield caution(
            "lock",
            "a run is at work right now",
            "wait a minute; if it stays so, look for a surat-sync that hangs and end it",
        )
    else:
        yield fine("lock", "no other run is at work")


def check_schedulers(found: Sequence[str]) -> Iterator[Finding]:
    """Look what starts runs on this computer, as far as this account can see."""
    if len(found) > 1:
        yield caution(
            "schedulers", f"several things start runs: {'; '.join(found)}", "keep one of them"
        )
    elif found:
        yield fine("schedulers", f"runs are started by {found[0]}")
    else:
        yield fine("schedulers", "nothing that this account can see starts runs by itself")


def check_last_run(
    last: Mapping[str, object], *, now: datetime, stale_after: timedelta
) -> Iterator[Finding]:
    """
    Look when the last run was, and how it ended.

    last: `at` (ISO 8601) and `exit`, as it wrote them down; empty before the first
    """
    if not last:
        yield fine("last_run", "no run has ended yet")
        return
    age = now - datetime.fromisoformat(str(last["at"]))
    minutes = round(age.total_seconds() / 60)
    if age > stale_after:
        yield caution(
            "last_run",
            f"the last run ended {minutes} minutes ago",
            "look whether cron (or the timer) still runs, and what it mails or logs",
        )
    elif last.get("exit"):
        yield caution(
            "last_run",
            f"the last run, {minutes} minutes ago, ended with exit {last['exit']}",
            "run `surat-sync run` by hand and read what it says",
        )
    else:
        yield fine("last_run", f"the last run ended well, {minutes} minutes ago")
