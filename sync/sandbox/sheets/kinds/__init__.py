"""
The requests of `spreadsheets.batchUpdate`, one table.

To add a kind, write `kind(edit, request) -> reply` in the module of its subject and name
it here. A kind raises `Refused` without naming itself; the caller adds the request's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.sheets.find_replace import find_replace
from sync.sandbox.sheets.kinds import (
    banding,
    blocks,
    borders,
    charts,
    contents,
    delimited,
    filling,
    filters,
    groups,
    lines,
    merging,
    metadata,
    pasting,
    rules,
    tables,
    tabs,
    tidying,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit

KINDS: Mapping[str, Callable[[Edit, Json], Json]] = {
    "addBanding": banding.add_banding,
    "addChart": charts.add_chart,
    "addConditionalFormatRule": rules.add_conditional_format_rule,
    "addDimensionGroup": groups.add_dimension_group,
    "addFilterView": filters.add_filter_view,
    "addNamedRange": rules.add_named_range,
    "addProtectedRange": rules.add_protected_range,
    "addSheet": tabs.add_sheet,
    "addTable": tables.add_table,
    "appendCells": contents.append_cells,
    "appendDimension": lines.append_dimension,
    "autoFill": filling.auto_fill,
    "autoResizeDimensions": lines.auto_resize_dimensions,
    "clearBasicFilter": filters.clear_basic_filter,
    "copyPaste": pasting.copy_paste,
    "createDeveloperMetadata": metadata.create_developer_metadata,
    "cutPaste": pasting.cut_paste,
    "deleteBanding": banding.delete_banding,
    "deleteConditionalFormatRule": rules.delete_conditional_format_rule,
    "deleteDeveloperMetadata": metadata.delete_developer_metadata,
    "deleteDimension": lines.delete_dimension,
    "deleteDimensionGroup": groups.delete_dimension_group,
    "deleteDuplicates": tidying.delete_duplicates,
    "deleteEmbeddedObject": charts.delete_embedded_object,
    "deleteFilterView": filters.delete_filter_view,
    "deleteNamedRange": rules.delete_named_range,
    "deleteProtectedRange": rules.delete_protected_range,
    "deleteRange": blocks.delete_range,
    "deleteSheet": tabs.delete_sheet,
    "deleteTable": tables.delete_table,
    "duplicateFilterView": filters.duplicate_filter_view,
    "duplicateSheet": tabs.duplicate_sheet,
    "findReplace": find_replace,
    "insertDimension": lines.insert_dimension,
    "insertRange": blocks.insert_range,
    "mergeCells": merging.merge_cells,
    "moveDimension": lines.move_dimension,
    "pasteData": delimited.paste_data,
    "randomizeRange": tidying.randomize_range,
    "repeatCell": contents.repeat_cell,
    "setBasicFilter": filters.set_basic_filter,
    "setDataValidation": contents.set_data_validation,
    "sortRange": lines.sort_range,
    "textToColumns": delimited.text_to_columns,
    "trimWhitespace": tidying.trim_whitespace,
    "unmergeCells": merging.unmerge_cells,
    "updateBanding": banding.update_banding,
    "updateBorders": borders.update_borders,
    "updateCells": contents.update_cells,
    "updateChartSpec": charts.update_chart_spec,
    "updateConditionalFormatRule": rules.update_conditional_format_rule,
    "updateDeveloperMetadata": metadata.update_developer_metadata,
    "updateDimensionGroup": groups.update_dimension_group,
    "updateDimensionProperties": lines.update_dimension_properties,
    "updateEmbeddedObjectPosition": charts.update_embedded_object_position,
    "updateFilterView": filters.update_filter_view,
    "updateNamedRange": rules.update_named_range,
    "updateProtectedRange": rules.update_protected_range,
    "updateSheetProperties": tabs.update_sheet_properties,
    "updateSpreadsheetProperties": tabs.update_spreadsheet_properties,
    "updateTable": tables.update_table,
}
