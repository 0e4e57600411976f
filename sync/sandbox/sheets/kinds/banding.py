"""Requests about banded ranges: rows or columns in alternating colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.sandbox import masks
from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import ranges
from sync.sandbox.sheets.kinds.parts import free_id, part_with_id
from sync.sandbox.sheets.kinds.tabs import required_mask
from sync.sandbox.sheets.look import twinned, with_colours

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.edit import Edit
    from sync.sandbox.sheets.ranges import Area


def add_banding(edit: Edit, request: Json) -> Json:
    """Colour a range in bands."""
    wanted = request.get("bandedRange", {})
    area = ranges.from_grid_range(edit.book, wanted.get("range", {}))
    check_unbanded(area)
    kept = {"bandedRangeId": free_id(edit, "bandedRanges", wanted)}
    kept |= _coloured(wanted) | {"range": ranges.echoed(area)}
    area.sheet.part("bandedRanges").append(kept)
    return {"addBanding": {"bandedRange": kept}}


def update_banding(edit: Edit, request: Json) -> Json:
    """Change a banded range's fields."""
    wanted = request.get("bandedRange", {})
    mask = required_mask(request)
    band_id = wanted.get("bandedRangeId", 0)
    sheet, at = part_with_id(edit.book, "bandedRanges", "bandedRangeId", band_id)
    old = sheet.part("bandedRanges").pop(at)
    new = masks.updated(old, with_colours(wanted), twinned(mask))
    area = ranges.from_grid_range(edit.book, new.get("range") or old["range"])
    check_unbanded(area)
    kept = {"bandedRangeId": band_id} | _coloured(new) | {"range": ranges.echoed(area)}
    area.sheet.part("bandedRanges").insert(at, kept)
    return {}


def delete_banding(edit: Edit, request: Json) -> Json:
    """Take the bands away; the cells' own formats stay."""
    wanted = request.get("bandedRangeId", 0)
    sheet, at = part_with_id(edit.book, "bandedRanges", "bandedRangeId", wanted)
    del sheet.part("bandedRanges")[at]
    return {}


def check_unbanded(area: Area) -> None:
    """Raise `Refused` where *area* touches a banded range."""
    if any(ranges.overlap(one["range"], area) for one in area.sheet.parts.get("bandedRanges", ())):
        raise bad_request(
            "You cannot add alternating background colors to a range that already has "
            "alternating background colors."
        )


def _coloured(wanted: Json) -> Json:
    if not wanted.keys() & {"rowProperties", "columnProperties"}:
        raise bad_request("Must specify at least one of rowProperties or columnProperties.")
    kept: Json = with_colours(wanted)
    return kept
