"""
The requests of `spreadsheets.batchUpdate`, one table.

To add a kind, write `kind(edit, request) -> reply` in the module of its subject and name
it here. A kind raises `Refused` without naming itself; the caller adds the request's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets.find_replace import find_replace
from sync.sandbox.sheets.kinds import contents, lines, rules, tabs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit

KINDS: Mapping[str, Callable[[Edit, Json], Json]] = {
    "addConditionalFormatRule": rules.add_conditional_format_rule,
    "addFilterView": rules.add_filter_view,
    "addNamedRange": rules.add_named_range,
    "addProtectedRange": rules.add_protected_range,
    "addSheet": tabs.add_sheet,
    "appendCells": contents.append_cells,
    "appendDimension": lines.append_dimension,
    "autoResizeDimensions": lines.auto_resize_dimensions,
    "clearBasicFilter": rules.clear_basic_filter,
    "deleteConditionalFormatRule": rules.delete_conditional_format_rule,
    "deleteDimension": lines.delete_dimension,
    "deleteFilterView": rules.delete_filter_view,
    "deleteNamedRange": rules.delete_named_range,
    "deleteProtectedRange": rules.delete_protected_range,
    "deleteSheet": tabs.delete_sheet,
    "duplicateSheet": tabs.duplicate_sheet,
    "findReplace": find_replace,
    "insertDimension": lines.insert_dimension,
    "moveDimension": lines.move_dimension,
    "repeatCell": contents.repeat_cell,
    "setBasicFilter": rules.set_basic_filter,
    "setDataValidation": contents.set_data_validation,
    "sortRange": lines.sort_range,
    "updateCells": contents.update_cells,
    "updateConditionalFormatRule": rules.update_conditional_format_rule,
    "updateDimensionProperties": lines.update_dimension_properties,
    "updateNamedRange": rules.update_named_range,
    "updateProtectedRange": rules.update_protected_range,
    "updateSheetProperties": tabs.update_sheet_properties,
    "updateSpreadsheetProperties": tabs.update_spreadsheet_properties,
}
