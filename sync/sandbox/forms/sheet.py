"""
The tab that a form writes into: its columns, and what a response's row says.

The form finds its columns again however they were moved or renamed, and it sanitises
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sync.sandbox.forms.response_table import grow_response_table
from sync.sandbox.sheets.cells import Value, number
from sync.sandbox.sheets.serials import date_serial, serial
from sync.sandbox.sheets.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sync.sandbox.forms.model import Form, Response
    from sync.sandbox.forms.questions import Question
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.state import State

TIMESTAMP = "timestamp"
EMAIL = "email"
KEY = "question"  #: of a column's properties: what the form writes there
_ROWS = 1000
_TIMESTAMP_PATTERNS = {"en_US": "M/d/yyyy H:mm:ss", "in_ID": "dd/MM/yyyy H:mm:ss"}
_DATE_PATTERNS = {"en_US": "M/d/yyyy", "in_ID": "dd/MM/yyyy"}


@dataclass(frozen=True, slots=True)
class Tab:
    """A draft of the form's spreadsheet, to be written into and kept."""

    book: Book
    sheet: Sheet
    form: Form
    switches: Mapping[str, str]

    def keep(self, state: State, now: datetime) -> None:
        """Make the draft the spreadsheet."""
        spreadsheet_id = self.book.spreadsheet_id
        state.spreadsheets[spreadsheet_id] = self.book
        state.files[spreadsheet_id].edited(now)
        state.changed(spreadsheet_id, now)


def opened(state: State, form: Form) -> Tab | None:
    """Return the tab that the form is linked to; None without one, also when it was deleted."""
    linked = state.spreadsheets.get(form.spreadsheet_id)
    if linked is None:
        return None
    book = linked.draft()
    found = (sheet for sheet in book.sheets if sheet.sheet_id == form.sheet_id)
    sheet = next(found, None)
    return Tab(book, sheet, form, state.switches) if sheet else None


def new_response_sheet(form: Form, book: Book) -> Sheet:
    """Return a new first tab of *book* with the form's headers in row 1, frozen."""
    number = 1
    while book.sheet_titled(f"{form.words.tab} {number}") is not None:
        number += 1
    headers = list(_headers(form))
    sheet = Sheet(form.sheet_id, f"{form.words.tab} {number}", _ROWS, len(headers))
    book.add_sheet(sheet, 0)
    for column, (key, title) in enumerate(headers):
        sheet.put(0, column, title)
        sheet.set_column_properties(column, {KEY: key})
    sheet.grid = {"frozenRowCount": 1}
    return sheet


def unlink(sheet: Sheet) -> None:
    """Leave *sheet* as it is, but no longer the form's."""
    for column in form_columns(sheet):
        kept = {name: part for name, part in sheet.columns[column].items() if name != KEY}
        sheet.set_column_properties(column, kept)
    for at, row in enumerate(sheet.rows):
        if row.from_form:
            line = sheet.row_to_change(at)
            line.from_form, line.response_id = False, ""


def form_columns(sheet: Sheet) -> list[int]:
    """Return the columns that the form writes into, or once did."""
    return [at for at, properties in enumerate(sheet.columns) if KEY in properties]


def column_of(sheet: Sheet, key: str) -> int | None:
    """Return the column of a question id, `TIMESTAMP` or `EMAIL`; None without one."""
    for column, properties in enumerate(sheet.columns):
        if properties.get(KEY) == key:
            return column
    return None


def add_column(tab: Tab, key: str) -> int:
    """
    Give a question a column, and return it.

    By the switch `new_question_column` behind the form's last, pushing others to the right,
    or right of everything.
    """
    sheet, placing = tab.sheet, tab.switches["new_question_column"]
    column = max(form_columns(sheet), default=-1) + 1
    if placing == "right":
        column = max(column, sheet.filled_width())
    if placing == "after_form" or column >= sheet.column_count:
        sheet.insert_columns(column, 1)
    sheet.put(0, column, dict(_headers(tab.form))[key])
    sheet.set_column_properties(column, {KEY: key})
    return column


def insert_response(tab: Tab, response: Response) -> None:
    """Write *response* into a row inserted below the form's last one."""
    last = _last_response(tab.sheet)
    tab.sheet.insert_rows(last + 1, 1, inherit=_model(tab, last))
    row = tab.sheet.row_to_change(last + 1)
    row.from_form, row.response_id = True, response.response_id
    _write(tab, response, last + 1)
    grow_response_table(tab.sheet, last + 1)


def rewrite_response(tab: Tab, response: Response) -> None:
    """Write an edited *response* over its row; one whose row was deleted gets a new one."""
    for at, row in enumerate(tab.sheet.rows):
        if row.response_id == response.response_id:
            _write(tab, response, at)
            return
    insert_response(tab, response)


def _headers(form: Form) -> Iterator[tuple[str, str]]:
    yield TIMESTAMP, form.words.timestamp
    if form.collects_email:
        yield EMAIL, form.words.email
    for question in form.questions:
        yield question.question_id, question.title


def _write(tab: Tab, response: Response, at: int) -> None:
    for key, (value, pattern) in _cells(tab, response):
        column = column_of(tab.sheet, key)
        if column is None:
            column = add_column(tab, key)
        _put(tab.sheet, at, column, value, pattern)


def _cells(tab: Tab, response: Response) -> Iterator[tuple[str, tuple[Value, Json | None]]]:
    """Yield what the form writes: by whom it is for, the value and its number format."""
    form, switches = tab.form, tab.switches
    moment = response.created if switches["edited_timestamp"] == "kept" else response.submitted
    local = moment.astimezone(tab.book.zone)
    if switches["timestamp_precision"] == "seconds":
        local = local.replace(microsecond=0)
    stamp = {"type": "DATE_TIME", "pattern": _pattern(_TIMESTAMP_PATTERNS, tab.book)}
    yield TIMESTAMP, (number(serial(local)), stamp)
    if form.collects_email:
        yield EMAIL, (response.email, None)
    for question in form.questions:
        texts = response.answers.get(question.question_id, ())
        yield question.question_id, _cell(question, texts, tab.book, switches)


def _model(tab: Tab, last: int) -> int | None:
    """Return the row whose formats a new answer takes over: never the header's."""
    if tab.switches["inserted_row_format"] == "none":
        return None
    model = last or 1
    return model if model < len(tab.sheet.rows) else None


def _last_response(sheet: Sheet) -> int:
    for row in range(len(sheet.rows) - 1, 0, -1):
        if sheet.rows[row].from_form:
            return row
    return 0


def _put(sheet: Sheet, row: int, column: int, value: Value, pattern: Json | None) -> None:
    sheet.put(row, column, value)
    if pattern is not None and value is not None:
        extra = sheet.attached(row, column)
        look = extra.get("userEnteredFormat", {}) | {"numberFormat": pattern}
        sheet.put_extra(row, column, extra | {"userEnteredFormat": look})


def _cell(
    question: Question, answer: tuple[str, ...], book: Book, switches: Mapping[str, str]
) -> tuple[Value, Json | None]:
    if not answer:
        return None, None
    text = ", ".join(answer)
    match question.kind:
        case "date":
            return _date_cell(question, text, book)
        case "time":
            return _time_cell(question, text)
        case "scale" | "rating" if text.isdecimal() and text.isascii():
            return int(text), None
    if switches["digit_answers"] == "number" and text.isdecimal() and text.isascii():
        return number(float(f"{float(text):.15g}")), None
    return text, None


def _date_cell(question: Question, text: str, book: Book) -> tuple[Value, Json | None]:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:  # a date without a year stays text
        return text, None
    if question.details.with_time:
        pattern = _pattern(_TIMESTAMP_PATTERNS, book)
        return number(serial(moment)), {"type": "DATE_TIME", "pattern": pattern}
    day = date(moment.year, moment.month, moment.day)
    return date_serial(day), {"type": "DATE", "pattern": _pattern(_DATE_PATTERNS, book)}


def _time_cell(question: Question, text: str) -> tuple[Value, Json | None]:
    if question.details.duration:
        parts = text.split(":")
        if not all(part.isdecimal() for part in parts) or len(parts) != len(("h", "m", "s")):
            return text, None
        hours, minutes, seconds = map(int, parts)
        value = number((hours * 3600 + minutes * 60 + seconds) / 86_400)
        return value, {"type": "TIME", "pattern": "[h]:mm:ss"}
    try:
        clock = time.fromisoformat(text)
    except ValueError:
        return text, None
    value = (clock.hour * 3600 + clock.minute * 60 + clock.second) / 86_400
    return value, {"type": "TIME", "pattern": "H:mm:ss"}


def _pattern(patterns: Mapping[str, str], book: Book) -> str:
    return patterns.get(book.locale, patterns["en_US"])
