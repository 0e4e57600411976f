"""`surat-sync status`: from the ledger alone; nothing is asked of Google."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sync.commands import program
from sync.commands.last_run import last_run
from sync.errors import UserError
from sync.model import Status
from sync.text import status_word
from sync.values import letter_number

if TYPE_CHECKING:
    from sync.clock import Clock
    from sync.commands.program import Books
    from sync.config import Config
    from sync.model import Service


def overall(config: Config, clock: Clock | None = None) -> dict[str, Any]:
    """Return last run, backlog by status, next letter number by service, and staleness."""
    clock = clock or program.system_clock()
    with program.opened_books(config, clock) as books:
        last = last_run(config.state_folder)
        backlog = Counter(
            entry.status.value
            for service in config.services
            for entry in books.ledger.entries(service)
        )
        return {
            "last_run": last.get("run_id"),
            "finished_at": last.get("at"),
            "exit": last.get("exit"),
            "backlog": dict(sorted(backlog.items())),
            "next_numbers": {
                service.key: _next_number(config, service, books, clock)
                for service in config.service_values()
            },
            "stale": _is_stale(last.get("at"), config, clock),
        }


def overall_text(facts: dict[str, Any], config: Config) -> str:
    """Return the same for people: village time, and the words that the sheet shows."""
    lines = [f"last run   {facts['last_run'] or 'none yet'}"]
    if facts["finished_at"]:
        late = "  (too long ago: is cron running?)" if facts["stale"] else ""
        ended = program.village_time(config, datetime.fromisoformat(facts["finished_at"]))
        lines.append(f"finished   {ended:%Y-%m-%d %H:%M}, exit {facts['exit']}{late}")
    cautions = last_run(config.state_folder).get("cautions", ())
    lines += [f"caution    {caution}" for caution in cautions]
    lines += [
        f"{count:8}   {status} ({status_word(Status(status))})"
        for status, count in facts["backlog"].items()
    ]
    lines += [f"next       {key}: {number}" for key, number in facts["next_numbers"].items()]
    return "\n".join(lines)


def submission(config: Config, ticket: str, clock: Clock | None = None) -> dict[str, str]:
    """Return one submission's status and letter number; `UserError` when nobody has the ticket."""
    wanted = ticket.strip().upper()
    with program.opened_books(config, clock or program.system_clock()) as books:
        for service in config.services:
            for entry in books.ledger.entries(service):
                if entry.submission_id == wanted:
                    return {
                        "submission_id": entry.submission_id,
                        "status": entry.status.value,
                        "letter_number": entry.letter.letter_number if entry.letter else "",
                    }
    raise UserError(f"No submission has the ticket {wanted}.", ["compare it with the sheet"])


def _next_number(config: Config, service: Service, books: Books, clock: Clock) -> str:
    today = program.village_time(config, clock.now()).date()
    spec, ledger = service.number, books.ledger
    last = ledger.last_sequence(spec.register, today.year)
    first = ledger.first_sequence(spec.register, today.year, spec.start)
    return letter_number(
        spec,
        sequence=last + 1 if last else first,
        village_code=config.village.code,
        issued_on=today,
    )


def _is_stale(finished_at: str | None, config: Config, clock: Clock) -> bool:
    if finished_at is None:
        return True
    age = clock.now() - datetime.fromisoformat(finished_at)
    return age > timedelta(minutes=config.monitor.stale_after_minutes)
