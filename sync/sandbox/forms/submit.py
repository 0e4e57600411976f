"""
What Google Forms does with an answer.

A response is a row *inserted* below the form's last one; the form finds its columns
again however they were moved or renamed, and it sanitises nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sync.sandbox.forms.response_table import grow_response_table
from sync.sandbox.reply import Refused, bad_request
from sync.sandbox.sheets.cells import Value, number
from sync.sandbox.sheets.serials import date_serial, serial

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from sync.sandbox.forms.model import Form, Question
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book, Sheet
    from sync.sandbox.state import State

OTHER = "__other_option__"
TIMESTAMP = "timestamp"
_TIMESTAMP_PATTERNS = {"en_US": "M/d/yyyy H:mm:ss", "in_ID": "dd/MM/yyyy H:mm:ss"}
_DATE_PATTERNS = {"en_US": "M/d/yyyy", "in_ID": "dd/MM/yyyy"}


def submit(
    state: State, form_id: str, fields: Mapping[str, list[str]], *, now: datetime, random: Random
) -> str:
    """
    Write an answer into the form's sheet, and return its response id.

    fields: `entry.<id>` to what was sent, ids in decimal as on Google's pages or in
            hexadecimal as in the API

    Raises `Refused` (400) naming the required questions that were left out.
    """
    form = state.form(form_id)
    answers = {question.question_id: _answer(question, fields) for question in form.questions}
    missing = [q.title for q in form.questions if q.required and not answers[q.question_id]]
    if missing:
        raise bad_request(f"Pertanyaan wajib belum diisi: {', '.join(missing)}")
    book = state.book(form.spreadsheet_id).draft()
    sheet = _sheet(book, form)
    _write(book, sheet, form, answers, now=now, switches=state.switches)
    state.spreadsheets[book.spreadsheet_id] = book
    response_id = random.randbytes(24).hex()
    response = _response(form, response_id, answers, now)
    state.forms[form_id] = replace(form, responses=(*form.responses, response))
    return response_id


def link(sheet: Sheet, form: Form) -> None:
    """Make *sheet* the form's: its headers in row 1, frozen, as Google does."""
    for column, key in enumerate([TIMESTAMP, *(q.question_id for q in form.questions)]):
        title = form.timestamp_header if key == TIMESTAMP else form.questions[column - 1].title
        sheet.put(0, column, title)
        sheet.set_column_properties(column, {"question": key})
    sheet.grid = {"frozenRowCount": 1}


def _answer(question: Question, fields: Mapping[str, list[str]]) -> list[str]:
    names = (question.entry, f"entry.{question.question_id}")
    found = [text for name in names for text in fields.get(name, ())]
    if question.kind == "date" and not found:
        found = _date_parts(names, fields)
    for name in names:
        others = fields.get(f"{name}.other_option_response", [""])
        found = [others[0] if text == OTHER else text for text in found]
    return [text for text in found if text != ""]


def _date_parts(names: tuple[str, ...], fields: Mapping[str, list[str]]) -> list[str]:
    for name in names:
        parts = [fields.get(f"{name}_{part}", [""])[0] for part in ("year", "month", "day")]
        if all(parts):
            year, month, day = parts
            return [f"{year:0>4}-{month:0>2}-{day:0>2}"]
    return []


def _sheet(book: Book, form: Form) -> Sheet:
    for sheet in book.sheets:
        if sheet.sheet_id == form.sheet_id:
            return sheet
    raise Refused(404, "The form's response sheet was deleted.")


def _write(
    book: Book,
    sheet: Sheet,
    form: Form,
    answers: Mapping[str, list[str]],
    *,
    now: datetime,
    switches: Mapping[str, str],
) -> None:
    last = _last_response(sheet)
    at = last + 1
    sheet.insert_rows(at, 1, inherit=_model(sheet, last, switches))
    row = sheet.row_to_change(at)
    row.from_form = True
    local = now.astimezone(book.zone)
    if switches["timestamp_precision"] == "seconds":
        local = local.replace(microsecond=0)
    stamp = {"type": "DATE_TIME", "pattern": _pattern(_TIMESTAMP_PATTERNS, book)}
    _put(sheet, at, _column(sheet, form, TIMESTAMP), number(serial(local)), stamp)
    for question in form.questions:
        value, pattern = _cell(question, answers[question.question_id], book, switches)
        _put(sheet, at, _column(sheet, form, question.question_id), value, pattern)
    grow_response_table(sheet, at)


def _model(sheet: Sheet, last: int, switches: Mapping[str, str]) -> int | None:
    """Return the row whose formats a new answer takes over: never the header's."""
    if switches["inserted_row_format"] == "none":
        return None
    model = last or 1
    return model if model < len(sheet.rows) else None


def _last_response(sheet: Sheet) -> int:
    for row in range(len(sheet.rows) - 1, 0, -1):
        if sheet.rows[row].from_form:
            return row
    return 0


def _column(sheet: Sheet, form: Form, key: str) -> int:
    for column, properties in enumerate(sheet.columns):
        if properties.get("question") == key:
            return column
    return _new_column(sheet, form, key)


def _new_column(sheet: Sheet, form: Form, key: str) -> int:
    """Give a question without a column one, right of the form's last."""
    own = [at for at, properties in enumerate(sheet.columns) if "question" in properties]
    column = max(own, default=-1) + 1
    sheet.insert_columns(column, 1)
    titles = {question.question_id: question.title for question in form.questions}
    sheet.put(0, column, titles.get(key, form.timestamp_header))
    sheet.set_column_properties(column, {"question": key})
    return column


def _put(sheet: Sheet, row: int, column: int, value: Value, pattern: Json | None) -> None:
    sheet.put(row, column, value)
    if pattern is not None and value is not None:
        extra = sheet.attached(row, column)
        look = extra.get("userEnteredFormat", {}) | {"numberFormat": pattern}
        sheet.put_extra(row, column, extra | {"userEnteredFormat": look})


def _cell(
    question: Question, answer: list[str], book: Book, switches: Mapping[str, str]
) -> tuple[Value, Json | None]:
    if not answer:
        return None, None
    text = ", ".join(answer)
    if question.kind == "date" and (day := _day(text)) is not None:
        return date_serial(day), {"type": "DATE", "pattern": _pattern(_DATE_PATTERNS, book)}
    if question.kind == "time" and (clock := _clock(text)) is not None:
        return clock, {"type": "TIME", "pattern": "H:mm:ss"}
    if switches["digit_answers"] == "number" and text.isdecimal() and text.isascii():
        return number(float(f"{float(text):.15g}")), None
    return text, None


def _pattern(patterns: Mapping[str, str], book: Book) -> str:
    return patterns.get(book.locale, patterns["en_US"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clock(text: str) -> float | None:
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        return None
    return (clock.hour * 60 + clock.minute) / 1440


def _response(
    form: Form, response_id: str, answers: Mapping[str, list[str]], now: datetime
) -> dict[str, Any]:
    stamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    given = {
        question.question_id: {
            "questionId": question.question_id,
            "textAnswers": {"answers": [{"value": v} for v in answers[question.question_id]]},
        }
        for question in form.questions
        if answers[question.question_id]
    }
    return {
        "responseId": response_id,
        "createTime": stamp,
        "lastSubmittedTime": stamp,
        "answers": given,
    }
