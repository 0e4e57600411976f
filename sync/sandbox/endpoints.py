"""
Which method is answered by which function: one table.

To add a method, write `method(call, state) -> body` and name it here. The world has then
checked the token, its scopes, the caller's access to the file, the query and the body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.sandbox.forms import methods as forms
from sync.sandbox.sheets import spreadsheets, values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.sandbox.reply import Call, Json
    from sync.sandbox.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """
    How one method is answered.

    file:  the path parameter that names the file, empty for none
    write: it changes something, so the caller must be a writer
    """

    answer: Callable[[Call, State], Json]
    file: str = ""
    write: bool = False


def _reads(answer: Callable[[Call, State], Json], file: str = "spreadsheetId") -> Endpoint:
    return Endpoint(answer=answer, file=file)


def _writes(answer: Callable[[Call, State], Json], file: str = "spreadsheetId") -> Endpoint:
    return Endpoint(answer=answer, file=file, write=True)


ENDPOINTS: Mapping[str, Endpoint] = {
    "sheets.spreadsheets.get": _reads(spreadsheets.get),
    "sheets.spreadsheets.getByDataFilter": _reads(spreadsheets.get_by_data_filter),
    "sheets.spreadsheets.create": _writes(spreadsheets.create, ""),
    "sheets.spreadsheets.batchUpdate": _writes(spreadsheets.batch_update),
    "sheets.spreadsheets.values.get": _reads(values.get),
    "sheets.spreadsheets.values.batchGet": _reads(values.batch_get),
    "sheets.spreadsheets.values.batchGetByDataFilter": _reads(values.batch_get_by_data_filter),
    "sheets.spreadsheets.values.update": _writes(values.update),
    "sheets.spreadsheets.values.batchUpdate": _writes(values.batch_update),
    "sheets.spreadsheets.values.batchUpdateByDataFilter": _writes(
        values.batch_update_by_data_filter
    ),
    "sheets.spreadsheets.values.append": _writes(values.append),
    "sheets.spreadsheets.values.clear": _writes(values.clear),
    "sheets.spreadsheets.values.batchClear": _writes(values.batch_clear),
    "sheets.spreadsheets.values.batchClearByDataFilter": _writes(values.batch_clear_by_data_filter),
    "forms.forms.get": _reads(forms.get, "formId"),
}
