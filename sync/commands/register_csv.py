"""The register as CSV: ours out and in, and the village's book of letters (Buku Agenda) out."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sync.errors import UserError
from sync.fields.dates import day_in_text
from sync.model import LineState, ProblemCode, RegisterLine
from sync.run.register import remark
from sync.text import folded, reason_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

_COLUMNS = (
    "register",
    "year",
    "sequence",
    "letter_number",
    "date",
    "state",
    "submission_id",
    "revision",
    "reason",
)
#: what a paper register's columns are called; the register tab's headers are among them
_ALSO_CALLED = {
    "no urut": "sequence",
    "nomor urut": "sequence",
    "no": "sequence",
    "nomor surat": "letter_number",
    "tanggal surat": "date",
    "tanggal": "date",
    "jenis surat": "title",
    "nama pemohon": "applicant",
    "nama": "applicant",
    "ditujukan kepada": "applicant",
    "isi singkat": "summary",
    "perihal": "summary",
    "id permohonan": "submission_id",
    "revisi": "revision",
    "keterangan": "reason",
    "ket": "reason",
    "tahun": "year",
}
_NEEDED = ("sequence", "letter_number", "date")
_AGENDA = (
    "Nomor Urut",
    "Tanggal Penerimaan/Pengiriman",
    "Surat Masuk: Nomor",
    "Surat Masuk: Tanggal",
    "Surat Masuk: Pengirim",
    "Surat Masuk: Isi Singkat",
    "Surat Keluar: Nomor",
    "Surat Keluar: Tanggal",
    "Surat Keluar: Ditujukan Kepada",
    "Surat Keluar: Isi Singkat",
    "Ket.",
)  #: Permendagri 47/2016, book A.7
#: what may make a cell a formula, fullwidth too (OWASP, “CSV Injection”)
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_GUARDED = re.compile(rf"'(?:'|{_FORMULA.pattern})")
_VOID = re.compile(r"(?:batal|dibatalkan)\b[:.\s]*", re.IGNORECASE)
_MOST_SHOWN = 20


def written(facts: Sequence[Mapping[str, Any]]) -> str:
    """Return what `register list` tells, a line each, with a header."""
    return _table([_COLUMNS, *([str(fact[name]) for name in _COLUMNS] for fact in facts)])


def agenda(lines: Iterable[RegisterLine]) -> str:
    """Return the outgoing half of the book; its incoming half is empty."""
    rows = [
        (
            str(line.sequence),
            line.issued_on.strftime("%d-%m-%Y"),
            *("",) * 4,
            line.letter_number,
            line.issued_on.strftime("%d-%m-%Y"),
            line.applicant,
            line.summary,
            remark(line),
        )
        for line in lines
    ]
    return _table([_AGENDA, *rows])


def read(path: Path, *, register: str, today: date) -> tuple[RegisterLine, ...]:
    """Return the lines of a CSV file, see `parsed`; raises `UserError` naming the file."""
    try:
        return parsed(_text(path), register=register, today=today)
    except UserError as error:
        raise UserError(f"{path}: {error}", error.problems) from None


def parsed(text: str, *, register: str, today: date) -> tuple[RegisterLine, ...]:
    """
    Return the lines of a table by year and sequence: reserved, or void.

    The table is one that `written` made, or a paper register typed into a table: its header
    names at least number, letter number and date, in English or Indonesian. Commas,
    semicolons and tabs divide.

    Raises `UserError` with every problem, each with its line of the file.
    """
    rows = _Rows(text, register, today)
    lines = sorted(rows.lines(), key=attrgetter("year", "sequence"))
    problems = [*rows.problems, *_gaps(lines)]
    if not lines and not problems:
        problems = ["it holds no number"]
    if problems:
        more = len(problems) - _MOST_SHOWN
        shown = problems[:_MOST_SHOWN] + ([f"and {more} more"] if more > 0 else [])
        raise UserError("nothing was taken over", shown)
    return tuple(lines)


class _Rows:
    """A file's rows; what is wrong with them is collected."""

    def __init__(self, text: str, register: str, today: date) -> None:
        self._text, self._register, self._today = text, register, today
        self._numbers: dict[str, int] = {}
        self.problems: list[str] = []

    def lines(self) -> Iterator[RegisterLine]:
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=_delimiter(self._text))
        names = [_column_name(header) for header in next(reader, [])]
        missing = [name for name in _NEEDED if name not in names]
        if missing:
            self.problems.append(
                f"line 1: no column {', '.join(missing)} (in a paper register: No. Urut, Nomor"
                " Surat, Tanggal Surat)"
            )
            return
        for cells in reader:
            found = zip(names, cells, strict=False)
            fields = dict.fromkeys(names, "") | {n: _unguarded(cell.strip()) for n, cell in found}
            if any(map(str.strip, cells)):
                try:
                    yield self._line(fields, reader.line_num)
                except ValueError as error:
                    self.problems.append(f"line {reader.line_num}: {error}")

    def _line(self, fields: Mapping[str, str], line_number: int) -> RegisterLine:
        number = fields["letter_number"]
        if not number:
            raise ValueError("no letter number")
        if number in self._numbers:
            raise ValueError(f"{number} stands in line {self._numbers[number]} already")
        self._numbers[number] = line_number
        if fields.get("submission_id"):
            raise ValueError(
                f"{number} is a letter of surat-sync: put its ledger back instead of importing it"
            )
        named = fields.get("register", "")
        if named and folded(named) != folded(self._register):
            raise ValueError(f"{number} is of register {named!r}, not {self._register!r}")
        issued_on = self._day(fields["date"])
        state, reason = _state(fields)
        return RegisterLine(
            register=self._register,
            year=_year(fields.get("year", ""), issued_on),
            sequence=_whole("sequence", fields["sequence"]),
            letter_number=number,
            issued_on=issued_on,
            state=state,
            title=fields.get("title", ""),
            submission_id=None,
            applicant=fields.get("applicant", ""),
            summary=fields.get("summary", ""),
            revision=_whole("revision", fields.get("revision") or "0", least=0),
            reason=reason_text(reason),
            line_hash="",
        )

    def _day(self, text: str) -> date:
        found = day_in_text(text, today=self._today)
        if isinstance(found, ProblemCode):
            raise ValueError(f"{text!r} is no date; write 24-11-2026")  # noqa: TRY004
        if found > self._today:
            raise ValueError(f"{text} is not yet")
        return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError:
        raise UserError(
            f"{path} is no text: save the table as CSV (UTF-8), then try again"
        ) from None


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)


def _column_name(header: str) -> str:
    return _names().get(folded(header), "")


@cache
def _names() -> Mapping[str, str]:
    own = {name: name for name in (*_COLUMNS, "title", "applicant", "summary")}
    return {folded(called): name for called, name in (_ALSO_CALLED | own).items()}


def _state(fields: Mapping[str, str]) -> tuple[LineState, str]:
    """Return what became of the number, and why; a paper register tells by its remark."""
    said, reason = fields.get("state", "").lower(), fields.get("reason", "")
    if not said:
        void = _VOID.match(reason)
        return (LineState.VOID, reason[void.end() :]) if void else (LineState.RESERVED, reason)
    if said not in {LineState.RESERVED.value, LineState.VOID.value}:
        raise ValueError(f"state {said!r}: must be reserved or void")
    return LineState(said), reason


def _year(text: str, issued_on: date) -> int:
    year = _whole("year", text) if text else issued_on.year
    if year != issued_on.year:
        raise ValueError(f"year {year}, but the date is {issued_on}")
    return year


def _whole(name: str, text: str, *, least: int = 1) -> int:
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) < least:
        raise ValueError(f"{name} {text!r} is no number from {least} on")
    return int(text)


def _gaps(lines: Sequence[RegisterLine]) -> Iterator[str]:
    """Yield each place where a year's sequence does not go on by one."""
    for position, (year, of_year) in enumerate(groupby(lines, attrgetter("year"))):
        sequences = [line.sequence for line in of_year]
        if position and sequences[0] != 1:
            yield f"{year} begins with {sequences[0]}, not with 1"
        for before, after in pairwise(sequences):
            if after == before:
                yield f"{year}: number {after} stands there twice"
            elif after != before + 1:
                yield f"{year}: {before} is followed by {after}, numbers between them are missing"


def _table(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [_guarded(cell) for cell in row] for row in rows
    )
    return out.getvalue()


def _guarded(cell: str) -> str:
    """Return *cell* so that a spreadsheet does not take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) or _GUARDED.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell
