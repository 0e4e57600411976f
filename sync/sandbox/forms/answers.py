"""What a browser sent, as answers to the form's questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.sandbox.drive.model import File
    from sync.sandbox.forms.model import Form
    from sync.sandbox.forms.questions import Question
    from sync.sandbox.reply import Json

OTHER = "__other_option__"
EMAIL = "emailAddress"
_OPEN = "https://drive.google.com/open?id="


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Texts and uploaded files by question id, without those that were left out."""

    texts: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[Json, ...]]
    email: str


def answers_from(drive: Mapping[str, File], form: Form, fields: Mapping[str, list[str]]) -> Answers:
    """
    Return the answers in a page's fields.

    drive:  every file by its id
    fields: `entry.<id>` to what was sent, ids in decimal as on Google's pages or in
            hexadecimal as in the API; of a file question, ids of Drive files

    Raises `Refused` (400) naming the required questions that were left out.
    """
    found = {question.question_id: _answer(question, fields) for question in form.questions}
    missing = [q.title for q in form.questions if q.required and not found[q.question_id]]
    email = fields.get(EMAIL, [""])[0].strip() if form.collects_email else ""
    if form.collects_email and not email:
        missing.insert(0, form.words.email)
    if missing:
        raise bad_request(f"Pertanyaan wajib belum diisi: {', '.join(missing)}")
    files = {
        question.question_id: tuple(_file(drive, text) for text in found[question.question_id])
        for question in form.questions
        if question.kind == "file" and found[question.question_id]
    }
    texts = {key: tuple(answer) for key, answer in found.items() if answer}
    texts |= {key: tuple(_OPEN + one["fileId"] for one in own) for key, own in files.items()}
    return Answers(texts=texts, files=files, email=email)


def _answer(question: Question, fields: Mapping[str, list[str]]) -> list[str]:
    names = (question.entry, f"entry.{question.question_id}")
    found = [text for name in names for text in fields.get(name, ())]
    if not found and question.kind in {"date", "time"}:
        found = list(_from_parts(question, names, fields))
    for name in names:
        others = fields.get(f"{name}.other_option_response", [""])
        found = [others[0] if text == OTHER else text for text in found]
    if question.kind == "date":
        found = [text.replace("T", " ") for text in found]  # so a browser sends date and time
    return [text for text in found if text != ""]


def _from_parts(
    question: Question, names: tuple[str, ...], fields: Mapping[str, list[str]]
) -> Iterator[str]:
    """Yield a date or time that came in fields of its own, as Google's page sends it."""
    own = question.details
    for name in names:
        day = _joined(name, ("year", "month", "day") if own.with_year else ("month", "day"), fields)
        clock = _joined(name, ("hour", "minute"), fields)
        seconds = _joined(name, ("second",), fields)
        if question.kind == "time" and clock:
            yield f"{clock}:{seconds or '00'}" if own.duration else clock
        elif question.kind == "date" and day:
            yield f"{day} {clock}" if own.with_time and clock else day


def _joined(name: str, parts: tuple[str, ...], fields: Mapping[str, list[str]]) -> str:
    texts = [fields.get(f"{name}_{part}", [""])[0].strip() for part in parts]
    if not all(texts):
        return ""
    padded = [
        text.zfill(4 if part == "year" else 2) for part, text in zip(parts, texts, strict=True)
    ]
    return (":" if "minute" in parts else "-").join(padded)


def _file(drive: Mapping[str, File], text: str) -> Json:
    """Return the API's FileUploadAnswer of the Drive file whose id is in *text*."""
    found = re.search(r"[\w-]{20,}", text)
    file = drive.get(found[0]) if found else None
    if file is None:
        raise bad_request(f"Berkas tidak ditemukan: {text}")
    return {"fileId": file.file_id, "fileName": file.name, "mimeType": file.mime_type}
