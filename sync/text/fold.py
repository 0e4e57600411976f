"""Folding: how texts that people take for the same are compared."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """
    Return letters, marks and digits only, case folded.

    Headers, drop-down words and options match after this.
    """
    if text.isascii():
        return "".join(c for c in text.lower() if c.isalnum())
    compatible = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in compatible if unicodedata.category(c)[0] in "LMN")
