"""
The ledger's tables; docs/how-it-works.md says how they hang together.

Every key begins with the village, so that one PostgreSQL database serves a fleet. Only Text
and Integer are used: what SQLite's STRICT tables take. A time is ISO 8601 text, a flag 0 or 1,
several values JSON text, "nothing" the empty text.
"""

from __future__ import annotations

from sqlalchemy.schema import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.sql.sqltypes import Integer, Text

VERSION = 2  #: of the tables below; a newer ledger is refused, an older one is migrated

metadata = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _integer(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


meta = Table(
    "meta",
    metadata,
    _text("village"),  #: "" for what concerns the whole database
    _text("key"),
    _text("value"),
    PrimaryKeyConstraint("village", "key"),
    sqlite_strict=True,
)

entries = Table(
    "entries",
    metadata,
    _text("village"),
    _text("submission_id"),
    _integer("ordinal"),  #: the order within the service in which entries were made
    _text("service"),
    _text("spreadsheet"),
    _integer("gid"),
    _text("serial"),  #: milliseconds; text, because PostgreSQL's INTEGER is too small
    _integer("occurrence"),
    _text("identity"),
    _text("fingerprint"),
    _text("status"),
    _text("step"),
    _integer("rev"),
    _integer("confirmed"),
    _integer("approved"),
    _text("hold_reason"),
    _text("hold_other"),
    _text("duplicate_key"),
    _text("action"),
    _text("ignored_action"),
    _text("reason"),
    _text("replaced_by"),
    _text("row_missing_since"),
    _text("cells"),  #: one text, because a row per cell takes a run three times as long to read
    PrimaryKeyConstraint("village", "submission_id"),
    # A row of the sheet makes one entry, also when two runs see it for the first time at once.
    UniqueConstraint("village", "spreadsheet", "gid", "serial", "occurrence"),
    # Entries come back in the order in which they were made; serves the read of every run.
    UniqueConstraint("village", "service", "ordinal"),
    sqlite_strict=True,
)

counters = Table(
    "counters",
    metadata,
    _text("village"),
    _text("register"),
    _integer("year"),
    _integer("first"),
    _integer("last"),
    PrimaryKeyConstraint("village", "register", "year"),
    sqlite_strict=True,
)

register_lines = Table(
    "register_lines",
    metadata,
    _text("village"),
    _text("register"),
    _integer("year"),
    _integer("sequence"),
    _text("letter_number"),
    _text("issued_on"),
    _text("state"),
    _text("title"),
    # NULL for a number that was reserved by hand; NULLs do not collide in the unique index
    Column("submission_id", Text, nullable=True),
    _text("applicant"),
    _text("summary"),
    _integer("revision"),
    _text("reason"),
    _text("line_hash"),
    PrimaryKeyConstraint("village", "register", "year", "sequence"),
    # A submission never has a second number.
    UniqueConstraint("village", "submission_id"),
    ForeignKeyConstraint(
        ["village", "submission_id"], ["entries.village", "entries.submission_id"]
    ),
    CheckConstraint("state IN ('issued', 'void', 'reserved')"),
    sqlite_strict=True,
)

letters = Table(
    "letters",
    metadata,
    _text("village"),
    _text("submission_id"),
    _integer("revision"),
    _text("issued_on"),
    _text("valid_until"),
    _text("signer"),
    _text("fingerprint"),
    _text("identity"),
    _text("values"),
    _text("template_hash"),
    _text("sha256"),
    Column("location", Text, nullable=True),  #: NULL until it is stored
    Column("file_id", Text, nullable=True),  #: Drive's id for it; NULL in a folder
    PrimaryKeyConstraint("village", "submission_id", "revision"),
    # Two letters never lie in one place; letters without a place yet do not collide.
    UniqueConstraint("village", "location"),
    ForeignKeyConstraint(
        ["village", "submission_id"], ["entries.village", "entries.submission_id"]
    ),
    sqlite_strict=True,
)

# One file of Drive is one letter; letters without one do not collide.
Index("letters_file_id", letters.c.village, letters.c.file_id, unique=True)

tokens = Table(
    "tokens",
    metadata,
    _text("village"),
    _text("text"),  #: as a key for good: a token is never used twice
    _text("service"),
    _text("submission_id"),
    _text("column"),
    _text("run_id"),
    _text("ended_at"),
    PrimaryKeyConstraint("village", "text"),
    sqlite_strict=True,
)

# Every run asks for the few tokens that may still stand in the sheet.
Index("tokens_open", tokens.c.village, tokens.c.service, tokens.c.ended_at)

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),  #: only orders; gaps mean nothing
    _text("village"),
    _text("at"),
    _text("submission_id"),
    _text("event"),
    _text("status"),
    _text("step"),
    _integer("rev"),
    sqlite_strict=True,
)

# The history of one submission is asked for by its id.
Index("events_of_submission", events.c.village, events.c.submission_id)
