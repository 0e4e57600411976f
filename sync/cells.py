"""What our cells should show for each submission, and where the sheet shows something else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.decide import LetterWork
from sync.identity import cell_text
from sync.model import WORKER_COLUMNS, Column, OwnCell, Status
from sync.notices import whatsapp_link
from sync.text import status_word, updated_text, zone_word
from sync.text.note import note_text

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping
    from datetime import datetime

    from sync.decide import Action
    from sync.identity import Digest, KnownRow
    from sync.model import Entry, Service, SubmissionId, Village

_PATIENCE = 3  #: runs in a row in which our cell was typed over


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the texts in a service's sheet depend on, besides the submission."""

    service: Service
    village: Village
    questions: Mapping[str, str]
    now: datetime  #: village time
    number_of: Callable[[SubmissionId], str]  #: "" while there is none
    whatsapp: bool = True


def wanted_texts(action: Action, wording: Wording) -> dict[Column, str]:
    """Return what each of our cells should show for *action*; `Diperbarui` is not among them."""
    entry = action.after
    letter = entry.letter
    hold = action.note.hold
    other = hold.other if hold is not None else None
    left = left_alone(entry)
    note = replace(
        action.note,
        other_number=wording.number_of(other) if other else "",
        left_alone=tuple(wording.service.columns[c] for c in WORKER_COLUMNS if c in left),
        numbered=letter is not None,
        by_hand=wording.service.by_hand,
    )
    return {
        Column.SUBMISSION_ID: entry.submission_id,
        Column.STATUS: status_word(entry.status),
        Column.NOTE: note_text(
            note, questions=wording.questions, office_hours=wording.village.office_hours
        ),
        Column.LETTER_NUMBER: letter.letter_number if letter else "",
        Column.LETTER: letter.location if letter else "",
        Column.NOTIFY: _link(action, wording),
    }


def final_texts(action: Action, wording: Wording) -> dict[Column, str]:
    """Return all our cells' texts; `Diperbarui` changes only when one of the others does."""
    texts = wanted_texts(action, wording)
    before = action.before.cells
    moved = any(before.get(column, OwnCell()).wanted != text for column, text in texts.items())
    if not moved and Column.UPDATED in before:
        texts[Column.UPDATED] = before[Column.UPDATED].wanted
    else:
        now = updated_text(wording.now, zone_word(wording.village.timezone))
        texts[Column.UPDATED] = _published_before(action, texts, now) or now
    return texts


def _published_before(action: Action, texts: Mapping[Column, str], now: str) -> str:
    """Return the time that a run wrote which died before it could tell the ledger."""
    if any(shown_text(action, column) != text for column, text in texts.items()):
        return ""
    text = shown_text(action, Column.UPDATED) or ""
    return text if text.split()[:1] == now.split()[:1] else ""


def news(action: Action, texts: Mapping[Column, str]) -> tuple[Column, ...]:
    """Return our columns in which the row shows something else than it should."""
    unknown = _not_known_yet(action)
    return tuple(
        column
        for column in WORKER_COLUMNS
        if (column in unknown or shown_text(action, column) != texts[column])
        and column not in left_alone(action.after)
    )


def _not_known_yet(action: Action) -> set[Column]:
    match action.work:
        case LetterWork.ISSUE:
            return {Column.LETTER_NUMBER, Column.LETTER, Column.UPDATED}
        case LetterWork.REISSUE:
            return {Column.LETTER, Column.UPDATED}
        case LetterWork.RESUME if action.after.letter and not action.after.letter.location:
            return {Column.LETTER, Column.UPDATED}
        case _:
            return set()


def shown_text(action: Action, column: Column) -> str | None:
    """Return what the row shows in *column*; None when it is no text."""
    return _shown(action.known, column)


def _shown(known: KnownRow, column: Column) -> str | None:
    cell = known.row.cells.get(column)
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else None


def caught_up(action: Action, texts: Mapping[Column, str]) -> dict[Column, OwnCell]:
    """
    Return the cells that show what they should, and that the ledger knows otherwise.

    A run that died after writing the sheet could not tell it any more.
    """
    shown = {
        column: OwnCell(wanted=text, shown=text)
        for column, text in texts.items()
        if shown_text(action, column) == text
    }
    known = action.before.cells
    return {column: cell for column, cell in shown.items() if known.get(column) != cell}


def settled(
    entry: Entry, texts: Mapping[Column, str], visible: Container[Column]
) -> dict[Column, OwnCell]:
    """
    Return our cells as the ledger should now know them.

    visible: the columns in which the sheet is known to show the text
    """
    return {
        column: replace(
            entry.cells.get(column, OwnCell()),
            wanted=text,
            shown=text if column in visible else "",
        )
        for column, text in texts.items()
    }


def watched(
    known: KnownRow, entry: Entry, tokens: Container[str], digest: Digest
) -> dict[Column, OwnCell]:
    """
    Return our cells with the count of runs in which somebody typed over them, where it changed.

    What is typed over in three runs in a row is a script's; it is left until it changes.
    """
    changed = {}
    for column, cell in entry.cells.items():
        shown = _shown(known, column)
        if shown == cell.wanted and not cell.defied:
            continue
        text = cell_text(known.row.cells.get(column))
        now = _defied(cell, shown, digest("own-cell", text))
        if now != cell and text not in tokens:
            changed[column] = now
    return changed


def _defied(cell: OwnCell, text: str | None, mark: str) -> OwnCell:
    if text == cell.wanted:
        return replace(cell, defied=0, defiance="")
    if cell.defied >= _PATIENCE:
        changed = mark != cell.defiance
        return replace(cell, shown="", defied=1, defiance=mark) if changed else cell
    if cell.shown != cell.wanted:
        return cell  # it was not put right since it was counted
    return replace(cell, shown="", defied=cell.defied + 1, defiance=mark)


def left_alone(entry: Entry) -> frozenset[Column]:
    """Return our columns that a script keeps overwriting; they wait until it stops."""
    return frozenset(column for column, cell in entry.cells.items() if cell.defied >= _PATIENCE)


def _link(action: Action, wording: Wording) -> str:
    phone = action.phone
    if not wording.whatsapp or not phone or action.after.status is Status.ARCHIVED:
        return ""
    return whatsapp_link(
        phone=phone,
        status=action.after.status,
        submission_id=action.submission_id,
        problems=action.note.problems,
        questions=wording.questions,
        office_hours=wording.village.office_hours,
        village=wording.village.name,
    )
