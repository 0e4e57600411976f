"""The harmless unique texts that mark our cells during a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.sql import bindparam, insert, select, update

from sync.ledger.schema import tokens
from sync.model import Column, SubmissionId, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

_OPEN = (
    select(tokens.c.text, tokens.c.submission_id, tokens.c.column, tokens.c.run_id)
    .where(tokens.c.village == bindparam("of_village"))
    .where(tokens.c.service == bindparam("of_service"), tokens.c.ended_at == "")
    .order_by(tokens.c.text)
)


def open_tokens(transaction: Connection, village: str, service: str) -> tuple[Token, ...]:
    """Return the tokens that may still stand in the service's sheet."""
    found = transaction.execute(_OPEN, {"of_village": village, "of_service": service})
    return tuple(
        Token(
            text=text,
            service=service,
            submission_id=SubmissionId(owner) if owner else None,
            column=Column(column),
            run_id=run_id,
        )
        for text, owner, column, run_id in found.all()
    )


def add_tokens(transaction: Connection, village: str, made: Sequence[Token]) -> None:
    """Write down new tokens, before they are sent; one that was used ever is refused."""
    rows = [
        {
            "village": village,
            "text": token.text,
            "service": token.service,
            "submission_id": token.submission_id or "",
            "column": token.column.value,
            "run_id": token.run_id,
            "ended_at": "",
        }
        for token in made
    ]
    if rows:
        transaction.execute(insert(tokens), rows)


def end_tokens(transaction: Connection, village: str, texts: Sequence[str], *, at: str) -> None:
    """Mark tokens that stand nowhere any more; they are kept, so that none is used twice."""
    if texts:
        transaction.execute(
            update(tokens)
            .where(tokens.c.village == village, tokens.c.text == bindparam("token"))
            .values(ended_at=at),
            [{"token": text} for text in sorted(texts)],
        )
