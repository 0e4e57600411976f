"""Kind `files`: uploads of the form. The program keeps their ids and never opens them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from sync.fields.parsed import Parsed
from sync.model import Problem, ProblemCode

if TYPE_CHECKING:
    from datetime import date

    from sync.fields.answer import Answer
    from sync.model import FieldSpec

_HOSTS = frozenset({"drive.google.com", "docs.google.com"})
_PATH = re.compile(r"/(?:[a-z]+/)?(?:u/[0-9]+/)?d/([^/]+)(?:/.*)?")
_ID = re.compile(r"[A-Za-z0-9_-]+")


def parse_files(spec: FieldSpec, answer: Answer, today: date) -> Parsed | Problem:  # noqa: ARG001
    """Return the Drive ids of comma-separated links, joined by ", "."""
    ids = [_file_id(link.strip()) for link in answer.text.split(",")]
    if None in ids:
        return Problem(ProblemCode.FILES_UNREADABLE, spec.name)
    return Parsed(", ".join(file_id for file_id in ids if file_id))


def _file_id(link: str) -> str | None:
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.netloc.casefold() not in _HOSTS:
        return None
    path = _PATH.fullmatch(parts.path)
    file_id = path[1] if path else parse_qs(parts.query).get("id", [""])[0]
    return file_id if _ID.fullmatch(file_id) else None
