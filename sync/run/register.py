"""
The register tab: the office's own list of numbered letters, kept in the spreadsheet.

Row 1 is the header; sequence N stands in row N + 2 - first, so a gap is visible and writing
a line twice changes nothing. The last column holds a keyed code, by which a line can be told
from something typed, and a lost ledger be rebuilt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.google.interface import Line
from sync.identity import cell_text
from sync.model import LineState
from sync.text import REGISTER_HANDWRITTEN, REGISTER_HEADER, long_date, register_void

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sync.identity import Digest
    from sync.model import Cell, NumberSpec, RegisterLine


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
    return (
        str(line.sequence),
        line.letter_number,
        long_date(line.issued_on),
        line.title,
        line.applicant,
        line.summary,
        line.submission_id or "",
        str(line.revision) if line.revision else "",
        remark(line),
        line_code(line.register, line.year, line.sequence, line.letter_number, digest),
    )


def line_code(register: str, year: int, sequence: int, number: str, digest: Digest) -> str:
    """Return the code that proves a line to be ours; it holds no name."""
    return digest("register-line", f"{register}\n{year}\n{sequence}\n{number}")[:20]


def high_water(tab: RegisterTab, digest: Digest) -> int:
    """Return the largest sequence that a line with a true code shows; 0 when there is none."""
    found = 0
    for row in tab.rows[1:]:
        texts = [cell_text(cell) for cell in row[: len(REGISTER_HEADER)]]
        if len(texts) == len(REGISTER_HEADER) and re.fullmatch("[0-9]{1,9}", texts[0]):
            sequence = int(texts[0])
            if texts[-1] == line_code(tab.register, tab.year, sequence, texts[1], digest):
                found = max(found, sequence)
    return found


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


def remark(line: RegisterLine) -> str:
    """Return what the register says beside a line: void and why, written by hand, or nothing."""
    match line.state:
        case LineState.VOID:
            return register_void(line.reason)
        case LineState.RESERVED:
            return line.reason or REGISTER_HANDWRITTEN
        case LineState.ISSUED:
            return ""
