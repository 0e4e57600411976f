"""`/spreadsheets/d/{id}/export?format=csv&gid=0`: a spreadsheet to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from sync.sandbox.drive import download
from sync.sandbox.reply import Refused, Reply

if TYPE_CHECKING:
    from sync.sandbox.pages.visit import Visit
    from sync.sandbox.world import World

_KINDS = dict(zip(("csv", "tsv", "xlsx"), download.EXPORTED, strict=True))


def view(world: World, visit: Visit) -> Reply:
    """Give one tab as CSV or TSV, by `gid` or the first, or the whole spreadsheet as XLSX."""
    book, asked = world.state.book(visit.path["spreadsheet"]), visit.asked
    wanted, gid = asked.get("format", ["xlsx"])[0], asked.get("gid", [""])[0]
    if wanted not in _KINDS:
        raise Refused(501, f"The sandbox does not export {wanted}.")
    chosen = [sheet for sheet in book.sheets if str(sheet.sheet_id) == gid]
    if gid and not chosen:
        raise Refused(400, f"No grid with id: {gid}")
    sheet = chosen[0] if chosen else book.first_sheet()
    content = download.exported(book, sheet, _KINDS[wanted])
    title = str(book.properties["title"]) + ("" if wanted == "xlsx" else f" - {sheet.title}")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(title)}.{wanted}"}
    return Reply(content=content, content_type=_KINDS[wanted], headers=headers)
