"""The method that copies a tab into another spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.drive import access
from sync.sandbox.reply import Refused, bad_request
from sync.sandbox.sheets import edit as edits
from sync.sandbox.sheets.formulas.rewriting import orphaned, renamed
from sync.sandbox.sheets.kinds.tabs import copied_tab
from sync.sandbox.sheets.moves import Loss

if TYPE_CHECKING:
    from sync.sandbox.reply import Call, Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.sheet import Sheet
    from sync.sandbox.state import State


def copy_to(call: Call, state: State) -> Json:
    """
    Answer sheets.spreadsheets.sheets.copyTo: the new tab's properties.

    The caller may read the one spreadsheet and write the other. Formulas in another
    spreadsheet find the tabs that they name no more, even where titles are the same.
    """
    source_id = call.path["spreadsheetId"]
    target_id = call.body.get("destinationSpreadsheetId") or source_id
    _check_access(call, state, source_id, write=False)
    _check_access(call, state, target_id, write=True)
    edit = edits.begun(call, state, target_id)
    source = _source(edit.book if target_id == source_id else state.book(source_id), call)
    twin = copied_tab(edit, source, edit.new_id())
    edit.book.add_sheet(twin)
    if target_id != source_id:
        _cut_loose(twin, source.title)
    return edits.kept(edit, state, twin.properties_json(len(edit.book.sheets) - 1))


def _check_access(call: Call, state: State, spreadsheet_id: str, *, write: bool) -> None:
    state.check_access(spreadsheet_id, call.principal.email, write=write)
    scopes = call.method.scopes & call.principal.scopes
    if not access.opens(state.files[spreadsheet_id], call.principal.email, scopes):
        raise Refused(404, "Requested entity was not found.")


def _source(book: Book, call: Call) -> Sheet:
    for sheet in book.sheets:
        if str(sheet.sheet_id) == str(call.path["sheetId"]) and sheet.is_grid:
            return sheet
    raise bad_request(f"Sheet Id {call.path['sheetId']} not found.")


def _cut_loose(twin: Sheet, old_title: str) -> None:
    """Let formulas mean the copy by its old title, and nothing by any other; charts likewise."""
    loss = Loss(kept=frozenset((twin.sheet_id,)))
    twin.parts["charts"] = loss.moved(twin.parts.get("charts", []))
    own = twin.title.casefold()
    twin.rewrite_formulas(lambda formula: renamed(formula, old_title, twin.title))
    twin.rewrite_formulas(lambda formula: orphaned(formula, lambda title: title.casefold() != own))
