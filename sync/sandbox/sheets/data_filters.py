"""
DataFilters: places named by range, or found by the developer metadata that is on them.

Rules: Google, "DataFilter" and "DeveloperMetadataLookup".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.ranges import Area
    from sync.sandbox.sheets.tags import Tag

_KINDS = ("developerMetadataLookup", "a1Range", "gridRange")
_LOCATIONS = ("spreadsheet", "sheetId", "dimensionRange")
_UNSPECIFIED = (
    None,
    "DEVELOPER_METADATA_LOCATION_TYPE_UNSPECIFIED",
    "DEVELOPER_METADATA_LOCATION_MATCHING_STRATEGY_UNSPECIFIED",
    "DEVELOPER_METADATA_VISIBILITY_UNSPECIFIED",
)


def filters(body: Json) -> list[Json]:
    """Return the body's `dataFilters`; raises `Refused` (400) without any."""
    found: list[Json] = body.get("dataFilters", [])
    if not found:
        raise bad_request("Must specify at least one data filter.")
    return found


def areas(book: Book, data_filter: Json, email: str) -> list[Area]:
    """
    Return the areas that a DataFilter selects for *email*.

    Metadata on a row selects the row, on a tab all of it; on the spreadsheet, nothing.
    """
    if "developerMetadataLookup" in _checked(data_filter):
        found = (_tagged(book, tag.location) for tag in tags(book, data_filter, email))
        return [area for area in found if area is not None]
    return [_area(book, data_filter)]


def tags(book: Book, data_filter: Json, email: str) -> list[Tag]:
    """Return the metadata that a DataFilter selects, by its own fields or by its place."""
    visible = [tag for tag in every_tag(book) if tag.visible_to(email)]
    lookup = _checked(data_filter).get("developerMetadataLookup")
    if lookup is None:
        area = _area(book, data_filter)
        return [tag for tag in visible if _lies_in(tag.location, area)]
    _check_lookup(lookup)
    return [tag for tag in visible if _matches(book, tag, lookup)]


def every_tag(book: Book) -> list[Tag]:
    """Return all metadata of a spreadsheet."""
    return book.metadata + [tag for sheet in book.sheets for tag in sheet.metadata]


def located(book: Book, location: Json) -> Json:
    """
    Return a DeveloperMetadataLocation as Google answers it, its type filled in.

    Raises `Refused` (400) unless it is a spreadsheet, a tab, or a single row or column.
    """
    _check_one(location)
    if "spreadsheet" in location:
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in location:
        _check_sheet(book, location["sheetId"])
        return {"locationType": "SHEET", "sheetId": location["sheetId"]}
    lines: Json = ranges.normal(location["dimensionRange"])
    sheet = book.sheet(lines.get("sheetId", 0))
    rows = lines.get("dimension") == "ROWS"
    start = lines.get("startIndex", 0)
    if lines.get("dimension") not in {"ROWS", "COLUMNS"} or lines.get("endIndex") != start + 1:
        raise bad_request("dimensionRange must represent a single row or column.")
    if not 0 <= start < (sheet.row_count if rows else sheet.column_count):
        raise bad_request(f"dimensionRange.startIndex[{start}] is not within the grid.")
    return {
        "locationType": "ROW" if rows else "COLUMN",
        "dimensionRange": lines | {"startIndex": start},
    }


def _checked(data_filter: Json) -> Json:
    if sum(kind in data_filter for kind in _KINDS) != 1:
        raise bad_request("DataFilter must have exactly one filter set.")
    return data_filter


def _check_one(location: Json) -> None:
    chosen = [name for name in _LOCATIONS if name in location]
    if len(chosen) != 1 or location.get("spreadsheet") is False:
        raise bad_request("Exactly one developer metadata location must be specified.")


def _check_sheet(book: Book, sheet_id: int) -> None:
    if all(sheet.sheet_id != sheet_id for sheet in book.sheets):
        raise bad_request(f"No sheet with id: {sheet_id}")


def _check_lookup(lookup: Json) -> None:
    strategy = lookup.get("locationMatchingStrategy")
    if strategy not in _UNSPECIFIED and "metadataLocation" not in lookup:
        raise bad_request("locationMatchingStrategy requires a metadataLocation.")
    if strategy == "EXACT_LOCATION" and lookup.get("locationType") not in _UNSPECIFIED:
        raise bad_request("locationType must not be specified with EXACT_LOCATION.")
    if "metadataLocation" in lookup:
        _check_one(lookup["metadataLocation"])


def _area(book: Book, data_filter: Json) -> Area:
    if "a1Range" in data_filter:
        return ranges.parsed(book, data_filter["a1Range"])
    return ranges.from_grid_range(book, data_filter["gridRange"])


def _tagged(book: Book, location: Json) -> Area | None:
    if "spreadsheet" in location:
        return None
    if "sheetId" in location:
        sheet = next(one for one in book.sheets if one.sheet_id == location["sheetId"])
        return ranges.whole(sheet) if sheet.is_grid else None
    lines = location["dimensionRange"]
    axis = "Row" if lines["dimension"] == "ROWS" else "Column"
    ends = {f"{side}{axis}Index": lines[f"{side}Index"] for side in ("start", "end")}
    return ranges.from_grid_range(book, {"sheetId": lines.get("sheetId", 0), **ends})


def _matches(book: Book, tag: Tag, lookup: Json) -> bool:
    names = ("metadataId", "metadataKey", "metadataValue", "visibility")
    wanted = {name: lookup[name] for name in names if lookup.get(name) not in _UNSPECIFIED}
    if any(tag.body.get(name) != value for name, value in wanted.items()):
        return False
    kind = lookup.get("locationType")
    if kind not in _UNSPECIFIED and tag.location["locationType"] != kind:
        return False
    place = lookup.get("metadataLocation")
    if place is None:
        return True
    if lookup.get("locationMatchingStrategy") == "EXACT_LOCATION":
        return tag.location == located(book, place)
    return _intersects(tag.location, place)


def _intersects(location: Json, place: Json) -> bool:
    """Return whether two places share something; the spreadsheet shares with itself only."""
    if "spreadsheet" in location or "spreadsheet" in place:
        return "spreadsheet" in location and "spreadsheet" in place
    if _sheet_id(location) != _sheet_id(place):
        return False
    one, other = location.get("dimensionRange"), place.get("dimensionRange")
    if one is None or other is None or one["dimension"] != other.get("dimension"):
        return True
    at = one["startIndex"]
    return bool(other.get("startIndex", 0) <= at < other.get("endIndex", at + 1))


def _sheet_id(location: Json) -> int:
    found: int = location.get("dimensionRange", location).get("sheetId", 0)
    return found


def _lies_in(location: Json, area: Area) -> bool:
    if "spreadsheet" in location or _sheet_id(location) != area.sheet.sheet_id:
        return False
    lines = location.get("dimensionRange")
    if lines is None:
        return True
    span = (area.top, area.bottom) if lines["dimension"] == "ROWS" else (area.left, area.right)
    return bool(span[0] <= lines["startIndex"] < span[1])
