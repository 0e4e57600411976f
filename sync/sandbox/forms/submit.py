"""
What Google Forms does with an answer: it becomes a response, and a row of the sheet.

An edited response keeps its id and its first time; its row is written again.
"""

from __future__ import annotations

import base64
from collections import ChainMap
from dataclasses import replace
from typing import TYPE_CHECKING

from sync.sandbox.forms.answers import answers_from
from sync.sandbox.forms.model import Response
from sync.sandbox.forms.sheet import insert_response, opened, rewrite_response
from sync.sandbox.forms.uploads import uploaded
from sync.sandbox.reply import bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from random import Random

    from sync.sandbox.drive.model import File
    from sync.sandbox.forms.answers import Answers
    from sync.sandbox.forms.uploads import Upload
    from sync.sandbox.state import State

_ID_BYTES = 49  #: of a response id, as Google's are long


def submit(
    state: State,
    form_id: str,
    fields: Mapping[str, list[str]],
    uploads: Sequence[Upload] = (),
    *,
    now: datetime,
    random: Random,
) -> str:
    """
    Keep an answer, write it into the form's sheet, and return its response id.

    A form whose sheet was deleted goes on taking answers.

    fields:  what the form's page sends, see `answers_from`; `edit2` for an edited response
    uploads: files of file questions, see `uploads`

    Raises `Refused`: 400 naming the required questions that were left out, or when the form
    takes no answers; 404 for an edit link that is for nothing.
    """
    form = state.form(form_id)
    if not form.accepting:
        raise bad_request(f"Formulir {form.title} tidak menerima jawaban lagi.")
    edit_key = fields.get("edit2", [""])[0]
    old = form.editable_response(edit_key) if edit_key and form.editable else None
    owner = state.files[form_id].owner
    files = list(uploaded(form, uploads, owner=owner, now=now, random=random))
    drive = ChainMap({file.file_id: file for _, file in files}, state.files)
    answers = answers_from(drive, form, _with_files(fields, files))
    if old is None:
        response = _new_response(answers, now, random)
    else:
        response = replace(
            old, submitted=now, answers=answers.texts, files=answers.files, email=answers.email
        )
    tab = opened(state, form)
    if tab is not None:
        write = rewrite_response if old else insert_response
        write(tab, response)
        tab.keep(state, now)
    for _, file in files:
        state.add_file(file, now)
    state.forms[form_id] = form.with_edited(response) if old else form.with_new(response)
    return response.response_id


def _with_files(
    fields: Mapping[str, list[str]], files: list[tuple[str, File]]
) -> dict[str, list[str]]:
    found = {name: list(texts) for name, texts in fields.items()}
    for entry, file in files:
        found.setdefault(entry, []).append(file.file_id)
    return found


def _new_response(answers: Answers, now: datetime, random: Random) -> Response:
    name = base64.urlsafe_b64encode(random.randbytes(_ID_BYTES)).decode().rstrip("=")
    return Response(
        response_id=f"ACYDBN{name}",
        created=now,
        submitted=now,
        answers=answers.texts,
        files=answers.files,
        email=answers.email,
    )
