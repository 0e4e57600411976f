"""Files that came with an answer."""

from __future__ import annotations

import base64
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qs

from sync.sandbox.drive.model import File
from sync.sandbox.ids import new_file_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from sync.sandbox.forms.model import Form
    from sync.sandbox.forms.questions import Question

#: field, file name, MIME type, content in base64
Upload: TypeAlias = "Sequence[str]"


def posted(body: bytes, content_type: str) -> tuple[dict[str, list[str]], list[Upload]]:
    """Return the fields and the files of a form that a browser sent (HTML, section 4.10.21)."""
    if not content_type.startswith("multipart/form-data"):
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True), []
    fields: dict[str, list[str]] = {}
    files: list[Upload] = []
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = str(part.get_param("name", "", "content-disposition"))
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        filename = part.get_filename()
        if filename:
            encoded = base64.b64encode(content).decode()
            files.append((name, filename, part.get_content_type(), encoded))
        elif filename is None:
            fields.setdefault(name, []).append(content.decode("utf-8", "replace"))
    return fields, files


def uploaded(
    form: Form, uploads: Sequence[Upload], *, owner: str, now: datetime, random: Random
) -> Iterator[tuple[str, File]]:
    """Yield the field and the new Drive file of each upload that answers a file question."""
    questions = {question.entry: question for question in form.questions}
    for entry, name, mime_type, content in uploads:
        question: Question | None = questions.get(entry)
        if question is not None and question.kind == "file":
            yield (
                entry,
                File(
                    file_id=new_file_id(random),
                    name=name,
                    mime_type=mime_type,
                    owner=owner,
                    created=now,
                    content=base64.b64decode(content),
                    parent=question.details.folder_id,
                ),
            )
