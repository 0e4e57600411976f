"""What our cells in the sheet should show and last showed: one text beside each entry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy.sql import bindparam, select, update

from sync.ledger.schema import entries
from sync.model import Column, OwnCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.engine import Connection

    from sync.model import SubmissionId

_COLUMN = {column.value: column for column in Column}
_KEYS_PER_QUERY = 500


def write_cells(
    transaction: Connection,
    village: str,
    changed: Mapping[SubmissionId, Mapping[Column, OwnCell]],
) -> dict[SubmissionId, dict[Column, OwnCell]]:
    """Put each given cell in place of what was known about it; return all cells of those."""
    merged = {
        submission_id: known | dict(changed[submission_id])
        for submission_id, known in _known(transaction, village, sorted(changed))
    }
    if merged:
        transaction.execute(
            update(entries)
            .where(entries.c.village == village, entries.c.submission_id == bindparam("key"))
            .values(cells=bindparam("text")),
            [{"key": key, "text": cells_as_text(cells)} for key, cells in merged.items()],
        )
    return merged


def cells_as_text(cells: Mapping[Column, OwnCell]) -> str:
    """Return *cells* as JSON: per column a text where wanted and shown agree, else a list."""
    return json.dumps({column.value: _as_json(cell) for column, cell in cells.items()})


def cells_from_text(text: str) -> dict[Column, OwnCell]:
    """Return the cells that `cells_as_text` wrote."""
    return {
        _COLUMN[column]: OwnCell(wanted=cell, shown=cell) if type(cell) is str else _cell(*cell)
        for column, cell in json.loads(text).items()
    }


def _known(
    transaction: Connection, village: str, ids: list[SubmissionId]
) -> Iterator[tuple[SubmissionId, dict[Column, OwnCell]]]:
    for start in range(0, len(ids), _KEYS_PER_QUERY):
        found = transaction.execute(
            select(entries.c.submission_id, entries.c.cells)
            .where(entries.c.village == village)
            .where(entries.c.submission_id.in_(ids[start : start + _KEYS_PER_QUERY]))
            .order_by(entries.c.submission_id)
            .with_for_update()
        )
        yield from ((row[0], cells_from_text(row[1])) for row in found.all())


def _as_json(cell: OwnCell) -> str | list[str | int]:
    if cell.wanted == cell.shown and not cell.defied and not cell.defiance:
        return cell.wanted
    return [cell.wanted, cell.shown, cell.defied, cell.defiance]


def _cell(wanted: str, shown: str, defied: int, defiance: str) -> OwnCell:
    return OwnCell(wanted=wanted, shown=shown, defied=defied, defiance=defiance)
