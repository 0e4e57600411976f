"""Requests about developer metadata."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.sandbox import masks
from sync.sandbox.reply import bad_request
from sync.sandbox.sheets import data_filters
from sync.sandbox.sheets.kinds.tabs import required_mask
from sync.sandbox.sheets.tags import Tag, project

if TYPE_CHECKING:
    from sync.sandbox.reply import Json
    from sync.sandbox.sheets.book import Book
    from sync.sandbox.sheets.edit import Edit

_VISIBILITIES = ("DOCUMENT", "PROJECT")
_FIELDS = ("metadataKey", "metadataValue", "visibility", "location")


def create_developer_metadata(edit: Edit, request: Json) -> Json:
    """Pin a key and a value to a place; an id may be chosen if it is free."""
    wanted = request.get("developerMetadata", {})
    metadata_id = wanted.get("metadataId") or edit.new_id()
    if metadata_id < 0:
        raise bad_request("metadataId must be positive.")
    if any(tag.body["metadataId"] == metadata_id for tag in data_filters.every_tag(edit.book)):
        raise bad_request(f"There is already developer metadata with ID {metadata_id}.")
    tag = Tag(body=_body(edit.book, metadata_id, wanted), project=project(edit.email))
    _pin(edit.book, tag)
    return {"createDeveloperMetadata": {"developerMetadata": tag.body}}


def update_developer_metadata(edit: Edit, request: Json) -> Json:
    """Change the named fields of all metadata that the filters select."""
    wanted = request.get("developerMetadata", {})
    mask = required_mask(request)
    fields: masks.Mask = {name: {} for name in _FIELDS if name in mask or "*" in mask}
    if not fields:
        raise bad_request(f"fields must name some of {', '.join(_FIELDS)}.")
    changed = []
    for tag in _selected(edit, data_filters.filters(request)):
        new = masks.updated(tag.body, wanted, fields)
        body = _body(edit.book, tag.body["metadataId"], new)
        _unpin(edit.book, tag)
        _pin(edit.book, replace(tag, body=body))
        changed.append(body)
    return {"updateDeveloperMetadata": {"developerMetadata": changed} if changed else {}}


def delete_developer_metadata(edit: Edit, request: Json) -> Json:
    """Take away all metadata that the filter selects."""
    gone = _selected(edit, [request.get("dataFilter", {})])
    for tag in gone:
        _unpin(edit.book, tag)
    deleted = {"deletedDeveloperMetadata": [tag.body for tag in gone]} if gone else {}
    return {"deleteDeveloperMetadata": deleted}


def _body(book: Book, metadata_id: int, wanted: Json) -> Json:
    if not wanted.get("metadataKey"):
        raise bad_request("Developer metadata must have a key.")
    if wanted.get("visibility") not in _VISIBILITIES:
        raise bad_request("Developer metadata must have a visibility.")
    body = {"metadataId": metadata_id, "metadataKey": wanted["metadataKey"]}
    if wanted.get("metadataValue"):
        body["metadataValue"] = wanted["metadataValue"]
    location = data_filters.located(book, wanted.get("location", {}))
    return body | {"location": location, "visibility": wanted["visibility"]}


def _selected(edit: Edit, filters: list[Json]) -> list[Tag]:
    chosen: list[Tag] = []
    for one in filters:
        found = data_filters.tags(edit.book, one, edit.email)
        chosen += [tag for tag in found if tag not in chosen]
    return chosen


def _pin(book: Book, tag: Tag) -> None:
    _home(book, tag).append(tag)


def _unpin(book: Book, tag: Tag) -> None:
    _home(book, tag).remove(tag)


def _home(book: Book, tag: Tag) -> list[Tag]:
    """Return the list that metadata at this place is kept in."""
    place = tag.location
    if "spreadsheet" in place:
        return book.metadata
    gid = place.get("dimensionRange", place).get("sheetId", 0)
    return next(sheet.metadata for sheet in book.sheets if sheet.sheet_id == gid)
