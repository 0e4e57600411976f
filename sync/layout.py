"""Where things stand in the sheet right now: columns by their headers, rows by their content."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.errors import LayoutError
from sync.model import Column, Row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.model import Cell, FieldSpec, Service

_MILLISECONDS_PER_DAY = 86_400_000
_WHAT_OURS_IS = "of surat-sync; `surat-sync setup` adds it, unless somebody renamed it"
_SERIAL_AS_TEXT = re.compile(r"[0-9]{5}\.[0-9]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of one reading; the numbers count from 0 and hold for that reading only."""

    width: int
    timestamp: int
    fields: Mapping[str, int]  #: field name; an optional question that is missing is left out
    columns: Mapping[Column, int]
    questions: Mapping[str, str]  #: field name to the header as it stands in the sheet
    headers: tuple[str, ...]

    def column_at(self, index: int) -> Column | None:
        """Return which of our columns or the staff's stands at *index*."""
        return next((column for column, at in self.columns.items() if at == index), None)


def read_layout(header: Sequence[Cell], service: Service) -> Layout:
    """
    Return where the service's columns stand.

    Headers match after folding case, spaces and punctuation. Raises `LayoutError` with
    one problem for each needed header that is missing or stands there twice.
    """
    headers = tuple(_text(cell) for cell in header)
    search = _Search(headers)
    timestamp = search.needed(service.timestamp, "when the form was sent")
    fields = {field.name: search.question(field) for field in service.fields}
    columns = {column: search.needed((title,), _WHAT_OURS_IS) for column, title in _ours(service)}
    if search.problems:
        message = f"The sheet of service {service.key!r} does not have the columns that it needs."
        raise LayoutError(message, search.problems)
    found = {name: index for name, index in fields.items() if index is not None}
    return Layout(
        width=len(headers),
        timestamp=timestamp,
        fields=found,
        columns=columns,
        questions=_questions(service, found, headers),
        headers=headers,
    )


def missing_columns(header: Sequence[Cell], service: Service) -> tuple[Column, ...]:
    """Return which of our columns and the staff's the sheet does not have yet."""
    present = {fold_header(_text(cell)) for cell in header}
    return tuple(c for c, title in _ours(service) if fold_header(title) not in present)


def missing_optional(layout: Layout, service: Service) -> tuple[FieldSpec, ...]:
    """Return the optional questions that the sheet does not have."""
    return tuple(field for field in service.fields if field.name not in layout.fields)


def read_rows(cells: Sequence[Sequence[Cell]], layout: Layout) -> tuple[Row, ...]:
    """
    Return every row below the header in which one of our, staff's or the form's cells is filled.

    cells: the tab's rows, header first.
    """
    rows = (_row(number, line, layout) for number, line in enumerate(cells[1:], start=2))
    return tuple(row for row in rows if row is not None)


def serial_of(cell: Cell) -> int | None:
    """
    Return a timestamp cell as milliseconds since 1899-12-30; None when it is no date serial.

    A serial that stands there as text is one too: so Google may give back a moved cell.
    """
    if isinstance(cell, str) and _SERIAL_AS_TEXT.fullmatch(cell):
        cell = float(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float) or cell <= 0:
        return None
    return round(cell * _MILLISECONDS_PER_DAY)


def has_answers(row: Row) -> bool:
    """Tell whether somebody asks for something in this row."""
    return row.serial is not None or any(map(_text, row.answers.values()))


def fold_header(text: str) -> str:
    """Return *text* without case, spaces and punctuation, for comparing headers."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).casefold())


def _ours(service: Service) -> list[tuple[Column, str]]:
    return list(service.columns.items())


def _questions(
    service: Service, found: Mapping[str, int], headers: tuple[str, ...]
) -> dict[str, str]:
    return {
        field.name: headers[found[field.name]] if field.name in found else field.question[0]
        for field in service.fields
    }


def _row(number: int, line: Sequence[Cell], layout: Layout) -> Row | None:
    def at(index: int) -> Cell:
        return line[index] if index < len(line) else None

    answers = {name: at(index) for name, index in layout.fields.items()}
    cells = {column: at(index) for column, index in layout.columns.items()}
    stamp = at(layout.timestamp)
    if not any(map(_text, (stamp, *answers.values(), *cells.values()))):
        return None
    return Row(row_number=number, serial=serial_of(stamp), answers=answers, cells=cells)


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())


class _Search:
    """Finds headers and collects what is wrong with them."""

    def __init__(self, headers: tuple[str, ...]) -> None:
        self.problems: list[str] = []
        self._headers = headers
        self._at: dict[str, list[int]] = {}
        for index, header in enumerate(headers):
            self._at.setdefault(fold_header(header), []).append(index)

    def needed(self, titles: Sequence[str], what: str) -> int:
        found = self._find(titles)
        if found is None:
            self.problems.append(f"no column {titles[0]!r} ({what}){self._hint(titles)}")
        return -1 if found is None else found

    def question(self, field: FieldSpec) -> int | None:
        found = self._find(field.question)
        if found is None and field.required:
            hint = self._hint(field.question)
            self.problems.append(f"no question {field.question[0]!r} (field {field.name}){hint}")
        return found

    def _find(self, titles: Sequence[str]) -> int | None:
        places = sorted({at for title in titles for at in self._at.get(fold_header(title), ())})
        if len(places) > 1:
            letters = ", ".join(column_letters(place) for place in places)
            self.problems.append(f"{titles[0]!r} stands in several columns: {letters}")
        return places[0] if places else None

    def _hint(self, titles: Sequence[str]) -> str:
        candidates = {fold_header(header): header for header in self._headers if header}
        near = (difflib.get_close_matches(fold_header(t), candidates, 1) for t in titles)
        found = next((candidates[match[0]] for match in near if match), None)
        return f"; did you mean {found!r}?" if found else ""


def column_letters(index: int) -> str:
    """Return the letters that Sheets shows over column *index*, from 0: A, B … AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
