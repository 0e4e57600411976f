"""Click-to-chat links: a message to the applicant that staff send with one click."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from sync.text.note import problem_text
from sync.text.words import word, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.model import Problem, Status, SubmissionId

_MOBILE = "628"
_HOME = "62"
_PROBLEMS_SHOWN = 5


def whatsapp_link(
    *,
    phone: str,
    status: Status,
    submission_id: SubmissionId,
    problems: Sequence[Problem],
    questions: Mapping[str, str],
    office_hours: str,
    village: str,
) -> str:
    """
    Return a wa.me link with ticket, status and what to do; no name and no answer in it.

    phone:     digits with country code; "" or a landline: ""
    status:    one that has nothing to tell: ""
    questions: field name to header as it stands in the sheet
    Format: faq.whatsapp.com, "How to use click to chat".
    """
    if not phone or status.value not in words()["notice"]["message"]:
        return ""
    if phone.startswith(_HOME) and not phone.startswith(_MOBILE):
        return ""
    message: str = words()["notice"]["message"][status.value]
    told = message.format(office_hours=office_hours, problems=_problems(problems, questions))
    text = word("notice", "greeting", id=submission_id, message=told, village=village)
    return f"https://wa.me/{phone}?text={quote(text, safe='')}"


def _problems(problems: Sequence[Problem], questions: Mapping[str, str]) -> str:
    shown = [problem_text(problem, questions) for problem in problems[:_PROBLEMS_SHOWN]]
    if rest := len(problems) - len(shown):
        shown.append(word("notice", "more", count=rest))
    return " ".join(shown)
