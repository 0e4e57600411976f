"""Other people's words, made fit to stand inside a sentence of ours."""

from __future__ import annotations

import unicodedata

REASON_LIMIT = 300  #: of staff's reason in a cell (swap texts are short)
HEADER_LIMIT = 100


def one_line(text: str, *, limit: int) -> str:
    """Return *text* on one line, without control and invisible characters, cut to *limit*."""
    spaced = " ".join(text.split())
    kept = "".join(c for c in spaced if unicodedata.category(c)[0] != "C")
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def reason_text(reason: str) -> str:
    """Return staff's reason, cleaned; "" when there is none."""
    return one_line(reason, limit=REASON_LIMIT)
