"""Letters: the template and what is filled into it."""

from sync.letter.template import Template
from sync.letter.text import letter_text

__all__ = ["Template", "letter_text"]
