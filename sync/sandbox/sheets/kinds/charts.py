"""Requests about charts: over cells, or as tabs of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.sandbox import masks
from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.kinds.parts import free_id, part_with_id
from sync.sandbox.sheets.kinds.tabs import required_mask
from sync.sandbox.sheets.look import with_colours
from sync.sandbox.sheets.sheet import Sheet

if TYPE_CHECKING:
    from sync.sandbox.reply import Json, Refused
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.edit import Edit

_KINDS = (
    "basicChart",
    "pieChart",
    "bubbleChart",
    "candlestickChart",
    "histogramChart",
    "orgChart",
    "treemapChart",
    "waterfallChart",
    "scorecardChart",
)
_DEFAULTS = {
    "fontName": "Roboto",
    "hiddenDimensionStrategy": "SKIP_HIDDEN_ROWS_AND_COLUMNS",
}
_TITLE = {"fontFamily": "Roboto"}
_SIZE = {"widthPixels": 600, "heightPixels": 371}


def add_chart(edit: Edit, request: Json) -> Json:
    """Add a chart; its sources move along with the lines that they cover."""
    wanted = request.get("chart", {})
    spec = _spec(edit.book, wanted)
    chart_id = free_id(edit, "charts", wanted)
    sheet, position = _placed(edit, wanted.get("position", {}), {})
    chart = {"chartId": chart_id, "spec": spec, "position": position}
    if wanted.get("border"):
        chart["border"] = with_colours(wanted["border"])
    sheet.part("charts").append(chart)
    return {"addChart": {"chart": chart}}


def update_chart_spec(edit: Edit, request: Json) -> Json:
    """Replace what a chart shows; its place stays."""
    wanted = request.get("chartId", 0)
    sheet, at = part_with_id(edit.book, "charts", "chartId", wanted)
    charts = sheet.part("charts")
    charts[at] = charts[at] | {"spec": _spec(edit.book, request)}
    return {}


def update_embedded_object_position(edit: Edit, request: Json) -> Json:
    """Move or size a chart; `fields` is about the overlay position."""
    wanted = request.get("newPosition", {})
    sheet, at = _object(edit.book, request.get("objectId", 0))
    chart = sheet.part("charts").pop(at)
    old = chart["position"].get("overlayPosition", {})
    if "overlayPosition" in wanted:
        mask = required_mask(request)
        overlay = masks.updated(old, wanted["overlayPosition"], mask)
        wanted = {"overlayPosition": overlay}
    new_sheet, position = _placed(edit, wanted, old)
    new_sheet.part("charts").append(chart | {"position": position})
    _close(edit.book, sheet)
    return {"updateEmbeddedObjectPosition": {"position": position}}


def delete_embedded_object(edit: Edit, request: Json) -> Json:
    """Delete a chart, and the tab that was only there for it."""
    sheet, at = _object(edit.book, request.get("objectId", 0))
    del sheet.part("charts")[at]
    _close(edit.book, sheet)
    return {}


def _object(book: Book, object_id: int) -> tuple[Sheet, int]:
    for sheet in book.sheets:
        for at, chart in enumerate(sheet.parts.get("charts", ())):
            if chart["chartId"] == object_id:
                return sheet, at
    raise bad_request(f"No embedded object with id: {object_id}")


def _close(book: Book, sheet: Sheet) -> None:
    """Take the tab away when it was one chart and the chart is gone."""
    if not sheet.is_grid and not sheet.part("charts"):
        book.sheets.remove(sheet)


def _spec(book: Book, request: Json) -> Json:
    spec = request.get("spec")
    if spec is None:
        raise bad_request("no chart spec")
    if not any(kind in spec for kind in _KINDS):
        raise bad_request(
            "One of basicChart, pieChart, bubbleChart, candelstickChart, histogramChart, or "
            "orgChart must be set on chartSpec."
        )
    kept: Json = _without_zeros(ranges.normal(with_colours(_on_grid(book, spec))))
    if "title" in kept:
        kept["titleTextFormat"] = _TITLE | kept.get("titleTextFormat", {})
    return _DEFAULTS | kept


def _on_grid(book: Book, part: Any) -> Any:  # noqa: ANN401  # JSON in, JSON out
    """
    Return *part* with no source past the edge of its grid.

    Raises `Refused` where the chart's numbers come from cells that are not there.
    """
    if isinstance(part, list):
        return [_on_grid(book, item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {name: _on_grid(book, inner) for name, inner in part.items() if name != "sources"}
    if "sources" in part:
        kept["sources"] = [
            ranges.cut(source, ranges.from_grid_range(book, source)) for source in part["sources"]
        ]
    return kept


def _without_zeros(part: Any) -> Any:  # noqa: ANN401  # JSON in, JSON out
    """Return *part* without zero, false and "": proto3 does not show them."""
    if isinstance(part, list):
        return [_without_zeros(item) for item in part]
    if not isinstance(part, dict):
        return part
    if ranges.is_place(part):
        return part
    kept = {name: _without_zeros(inner) for name, inner in part.items()}
    return {name: inner for name, inner in kept.items() if inner or isinstance(inner, dict | list)}


def _placed(edit: Edit, wanted: Json, old: Json) -> tuple[Sheet, Json]:
    """Return the tab that a chart is to stand on, and its position as Google answers it."""
    if wanted.get("newSheet"):
        sheet = Sheet(edit.new_id(), edit.book.free_title("Chart"), 0, 0)
        sheet.sheet_type = "OBJECT"
        edit.book.add_sheet(sheet)
        return sheet, {"sheetId": sheet.sheet_id}
    overlay = wanted.get("overlayPosition", {})
    if "anchorCell" not in overlay:
        raise _no_place()
    cell = overlay["anchorCell"]
    row, column = cell.get("rowIndex", 0), cell.get("columnIndex", 0)
    sheet = edit.book.sheet(cell.get("sheetId", 0))
    if not (0 <= row < sheet.row_count and 0 <= column < sheet.column_count):
        raise bad_request("The anchor cell of the embedded object is outside of the grid.")
    kept = {name: value for name, value in overlay.items() if value and name != "anchorCell"}
    anchor = {name: value for name, value in cell.items() if value}
    sizes = {name: old.get(name, size) for name, size in _SIZE.items()}
    return sheet, {"overlayPosition": {"anchorCell": anchor} | sizes | kept}


def _no_place() -> Refused:
    return bad_request(
        "One of EmbeddedObjectPosition.overlayPosition or EmbeddedObjectPosition.sheetId must be "
        "set"
    )
