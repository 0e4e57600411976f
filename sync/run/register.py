"""
The register tab: the office's own list of numbered letters, kept in the spreadsheet.

Row 1 is the header; sequence N stands in row N + 2 - first, so a gap is visible and writing
a line twice changes nothing. The last column holds a keyed code, by which a line can be told
from something typed, and a lost ledger be rebuilt.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.google.interface import Line
from sync.identity import cell_text
from sync.model import LineState
from sync.text import (
    REGISTER_HANDWRITTEN,
    REGISTER_HEADER,
    long_date,
    register_revised,
    register_void,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sync.identity import Digest
    from sync.model import Cell, Letter, NumberSpec, RegisterLine


_HALF = 10  #: digits of a line's code that are about one thing
_ANY = "x"  #: stands for any reason
_PERSONAL = {4, 5}  #: columns of the applicant's name and purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterTab:
    """One year of a register, as the spreadsheet shows it."""

    register: str
    year: int
    gid: int
    first: int  #: the sequence in row 2
    row_count: int  #: of the tab, filled or not; 0 when it is missing
    rows: Sequence[Sequence[Cell]]  #: as read, header first; empty when the tab is missing
    column_count: int = 0  #: of the tab, filled or not

    @property
    def title(self) -> str:
        """The tab's title when we make it."""
        return f"Register {self.register} {self.year}"

    @property
    def missing(self) -> bool:
        """Tell whether the tab must be made."""
        return not self.row_count

    @property
    def too_narrow(self) -> bool:
        """Tell whether somebody deleted a column."""
        return 0 < self.column_count < len(REGISTER_HEADER)

    def row_number(self, sequence: int) -> int:
        """Return where *sequence* stands."""
        return sequence + 2 - self.first


def due_lines(tab: RegisterTab, lines: Iterable[RegisterLine], digest: Digest) -> tuple[Line, ...]:
    """Return the lines, header included, that the tab does not show as they should be."""
    wanted = [(tab.row_number(line.sequence), line_texts(line, digest)) for line in lines]
    if wanted and not tab.missing:
        wanted.insert(0, (1, REGISTER_HEADER))
    return tuple(
        Line(gid=tab.gid, row_number=row_number, texts=texts)
        for row_number, texts in wanted
        if _shown(tab, row_number) != texts
    )


def line_texts(line: RegisterLine, digest: Digest) -> tuple[str, ...]:
    """Return the tab's cells for *line*, in the order of the header."""
    texts = (
        str(line.sequence),
        line.letter_number,
        long_date(line.issued_on),
        line.title,
        line.applicant,
        line.summary,
        line.submission_id or "",
        str(line.revision) if line.revision else "",
        remark(line),
    )
    return (*texts, line_code(line.register, line.year, texts, digest))


def line_code(register: str, year: int, texts: Sequence[str], digest: Digest) -> str:
    """
    Return the code that proves a line to be ours, 20 hexadecimal digits.

    The first half proves that the number was given, the second that the rest of the line is
    as it was written. Neither holds the applicant's name and purpose: a purge empties them.
    """
    number = _number_code(register, year, texts, digest)
    rest = [cell_text(text) for at, text in enumerate(texts) if at not in _PERSONAL]
    return number + digest("register-line", json.dumps([register, year, *rest]))[:_HALF]


def _number_code(register: str, year: int, texts: Sequence[str], digest: Digest) -> str:
    return digest("register-line", "\n".join([register, str(year), *texts[:2]]))[:_HALF]


def high_water(tab: RegisterTab, digest: Digest) -> int:
    """Return the largest sequence that a line with a true code shows; 0 when there is none."""
    found = 0
    for texts in tab_texts(tab):
        if re.fullmatch("[0-9]{1,9}", texts[0]):
            code = _number_code(tab.register, tab.year, texts, digest)
            if texts[-1][:_HALF] == code:
                found = max(found, int(texts[0]))
    return found


def foreign_line(
    tab: RegisterTab, lines: Iterable[RegisterLine], digest: Digest
) -> tuple[str, ...] | None:
    """Return a line of the tab that is ours by its code, and not what the ledger has there."""
    known = {str(line.sequence): line for line in lines if line.year == tab.year}
    for texts in tab_texts(tab):
        line = known.get(texts[0])
        same = line and (line.letter_number, line.submission_id or "") == (texts[1], texts[6])
        if line and not same and texts[-1] == line_code(tab.register, tab.year, texts[:-1], digest):
            return texts
    return None


def tab_texts(tab: RegisterTab) -> Iterator[tuple[str, ...]]:
    """Yield the texts of each line of the tab, one for each header, "" where nothing stands."""
    width = len(REGISTER_HEADER)
    for row in tab.rows[1:]:
        texts = [cell_text(cell) for cell in row[:width]]
        yield (*texts, *[""] * (width - len(texts)))


def sequence_of(spec: NumberSpec, village_code: str, text: str) -> tuple[int, int] | None:
    """Return the year and sequence of a letter number in the service's format; else None."""
    found = re.fullmatch(_number_pattern(spec, village_code), text)
    return (int(found["year"]), int(found["sequence"])) if found else None


def _number_pattern(spec: NumberSpec, village_code: str) -> str:
    gaps = {
        "code": re.escape(spec.code),
        "village_code": re.escape(village_code),
        "year": r"(?P<year>[0-9]{4})",
        "month": r"[0-9]{1,2}",
        "month_roman": r"[IVX]+",
        "sequence": r"(?P<sequence>[0-9]{1,9})",
    }
    pattern = ""
    for position, part in enumerate(re.split(r"\{(\w+)(?::\w+)?\}", spec.format)):
        piece = gaps.get(part, ".*") if position % 2 else re.escape(part)
        pattern += f"(?P={part})" if piece.startswith("(") and piece in pattern else piece
    return pattern


def _shown(tab: RegisterTab, row_number: int) -> tuple[str, ...]:
    row = tab.rows[row_number - 1] if row_number <= len(tab.rows) else ()
    ours = row[: len(REGISTER_HEADER)]
    texts = tuple("" if cell is None else str(cell) for cell in ours)
    return texts + ("",) * (len(REGISTER_HEADER) - len(texts))


def state_of(remark: str, submission_id: str) -> tuple[LineState, str]:
    """Return state and reason of a line by its remark: what `remark` has made of them."""
    before, _, after = register_void(_ANY).partition(_ANY)
    if remark == register_void(""):
        return LineState.VOID, ""
    if remark.startswith(before) and remark.endswith(after):
        return LineState.VOID, remark.removeprefix(before).removesuffix(after)
    if submission_id:
        return LineState.ISSUED, remark
    return LineState.RESERVED, "" if remark == REGISTER_HANDWRITTEN else remark


def revised_remark(letter: Letter, reason: str) -> str:
    """Return what the register says of a letter that is issued again: who, when, why."""
    return register_revised(
        revision=letter.revision,
        on=letter.issued_on,
        signer=letter.signer.name,
        reason=reason,
    )


def remark(line: RegisterLine) -> str:
    """Return what the register says beside a line: void, issued again, or written by hand; why."""
    match line.state:
        case LineState.VOID:
            return register_void(line.reason)
        case LineState.RESERVED:
            return line.reason or REGISTER_HANDWRITTEN
        case LineState.ISSUED:
            return line.reason
