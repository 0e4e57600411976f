"""Messages and parameters made up from the discovery documents."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from fuzz.plausible import FIELDS, TABS, cell_text, mixed, one_of, small, word
from sync.sandbox import discovery
from sync.sandbox.sheets.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from sync.sandbox.discovery import Method
    from sync.sandbox.reply import Json

_DEEPEST = 7
#: messages that say one thing out of several
_UNIONS = {
    "Request",
    "ExtendedValue",
    "DataFilter",
    "BasicChartDomain",
    "ColorStyle",
    "Location",
    "EmbeddedObjectPosition",
}
#: of messages with dozens of fields, the ones that matter
_FAVOURITES = {
    "File": ("name", "mimeType", "parents", "properties", "appProperties", "trashed", "id"),
    "Permission": ("type", "role", "emailAddress", "domain"),
    "Drive": ("name", "restrictions", "themeId", "colorRgb"),
    "Comment": ("content", "anchor", "quotedFileContent"),
    "Reply": ("content", "action"),
    "Spreadsheet": ("properties", "sheets", "namedRanges", "developerMetadata"),
    "Sheet": ("properties", "data", "merges", "protectedRanges"),
}
#: messages in which one of these fields excludes the others
_EITHER = {
    "UpdateCellsRequest": ("range", "start"),
    "FindReplaceRequest": ("range", "sheetId", "allSheets"),
    "PasteDataRequest": ("delimiter", "html"),
    "AutoFillRequest": ("range", "sourceAndDestination"),
    "DeveloperMetadataLocation": ("dimensionRange", "sheetId", "spreadsheet"),
    "ConditionalFormatRule": ("booleanRule", "gradientRule"),
    "AppendCellsRequest": ("sheetId", "tableId"),
}
#: what everybody sends; without it hardly anything but 400 comes back
_WORDS = (
    "anchorCell bandedRange booleanRule cell chart column condition coordinate content data "
    "dataFilter dataFilters destination developerMetadata dimension dimensionRange dimensions "
    "emailAddress fields filter find id items location mergeType metadataKey mimeType name "
    "namedRange newPosition overlayPosition pageToken pasteType position properties "
    "protectedRange range ranges replacement requests role rowProperties rows rule "
    "sheetId shiftDimension sortSpecs source spec table type valueInputOption values visibility "
    "sourceAndDestination basicChart dimensionGroup length startIndex endIndex delimiter "
    "destinationIndex objectId filterId filterViewId chartId bandedRangeId protectedRangeId "
    "namedRangeId tableId sourceSheetId requestId item"
)
_NEEDED = frozenset(_WORDS.split())


@st.composite
def message(draw: DrawFn, api: str, name: str) -> Json:
    """Return a message of that schema; `Known` stands for ids."""
    return _message(draw, api, name, 0)


@st.composite
def parameters(draw: DrawFn, method: Method, names: Sequence[str]) -> list[tuple[str, Any]]:
    """Return some of the query's parameters and what they say, repeated ones perhaps twice."""
    found: list[tuple[str, Any]] = []
    for name in names:
        schema = method.parameters[name]
        if draw(_present(12 if name in _NEEDED or schema.get("required") else 2)):
            times = draw(st.integers(1, 2)) if schema.get("repeated") else 1
            found += [(name, _scalar(draw, schema, name)) for _ in range(times)]
    return found


def _message(draw: DrawFn, api: str, name: str, depth: int) -> Json:
    if name in _PLACES:
        return draw(_PLACES[name])
    fields = discovery.schema(api, name).get("properties", {})
    chosen = _chosen(draw, name, fields, depth)
    body = {field: _value(draw, api, fields[field], field, depth + 1) for field in chosen}
    for mask in ("fields", "updateMask"):
        if mask in body:
            body[mask] = draw(_mask(body, mask))
    return body


def _chosen(draw: DrawFn, name: str, fields: Json, depth: int) -> list[str]:
    if not fields or depth > _DEEPEST:
        return []
    if name in _UNIONS:
        return [draw(_one_of_union(name, tuple(fields)))]
    favourites = _FAVOURITES.get(name, ())
    if favourites and not draw(_present(1)):
        return [field for field in favourites if draw(_present(8))]
    usual = 11 if len(fields) < 6 and depth < 3 else min(8, max(2, 40 // len(fields)))
    found = [field for field in fields if draw(_present(_chance(field, usual)))]
    rivals = [field for field in _EITHER.get(name, ()) if field in found]
    if len(rivals) > 1 and draw(_present(11)):
        rivals.remove(draw(st.sampled_from(rivals)))
        found = [field for field in found if field not in rivals]
    return found


def _chance(field: str, usual: int) -> int:
    if field.startswith("dataSource"):
        return 1
    return 11 if field in _NEEDED else usual


@cache
def _one_of_union(name: str, fields: tuple[str, ...]) -> SearchStrategy[str]:
    """Return strategies of one field; requests that are built come more often than others."""
    built = [field for field in fields if field in KINDS] if name == "Request" else []
    return st.sampled_from(built * 9 + list(fields))


@cache
def _present(twelfths: int) -> SearchStrategy[bool]:
    """Return chances, in twelfths, of something to be there; the simplest is the usual."""
    chances = [True] * min(twelfths, 12) + [False] * (12 - twelfths)
    return st.sampled_from(chances if twelfths > 9 else chances[::-1])


def _value(draw: DrawFn, api: str, schema: Json, name: str, depth: int) -> Any:
    if "$ref" in schema:
        return _message(draw, api, schema["$ref"], depth)
    match schema["type"]:
        case "array":
            count = draw(_few if depth < 4 else _one_or_none)
            return [_value(draw, api, schema["items"], name, depth + 1) for _ in range(count)]
        case "object":
            return _object(draw, api, schema, depth)
        case "any":
            return draw(_cell_value)
        case _:
            return _scalar(draw, schema, name)


def _object(draw: DrawFn, api: str, schema: Json, depth: int) -> Json:
    if "additionalProperties" in schema:
        keys = draw(st.lists(_map_key, max_size=2, unique_by=str))
        inner = schema["additionalProperties"]
        return {key: _value(draw, api, inner, "", depth + 1) for key in keys}
    fields = schema.get("properties", {})
    chosen = [name for name in fields if depth <= _DEEPEST and draw(_present(6))]
    return {name: _value(draw, api, fields[name], name, depth + 1) for name in chosen}


def _scalar(draw: DrawFn, schema: Json, name: str) -> Any:
    if "enum" in schema:
        return draw(_words(tuple(schema["enum"])))
    if name in FIELDS:
        return draw(FIELDS[name])
    match schema["type"]:
        case "boolean":
            return draw(st.booleans())
        case "integer" | "number":
            return draw(small)
        case _:
            return draw(_numeral if "int" in schema.get("format", "") else word)


@cache
def _words(enum: tuple[str, ...]) -> SearchStrategy[str]:
    """Return words of an enum, seldom the one that says nothing."""
    clear = [one for one in enum if "UNSPECIFIED" not in one]
    return st.sampled_from(clear * 5 + list(enum))


def _mask(body: Json, mask: str) -> SearchStrategy[str]:
    """Return masks of what stands beside them: `*`, a field, a field in a field."""
    found = ["*"]
    for name, beside in body.items():
        if name != mask:
            found += _paths(beside, "")
    paths = st.lists(st.sampled_from(found), min_size=1, max_size=3, unique=True).map(",".join)
    odd = one_of("", "x", "*,x", "a.b(", "userEnteredValue", ".")
    return mixed((3, st.just("*")), (5, paths), (1, odd))


def _paths(thing: Any, prefix: str) -> list[str]:
    if isinstance(thing, list):
        return [path for item in thing for path in _paths(item, prefix)]
    if not isinstance(thing, dict):
        return []
    found = []
    for name, inner in thing.items():
        path = f"{prefix}.{name}" if prefix else str(name)
        inside = _paths(inner, "" if name == "values" else path)
        found += inside if name == "values" else [path, *inside]
    return found


_few, _one_or_none = one_of(1, 1, 1, 2, 3, 0), one_of(0, 1)
_map_key = st.one_of(one_of("a", "0", "1", ""), FIELDS["itemId"], FIELDS["questionId"])
_numeral = one_of("1", "0", "-1", "9" * 30, "x")
_cell_value = st.one_of(cell_text, one_of(0, 1, 2.5, True, False, None, -0.0, 1e300, 2**70))
_count, _shape = one_of(1, 2, 3, 1, 5, 12, 0, -1), st.integers(0, 5)
_dimension = one_of("ROWS", "COLUMNS", "ROWS", "COLUMNS", "")
_on_tab = mixed((15, one_of(*TABS).map(lambda gid: {"sheetId": gid})), (1, st.just({})))


@st.composite
def _span(draw: DrawFn, start: str, end: str) -> Json:
    """Return both ends, one or none; nearly always in order."""
    first, count = draw(small), draw(_count)
    whole = {start: first, end: first + count}
    return (whole, whole, whole, {}, {start: first}, {end: count})[draw(_shape)]


@st.composite
def _grid_range(draw: DrawFn) -> Json:
    rows = draw(_span("startRowIndex", "endRowIndex"))
    columns = draw(_span("startColumnIndex", "endColumnIndex"))
    return {**draw(_on_tab), **rows, **columns}


@st.composite
def _dimension_range(draw: DrawFn) -> Json:
    dimension = draw(_dimension)
    lines = {"dimension": dimension} if dimension else {}
    return {**draw(_on_tab), **lines, **draw(_span("startIndex", "endIndex"))}


@st.composite
def _coordinate(draw: DrawFn) -> Json:
    return {**draw(_on_tab), "rowIndex": draw(small), "columnIndex": draw(small)}


_PLACES = {
    "GridRange": _grid_range(),
    "DimensionRange": _dimension_range(),
    "GridCoordinate": _coordinate(),
}
