"""The lines of a register tab, each proved by its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.fields.dates import day_in_text
from sync.keys import is_submission_id
from sync.model import ProblemCode, RegisterLine, SubmissionId
from sync.run.register import high_water, line_code, state_of, tab_texts

if TYPE_CHECKING:
    from datetime import date

    from sync.identity import Digest
    from sync.recovery.facts import Place
    from sync.run.register import RegisterTab


class TabLines:
    """What one tab holds: lines that are proved, and what is wrong with the others."""

    def __init__(self, tab: RegisterTab, digest: Digest, today: date) -> None:
        self._tab, self._digest, self._today = tab, digest, today
        self.lines: dict[Place, RegisterLine] = {}
        self.problems: list[str] = []
        self.highest = high_water(tab, digest)  #: that was given, also by a changed line
        for row_number, texts in enumerate(tab_texts(tab), start=2):
            if any(texts):
                self._take(row_number, texts)

    def _take(self, row_number: int, texts: tuple[str, ...]) -> None:
        tab = self._tab
        where = f"{tab.title!r}, row {row_number}"
        if texts[-1] != line_code(tab.register, tab.year, texts[:-1], self._digest):
            self.problems.append(f"{where}: the line is not as surat-sync wrote it")
            return
        on = day_in_text(texts[2], today=self._today)
        if isinstance(on, ProblemCode) or on.year != tab.year or not _is_possible(texts):
            self.problems.append(f"{where}: what the line says cannot be")
            return
        line = self._line(texts, on)
        place = line.register, line.year, line.sequence
        if place in self.lines:
            self.problems.append(f"{where}: number {line.sequence} stands there twice")
        self.lines[place] = line

    def _line(self, texts: tuple[str, ...], on: date) -> RegisterLine:
        state, reason = state_of(texts[8], texts[6])
        return RegisterLine(
            register=self._tab.register,
            year=self._tab.year,
            sequence=int(texts[0]),
            letter_number=texts[1],
            issued_on=on,
            state=state,
            title=texts[3],
            submission_id=SubmissionId(texts[6]) if texts[6] else None,
            applicant=texts[4],
            summary=texts[5],
            revision=int(texts[7] or "0"),
            reason=reason,
            line_hash="",
        )


def _is_possible(texts: tuple[str, ...]) -> bool:
    numbers = texts[0].isdecimal() and (texts[7] or "0").isdecimal()
    return numbers and (not texts[6] or is_submission_id(texts[6]))
